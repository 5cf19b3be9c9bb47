#ifndef VIVA_REPOSITORIES_SHARE_REPOSITORY_H
#define VIVA_REPOSITORIES_SHARE_REPOSITORY_H
/* Links by which reports are read (report_shares). Of the secret only the hash is kept. */

#include "db/db.h"
#include "models/report_share.h"

enum status share_insert(struct db *db, const struct report_share *x, const uint8_t token_hash[32], struct id author,
                         struct error *err) must_check;
/* A report's, the newest first; at most 1000. Items are struct report_share. */
enum status share_list(struct db *db, struct id report, struct arena *a, struct list *ret,
                       struct error *err) must_check;
/* STATUS_NOT_FOUND when there is none, or it does not work any more. */
enum status share_find_by_hash(struct db *db, const uint8_t token_hash[32], int64_t now, struct arena *a,
                               struct report_share **ret, struct error *err) must_check;
enum status share_used(struct db *db, struct id id, int64_t now, struct error *err) must_check;
/* STATUS_NOT_FOUND when the report has no such link that works. */
enum status share_revoke(struct db *db, struct id report, struct id id, int64_t now, struct error *err) must_check;

#endif
