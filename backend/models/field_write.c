/* JSON out. */
#include "models/field_internal.h"

#include <math.h>

static bool is_empty(const struct field *f, const void *member)
{
    switch (f->type) {
    case FIELD_BOOL:
        return !*(const bool *)member;
    case FIELD_INT:
    case FIELD_TIME:
        return *(const int64_t *)member == 0;
    case FIELD_NUMBER:
        return *(const double *)member == 0 || isnan(*(const double *)member);
    case FIELD_ENUM:
        return *(const int *)member == 0;
    case FIELD_ID:
        return id_is_zero(*(const struct id *)member);
    case FIELD_STRINGS:
        return ((const struct strings *)member)->count == 0;
    case FIELD_ENUMS:
        return *(const uint64_t *)member == 0;
    case FIELD_LIST:
        return ((const struct list *)member)->count == 0;
    case FIELD_OBJECT:
        return *(void *const *)member == NULL;
    default: {
        const char *s = *(const char *const *)member;
        return s == NULL || s[0] == '\0';
    }
    }
}

static void write_strings(struct json *j, const struct strings *s)
{
    json_array_begin(j);
    for (size_t i = 0; i < s->count; i++)
        json_string(j, s->items[i]);
    json_array_end(j);
}

static void write_enums(struct json *j, const struct field *f, uint64_t set)
{
    json_array_begin(j);
    for (int i = 0; i < 64 && f->choices[i].value != NULL; i++)
        if ((set >> i & 1) != 0)
            json_string(j, f->choices[i].value);
    json_array_end(j);
}

static void write_list(struct json *j, const struct field *f, const struct list *l)
{
    json_array_begin(j);
    for (size_t i = 0; i < l->count; i++)
        model_write(j, f->model, (const char *)l->items + i * f->model->size);
    json_array_end(j);
}

static void write_value(struct json *j, const struct field *f, const void *member)
{
    switch (f->type) {
    case FIELD_BOOL:
        json_bool(j, *(const bool *)member);
        break;
    case FIELD_INT:
        json_int(j, *(const int64_t *)member);
        break;
    case FIELD_NUMBER:
        json_number(j, *(const double *)member);
        break;
    case FIELD_ENUM:
        json_string(j, choice_value(f->choices, *(const int *)member));
        break;
    case FIELD_ID:
        json_id(j, *(const struct id *)member);
        break;
    case FIELD_TIME:
        json_time(j, *(const int64_t *)member);
        break;
    case FIELD_STRINGS:
        write_strings(j, member);
        break;
    case FIELD_ENUMS:
        write_enums(j, f, *(const uint64_t *)member);
        break;
    case FIELD_LIST:
        write_list(j, f, member);
        break;
    case FIELD_OBJECT:
        model_write(j, f->model, *(void *const *)member);
        break;
    case FIELD_JSON:
        json_raw(j, *(const char *const *)member);
        break;
    default:
        json_string(j, *(const char *const *)member);
        break;
    }
}

void model_write(struct json *j, const struct model *m, const void *object)
{
    if (object == NULL) {
        json_null(j);
        return;
    }
    const struct presence *pr = object;
    json_object_begin(j);
    for (size_t i = 0; i < m->n_fields; i++) {
        const struct field *f = &m->fields[i];
        const void *member = field_member_const(object, f);
        bool is_null = (f->flags & FIELD_NULLABLE) != 0 && (pr->null >> i & 1) != 0;
        if (!field_writable(f) || ((f->flags & FIELD_OMIT_EMPTY) != 0 && (is_null || is_empty(f, member))))
            continue;
        json_key(j, f->name);
        if (is_null)
            json_null(j);
        else
            write_value(j, f, member);
    }
    json_object_end(j);
}
