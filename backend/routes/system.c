#include "models/settings.h"
#include "routes/common.h"
#include "services/settings.h"

/* ---- settings ---- */

static enum status settings(struct request *rq, struct response *rs, struct error *err)
{
    struct settings *x = NULL;
    enum status st = settings_get(route_services(rq), rq->arena, &x, err);
    return st == STATUS_OK ? response_object(rs, &settings_model, x, err) : st;
}

static enum status change_settings(struct request *rq, struct response *rs, struct error *err)
{
    int64_t version = 0;
    struct settings *x = NULL;
    enum status st = request_if_match(rq, &version, err);
    if (st == STATUS_OK)
        st = settings_update(route_services(rq), route_actor(rq), rq->body, version, rq->arena, &x, err);
    return st == STATUS_OK ? response_object(rs, &settings_model, x, err) : st;
}

#define BASE "/api/v1/admin"

const struct route system_routes[] = {
    {HTTP_GET, BASE "/settings", ACCESS_ADMIN, .reply = &settings_model, .versioned = true, .handler = settings,
     .tag = "admin", .doc = "What administrators set while the server runs."},
    {HTTP_PATCH, BASE "/settings", ACCESS_ADMIN, BODY_JSON, &settings_update_model, PARSE_PATCH,
     .reply = &settings_model, .versioned = true, .handler = change_settings, .tag = "admin",
     .doc = "Sets what is given. Acts at once here, within seconds on other replicas."},
    ROUTES_END,
};
