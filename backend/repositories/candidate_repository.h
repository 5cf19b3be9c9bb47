#ifndef VIVA_REPOSITORIES_CANDIDATE_REPOSITORY_H
#define VIVA_REPOSITORIES_CANDIDATE_REPOSITORY_H

#include "models/candidate.h"
#include "repositories/repository.h"

/* One candidate per interview and address: inserts c, or gives back who is there already (*created false; unchanged).
 */
enum status candidate_register(struct db *db, const struct candidate *c, struct arena *a, struct candidate **ret,
                               bool *created, struct error *err) must_check;
enum status candidate_find(struct db *db, struct id id, struct arena *a, struct candidate **ret,
                           struct error *err) must_check;
enum status candidate_find_by_email(struct db *db, struct id interview, const char *email, struct arena *a,
                                    struct candidate **ret, struct error *err) must_check;
/* With session, answers, recordings' rows and report. Files are the service's. */
enum status candidate_delete(struct db *db, struct id id, struct error *err) must_check;

#endif
