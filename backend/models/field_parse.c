/* JSON in: the document against its table. */
#include "models/field_internal.h"

#include "base/cleanup.h"
#include "base/json_read.h"

#include <assert.h>
#include <math.h>
#include <string.h>

static enum status parse_object(const struct parse *p, const struct model *m, enum parse_mode mode,
                                const struct where *up, const struct json_val *v, void *out);

static enum status wrong_type(const struct parse *p, const struct where *w, const char *wanted)
{
    return field_fail(p, w, "field_type", "must be %s.", wanted);
}

static enum status parse_text(const struct parse *p, const struct where *w, const struct field *f,
                              const struct json_val *v, void *member)
{
    if (json_kind(v) != JSON_KIND_STRING)
        return wrong_type(p, w, "text");
    return field_set_text(p, w, f, json_as_string(v), json_string_size(v), member);
}

static enum status parse_int(const struct parse *p, const struct where *w, const struct field *f,
                             const struct json_val *v, int64_t *member)
{
    if (json_kind(v) == JSON_KIND_INT)
        return field_set_int(p, w, f, json_as_int(v, 0), member);
    double d = json_as_number(v, NAN); /* 5.0 is an integer too (JSON Schema) */
    if (isnan(d) || d != trunc(d))
        return wrong_type(p, w, "a whole number");
    if (fabs(d) > FIELD_INT_LIMIT)
        return field_fail(p, w, "field_range", "must be from -(2^53-1) to 2^53-1.");
    return field_set_int(p, w, f, (int64_t)d, member);
}

static enum status parse_number(const struct parse *p, const struct where *w, const struct field *f,
                                const struct json_val *v, double *member)
{
    if (json_kind(v) != JSON_KIND_INT && json_kind(v) != JSON_KIND_REAL)
        return wrong_type(p, w, "a number");
    return field_set_number(p, w, f, json_as_number(v, 0), member);
}

static enum status parse_strings(const struct parse *p, const struct where *w, const struct field *f,
                                 const struct json_val *v, struct strings *member)
{
    if (!json_is_array(v))
        return wrong_type(p, w, "a list");
    size_t n = json_len(v);
    enum status st = field_check_count(p, w, f, n);
    if (st != STATUS_OK)
        return st;
    const char **items = arena_array(p->arena, n, sizeof(*items));
    if (items == NULL)
        return arena_exhausted(p->err);
    struct field item = field_string_item(f);
    for (size_t i = 0; i < n; i++) {
        struct where wi = {.up = w, .index = i};
        st = parse_text(p, &wi, &item, json_at(v, i), &items[i]);
        if (st != STATUS_OK)
            return st;
    }
    *member = (struct strings){items, n};
    return STATUS_OK;
}

static enum status parse_enums(const struct parse *p, const struct where *w, const struct field *f,
                               const struct json_val *v, uint64_t *member)
{
    if (!json_is_array(v))
        return wrong_type(p, w, "a list");
    uint64_t set = 0;
    for (size_t i = 0; i < json_len(v); i++) {
        struct where wi = {.up = w, .index = i};
        const struct json_val *item = json_at(v, i);
        if (json_kind(item) != JSON_KIND_STRING)
            return wrong_type(p, &wi, "text");
        enum status st = field_add_choice(p, &wi, f, json_as_string(item), json_string_size(item), &set);
        if (st != STATUS_OK)
            return st;
    }
    enum status st = field_check_count(p, w, f, json_len(v));
    if (st == STATUS_OK)
        *member = set;
    return st;
}

static enum status parse_child(const struct parse *p, const struct where *w, const struct field *f,
                               const struct json_val *v, void **member)
{
    if (!json_is_object(v))
        return wrong_type(p, w, "an object");
    void *child = arena_alloc(p->arena, f->model->size);
    if (child == NULL)
        return arena_exhausted(p->err);
    enum status st = parse_object(p, f->model, PARSE_CREATE, w, v, child);
    if (st == STATUS_OK)
        *member = child;
    return st;
}

static enum status parse_list(const struct parse *p, const struct where *w, const struct field *f,
                              const struct json_val *v, struct list *member)
{
    if (!json_is_array(v))
        return wrong_type(p, w, "a list");
    size_t n = json_len(v);
    enum status st = field_check_count(p, w, f, n);
    if (st != STATUS_OK)
        return st;
    char *items = arena_array(p->arena, n, f->model->size);
    if (items == NULL)
        return arena_exhausted(p->err);
    for (size_t i = 0; i < n; i++) {
        struct where wi = {.up = w, .index = i};
        const struct json_val *item = json_at(v, i);
        if (!json_is_object(item))
            return wrong_type(p, &wi, "an object");
        st = parse_object(p, f->model, PARSE_CREATE, &wi, item, items + i * f->model->size);
        if (st != STATUS_OK)
            return st;
    }
    *member = (struct list){items, n};
    return STATUS_OK;
}

