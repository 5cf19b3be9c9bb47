#ifndef VIVA_REPOSITORIES_LOGIN_REPOSITORY_H
#define VIVA_REPOSITORIES_LOGIN_REPOSITORY_H
/* Log-ins. One is alive while it is not revoked and has not expired; whatever it gave out (access tokens, refresh
 * tokens, media tickets) is good only as long. */

#include "models/account.h"
#include "repositories/repository.h"

/* Who is behind a log-in that is alive. */
struct login_owner {
    enum role role;
    bool is_active;
};

enum status login_insert(struct db *db, const struct login_session *l, struct error *err) must_check;
/* STATUS_NOT_FOUND when there is none, it is another user's, or it has ended. */
enum status login_find_owner(struct db *db, struct id id, struct id user, int64_t now, struct login_owner *ret,
                             struct error *err) must_check;
/* Those alive, newest first. */
enum status login_list(struct db *db, struct id user, int64_t now, struct paging p, struct arena *a, struct page *ret,
                       struct error *err) must_check;
/* Moves last_used_at on. STATUS_NOT_FOUND when it has ended. */
enum status login_touch(struct db *db, struct id id, int64_t now, struct error *err) must_check;
/* Ends one of a user's. STATUS_NOT_FOUND when there is none alive. */
enum status login_revoke(struct db *db, struct id id, struct id user, int64_t now, struct error *err) must_check;
/* Ends all of a user's but one (zero: all). *count may be NULL. */
enum status login_revoke_others(struct db *db, struct id user, struct id except, int64_t now, int64_t *count,
                                struct error *err) must_check;
/* Deletes what expired before the given time. */
enum status login_purge(struct db *db, int64_t before, int64_t *count, struct error *err) must_check;

#endif
