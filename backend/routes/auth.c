#include "services/auth.h"
#include "models/user.h"
#include "routes/common.h"
#include "services/login_guard.h"

#include <string.h>

static enum status setup(struct request *rq, struct response *rs, struct error *err)
{
    struct setup_state state = {0};
    enum status st = auth_needs_first_user(route_services(rq), &state.needs_first_user, err);
    return st == STATUS_OK ? response_object(rs, &setup_state_model, &state, err) : st;
}

/* Open while there is no user; after that an administrator's token is needed, which the router has not asked for. */
static enum status register_user(struct request *rq, struct response *rs, struct error *err)
{
    struct user *u = NULL;
    const char *header = request_header(rq, "Authorization");
    struct actor by = {.request_id = rq->request_id};
    if (header) {
        struct principal who = {0};
        if (strncasecmp(header, "Bearer ", 7))
            return error_set(err, STATUS_UNAUTHENTICATED, "token_invalid", "Authorization",
                             "Authorization must be: Bearer TOKEN");
        enum status st = route_authenticate(rq->services, header + 7, ACCESS_ADMIN, rq->path, &who, err);
        if (st != STATUS_OK)
            return st;
        by.user_id = who.user_id;
        by.is_admin = true;
    }
    enum status st = auth_register(route_services(rq), by, rq->body, rq->arena, &u, err);
    return st == STATUS_OK ? response_object(rs, &user_model, u, err) : st;
}

static enum status login(struct request *rq, struct response *rs, struct error *err)
{
    const struct login *in = rq->body;
    const struct auth_client from = route_client(rq);
    struct tokens *t = NULL;
    if (in->grant_type && *in->grant_type && strcmp(in->grant_type, "password") != 0)
        return error_set(err, STATUS_INVALID, "field_choice", "grant_type", "grant_type must be \"password\"");
    int64_t wait_ms = 0;
    struct services *s = route_services(rq);
    enum status st = login_guard_begin(s, in->username, rq->remote, &wait_ms, err);
    if (st != STATUS_OK) {
        route_retry_after(rs, wait_ms);
        return st;
    }
    st = auth_login(s, in->username, in->password, &from, rq->arena, &t, err);
    if (st == STATUS_OK || st == STATUS_UNAUTHENTICATED)
        login_guard_end(s, in->username, rq->remote, st == STATUS_OK);
    return st == STATUS_OK ? response_object(rs, &tokens_model, t, err) : st;
}

static enum status refresh(struct request *rq, struct response *rs, struct error *err)
{
    const struct token_refresh *in = rq->body;
    const struct auth_client from = route_client(rq);
    struct tokens *t = NULL;
    enum status st = auth_refresh(route_services(rq), in->refresh_token, &from, rq->arena, &t, err);
    return st == STATUS_OK ? response_object(rs, &tokens_model, t, err) : st;
}

static enum status logout(struct request *rq, struct response *rs, struct error *err)
{
    const struct token_refresh *in = rq->body;
    const struct auth_client from = route_client(rq);
    enum status st = auth_logout(route_services(rq), in->refresh_token, &from, err);
    return st == STATUS_OK ? response_ok(rs, "Logged out", err) : st;
}

const struct route auth_routes[] = {
    {HTTP_GET, "/api/v1/auth/setup", ACCESS_PUBLIC, .reply = &setup_state_model, .handler = setup, .tag = "auth",
     .doc = "Whether the first user is still to be made."},
    {HTTP_POST, "/api/v1/auth/register", ACCESS_PUBLIC, BODY_JSON, &user_create_model, .reply = &user_model,
     .status = 201, .rate = RATE_LOGIN, .handler = register_user, .tag = "auth",
     .doc = "Makes an account: the first one (an administrator) without a token, later ones with an administrator's."},
    {HTTP_POST, "/api/v1/auth/login", ACCESS_PUBLIC, BODY_FORM_OR_JSON, &login_model, .reply = &tokens_model,
     .rate = RATE_LOGIN, .handler = login, .tag = "auth",
     .doc = "Logs in with the OAuth2 password form (or the same as JSON)."},
    {HTTP_POST, "/api/v1/auth/refresh", ACCESS_PUBLIC, BODY_JSON, &token_refresh_model, .reply = &tokens_model,
     .rate = RATE_LOGIN, .handler = refresh, .tag = "auth",
     .doc = "Exchanges a refresh token for new tokens. One that was used before ends the whole log-in."},
    {HTTP_POST, "/api/v1/auth/logout", ACCESS_PUBLIC, BODY_JSON, &token_refresh_model, .handler = logout, .tag = "auth",
     .doc = "Ends the log-in that a refresh token belongs to, and its access tokens with it."},
    ROUTES_END,
};
