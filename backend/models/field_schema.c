/* The OpenAPI 3.1 (JSON Schema 2020-12) description of a model. */
#include "models/field_internal.h"

#include <stdio.h>

static const char *type_name(enum field_type t)
{
    switch (t) {
    case FIELD_BOOL:
        return "boolean";
    case FIELD_INT:
        return "integer";
    case FIELD_NUMBER:
        return "number";
    case FIELD_STRINGS:
    case FIELD_ENUMS:
    case FIELD_LIST:
        return "array";
    case FIELD_OBJECT:
        return "object";
    case FIELD_JSON:
        return NULL;
    default:
        return "string";
    }
}

static const char *format_name(enum field_type t)
{
    switch (t) {
    case FIELD_EMAIL:
        return "email";
    case FIELD_SECRET:
        return "password";
    case FIELD_ID:
        return "uuid";
    case FIELD_TIME:
        return "date-time";
    default:
        return NULL;
    }
}

static bool nullable(const struct field *f)
{
    return (f->flags & FIELD_NULLABLE) != 0;
}

static void write_type(struct json *j, const struct field *f)
{
    const char *name = type_name(f->type);
    if (name == NULL) /* any value, null included */
        return;
    json_key(j, "type");
    if (!nullable(f)) {
        json_string(j, name);
        return;
    }
    json_array_begin(j);
    json_string(j, name);
    json_string(j, "null");
    json_array_end(j);
}

static void write_choices(struct json *j, const struct field *f, bool with_null)
{
    json_key(j, "enum");
    json_array_begin(j);
    for (int i = 0; f->choices[i].value != NULL; i++)
        json_string(j, f->choices[i].value);
    if (with_null)
        json_null(j);
    json_array_end(j);
}

static void write_ref(struct json *j, const struct model *m)
{
    char ref[128];
    snprintf(ref, sizeof(ref), "#/components/schemas/%s", m->name);
    json_kv_string(j, "$ref", ref);
}

static void write_reference(struct json *j, const struct field *f)
{
    if (!nullable(f)) {
        write_ref(j, f->model);
        return;
    }
    json_key(j, "anyOf");
    json_array_begin(j);
    json_object_begin(j);
    write_ref(j, f->model);
    json_object_end(j);
    json_object_begin(j);
    json_kv_string(j, "type", "null");
    json_object_end(j);
    json_array_end(j);
}

static void write_bounds(struct json *j, const struct field *f, const char *least, const char *most)
{
    double max = field_max(f);
    bool number = f->type == FIELD_INT || f->type == FIELD_NUMBER;
    if (f->min != 0 || (number && f->max != 0))
        json_kv_number(j, least, f->min);
    else if (f->type == FIELD_INT)
        json_kv_number(j, least, -FIELD_INT_LIMIT);
    if (max != 0)
        json_kv_number(j, most, max);
}

/* The regular expression of what field_value.c takes: white space at the ends is trimmed; no control characters; not
 * empty where there is a least length. */
#define SPACE              "\\u0009-\\u000d\\u0020\\u0085\\u00a0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000"
#define NOT_IN_A_LINE      "\\u0000-\\u001f\\u007f-\\u009f\\u2028\\u2029"
#define NOT_IN_A_TEXT      "\\u0000-\\u0008\\u000b\\u000c\\u000e-\\u001f\\u007f-\\u0084\\u0086-\\u009f"
#define FILLED(not )       "^[" SPACE "]*[^" not SPACE "]([^" not "]*[^" not SPACE "])?[" SPACE "]*$"
#define MAY_BE_EMPTY(not ) "^[" SPACE "]*[^" not "]*[" SPACE "]*$"

static void write_pattern(struct json *j, const struct field *f)
{
    bool line = f->type == FIELD_STRING;
    if (field_readable(f) && f->type == FIELD_SECRET)
        json_kv_string(j, "pattern", "^[^\\u0000]*$");
    if (!field_readable(f) || (!line && f->type != FIELD_TEXT))
        return;
    if (f->min > 0)
        json_kv_string(j, "pattern", line ? FILLED(NOT_IN_A_LINE) : FILLED(NOT_IN_A_TEXT));
    else
        json_kv_string(j, "pattern", line ? MAY_BE_EMPTY(NOT_IN_A_LINE) : MAY_BE_EMPTY(NOT_IN_A_TEXT));
}

