#ifndef VIVA_DB_MIGRATE_H
#define VIVA_DB_MIGRATE_H
/* Migrations NNNN_name.{up,down}.sql under database/migrations/<engine>: applied in order, each in a transaction with
 * its row in schema_migrations (version, name, checksum sha256 of both files, applied_at). Refused by name, with
 * nothing done: a file that changed or vanished after it was applied, one that is new but older than the newest
 * applied, one without its counterpart, one with a name of another form. Several processes may call at once: each
 * migration is applied under the database's write lock, after looking again. A migration that fails leaves the version
 * before it. Codes: migration_changed, migration_missing, migration_order, migration_name, migration_failed (details:
 * the engine's message). */

#include "db/db.h"

struct migration {
    int64_t version;
    const char *name;
    bool applied;
    int64_t applied_at;
};

enum status migrate_up(struct db *db, const char *dir, int *count, struct error *err) must_check;
enum status migrate_down(struct db *db, const char *dir, int steps, int *count,
                         struct error *err) must_check; /* steps < 0: all */
enum status migrate_status(struct db *db, const char *dir, struct arena *a, struct migration **ret, size_t *n,
                           struct error *err) must_check;

#endif
