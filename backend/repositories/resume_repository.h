#ifndef VIVA_REPOSITORIES_RESUME_REPOSITORY_H
#define VIVA_REPOSITORIES_RESUME_REPOSITORY_H

#include "models/resume.h"
#include "repositories/repository.h"

/* One per candidate: puts r in place of the one that is there. STATUS_NOT_FOUND without such a candidate. */
enum status resume_store(struct db *db, const struct resume *r, struct error *err) must_check;
enum status resume_find(struct db *db, struct id candidate, struct arena *a, struct resume **ret,
                        struct error *err) must_check;
/* Whether a row points at the file. */
enum status resume_key_used(struct db *db, const char *media_key, bool *ret, struct error *err) must_check;
enum status resume_delete(struct db *db, struct id candidate, struct error *err) must_check;

#endif
