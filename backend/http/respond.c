/* What handlers call to make their reply: the envelope, pages, raw bodies. */
#include "http/internal.h"

#include <string.h>
#include <strings.h>
#include <unistd.h>

void response_init(struct exchange *ex)
{
    struct response *rs = &ex->rs;
    *rs = (struct response){.ex = ex, .fd = -1};
    rs->headers_end = &rs->headers;
    buf_init(&rs->body, REPLY_MAX);
}

/* Forgets the reply made so far. Headers that explain a failure stay. */
void response_reset(struct exchange *ex)
{
    struct response *rs = &ex->rs;
    struct header *h = rs->headers;
    if (rs->fd >= 0)
        close(rs->fd);
    buf_free(&rs->body);
    response_init(ex);
    for (; h != NULL; h = h->next)
        if (strcasecmp(h->name, "Retry-After") == 0 || strcasecmp(h->name, "Allow") == 0 ||
            strcasecmp(h->name, "WWW-Authenticate") == 0 || strcasecmp(h->name, "Content-Range") == 0)
            header_set(rs, h->name, h->value);
}

void header_set(struct response *rs, const char *name, const char *value)
{
    struct arena *a = rs->ex->arena;
    char *copy = arena_strdup(a, value);
    if (copy == NULL || !http_is_token(name) || !http_is_field_value(copy, strlen(copy)))
        return; /* a header that would split the reply is a bug of ours: leave it out */
    for (struct header *h = rs->headers; h != NULL; h = h->next)
        if (strcasecmp(h->name, name) == 0) {
            h->value = copy;
            return;
        }
    struct header *h = arena_new_of(a, struct header);
    char *name_copy = arena_strdup(a, name);
    if (h == NULL || name_copy == NULL)
        return;
    h->name = name_copy;
    h->value = copy;
    *rs->headers_end = h;
    rs->headers_end = &h->next;
}

const char *header_get(const struct response *rs, const char *name)
{
    for (const struct header *h = rs->headers; h != NULL; h = h->next)
        if (strcasecmp(h->name, name) == 0)
            return h->value;
    return NULL;
}

void response_status(struct response *rs, int http_status)
{
    rs->status = http_status;
}

void response_header(struct response *rs, const char *name, const char *value)
{
    header_set(rs, name, value);
}

int response_http_status(const struct exchange *ex)
{
    if (ex->rs.status != 0)
        return ex->rs.status;
    const struct route *r = ex->match.route;
    return r != NULL && r->status != 0 ? r->status : 200;
}

static struct json *json_begin(struct response *rs)
{
    buf_clear(&rs->body);
    rs->kind = REPLY_BODY;
    rs->media_type = "application/json; charset=utf-8";
    json_init(&rs->json, &rs->body);
    return &rs->json;
}

static struct json *envelope_begin(struct response *rs, bool success, const char *message)
{
    json_object_begin(json_begin(rs));
    json_kv_bool(&rs->json, "success", success);
    json_kv_string(&rs->json, "message", message);
    json_key(&rs->json, "data");
    return &rs->json;
}

static enum status body_done(struct response *rs, struct error *err)
{
    if (buf_ok(&rs->body))
        return STATUS_OK;
    return error_set(err, STATUS_INTERNAL, "reply_too_large", NULL, "The reply is too large, or memory is out.");
}

static enum status envelope_end(struct response *rs, struct error *err)
{
    json_key(&rs->json, "error");
    json_null(&rs->json);
    json_object_end(&rs->json);
    return body_done(rs, err);
}

enum status response_ok(struct response *rs, const char *message, struct error *err)
{
    json_null(envelope_begin(rs, true, message));
    return envelope_end(rs, err);
}

enum status response_object(struct response *rs, const struct model *m, const void *object, struct error *err)
{
    const struct route *r = rs->ex->match.route;
    if (r != NULL && r->versioned)
        response_set_version(rs, m, object);
    if (r != NULL && r->style == STYLE_OPENAI) {
        model_write(json_begin(rs), m, object);
        return body_done(rs, err);
    }
    model_write(envelope_begin(rs, true, "OK"), m, object);
    return envelope_end(rs, err);
}

