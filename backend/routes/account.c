#include "models/account.h"
#include "routes/common.h"
#include "services/account.h"

static enum status me(struct request *rq, struct response *rs, struct error *err)
{
    struct user *u = NULL;
    enum status st = account_me(route_services(rq), route_actor(rq), rq->arena, &u, err);
    return st == STATUS_OK ? response_object(rs, &user_model, u, err) : st;
}

static enum status update_me(struct request *rq, struct response *rs, struct error *err)
{
    int64_t version;
    struct user *u = NULL;
    enum status st = request_if_match(rq, &version, err);
    if (st == STATUS_OK)
        st = account_update_me(route_services(rq), route_actor(rq), rq->body, version, rq->arena, &u, err);
    return st == STATUS_OK ? response_object(rs, &user_model, u, err) : st;
}

static enum status change_password(struct request *rq, struct response *rs, struct error *err)
{
    enum status st = account_change_password(route_services(rq), route_actor(rq), rq->body, err);
    return st == STATUS_OK ? response_ok(rs, "Password changed. All other log-ins have ended", err) : st;
}

static enum status sessions(struct request *rq, struct response *rs, struct error *err)
{
    struct paging p;
    struct page page = {0};
    enum status st = route_paging(rq, &p, err);
    if (st == STATUS_OK)
        st = account_logins(route_services(rq), route_actor(rq), p, rq->arena, &page, err);
    return st == STATUS_OK ? response_page(rs, &login_session_model, &page.items, page.total, p.page, p.page_size, err)
                           : st;
}

static enum status end_session(struct request *rq, struct response *rs, struct error *err)
{
    struct id id;
    enum status st = request_param_id(rq, "id", &id, err);
    if (st == STATUS_OK)
        st = account_end_login(route_services(rq), route_actor(rq), id, err);
    return st == STATUS_OK ? response_ok(rs, "The log-in has ended", err) : st;
}

static enum status end_others(struct request *rq, struct response *rs, struct error *err)
{
    enum status st = account_end_other_logins(route_services(rq), route_actor(rq), err);
    return st == STATUS_OK ? response_ok(rs, "All other log-ins have ended", err) : st;
}

static const struct query_param paging_query[] = {QUERY_PAGING, QUERY_END};

#define BASE "/api/v1/auth"

const struct route account_routes[] = {
    {HTTP_GET, BASE "/me", ACCESS_USER, .reply = &user_model, .versioned = true, .handler = me, .tag = "auth",
     .doc = "Who the token belongs to."},
    {HTTP_PATCH, BASE "/me", ACCESS_USER, BODY_JSON, &account_update_model, PARSE_PATCH, .reply = &user_model,
     .versioned = true, .rate = RATE_LOGIN, .handler = update_me, .tag = "auth",
     .doc = "Changes the caller's name or address."},
    {HTTP_POST, BASE "/password", ACCESS_USER, BODY_JSON, &password_change_model, .rate = RATE_LOGIN,
     .handler = change_password, .tag = "auth",
     .doc = "Changes the caller's password, which ends all their other log-ins."},
    {HTTP_GET, BASE "/sessions", ACCESS_USER, .reply = &login_session_model, .reply_page = true, .query = paging_query,
     .handler = sessions, .tag = "auth", .doc = "Where the caller is logged in, newest first."},
    {HTTP_DELETE, BASE "/sessions", ACCESS_USER, .handler = end_others, .tag = "auth",
     .doc = "Ends all the caller's log-ins but the one that asks."},
    {HTTP_DELETE, BASE "/sessions/{id}", ACCESS_USER, .handler = end_session, .tag = "auth",
     .doc = "Ends one of the caller's log-ins, and its access tokens with it."},
    ROUTES_END,
};
