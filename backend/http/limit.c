/* Rate classes, per caller's address: generous enough for an office behind one address, tight for log-ins. */
#include "http/internal.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <string.h>

static const struct rate {
    const char *name;
    double per_second, burst;
} rates[] = {
    [RATE_NORMAL] = {"normal", 50, 300},
    [RATE_LOGIN] = {"login", 0.5, 20},
    [RATE_UPLOAD] = {"upload", 50, 300},
    [RATE_HEAVY] = {"heavy", 1, 20},
};

static enum status take(struct exchange *ex, const struct rate *r, const char *kind, const char *who, struct error *err)
{
    char key[1200];
    int64_t wait_ms = 0;
    double scale = ex->server->o.rate_scale;
    snprintf(key, sizeof(key), "%s:%s:%s", r->name, kind, who);
    if (ratelimit_take(ex->server->limits, key, r->per_second * scale, r->burst * scale < 1 ? 1 : r->burst * scale,
                       &wait_ms))
        return STATUS_OK;
    char seconds[24];
    snprintf(seconds, sizeof(seconds), "%lld", (long long)(wait_ms + 999) / 1000);
    header_set(&ex->rs, "Retry-After", seconds);
    return error_set(err, STATUS_RATE_LIMITED, "rate_limited", NULL,
                     "Too many requests. Please try again in %s seconds.", seconds);
}

/* Whose bucket an address is: of IPv6 the first 64 bits, since one subscriber has them all. */
static void subscriber(const char *remote, char *out, size_t size)
{
    struct in6_addr a;
    if (inet_pton(AF_INET6, remote, &a) == 1 && !IN6_IS_ADDR_V4MAPPED(&a)) {
        memset(a.s6_addr + 8, 0, 8);
        inet_ntop(AF_INET6, &a, out, (socklen_t)size);
        return;
    }
    snprintf(out, size, "%s", remote);
}

enum status limit_check(struct exchange *ex, struct error *err)
{
    const struct route *route = ex->match.route;
    if (route == NULL || route->rate == RATE_NONE || ex->server->limits == NULL)
        return STATUS_OK;
    const struct rate *r = &rates[route->rate];
    char who[64];
    subscriber(ex->rq.remote, who, sizeof(who));
    enum status st = take(ex, r, "address", who, err);
    const char *token = MHD_lookup_connection_value(ex->mc, MHD_HEADER_KIND, "Authorization");
    if (st == STATUS_OK && token != NULL && route->rate != RATE_LOGIN)
        st = take(ex, r, "token", token, err);
    return st;
}
