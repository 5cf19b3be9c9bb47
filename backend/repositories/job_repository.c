#include "repositories/job_repository.h"

#include "base/cleanup.h"
#include "repositories/query.h"

#include <string.h>

#define BACKOFF_FIRST_MS 1000
#define BACKOFF_MOST_MS  300000

enum status job_find(struct db *db, struct id id, struct arena *a, struct job **ret, struct error *err)
{
    return query_by_id(db, &job_model, "jobs", "WHERE id = ?", id, a, ret, err);
}

/* It may have read what it works on already: a due time after its claim makes job_complete queue it anew. */
static enum status run_again(struct db *db, const struct job *j, struct error *err)
{
    QUERY(q);
    enum status st = db_prepare(db,
                                "UPDATE jobs SET run_after = CASE WHEN updated_at < ? THEN ? ELSE updated_at + 1 END "
                                "WHERE kind = ? AND subject_id = ? AND state = 'running'",
                                &q, err);
    if (st != STATUS_OK)
        return st;
    db_bind_int(q, 1, j->run_after);
    db_bind_int(q, 2, j->run_after);
    db_bind_text(q, 3, j->kind);
    db_bind_id(q, 4, j->subject_id);
    return db_run(q, NULL, err);
}

static enum status enqueue(struct db *db, const struct job *j, bool *queued, struct error *err)
{
    struct error why = {0};
    enum status st = row_insert(db, "jobs", &job_model, j, &why);
    bool clash = st == STATUS_CONFLICT && strcmp(why.code, "unique_violation") == 0;
    if (st != STATUS_OK && !clash) {
        if (err)
            *err = why;
        return st;
    }
    if (queued)
        *queued = st == STATUS_OK;
    return clash ? run_again(db, j, err) : STATUS_OK;
}

enum status job_enqueue(struct db *db, const char *kind, struct id subject, const char *payload, int64_t run_after,
                        int64_t max_attempts, int64_t now, bool *queued, struct error *err)
{
    const struct job j = {
        .id = id_new(),
        .kind = kind,
        .subject_id = subject,
        .payload = payload ? payload : "{}",
        .state = JOB_QUEUED,
        .max_attempts = max_attempts,
        .run_after = run_after,
        .created_at = now,
        .updated_at = now,
    };
    return enqueue(db, &j, queued, err);
}

/* Of a subject's job that waits. */
static enum status put_off(struct db *db, const struct job *j, struct error *err)
{
    QUERY(q);
    enum status st = db_prepare(db,
                                "UPDATE jobs SET run_after = ?, updated_at = ? WHERE kind = ? AND subject_id = ? AND "
                                "state = 'queued' AND priority > 0",
                                &q, err);
    if (st != STATUS_OK)
        return st;
    db_bind_int(q, 1, j->run_after);
    db_bind_time(q, 2, j->created_at);
    db_bind_text(q, 3, j->kind);
    db_bind_id(q, 4, j->subject_id);
    return db_run(q, NULL, err);
}

enum status job_enqueue_background(struct db *db, const char *kind, struct id subject, int64_t run_after,
                                   int64_t max_attempts, int64_t now, struct error *err)
{
    const struct job j = {
        .id = id_new(),
        .kind = kind,
        .subject_id = subject,
        .payload = "{}",
        .state = JOB_QUEUED,
        .max_attempts = max_attempts,
        .run_after = run_after,
        .priority = JOB_BACKGROUND,
        .created_at = now,
        .updated_at = now,
    };
    bool queued = false;
    enum status st = enqueue(db, &j, &queued, err);
    return st == STATUS_OK && !queued ? put_off(db, &j, err) : st;
}

enum status job_hurry(struct db *db, const char *kind, struct id subject, int64_t now, struct error *err)
{
    QUERY(q);
    enum status st = db_prepare(db,
                                "UPDATE jobs SET priority = 0, run_after = ?, updated_at = ? WHERE kind = ? AND "
                                "subject_id = ? AND state = 'queued' AND priority > 0",
                                &q, err);
    if (st != STATUS_OK)
        return st;
    db_bind_int(q, 1, now);
    db_bind_time(q, 2, now);
    db_bind_text(q, 3, kind);
    db_bind_id(q, 4, subject);
    return db_run(q, NULL, err);
}

/* ------------------------------------------------------------------------------------------------------------------
 * claiming */

