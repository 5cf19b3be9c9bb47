#include "db/row.h"

#include "base/buf.h"
#include "base/cleanup.h"
#include "base/json_read.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#define JSON_COLUMN_MAX  (4u << 20)
#define INSERT_ARENA_MAX (16u << 20)
#define LIST_FIRST       8

static bool is_column(const struct field *f)
{
    return (f->flags & FIELD_NO_COLUMN) == 0;
}

static enum status bad_value(const struct field *f, struct error *err)
{
    return error_set(err, STATUS_INTERNAL, "database_error", NULL, "A stored %s is not valid.", f->name);
}

const char *row_columns(const struct model *m, const char *prefix, struct arena *a)
{
    cleanup(buf_free) struct buf b;
    buf_init(&b, 8192);
    for (size_t i = 0; i < m->n_fields; i++) {
        if (!is_column(&m->fields[i]))
            continue;
        buf_str(&b, b.len > 0 ? ", " : "");
        buf_str(&b, prefix ? prefix : "");
        buf_str(&b, m->fields[i].name);
    }
    return buf_ok(&b) ? arena_strdup(a, buf_cstr(&b)) : NULL;
}

const char *row_placeholders(const struct model *m, struct arena *a)
{
    cleanup(buf_free) struct buf b;
    buf_init(&b, 8192);
    for (size_t i = 0; i < m->n_fields; i++)
        if (is_column(&m->fields[i]))
            buf_str(&b, b.len > 0 ? ", ?" : "?");
    return buf_ok(&b) ? arena_strdup(a, buf_cstr(&b)) : NULL;
}

/* ------------------------------------------------------------------------------------------------------------ columns
 * of JSON */

static void write_strings(struct json *j, const struct strings *v)
{
    json_array_begin(j);
    for (size_t i = 0; i < v->count; i++)
        json_string(j, v->items[i]);
    json_array_end(j);
}

static void write_enums(struct json *j, const struct choice *c, uint64_t set)
{
    json_array_begin(j);
    for (int i = 0; i < 64 && c[i].value; i++)
        if (set >> i & 1)
            json_string(j, c[i].value);
    json_array_end(j);
}

static void write_list(struct json *j, const struct model *m, const struct list *v)
{
    json_array_begin(j);
    for (size_t i = 0; i < v->count; i++)
        model_write(j, m, (const char *)v->items + i * m->size);
    json_array_end(j);
}

enum status row_json(const struct field *f, const void *member, struct arena *a, const char **ret, struct error *err)
{
    cleanup(buf_free) struct buf b;
    struct json j;
    buf_init(&b, JSON_COLUMN_MAX);
    json_init(&j, &b);
    switch (f->type) {
    case FIELD_STRINGS:
        write_strings(&j, member);
        break;
    case FIELD_ENUMS:
        write_enums(&j, f->choices, *(const uint64_t *)member);
        break;
    case FIELD_LIST:
        write_list(&j, f->model, member);
        break;
    case FIELD_OBJECT:
    case FIELD_JSON: {
        const void *p = *(const void *const *)member;
        if (!p) {
            *ret = NULL;
            return STATUS_OK;
        }
        if (f->type == FIELD_JSON)
            json_raw(&j, p);
        else
            model_write(&j, f->model, p);
        break;
    }
    default:
        return bad_value(f, err);
    }
    if (!buf_ok(&b))
        return error_set(err, STATUS_TOO_LARGE, "value_too_large", f->name, "%s is too large to be stored.", f->name);
    const char *text = arena_strdup(a, buf_cstr(&b));
    if (!text)
        return arena_exhausted(err);
    *ret = text;
    return STATUS_OK;
}

static enum status read_strings(const struct field *f, const struct json_val *v, struct arena *a, struct strings *ret,
                                struct error *err)
{
    size_t n = json_len(v);
    const char **items = arena_array(a, n > 0 ? n : 1, sizeof *items);
    if (!items)
        return arena_exhausted(err);
    for (size_t i = 0; i < n; i++) {
        const char *s = json_as_string(json_at(v, i));
        if (!s)
            return bad_value(f, err);
        items[i] = arena_strdup(a, s);
        if (!items[i])
            return arena_exhausted(err);
    }
    *ret = (struct strings){.items = items, .count = n};
    return STATUS_OK;
}

static enum status read_enums(const struct field *f, const struct json_val *v, uint64_t *ret, struct error *err)
{
    uint64_t set = 0;
    for (size_t i = 0; i < json_len(v); i++) {
        int k = choice_index(f->choices, json_as_string(json_at(v, i)));
        if (k < 0)
            return bad_value(f, err);
        set |= UINT64_C(1) << k;
    }
    *ret = set;
    return STATUS_OK;
}

