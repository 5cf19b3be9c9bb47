#include "repositories/statistics_repository.h"

#include "base/cleanup.h"
#include "models/job.h"
#include "models/user.h"
#include "repositories/query.h"

#define JOB_COUNTS_MAX 128

/* One row of n integers. */
static enum status integers(struct db *db, const char *sql, int64_t *const ret[], int n, struct error *err)
{
    QUERY(q);
    bool row = false;
    enum status st = db_prepare(db, sql, &q, err);
    if (st == STATUS_OK)
        st = db_step(q, &row, err);
    if (st == STATUS_OK && !row)
        st = query_not_found(err);
    for (int i = 0; st == STATUS_OK && i < n; i++)
        *ret[i] = db_int(q, i);
    return st;
}

enum status statistics_users(struct db *db, struct user_counts *ret, struct error *err)
{
    QUERY(q);
    cleanup(arena_freep) struct arena *a = arena_new(1u << 16);
    struct user_counts c = {0};
    bool row = false;
    int64_t *const by_role[] = {&c.admin, &c.recruiter, &c.reviewer};
    enum status st = a ? db_prepare(db, "SELECT role, is_active, COUNT(*) FROM users GROUP BY role, is_active", &q, err)
                       : arena_exhausted(err);
    while (st == STATUS_OK && (st = db_step(q, &row, err)) == STATUS_OK && row) {
        const char *role = db_text(q, 0, a);
        int i = role ? choice_index(role_choices, role) : -1;
        if (i >= 0)
            *by_role[i] += db_int(q, 2);
        if (!db_int(q, 1))
            c.disabled += db_int(q, 2);
    }
    if (st == STATUS_OK)
        *ret = c;
    return st;
}

enum status statistics_interviews(struct db *db, struct interview_counts *ret, struct error *err)
{
    int64_t *const into[] = {&ret->draft, &ret->open, &ret->closed, &ret->archived};
    return integers(db,
                    "SELECT (SELECT COUNT(*) FROM interview_configs WHERE status = 'draft'), "
                    "(SELECT COUNT(*) FROM interview_configs WHERE status = 'open'), "
                    "(SELECT COUNT(*) FROM interview_configs WHERE status = 'closed'), "
                    "(SELECT COUNT(*) FROM interview_configs WHERE archived_at > 0)",
                    into, 4, err);
}

enum status statistics_sessions(struct db *db, struct session_counts *ret, struct error *err)
{
    int64_t *const into[] = {&ret->registered, &ret->in_progress, &ret->completed, &ret->withdrawn};
    return integers(db,
                    "SELECT (SELECT COUNT(*) FROM interview_sessions WHERE status = 'registered' AND preview = 0), "
                    "(SELECT COUNT(*) FROM interview_sessions WHERE status = 'in_progress' AND preview = 0), "
                    "(SELECT COUNT(*) FROM interview_sessions WHERE status = 'completed' AND preview = 0), "
                    "(SELECT COUNT(*) FROM interview_sessions WHERE status = 'withdrawn' AND preview = 0)",
                    into, 4, err);
}

enum status statistics_reports(struct db *db, struct report_counts *ret, struct error *err)
{
    int64_t *const into[] = {&ret->pending, &ret->ready, &ret->failed};
    return integers(db,
                    "SELECT (SELECT COUNT(*) FROM reports WHERE status = 'pending'), "
                    "(SELECT COUNT(*) FROM reports WHERE status = 'ready'), "
                    "(SELECT COUNT(*) FROM reports WHERE status = 'failed')",
                    into, 3, err);
}

/* --------------------------------------------------------------------------------------------------------------------
 * days */

/* A day is told by its midnight: what is left when the time of day is taken away. Both engines divide like that. */
#define PER_DAY(time, where)                                                                                           \
    "SELECT " time " - " time " % 86400000, COUNT(*) FROM interview_sessions WHERE " where time                        \
    " >= ? AND preview = 0 GROUP BY " time " - " time " % 86400000"

static const struct {
    const char *sql;
    size_t offset;
} per_day[] = {
    {PER_DAY("created_at", ""), offsetof(struct day_counts, registered)},
    {PER_DAY("started_at", ""), offsetof(struct day_counts, started)},
    {PER_DAY("completed_at", ""), offsetof(struct day_counts, completed)},
    {PER_DAY("updated_at", "status = 'withdrawn' AND "), offsetof(struct day_counts, withdrawn)},
    {"SELECT r.updated_at - r.updated_at % 86400000, COUNT(*) FROM reports r JOIN interview_sessions s "
     "ON s.id = r.session_id WHERE r.status = 'ready' AND r.updated_at >= ? AND s.preview = 0 "
     "GROUP BY r.updated_at - r.updated_at % 86400000",
     offsetof(struct day_counts, reports_ready)},
};

