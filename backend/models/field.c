#include "models/field_internal.h"

#include "base/utf8.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MODELS_MAX 128 /* reachable from one */

static const struct presence *presence_of(const void *object)
{
    return object; /* the first member of every model's struct */
}

const struct field *model_field(const struct model *m, const char *name)
{
    for (size_t i = 0; i < m->n_fields; i++)
        if (strcmp(m->fields[i].name, name) == 0)
            return &m->fields[i];
    return NULL;
}

static bool bit(const struct model *m, uint64_t set, const char *name)
{
    const struct field *f = model_field(m, name);
    assert(f != NULL);
    return f != NULL && (set >> (f - m->fields) & 1) != 0;
}

bool model_given(const struct model *m, const void *object, const char *field_name)
{
    return bit(m, presence_of(object)->given, field_name);
}

bool model_null(const struct model *m, const void *object, const char *field_name)
{
    return bit(m, presence_of(object)->null, field_name);
}

const char *choice_value(const struct choice *c, int index)
{
    if (index < 0)
        return NULL;
    for (int i = 0; c[i].value != NULL; i++)
        if (i == index)
            return c[i].value;
    return NULL;
}

int choice_index(const struct choice *c, const char *value)
{
    for (int i = 0; value != NULL && c[i].value != NULL; i++)
        if (strcmp(c[i].value, value) == 0)
            return i;
    return -1;
}

static size_t add_once(const struct model **seen, size_t n, const struct model *m)
{
    for (size_t i = 0; i < n; i++)
        if (seen[i] == m)
            return n;
    if (n == MODELS_MAX)
        abort(); /* a table that large is a programmer's error, in release builds too */
    seen[n] = m;
    return n + 1;
}

void model_visit(const struct model *m, void (*f)(const struct model *m, void *u), void *u)
{
    const struct model *seen[MODELS_MAX] = {m};
    size_t n = 1;
    for (size_t i = 0; i < n; i++) {
        for (size_t k = 0; k < seen[i]->n_fields; k++) {
            const struct field *field = &seen[i]->fields[k];
            if (field->model != NULL && (field->flags & FIELD_HIDDEN) == 0)
                n = add_once(seen, n, field->model);
        }
        f(seen[i], u);
    }
}

/* ------------------------------------------------------------------------------------------ shared by the field_*.c
 * files */

double field_max(const struct field *f)
{
    if (f->max != 0)
        return f->max;
    switch (f->type) {
    case FIELD_STRING:
        return FIELD_STRING_MAX;
    case FIELD_TEXT:
        return FIELD_TEXT_MAX;
    case FIELD_SECRET:
        return FIELD_SECRET_MAX;
    case FIELD_EMAIL:
        return FIELD_EMAIL_MAX;
    case FIELD_INT:
        return FIELD_INT_LIMIT;
    case FIELD_STRINGS:
    case FIELD_LIST:
        return FIELD_COUNT_MAX;
    case FIELD_ENUMS:
        return 64;
    case FIELD_JSON:
        return FIELD_JSON_MAX;
    default:
        return 0;
    }
}

bool field_readable(const struct field *f)
{
    return (f->flags & (FIELD_OUT_ONLY | FIELD_HIDDEN)) == 0;
}

bool field_writable(const struct field *f)
{
    return (f->flags & FIELD_HIDDEN) == 0 && f->type != FIELD_SECRET;
}

void field_mark(void *out, size_t i, bool is_null)
{
    struct presence *pr = out;
    assert(i < 64);
    pr->given |= UINT64_C(1) << i;
    if (is_null)
        pr->null |= UINT64_C(1) << i;
}

static void path_write(const struct where *w, char *out, size_t size)
{
    if (w == NULL) {
        out[0] = '\0';
        return;
    }
    path_write(w->up, out, size);
    size_t n = strlen(out);
    if (w->name == NULL)
        snprintf(out + n, size - n, "[%zu]", w->index);
    else
        snprintf(out + n, size - n, "%s%s", n > 0 ? "." : "", w->name);
}

enum status field_fail(const struct parse *p, const struct where *w, const char *code, const char *fmt, ...)
{
    char path[sizeof(p->err->field)], what[sizeof(p->err->message)];
    path_write(w, path, sizeof(path));
    utf8_trim_partial(path); /* names of unknown fields are the client's, and of any length */
    va_list ap;
    va_start(ap, fmt);
    vsnprintf(what, sizeof(what), fmt, ap);
    va_end(ap);
    return error_set(p->err, STATUS_INVALID, code, path, "%s %s", path[0] != '\0' ? path : "The request", what);
}

enum status field_missing(const struct parse *p, const struct where *w)
{
    return field_fail(p, w, "field_required", "is missing. Please give it.");
}

enum status field_not_known(const struct parse *p, const struct where *w, const struct field *f)
{
    if (f != NULL && (f->flags & FIELD_HIDDEN) == 0)
        return field_fail(p, w, "field_unknown", "is set by the server. Leave it out.");
    return field_fail(p, w, "field_unknown", "is not a field here. Check its spelling, or leave it out.");
}

enum status field_check_presence(const struct parse *p, const struct model *m, enum parse_mode mode,
                                 const struct where *up, const void *out)
{
    uint64_t given = presence_of(out)->given;
    if (mode == PARSE_PATCH) {
        if (given == 0)
            return field_fail(p, up, "field_required", "changes nothing. Give at least one field to change.");
        return STATUS_OK;
    }
    for (size_t i = 0; i < m->n_fields; i++) {
        const struct field *f = &m->fields[i];
        struct where w = {.up = up, .name = f->name};
        if ((f->flags & FIELD_REQUIRED) != 0 && field_readable(f) && (given >> i & 1) == 0)
            return field_missing(p, &w);
    }
    return STATUS_OK;
}
