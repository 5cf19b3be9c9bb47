#ifndef VIVA_BASE_JSON_H
#define VIVA_BASE_JSON_H
/* Append-only JSON writer over a buf. Commas are its business. Strings must be UTF-8; invalid bytes are written as
 * U+FFFD. Failure is the buf's: check buf_ok(). Parsing is jansson's, hidden in models/field.c and base/json_read.c. */

#include "base/buf.h"
#include "base/id.h"

#define JSON_DEPTH_MAX 24

struct json {
    struct buf *out;
    unsigned depth;
    bool first[JSON_DEPTH_MAX];
    bool after_key;
};

void json_init(struct json *j, struct buf *out);
void json_object_begin(struct json *j);
void json_object_end(struct json *j);
void json_array_begin(struct json *j);
void json_array_end(struct json *j);
void json_key(struct json *j, const char *key);
/* libjansson exports these three names too, and libjwt calls them there: ours get another name in the object file, or
 * they would take jansson's place for every library of the process. (No file can include this header and jansson.h
 * together.) */
void json_string(struct json *j, const char *s) __asm__("viva_json_string"); /* NULL -> null */
void json_stringn(struct json *j, const char *s, size_t n) __asm__("viva_json_stringn");
void json_null(struct json *j) __asm__("viva_json_null");
void json_int(struct json *j, int64_t v);
void json_number(struct json *j, double v); /* shortest that round-trips; not finite -> null */
void json_bool(struct json *j, bool v);
void json_raw(struct json *j, const char *text); /* text is already valid JSON; NULL -> null */
void json_id(struct json *j, struct id id);      /* hyphenated UUID; zero id -> null */
void json_time(struct json *j, int64_t unix_ms); /* "2026-11-22T23:59:59.123Z"; 0 -> null */

/* key + value in one call */
void json_kv_string(struct json *j, const char *k, const char *v);
void json_kv_int(struct json *j, const char *k, int64_t v);
void json_kv_number(struct json *j, const char *k, double v);
void json_kv_bool(struct json *j, const char *k, bool v);
void json_kv_id(struct json *j, const char *k, struct id v);
void json_kv_time(struct json *j, const char *k, int64_t v);

#endif
