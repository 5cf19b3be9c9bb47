#ifndef VIVA_REPOSITORIES_REPORT_REPOSITORY_H
#define VIVA_REPOSITORIES_REPORT_REPOSITORY_H

#include "models/report.h"
#include "repositories/repository.h"

/* One report per session: makes it, or puts the one there back to pending (its content stays until the next one is
 * ready). */
enum status report_request(struct db *db, struct id session, int64_t now, struct error *err) must_check;
enum status report_find(struct db *db, struct id session, struct arena *a, struct report **ret,
                        struct error *err) must_check;
/* Stores r (by r->session_id, as ready): score, summary, questions, scorer_version. Replaces what is there. */
enum status report_store(struct db *db, const struct report *r, int64_t now, struct error *err) must_check;
enum status report_failed(struct db *db, struct id session, const char *error, int64_t now,
                          struct error *err) must_check;

#endif