/* The condition, with a parameter where the lane has a kind. */
static const char *within(const struct job_lane *lane)
{
    return !lane || !lane->kind ? "" : lane->others ? " AND kind <> ?" : " AND kind = ?";
}

static void bind_lane(struct db_stmt *q, int i, const struct job_lane *lane)
{
    if (lane && lane->kind)
        db_bind_text(q, i, lane->kind);
}

static enum status next_due(struct db *db, const struct job_lane *lane, int64_t now, struct arena *a, struct job **ret,
                            struct error *err)
{
    QUERY(q);
    struct list l = {0};
    const char *tail =
        arena_printf(a, "WHERE state = 'queued' AND run_after <= ?%s ORDER BY priority, run_after, id LIMIT 1%s",
                     within(lane), query_lock_free(db));
    enum status st = tail ? query_select(db, &job_model, "jobs", tail, &q, err) : arena_exhausted(err);
    if (st != STATUS_OK)
        return st;
    db_bind_int(q, 1, now);
    bind_lane(q, 2, lane);
    st = row_list(q, &job_model, a, &l, err);
    if (st == STATUS_OK)
        *ret = l.items; /* NULL when empty */
    return st;
}

static enum status lease(struct db *db, struct job *j, int64_t now, int64_t lease_ms, struct error *err)
{
    QUERY(q);
    enum status st =
        db_prepare(db,
                   "UPDATE jobs SET state = 'running', attempts = attempts + 1, lease_until = ?, updated_at = ? "
                   "WHERE id = ? AND state = 'queued'",
                   &q, err);
    if (st != STATUS_OK)
        return st;
    db_bind_int(q, 1, now + lease_ms);
    db_bind_time(q, 2, now);
    db_bind_id(q, 3, j->id);
    st = query_change(q, err);
    if (st == STATUS_OK) {
        j->state = JOB_RUNNING;
        j->attempts++;
        j->lease_until = now + lease_ms;
        j->updated_at = now;
    }
    return st;
}

/* Looks before it locks: an idle queue takes no write lock. Then again under the lock, where nobody else can take the
 * same. */
enum status job_claim(struct db *db, const struct job_lane *lane, int64_t now, int64_t lease_ms, struct arena *a,
                      struct job **ret, struct error *err)
{
    cleanup(db_txn_end) struct db_txn t = {0};
    struct job *j = NULL;
    enum status st = next_due(db, lane, now, a, &j, err);
    if (st == STATUS_OK && j) {
        st = db_begin_locking(db, &t, err);
        if (st == STATUS_OK)
            st = next_due(db, lane, now, a, &j, err);
        if (st == STATUS_OK && j)
            st = lease(db, j, now, lease_ms, err);
        if (st == STATUS_OK)
            st = db_commit(&t, err);
    }
    if (st == STATUS_OK)
        *ret = j;
    return st;
}

enum status job_keep(struct db *db, const struct job *j, int64_t until, struct error *err)
{
    QUERY(q);
    int64_t n = 0;
    enum status st =
        db_prepare(db, "UPDATE jobs SET lease_until = ? WHERE id = ? AND attempts = ? AND state = 'running'", &q, err);
    if (st != STATUS_OK)
        return st;
    db_bind_int(q, 1, until);
    db_bind_id(q, 2, j->id);
    db_bind_int(q, 3, j->attempts);
    return db_run(q, &n, err);
}

/* -------------------------------------------------------------------------------------------------------------------
 * outcome */

/* The attempt number tells this claim from a later one. */
static enum status run_for_attempt(struct db_stmt *q, int i, const struct job *j, struct error *err)
{
    int64_t n = 0;
    db_bind_id(q, i, j->id);
    db_bind_int(q, i + 1, j->attempts);
    enum status st = db_run(q, &n, err);
    if (st == STATUS_OK && n == 0)
        st = error_set(err, STATUS_CONFLICT, "job_lost", NULL, "The job is no longer this worker's.");
    return st;
}

