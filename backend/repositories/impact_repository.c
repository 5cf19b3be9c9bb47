#include "repositories/impact_repository.h"

#include "base/cleanup.h"
#include "repositories/query.h"
#include "repositories/self_identification_repository.h"
#include "repositories/where.h"

/* Beginning as the other figures of reports do. A row for each thing said, one with NULLs when nothing was. */
#define PEOPLE                                                                                                         \
    "SELECT s.interview_id, s.id, s.completed_at, r.overall_score, d.outcome, d.id, d.created_at, x.category, "        \
    "x.value FROM reports r JOIN interview_sessions s ON s.id = r.session_id LEFT JOIN report_sign_offs d ON "         \
    "d.report_id = r.id AND d.withdrawn_at IS NULL LEFT JOIN self_identifications x ON x.session_id = s.id"

struct people {
    struct query_rows rows; /* struct impact_person */
    struct impact_person *last;
    struct arena *a, *text;
};

static enum status add_person(struct people *p, struct db_stmt *q, struct error *err)
{
    enum status st = query_rows_add(&p->rows, sizeof *p->last, IMPACT_PEOPLE_MAX, p->a, &p->last, err);
    if (st != STATUS_OK)
        return st;
    const char *outcome = db_text(q, 4, p->text);
    int k = outcome ? choice_index(sign_off_outcome_choices, outcome) : OUTCOME_NONE;
    *p->last = (struct impact_person){
        .interview_id = db_id(q, 0),
        .session_id = db_id(q, 1),
        .completed_at = db_int(q, 2),
        .score = query_number(q, 3),
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
    if (!p->last || !id_equal(p->last->session_id, db_id(q, 1)))
        st = add_person(p, q, err);
    if (st != STATUS_OK || db_is_null(q, 7))
        return st;
    const char *category = db_text(q, 7, p->text), *value = db_text(q, 8, p->text);
    if (!category || !value)
        return arena_exhausted(err);
    self_identification_add(&p->last->said, category, value);
    return STATUS_OK;
}

enum status impact_people(struct db *db, struct id interview, struct id owner, struct arena *a, struct list *ret,
                          struct error *err)
{
    QUERY(q);
    cleanup(arena_freep) struct arena *text = arena_new(65536);
    cleanup(where_free) struct where w;
    struct people p = {.a = a, .text = text};
    bool row = false;
    where_init(&w);
    where_owner(&w, owner, "s.interview_id");
    where_plain(&w, "s.preview = 0 AND s.status = 'completed' AND r.status = 'ready'");
    where_id(&w, "s.interview_id = ?", interview);
    enum status st =
        text ? where_prepare(db, &w, PEOPLE, " ORDER BY s.interview_id, s.id", &q, NULL, err) : arena_exhausted(err);
    while (st == STATUS_OK && (st = db_step(q, &row, err)) == STATUS_OK && row)
        st = add_row(&p, q, err);
    if (st == STATUS_OK)
        *ret = (struct list){p.rows.items, p.rows.count};
    return st;
}
