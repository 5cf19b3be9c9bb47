#ifndef VIVA_LIVE_WIRE_H
#define VIVA_LIVE_WIRE_H
/* What a session needs of a connection: http/ws.h's functions, or a test's. As ws.h: thread-safe, only queueing. */

#include "base/id.h"
#include "base/status.h"

struct live;
struct ws_events;

struct wire {
    void *(*ref)(void *ws);
    void (*unref)(void *ws);
    enum status (*send_text)(void *ws, const char *data, size_t n);
    enum status (*send_binary)(void *ws, const void *data, size_t n);
    void (*close)(void *ws, int code, const char *reason);
    size_t (*queued)(void *ws);
};

/* live_attach for any wire. */
enum status live_attach_wire(struct live *l, struct id session, const struct wire *wire, void *ws,
                             const struct ws_events **events, void **u, struct error *err) must_check;

#endif
