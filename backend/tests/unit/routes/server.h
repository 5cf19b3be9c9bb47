#ifndef VIVA_TESTS_ROUTES_SERVER_H
#define VIVA_TESTS_ROUTES_SERVER_H
/* The product's route tables over the stage's services, on a free port of this machine, and a client of a few lines.
 * Every reply is read as JSON unless it is a file: an envelope that is none fails the test. */

#include "unit/services/stage.h"

#include "base/json_read.h"
#include "routes/routes.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>

static struct http_server *server;
static struct live *hub;
static struct cache *server_cache;

static inline void *context_services(void)
{
    struct services *own = calloc(1, sizeof *own);
    struct error err = {0};
    *own = stage;
    if (db_open(temp_url("stage.db"), false, &own->db, &err) != STATUS_OK)
        abort();
    return own;
}

static inline void *hub_services(void *u)
{
    (void)u;
    return context_services();
}

static inline void hub_services_free(void *services)
{
    struct services *own = services;
    db_close(own->db);
    free(own);
}

static inline void *context_new(void *u)
{
    (void)u;
    struct route_context *rc = calloc(1, sizeof *rc);
    rc->services = context_services();
    rc->live = hub;
    return rc;
}

static inline void context_free(void *state)
{
    struct route_context *rc = state;
    hub_services_free(rc->services);
    free(rc);
}

static inline int server_open(void **state)
{
    static const uint8_t salt[32] = {1};
    const struct cache_options co = {.salt = salt, .clock = &clock_system};
    stage_open(state);
    ok(cache_new(&co, &server_cache, &err));
    stage.cache = server_cache;
    const struct http_options o = {
        .host = "127.0.0.1",
        .workers = 2,
        .io_threads = 1,
        .connections_max = 64,
        .upload_dir = storage_upload_dir(s->storage),
        .public_url = "",
        .tables = all_routes,
        .title = "Viva",
        .version = "test",
        .clock = &clock_system,
        .worker_new = context_new,
        .worker_free = context_free,
        .authenticate = route_authenticate,
    };
    const struct live_options l = {
        .services_new = hub_services,
        .services_free = hub_services_free,
        .engines = &engines,
        .clock = &clock_system,
        .workers = 1,
        .speech_workers = 1,
        .sessions_max = 4,
        .patience = {600, 1400, 3000, 12000},
        .pause_max_ms = 60000,
    };
    ok(live_new(&l, &hub, &err));
    ok(http_start(&o, &server, &err));
    return 0;
}

static inline int server_close(void **state)
{
    server = http_stop(server, 5000);
    hub = live_free(hub);
    server_cache = cache_free(server_cache);
    stage.cache = NULL;
    return stage_close(state);
}

struct reply {
    int status;
    const char *head, *body; /* in the arena */
    size_t len;
    struct json_doc *doc; /* freed by the next call */
    const char *code, *field;
};

static struct json_doc *last_doc;

static inline void write_all(int fd, const void *data, size_t n)
{
    for (size_t at = 0; at < n;) {
        ssize_t k = send(fd, (const char *)data + at, n - at, MSG_NOSIGNAL);
        if (k <= 0)
            return; /* refused while sending: the reply says why */
        at += (size_t)k;
    }
}

static inline void read_reply(int fd, struct reply *r)
{
    cleanup(buf_free) struct buf b;
    char block[16384];
    buf_init(&b, 64u << 20);
    for (ssize_t k; (k = recv(fd, block, sizeof block, 0)) > 0;)
        buf_append(&b, block, (size_t)k);
    assert_true(buf_ok(&b));
    char *all = arena_alloc(arena, b.len + 1);
    memcpy(all, buf_cstr(&b), b.len);
    char *split = strstr(all, "\r\n\r\n");
    if (!split || sscanf(all, "HTTP/1.1 %d", &r->status) != 1)
        fail_msg("no HTTP reply: %.200s", all);
    split[2] = '\0';
    r->head = all;
    r->body = split + 4;
    r->len = b.len - (size_t)(r->body - all);
}

/* headers: whole lines with their \r\n, or "". */
static inline struct reply call_raw(const char *method, const char *path, const char *headers, const void *body,
                                    size_t len)
{
    struct reply r = {0};
    struct sockaddr_in at = {.sin_family = AF_INET, .sin_port = htons((uint16_t)http_port(server))};
    at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    cleanup(fd_closep) int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    assert_int_equal(connect(fd, (struct sockaddr *)&at, sizeof at), 0);
    assert_int_equal(setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &(struct timeval){20, 0}, sizeof(struct timeval)), 0);
    const char *head =
        arena_printf(arena, "%s %s HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n%sContent-Length: %zu\r\n\r\n",
                     method, path, headers, len);
    write_all(fd, head, strlen(head));
    write_all(fd, body, len);
    read_reply(fd, &r);
    last_doc = json_doc_free(last_doc);
    if (strcasestr(r.head, "\r\nContent-Type: application/json")) {
        if (json_parse(r.body, r.len, &last_doc, &(struct error){0}) != STATUS_OK)
            fail_msg("%s %s: not JSON: %.300s", method, path, r.body);
        r.doc = last_doc;
        const struct json_val *error = json_get(json_root(r.doc), "error");
        r.code = json_get_string(error, "code", "");
        r.field = json_get_string(error, "field", "");
    }
    if (r.status >= 500 && r.status != 503)
        fail_msg("%s %s: %d %.300s", method, path, r.status, r.body);
    return r;
}

static inline struct reply call(const char *method, const char *path, const char *token, const char *json)
{
    const char *headers = arena_printf(arena, "%s%s%s%s", token ? "Authorization: Bearer " : "", token ? token : "",
                                       token ? "\r\n" : "", json ? "Content-Type: application/json\r\n" : "");
    return call_raw(method, path, headers, json ? json : "", json ? strlen(json) : 0);
}

static inline const struct json_val *data_of(const struct reply *r)
{
    return json_get(json_root(r->doc), "data");
}

static inline const char *text_of(const struct json_val *v, const char *key)
{
    return arena_strdup(arena, json_get_string(v, key, ""));
}

#define expect(got_, status_, code_)                                                                                   \
    do {                                                                                                               \
        struct reply r_ = (got_);                                                                                      \
        if (r_.status != (status_) || !r_.code || strcmp(r_.code, (code_)) != 0)                                       \
            fail_msg("%s: %d %s %.200s", #got_, r_.status, r_.code ? r_.code : "-", r_.body);                          \
    } while (0)

#endif
