/* Parameters of operations, and examples of what comes back. */
#include "http/openapi.h"

#include <stdio.h>
#include <string.h>

static bool is_number(const char *name)
{
    return strcmp(name, "n") == 0 || strcmp(name, "seq") == 0 || strcmp(name, "segment") == 0;
}

static bool is_id(const char *name)
{
    size_t n = strlen(name);
    return strcmp(name, "id") == 0 || (n > 3 && strcmp(name + n - 3, "_id") == 0);
}

/* What a list is sorted by may also be asked for the other way round. */
static void write_choices(struct json *j, const struct query_param *q)
{
    char reversed[64];
    bool sort = strcmp(q->name, "sort") == 0;
    json_key(j, "enum");
    json_array_begin(j);
    for (size_t i = 0; q->choices[i].value != NULL; i++) {
        json_string(j, q->choices[i].value);
        snprintf(reversed, sizeof(reversed), "-%s", q->choices[i].value);
        if (sort)
            json_string(j, reversed);
    }
    json_array_end(j);
}

static void write_schema(struct json *j, const struct query_param *q)
{
    bool number = strcmp(q->type, "integer") == 0 || strcmp(q->type, "number") == 0;
    bool formatted = strcmp(q->type, "uuid") == 0 || strcmp(q->type, "date-time") == 0;
    json_key(j, "schema");
    json_object_begin(j);
    json_kv_string(j, "type", formatted ? "string" : q->type);
    if (formatted)
        json_kv_string(j, "format", q->type);
    if (number)
        json_kv_int(j, "minimum", q->min);
    if (q->max != 0)
        json_kv_int(j, number ? "maximum" : "maxLength", q->max);
    if (q->pattern != NULL)
        json_kv_string(j, "pattern", q->pattern);
    if (q->choices != NULL)
        write_choices(j, q);
    json_object_end(j);
}

static void write_parameter_example(struct json *j, const struct query_param *q)
{
    const char *text = q->example != NULL ? q->example : field_example_by_name(q->name);
    json_key(j, "example");
    if (strcmp(q->type, "integer") == 0 || strcmp(q->type, "number") == 0 || strcmp(q->type, "boolean") == 0) {
        if (q->example != NULL)
            json_raw(j, q->example);
        else if (strcmp(q->type, "boolean") == 0)
            json_bool(j, true);
        else
            json_int(j, q->min);
        return;
    }
    if (q->choices != NULL && q->example == NULL)
        text = q->choices[0].value;
    else if (strcmp(q->type, "uuid") == 0)
        text = FIELD_EXAMPLE_ID;
    else if (strcmp(q->type, "date-time") == 0)
        text = FIELD_EXAMPLE_TIME;
    json_string(j, text != NULL ? text : "example");
}

/* The framework refuses control characters in a query. */
#define QUERY_PATTERN "^[^\\u0000-\\u0008\\u000b\\u000c\\u000e-\\u001f\\u007f]*$"

static void write_parameter(struct json *j, const char *where, const struct query_param *q)
{
    json_object_begin(j);
    json_kv_string(j, "name", q->name);
    json_kv_string(j, "in", where);
    if (strcmp(where, "path") == 0)
        json_kv_bool(j, "required", true);
    if (q->doc != NULL)
        json_kv_string(j, "description", q->doc);
    write_schema(j, q);
    write_parameter_example(j, q);
    json_object_end(j);
}

/* "interview" for the id of /api/v1/interviews/{id}: the segment before it, in the singular. */
static void owner_of(const char *path, const char *name, char *out, size_t size)
{
    char braced[72];
    snprintf(braced, sizeof(braced), "/{%s}", name);
    const char *end = strstr(path, braced), *start = end;
    while (start != NULL && start > path && start[-1] != '/')
        start--;
    snprintf(out, size, "%.*s", end != NULL ? (int)(end - start) : 0, start != NULL ? start : "");
    size_t n = strlen(out);
    if (n > 3 && strcmp(out + n - 3, "ies") == 0)
        snprintf(out + n - 3, size - (n - 3), "y");
    else if (n > 1 && out[n - 1] == 's')
        out[n - 1] = '\0';
}

/* Path parameters carry no type and no words in the tables; their names do: ids are UUIDs, the positions of uploads are
 * numbers. */
