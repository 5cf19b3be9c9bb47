#include "models/settings.h"
#include "routes/common.h"
#include "services/settings.h"
#include "services/statistics.h"

/* ---- state ---- */

static enum status add_live(const struct request *rq, struct statistics *x, struct error *err)
{
    struct live_figures now;
    struct live_load *l = arena_new_of(rq->arena, struct live_load);
    if (l == NULL)
        return arena_exhausted(err);
    live_figures(((struct route_context *)rq->services)->live, &now);
    l->under_way = now.under_way;
    l->waiting = now.waiting;
    l->held = now.held;
    l->speech_utilisation = now.utilisation;
    l->captions_delayed = now.captions_delayed;
    x->live = l;
    return STATUS_OK;
}

static enum status statistics(struct request *rq, struct response *rs, struct error *err)
{
    int64_t days = 0;
    struct statistics *x = NULL;
    enum status st = route_number(rq, "days", 1, STATISTICS_DAYS_MAX, 30, &days, err);
    if (st == STATUS_OK)
        st = statistics_get(route_services(rq), days, rq->arena, &x, err);
    if (st == STATUS_OK)
        st = add_live(rq, x, err);
    return st == STATUS_OK ? response_object(rs, &statistics_model, x, err) : st;
}

static enum status info(struct request *rq, struct response *rs, struct error *err)
{
    return response_object(rs, &system_info_model, route_services(rq)->system, err);
}

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

static const struct query_param statistics_query[] = {
    {"days", "integer", "1 to 90, 30 unless given.", "30", .min = 1, .max = STATISTICS_DAYS_MAX}, QUERY_END};

const struct route system_routes[] = {
    {HTTP_GET, BASE "/statistics", ACCESS_ADMIN, .reply = &statistics_model, .query = statistics_query,
     .handler = statistics, .tag = "admin",
     .doc = "How the installation does: counts, trends, storage, queue, health."},
    {HTTP_GET, BASE "/system", ACCESS_ADMIN, .reply = &system_info_model, .handler = info, .tag = "admin",
     .doc = "What the process was told at its start, without secrets."},
    {HTTP_GET, BASE "/settings", ACCESS_ADMIN, .reply = &settings_model, .versioned = true, .handler = settings,
     .tag = "admin", .doc = "What administrators set while the server runs."},
    {HTTP_PATCH, BASE "/settings", ACCESS_ADMIN, BODY_JSON, &settings_update_model, PARSE_PATCH,
     .reply = &settings_model, .versioned = true, .handler = change_settings, .tag = "admin",
     .doc = "Sets what is given. Acts at once here, within seconds on other replicas."},
    ROUTES_END,
};
