#include "repositories/report_repository.h"

#include "base/cleanup.h"
#include "repositories/query.h"

#include <math.h>
#include <string.h>

#define ARENA_MAX (64u << 20)

static enum status find(struct db *db, const char *where, struct id id, struct arena *a, struct report **ret,
                        struct error *err)
{
    struct report *r = NULL;
    enum status st = query_by_id(db, &report_model, "reports", where, id, a, &r, err);
    if (st != STATUS_OK)
        return st;
    struct report_question *q = r->questions.items;
    for (size_t i = 0; i < r->questions.count; i++)
        report_question_fill(&q[i]);
    r->latest_version = r->version;
    *ret = r;
    return STATUS_OK;
}

enum status report_find(struct db *db, struct id session, struct arena *a, struct report **ret, struct error *err)
{
    return find(db, "WHERE session_id = ?", session, a, ret, err);
}

enum status report_find_by_id(struct db *db, struct id id, struct arena *a, struct report **ret, struct error *err)
{
    return find(db, "WHERE id = ?", id, a, ret, err);
}

/* The one conflict an insert can meet after the update found nothing, inside one transaction: the session is gone. */
static enum status insert_report(struct db *db, const struct report *r, struct error *err)
{
    enum status st = row_insert(db, "reports", &report_model, r, err);
    return st == STATUS_CONFLICT ? query_not_found(err) : st;
}

static enum status ask_again(struct db *db, struct id session, enum report_next why, int64_t now, int64_t *n,
                             struct error *err)
{
    QUERY(q);
    enum status st = db_prepare(db,
                                "UPDATE reports SET status = 'pending', next_reason = ?, asks = asks + 1, "
                                "error = NULL, updated_at = ? WHERE session_id = ?",
                                &q, err);
    if (st != STATUS_OK)
        return st;
    db_bind_text(q, 1, choice_value(report_next_choices, (int)why));
    db_bind_time(q, 2, now);
    db_bind_id(q, 3, session);
    return db_run(q, n, err);
}

enum status report_request(struct db *db, struct id session, enum report_next why, int64_t now, struct error *err)
{
    cleanup(db_txn_end) struct db_txn t = {0};
    int64_t n = 0;
    enum status st = db_begin_locking(db, &t, err);
    if (st == STATUS_OK)
        st = query_lock_row(db, "interview_sessions", session, err);
    if (st == STATUS_OK)
        st = ask_again(db, session, why, now, &n, err);
    if (st == STATUS_OK && n == 0) {
        const struct report r = {
            .id = id_new(),
            .session_id = session,
            .status = REPORT_PENDING,
            .overall_score = NAN,
            .summary = "",
            .scorer_version = "",
            .next_reason = (int)why,
            .created_at = now,
            .updated_at = now,
        };
        st = insert_report(db, &r, err);
    }
    return st == STATUS_OK ? db_commit(&t, err) : st;
}

static enum status sessions_with_report(struct db *db, struct id interview, struct arena *a, struct list *ret,
                                        struct error *err)
{
    QUERY(q);
    bool row = false;
    struct query_rows rows = {0};
    enum status st = db_prepare(db,
                                "SELECT r.session_id FROM interview_sessions s JOIN reports r ON r.session_id = "
                                "s.id WHERE s.interview_id = ? AND s.status = 'completed' ORDER BY s.id",
                                &q, err);
    if (st != STATUS_OK)
        return st;
    db_bind_id(q, 1, interview);
    while (st == STATUS_OK && (st = db_step(q, &row, err)) == STATUS_OK && row) {
        struct id *id = NULL;
        st = query_rows_add(&rows, sizeof *id, SIZE_MAX, a, &id, err);
        if (st == STATUS_OK)
            *id = db_id(q, 0);
    }
    if (st == STATUS_OK)
        *ret = (struct list){rows.items, rows.count};
    return st;
}

static enum status ask_by_itself(struct db *db, struct id session, int64_t now, struct error *err)
{
    QUERY(q);
    enum status st = db_prepare(db,
                                "UPDATE reports SET next_reason = CASE next_reason WHEN 'none' THEN 'rubric_changed' "
                                "ELSE next_reason END, asks = asks + 1, updated_at = ? WHERE session_id = ?",
                                &q, err);
    if (st != STATUS_OK)
        return st;
    db_bind_time(q, 1, now);
    db_bind_id(q, 2, session);
    return db_run(q, NULL, err);
}