static enum status one_kind(struct db *db, const char *sql, size_t offset, int64_t first, struct day_counts *days,
                            size_t n, struct error *err)
{
    QUERY(q);
    bool row = false;
    enum status st = db_prepare(db, sql, &q, err);
    if (st != STATUS_OK)
        return st;
    db_bind_int(q, 1, first);
    while ((st = db_step(q, &row, err)) == STATUS_OK && row) {
        int64_t day = (db_int(q, 0) - first) / STATISTICS_DAY_MS;
        if (day >= 0 && (size_t)day < n)
            *(int64_t *)(void *)((char *)&days[day] + offset) += db_int(q, 1);
    }
    return st;
}

enum status statistics_days(struct db *db, int64_t first, struct day_counts *days, size_t n, struct error *err)
{
    enum status st = STATUS_OK;
    for (size_t i = 0; st == STATUS_OK && i < sizeof per_day / sizeof per_day[0]; i++)
        st = one_kind(db, per_day[i].sql, per_day[i].offset, first, days, n, err);
    return st;
}

/* ---------------------------------------------------------------------------------------------------------------------
 * storage, queue */

enum status statistics_storage(struct db *db, struct storage_figures *ret, struct error *err)
{
    int64_t *const recordings[] = {&ret->recordings, &ret->recording_bytes};
    int64_t *const resumes[] = {&ret->resumes, &ret->resume_bytes};
    int64_t *const size[] = {&ret->database_bytes};
    const char *sql =
        db_engine(db) == DB_SQLITE
            ? "SELECT page_count * page_size FROM pragma_page_count(), pragma_page_size()"
            : "SELECT COALESCE(SUM(data_length + index_length), 0) FROM information_schema.tables WHERE table_schema = "
              "DATABASE()";
    enum status st =
        integers(db, "SELECT COUNT(*), COALESCE(SUM(bytes), 0) FROM recording_segments", recordings, 2, err);
    if (st == STATUS_OK)
        st = integers(db, "SELECT COUNT(*), COALESCE(SUM(bytes), 0) FROM resumes", resumes, 2, err);
    return st == STATUS_OK ? integers(db, sql, size, 1, err) : st;
}

static enum status count_jobs(struct db *db, struct arena *a, struct queue_figures *f, struct error *err)
{
    QUERY(q);
    bool row = false;
    size_t n = 0;
    struct job_count *items = arena_array(a, JOB_COUNTS_MAX, sizeof *items);
    if (!items)
        return arena_exhausted(err);
    enum status st =
        db_prepare(db, "SELECT kind, state, COUNT(*) FROM jobs GROUP BY kind, state ORDER BY kind, state", &q, err);
    while (st == STATUS_OK && n < JOB_COUNTS_MAX && (st = db_step(q, &row, err)) == STATUS_OK && row) {
        const char *state = db_text(q, 1, a);
        struct job_count c = {.kind = db_text(q, 0, a), .count = db_int(q, 2)};
        if (!state || !c.kind)
            return arena_exhausted(err);
        c.state = choice_index(job_state_choices, state);
        if (c.state == JOB_FAILED)
            f->failed += c.count;
        items[n++] = c;
    }
    f->jobs = (struct list){items, n};
    return st;
}

static enum status last_failed(struct db *db, struct arena *a, struct queue_figures *f, struct error *err)
{
    QUERY(q);
    bool row = false;
    enum status st = db_prepare(db,
                                "SELECT kind, last_error, updated_at FROM jobs WHERE state = 'failed' "
                                "ORDER BY updated_at DESC LIMIT 1",
                                &q, err);
    if (st == STATUS_OK)
        st = db_step(q, &row, err);
    if (st != STATUS_OK || !row)
        return st;
    f->last_failed_kind = db_text(q, 0, a);
    f->last_error = db_text(q, 1, a);
    f->last_failed_at = db_int(q, 2);
    return STATUS_OK;
}

static enum status oldest_waiting(struct db *db, int64_t now, struct queue_figures *f, struct error *err)
{
    QUERY(q);
    int64_t due = 0;
    enum status st = db_prepare(
        db, "SELECT COALESCE(MIN(run_after), 0) FROM jobs WHERE state = 'queued' AND run_after <= ?", &q, err);
    if (st != STATUS_OK)
        return st;
    db_bind_int(q, 1, now);
    st = query_int(q, &due, err);
    if (st == STATUS_OK)
        f->oldest_waiting_s = due ? (now - due) / 1000 : 0;
    return st;
}

enum status statistics_queue(struct db *db, int64_t now, struct arena *a, struct queue_figures *ret, struct error *err)
{
    struct queue_figures f = {0};
    enum status st = count_jobs(db, a, &f, err);
    if (st == STATUS_OK)
        st = last_failed(db, a, &f, err);
    if (st == STATUS_OK)
        st = oldest_waiting(db, now, &f, err);
    if (st == STATUS_OK)
        *ret = f;
    return st;
}