/* The parser leaves 0 for a null number; rows and what is built in C say NAN. */
static void nulls_to_nan(const struct model *m, void *object)
{
    const struct presence *p = object;
    for (size_t i = 0; i < m->n_fields; i++) {
        const struct field *f = &m->fields[i];
        char *member = (char *)object + f->offset;
        if (f->type == FIELD_NUMBER && (p->null >> i & 1))
            *(double *)(void *)member = NAN;
        if (f->type == FIELD_OBJECT && *(void **)(void *)member)
            nulls_to_nan(f->model, *(void **)(void *)member);
        if (f->type == FIELD_LIST) {
            const struct list *l = (const void *)member;
            for (size_t k = 0; k < l->count; k++)
                nulls_to_nan(f->model, (char *)l->items + k * f->model->size);
        }
    }
}

/* Objects and lists go through the parser of request bodies, as {"v": text}. */
static enum status read_model(const struct field *f, const char *text, struct arena *a, void *member, struct error *err)
{
    struct holder {
        struct presence presence;
        union {
            struct list list;
            void *object;
        } v;
    } h;
    struct field inner = *f;
    inner.name = "v";
    inner.flags = FIELD_REQUIRED;
    inner.offset = offsetof(struct holder, v);
    const struct model m = {.name = "Stored", .doc = "", .size = sizeof h, .fields = &inner, .n_fields = 1};
    const char *wrapped = arena_printf(a, "{\"v\": %s}", text);
    if (!wrapped)
        return arena_exhausted(err);
    struct error why = {0};
    enum status st = model_parse(&m, PARSE_CREATE, wrapped, strlen(wrapped), a, &h, &why);
    if (st == STATUS_NO_MEMORY)
        return arena_exhausted(err);
    if (st != STATUS_OK)
        return error_set(err, STATUS_INTERNAL, "database_error", why.field, "A stored %s is not valid: %s", f->name,
                         why.message);
    nulls_to_nan(&m, &h);
    if (f->type == FIELD_LIST)
        *(struct list *)member = h.v.list;
    else
        *(void **)member = h.v.object;
    return STATUS_OK;
}

enum status row_json_read(const struct field *f, const char *text, struct arena *a, void *member, struct error *err)
{
    if (f->type == FIELD_JSON) {
        *(const char **)member = text;
        return STATUS_OK;
    }
    if (f->type == FIELD_OBJECT || f->type == FIELD_LIST)
        return read_model(f, text, a, member, err);
    cleanup(json_doc_freep) struct json_doc *doc = NULL;
    if (json_parse(text, strlen(text), &doc, NULL) != STATUS_OK || !json_is_array(json_root(doc)))
        return bad_value(f, err);
    if (f->type == FIELD_STRINGS)
        return read_strings(f, json_root(doc), a, member, err);
    return f->type == FIELD_ENUMS ? read_enums(f, json_root(doc), member, err) : bad_value(f, err);
}

/* -------------------------------------------------------------------------------------------------------------------
 * reading */

static enum status read_text(struct db_stmt *s, int c, const struct field *f, struct arena *a, void *member,
                             struct error *err)
{
    char *text = db_text(s, c, a);
    if (!text)
        return arena_exhausted(err);
    switch (f->type) {
    case FIELD_STRING:
    case FIELD_TEXT:
    case FIELD_EMAIL:
    case FIELD_SECRET:
        *(const char **)member = text;
        return STATUS_OK;
    case FIELD_ENUM: {
        int k = choice_index(f->choices, text);
        if (k < 0)
            return bad_value(f, err);
        *(int *)member = k;
        return STATUS_OK;
    }
    default:
        return row_json_read(f, text, a, member, err);
    }
}

static enum status read_column(struct db_stmt *s, int c, const struct field *f, struct arena *a, void *member,
                               struct error *err)
{
    switch (f->type) {
    case FIELD_BOOL:
        *(bool *)member = db_int(s, c) != 0;
        return STATUS_OK;
    case FIELD_INT:
    case FIELD_TIME:
        *(int64_t *)member = db_int(s, c);
        return STATUS_OK;
    case FIELD_NUMBER:
        *(double *)member = db_number(s, c);
        return STATUS_OK;
    case FIELD_ID:
        *(struct id *)member = db_id(s, c);
        return STATUS_OK;
    default:
        return read_text(s, c, f, a, member, err);
    }
}

enum status row_read(struct db_stmt *s, int first, const struct model *m, struct arena *a, void *object,
                     struct error *err)
{
    memset(object, 0, m->size);
    struct presence *p = object;
    int c = first;
    for (size_t i = 0; i < m->n_fields; i++) {
        const struct field *f = &m->fields[i];
        char *member = (char *)object + f->offset;
        if (!is_column(f))
            continue;
        if (db_is_null(s, c)) {
            p->null |= UINT64_C(1) << i;
            if (f->type == FIELD_NUMBER)
                *(double *)(void *)member = NAN;
        } else {
            enum status st = read_column(s, c, f, a, member, err);
            if (st != STATUS_OK)
                return st;
        }
        c++;
    }
    return STATUS_OK;
}

