#ifndef VIVA_DB_MIGRATE_H
#define VIVA_DB_MIGRATE_H
/* Migrations NNNN_name.{up,down}.sql under database/migrations/<engine>: applied in order, each in a transaction with its row in
 * schema_migrations (version, name, checksum sha256 of both files, applied_at); a changed or missing file is refused by name. */

#include "db/db.h"

struct migration { int64_t version; const char *name; bool applied; int64_t applied_at; };

enum status migrate_up(struct db *db, const char *dir, int *count, struct error *err) must_check;
enum status migrate_down(struct db *db, const char *dir, int steps, int *count, struct error *err) must_check;  /* steps < 0: all */
enum status migrate_status(struct db *db, const char *dir, struct arena *a, struct migration **ret, size_t *n, struct error *err) must_check;

#endif
