#include <jansson.h>
#include <stdlib.h>

/* jansson has macros of these names; ours are functions. This is the only file that includes jansson. */
#undef json_is_object
#undef json_is_array
#include "base/json_read.h"

#define DEPTH_MAX 32

struct json_doc {
    json_t *root;
};

/* A node is jansson's own, under our name. */
static const json_t *tree(const struct json_val *v)
{
    return (const json_t *)(const void *)v;
}

static const struct json_val *val(const json_t *t)
{
    return (const struct json_val *)(const void *)t;
}

/* jansson recurses up to 2048 levels; we decide earlier, before it allocates anything. */
static bool too_deep(const char *text, size_t len)
{
    unsigned depth = 0;
    bool in_string = false;
    for (size_t i = 0; i < len; i++) {
        char c = text[i];
        if (in_string) {
            if (c == '\\')
                i++;
            else if (c == '"')
                in_string = false;
        } else if (c == '"') {
            in_string = true;
        } else if (c == '{' || c == '[') {
            if (++depth > DEPTH_MAX)
                return true;
        } else if ((c == '}' || c == ']') && depth > 0) {
            depth--;
        }
    }
    return false;
}

static enum status explain(const json_error_t *e, struct error *err)
{
    switch (json_error_code(e)) {
    case json_error_out_of_memory:
        return error_set(err, STATUS_NO_MEMORY, "out_of_memory", NULL, "There is no memory left to read this.");
    case json_error_duplicate_key:
        return error_set(err, STATUS_MALFORMED, "json_malformed", NULL,
                         "The JSON names the same key twice (line %d, column %d). Send each key once.", e->line,
                         e->column);
    case json_error_numeric_overflow:
        return error_set(err, STATUS_MALFORMED, "json_malformed", NULL,
                         "A number in the JSON is too large (line %d, column %d).", e->line, e->column);
    case json_error_null_character:
    case json_error_null_byte_in_key:
        return error_set(err, STATUS_MALFORMED, "json_malformed", NULL,
                         "The JSON holds a NUL character (line %d, column %d). Leave it out.", e->line, e->column);
    case json_error_invalid_utf8:
        return error_set(err, STATUS_MALFORMED, "json_malformed", NULL,
                         "The JSON is not valid UTF-8 (line %d, column %d).", e->line, e->column);
    case json_error_premature_end_of_input:
        return error_set(err, STATUS_MALFORMED, "json_malformed", NULL, "The JSON ends too early (line %d, column %d).",
                         e->line, e->column);
    default:
        return error_set(err, STATUS_MALFORMED, "json_malformed", NULL,
                         "This is not valid JSON: look at line %d, column %d.", e->line, e->column);
    }
}

static enum status load(const char *text, size_t len, size_t flags, struct json_doc **ret, bool *number_range,
                        struct error *err)
{
    if (too_deep(text, len))
        return error_set(err, STATUS_MALFORMED, "json_malformed", NULL,
                         "The JSON is nested more than %d levels deep. Send a flatter document.", DEPTH_MAX);
    struct json_doc *d = malloc(sizeof(*d));
    if (d == NULL)
        return error_set(err, STATUS_NO_MEMORY, "out_of_memory", NULL, "There is no memory left to read this.");
    json_error_t e = {0};
    d->root = json_loadb(text, len, flags | JSON_REJECT_DUPLICATES | JSON_DECODE_ANY, &e);
    if (d->root == NULL) {
        free(d);
        *number_range = json_error_code(&e) == json_error_numeric_overflow;
        return explain(&e, err);
    }
    *ret = d;
    return STATUS_OK;
}

enum status json_parse(const char *text, size_t len, struct json_doc **ret, struct error *err)
{
    bool number_range;
    return load(text, len, 0, ret, &number_range, err);
}

enum status json_parse_input(const char *text, size_t len, struct json_doc **ret, struct error *err)
{
    bool number_range = false;
    struct error first = {0};
    enum status st = load(text, len, JSON_ALLOW_NUL, ret, &number_range, &first);
    if (st == STATUS_MALFORMED && number_range)
        return load(text, len, JSON_ALLOW_NUL | JSON_DECODE_INT_AS_REAL, ret, &number_range, err);
    if (st != STATUS_OK && err != NULL)
        *err = first;
    return st;
}

