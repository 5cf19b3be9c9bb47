#ifndef VIVA_ROUTES_CONTEXT_H
#define VIVA_ROUTES_CONTEXT_H
/* What a worker thread brings to a handler: rq->services is one of these. */

#include "http/http.h"
#include "live/live.h"
#include "services/services.h"

struct route_context {
    struct services *services;
    struct live *live; /* shared */
};

static inline struct services *route_services(const struct request *rq)
{
    return ((struct route_context *)rq->services)->services;
}

#endif
