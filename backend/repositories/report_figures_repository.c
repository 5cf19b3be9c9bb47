#include "repositories/report_figures_repository.h"

#include "base/cleanup.h"
#include "repositories/query.h"
#include "repositories/where.h"

#include <string.h>

#define FROM "reports r JOIN interview_sessions s ON s.id = r.session_id"

enum status figures_scores(struct db *db, const struct report_filter *f, struct arena *a, struct list *ret,
                           struct error *err)
{
    QUERY(q);
    cleanup(where_free) struct where w;
    struct query_rows rows = {0};
    const char *version = "";
    bool row = false;
    report_conditions(&w, f);
    where_plain(&w, "r.status = 'ready' AND r.overall_score IS NOT NULL AND s.completed_at IS NOT NULL");
    enum status st = where_prepare(db, &w, "SELECT s.completed_at, r.overall_score, r.scorer_version FROM " FROM,
                                   " ORDER BY s.completed_at, s.id", &q, NULL, err);
    while (st == STATUS_OK && (st = db_step(q, &row, err)) == STATUS_OK && row) {
        struct scored_report *r = NULL;
        const char *its = db_text(q, 2, a);
        st = its ? query_rows_add(&rows, sizeof *r, FIGURES_MAX, a, &r, err) : arena_exhausted(err);
        if (st != STATUS_OK)
            break;
        version = strcmp(version, its) == 0 ? version : its;
        *r = (struct scored_report){.completed_at = db_int(q, 0), .score = db_number(q, 1), .scorer_version = version};
    }
    if (st == STATUS_OK)
        *ret = (struct list){rows.items, rows.count};
    return st;
}

enum status figures_levels(struct db *db, const struct report_filter *f, struct arena *a, struct list *ret,
                           struct error *err)
{
    QUERY(q);
    cleanup(where_free) struct where w;
    struct query_rows rows = {0};
    bool row = false;
    report_conditions(&w, f);
    enum status st =
        where_prepare(db, &w,
                      "SELECT o.response_id, o.author_id, o.level, o.machine_score, p.competency FROM " FROM
                      " JOIN score_overrides o ON o.report_id = r.id JOIN responses p ON p.id = o.response_id",
                      " ORDER BY o.response_id, o.id", &q, NULL, err);
    while (st == STATUS_OK && (st = db_step(q, &row, err)) == STATUS_OK && row) {
        struct set_level *x = NULL;
        const char *competency = db_text(q, 4, a);
        st = competency ? query_rows_add(&rows, sizeof *x, FIGURES_MAX, a, &x, err) : arena_exhausted(err);
        if (st == STATUS_OK)
            *x = (struct set_level){.answer_id = db_id(q, 0),
                                    .author_id = db_id(q, 1),
                                    .level = query_number(q, 2),
                                    .machine_score = query_number(q, 3),
                                    .competency = competency};
    }
    if (st == STATUS_OK)
        *ret = (struct list){rows.items, rows.count};
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
        where_prepare(db, &w,
                      "SELECT COUNT(*) FROM " FROM
                      " JOIN report_sign_offs d ON d.report_id = r.id JOIN responses p ON p.session_id = s.id",
                      "", &q, NULL, err);
    return st == STATUS_OK ? query_int(q, ret, err) : st;
}
