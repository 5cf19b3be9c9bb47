#ifndef VIVA_HTTP_WS_LOOP_H
#define VIVA_HTTP_WS_LOOP_H
/* Inside of ws.h: the WebSocket thread, and how upgraded connections get to it. */

#include "http/ws.h"

#include <microhttpd.h>

struct ws_loop;

enum status ws_loop_new(int64_t ping_ms, int64_t silence_ms, struct ws_loop **ret,
                        struct error *err) must_check; /* 0: 20 s, 60 s */
/* Closes every connection with 1012 and waits until they are gone, for two seconds at most. Later ones get the same.
 * Takes NULL. */
void ws_loop_stop(struct ws_loop *l);
void ws_loop_join(struct ws_loop *l); /* ends the thread; whatever was left is cut off. Takes NULL */
struct ws_loop *
ws_loop_free(struct ws_loop *l); /* after ws_loop_join(), when nothing can be adopted any more. Takes NULL */

struct ws *ws_new(struct ws_loop *l); /* one reference, the caller's; NULL when out of memory */
/* From here `closed` will be called, whatever happens. */
void ws_listen(struct ws *ws, const struct ws_events *events, void *u);
/* Hands the caller's reference and the socket over to the thread; `extra` are bytes that were read already (copied). */
void ws_adopt(struct ws *ws, int fd, struct MHD_UpgradeResponseHandle *handle, const void *extra, size_t extra_len);
/* The handshake never went out: `closed` is called with 1006 on the thread, the caller's reference is gone. */
void ws_abandon(struct ws *ws);

#endif
