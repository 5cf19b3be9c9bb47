/* Headers that every reply carries, CORS, and which origins count as ours. */
#include "http/internal.h"

#include <string.h>
#include <strings.h>

static const char *in(const struct exchange *ex, const char *name)
{
    return MHD_lookup_connection_value(ex->mc, MHD_HEADER_KIND, name);
}

static bool tls(const struct exchange *ex)
{
    return ex->server->tls_cert != NULL;
}

/* The same origin, or public_url. */
static bool origin_ours(const struct exchange *ex, const char *origin)
{
    const char *authority, *host = in(ex, "Host"), *public_url = ex->server->o.public_url;
    if (!origin_authority(origin, &authority))
        return false;
    if (host != NULL && strcasecmp(authority, host) == 0)
        return true;
    if (public_url == NULL || public_url[0] == '\0')
        return false;
    size_t n = strlen(origin); /* public_url may end with a slash or a path */
    return strncasecmp(public_url, origin, n) == 0 && (public_url[n] == '\0' || public_url[n] == '/');
}

static bool cors_allows(const struct exchange *ex, const char *origin)
{
    const char *const *list = ex->server->o.cors_origins;
    for (size_t i = 0; list != NULL && list[i] != NULL; i++)
        if (strcmp(list[i], origin) == 0)
            return true;
    return false;
}

bool origin_allowed(const struct exchange *ex, const char *origin)
{
    return origin_ours(ex, origin) || cors_allows(ex, origin);
}

static void cors(struct exchange *ex)
{
    struct response *rs = &ex->rs;
    const char *const *list = ex->server->o.cors_origins;
    if (list == NULL || list[0] == NULL)
        return;
    const char *vary = header_get(rs, "Vary"), *origin = in(ex, "Origin");
    char *both = vary != NULL ? arena_printf(ex->arena, "%s, Origin", vary) : NULL;
    header_set(rs, "Vary", both != NULL ? both : "Origin");
    if (origin == NULL || !cors_allows(ex, origin))
        return;
    header_set(rs, "Access-Control-Allow-Origin", origin);
    header_set(rs, "Access-Control-Expose-Headers",
               "X-Request-Id, Retry-After, ETag, Content-Range, Accept-Ranges, Content-Disposition");
}

/* The page may talk to its own host by WebSocket: 'self' does not cover ws: in every browser, and a bare ws: would
 * cover all. */
static void page_policy(struct exchange *ex)
{
    const char *host = in(ex, "Host");
    char *sockets = host != NULL ? arena_printf(ex->arena, " ws://%s wss://%s", host, host) : NULL;
    char *csp =
        arena_printf(ex->arena,
                     "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; style-src-attr "
                     "'unsafe-inline'; img-src 'self' blob: data:; media-src 'self' blob: data:; font-src 'self'; "
                     "connect-src 'self'%s; worker-src 'self' blob:; object-src 'none'; base-uri 'none'; form-action "
                     "'self'; frame-ancestors 'none'",
                     sockets != NULL ? sockets : "");
    if (csp != NULL)
        header_set(&ex->rs, "Content-Security-Policy", csp);
    header_set(&ex->rs, "Permissions-Policy", "camera=(self), microphone=(self), geolocation=(), payment=(), usb=()");
    header_set(&ex->rs, "Cross-Origin-Opener-Policy", "same-origin");
}

void reply_headers_finish(struct exchange *ex)
{
    struct response *rs = &ex->rs;
    header_set(rs, "X-Request-Id", ex->id);
    header_set(rs, "X-Content-Type-Options", "nosniff");
    header_set(rs, "Referrer-Policy", "same-origin");
    header_set(rs, "X-Frame-Options", "DENY");
    if (ex->server->o.cors_origins == NULL || ex->server->o.cors_origins[0] == NULL)
        header_set(rs, "Cross-Origin-Resource-Policy", "same-origin");
    if (tls(ex))
        header_set(rs, "Strict-Transport-Security", "max-age=31536000");
    if (rs->page) {
        page_policy(ex);
    } else {
        header_set(rs, "Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'; sandbox");
        header_set(rs, "Permissions-Policy", "camera=(), microphone=()");
        if (header_get(rs, "Cache-Control") == NULL)
            header_set(rs, "Cache-Control", "no-store");
    }
    if (rs->media_type != NULL && (rs->kind == REPLY_FILE || rs->body.len > 0))
        header_set(rs, "Content-Type", rs->media_type);
    cors(ex);
    if (ex->must_close || atomic_load(&ex->server->draining))
        header_set(rs, "Connection", "close");
}

enum status preflight(struct exchange *ex, struct error *err)
{
    struct response *rs = &ex->rs;
    const char *origin = in(ex, "Origin");
    struct buf b;
    buf_init(&b, 256);
    for (int m = HTTP_GET; m <= HTTP_DELETE; m++)
        if (ex->match.allowed & (1u << m))
            buf_printf(&b, "%s%s, ", method_name((enum http_method)m), m == HTTP_GET ? ", HEAD" : "");
    buf_str(&b, "OPTIONS");
    header_set(rs, "Allow", buf_cstr(&b));
    if (origin != NULL && cors_allows(ex, origin)) {
        header_set(rs, "Access-Control-Allow-Methods", buf_cstr(&b));
        header_set(
            rs, "Access-Control-Allow-Headers",
            "Authorization, Content-Type, X-Chunk-SHA256, X-Request-Id, If-Match, If-None-Match, Range, If-Range");
        header_set(rs, "Access-Control-Max-Age", "600");
    }
    buf_free(&b);
    (void)err;
    rs->kind = REPLY_BODY;
    rs->status = 204;
    return STATUS_OK;
}
