#include "live/live.h"

#include "routes/common.h"

static enum status accept(struct request *rq, struct ws *ws, const struct ws_events **events, void **u,
                          struct error *err)
{
    struct route_context *rc = rq->services;
    return live_attach(rc->live, rq->who.session_id, ws, events, u, err);
}

const struct route live_routes[] = {
    {HTTP_GET, "/api/v1/public/sessions/{session_id}/live", ACCESS_CANDIDATE, .rate = RATE_UPLOAD, .ws_accept = accept,
     .ws_protocol = "viva.v1", .tag = "public",
     .doc = "The live interview (WebSocket, subprotocols viva.v1 and token.<session token>). See SYSTEM_OVERVIEW.md, "
            "\"Live protocol\"."},
    ROUTES_END,
};
