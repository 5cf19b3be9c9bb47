#include "repositories/report_repository.h"

#include "base/cleanup.h"
#include "repositories/query.h"

#include <math.h>

#define ARENA_MAX (32u << 20)

enum status report_find(struct db *db, struct id session, struct arena *a, struct report **ret, struct error *err)
{
    return query_by_id(db, &report_model, "reports", "WHERE session_id = ?", session, a, ret, err);
}

enum status report_find_by_id(struct db *db, struct id id, struct arena *a, struct report **ret, struct error *err)
{
    return query_by_id(db, &report_model, "reports", "WHERE id = ?", id, a, ret, err);
}

/* The one conflict an insert can meet after the update found nothing, inside one transaction: the session is gone. */
static enum status insert_report(struct db *db, const struct report *r, struct error *err)
{
    enum status st = row_insert(db, "reports", &report_model, r, err);
    return st == STATUS_CONFLICT ? query_not_found(err) : st;
}

enum status report_request(struct db *db, struct id session, int64_t now, struct error *err)
{
    cleanup(db_txn_end) struct db_txn t = {0};
    QUERY(q);
    int64_t n = 0;
    enum status st = db_begin_locking(db, &t, err);
    if (st == STATUS_OK)
        st = query_lock_row(db, "interview_sessions", session, err);
    if (st == STATUS_OK)
        st = db_prepare(db, "UPDATE reports SET status = 'pending', error = NULL, updated_at = ? WHERE session_id = ?",
                        &q, err);
    if (st != STATUS_OK)
        return st;
    db_bind_time(q, 1, now);
    db_bind_id(q, 2, session);
    st = db_run(q, &n, err);
    if (st == STATUS_OK && n == 0) {
        const struct report r = {
            .id = id_new(),
            .session_id = session,
            .status = REPORT_PENDING,
            .overall_score = NAN,
            .summary = "",
            .scorer_version = "",
            .created_at = now,
            .updated_at = now,
        };
        st = insert_report(db, &r, err);
    }
    return st == STATUS_OK ? db_commit(&t, err) : st;
}

static enum status update_report(struct db *db, const struct report *r, const char *questions, int64_t now, int64_t *n,
                                 struct error *err)
{
    QUERY(q);
    enum status st = db_prepare(db,
                                "UPDATE reports SET status = 'ready', overall_score = ?, summary = ?, questions = ?, "
                                "scorer_version = ?, error = NULL, updated_at = ? WHERE session_id = ?",
                                &q, err);
    if (st != STATUS_OK)
        return st;
    db_bind_number(q, 1, r->overall_score);
    db_bind_text(q, 2, r->summary);
    db_bind_text(q, 3, questions);
    db_bind_text(q, 4, r->scorer_version);
    db_bind_time(q, 5, now);
    db_bind_id(q, 6, r->session_id);
    return db_run(q, n, err);
}

/* What could not be read back is not stored: a report must not become unreadable. */
static enum status questions_json(const struct report *r, struct arena *a, const char **ret, struct error *err)
{
    const struct field *f = model_field(&report_model, "questions");
    struct list again;
    enum status st = row_json(f, &r->questions, a, ret, err);
    return st == STATUS_OK ? row_json_read(f, *ret, a, &again, err) : st;
}

/* Beside their answers, for averages. */
static enum status store_scores(struct db *db, const struct report *r, struct error *err)
{
    const struct report_question *x = r->questions.items;
    enum status st = STATUS_OK;
    for (size_t i = 0; st == STATUS_OK && i < r->questions.count; i++) {
        QUERY(q);
        st = db_prepare(db, "UPDATE responses SET score = ? WHERE id = ?", &q, err);
        if (st != STATUS_OK)
            return st;
        db_bind_number(q, 1, x[i].score);
        db_bind_id(q, 2, x[i].answer_id);
        st = db_run(q, NULL, err);
    }
    return st;
}

enum status report_store(struct db *db, const struct report *r, int64_t now, struct error *err)
{
    cleanup(arena_freep) struct arena *a = arena_new(ARENA_MAX);
    cleanup(db_txn_end) struct db_txn t = {0};
    const char *questions = NULL;
    int64_t n = 0;
    if (!a)
        return arena_exhausted(err);
    enum status st = questions_json(r, a, &questions, err);
    if (st == STATUS_OK)
        st = db_begin_locking(db, &t, err);
    if (st == STATUS_OK)
        st = query_lock_row(db, "interview_sessions", r->session_id, err);
    if (st == STATUS_OK)
        st = update_report(db, r, questions, now, &n, err);
    if (st == STATUS_OK && n == 0) {
        struct report row = *r;
        row.id = id_new();
        row.status = REPORT_READY;
        row.error = NULL;
        row.created_at = row.updated_at = now;
        st = insert_report(db, &row, err);
    }
    if (st == STATUS_OK)
        st = store_scores(db, r, err);
    return st == STATUS_OK ? db_commit(&t, err) : st;
}

enum status report_failed(struct db *db, struct id session, const char *error, int64_t now, struct error *err)
{
    QUERY(q);
    enum status st =
        db_prepare(db, "UPDATE reports SET status = 'failed', error = ?, updated_at = ? WHERE session_id = ?", &q, err);
    if (st != STATUS_OK)
        return st;
    db_bind_text(q, 1, error);
    db_bind_time(q, 2, now);
    db_bind_id(q, 3, session);
    return query_change(q, err);
}
