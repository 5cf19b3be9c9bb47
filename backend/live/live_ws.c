/* The wire of the product: WebSockets of http/ws.h. */
#include "http/ws.h"
#include "live/live.h"
#include "live/wire.h"

static void *ref(void *ws)
{
    return ws_ref(ws);
}

static void unref(void *ws)
{
    ws_unref(ws);
}

static enum status send_text(void *ws, const char *data, size_t n)
{
    return ws_send_text(ws, data, n);
}

static enum status send_binary(void *ws, const void *data, size_t n)
{
    return ws_send_binary(ws, data, n);
}

static void close_ws(void *ws, int code, const char *reason)
{
    ws_close(ws, code, reason);
}

static size_t queued(void *ws)
{
    return ws_queued(ws);
}

static const struct wire wire_ws = {ref, unref, send_text, send_binary, close_ws, queued};

enum status live_attach(struct live *l, struct id session, struct ws *ws, const struct ws_events **events, void **u,
                        struct error *err)
{
    return live_attach_wire(l, session, &wire_ws, ws, events, u, err);
}
