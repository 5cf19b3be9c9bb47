#ifndef VIVA_ROUTES_INTERVIEW_ROUTES_H
#define VIVA_ROUTES_INTERVIEW_ROUTES_H
/* What the route files of interviews share. */

#include "routes/common.h"

/* The interview of the path, and the version that the caller wants to change (If-Match). */
static inline enum status route_interview(const struct request *rq, struct interview_ref *ret, struct error *err)
{
    enum status st = request_param_id(rq, "id", &ret->id, err);
    return st == STATUS_OK ? request_if_match(rq, &ret->version, err) : st;
}

static inline enum status reply_interview(struct response *rs, enum status st, const struct interview *i,
                                          struct error *err)
{
    return st == STATUS_OK ? response_object(rs, &interview_detail_model, i, err) : st;
}

#endif
