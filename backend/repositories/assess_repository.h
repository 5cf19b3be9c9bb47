#ifndef VIVA_REPOSITORIES_ASSESS_REPOSITORY_H
#define VIVA_REPOSITORIES_ASSESS_REPOSITORY_H
/* What people add to a report: levels of their own and sign-offs. Nothing is ever changed but a sign-off withdrawn. */

#include "models/report_parts.h"
#include "repositories/repository.h"

/* o: all but author_name. STATUS_NOT_FOUND when the report or the answer went. */
enum status override_insert(struct db *db, struct id report, const struct score_override *o,
                            struct error *err) must_check;
/* The history of a report's levels, oldest first, as far as they were set on this version or before. Items are struct
 * score_override. */
enum status override_list(struct db *db, struct id report, int64_t version, struct arena *a, struct list *ret,
                          struct error *err) must_check;

enum status sign_off_insert(struct db *db, struct id report, const struct report_sign_off *x,
                            struct error *err) must_check;
/* The one that was not withdrawn; STATUS_NOT_FOUND without. */
enum status sign_off_find(struct db *db, struct id report, struct arena *a, struct report_sign_off **ret,
                          struct error *err) must_check;
enum status sign_off_withdraw(struct db *db, struct id id, int64_t now, struct error *err) must_check;

#endif
