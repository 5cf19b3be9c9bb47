/* libmicrohttpd's callbacks: the life of one request, all on the connection's I/O thread.
 *
 *   NEW --no body------------------------------> BODY --last call--> RUN (suspended, worker) --> READY --> QUEUED
 *   NEW --body, token needed--> AUTH (suspended, worker) --> AUTHED --> BODY
 *   refused while a body is under way: LINGER (see send.c) */
#include "http/internal.h"

#include "base/log.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#define DISCARD_MAX (8u << 20) /* of a refused body */

static void exchange_free(struct exchange *ex)
{
    if (ex->ws != NULL)
        ws_upgrade_abandon(ex);
    if (ex->rs.fd >= 0)
        close(ex->rs.fd);
    if (ex->upload.fd >= 0)
        close(ex->upload.fd);
    buf_free(&ex->rs.body);
    buf_free(&ex->body);
    arena_free(ex->arena);
    free(ex);
}

void *exchange_uri(void *cls, const char *uri, struct MHD_Connection *mc)
{
    struct exchange *ex = calloc(1, sizeof(*ex));
    if (ex == NULL)
        return NULL;
    ex->server = cls;
    ex->mc = mc;
    ex->conn = conn_of(mc);
    ex->upload.fd = -1;
    ex->arena = arena_new(ARENA_CAP);
    if (ex->arena != NULL)
        ex->target = arena_strdup(ex->arena, uri != NULL ? uri : "");
    response_init(ex);
    if (ex->conn == NULL || ex->target == NULL) {
        exchange_free(ex);
        return NULL;
    }
    random_token(ex->id, sizeof(ex->id), 12);
    ex->started_ms = clock_mono_ms(&ex->server->clock);
    ex->started_us = clock_elapsed_us();
    ex->self.ex = ex;
    ex->rq =
        (struct request){.arena = ex->arena, .request_id = ex->id, .internal = &ex->self, .remote = ex->conn->remote};
    conn_phase_set(ex->conn, CONN_HEADERS);
    return ex;
}

void exchange_uncount(struct exchange *ex)
{
    if (ex->counted)
        atomic_fetch_sub(&ex->server->inflight, 1);
    ex->counted = false;
}

void exchange_log(struct exchange *ex, int status)
{
    char code[16], ms[24];
    if (ex->logged)
        return;
    ex->logged = true;
    snprintf(code, sizeof(code), "%d", status);
    snprintf(ms, sizeof(ms), "%lld", (long long)(clock_mono_ms(&ex->server->clock) - ex->started_ms));
    const char *where = ex->match.route != NULL ? ex->match.route->path : ex->match.allowed != 0 ? "static" : "unknown";
    log_event(LOG_INFO, "request", "method", ex->method_text != NULL ? ex->method_text : "?", "route", where, "status",
              code, "ms", ms, "id", ex->id, NULL);
    if (ex->server->o.on_request != NULL)
        ex->server->o.on_request(ex->server->o.u, ex->match.route, status, clock_elapsed_us() - ex->started_us);
}

void exchange_completed(void *cls, struct MHD_Connection *mc, void **con, enum MHD_RequestTerminationCode code)
{
    struct exchange *ex = *con;
    (void)cls;
    (void)mc;
    (void)code;
    if (ex == NULL)
        return;
    *con = NULL;
    exchange_log(ex, 0); /* ended before it had a reply */
    exchange_uncount(ex);
    conn_phase_set(ex->conn, CONN_IDLE);
    exchange_free(ex);
}

static void task_auth(void *arg, void *worker_state)
{
    struct exchange *ex = arg;
    exchange_authenticate(ex, worker_state);
    ex->phase = EX_AUTHED;
    MHD_resume_connection(ex->mc);
}

static void task_run(void *arg, void *worker_state)
{
    struct exchange *ex = arg;
    exchange_run(ex, worker_state);
    ex->phase = EX_READY;
    MHD_resume_connection(ex->mc);
}

static void fail_unavailable(struct exchange *ex)
{
    struct error err;
    exchange_fail(
        ex, error_set(&err, STATUS_UNAVAILABLE, "busy", NULL, "The server is busy. Please try again in a moment."),
        &err);
    ex->phase = ex->phase == EX_AUTH ? EX_AUTHED : EX_READY;
}

static void task_discard(void *arg)
{
    struct exchange *ex = arg;
    fail_unavailable(ex);
    MHD_resume_connection(ex->mc);
}

/* From MHD_suspend_connection() until it is resumed the exchange is the worker's. */
static void submit(struct exchange *ex, enum exchange_phase phase)
{
    struct task t = {.run = phase == EX_AUTH ? task_auth : task_run, .discard = task_discard, .arg = ex};
    struct error err;
    ex->phase = phase;
    conn_phase_set(ex->conn, CONN_BUSY);
    MHD_suspend_connection(ex->mc);
    pthread_mutex_lock(&ex->server->pool_lock);
    bool taken = ex->server->pool != NULL && pool_submit(ex->server->pool, t, &err) == STATUS_OK;
    pthread_mutex_unlock(&ex->server->pool_lock);
    if (!taken)
        task_discard(ex);
}

