#ifndef VIVA_DB_MIGRATE_H
#define VIVA_DB_MIGRATE_H
/* Migrations NNNN_name.{up,down}.sql under database/migrations/<engine>: applied in order, each with its row in
 * schema_migrations (version, name, checksum sha256 of both files, applied_at). Refused by name, with nothing done: a
 * file that changed or vanished after it was applied, one that is new but older than the newest applied, one without
 * its counterpart, one with a name of another form. Several processes may call at once: one migrates, after looking
 * again, the others wait. Codes: migration_changed, migration_missing, migration_order, migration_name,
 * migration_failed (details: the engine's message).
 *
 * SQLite: each migration is one transaction with its row; one that fails leaves the version before it. MySQL: each
 * statement of DDL commits by itself, so the row says how far the migration is (migrate_steps.c). One that failed or
 * was interrupted counts as not applied (the server does not start on it); the next migrate_up or migrate_down finishes
 * it first, the way it went. */

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

/* Makes the four files of a migration to be written, under root/sqlite and root/mysql, with the next number of both and
 * a comment in each. Their paths are in the arena. STATUS_INVALID "migration_name"; all of them or none. */
#define MIGRATE_NEW_FILES 4
enum status migrate_new(const char *root, const char *name, struct arena *a, const char *ret[MIGRATE_NEW_FILES],
                        struct error *err) must_check;

#endif