enum status row_one(struct db_stmt *s, const struct model *m, struct arena *a, void *object, struct error *err)
{
    bool row = false;
    enum status st = db_step(s, &row, err);
    if (st == STATUS_OK && !row)
        st = error_set(err, STATUS_NOT_FOUND, "not_found", NULL, "There is no such thing here.");
    if (st == STATUS_OK)
        st = row_read(s, 0, m, a, object, err);
    db_reset(s);
    return st;
}

/* The list doubles in the arena: what is left behind is at most as much again. */
static enum status list_push(const struct model *m, struct arena *a, struct list *l, size_t *cap, void **slot,
                             struct error *err)
{
    if (l->count == *cap) {
        size_t next = *cap ? *cap * 2 : LIST_FIRST;
        void *items = arena_array(a, next, m->size);
        if (!items)
            return arena_exhausted(err);
        if (l->count > 0)
            memcpy(items, l->items, l->count * m->size);
        l->items = items;
        *cap = next;
    }
    *slot = (char *)l->items + l->count * m->size;
    l->count++;
    return STATUS_OK;
}

enum status row_list(struct db_stmt *s, const struct model *m, struct arena *a, struct list *ret, struct error *err)
{
    cleanup(db_stmt_done) struct db_stmt *done = s;
    struct list l = {0};
    size_t cap = 0;
    (void)done;
    for (;;) {
        bool row = false;
        void *slot = NULL;
        enum status st = db_step(s, &row, err);
        if (st == STATUS_OK && !row)
            break;
        if (st == STATUS_OK)
            st = list_push(m, a, &l, &cap, &slot, err);
        if (st == STATUS_OK)
            st = row_read(s, 0, m, a, slot, err);
        if (st != STATUS_OK)
            return st;
    }
    *ret = l;
    return STATUS_OK;
}

/* -------------------------------------------------------------------------------------------------------------------
 * writing */

static enum status bind_column(struct db_stmt *s, int i, const struct field *f, const void *member, struct arena *a,
                               struct error *err)
{
    switch (f->type) {
    case FIELD_STRING:
    case FIELD_TEXT:
    case FIELD_EMAIL:
    case FIELD_SECRET:
        db_bind_text(s, i, *(const char *const *)member);
        return STATUS_OK;
    case FIELD_BOOL:
        db_bind_int(s, i, *(const bool *)member);
        return STATUS_OK;
    case FIELD_INT:
        db_bind_int(s, i, *(const int64_t *)member);
        return STATUS_OK;
    case FIELD_TIME:
        db_bind_time(s, i, *(const int64_t *)member);
        return STATUS_OK;
    case FIELD_NUMBER:
        db_bind_number(s, i, *(const double *)member);
        return STATUS_OK;
    case FIELD_ID:
        db_bind_id(s, i, *(const struct id *)member);
        return STATUS_OK;
    case FIELD_ENUM:
        db_bind_text(s, i, choice_value(f->choices, *(const int *)member));
        return STATUS_OK;
    default: {
        const char *text = NULL;
        enum status st = row_json(f, member, a, &text, err);
        if (st == STATUS_OK)
            db_bind_text(s, i, text);
        return st;
    }
    }
}

enum status row_bind(struct db_stmt *s, int first, const struct model *m, const void *object, struct arena *a,
                     struct error *err)
{
    int i = first;
    for (size_t k = 0; k < m->n_fields; k++) {
        const struct field *f = &m->fields[k];
        if (!is_column(f))
            continue;
        enum status st = bind_column(s, i++, f, (const char *)object + f->offset, a, err);
        if (st != STATUS_OK)
            return st;
    }
    return STATUS_OK;
}

enum status row_insert(struct db *db, const char *table, const struct model *m, const void *object, struct error *err)
{
    cleanup(arena_freep) struct arena *a = arena_new(INSERT_ARENA_MAX);
    const char *columns = a ? row_columns(m, NULL, a) : NULL;
    const char *marks = columns ? row_placeholders(m, a) : NULL;
    const char *sql = marks ? arena_printf(a, "INSERT INTO %s (%s) VALUES (%s)", table, columns, marks) : NULL;
    if (!sql)
        return arena_exhausted(err);
    cleanup(db_stmt_done) struct db_stmt *s = NULL;
    enum status st = db_prepare(db, sql, &s, err);
    if (st == STATUS_OK)
        st = row_bind(s, 1, m, object, a, err);
    return st == STATUS_OK ? db_run(s, NULL, err) : st;
}
