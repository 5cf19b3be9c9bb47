#ifndef VIVA_REPOSITORIES_SELF_IDENTIFICATION_REPOSITORY_H
#define VIVA_REPOSITORIES_SELF_IDENTIFICATION_REPOSITORY_H
/* What candidates say of themselves, for themselves. */

#include "models/self_identification.h"
#include "repositories/repository.h"

/* *ret: all not given when there is nothing; a value that this version does not know counts so. */
enum status self_identification_find(struct db *db, struct id session, struct self_identification *ret,
                                     struct error *err) must_check;
/* In place of what was there, within the caller's transaction. STATUS_NOT_FOUND when the session is gone. */
enum status self_identification_replace(struct db *db, struct id session, const struct self_identification *x,
                                        int64_t now, struct error *err) must_check;
enum status self_identification_delete(struct db *db, struct id session, struct error *err) must_check;

/* A category and a value as stored, into *x; what is not known is left out. */
void self_identification_add(struct self_identification *x, const char *category, const char *value);

#endif
