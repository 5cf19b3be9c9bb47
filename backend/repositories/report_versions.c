/* Earlier versions of reports, and scores beside each other (report_repository.h). */
#include "base/cleanup.h"
#include "models/report_parts.h"
#include "repositories/query.h"
#include "repositories/report_repository.h"

#include <string.h>

enum status report_at_version(struct db *db, const struct report *r, int64_t version, struct arena *a,
                              struct report **ret, struct error *err)
{
    QUERY(q);
    struct report_version *v = NULL;
    struct report *as = arena_new_of(a, struct report);
    enum status st =
        as ? query_select(db, &report_version_model, "report_versions", "WHERE report_id = ? AND version = ?", &q, err)
           : arena_exhausted(err);
    if (st != STATUS_OK)
        return st;
    db_bind_id(q, 1, r->id);
    db_bind_int(q, 2, version);
    st = query_one(q, &report_version_model, a, &v, err);
    if (st != STATUS_OK)
        return st;
    *as = *r;
    as->version = v->version;
    as->reason = v->reason;
    as->overall_score = v->overall_score;
    as->summary = v->summary;
    as->questions = v->questions;
    as->content = v->content;
    as->scorer_version = v->scorer_version;
    as->made_at = v->made_at;
    as->status = REPORT_READY;
    struct report_question *x = as->questions.items;
    for (size_t i = 0; i < as->questions.count; i++)
        report_question_fill(&x[i]);
    *ret = as;
    return STATUS_OK;
}

enum status report_editions(struct db *db, const struct report *r, struct arena *a, struct list *ret, struct error *err)
{
    QUERY(q);
    struct list before = {0};
    enum status st = db_prepare(db,
                                "SELECT version, reason, overall_score, scorer_version, made_at, 0 FROM "
                                "report_versions WHERE report_id = ? ORDER BY version DESC",
                                &q, err);
    if (st != STATUS_OK)
        return st;
    db_bind_id(q, 1, r->id);
    st = row_list(q, &report_edition_model, a, &before, err);
    struct report_edition *all = st == STATUS_OK ? arena_array(a, before.count + 1, sizeof *all) : NULL;
    if (st == STATUS_OK && !all)
        st = arena_exhausted(err);
    if (st != STATUS_OK)
        return st;
    size_t n = 0;
    if (r->version > 0)
        all[n++] = (struct report_edition){.version = r->version,
                                           .reason = r->reason,
                                           .overall_score = r->overall_score,
                                           .scorer_version = r->scorer_version,
                                           .made_at = r->made_at,
                                           .current = true};
    if (before.count)
        memcpy(all + n, before.items, before.count * sizeof *all);
    *ret = (struct list){all, n + before.count};
    return STATUS_OK;
}

#define SCORED                                                                                                         \
    " FROM interview_sessions s JOIN reports r ON r.session_id = s.id WHERE s.interview_id = ? AND "                   \
    "s.status = 'completed' AND s.preview = 0 AND r.overall_score IS NOT NULL"

enum status report_scores(struct db *db, struct id interview, struct arena *a, struct list *ret, struct error *err)
{
    QUERY(count);
    QUERY(q);
    int64_t room = 0, n = 0;
    bool row = false;
    enum status st = db_prepare(db, "SELECT COUNT(*)" SCORED, &count, err);
    if (st != STATUS_OK)
        return st;
    db_bind_id(count, 1, interview);
    st = query_int(count, &room, err);
    double *all = st == STATUS_OK ? arena_array(a, (size_t)room + 1, sizeof *all) : NULL;
    if (st == STATUS_OK)
        st = all ? db_prepare(db, "SELECT r.overall_score" SCORED " ORDER BY r.overall_score", &q, err)
                 : arena_exhausted(err);
    if (st != STATUS_OK)
        return st;
    db_bind_id(q, 1, interview);
    while (n < room && (st = db_step(q, &row, err)) == STATUS_OK && row)
        all[n++] = db_number(q, 0);
    if (st == STATUS_OK)
        *ret = (struct list){all, (size_t)n};
    return st;
}
