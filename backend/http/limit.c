/* Rate classes, per caller's address and per account: generous enough for an office behind one address, tight for
 * log-ins. The address is looked at first on the I/O thread, in this process's buckets, so that a flood costs no
 * worker; where replicas share buckets, the worker asks those as well. */
#include "http/internal.h"

#include <stdio.h>

static const struct rate {
    const char *name;
    double per_second, burst;
} rates[] = {
    [RATE_NORMAL] = {"normal", 50, 300},
    [RATE_LOGIN] = {"login", 0.5, 20},
    [RATE_UPLOAD] = {"upload", 50, 300},
    [RATE_HEAVY] = {"heavy", 1, 20},
};

static enum status limited(struct exchange *ex, int64_t wait_ms, struct error *err)
{
    char seconds[24];
    snprintf(seconds, sizeof(seconds), "%lld", (long long)(wait_ms + 999) / 1000);
    header_set(&ex->rs, "Retry-After", seconds);
    return error_set(err, STATUS_RATE_LIMITED, "rate_limited", NULL,
                     "Too many requests. Please try again in %s seconds.", seconds);
}

static enum status take(struct exchange *ex, bool shared, const char *kind, const char *who, struct error *err)
{
    char key[128];
    int64_t wait_ms = 0;
    const struct http_options *o = &ex->server->o;
    const struct rate *r = &rates[ex->match.route->rate];
    double burst = r->burst * o->rate_scale < 1 ? 1 : r->burst * o->rate_scale, rate = r->per_second * o->rate_scale;
    snprintf(key, sizeof(key), "rate.%s.%s:%s", r->name, kind, who);
    bool taken = shared ? o->rate_take(o->u, key, rate, burst, &wait_ms)
                        : ratelimit_take(ex->server->limits, key, rate, burst, &wait_ms);
    return taken ? STATUS_OK : limited(ex, wait_ms, err);
}

static bool unlimited(const struct exchange *ex)
{
    const struct route *route = ex->match.route;
    return route == NULL || route->rate == RATE_NONE || ex->server->limits == NULL;
}

enum status limit_check(struct exchange *ex, struct error *err)
{
    char who[64];
    if (unlimited(ex))
        return STATUS_OK;
    ratelimit_subscriber(ex->rq.remote, who, sizeof(who));
    return take(ex, false, "address", who, err);
}

enum status limit_shared(struct exchange *ex, struct error *err)
{
    char who[64];
    if (unlimited(ex) || ex->server->o.rate_take == NULL)
        return STATUS_OK;
    ratelimit_subscriber(ex->rq.remote, who, sizeof(who));
    return take(ex, true, "address", who, err);
}

/* However many tokens an account has, and from wherever it comes. */
enum status limit_account(struct exchange *ex, struct error *err)
{
    const struct principal *p = &ex->rq.who;
    struct id id = p->kind == ACCESS_CANDIDATE ? p->session_id : p->user_id;
    char who[ID_TEXT_SIZE];
    if (unlimited(ex) || id_is_zero(id))
        return STATUS_OK;
    id_format(id, who);
    enum status st = take(ex, false, "account", who, err);
    return st == STATUS_OK && ex->server->o.rate_take != NULL ? take(ex, true, "account", who, err) : st;
}
