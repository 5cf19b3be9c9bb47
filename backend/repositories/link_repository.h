#ifndef VIVA_REPOSITORIES_LINK_REPOSITORY_H
#define VIVA_REPOSITORIES_LINK_REPOSITORY_H
/* Links for accounts that work once, by the hash of their secret part. */

#include "models/account.h"
#include "repositories/repository.h"

enum status link_insert(struct db *db, const struct account_link *l, struct error *err) must_check;
/* Whatever its state: the caller looks at expires_at and used_at. */
enum status link_find(struct db *db, struct id id, struct account_link *ret, struct error *err) must_check;
enum status link_find_by_hash(struct db *db, const uint8_t token_hash[32], struct account_link *ret,
                              struct error *err) must_check;
/* The newest that is not used; STATUS_NOT_FOUND without one. */
enum status link_find_newest(struct db *db, struct id user, enum link_kind kind, struct account_link *ret,
                             struct error *err) must_check;
/* Marks it used if it is neither used nor expired; *used tells whether it was this call that did. */
enum status link_take(struct db *db, struct id id, int64_t now, bool *used, struct error *err) must_check;
/* Gives it another secret and another end, if it is not used. STATUS_NOT_FOUND when it is. */
enum status link_renew(struct db *db, struct id id, const uint8_t token_hash[32], int64_t expires_at,
                       struct error *err) must_check;
/* Ends those of a user that are not used, of one kind. */
enum status link_end(struct db *db, struct id user, enum link_kind kind, int64_t now, struct error *err) must_check;
/* ... of every kind. */
enum status link_end_all(struct db *db, struct id user, int64_t now, struct error *err) must_check;
/* Deletes what expired before the given time. */
enum status link_purge(struct db *db, int64_t before, int64_t *count, struct error *err) must_check;

#endif
