#ifndef VIVA_DB_ROW_H
#define VIVA_DB_ROW_H
/* Maps rows to models by field table: the columns are the model's fields in order, leaving out FIELD_NO_COLUMN.
 * Enums are stored as their value (text), FIELD_STRINGS/FIELD_ENUMS/FIELD_OBJECT/FIELD_LIST/FIELD_JSON as JSON text, FIELD_ID as
 * 16 bytes, FIELD_TIME as integer ms, FIELD_BOOL as 0/1. */

#include "db/db.h"
#include "models/field.h"

/* "id, owner_id, title" (prefix "c." gives "c.id, c.owner_id, ..."), in the arena. */
const char *row_columns(const struct model *m, const char *prefix, struct arena *a);
/* Reads columns first, first+1, ... of the current row into *object (zeroed first). */
enum status row_read(struct db_stmt *s, int first, const struct model *m, struct arena *a, void *object, struct error *err) must_check;
/* INSERT of every column of the model. */
enum status row_insert(struct db *db, const char *table, const struct model *m, const void *object, struct error *err) must_check;
/* Runs s and collects all rows into a list. */
enum status row_list(struct db_stmt *s, const struct model *m, struct arena *a, struct list *ret, struct error *err) must_check;

#endif