static void write_path_parameter(struct json *j, const struct route *r, const char *name)
{
    static const struct {
        const char *name, *doc;
        int64_t max;
    } docs[] = {
        {"link", "The secret part of the candidates' link."},
        {"segment", "The number of the recording's segment within the answer, from 0.", 999},
        {"seq", "The number of the chunk within the segment, from 0.", 1000000},
        {"n", "From 0."},
    };
    char doc[128], owner[64];
    struct query_param q = {.name = name,
                            .type = is_number(name) ? "integer"
                                    : is_id(name)   ? "uuid"
                                                    : "string",
                            .doc = doc};
    snprintf(doc, sizeof(doc), "Which %s.", name);
    if (strcmp(name, "id") == 0)
        owner_of(r->path, name, owner, sizeof(owner));
    else
        snprintf(owner, sizeof(owner), "%.*s", (int)(strlen(name) > 3 ? strlen(name) - 3 : 0), name);
    for (char *s = owner; *s != '\0'; s++)
        *s = *s == '_' || *s == '-' ? ' ' : *s;
    if (is_id(name))
        snprintf(doc, sizeof(doc), "The id of the %s.", owner);
    for (size_t i = 0; i < sizeof(docs) / sizeof(docs[0]); i++)
        if (strcmp(docs[i].name, name) == 0) {
            snprintf(doc, sizeof(doc), "%s", docs[i].doc);
            q.max = docs[i].max;
        }
    write_parameter(j, "path", &q);
}

void openapi_write_parameters(struct json *j, const struct route *r)
{
    static const struct query_param if_match = {
        .name = "If-Match",
        .type = "string",
        .doc = "The ETag of what was read before: 412 when somebody changed it meanwhile. Optional.",
        .example = "\"v1769860800000\""};
    size_t len;
    const char *at;
    bool changes = openapi_takes_version(r);
    if (router_param_name(r, 0, &len) == NULL && r->query == NULL && !changes)
        return;
    json_key(j, "parameters");
    json_array_begin(j);
    for (size_t i = 0; (at = router_param_name(r, i, &len)) != NULL; i++) {
        char name[64];
        snprintf(name, sizeof(name), "%.*s", (int)len, at);
        write_path_parameter(j, r, name);
    }
    for (const struct query_param *q = r->query; q != NULL && q->name != NULL; q++)
        if (!((r->access & ACCESS_MEDIA) != 0 && strcmp(q->name, "ticket") == 0)) { /* that one is a security scheme */
            struct query_param typed = *q;
            typed.type = q->type != NULL ? q->type : "string";
            if (q->pattern == NULL && q->choices == NULL && strcmp(typed.type, "string") == 0)
                typed.pattern = QUERY_PATTERN;
            write_parameter(j, "query", &typed);
        }
    if (changes)
        write_parameter(j, "header", &if_match);
    json_array_end(j);
}

static void write_data(struct json *j, const struct route *r)
{
    if (r->reply_schema != NULL) {
        json_raw(j, r->reply_example);
    } else if (r->reply != NULL && r->reply_page) {
        json_object_begin(j);
        json_key(j, "items");
        json_array_begin(j);
        model_write_example(j, r->reply, EXAMPLE_OUTPUT);
        json_array_end(j);
        json_kv_int(j, "total", 1);
        json_kv_int(j, "page", 1);
        json_kv_int(j, "page_size", 20);
        json_object_end(j);
    } else if (r->reply != NULL) {
        model_write_example(j, r->reply, EXAMPLE_OUTPUT);
    } else {
        json_null(j);
    }
}

void openapi_write_reply_example(struct json *j, const struct route *r, const char *media)
{
    bool raw = r->reply_media != NULL, json = strstr(media, "json") != NULL;
    const struct model *any = raw && json && r->reply_any != NULL ? r->reply_any[0] : NULL;
    bool text = json || strncmp(media, "text/", 5) == 0;
    if (raw && any == NULL && (r->reply_example == NULL || !text)) /* bytes: nothing to show */
        return;
    json_key(j, "example");
    if (any != NULL) {
        model_write_example(j, any, EXAMPLE_OUTPUT);
    } else if (raw && json) {
        json_raw(j, r->reply_example);
    } else if (raw) {
        json_string(j, r->reply_example);
    } else if (r->style == STYLE_OPENAI) {
        write_data(j, r);
    } else {
        json_object_begin(j);
        json_kv_bool(j, "success", true);
        json_kv_string(j, "message", "OK");
        json_key(j, "data");
        write_data(j, r);
        json_key(j, "error");
        json_null(j);
        json_object_end(j);
    }
}
