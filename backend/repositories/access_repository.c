#include "repositories/access_repository.h"

#include "base/cleanup.h"
#include "models/user.h"
#include "repositories/query.h"

#define GRANT                                                                                                          \
    "SELECT i.owner_id, CASE WHEN w.user_id IS NULL THEN 0 ELSE 1 END FROM interview_configs i "                       \
    "LEFT JOIN interview_reviewers w ON w.interview_id = i.id AND w.user_id = ? "

static enum status grant(struct db *db, const char *sql, struct id user, struct id of, struct grant *ret,
                         struct error *err)
{
    QUERY(q);
    bool row = false;
    enum status st = db_prepare(db, sql, &q, err);
    if (st != STATUS_OK)
        return st;
    db_bind_id(q, 1, user);
    db_bind_id(q, 2, of);
    st = db_step(q, &row, err);
    if (st == STATUS_OK && !row)
        return query_not_found(err);
    if (st == STATUS_OK)
        *ret = (struct grant){.owner_id = db_id(q, 0), .shared = db_int(q, 1) != 0};
    return st;
}

enum status grant_of_interview(struct db *db, struct id interview, struct id user, struct grant *ret, struct error *err)
{
    return grant(db, GRANT "WHERE i.id = ?", user, interview, ret, err);
}

enum status grant_of_candidate(struct db *db, struct id candidate, struct id user, struct grant *ret, struct error *err)
{
    return grant(db, GRANT "JOIN candidates c ON c.interview_id = i.id WHERE c.id = ?", user, candidate, ret, err);
}

enum status grant_of_session(struct db *db, struct id session, struct id user, struct grant *ret, struct error *err)
{
    return grant(db, GRANT "JOIN interview_sessions s ON s.interview_id = i.id WHERE s.id = ?", user, session, ret,
                 err);
}

enum status reviewer_list(struct db *db, struct id interview, struct arena *a, struct list *ret, struct error *err)
{
    return query_list_by_id(db, &user_model, "users",
                            "WHERE id IN (SELECT user_id FROM interview_reviewers WHERE interview_id = ?) ORDER BY id",
                            interview, a, ret, err);
}

enum status reviewer_add(struct db *db, struct id interview, struct id user, int64_t now, struct error *err)
{
    QUERY(q);
    enum status st = db_prepare(db,
                                "INSERT INTO interview_reviewers (interview_id, user_id, created_at) "
                                "SELECT i.id, u.id, ? FROM interview_configs i, users u WHERE i.id = ? AND u.id = ? "
                                "AND NOT EXISTS (SELECT 1 FROM interview_reviewers w WHERE w.interview_id = i.id AND "
                                "w.user_id = u.id)",
                                &q, err);
    if (st != STATUS_OK)
        return st;
    db_bind_time(q, 1, now);
    db_bind_id(q, 2, interview);
    db_bind_id(q, 3, user);
    return db_run(q, NULL, err);
}

enum status reviewer_remove(struct db *db, struct id interview, struct id user, struct error *err)
{
    QUERY(q);
    enum status st = db_prepare(db, "DELETE FROM interview_reviewers WHERE interview_id = ? AND user_id = ?", &q, err);
    if (st != STATUS_OK)
        return st;
    db_bind_id(q, 1, interview);
    db_bind_id(q, 2, user);
    return db_run(q, NULL, err);
}
