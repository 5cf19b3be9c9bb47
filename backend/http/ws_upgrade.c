/* The opening handshake (RFC 6455, 4.2): checks on a worker, the reply on the I/O thread, then the socket moves to the
 * WebSocket thread. */
#include "http/internal.h"

#include "http/ws_loop.h"

#include <gnutls/crypto.h>
#include <sodium.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#define GUID         "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"
#define TOKEN_PREFIX "token."

static const char *in(const struct exchange *ex, const char *name)
{
    return MHD_lookup_connection_value(ex->mc, MHD_HEADER_KIND, name);
}

static bool key_ok(const char *key)
{
    unsigned char nonce[16];
    size_t n = 0;
    return key != NULL && strlen(key) == 24 &&
           sodium_base642bin(nonce, sizeof(nonce), key, 24, NULL, &n, NULL, sodium_base64_VARIANT_ORIGINAL) == 0 &&
           n == 16;
}

enum status ws_upgrade_check(struct exchange *ex, struct error *err)
{
    const char *upgrade = in(ex, "Upgrade"), *version = in(ex, "Sec-WebSocket-Version"), *origin = in(ex, "Origin");
    if (upgrade == NULL || !list_has_token(upgrade, "websocket") || !list_has_token(in(ex, "Connection"), "upgrade")) {
        ex->fail_status = 426;
        return error_set(err, STATUS_INVALID, "websocket_only", NULL, "This address is for WebSocket connections.");
    }
    if (version == NULL || strcmp(version, "13") != 0 || !key_ok(in(ex, "Sec-WebSocket-Key")))
        return error_set(err, STATUS_MALFORMED, "websocket_handshake", NULL, "The WebSocket handshake is malformed.");
    if (!list_has_token(in(ex, "Sec-WebSocket-Protocol"), ex->match.route->ws_protocol))
        return error_set(err, STATUS_MALFORMED, "websocket_protocol", NULL, "The WebSocket protocol %s is spoken here.",
                         ex->match.route->ws_protocol);
    if (origin != NULL &&
        !origin_allowed(ex, origin)) /* programs send none; a page of somebody else's must not get in */
        return error_set(err, STATUS_FORBIDDEN, "origin", NULL, "Pages of another site may not connect here.");
    return STATUS_OK;
}

const char *ws_upgrade_token(struct exchange *ex)
{
    const char *s = in(ex, "Sec-WebSocket-Protocol");
    while (s != NULL && *s != '\0') {
        s += strspn(s, " \t,");
        size_t n = strcspn(s, " \t,");
        if (n > strlen(TOKEN_PREFIX) && strncmp(s, TOKEN_PREFIX, strlen(TOKEN_PREFIX)) == 0)
            return arena_strndup(ex->arena, s + strlen(TOKEN_PREFIX), n - strlen(TOKEN_PREFIX));
        s += n;
    }
    return NULL;
}

enum status ws_upgrade_accept(struct exchange *ex, struct error *err)
{
    const struct ws_events *events = NULL;
    void *u = NULL;
    struct ws *ws = ws_new(ex->server->ws);
    if (ws == NULL)
        return error_set(err, STATUS_NO_MEMORY, "no_memory", NULL, "Out of memory.");
    enum status st = ex->match.route->ws_accept(&ex->rq, ws, &events, &u, err);
    if (st != STATUS_OK) {
        ws_unref(ws);
        return st;
    }
    ws_listen(ws, events, u);
    ex->ws = ws;
    return STATUS_OK;
}

static void accept_key(const char *key, char out[32])
{
    char text[64];
    uint8_t digest[20];
    int n = snprintf(text, sizeof(text), "%s" GUID, key);
    gnutls_hash_fast(GNUTLS_DIG_SHA1, text, (size_t)n, digest);
    sodium_bin2base64(out, 32, digest, sizeof(digest), sodium_base64_VARIANT_ORIGINAL);
}

static void upgraded(void *cls, struct MHD_Connection *mc, void *req, const char *extra, size_t extra_len,
                     MHD_socket fd, struct MHD_UpgradeResponseHandle *handle)
{
    struct exchange *ex = cls;
    struct ws *ws = ex->ws;
    (void)mc;
    (void)req;
    ex->ws = NULL;
    conn_phase_set(ex->conn, CONN_UPGRADED);
    exchange_uncount(ex);
    ws_adopt(ws, fd, handle, extra, extra_len);
}

enum MHD_Result ws_upgrade_send(struct exchange *ex)
{
    char accept[32];
    struct MHD_Response *r = MHD_create_response_for_upgrade(upgraded, ex);
    if (r == NULL)
        return MHD_NO;
    accept_key(in(ex, "Sec-WebSocket-Key"), accept);
    enum MHD_Result ok = MHD_add_response_header(r, "Upgrade", "websocket");
    if (ok == MHD_YES)
        ok = MHD_add_response_header(r, "Sec-WebSocket-Accept", accept);
    if (ok == MHD_YES)
        ok = MHD_add_response_header(r, "Sec-WebSocket-Protocol", ex->match.route->ws_protocol);
    if (ok == MHD_YES)
        ok = MHD_add_response_header(r, "X-Request-Id", ex->id);
    ex->phase = EX_QUEUED;
    conn_phase_set(ex->conn, CONN_REPLY);
    exchange_log(ex, 101);
    if (ok == MHD_YES)
        ok = MHD_queue_response(ex->mc, 101, r);
    MHD_destroy_response(r);
    return ok;
}

void ws_upgrade_abandon(struct exchange *ex)
{
    ws_abandon(ex->ws);
    ex->ws = NULL;
}
