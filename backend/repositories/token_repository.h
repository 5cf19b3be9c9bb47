#ifndef VIVA_REPOSITORIES_TOKEN_REPOSITORY_H
#define VIVA_REPOSITORIES_TOKEN_REPOSITORY_H
/* Refresh tokens, by hash. A family is what descends from one log-in by rotation; it ends with it
 * (login_repository.h). */

#include "models/user.h"
#include "repositories/repository.h"

enum status refresh_token_insert(struct db *db, const struct refresh_token *t, struct error *err) must_check;
/* Whatever its state: the caller looks at expires_at, used_at, and revoked_at of its log-in. */
enum status refresh_token_find(struct db *db, const uint8_t token_hash[32], struct refresh_token *ret,
                               struct error *err) must_check;
/* Marks it used if it is neither used nor expired; *used tells whether it was this call that did. */
enum status refresh_token_use(struct db *db, struct id id, int64_t now, bool *used, struct error *err) must_check;
/* Deletes what expired before the given time. */
enum status refresh_token_purge(struct db *db, int64_t before, int64_t *count, struct error *err) must_check;

#endif
