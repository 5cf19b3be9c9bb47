/* The OpenAPI 3.1 document, printed from the route tables: paths and operations. Schemas and what operations share are
 * in openapi_parts.c. */
#include "http/openapi.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

static void write_operation_id(struct json *j, const struct route *r)
{
    char id[200];
    size_t n = (size_t)snprintf(id, sizeof(id), "%s", method_name(r->method));
    for (size_t i = 0; i < n; i++)
        id[i] = (char)tolower(id[i]);
    for (const char *s = r->path; *s != '\0' && n + 2 < sizeof(id); s++) {
        if (isalnum((unsigned char)*s))
            id[n++] = *s;
        else if (id[n - 1] != '_' && *s != '}')
            id[n++] = '_';
    }
    id[n] = '\0';
    json_kv_string(j, "operationId", id);
}

static void write_body_schema(struct json *j, const struct route *r)
{
    json_key(j, "schema");
    if (r->body_kind == BODY_STREAM) {
        json_raw(j, "{\"type\":\"string\",\"format\":\"binary\"}");
    } else if (r->body_kind == BODY_MULTIPART) {
        model_write_form_schema(j, r->body, r->file_field, !r->file_optional);
    } else if (r->body_mode == PARSE_PATCH) {
        openapi_write_patch_schema(j, r->body);
    } else {
        openapi_write_ref(j, r->body->name);
    }
}

static void write_media(struct json *j, const char *media, const struct route *r)
{
    json_key(j, media);
    json_object_begin(j);
    write_body_schema(j, r);
    if (r->body_kind == BODY_MULTIPART) {
        json_key(j, "example");
        model_write_form_example(j, r->body, r->file_field);
    } else if (r->body != NULL) {
        json_key(j, "example");
        model_write_example(j, r->body, r->body_mode == PARSE_PATCH ? EXAMPLE_PATCH : EXAMPLE_INPUT);
    }
    json_object_end(j);
}

static void write_request_body(struct json *j, const struct route *r)
{
    if (r->body_kind == BODY_NONE)
        return;
    json_key(j, "requestBody");
    json_object_begin(j);
    json_kv_bool(j, "required", true);
    json_key(j, "content");
    json_object_begin(j);
    if (r->body_kind == BODY_STREAM)
        write_media(j, "application/octet-stream", r);
    if (r->body_kind == BODY_JSON || r->body_kind == BODY_FORM_OR_JSON)
        write_media(j, "application/json", r);
    if (r->body_kind == BODY_FORM_OR_JSON)
        write_media(j, "application/x-www-form-urlencoded", r);
    if (r->body_kind == BODY_FORM_OR_JSON || r->body_kind == BODY_MULTIPART)
        write_media(j, "multipart/form-data", r);
    json_object_end(j);
    json_object_end(j);
}

static void write_any(struct json *j, const struct model *const *models)
{
    json_object_begin(j);
    json_key(j, "anyOf");
    json_array_begin(j);
    for (; *models != NULL; models++)
        openapi_write_ref(j, (*models)->name);
    json_array_end(j);
    json_object_end(j);
}

static void write_content(struct json *j, const char *media, const struct route *r)
{
    json_key(j, media);
    json_object_begin(j);
    json_key(j, "schema");
    if (r->reply_any != NULL && strstr(media, "json") != NULL)
        write_any(j, r->reply_any);
    else if (r->reply_media != NULL)
        json_raw(j, strstr(media, "json") != NULL ? "{}" : "{\"type\":\"string\",\"format\":\"binary\"}");
    else
        openapi_write_envelope(j, r);
    openapi_write_reply_example(j, r, media);
    json_object_end(j);
}

static void write_success_content(struct json *j, const struct route *r)
{
    json_key(j, "content");
    json_object_begin(j);
    for (const char *s = r->reply_media != NULL ? r->reply_media : "application/json"; s != NULL;) {
        char media[96];
        const char *bar = strchr(s, '|');
        snprintf(media, sizeof(media), "%.*s", (int)strcspn(s, "|"), s);
        write_content(j, media, r);
        s = bar != NULL ? bar + 1 : NULL;
    }
    json_object_end(j);
}

