/* What the operations of the OpenAPI document refer to. */
#include "http/openapi.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MODELS_MAX 256

void openapi_write_info(struct json *j, const char *title, const char *version)
{
    json_key(j, "info");
    json_object_begin(j);
    json_kv_string(j, "title", title != NULL ? title : "API");
    json_kv_string(j, "version", version != NULL ? version : "0");
    json_kv_string(
        j, "description",
        "Every JSON reply is an envelope: success, message, data, error. Times are RFC 3339 in UTC, ids are UUIDs. "
        "Every reply carries X-Request-Id.");
    json_object_end(j);
}

void openapi_write_ref(struct json *j, const char *schema)
{
    char ref[160];
    snprintf(ref, sizeof(ref), "#/components/schemas/%s", schema);
    json_object_begin(j);
    json_kv_string(j, "$ref", ref);
    json_object_end(j);
}

/* model_write_schema() lists the required fields last of what a model has; properties only refer to other models. */
void openapi_write_patch_schema(struct json *j, const struct model *m)
{
    struct buf b;
    struct json inner;
    buf_init(&b, 1u << 20);
    json_init(&inner, &b);
    model_write_schema(&inner, m);
    char *text = buf_take(&b, NULL), *at = NULL;
    if (text == NULL) {
        j->out->failed = true;
        return;
    }
    for (char *s = text; (s = strstr(s, ",\"required\":[")) != NULL; s++)
        at = s;
    if (at != NULL) {
        char *end = strchr(at, ']') + 1;
        memmove(at, end, strlen(end) + 1);
    }
    size_t n = strlen(text);
    text[n - 1] = '\0'; /* its closing brace */
    buf_init(&b, 1u << 20);
    buf_printf(&b, "%s,\"minProperties\":1}", text);
    json_raw(j, buf_cstr(&b));
    buf_free(&b);
    free(text);
}

static void write_page(struct json *j, const struct model *m)
{
    json_object_begin(j);
    json_kv_string(j, "type", "object");
    json_key(j, "properties");
    json_object_begin(j);
    json_key(j, "items");
    json_object_begin(j);
    json_kv_string(j, "type", "array");
    json_key(j, "items");
    openapi_write_ref(j, m->name);
    json_object_end(j);
    static const char *const numbers[] = {"total", "page", "page_size"};
    for (size_t i = 0; i < 3; i++) {
        json_key(j, numbers[i]);
        json_raw(j, i == 0 ? "{\"type\":\"integer\",\"minimum\":0}" : "{\"type\":\"integer\",\"minimum\":1}");
    }
    json_object_end(j);
    json_key(j, "required");
    json_raw(j, "[\"items\",\"total\",\"page\",\"page_size\"]");
    json_kv_bool(j, "additionalProperties", false);
    json_object_end(j);
}

static void write_data(struct json *j, const struct route *r)
{
    if (r->reply_schema != NULL)
        json_raw(j, r->reply_schema);
    else if (r->reply != NULL && r->reply_page)
        write_page(j, r->reply);
    else if (r->reply != NULL)
        openapi_write_ref(j, r->reply->name);
    else
        json_raw(j, "{\"type\":\"null\"}");
}

void openapi_write_envelope(struct json *j, const struct route *r)
{
    if (r->style == STYLE_OPENAI) {
        write_data(j, r);
        return;
    }
    json_object_begin(j);
    json_kv_string(j, "type", "object");
    json_key(j, "properties");
    json_object_begin(j);
    json_key(j, "success");
    json_raw(j, "{\"const\":true}");
    json_key(j, "message");
    json_raw(j, "{\"type\":\"string\"}");
    json_key(j, "data");
    write_data(j, r);
    json_key(j, "error");
    json_raw(j, "{\"type\":\"null\"}");
    json_object_end(j);
    json_key(j, "required");
    json_raw(j, "[\"success\",\"message\",\"data\",\"error\"]");
    json_kv_bool(j, "additionalProperties", false);
    json_object_end(j);
}

struct models {
    const struct model *at[MODELS_MAX];
    size_t count;
    const char *clash; /* two different models of one name */
    bool full;
};

static void collect(const struct model *m, void *u)
{
    struct models *all = u;
    for (size_t i = 0; i < all->count; i++) {
        if (all->at[i] == m)
            return;
        if (strcmp(all->at[i]->name, m->name) == 0)
            all->clash = m->name;
    }
    if (all->count == MODELS_MAX)
        all->full = true;
    else
        all->at[all->count++] = m;
}

static void write_schemas(struct json *j, const struct models *all)
{
    json_key(j, "schemas");
    json_object_begin(j);
    for (size_t i = 0; i < all->count; i++) {
        json_key(j, all->at[i]->name);
        model_write_schema(j, all->at[i]);
    }
    json_key(j, "ErrorEnvelope");
    json_raw(
        j, "{\"type\":\"object\",\"description\":\"What every refused request gets.\",\"properties\":{"
           "\"success\":{\"const\":false},\"message\":{\"type\":\"string\",\"description\":\"A sentence for people.\"},"
           "\"data\":{\"type\":\"null\"},\"error\":{\"type\":\"object\",\"properties\":{"
           "\"code\":{\"type\":\"string\",\"description\":\"A stable word for programs.\"},"
           "\"field\":{\"type\":[\"string\",\"null\"],\"description\":\"The input that is wrong.\"},"
           "\"details\":{\"type\":[\"object\",\"null\"]}},"
           "\"required\":[\"code\",\"field\",\"details\"],\"additionalProperties\":false}},"
           "\"required\":[\"success\",\"message\",\"data\",\"error\"],\"additionalProperties\":false}");
    json_key(j, "OpenAIError");
    json_raw(j, "{\"type\":\"object\",\"description\":\"What a refused request gets where OpenAI's API is spoken.\","
                "\"properties\":{\"error\":{\"type\":\"object\",\"properties\":{"
                "\"message\":{\"type\":\"string\"},\"type\":{\"type\":\"string\"},"
                "\"param\":{\"type\":[\"string\",\"null\"]},\"code\":{\"type\":[\"string\",\"null\"]}},"
                "\"required\":[\"message\",\"type\",\"param\",\"code\"],\"additionalProperties\":false}},"
                "\"required\":[\"error\"],\"additionalProperties\":false}");
    json_object_end(j);
}