static bool expects_continue(const struct exchange *ex)
{
    const char *h = MHD_lookup_connection_value(ex->mc, MHD_HEADER_KIND, "Expect");
    return h != NULL && list_has_token(h, "100-continue");
}

/* The reply is an error that stands before the body was read. */
static enum MHD_Result refuse(struct exchange *ex)
{
    if (ex->body_length == 0 &&
        !ex->must_close) { /* nothing will follow: reply in the last call, keep the connection */
        ex->phase = EX_READY;
        return MHD_YES;
    }
    ex->must_close = true;
    if (ex->body_length == 0 || expects_continue(ex)) /* no body is on its way: libmicrohttpd can end this */
        return exchange_send(ex);
    return exchange_send_raw(ex) ? MHD_YES : MHD_NO;
}

static enum MHD_Result fail_early(struct exchange *ex, enum status st, const struct error *err)
{
    exchange_fail(ex, st, err);
    return refuse(ex);
}

static enum MHD_Result last_forwarded(void *cls, enum MHD_ValueKind kind, const char *name, const char *value)
{
    const char **last = cls;
    (void)kind;
    if (strcasecmp(name, "X-Forwarded-For") == 0 && value != NULL)
        *last = value;
    return MHD_YES;
}

/* Whatever stands before the last entry of the last such header is the client's word. */
static void find_caller(struct exchange *ex)
{
    const char *h = NULL;
    char address[ADDRESS_TEXT_SIZE];
    if (!ex->server->o.trust_proxy || !ex->conn->loopback)
        return;
    MHD_get_connection_values(ex->mc, MHD_HEADER_KIND, last_forwarded, &h);
    if (h != NULL && forwarded_address(h, address))
        ex->rq.remote = arena_strdup(ex->arena, address);
    if (ex->rq.remote == NULL)
        ex->rq.remote = ex->conn->remote;
}

static enum MHD_Result body_starts(struct exchange *ex)
{
    struct error err = {0};
    enum status st = body_begin(ex, &err);
    ex->phase = EX_BODY;
    if (st != STATUS_OK)
        return fail_early(ex, st, &err);
    conn_phase_set(ex->conn, CONN_BODY);
    return MHD_YES;
}

static enum MHD_Result begin(struct exchange *ex, const char *method, const char *version)
{
    struct error err = {0};
    ex->counted = true;
    atomic_fetch_add(&ex->server->inflight, 1);
    ex->method_text = arena_strndup(ex->arena, http_is_token(method) ? method : "?", 16);
    if (ex->method_text == NULL)
        return MHD_NO;
    find_caller(ex);
    enum status st = exchange_begin(ex, method, version, &err);
    if (st != STATUS_OK)
        return fail_early(ex, st, &err);
    ex->rq.route = ex->match.route;
    ex->rq.path = ex->path.text;
    bool token_needed = ex->match.route != NULL && (ex->match.route->access & ~(unsigned)ACCESS_PUBLIC) != 0;
    if (ex->body_length == 0 || !token_needed)
        return body_starts(ex);
    submit(ex, EX_AUTH);
    return MHD_YES;
}

static enum MHD_Result body_part(struct exchange *ex, const char *data, size_t *size)
{
    struct error err = {0};
    size_t n = *size;
    *size = 0;
    enum status st = body_add(ex, data, n, &err);
    if (st == STATUS_OK)
        return MHD_YES;
    exchange_fail(ex, st, &err);
    return exchange_send_raw(ex) ? MHD_YES : MHD_NO;
}

static enum MHD_Result linger(struct exchange *ex, size_t *size)
{
    ex->discarded += *size;
    if (*size == 0 || ex->discarded > DISCARD_MAX)
        return MHD_NO;
    *size = 0;
    return MHD_YES;
}

enum MHD_Result exchange_handle(void *cls, struct MHD_Connection *mc, const char *url, const char *method,
                                const char *version, const char *data, size_t *size, void **con)
{
    struct exchange *ex = *con;
    (void)cls;
    (void)mc;
    (void)url;
    if (ex == NULL)
        return MHD_NO;
    switch (ex->phase) {
    case EX_NEW:
        return begin(ex, method, version);
    case EX_AUTHED:
        if (ex->rs.kind != REPLY_NONE)
            return refuse(ex);
        return body_starts(ex);
    case EX_BODY:
        if (*size > 0)
            return body_part(ex, data, size);
        submit(ex, EX_RUN);
        return MHD_YES;
    case EX_READY:
        return ex->ws != NULL ? ws_upgrade_send(ex) : exchange_send(ex);
    case EX_LINGER:
        return linger(ex, size);
    case EX_AUTH:
    case EX_RUN:
    case EX_QUEUED:
        break;
    }
    return MHD_YES;
}
