#include "repositories/report_figures_repository.h"

#include "base/cleanup.h"
#include "repositories/query.h"
#include "repositories/where.h"

#include <math.h>
#include <string.h>

#define FROM "reports r JOIN interview_sessions s ON s.id = r.session_id"

/* An array that grows in an arena. */
struct rows {
    void *items;
    size_t n, room;
};

static enum status grow(struct rows *x, size_t size, struct arena *a, struct error *err)
{
    if (x->n == FIGURES_MAX)
        return error_set(err, STATUS_TOO_LARGE, "too_many", NULL,
                         "There is more than can be counted. Narrow the filter");
    if (x->n < x->room)
        return STATUS_OK;
    size_t room = x->room ? x->room * 2 : 256;
    void *more = arena_array(a, room, size);
    if (!more)
        return arena_exhausted(err);
    if (x->n)
        memcpy(more, x->items, x->n * size);
    x->items = more;
    x->room = room;
    return STATUS_OK;
}

static enum status prepare(struct db *db, struct where *w, const char *select, const char *joins, const char *tail,
                           struct db_stmt **ret, struct error *err)
{
    cleanup(buf_free) struct buf b;
    buf_init(&b, 16384);
    buf_printf(&b, "%s FROM " FROM "%s%s%s %s", select, joins, where_join(w), where_sql(w), tail);
    enum status st = buf_ok(&b) ? db_prepare(db, buf_cstr(&b), ret, err) : arena_exhausted(err);
    if (st == STATUS_OK)
        where_bind(w, *ret);
    return st;
}

static double number_or_none(struct db_stmt *q, int column)
{
    return db_is_null(q, column) ? NAN : db_number(q, column);
}

enum status figures_scores(struct db *db, const struct report_filter *f, struct arena *a, struct list *ret,
                           struct error *err)
{
    QUERY(q);
    cleanup(where_free) struct where w;
    struct rows rows = {0};
    const char *version = "";
    bool row = false;
    report_conditions(&w, f);
    where_plain(&w, "r.status = 'ready' AND r.overall_score IS NOT NULL AND s.completed_at IS NOT NULL");
    enum status st = prepare(db, &w, "SELECT s.completed_at, r.overall_score, r.scorer_version", "",
                             "ORDER BY s.completed_at, s.id", &q, err);
    while (st == STATUS_OK && (st = db_step(q, &row, err)) == STATUS_OK && row) {
        st = grow(&rows, sizeof(struct scored_report), a, err);
        const char *its = st == STATUS_OK ? db_text(q, 2, a) : NULL;
        if (st == STATUS_OK && !its)
            st = arena_exhausted(err);
        if (st != STATUS_OK)
            break;
        version = strcmp(version, its) == 0 ? version : its;
        ((struct scored_report *)rows.items)[rows.n++] =
            (struct scored_report){.completed_at = db_int(q, 0), .score = db_number(q, 1), .scorer_version = version};
    }
    if (st == STATUS_OK)
        *ret = (struct list){rows.items, rows.n};
    return st;
}

enum status figures_levels(struct db *db, const struct report_filter *f, struct arena *a, struct list *ret,
                           struct error *err)
{
    QUERY(q);
    cleanup(where_free) struct where w;
    struct rows rows = {0};
    bool row = false;
    report_conditions(&w, f);
    enum status st = prepare(db, &w, "SELECT o.response_id, o.author_id, o.level, o.machine_score, p.competency",
                             " JOIN score_overrides o ON o.report_id = r.id JOIN responses p ON p.id = o.response_id",
                             "ORDER BY o.response_id, o.id", &q, err);
    while (st == STATUS_OK && (st = db_step(q, &row, err)) == STATUS_OK && row) {
        st = grow(&rows, sizeof(struct set_level), a, err);
        const char *competency = st == STATUS_OK ? db_text(q, 4, a) : NULL;
        if (st == STATUS_OK && !competency)
            st = arena_exhausted(err);
        if (st != STATUS_OK)
            break;
        ((struct set_level *)rows.items)[rows.n++] = (struct set_level){.answer_id = db_id(q, 0),
                                                                        .author_id = db_id(q, 1),
                                                                        .level = number_or_none(q, 2),
                                                                        .machine_score = number_or_none(q, 3),
                                                                        .competency = competency};
    }
    if (st == STATUS_OK)
        *ret = (struct list){rows.items, rows.n};
    return st;
}

enum status figures_left_as_is(struct db *db, const struct report_filter *f, int64_t *ret, struct error *err)
{
    QUERY(q);
    cleanup(where_free) struct where w;
    report_conditions(&w, f);
    where_plain(&w, "d.withdrawn_at IS NULL AND d.version = r.version AND p.score IS NOT NULL");
    where_plain(&w, "COALESCE((SELECT o.level FROM score_overrides o WHERE o.response_id = p.id ORDER BY o.id DESC "
                    "LIMIT 1), 0) = 0");
    enum status st =
        prepare(db, &w, "SELECT COUNT(*)",
                " JOIN report_sign_offs d ON d.report_id = r.id JOIN responses p ON p.session_id = s.id", "", &q, err);
    return st == STATUS_OK ? query_int(q, ret, err) : st;
}