static void write_success(struct json *j, const struct route *r)
{
    char status[8];
    snprintf(status, sizeof(status), "%d", r->ws_accept != NULL ? 101 : r->status != 0 ? r->status : 200);
    json_key(j, status);
    json_object_begin(j);
    if (r->ws_accept != NULL) {
        json_kv_string(j, "description", "The connection is a WebSocket from here on.");
    } else {
        json_kv_string(j, "description", "Success.");
        json_key(j, "headers");
        json_raw(j, r->versioned ? "{\"X-Request-Id\":{\"$ref\":\"#/components/headers/RequestId\"},"
                                   "\"ETag\":{\"description\":\"The version, for If-Match.\","
                                   "\"schema\":{\"type\":\"string\"}}}"
                                 : "{\"X-Request-Id\":{\"$ref\":\"#/components/headers/RequestId\"}}");
        write_success_content(j, r);
    }
    json_object_end(j);
}

static void write_error(struct json *j, enum api_style style, int status)
{
    char text[64];
    snprintf(text, sizeof(text), "%d", status);
    json_key(j, text);
    if (style == STYLE_OPENAI)
        snprintf(text, sizeof(text), "#/components/responses/OpenAIError");
    else
        snprintf(text, sizeof(text), "#/components/responses/E%d", status);
    json_object_begin(j);
    json_kv_string(j, "$ref", text);
    json_object_end(j);
}

/* A JSON reply without envelope says in its own form what is not there now (readiness). */
static void write_unavailable(struct json *j, const struct route *r)
{
    if (r->style == STYLE_OPENAI || r->reply_media == NULL || strstr(r->reply_media, "json") == NULL) {
        write_error(j, r->style, 503);
        return;
    }
    json_key(j, "503");
    json_object_begin(j);
    json_kv_string(j, "description", "Not available now: the same form says what is missing.");
    write_success_content(j, r);
    json_object_end(j);
}

static void write_file_statuses(struct json *j)
{
    json_key(j, "206");
    json_raw(j, "{\"description\":\"A part of the file.\"}");
    json_key(j, "304");
    json_raw(j, "{\"description\":\"The file is still the one with that ETag.\"}");
    write_error(j, STYLE_ENVELOPE, 416);
}

static void write_responses(struct json *j, const struct route *r)
{
    size_t len;
    bool envelope = r->style == STYLE_ENVELOPE;
    bool has_parameters = router_param_name(r, 0, &len) != NULL, changes = r->method != HTTP_GET;
    bool token = (r->access & ~(unsigned)ACCESS_PUBLIC) != 0 || r->rate == RATE_LOGIN || (changes && r->body != NULL);
    const struct {
        int status;
        bool given;
    } errors[] = {
        {400, true},
        {401, token},
        {403, token || r->ws_accept != NULL},
        {404, has_parameters || !envelope},
        {409, envelope && (changes || has_parameters)},
        {410, has_parameters && (r->access & (ACCESS_PUBLIC | ACCESS_CANDIDATE)) != 0},
        {412, openapi_takes_version(r)},
        {413, changes},
        {415, envelope && r->body_kind != BODY_NONE},
        {422, envelope && (changes || r->query != NULL || has_parameters)},
        {426, r->ws_accept != NULL},
        {429, r->rate != RATE_NONE},
        {500, true},
    };
    json_key(j, "responses");
    json_object_begin(j);
    write_success(j, r);
    if (r->reply_media != NULL && (r->reply_file || (r->access & ACCESS_MEDIA) != 0))
        write_file_statuses(j);
    for (size_t i = 0; i < sizeof(errors) / sizeof(errors[0]); i++)
        if (errors[i].given)
            write_error(j, r->style, errors[i].status);
    write_unavailable(j, r);
    json_object_end(j);
}

