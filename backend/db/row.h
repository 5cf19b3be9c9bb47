#ifndef VIVA_DB_ROW_H
#define VIVA_DB_ROW_H
/* Maps rows to models by field table: the columns are the model's fields in order, leaving out FIELD_NO_COLUMN.
 * Enums are stored as their value (text), FIELD_STRINGS/FIELD_ENUMS/FIELD_OBJECT/FIELD_LIST/FIELD_JSON as JSON text,
 * FIELD_ID as 16 bytes, FIELD_TIME as integer ms, FIELD_BOOL as 0/1. NULL: strings and objects NULL, FIELD_NUMBER NAN
 * (JSON null), the others 0; the presence.null bit tells. The other way round NULL strings, NANs, zero ids, zero times
 * and NULL objects become NULL. */

#include "db/db.h"
#include "models/field.h"

/* "id, owner_id, title" (prefix "c." gives "c.id, c.owner_id, ..."), in the arena. */
const char *row_columns(const struct model *m, const char *prefix, struct arena *a);
/* Reads columns first, first+1, ... of the current row into *object (zeroed first). */
enum status row_read(struct db_stmt *s, int first, const struct model *m, struct arena *a, void *object,
                     struct error *err) must_check;
/* Runs s, reads its first row and resets it. STATUS_NOT_FOUND "not_found" without one. */
enum status row_one(struct db_stmt *s, const struct model *m, struct arena *a, void *object,
                    struct error *err) must_check;
/* Binds every column of the model from placeholder `first` on; JSON texts are made in a, which must live until the
 * statement was run. */
enum status row_bind(struct db_stmt *s, int first, const struct model *m, const void *object, struct arena *a,
                     struct error *err) must_check;
/* "?, ?, ?" for row_bind. */
const char *row_placeholders(const struct model *m, struct arena *a);
/* One column's JSON text (FIELD_STRINGS, _ENUMS, _OBJECT, _LIST, _JSON) and back. */
enum status row_json(const struct field *f, const void *member, struct arena *a, const char **ret,
                     struct error *err) must_check;
enum status row_json_read(const struct field *f, const char *text, struct arena *a, void *member,
                          struct error *err) must_check;
/* INSERT of every column of the model. */
enum status row_insert(struct db *db, const char *table, const struct model *m, const void *object,
                       struct error *err) must_check;
/* Runs s and collects all rows into a list. */
enum status row_list(struct db_stmt *s, const struct model *m, struct arena *a, struct list *ret,
                     struct error *err) must_check;

#endif