enum status response_page(struct response *rs, const struct model *m, const struct list *items, int64_t total,
                          int64_t page, int64_t page_size, struct error *err)
{
    struct json *j = envelope_begin(rs, true, "OK");
    json_object_begin(j);
    json_key(j, "items");
    json_array_begin(j);
    for (size_t i = 0; i < items->count; i++)
        model_write(j, m, (const char *)items->items + i * m->size);
    json_array_end(j);
    json_kv_int(j, "total", total);
    json_kv_int(j, "page", page);
    json_kv_int(j, "page_size", page_size);
    json_object_end(j);
    return envelope_end(rs, err);
}

enum status response_raw(struct response *rs, const char *media_type, const void *data, size_t len, struct error *err)
{
    buf_clear(&rs->body);
    rs->kind = REPLY_BODY;
    rs->media_type = arena_strdup(rs->ex->arena, media_type);
    if (rs->media_type == NULL)
        return arena_exhausted(err);
    buf_append(&rs->body, data, len);
    return body_done(rs, err);
}

enum status response_csv(struct response *rs, const struct model *m, const struct list *items, const char *file_name,
                         struct error *err)
{
    buf_clear(&rs->body);
    rs->kind = REPLY_BODY;
    rs->media_type = "text/csv; charset=utf-8";
    response_download(rs, file_name);
    model_write_csv(&rs->body, m, items);
    return body_done(rs, err);
}

static void openai_error(struct response *rs, int http_status, const struct error *err)
{
    const char *type = http_status == 429 ? "requests" : http_status >= 500 ? "server_error" : "invalid_request_error";
    const char *code = http_status == 401 ? "invalid_api_key" : http_status == 429 ? "rate_limit_exceeded" : err->code;
    struct json *j = json_begin(rs);
    json_object_begin(j);
    json_key(j, "error");
    json_object_begin(j);
    json_kv_string(j, "message", err->message);
    json_kv_string(j, "type", type);
    json_kv_string(j, "param", err->field[0] != '\0' ? err->field : NULL);
    json_kv_string(j, "code", code);
    json_object_end(j);
    json_object_end(j);
}

void response_error(struct exchange *ex, int http_status, const struct error *err)
{
    struct response *rs = &ex->rs;
    response_reset(ex);
    rs->status = http_status;
    if (ex->style == STYLE_OPENAI) {
        openai_error(rs, http_status, err);
        return;
    }
    struct json *j = envelope_begin(rs, false, err->message);
    json_null(j);
    json_key(j, "error");
    json_object_begin(j);
    json_kv_string(j, "code", err->code);
    json_kv_string(j, "field", err->field[0] != '\0' ? err->field : NULL);
    json_key(j, "details");
    json_raw(j, err->details[0] != '\0' ? err->details : NULL);
    json_object_end(j);
    json_object_end(j);
}

/* Requests. */

const char *request_param(const struct request *rq, const char *name)
{
    const struct exchange *ex = rq->internal->ex;
    size_t len = 0, want = strlen(name);
    const char *s;
    for (size_t i = 0; (s = router_param_name(ex->match.route, i, &len)) != NULL; i++)
        if (len == want && memcmp(s, name, len) == 0)
            return ex->match.values[i];
    return "";
}

enum status request_param_id(const struct request *rq, const char *name, struct id *ret, struct error *err)
{
    if (id_parse(request_param(rq, name), ret))
        return STATUS_OK;
    return error_set(err, STATUS_NOT_FOUND, "not_found", name, "There is nothing with this id.");
}

enum status request_param_int(const struct request *rq, const char *name, int64_t max, int64_t *ret, struct error *err)
{
    uint64_t v;
    const char *text = request_param(rq, name);
    if (strlen(text) > 19 || !http_parse_length(text, &v) || v > (uint64_t)max)
        return error_set(err, STATUS_INVALID, "field_range", name, "%s must be a whole number from 0 to %lld.", name,
                         (long long)max);
    *ret = (int64_t)v;
    return STATUS_OK;
}

const char *request_query(const struct request *rq, const char *name)
{
    return query_get(&rq->internal->ex->query, name);
}

const char *request_header(const struct request *rq, const char *name)
{
    return MHD_lookup_connection_value(rq->internal->ex->mc, MHD_HEADER_KIND, name);
}
