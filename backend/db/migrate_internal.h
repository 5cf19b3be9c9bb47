#ifndef VIVA_DB_MIGRATE_INTERNAL_H
#define VIVA_DB_MIGRATE_INTERNAL_H
/* What migrate.c and migrate_steps.c share. */

#include "db/migrate.h"
#include "utils/sha256.h"

struct script {
    int64_t version;
    const char *name; /* "0001_initial" */
    const char *up, *down;
    char checksum[SHA256_HEX_SIZE];
};

struct applied {
    int64_t version, applied_at;
    const char *name, *checksum;
    const char *unfinished; /* "up", "down": interrupted on the way (MySQL only); else NULL */
    int64_t steps;          /* of the unfinished: see migrate_steps.c */
};

/* For engines whose DDL no transaction takes back: statement by statement, each noted in schema_migrations. there: the
 * row of this migration, NULL when it has none yet. Call with the migrations' lock held. */
enum status migrate_steps_apply(struct db *db, const struct script *p, bool up, const struct applied *there,
                                struct error *err) must_check;

#endif
