/* The part of an exchange that runs on a worker: authentication, parsing, the handler; and how failure becomes a reply.
 */
#include "http/internal.h"

#include "base/log.h"

#include <string.h>
#include <strings.h>

int http_status_of(enum status st)
{
    switch (st) {
    case STATUS_OK:
        return 200;
    case STATUS_MALFORMED:
        return 400;
    case STATUS_UNAUTHENTICATED:
        return 401;
    case STATUS_FORBIDDEN:
        return 403;
    case STATUS_NOT_FOUND:
        return 404;
    case STATUS_CONFLICT:
        return 409;
    case STATUS_PRECONDITION:
        return 412;
    case STATUS_GONE:
        return 410;
    case STATUS_TOO_LARGE:
        return 413;
    case STATUS_UNSUPPORTED:
        return 415;
    case STATUS_INVALID:
        return 422;
    case STATUS_RATE_LIMITED:
        return 429;
    case STATUS_UNAVAILABLE:
    case STATUS_NO_MEMORY:
        return 503;
    case STATUS_IO:
    case STATUS_INTERNAL:
        break;
    }
    return 500;
}

/* What goes wrong inside is for the log; the caller learns that it did, and the request id. */
static const struct error internal_error = {.code = "internal",
                                            .message = "Something went wrong on our side. It has been recorded."};

void exchange_fail(struct exchange *ex, enum status st, const struct error *err)
{
    int http_status = ex->fail_status != 0 ? ex->fail_status : http_status_of(st);
    if (ex->style == STYLE_OPENAI && (http_status == 415 || http_status == 422))
        http_status = 400;
    if (http_status >= 500)
        log_failure(ex->match.route != NULL ? ex->match.route->path : "http", ex->id, st, err);
    if (http_status == 500)
        err = &internal_error;
    if (http_status == 401)
        header_set(&ex->rs, "WWW-Authenticate", "Bearer realm=\"viva\"");
    if ((http_status == 503 || http_status == 429) && header_get(&ex->rs, "Retry-After") == NULL)
        header_set(&ex->rs, "Retry-After", http_status == 503 ? "3" : "10");
    response_error(ex, http_status, err);
}

static const char *bearer(struct exchange *ex)
{
    const char *h = MHD_lookup_connection_value(ex->mc, MHD_HEADER_KIND, "Authorization");
    if (h == NULL || strncasecmp(h, "Bearer ", 7) != 0)
        return NULL;
    h += 7;
    h += strspn(h, " ");
    return *h != '\0' ? h : NULL;
}

/* A session's token opens that session and no other, whatever the handler forgets. */
static enum status check_scope(struct exchange *ex, struct error *err)
{
    if (ex->rq.who.kind != ACCESS_CANDIDATE)
        return STATUS_OK;
    size_t len = 0;
    for (size_t i = 0;; i++) {
        const char *name = router_param_name(ex->match.route, i, &len);
        if (name == NULL)
            return STATUS_OK;
        if (len != strlen("session_id") || strncmp(name, "session_id", len) != 0)
            continue;
        struct id id;
        if (!id_parse(ex->match.values[i], &id) || !id_equal(id, ex->rq.who.session_id))
            return error_set(err, STATUS_FORBIDDEN, "forbidden", NULL, "This link does not open that session.");
        return STATUS_OK;
    }
}

static enum status authenticate(struct exchange *ex, void *worker_state, struct error *err)
{
    const struct route *r = ex->match.route;
    unsigned wanted = r->access & ~(unsigned)ACCESS_PUBLIC;
    ex->rq.who = (struct principal){.kind = ACCESS_PUBLIC};
    if (wanted == 0)
        return STATUS_OK;
    const char *token = r->ws_accept != NULL ? ws_upgrade_token(ex) : bearer(ex);
    if (token != NULL) {
        wanted &= ~(unsigned)ACCESS_MEDIA;
    } else if (r->access & ACCESS_MEDIA) {
        token = query_get(&ex->query, "ticket");
        wanted = ACCESS_MEDIA;
    }
    if (token == NULL && (r->access & ACCESS_PUBLIC))
        return STATUS_OK;
    if (token == NULL)
        return error_set(err, STATUS_UNAUTHENTICATED, "token_missing", NULL, "Please log in.");
    if (wanted == 0)
        return error_set(err, STATUS_FORBIDDEN, "forbidden", NULL, "You may not do this.");
    struct principal who = {0};
    enum status st = ex->server->o.authenticate(worker_state, token, wanted, ex->path.text, &who, err);
    if (st != STATUS_OK)
        return st;
    if ((who.kind & wanted) == 0)
        return error_set(err, STATUS_FORBIDDEN, "forbidden", NULL, "You may not do this.");
    ex->rq.who = who;
    return check_scope(ex, err);
}

static enum status authenticate_once(struct exchange *ex, void *worker_state, struct error *err)
{
    if (ex->authenticated || ex->match.route == NULL)
        return STATUS_OK;
    enum status st = limit_shared(ex, err);
    if (st == STATUS_OK)
        st = authenticate(ex, worker_state, err);
    if (st == STATUS_OK)
        st = limit_account(ex, err);
    ex->authenticated = st == STATUS_OK;
    return st;
}

void exchange_authenticate(struct exchange *ex, void *worker_state)
{
    struct error err = {0};
    enum status st = authenticate_once(ex, worker_state, &err);
    if (st != STATUS_OK)
        exchange_fail(ex, st, &err);
}

static enum status handle(struct exchange *ex, void *worker_state, struct error *err)
{
    const struct route *r = ex->match.route;
    ex->rq.services = worker_state;
    if (strcmp(ex->method_text, "OPTIONS") == 0)
        return preflight(ex, err);
    if (r == NULL)
        return static_serve(ex, err);
    enum status st = STATUS_OK;
    if (r->ws_accept != NULL)
        st = ws_upgrade_check(ex, err);
    if (st == STATUS_OK)
        st = authenticate_once(ex, worker_state, err);
    if (st == STATUS_OK)
        st = body_end(ex, err);
    if (st == STATUS_OK && r->ws_accept != NULL)
        return ws_upgrade_accept(ex, err);
    if (st == STATUS_OK)
        st = r->handler(&ex->rq, &ex->rs, err);
    if (st == STATUS_OK && ex->rs.kind == REPLY_NONE)
        st = error_set(err, STATUS_INTERNAL, "no_reply", NULL, "The handler made no reply.");
    return st;
}

void exchange_run(struct exchange *ex, void *worker_state)
{
    struct error err = {0};
    enum status st = handle(ex, worker_state, &err);
    if (st != STATUS_OK) {
        if (err.code[0] == '\0')
            error_set(&err, st, status_name(st), NULL, "The request failed.");
        exchange_fail(ex, st, &err);
    }
}
