#include "models/account.h"
#include "routes/common.h"
#include "services/account.h"
#include "services/account_link.h"

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

static enum status request_reset(struct request *rq, struct response *rs, struct error *err)
{
    const struct reset_request *in = rq->body;
    const struct auth_client from = route_client(rq);
    struct reset_requested out = {0};
    enum status st = account_request_reset(route_services(rq), in->email, &from, &out.by_mail, err);
    return st == STATUS_OK ? response_object(rs, &reset_requested_model, &out, err) : st;
}

static enum status link_state(struct request *rq, struct response *rs, struct error *err)
{
    struct link_state *l = NULL;
    enum status st = account_link_state(route_services(rq), request_param(rq, "token"), rq->arena, &l, err);
    return st == STATUS_OK ? response_object(rs, &link_state_model, l, err) : st;
}

static enum status use_link(struct request *rq, struct response *rs, struct error *err)
{
    const struct link_use *in = rq->body;
    const struct auth_client from = route_client(rq);
    struct tokens *t = NULL;
    enum status st =
        account_link_use(route_services(rq), request_param(rq, "token"), in->password, &from, rq->arena, &t, err);
    return st == STATUS_OK ? response_object(rs, &tokens_model, t, err) : st;
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
    {HTTP_POST, BASE "/password-reset/request", ACCESS_PUBLIC, BODY_JSON, &reset_request_model,
     .reply = &reset_requested_model, .rate = RATE_LOGIN, .handler = request_reset, .tag = "auth",
     .doc = "For whoever forgot their password. Says the same, in the same time, for addresses without an account."},
    {HTTP_GET, BASE "/links/{token}", ACCESS_PUBLIC, .reply = &link_state_model, .rate = RATE_LOGIN,
     .handler = link_state, .tag = "auth", .doc = "What a link that works once is for. 410 when it was used or ended."},
    {HTTP_POST, BASE "/links/{token}", ACCESS_PUBLIC, BODY_JSON, &link_use_model, .reply = &tokens_model,
     .rate = RATE_LOGIN, .handler = use_link, .tag = "auth",
     .doc = "Accepts an invitation or sets a new password, ends all log-ins of the account, and logs in."},
    ROUTES_END,
};