/* The JSON reader allows at most 32 levels, so this does not run away. */
static bool holds_nul(const struct json_val *v)
{
    const char *s = json_as_string(v);
    if (s != NULL)
        return memchr(s, '\0', json_string_size(v)) != NULL;
    for (size_t i = 0; json_is_array(v) && i < json_len(v); i++)
        if (holds_nul(json_at(v, i)))
            return true;
    void *at = NULL;
    const char *key;
    const struct json_val *value;
    while (json_is_object(v) && json_each(v, &at, &key, &value))
        if (holds_nul(value))
            return true;
    return false;
}

static enum status parse_any(const struct parse *p, const struct where *w, const struct field *f,
                             const struct json_val *v, const char **member)
{
    cleanup(buf_free) struct buf b;
    buf_init(&b, (size_t)field_max(f));
    if (holds_nul(v))
        return field_fail(p, w, "field_format", "must not hold a NUL character.");
    json_dump(v, &b);
    if (!buf_ok(&b))
        return field_fail(p, w, "field_length", "is too long: at most %.0f bytes of JSON.", field_max(f));
    const char *text = arena_strdup(p->arena, buf_cstr(&b));
    if (text == NULL)
        return arena_exhausted(p->err);
    *member = text;
    return STATUS_OK;
}

static enum status parse_value(const struct parse *p, const struct where *w, const struct field *f,
                               const struct json_val *v, void *member)
{
    switch (f->type) {
    case FIELD_STRING:
    case FIELD_TEXT:
    case FIELD_EMAIL:
    case FIELD_SECRET:
    case FIELD_ENUM:
    case FIELD_ID:
    case FIELD_TIME:
        return parse_text(p, w, f, v, member);
    case FIELD_BOOL:
        if (json_kind(v) != JSON_KIND_BOOL)
            return wrong_type(p, w, "true or false");
        *(bool *)member = json_as_bool(v, false);
        return STATUS_OK;
    case FIELD_INT:
        return parse_int(p, w, f, v, member);
    case FIELD_NUMBER:
        return parse_number(p, w, f, v, member);
    case FIELD_STRINGS:
        return parse_strings(p, w, f, v, member);
    case FIELD_ENUMS:
        return parse_enums(p, w, f, v, member);
    case FIELD_OBJECT:
        return parse_child(p, w, f, v, member);
    case FIELD_LIST:
        return parse_list(p, w, f, v, member);
    case FIELD_JSON:
        return parse_any(p, w, f, v, member);
    }
    return error_set(p->err, STATUS_INTERNAL, "field_table", f->name, "The table of %s has an unknown type.", f->name);
}

static enum status parse_field(const struct parse *p, const struct model *m, const char *key, const struct where *up,
                               const struct json_val *v, void *out)
{
    struct where w = {.up = up, .name = key};
    const struct field *f = model_field(m, key);
    if (f == NULL || !field_readable(f))
        return field_not_known(p, &w, f);
    bool is_null = json_kind(v) == JSON_KIND_NULL;
    if (is_null && (f->flags & FIELD_NULLABLE) == 0)
        return field_fail(p, &w, "field_type", "must not be null. Give a value, or leave it out.");
    field_mark(out, (size_t)(f - m->fields), is_null);
    return is_null ? STATUS_OK : parse_value(p, &w, f, v, field_member(out, f));
}

static enum status parse_object(const struct parse *p, const struct model *m, enum parse_mode mode,
                                const struct where *up, const struct json_val *v, void *out)
{
    void *at = NULL;
    const char *key;
    const struct json_val *value;
    assert(m->n_fields <= 64);
    while (json_each(v, &at, &key, &value)) {
        enum status st = parse_field(p, m, key, up, value, out);
        if (st != STATUS_OK)
            return st;
    }
    return field_check_presence(p, m, mode, up, out);
}

enum status model_parse(const struct model *m, enum parse_mode mode, const char *json, size_t len, struct arena *a,
                        void *out, struct error *err)
{
    struct parse p = {a, err};
    cleanup(json_doc_freep) struct json_doc *doc = NULL;
    memset(out, 0, m->size);
    enum status st = json_parse_input(json, len, &doc, err);
    if (st != STATUS_OK)
        return st;
    if (!json_is_object(json_root(doc)))
        return error_set(err, STATUS_MALFORMED, "json_malformed", NULL, "The JSON must be an object: {...}.");
    return parse_object(&p, m, mode, NULL, json_root(doc), out);
}