enum status report_request_all(struct db *db, struct id interview, int64_t now, struct arena *a, struct list *ret,
                               struct error *err)
{
    cleanup(db_txn_end) struct db_txn t = {0};
    struct list sessions = {0};
    enum status st = db_begin(db, &t, err);
    if (st == STATUS_OK)
        st = sessions_with_report(db, interview, a, &sessions, err);
    const struct id *ids = sessions.items;
    for (size_t i = 0; st == STATUS_OK && i < sessions.count; i++)
        st = ask_by_itself(db, ids[i], now, err);
    if (st == STATUS_OK)
        st = db_commit(&t, err);
    if (st == STATUS_OK)
        *ret = sessions;
    return st;
}

enum status report_touch(struct db *db, struct id id, int64_t now, struct error *err)
{
    QUERY(q);
    enum status st = db_prepare(
        db, "UPDATE reports SET updated_at = CASE WHEN updated_at < ? THEN ? ELSE updated_at + 1 END WHERE id = ?", &q,
        err);
    if (st != STATUS_OK)
        return st;
    db_bind_time(q, 1, now);
    db_bind_time(q, 2, now);
    db_bind_id(q, 3, id);
    return query_change(q, err);
}

/* ---------------------------------------------------------------------------------------------------------------------
 * storing */

/* A report as it is kept: what could not be read back is not stored, for a report must not become unreadable. */
static enum status column_json(const char *name, const void *member, void *again, struct arena *a, const char **ret,
                               struct error *err)
{
    const struct field *f = model_field(&report_model, name);
    enum status st = row_json(f, member, a, ret, err);
    return st == STATUS_OK && *ret ? row_json_read(f, *ret, a, again, err) : st;
}

struct kept {
    const char *questions, *content; /* JSON; content NULL: none */
};

static enum status keep(const struct report *r, struct arena *a, struct kept *ret, struct error *err)
{
    struct list questions;
    void *content = NULL;
    enum status st = column_json("questions", &r->questions, &questions, a, &ret->questions, err);
    return st == STATUS_OK && r->content ? column_json("content", &r->content, &content, a, &ret->content, err) : st;
}

static enum status set_content(struct db *db, const struct report *r, const struct kept *k, int64_t now,
                               struct error *err)
{
    QUERY(q);
    enum status st = db_prepare(db,
                                "UPDATE reports SET status = 'ready', overall_score = ?, summary = ?, questions = ?, "
                                "content = ?, scorer_version = ?, error = NULL, version = ?, reason = ?, "
                                "next_reason = 'none', made_at = ?, updated_at = ? WHERE session_id = ?",
                                &q, err);
    if (st != STATUS_OK)
        return st;
    db_bind_number(q, 1, r->overall_score);
    db_bind_text(q, 2, r->summary);
    db_bind_text(q, 3, k->questions);
    db_bind_text(q, 4, k->content);
    db_bind_text(q, 5, r->scorer_version);
    db_bind_int(q, 6, r->version);
    db_bind_text(q, 7, choice_value(report_reason_choices, r->reason));
    db_bind_time(q, 8, now);
    db_bind_time(q, 9, now);
    db_bind_id(q, 10, r->session_id);
    return query_change(q, err);
}

/* What stands becomes an earlier version. */
static enum status put_away(struct db *db, struct id report, struct error *err)
{
    QUERY(q);
    enum status st = db_prepare(db,
                                "INSERT INTO report_versions (report_id, version, reason, overall_score, summary, "
                                "questions, content, scorer_version, made_at) SELECT id, version, reason, "
                                "overall_score, summary, questions, content, scorer_version, made_at FROM reports "
                                "WHERE id = ? AND version > 0",
                                &q, err);
    if (st != STATUS_OK)
        return st;
    db_bind_id(q, 1, report);
    return db_run(q, NULL, err);
}

