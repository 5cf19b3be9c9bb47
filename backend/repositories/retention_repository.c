#include "repositories/retention_repository.h"

#include "base/cleanup.h"
#include "repositories/query.h"

static enum status batch(struct db *db, const char *sql, int64_t before, struct id_batch *ret, struct error *err)
{
    QUERY(q);
    struct id_batch b = {.count = 0};
    bool row = false;
    enum status st = db_prepare(db, sql, &q, err);
    if (st != STATUS_OK)
        return st;
    db_bind_int(q, 1, before);
    db_bind_int(q, 2, RETENTION_BATCH);
    while (b.count < RETENTION_BATCH && (st = db_step(q, &row, err)) == STATUS_OK && row)
        b.ids[b.count++] = db_id(q, 0);
    if (st == STATUS_OK)
        *ret = b;
    return st;
}

enum status retention_recordings(struct db *db, int64_t completed_before, struct id_batch *ret, struct error *err)
{
    return batch(db,
                 "SELECT id FROM interview_sessions WHERE recordings_erased_at IS NULL AND completed_at < ? "
                 "ORDER BY completed_at LIMIT ?",
                 completed_before, ret, err);
}

enum status session_set_recordings_erased(struct db *db, struct id session, int64_t now, struct error *err)
{
    QUERY(q);
    enum status st = db_prepare(db,
                                "UPDATE interview_sessions SET recordings_erased_at = ? "
                                "WHERE id = ? AND recordings_erased_at IS NULL",
                                &q, err);
    if (st != STATUS_OK)
        return st;
    db_bind_int(q, 1, now);
    db_bind_id(q, 2, session);
    return query_change(q, err);
}

enum status retention_candidates(struct db *db, int64_t changed_before, struct id_batch *ret, struct error *err)
{
    return batch(db,
                 "SELECT candidate_id FROM interview_sessions "
                 "WHERE status IN ('registered', 'in_progress', 'completed', 'withdrawn') AND updated_at < ? LIMIT ?",
                 changed_before, ret, err);
}

#define OVERDUE                                                                                                        \
    "FROM interview_sessions s JOIN interview_configs i ON i.id = s.interview_id "                                     \
    "WHERE s.status = 'in_progress' AND s.preview = 0 AND i.time_to_finish_s > 0 "                                     \
    "AND CASE WHEN s.paused_at IS NULL THEN s.started_at + s.paused_ms ELSE s.paused_at END + "                        \
    "i.time_to_finish_s * 1000 < ? "

enum status retention_overdue(struct db *db, int64_t now, struct id_batch *ret, struct error *err)
{
    return batch(db, "SELECT s.id " OVERDUE "LIMIT ?", now, ret, err);
}

enum status session_overdue(struct db *db, struct id session, int64_t now, bool *ret, struct error *err)
{
    QUERY(q);
    int64_t n = 0;
    enum status st = db_prepare(db, "SELECT COUNT(*) " OVERDUE "AND s.id = ?", &q, err);
    if (st != STATUS_OK)
        return st;
    db_bind_int(q, 1, now);
    db_bind_id(q, 2, session);
    st = query_int(q, &n, err);
    if (st == STATUS_OK)
        *ret = n > 0;
    return st;
}