static void write_error_content(struct json *j, const char *code, const char *message, const char *field)
{
    json_object_begin(j);
    json_key(j, "application/json");
    json_object_begin(j);
    json_key(j, "schema");
    openapi_write_ref(j, "ErrorEnvelope");
    json_key(j, "example");
    json_object_begin(j);
    json_kv_bool(j, "success", false);
    json_kv_string(j, "message", message);
    json_key(j, "data");
    json_null(j);
    json_key(j, "error");
    json_object_begin(j);
    json_kv_string(j, "code", code);
    json_kv_string(j, "field", field);
    json_key(j, "details");
    json_null(j);
    json_object_end(j);
    json_object_end(j);
    json_object_end(j);
    json_object_end(j);
}

static void write_responses(struct json *j)
{
    static const struct {
        int status;
        const char *code, *doc;
    } errors[] = {
        {400, "json_malformed", "The request cannot be understood."},
        {401, "token_missing", "A token is missing, wrong or expired."},
        {403, "forbidden", "The token does not allow this."},
        {404, "not_found", "There is nothing here, or nothing the caller may see."},
        {409, "conflict", "It clashes with the present state."},
        {410, "gone", "It was there and has ended."},
        {412, "changed_meanwhile", "It changed meanwhile: read it again, then change it (If-Match)."},
        {413, "body_too_large", "The body is too large."},
        {415, "media_type", "The media type is not taken here."},
        {416, "range", "The file does not have these bytes."},
        {422, "field_required", "A field is wrong; error.field names it."},
        {426, "upgrade_required", "This address is for WebSocket connections."},
        {429, "rate_limited", "Too many requests; Retry-After says how long to wait."},
        {500, "internal", "A fault on the server's side."},
        {503, "busy", "Not available now; Retry-After says how long to wait."},
    };
    json_key(j, "responses");
    json_object_begin(j);
    for (size_t i = 0; i < sizeof(errors) / sizeof(errors[0]); i++) {
        char name[8];
        snprintf(name, sizeof(name), "E%d", errors[i].status);
        json_key(j, name);
        json_object_begin(j);
        json_kv_string(j, "description", errors[i].doc);
        json_key(j, "content");
        write_error_content(j, errors[i].code, errors[i].doc, errors[i].status == 422 ? "title" : NULL);
        json_object_end(j);
    }
    json_key(j, "OpenAIError");
    json_raw(j, "{\"description\":\"It was refused; error says why.\",\"content\":{\"application/json\":{\"schema\":{"
                "\"$ref\":\"#/components/schemas/OpenAIError\"},\"example\":{\"error\":{\"message\":"
                "\"The model `x` does not exist.\",\"type\":\"invalid_request_error\",\"param\":\"model\","
                "\"code\":\"model_not_found\"}}}}}");
    json_object_end(j);
}

static void write_security_schemes(struct json *j)
{
    json_key(j, "headers");
    json_raw(j,
             "{\"RequestId\":{\"description\":\"Names this request in the log.\",\"schema\":{\"type\":\"string\"}}}");
    json_key(j, "securitySchemes");
    json_raw(j, "{\"accessToken\":{\"type\":\"http\",\"scheme\":\"bearer\",\"bearerFormat\":\"JWT\","
                "\"description\":\"Of an account, from logging in.\"},"
                "\"sessionToken\":{\"type\":\"http\",\"scheme\":\"bearer\",\"bearerFormat\":\"JWT\","
                "\"description\":\"Of a candidate's session, from registering; opens that session alone.\"},"
                "\"ticket\":{\"type\":\"apiKey\",\"in\":\"query\",\"name\":\"ticket\","
                "\"description\":\"Signed for exactly one address and a short time.\"},"
                "\"speechKey\":{\"type\":\"http\",\"scheme\":\"bearer\","
                "\"description\":\"One of the setting SPEECH_API_KEYS, for machines.\"},"
                "\"websocketToken\":{\"type\":\"apiKey\",\"in\":\"header\",\"name\":\"Sec-WebSocket-Protocol\","
                "\"description\":\"As the subprotocol token.TOKEN beside the route's own.\"}}");
}

enum status openapi_write_components(struct json *j, const struct route *const *tables, struct error *err)
{
    struct models all = {.count = 0};
    for (size_t t = 0; tables[t] != NULL; t++)
        for (const struct route *r = tables[t]; r->path != NULL; r++) {
            if (r->body != NULL)
                model_visit(r->body, collect, &all);
            if (r->reply != NULL)
                model_visit(r->reply, collect, &all);
            for (size_t i = 0; r->reply_any != NULL && r->reply_any[i] != NULL; i++)
                model_visit(r->reply_any[i], collect, &all);
        }
    if (all.clash != NULL || all.full)
        return error_set(err, STATUS_INTERNAL, "models", NULL, "Two models are named %s, or there are more than %d.",
                         all.clash != NULL ? all.clash : "alike", MODELS_MAX);
    json_key(j, "components");
    json_object_begin(j);
    write_schemas(j, &all);
    write_responses(j);
    write_security_schemes(j);
    json_object_end(j);
    return STATUS_OK;
}
