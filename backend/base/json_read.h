#ifndef VIVA_BASE_JSON_READ_H
#define VIVA_BASE_JSON_READ_H
/* Reading loose JSON (stored documents, WebSocket events, model cards) where no field table fits. Request bodies use
 * models/field.h instead. Strings returned are borrowed from the document. Depth and duplicate keys are checked. */

#include "base/buf.h"

#include <stdbool.h>
#include <stdint.h>

struct json_doc; /* owns the tree */
struct json_val; /* a borrowed node; NULL means absent, and every getter takes NULL */

/* STATUS_MALFORMED "json_malformed" for everything that is wrong: syntax, more than 32 levels, a key given twice,
 * invalid UTF-8, NUL characters, numbers out of range (int64, double). The message says which, and where. The root may
 * be any value. */
enum status json_parse(const char *text, size_t len, struct json_doc **ret, struct error *err) must_check;
struct json_doc *json_doc_free(struct json_doc *d);
void json_doc_freep(struct json_doc **d);
const struct json_val *json_root(const struct json_doc *d);
const struct json_val *json_get(const struct json_val *v, const char *key);
const struct json_val *json_at(const struct json_val *v, size_t i);
size_t json_len(const struct json_val *v); /* of an array or object, else 0 */
const char *json_get_string(const struct json_val *v, const char *key, const char *fallback);
int64_t json_get_int(const struct json_val *v, const char *key, int64_t fallback);
double json_get_number(const struct json_val *v, const char *key, double fallback);
bool json_get_bool(const struct json_val *v, const char *key, bool fallback);
const char *json_as_string(const struct json_val *v); /* NULL when it is not a string */
double json_as_number(const struct json_val *v, double fallback);
bool json_is_object(const struct json_val *v);
bool json_is_array(const struct json_val *v);

/* For the field tables and others that look closer. */
enum json_kind {
    JSON_KIND_ABSENT,
    JSON_KIND_NULL,
    JSON_KIND_BOOL,
    JSON_KIND_INT,
    JSON_KIND_REAL,
    JSON_KIND_STRING,
    JSON_KIND_ARRAY,
    JSON_KIND_OBJECT,
};

/* As json_parse(), but leaves it to the caller, who can name the field, to refuse NUL inside strings and integers
 * beyond int64 (which come as JSON_KIND_REAL). */
enum status json_parse_input(const char *text, size_t len, struct json_doc **ret, struct error *err) must_check;
enum json_kind json_kind(const struct json_val *v);
int64_t json_as_int(const struct json_val *v, int64_t fallback); /* of JSON_KIND_INT only */
bool json_as_bool(const struct json_val *v, bool fallback);
size_t json_string_size(const struct json_val *v); /* bytes, with any NUL inside; 0 when not a string */
/* Walks an object in its written order: `void *at = NULL; while (json_each(v, &at, &key, &value))`. */
bool json_each(const struct json_val *object, void **at, const char **key, const struct json_val **value);
void json_dump(const struct json_val *v, struct buf *out); /* appends it, compact */

#endif
