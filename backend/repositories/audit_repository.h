#ifndef VIVA_REPOSITORIES_AUDIT_REPOSITORY_H
#define VIVA_REPOSITORIES_AUDIT_REPOSITORY_H
/* The audit log only grows, but for what is older than it is to be kept. */

#include "models/audit.h"
#include "repositories/repository.h"

enum status audit_insert(struct db *db, const struct audit_entry *e, struct error *err) must_check;

#endif
