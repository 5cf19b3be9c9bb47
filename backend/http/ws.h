#ifndef VIVA_HTTP_WS_H
#define VIVA_HTTP_WS_H
/* WebSocket connections (RFC 6455, framing by libwslay) on one epoll thread of their own. A struct ws is
 * reference-counted: ws_accept's ws may be kept with ws_ref until ws_unref. Sends are thread-safe and only queue;
 * frames go out in the order of the calls. */

#include "base/status.h"

#include <stdint.h>

struct ws;

/* Called on the WebSocket thread, one at a time per connection: do not block, hand over. Data is borrowed for the call.
 */
struct ws_events {
    void (*open)(void *u, struct ws *ws);              /* handshake is out; sends are possible from here */
    void (*text)(void *u, const char *data, size_t n); /* whole message, valid UTF-8, <= 64 KiB */
    void (*binary)(void *u, const uint8_t *data, size_t n);
    void (*closed)(void *u, int code); /* once, last; after it u is not touched again */
};

struct ws *ws_ref(struct ws *ws);
struct ws *ws_unref(struct ws *ws); /* returns NULL */

/* STATUS_UNAVAILABLE when the connection is closed or its queue (4 MiB) is full: a reader that slow is closed with
 * 1013. */
enum status ws_send_text(struct ws *ws, const char *data, size_t n);
enum status ws_send_binary(struct ws *ws, const void *data, size_t n);
void ws_close(struct ws *ws, int code, const char *reason); /* closing handshake; safe to call twice */
size_t ws_queued(struct ws *ws);                            /* bytes waiting to go out */

#endif