/* Whether the same stands there already, to the last byte. */
static enum status same_as_before(const struct report *there, const struct report *r, const struct kept *k,
                                  struct arena *a, bool *ret, struct error *err)
{
    struct kept before = {0};
    enum status st = there->version > 0 ? keep(there, a, &before, err) : STATUS_OK;
    *ret = st == STATUS_OK && there->version > 0 && !strcmp(before.questions, k->questions) &&
           !strcmp(before.content ? before.content : "", k->content ? k->content : "") &&
           !strcmp(there->summary, r->summary) && !strcmp(there->scorer_version, r->scorer_version);
    return st;
}

/* Only when nothing is being made any more, and nothing failed. */
static enum status stay(struct db *db, struct id session, int64_t now, struct error *err)
{
    QUERY(q);
    enum status st = db_prepare(db,
                                "UPDATE reports SET status = 'ready', next_reason = 'none', error = NULL, "
                                "updated_at = ? WHERE session_id = ?",
                                &q, err);
    if (st != STATUS_OK)
        return st;
    db_bind_time(q, 1, now);
    db_bind_id(q, 2, session);
    return query_change(q, err);
}

static enum status replace(struct db *db, const struct report *there, const struct report *r, const struct kept *k,
                           int64_t now, struct arena *a, struct error *err)
{
    struct report next = *r;
    bool same = false;
    if (there->asks != r->asks)
        return error_set(err, STATUS_CONFLICT, "report_outdated", NULL, "Another report was asked for meanwhile.");
    const bool by_itself =
        there->next_reason == REPORT_NEXT_RUBRIC_CHANGED || there->next_reason == REPORT_NEXT_COMPLETED;
    enum status st = by_itself ? same_as_before(there, r, k, a, &same, err) : STATUS_OK;
    if (st == STATUS_OK && same)
        return stay(db, r->session_id, now, err);
    next.version = there->version + 1;
    next.reason = there->next_reason == REPORT_NEXT_NONE ? REPORT_REQUESTED : there->next_reason - 1;
    if (st == STATUS_OK)
        st = put_away(db, there->id, err);
    return st == STATUS_OK ? set_content(db, &next, k, now, err) : st;
}

static enum status insert_ready(struct db *db, const struct report *r, int64_t now, struct error *err)
{
    struct report row = *r;
    row.id = id_new();
    row.status = REPORT_READY;
    row.error = NULL;
    row.version = 1;
    row.created_at = row.updated_at = row.made_at = now;
    return insert_report(db, &row, err);
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
    struct report *there = NULL;
    struct kept k = {0};
    enum status st = a ? keep(r, a, &k, err) : arena_exhausted(err);
    if (st == STATUS_OK)
        st = db_begin_locking(db, &t, err);
    if (st == STATUS_OK)
        st = query_lock_row(db, "interview_sessions", r->session_id, err);
    if (st != STATUS_OK)
        return st;
    st = report_find(db, r->session_id, a, &there, err);
    if (st == STATUS_NOT_FOUND)
        st = insert_ready(db, r, now, err);
    else if (st == STATUS_OK)
        st = replace(db, there, r, &k, now, a, err);
    if (st == STATUS_OK)
        st = store_scores(db, r, err);
    return st == STATUS_OK ? db_commit(&t, err) : st;
}

enum status report_continue(struct db *db, struct id session, int64_t now, struct error *err)
{
    QUERY(q);
    enum status st = db_prepare(
        db,
        "UPDATE reports SET next_reason = 'completed', asks = asks + 1, updated_at = ? WHERE session_id = ? AND "
        "next_reason = 'none'",
        &q, err);
    if (st != STATUS_OK)
        return st;
    db_bind_time(q, 1, now);
    db_bind_id(q, 2, session);
    return query_change(q, err);
}

enum status report_failed(struct db *db, struct id session, const char *error, int64_t now, struct error *err)
{
    QUERY(q);
    enum status st = db_prepare(
        db,
        "UPDATE reports SET status = 'failed', next_reason = 'none', error = ?, updated_at = ? WHERE session_id = ?",
        &q, err);
    if (st != STATUS_OK)
        return st;
    db_bind_text(q, 1, error);
    db_bind_time(q, 2, now);
    db_bind_id(q, 3, session);
    return query_change(q, err);
}