static void one_security(struct json *j, const char *scheme)
{
    json_object_begin(j);
    if (scheme != NULL) {
        json_key(j, scheme);
        json_array_begin(j);
        json_array_end(j);
    }
    json_object_end(j);
}

static void write_security(struct json *j, const struct route *r)
{
    json_key(j, "security");
    json_array_begin(j);
    if (r->access & ACCESS_PUBLIC)
        one_security(j, NULL);
    if (r->access & ACCESS_USER)
        one_security(j, r->ws_accept != NULL ? "websocketToken" : "accessToken");
    if (r->access & ACCESS_CANDIDATE)
        one_security(j, r->ws_accept != NULL ? "websocketToken" : "sessionToken");
    if (r->access & ACCESS_MEDIA)
        one_security(j, "ticket");
    if (r->access & ACCESS_MACHINE)
        one_security(j, "speechKey");
    json_array_end(j);
    json_key(j, "x-access");
    json_array_begin(j);
    static const char *const names[] = {"public", "candidate", "reviewer", "recruiter", "admin", "media", "machine"};
    for (unsigned i = 0; i < sizeof(names) / sizeof(names[0]); i++)
        if (r->access & (1u << i))
            json_string(j, names[i]);
    json_array_end(j);
}

static void write_operation(struct json *j, const struct route *r)
{
    static const char *const rates[] = {"normal", "login", "upload", "heavy", "none"};
    char method[8];
    snprintf(method, sizeof(method), "%s", method_name(r->method));
    for (char *s = method; *s != '\0'; s++)
        *s = (char)tolower(*s);
    json_key(j, method);
    json_object_begin(j);
    json_key(j, "tags");
    json_array_begin(j);
    json_string(j, r->tag);
    json_array_end(j);
    json_kv_string(j, "summary", r->doc);
    write_operation_id(j, r);
    json_kv_string(j, "x-rate", rates[r->rate]);
    if (r->ws_accept != NULL)
        json_kv_string(j, "x-websocket-protocol", r->ws_protocol);
    write_security(j, r);
    openapi_write_parameters(j, r);
    write_request_body(j, r);
    write_responses(j, r);
    json_object_end(j);
}

/* All methods of one path stand together in the document; the first row that has the path writes them all. */
static bool first_of_path(const struct route *const *tables, const struct route *r)
{
    for (size_t t = 0; tables[t] != NULL; t++)
        for (const struct route *q = tables[t]; q->path != NULL; q++)
            if (strcmp(q->path, r->path) == 0)
                return q == r;
    return true;
}

static void write_path(struct json *j, const struct route *const *tables, const struct route *r)
{
    json_key(j, r->path);
    json_object_begin(j);
    for (size_t t = 0; tables[t] != NULL; t++)
        for (const struct route *q = tables[t]; q->path != NULL; q++)
            if (strcmp(q->path, r->path) == 0)
                write_operation(j, q);
    json_object_end(j);
}

enum status http_openapi(const struct route *const *tables, const char *title, const char *version, struct buf *out,
                         struct error *err)
{
    static const struct route *const none[] = {NULL};
    struct json j;
    if (tables == NULL)
        tables = none;
    json_init(&j, out);
    json_object_begin(&j);
    json_kv_string(&j, "openapi", "3.1.0");
    openapi_write_info(&j, title, version);
    json_key(&j, "paths");
    json_object_begin(&j);
    for (size_t t = 0; tables[t] != NULL; t++)
        for (const struct route *r = tables[t]; r->path != NULL; r++)
            if (first_of_path(tables, r))
                write_path(&j, tables, r);
    json_object_end(&j);
    enum status st = openapi_write_components(&j, tables, err);
    json_object_end(&j);
    if (st == STATUS_OK && !buf_ok(out))
        st = error_set(err, STATUS_NO_MEMORY, "no_memory", NULL, "The API description does not fit.");
    return st;
}