enum status job_complete(struct db *db, const struct job *j, int64_t now, struct error *err)
{
    QUERY(q);
    enum status st =
        db_prepare(db,
                   "UPDATE jobs SET state = CASE WHEN run_after > ? THEN 'queued' ELSE 'done' END, "
                   "attempts = CASE WHEN run_after > ? THEN 0 ELSE attempts END, "
                   "lease_until = NULL, last_error = NULL, updated_at = ? WHERE id = ? AND attempts = ? AND "
                   "state = 'running'",
                   &q, err);
    if (st != STATUS_OK)
        return st;
    db_bind_int(q, 1, j->updated_at);
    db_bind_int(q, 2, j->updated_at);
    db_bind_time(q, 3, now);
    return run_for_attempt(q, 4, j, err);
}

static int64_t backoff(int64_t attempts)
{
    int64_t ms = BACKOFF_FIRST_MS;
    for (int64_t i = 1; i < attempts && ms < BACKOFF_MOST_MS; i++)
        ms *= 2;
    return ms < BACKOFF_MOST_MS ? ms : BACKOFF_MOST_MS;
}

enum status job_fail(struct db *db, const struct job *j, bool retry, const char *why, int64_t now, bool *final,
                     struct error *err)
{
    QUERY(q);
    bool again = retry && j->attempts < j->max_attempts;
    enum status st =
        db_prepare(db,
                   "UPDATE jobs SET state = ?, run_after = ?, lease_until = NULL, last_error = ?, updated_at = ? "
                   "WHERE id = ? AND attempts = ? AND state = 'running'",
                   &q, err);
    if (st != STATUS_OK)
        return st;
    db_bind_text(q, 1, choice_value(job_state_choices, again ? JOB_QUEUED : JOB_FAILED));
    db_bind_int(q, 2, again ? now + backoff(j->attempts) : j->run_after);
    db_bind_text(q, 3, why);
    db_bind_time(q, 4, now);
    st = run_for_attempt(q, 5, j, err);
    if (st == STATUS_OK && final)
        *final = !again;
    return st;
}

static enum status requeue(struct db *db, int64_t now, int64_t *count, struct error *err)
{
    QUERY(q);
    enum status st = db_prepare(db,
                                "UPDATE jobs SET state = 'queued', lease_until = NULL, run_after = ?, updated_at = ? "
                                "WHERE state = 'running' AND lease_until <= ?",
                                &q, err);
    if (st != STATUS_OK)
        return st;
    db_bind_int(q, 1, now);
    db_bind_time(q, 2, now);
    db_bind_int(q, 3, now);
    return db_run(q, count, err);
}

/* Looks before it locks, as job_claim does. */
enum status job_requeue_expired(struct db *db, int64_t now, int64_t *count, struct error *err)
{
    QUERY(q);
    int64_t n = 0;
    enum status st = db_prepare(db, "SELECT COUNT(*) FROM jobs WHERE state = 'running' AND lease_until <= ?", &q, err);
    if (st != STATUS_OK)
        return st;
    db_bind_int(q, 1, now);
    st = query_int(q, &n, err);
    if (st == STATUS_OK && n > 0)
        st = requeue(db, now, &n, err);
    if (st == STATUS_OK && count)
        *count = n;
    return st;
}

enum status job_next_due(struct db *db, const struct job_lane *lane, int64_t *ret, struct error *err)
{
    cleanup(arena_freep) struct arena *a = arena_new(4096);
    QUERY(q);
    bool row = false;
    const char *sql = a ? arena_printf(a,
                                       "SELECT (SELECT MIN(run_after) FROM jobs WHERE state = 'queued'%s), "
                                       "(SELECT MIN(lease_until) FROM jobs WHERE state = 'running')",
                                       within(lane))
                        : NULL;
    enum status st = sql ? db_prepare(db, sql, &q, err) : arena_exhausted(err);
    if (st == STATUS_OK) {
        bind_lane(q, 1, lane);
        st = db_step(q, &row, err);
    }
    if (st != STATUS_OK)
        return st;
    int64_t due = db_int(q, 0), lease_end = db_int(q, 1); /* 0 for NULL */
    *ret = due == 0 || (lease_end != 0 && lease_end < due) ? lease_end : due;
    return STATUS_OK;
}

enum status job_purge(struct db *db, int64_t before, int64_t *count, struct error *err)
{
    QUERY(q);
    enum status st = db_prepare(db, "DELETE FROM jobs WHERE state IN ('done', 'failed') AND updated_at < ?", &q, err);
    if (st != STATUS_OK)
        return st;
    db_bind_int(q, 1, before);
    return db_run(q, count, err);
}
