/* What a candidate says of themselves, after the interview. */
#include "models/self_identification.h"

#include "routes/common.h"
#include "services/self_identification.h"

static enum status reply(struct response *rs, enum status st, const struct self_identification *x, struct error *err)
{
    return st == STATUS_OK ? response_object(rs, &self_identification_model, x, err) : st;
}

static enum status get(struct request *rq, struct response *rs, struct error *err)
{
    struct self_identification *x = NULL;
    enum status st = self_identification_get(route_services(rq), rq->who.session_id, rq->arena, &x, err);
    return reply(rs, st, x, err);
}

static enum status set(struct request *rq, struct response *rs, struct error *err)
{
    struct self_identification *x = NULL;
    enum status st = self_identification_set(route_services(rq), rq->who.session_id, rq->body, rq->arena, &x, err);
    return reply(rs, st, x, err);
}

static enum status take_back(struct request *rq, struct response *rs, struct error *err)
{
    enum status st = self_identification_take_back(route_services(rq), rq->who.session_id, err);
    return st == STATUS_OK ? response_ok(rs, "Taken back", err) : st;
}

#define ONE "/api/v1/public/sessions/{session_id}/self-identification"

const struct route self_identification_routes[] = {
    {HTTP_GET, ONE, ACCESS_CANDIDATE, .reply = &self_identification_model, .handler = get, .tag = "public",
     .doc = "What one said of oneself, and whether this organisation asks. In the browser where it was given."},
    {HTTP_PUT, ONE, ACCESS_CANDIDATE, BODY_JSON, &self_identification_input_model, PARSE_CREATE,
     .reply = &self_identification_model, .handler = set, .tag = "public",
     .doc = "Says something of oneself, after the interview and of one's own will, in place of what was said before. "
            "It is read in figures over many people only, and by nothing that scores."},
    {HTTP_DELETE, ONE, ACCESS_CANDIDATE, .handler = take_back, .tag = "public", .doc = "Takes it back: it is erased."},
    ROUTES_END,
};
