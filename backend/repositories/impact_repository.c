#include "repositories/impact_repository.h"

#include "base/cleanup.h"
#include "repositories/query.h"
#include "repositories/self_identification_repository.h"
#include "repositories/where.h"

#include <math.h>
#include <string.h>

/* Beginning as the other figures of reports do. A row for each thing said, one with NULLs when nothing was. */
#define PEOPLE                                                                                                         \
    "SELECT s.interview_id, s.id, s.completed_at, r.overall_score, d.outcome, d.id, d.created_at, x.category, "        \
    "x.value FROM reports r JOIN interview_sessions s ON s.id = r.session_id LEFT JOIN report_sign_offs d ON "         \
    "d.report_id = r.id AND d.withdrawn_at IS NULL LEFT JOIN self_identifications x ON x.session_id = s.id"

struct people {
    struct impact_person *items;
    size_t n, room;
    struct arena *a, *text;
};

static enum status grow(struct people *p, struct error *err)
{
    if (p->n == IMPACT_PEOPLE_MAX)
        return error_set(err, STATUS_TOO_LARGE, "too_many", NULL, "There are more than %d people. Choose an interview",
                         IMPACT_PEOPLE_MAX);
    if (p->n < p->room)
        return STATUS_OK;
    size_t room = p->room ? p->room * 2 : 256;
    struct impact_person *more = arena_array(p->a, room, sizeof *more);
    if (!more)
        return arena_exhausted(err);
    if (p->n)
        memcpy(more, p->items, p->n * sizeof *more);
    p->items = more;
    p->room = room;
    return STATUS_OK;
}

static enum status add_person(struct people *p, struct db_stmt *q, struct error *err)
{
    enum status st = grow(p, err);
    if (st != STATUS_OK)
        return st;
    const char *outcome = db_is_null(q, 4) ? NULL : db_text(q, 4, p->text);
    int k = outcome ? choice_index(sign_off_outcome_choices, outcome) : OUTCOME_NONE;
    p->items[p->n++] = (struct impact_person){
        .interview_id = db_id(q, 0),
        .session_id = db_id(q, 1),
        .completed_at = db_int(q, 2),
        .score = db_is_null(q, 3) ? NAN : db_number(q, 3),
        .outcome = k < 0 ? OUTCOME_NONE : k,
        .sign_off_id = db_id(q, 5),
        .decided_at = db_int(q, 6),
    };
    return STATUS_OK;
}

static enum status add_row(struct people *p, struct db_stmt *q, struct error *err)
{
    enum status st = STATUS_OK;
    arena_reset(p->text);
    if (p->n == 0 || !id_equal(p->items[p->n - 1].session_id, db_id(q, 1)))
        st = add_person(p, q, err);
    if (st != STATUS_OK || db_is_null(q, 7))
        return st;
    const char *category = db_text(q, 7, p->text), *value = db_text(q, 8, p->text);
    if (!category || !value)
        return arena_exhausted(err);
    self_identification_add(&p->items[p->n - 1].said, category, value);
    return STATUS_OK;
}

static enum status read_people(struct db_stmt *q, struct people *p, struct error *err)
{
    enum status st = STATUS_OK;
    bool row = false;
    while (st == STATUS_OK && (st = db_step(q, &row, err)) == STATUS_OK && row)
        st = add_row(p, q, err);
    return st;
}

enum status impact_people(struct db *db, struct id interview, struct id owner, struct arena *a, struct list *ret,
                          struct error *err)
{
    QUERY(q);
    cleanup(arena_freep) struct arena *text = arena_new(65536);
    cleanup(where_free) struct where w;
    cleanup(buf_free) struct buf b;
    struct people p = {.a = a, .text = text};
    where_init(&w);
    where_owner(&w, owner, "s.interview_id");
    where_plain(&w, "s.preview = 0 AND s.status = 'completed' AND r.status = 'ready'");
    where_id(&w, "s.interview_id = ?", interview);
    buf_init(&b, 8192);
    buf_printf(&b, PEOPLE "%s%s ORDER BY s.interview_id, s.id", where_join(&w), where_sql(&w));
    enum status st = text && buf_ok(&b) ? db_prepare(db, buf_cstr(&b), &q, err) : arena_exhausted(err);
    if (st != STATUS_OK)
        return st;
    where_bind(&w, q);
    st = read_people(q, &p, err);
    if (st == STATUS_OK)
        *ret = (struct list){p.items, p.n};
    return st;
}
