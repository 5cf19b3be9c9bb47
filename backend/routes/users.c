#include "models/account.h"
#include "routes/common.h"
#include "services/account_link.h"
#include "services/user.h"

#define SEARCH_MAX 200 /* characters */

static const struct choice yes_no[] = {{"false", "No"}, {"true", "Yes"}, {NULL, NULL}};

static enum status reply(struct response *rs, enum status st, const struct user *u, struct error *err)
{
    return st == STATUS_OK ? response_object(rs, &user_model, u, err) : st;
}

static enum status read_filter(const struct request *rq, struct user_filter *f, struct sort *order, struct paging *p,
                               struct error *err)
{
    enum status st = route_paging(rq, p, err);
    if (st == STATUS_OK)
        st = route_sort(rq, user_sort_choices, (struct sort){USER_SORT_CREATED, true}, order, err);
    if (st == STATUS_OK)
        st = route_choice(rq, "role", role_choices, &f->role, err);
    if (st == STATUS_OK)
        st = route_choice(rq, "active", yes_no, &f->active, err);
    return st == STATUS_OK ? route_text(rq, "search", SEARCH_MAX, &f->search, err) : st;
}

static enum status list(struct request *rq, struct response *rs, struct error *err)
{
    struct user_filter f = USER_FILTER_ANY;
    struct sort order;
    struct paging p;
    struct page page = {0};
    enum status st = read_filter(rq, &f, &order, &p, err);
    if (st == STATUS_OK)
        st = user_service_list(route_services(rq), &f, order, p, rq->arena, &page, err);
    return st == STATUS_OK ? response_page(rs, &user_model, &page.items, page.total, p.page, p.page_size, err) : st;
}

static enum status create(struct request *rq, struct response *rs, struct error *err)
{
    struct user *u = NULL;
    enum status st = auth_register(route_services(rq), route_actor(rq), rq->body, rq->arena, &u, err);
    return reply(rs, st, u, err);
}

static enum status get(struct request *rq, struct response *rs, struct error *err)
{
    struct id id;
    struct user *u = NULL;
    enum status st = request_param_id(rq, "id", &id, err);
    if (st == STATUS_OK)
        st = user_service_get(route_services(rq), id, rq->arena, &u, err);
    return reply(rs, st, u, err);
}

static enum status update(struct request *rq, struct response *rs, struct error *err)
{
    struct id id;
    int64_t version;
    struct user *u = NULL;
    enum status st = request_param_id(rq, "id", &id, err);
    if (st == STATUS_OK)
        st = request_if_match(rq, &version, err);
    if (st == STATUS_OK)
        st = user_service_update(route_services(rq), route_actor(rq), id, rq->body, version, rq->arena, &u, err);
    return reply(rs, st, u, err);
}

static enum status erase(struct request *rq, struct response *rs, struct error *err)
{
    struct id id;
    enum status st = request_param_id(rq, "id", &id, err);
    if (st == STATUS_OK)
        st = user_service_delete(route_services(rq), route_actor(rq), id, err);
    return st == STATUS_OK ? response_ok(rs, "Account deleted", err) : st;
}

static enum status log_out(struct request *rq, struct response *rs, struct error *err)
{
    struct id id;
    enum status st = request_param_id(rq, "id", &id, err);
    if (st == STATUS_OK)
        st = user_service_logout(route_services(rq), route_actor(rq), id, err);
    return st == STATUS_OK ? response_ok(rs, "All log-ins of the account have ended", err) : st;
}

static enum status invite(struct request *rq, struct response *rs, struct error *err)
{
    struct link_made *l = NULL;
    enum status st = account_invite(route_services(rq), route_actor(rq), rq->body, rq->arena, &l, err);
    return st == STATUS_OK ? response_object(rs, &link_made_model, l, err) : st;
}

static enum status make_link(struct request *rq, struct response *rs, struct error *err)
{
    struct id id;
    struct link_made *l = NULL;
    enum status st = request_param_id(rq, "id", &id, err);
    if (st == STATUS_OK)
        st = account_make_link(route_services(rq), route_actor(rq), id, false, rq->arena, &l, err);
    return st == STATUS_OK ? response_object(rs, &link_made_model, l, err) : st;
}

static const struct query_param list_query[] = {
    QUERY_PAGING,
    {"sort", "string", "created_at, full_name, email or last_login_at; with - before it downwards. Newest first.",
     .choices = user_sort_choices},
    {"role", "string", "Only those.", .choices = role_choices},
    {"active", "string", "Only those.", .choices = yes_no},
    {"search", "string", "In name and address.", .max = SEARCH_MAX},
    QUERY_END};

#define BASE "/api/v1/admin/users"
#define ONE  BASE "/{id}"

const struct route user_routes[] = {
    {HTTP_GET, BASE, ACCESS_ADMIN, .reply = &user_model, .reply_page = true, .query = list_query, .handler = list,
     .tag = "admin", .doc = "Every account."},
    {HTTP_POST, BASE, ACCESS_ADMIN, BODY_JSON, &user_create_model, .reply = &user_model, .status = 201,
     .handler = create, .tag = "admin", .doc = "Makes an account with a password."},
    {HTTP_GET, ONE, ACCESS_ADMIN, .reply = &user_model, .versioned = true, .handler = get, .tag = "admin",
     .doc = "One account."},
    {HTTP_PATCH, ONE, ACCESS_ADMIN, BODY_JSON, &user_update_model, PARSE_PATCH, .reply = &user_model, .versioned = true,
     .handler = update, .tag = "admin", .doc = "Changes an account; is_active false disables it at once."},
    {HTTP_DELETE, ONE, ACCESS_ADMIN, .handler = erase, .tag = "admin",
     .doc = "Deletes an account that owns no interviews."},
    {HTTP_POST, ONE "/logout", ACCESS_ADMIN, .handler = log_out, .tag = "admin",
     .doc = "Ends every log-in of an account, and its access tokens with them."},
    {HTTP_POST, BASE "/invite", ACCESS_ADMIN, BODY_JSON, &user_invite_model, .reply = &link_made_model, .status = 201,
     .handler = invite, .tag = "admin",
     .doc = "Makes an account that chooses its own password by a link: mailed where mail is set, else in the reply."},
    {HTTP_POST, ONE "/password-reset", ACCESS_ADMIN, .reply = &link_made_model, .status = 201, .handler = make_link,
     .tag = "admin", .doc = "A link by which an account sets a new password; mailed or in the reply, as above."},
    ROUTES_END,
};
