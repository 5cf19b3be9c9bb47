#include "repositories/session_repository.h"

#include "base/cleanup.h"
#include "repositories/query.h"

enum status session_insert(struct db *db, const struct session *s, const uint8_t token_hash[32], struct error *err)
{
    QUERY(q);
    enum status st =
        db_prepare(db,
                   "INSERT INTO interview_sessions (id, interview_id, candidate_id, status, position, token_hash, "
                   "created_at, started_at, completed_at, updated_at, preview, own_token_hash) "
                   "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                   &q, err);
    if (st != STATUS_OK)
        return st;
    db_bind_id(q, 1, s->id);
    db_bind_id(q, 2, s->interview_id);
    db_bind_id(q, 3, s->candidate_id);
    db_bind_text(q, 4, choice_value(session_status_choices, s->status));
    db_bind_int(q, 5, s->position);
    db_bind_blob(q, 6, token_hash, 32);
    db_bind_time(q, 7, s->created_at);
    db_bind_time(q, 8, s->started_at);
    db_bind_time(q, 9, s->completed_at);
    db_bind_time(q, 10, s->updated_at);
    db_bind_int(q, 11, s->preview);
    db_bind_blob(q, 12, token_hash, 32);
    return db_run(q, NULL, err);
}

enum status session_find(struct db *db, struct id id, struct arena *a, struct session **ret, struct error *err)
{
    return query_by_id(db, &session_model, "interview_sessions", "WHERE id = ?", id, a, ret, err);
}

enum status session_find_by_candidate(struct db *db, struct id candidate, struct arena *a, struct session **ret,
                                      struct error *err)
{
    return query_by_id(db, &session_model, "interview_sessions", "WHERE candidate_id = ?", candidate, a, ret, err);
}

enum status session_find_by_token(struct db *db, const uint8_t token_hash[32], struct arena *a, struct session **ret,
                                  struct error *err)
{
    QUERY(q);
    enum status st = query_select_row(db, &session_model, "interview_sessions", "WHERE token_hash = ?", &q, err);
    if (st != STATUS_OK)
        return st;
    db_bind_blob(q, 1, token_hash, 32);
    return query_one(q, &session_model, a, ret, err);
}

enum status session_set_token(struct db *db, struct id id, const uint8_t token_hash[32], int64_t now, struct error *err)
{
    QUERY(q);
    enum status st =
        db_prepare(db, "UPDATE interview_sessions SET token_hash = ?, updated_at = ? WHERE id = ?", &q, err);
    if (st != STATUS_OK)
        return st;
    db_bind_blob(q, 1, token_hash, 32);
    db_bind_time(q, 2, now);
    db_bind_id(q, 3, id);
    return query_change(q, err);
}

enum status session_adopt_token(struct db *db, struct id id, struct error *err)
{
    QUERY(q);
    enum status st = db_prepare(db, "UPDATE interview_sessions SET own_token_hash = token_hash WHERE id = ?", &q, err);
    if (st != STATUS_OK)
        return st;
    db_bind_id(q, 1, id);
    return query_change(q, err);
}

enum status session_own_token(struct db *db, struct id id, const uint8_t token_hash[32], bool *ret, struct error *err)
{
    QUERY(q);
    int64_t n = 0;
    enum status st =
        db_prepare(db, "SELECT COUNT(*) FROM interview_sessions WHERE id = ? AND own_token_hash = ?", &q, err);
    if (st != STATUS_OK)
        return st;
    db_bind_id(q, 1, id);
    db_bind_blob(q, 2, token_hash, 32);
    st = query_int(q, &n, err);
    if (st == STATUS_OK)
        *ret = n == 1;
    return st;
}

enum status session_token_is_own(struct db *db, struct id id, bool *ret, struct error *err)
{
    QUERY(q);
    int64_t own = 0;
    enum status st = db_prepare(
        db, "SELECT CASE WHEN own_token_hash = token_hash THEN 1 ELSE 0 END FROM interview_sessions WHERE id = ?", &q,
        err);
    if (st != STATUS_OK)
        return st;
    db_bind_id(q, 1, id);
    st = query_int(q, &own, err);
    if (st == STATUS_OK)
        *ret = own != 0;
    return st;
}

/* No row was changed: because there is none, because it is so already, or because it may not be. */
static enum status check_status(struct db *db, struct id id, enum session_status to, struct error *err)
{
    QUERY(q);
    int64_t same = 0;
    enum status st =
        db_prepare(db, "SELECT CASE WHEN status = ? THEN 1 ELSE 0 END FROM interview_sessions WHERE id = ?", &q, err);
    if (st != STATUS_OK)
        return st;
    db_bind_text(q, 1, choice_value(session_status_choices, (int)to));
    db_bind_id(q, 2, id);
    st = query_int(q, &same, err);
    if (st == STATUS_OK && !same)
        st = error_set(err, STATUS_CONFLICT, "session_status", "status",
                       "The session cannot become %s from what it is.", choice_value(session_status_choices, (int)to));
    return st;
}

enum status session_set_status(struct db *db, struct id id, enum session_status to, int64_t now, struct error *err)
{
    static const char *const sql[] = {
        [SESSION_IN_PROGRESS] = "UPDATE interview_sessions SET status = 'in_progress', started_at = ?, updated_at = ? "
                                "WHERE id = ? AND status = 'registered'",
        [SESSION_COMPLETED] = "UPDATE interview_sessions SET status = 'completed', completed_at = ?, updated_at = ? "
                              "WHERE id = ? AND status = 'in_progress'",
        [SESSION_WITHDRAWN] = "UPDATE interview_sessions SET status = 'withdrawn', updated_at = ? "
                              "WHERE id = ? AND status IN ('registered', 'in_progress')",
    };
    QUERY(q);
    int64_t n = 0;
    int i = 1;
    if (to == SESSION_REGISTERED)
        return check_status(db, id, to, err); /* never again */
    enum status st = db_prepare(db, sql[to], &q, err);
    if (st != STATUS_OK)
        return st;
    if (to != SESSION_WITHDRAWN)
        db_bind_time(q, i++, now);
    db_bind_time(q, i++, now);
    db_bind_id(q, i, id);
    st = db_run(q, &n, err);
    return st == STATUS_OK && n == 0 ? check_status(db, id, to, err) : st;
}

enum status session_set_partial(struct db *db, struct id id, struct error *err)
{
    QUERY(q);
    enum status st =
        db_prepare(db, "UPDATE interview_sessions SET partial = 1 WHERE id = ? AND status = 'completed'", &q, err);
    if (st != STATUS_OK)
        return st;
    db_bind_id(q, 1, id);
    return query_change(q, err);
}

enum status session_set_position(struct db *db, struct id id, int64_t position, int64_t now, struct error *err)
{
    QUERY(q);
    int64_t n = 0;
    struct id owner;
    enum status st =
        db_prepare(db,
                   "UPDATE interview_sessions SET position = ?, updated_at = ? WHERE id = ? AND status = 'in_progress' "
                   "AND position <= ?",
                   &q, err);
    if (st != STATUS_OK)
        return st;
    db_bind_int(q, 1, position);
    db_bind_time(q, 2, now);
    db_bind_id(q, 3, id);
    db_bind_int(q, 4, position);
    st = db_run(q, &n, err);
    if (st != STATUS_OK || n > 0)
        return st;
    st = session_owner(db, id, &owner, err); /* is there one at all */
    return st == STATUS_OK ? error_set(err, STATUS_CONFLICT, "session_position", "position",
                                       "The session is not in progress, or is past this question.")
                           : st;
}

enum status session_set_slower(struct db *db, struct id id, bool slower, struct error *err)
{
    QUERY(q);
    enum status st = db_prepare(db, "UPDATE interview_sessions SET slower = ? WHERE id = ?", &q, err);
    if (st != STATUS_OK)
        return st;
    db_bind_int(q, 1, slower);
    db_bind_id(q, 2, id);
    return query_change(q, err);
}

enum status session_pause_from(struct db *db, struct id id, int64_t most_ms, int64_t now, struct error *err)
{
    QUERY(q);
    int64_t n = 0;
    struct id owner;
    enum status st = db_prepare(db,
                                "UPDATE interview_sessions SET paused_at = ? WHERE id = ? AND status = 'in_progress' "
                                "AND paused_at IS NULL AND paused_ms < ?",
                                &q, err);
    if (st != STATUS_OK)
        return st;
    db_bind_time(q, 1, now);
    db_bind_id(q, 2, id);
    db_bind_int(q, 3, most_ms);
    st = db_run(q, &n, err);
    if (st != STATUS_OK || n > 0)
        return st;
    st = session_owner(db, id, &owner, err); /* is there one at all */
    return st == STATUS_OK ? error_set(err, STATUS_CONFLICT, "no_pause", NULL, "The interview cannot be paused now.")
                           : st;
}

enum status session_go_on(struct db *db, struct id id, int64_t ms, struct error *err)
{
    static const char *const sql[] = {
        "UPDATE interview_sessions SET paused_at = NULL, paused_ms = paused_ms + ? WHERE id = ?",
        "UPDATE responses SET paused_ms = paused_ms + ? WHERE session_id = ? AND status = 'open'"};
    for (size_t i = 0; i < sizeof sql / sizeof sql[0]; i++) {
        QUERY(q);
        enum status st = db_prepare(db, sql[i], &q, err);
        if (st != STATUS_OK)
            return st;
        db_bind_int(q, 1, ms);
        db_bind_id(q, 2, id);
        st = db_run(q, NULL, err);
        if (st != STATUS_OK)
            return st;
    }
    return STATUS_OK;
}

enum status session_owner(struct db *db, struct id id, struct id *owner, struct error *err)
{
    QUERY(q);
    bool row = false;
    enum status st =
        db_prepare(db,
                   "SELECT i.owner_id FROM interview_sessions s JOIN interview_configs i ON i.id = s.interview_id "
                   "WHERE s.id = ?",
                   &q, err);
    if (st != STATUS_OK)
        return st;
    db_bind_id(q, 1, id);
    st = db_step(q, &row, err);
    if (st == STATUS_OK && !row)
        st = query_not_found(err);
    if (st == STATUS_OK)
        *owner = db_id(q, 0);
    return st;
}
