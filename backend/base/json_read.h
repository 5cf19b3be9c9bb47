#ifndef VIVA_BASE_JSON_READ_H
#define VIVA_BASE_JSON_READ_H
/* Reading loose JSON (stored documents, WebSocket events, model cards) where no field table fits. Request bodies use
 * models/field.h instead. Strings returned are borrowed from the document. Depth and duplicate keys are checked. */

#include "base/status.h"

#include <stdbool.h>
#include <stdint.h>

struct json_doc;                         /* owns the tree */
struct json_val;                         /* a borrowed node; NULL means absent, and every getter takes NULL */

enum status json_parse(const char *text, size_t len, struct json_doc **ret, struct error *err) must_check;
struct json_doc *json_doc_free(struct json_doc *d);
void json_doc_freep(struct json_doc **d);
const struct json_val *json_root(const struct json_doc *d);
const struct json_val *json_get(const struct json_val *v, const char *key);
const struct json_val *json_at(const struct json_val *v, size_t i);
size_t json_len(const struct json_val *v);                        /* of an array or object, else 0 */
const char *json_get_string(const struct json_val *v, const char *key, const char *fallback);
int64_t json_get_int(const struct json_val *v, const char *key, int64_t fallback);
double json_get_number(const struct json_val *v, const char *key, double fallback);
bool json_get_bool(const struct json_val *v, const char *key, bool fallback);
const char *json_as_string(const struct json_val *v);             /* NULL when it is not a string */
double json_as_number(const struct json_val *v, double fallback);
bool json_is_object(const struct json_val *v);
bool json_is_array(const struct json_val *v);

#endif
