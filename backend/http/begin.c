/* What is decided from the headers alone, on the I/O thread: framing, address, route, rate, announced size. */
#include "http/internal.h"

#include <string.h>

static bool method_parse(const char *text, enum http_method *ret)
{
    for (int m = HTTP_GET; m <= HTTP_DELETE; m++)
        if (strcmp(text, method_name((enum http_method)m)) == 0) {
            *ret = (enum http_method)m;
            return true;
        }
    return false;
}

static void take_request_id(struct exchange *ex)
{
    const char *given = MHD_lookup_connection_value(ex->mc, MHD_HEADER_KIND, "X-Request-Id");
    size_t n = given != NULL ? strlen(given) : 0;
    if (n >= 8 && n < sizeof(ex->id) &&
        strspn(given, "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ._-") == n)
        memcpy(ex->id, given, n + 1);
}

static enum status parse_target(struct exchange *ex, struct error *err)
{
    char *question = strchr(ex->target, '?');
    size_t n = question != NULL ? (size_t)(question - ex->target) : strlen(ex->target);
    enum status st = path_parse(ex->arena, ex->target, n, &ex->path, err);
    if (st == STATUS_OK)
        st = query_parse(ex->arena, question != NULL ? question + 1 : NULL, &ex->query, err);
    return st;
}

static enum status not_allowed(struct exchange *ex, struct error *err)
{
    struct buf allow;
    buf_init(&allow, 128);
    for (int m = HTTP_GET; m <= HTTP_DELETE; m++)
        if (ex->match.allowed & (1u << m))
            buf_printf(&allow, "%s%s", method_name((enum http_method)m), m == HTTP_GET ? ", HEAD, " : ", ");
    buf_str(&allow, "OPTIONS");
    header_set(&ex->rs, "Allow", buf_cstr(&allow));
    buf_free(&allow);
    ex->fail_status = 405;
    return error_set(err, STATUS_INVALID, "method_not_allowed", NULL, "This address does not know the method %.16s.",
                     ex->method_text);
}

/* Paths of the single-page application and its files: everything that is not the API's. */
static bool is_static(const struct exchange *ex)
{
    const char *first = ex->path.segments[0];
    return ex->server->o.static_dir != NULL && ex->server->o.static_dir[0] != '\0' && ex->match.allowed == 0 &&
           strcmp(first, "api") != 0 && strcmp(first, "v1") != 0 && strcmp(first, "healthz") != 0 &&
           strcmp(first, "readyz") != 0;
}

static enum status find_route(struct exchange *ex, const char *method, struct error *err)
{
    enum http_method m = HTTP_GET;
    ex->head = strcmp(method, "HEAD") == 0;
    bool known = ex->head || method_parse(method, &m);
    router_match(ex->server->router, m, &ex->path, &ex->match);
    if (strcmp(method, "OPTIONS") == 0 && (ex->match.allowed != 0 || is_static(ex))) {
        ex->match.route = NULL;
        return STATUS_OK;
    }
    if (known && ex->match.route != NULL && !(ex->head && ex->match.route->ws_accept != NULL))
        return STATUS_OK;
    if (is_static(ex)) {
        ex->match.allowed = 1u << HTTP_GET;
        return m == HTTP_GET && known ? STATUS_OK : not_allowed(ex, err);
    }
    ex->match.route = NULL;
    if (ex->match.allowed != 0)
        return not_allowed(ex, err);
    return error_set(err, STATUS_NOT_FOUND, "not_found", NULL, "There is nothing at this address.");
}

static enum status check_size(struct exchange *ex, struct error *err)
{
    const struct route *r = ex->match.route;
    bool takes_body = r != NULL && r->body_kind != BODY_NONE;
    ex->body_max = !takes_body ? BODY_IGNORED_MAX : r->body_max != 0 ? r->body_max : BODY_MAX_DEFAULT;
    if (ex->body_length != UINT64_MAX && ex->body_length > ex->body_max)
        return error_set(err, STATUS_TOO_LARGE, "body_too_large", NULL,
                         "The body is larger than the %llu bytes allowed here.", (unsigned long long)ex->body_max);
    return STATUS_OK;
}

enum status exchange_begin(struct exchange *ex, const char *method, const char *version, struct error *err)
{
    if (strncmp(ex->target, STYLE_OPENAI_PATHS, strlen(STYLE_OPENAI_PATHS)) == 0)
        ex->style = STYLE_OPENAI;
    enum status st = framing_check(ex->mc, method, version, &ex->body_length, err);
    if (st != STATUS_OK) {
        ex->must_close = true;
        ex->fail_status = st == STATUS_TOO_LARGE ? 431 : 0;
        return st;
    }
    take_request_id(ex);
    if (atomic_load(&ex->server->draining)) {
        ex->must_close = true;
        return error_set(err, STATUS_UNAVAILABLE, "stopping", NULL,
                         "The server is stopping. Please try again in a moment.");
    }
    st = parse_target(ex, err);
    if (st == STATUS_OK)
        st = find_route(ex, method, err);
    if (st == STATUS_OK)
        st = limit_check(ex, err);
    if (st == STATUS_OK)
        st = check_size(ex, err);
    return st;
}