struct json_doc *json_doc_free(struct json_doc *d)
{
    if (d != NULL)
        json_decref(d->root);
    free(d);
    return NULL;
}

void json_doc_freep(struct json_doc **d)
{
    *d = json_doc_free(*d);
}

const struct json_val *json_root(const struct json_doc *d)
{
    return d == NULL ? NULL : val(d->root);
}

const struct json_val *json_get(const struct json_val *v, const char *key)
{
    return val(json_object_get(tree(v), key));
}

const struct json_val *json_at(const struct json_val *v, size_t i)
{
    return val(json_array_get(tree(v), i));
}

size_t json_len(const struct json_val *v)
{
    return json_is_object(v) ? json_object_size(tree(v)) : json_is_array(v) ? json_array_size(tree(v)) : 0;
}

const char *json_get_string(const struct json_val *v, const char *key, const char *fallback)
{
    const char *s = json_as_string(json_get(v, key));
    return s != NULL ? s : fallback;
}

int64_t json_get_int(const struct json_val *v, const char *key, int64_t fallback)
{
    const json_t *t = tree(json_get(v, key));
    return t != NULL && json_typeof(t) == JSON_INTEGER ? (int64_t)json_integer_value(t) : fallback;
}

double json_get_number(const struct json_val *v, const char *key, double fallback)
{
    return json_as_number(json_get(v, key), fallback);
}

bool json_get_bool(const struct json_val *v, const char *key, bool fallback)
{
    const json_t *t = tree(json_get(v, key));
    return t == NULL || !json_is_boolean(t) ? fallback : json_is_true(t);
}

bool json_is_object(const struct json_val *v)
{
    return v != NULL && json_typeof(tree(v)) == JSON_OBJECT;
}

bool json_is_array(const struct json_val *v)
{
    return v != NULL && json_typeof(tree(v)) == JSON_ARRAY;
}

const char *json_as_string(const struct json_val *v)
{
    return json_string_value(tree(v));
}

double json_as_number(const struct json_val *v, double fallback)
{
    const json_t *t = tree(v);
    return t != NULL && json_is_number(t) ? json_number_value(t) : fallback;
}

enum json_kind json_kind(const struct json_val *v)
{
    if (v == NULL)
        return JSON_KIND_ABSENT;
    switch (json_typeof(tree(v))) {
    case JSON_OBJECT:
        return JSON_KIND_OBJECT;
    case JSON_ARRAY:
        return JSON_KIND_ARRAY;
    case JSON_STRING:
        return JSON_KIND_STRING;
    case JSON_INTEGER:
        return JSON_KIND_INT;
    case JSON_REAL:
        return JSON_KIND_REAL;
    case JSON_TRUE:
    case JSON_FALSE:
        return JSON_KIND_BOOL;
    case JSON_NULL:
        break;
    }
    return JSON_KIND_NULL;
}

int64_t json_as_int(const struct json_val *v, int64_t fallback)
{
    return json_kind(v) == JSON_KIND_INT ? (int64_t)json_integer_value(tree(v)) : fallback;
}

bool json_as_bool(const struct json_val *v, bool fallback)
{
    return json_kind(v) == JSON_KIND_BOOL ? json_is_true(tree(v)) : fallback;
}

size_t json_string_size(const struct json_val *v)
{
    return json_string_length(tree(v));
}

bool json_each(const struct json_val *object, void **at, const char **key, const struct json_val **value)
{
    /* jansson's iterators take the object without const but do not change it. */
    json_t *t = (json_t *)(uintptr_t)tree(object);
    *at = *at == NULL ? json_object_iter(t) : json_object_iter_next(t, *at);
    if (*at == NULL)
        return false;
    *key = json_object_iter_key(*at);
    *value = val(json_object_iter_value(*at));
    return true;
}

static int append_dump(const char *text, size_t n, void *u)
{
    struct buf *b = u;
    buf_append(b, text, n);
    return buf_ok(b) ? 0 : -1;
}

void json_dump(const struct json_val *v, struct buf *out)
{
    if (v == NULL || json_dump_callback(tree(v), append_dump, out, JSON_COMPACT | JSON_ENCODE_ANY) != 0)
        out->failed = true;
}