static void write_items(struct json *j, const struct field *f)
{
    struct field item = field_string_item(f);
    write_bounds(j, f, "minItems", "maxItems");
    if (f->type == FIELD_ENUMS)
        json_kv_bool(j, "uniqueItems", true);
    json_key(j, "items");
    json_object_begin(j);
    if (f->type == FIELD_LIST) {
        write_ref(j, f->model);
    } else {
        json_kv_string(j, "type", "string");
        if (f->type == FIELD_ENUMS)
            write_choices(j, f, false);
        else
            write_bounds(j, &item, "minLength", "maxLength");
        if (f->type == FIELD_STRINGS)
            write_pattern(j, &item);
    }
    json_object_end(j);
}

static void write_constraints(struct json *j, const struct field *f)
{
    if (format_name(f->type) != NULL)
        json_kv_string(j, "format", format_name(f->type));
    switch (f->type) {
    case FIELD_STRING:
    case FIELD_TEXT:
    case FIELD_EMAIL:
    case FIELD_SECRET:
        write_bounds(j, f, "minLength", "maxLength");
        write_pattern(j, f);
        break;
    case FIELD_INT:
    case FIELD_NUMBER:
        write_bounds(j, f, "minimum", "maximum");
        break;
    case FIELD_ENUM:
        write_choices(j, f, nullable(f));
        break;
    case FIELD_STRINGS:
    case FIELD_ENUMS:
    case FIELD_LIST:
        write_items(j, f);
        break;
    default:
        break;
    }
}

/* Text where the JSON is a string; for the rest the table holds JSON. */
static void write_example(struct json *j, const struct field *f)
{
    const char *name = type_name(f->type);
    json_key(j, "examples");
    json_array_begin(j);
    if (name != NULL && name[0] == 's')
        json_string(j, f->example);
    else
        json_raw(j, f->example);
    json_array_end(j);
}

static void write_property(struct json *j, const struct field *f)
{
    json_key(j, f->name);
    json_object_begin(j);
    if (f->type == FIELD_OBJECT) {
        write_reference(j, f);
    } else {
        write_type(j, f);
        write_constraints(j, f);
    }
    if (f->doc != NULL)
        json_kv_string(j, "description", f->doc);
    if (f->example != NULL)
        write_example(j, f);
    if ((f->flags & FIELD_OUT_ONLY) != 0)
        json_kv_bool(j, "readOnly", true);
    if (f->type == FIELD_SECRET)
        json_kv_bool(j, "writeOnly", true);
    json_object_end(j);
}

/* What a client can rely on: fields it must send, and fields the server always sends. */
static bool listed_as_required(const struct field *f)
{
    bool always_sent = (f->flags & FIELD_OUT_ONLY) != 0 && (f->flags & FIELD_OMIT_EMPTY) == 0;
    return (f->flags & FIELD_HIDDEN) == 0 && ((f->flags & FIELD_REQUIRED) != 0 || always_sent);
}

static void write_required(struct json *j, const struct model *m, const char *extra)
{
    bool any = extra != NULL;
    for (size_t i = 0; m != NULL && i < m->n_fields; i++)
        any |= listed_as_required(&m->fields[i]);
    if (!any)
        return;
    json_key(j, "required");
    json_array_begin(j);
    for (size_t i = 0; m != NULL && i < m->n_fields; i++)
        if (listed_as_required(&m->fields[i]))
            json_string(j, m->fields[i].name);
    if (extra != NULL)
        json_string(j, extra);
    json_array_end(j);
}

static void write_properties(struct json *j, const struct model *m)
{
    for (size_t i = 0; m != NULL && i < m->n_fields; i++)
        if ((m->fields[i].flags & FIELD_HIDDEN) == 0)
            write_property(j, &m->fields[i]);
}

void model_write_schema(struct json *j, const struct model *m)
{
    json_object_begin(j);
    json_kv_string(j, "type", "object");
    if (m->doc != NULL)
        json_kv_string(j, "description", m->doc);
    json_key(j, "properties");
    json_object_begin(j);
    write_properties(j, m);
    json_object_end(j);
    write_required(j, m, NULL);
    json_kv_bool(j, "additionalProperties", false);
    json_object_end(j);
}

void model_write_form_schema(struct json *j, const struct model *m, const char *file, bool file_required)
{
    json_object_begin(j);
    json_kv_string(j, "type", "object");
    if (m != NULL && m->doc != NULL)
        json_kv_string(j, "description", m->doc);
    json_key(j, "properties");
    json_object_begin(j);
    write_properties(j, m);
    json_key(j, file);
    json_raw(j, "{\"type\":\"string\",\"format\":\"binary\"}");
    json_object_end(j);
    write_required(j, m, file_required ? file : NULL);
    json_kv_bool(j, "additionalProperties", false);
    json_object_end(j);
}
