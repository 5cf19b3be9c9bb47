#include "base/json_tree.h"

#include <stdlib.h>

/* jansson has macros of these names; ours are functions. */
#undef json_is_object
#undef json_is_array
#include "base/json_read.h"

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
            if (++depth > JSON_READ_DEPTH_MAX)
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
        return error_set(err, STATUS_MALFORMED, "json_duplicate_key", NULL,
                         "The JSON names the same key twice (line %d, column %d). Send each key once.", e->line,
                         e->column);
    case json_error_numeric_overflow:
        return error_set(err, STATUS_MALFORMED, "json_number_range", NULL,
                         "A number in the JSON is too large (line %d, column %d).", e->line, e->column);
    case json_error_null_character:
    case json_error_null_byte_in_key:
        return error_set(err, STATUS_MALFORMED, "json_nul", NULL,
                         "The JSON holds a NUL character (line %d, column %d). Leave it out.", e->line, e->column);
    case json_error_invalid_utf8:
        return error_set(err, STATUS_MALFORMED, "json_not_utf8", NULL,
                         "The JSON is not valid UTF-8 (line %d, column %d).", e->line, e->column);
    case json_error_premature_end_of_input:
        return error_set(err, STATUS_MALFORMED, "json_malformed", NULL, "The JSON ends too early (line %d, column %d).",
                         e->line, e->column);
    default:
        return error_set(err, STATUS_MALFORMED, "json_malformed", NULL,
                         "This is not valid JSON: look at line %d, column %d.", e->line, e->column);
    }
}

enum status json_tree_parse(const char *text, size_t len, size_t flags, json_t **ret, struct error *err)
{
    if (too_deep(text, len))
        return error_set(err, STATUS_MALFORMED, "json_too_deep", NULL,
                         "The JSON is nested more than %d levels deep. Send a flatter document.", JSON_READ_DEPTH_MAX);
    json_error_t e = {0};
    json_t *root = json_loadb(text, len, flags | JSON_REJECT_DUPLICATES | JSON_DECODE_ANY, &e);
    if (root == NULL)
        return explain(&e, err);
    *ret = root;
    return STATUS_OK;
}

enum status json_parse(const char *text, size_t len, struct json_doc **ret, struct error *err)
{
    json_t *root = NULL;
    enum status st = json_tree_parse(text, len, 0, &root, err);
    if (st != STATUS_OK)
        return st;
    struct json_doc *d = malloc(sizeof(*d));
    if (d == NULL) {
        json_decref(root);
        return error_set(err, STATUS_NO_MEMORY, "out_of_memory", NULL, "There is no memory left to read this.");
    }
    d->root = root;
    *ret = d;
    return STATUS_OK;
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
