#ifndef VIVA_TESTS_HTTP_HARNESS_H
#define VIVA_TESTS_HTTP_HARNESS_H
/* A server with small routes, and a client that writes exactly the bytes it is told to. Header only: each test program
 * is one file. */

#include "base/file.h"
#include "base/log.h"
#include "http/http.h"
#include "http/internal.h"
#include "http/ws.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <semaphore.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#define SESSION   "018f0000-0000-7000-8000-000000000001"
#define OTHER     "018f0000-0000-7000-8000-000000000002"
#define FILE_SIZE 100000u
#define BIG_SIZE  (64u << 20)

/* Routes. */

struct echo {
    struct presence presence;
    const char *name;
    int64_t count;
};

static const struct field echo_fields[] = {
    FIELD(struct echo, name, FIELD_STRING, .flags = FIELD_REQUIRED, .min = 1, .max = 100),
    FIELD(struct echo, count, FIELD_INT, .min = 0, .max = 1000),
};
static const struct model echo_model = MODEL("Echo", struct echo, echo_fields, "What is echoed.");

#define TEXT_OR_NULL(type, member) FIELD(type, member, FIELD_STRING, .flags = FIELD_OUT_ONLY | FIELD_NULLABLE)

struct seen {
    struct presence presence;
    int64_t kind;
    const char *remote, *param, *query;
};
static const struct field seen_fields[] = {
    FIELD(struct seen, kind, FIELD_INT, .flags = FIELD_OUT_ONLY),
    TEXT_OR_NULL(struct seen, remote),
    TEXT_OR_NULL(struct seen, param),
    TEXT_OR_NULL(struct seen, query),
};
static const struct model seen_model = MODEL("Seen", struct seen, seen_fields, "Who asks for what.");

struct brought {
    struct presence presence;
    int64_t size;
    const char *sha256, *media_type, *first, *file_name, *name;
};
static const struct field brought_fields[] = {
    FIELD(struct brought, size, FIELD_INT, .flags = FIELD_OUT_ONLY),
    TEXT_OR_NULL(struct brought, sha256),
    TEXT_OR_NULL(struct brought, media_type),
    TEXT_OR_NULL(struct brought, first),
    TEXT_OR_NULL(struct brought, file_name),
    TEXT_OR_NULL(struct brought, name),
};
static const struct model brought_model = MODEL("Brought", struct brought, brought_fields, "What an upload brought.");

static sem_t slow_entered, slow_leave;

static inline enum status h_hello(struct request *rq, struct response *rs, struct error *err)
{
    (void)rq;
    return response_ok(rs, "hello", err);
}

static inline enum status h_echo(struct request *rq, struct response *rs, struct error *err)
{
    return response_object(rs, &echo_model, rq->body, err);
}

static inline enum status h_who(struct request *rq, struct response *rs, struct error *err)
{
    const struct seen x = {.kind = (int64_t)rq->who.kind,
                           .remote = rq->remote,
                           .param = request_param(rq, "id"),
                           .query = request_query(rq, "q")};
    return response_object(rs, &seen_model, &x, err);
}

static inline enum status h_upload(struct request *rq, struct response *rs, struct error *err)
{
    char first[9] = "";
    if (read(rq->upload->fd, first, 8) < 0)
        return STATUS_IO;
    const struct brought x = {.size = (int64_t)rq->upload->size,
                              .sha256 = rq->upload->sha256,
                              .media_type = rq->upload->media_type,
                              .first = first,
                              .file_name = rq->upload->file_name,
                              .name = rq->body != NULL ? ((const struct echo *)rq->body)->name : NULL};
    return response_object(rs, &brought_model, &x, err);
}

static inline enum status h_attach(struct request *rq, struct response *rs, struct error *err)
{
    return rq->upload != NULL ? h_upload(rq, rs, err) : response_ok(rs, "no file", err);
}

static inline int file_of(size_t size)
{
    int fd = memfd_create("file", MFD_CLOEXEC);
    if (fd < 0 || ftruncate(fd, (off_t)size) != 0)
        return -1;
    for (size_t i = 0; i < size && size <= FILE_SIZE; i += 10) { /* "000000000\n000000010\n..." */
        char line[24];
        snprintf(line, sizeof(line), "%09zu\n", i);
        if (pwrite(fd, line, 10, (off_t)i) != 10)
            return -1;
    }
    return fd;
}

static inline enum status h_file(struct request *rq, struct response *rs, struct error *err)
{
    (void)rq;
    return response_file(rs, file_of(FILE_SIZE), FILE_SIZE, "text/plain", "v1", request_query(rq, "download"), err);
}

static inline enum status h_big(struct request *rq, struct response *rs, struct error *err)
{
    (void)rq;
    return response_file(rs, file_of(BIG_SIZE), BIG_SIZE, "video/webm", "big", NULL, err);
}

static inline enum status h_slow(struct request *rq, struct response *rs, struct error *err)
{
    (void)rq;
    sem_post(&slow_entered);
    while (sem_wait(&slow_leave) != 0)
        ;
    return response_ok(rs, "slow", err);
}

static inline enum status h_broken(struct request *rq, struct response *rs, struct error *err)
{
    (void)rq;
    response_header(rs, "Content-Disposition", "attachment");
    (void)!response_ok(rs, "half", err);
    return error_set(err, STATUS_IO, "disk", NULL, "/secret/path: no space");
}

static inline enum status h_nothing(struct request *rq, struct response *rs, struct error *err)
{
    (void)rq, (void)rs, (void)err;
    return STATUS_OK;
}

static inline enum status h_conflict(struct request *rq, struct response *rs, struct error *err)
{
    (void)rq, (void)rs;
    error_set(err, STATUS_CONFLICT, "chunk_gap", "seq", "There is a gap.");
    snprintf(err->details, sizeof(err->details), "{\"expected\":3}");
    return STATUS_CONFLICT;
}

static inline enum status h_page(struct request *rq, struct response *rs, struct error *err)
{
    struct echo *items = arena_array(rq->arena, 2, sizeof(*items));
    items[0].name = "one";
    items[1].name = "two";
    return response_page(rs, &echo_model, &(struct list){items, 2}, 12, 2, 2, err);
}

/* WebSocket: echoes; "close" closes; "flood" sends until it is told to stop. */

static struct ws_seen {
    pthread_mutex_t lock;
    pthread_cond_t changed;
    int opened, closed, code, texts, binaries;
    struct ws *last;
} ws_seen = {.lock = PTHREAD_MUTEX_INITIALIZER, .changed = PTHREAD_COND_INITIALIZER};

struct ws_user {
    struct ws *ws;
    int number;
};

static inline void saw(int *what)
{
    pthread_mutex_lock(&ws_seen.lock);
    ++*what;
    pthread_cond_broadcast(&ws_seen.changed);
    pthread_mutex_unlock(&ws_seen.lock);
}

static inline void w_open(void *u, struct ws *ws)
{
    (void)u;
    assert_int_equal(ws_send_text(ws, "welcome", 7), STATUS_OK);
    saw(&ws_seen.opened);
}

static inline void w_text(void *u, const char *data, size_t n)
{
    struct ws_user *user = u;
    saw(&ws_seen.texts);
    if (n == 5 && memcmp(data, "close", 5) == 0) {
        ws_close(user->ws, 4410, "over");
        ws_close(user->ws, 4411, "twice");
    } else if (n == 5 && memcmp(data, "flood", 5) == 0) {
        char *block = calloc(1, 65536);
        for (int i = 0; i < 200 && ws_send_binary(user->ws, block, 65536) == STATUS_OK; i++)
            ;
        free(block);
    } else {
        (void)!ws_send_text(user->ws, data, n);
    }
}

static inline void w_binary(void *u, const uint8_t *data, size_t n)
{
    saw(&ws_seen.binaries);
    (void)!ws_send_binary(((struct ws_user *)u)->ws, data, n);
}

static inline void w_closed(void *u, int code)
{
    struct ws_user *user = u;
    ws_unref(user->ws);
    free(user);
    pthread_mutex_lock(&ws_seen.lock);
    ws_seen.closed++;
    ws_seen.code = code;
    pthread_cond_broadcast(&ws_seen.changed);
    pthread_mutex_unlock(&ws_seen.lock);
}

static const struct ws_events ws_echo_events = {w_open, w_text, w_binary, w_closed};

static inline enum status h_ws(struct request *rq, struct ws *ws, const struct ws_events **events, void **u,
                               struct error *err)
{
    if (request_query(rq, "refuse") != NULL)
        return error_set(err, STATUS_GONE, "session_over", NULL, "This session is over.");
    struct ws_user *user = calloc(1, sizeof(*user));
    user->ws = ws_ref(ws);
    *events = &ws_echo_events;
    *u = user;
    return STATUS_OK;
}

#define ROUTE(m, p, a, h, ...)                                                                                         \
    {                                                                                                                  \
        .method = (m), .path = (p), .access = (a), .handler = (h), .tag = "test", .doc = "A test.", __VA_ARGS__        \
    }
#define NO_RATE .rate = RATE_NONE

static const struct query_param test_params[] = {{"q", "string", "Any text."}, {NULL, NULL, NULL}};

static const struct route test_routes[] = {
    ROUTE(HTTP_GET, "/api/hello", ACCESS_PUBLIC, h_hello, NO_RATE),
    ROUTE(HTTP_GET, "/api/limited", ACCESS_PUBLIC, h_hello, .rate = RATE_LOGIN),
    ROUTE(HTTP_POST, "/api/echo", ACCESS_PUBLIC, h_echo, NO_RATE, .body_kind = BODY_JSON, .body = &echo_model,
          .body_max = 1000, .reply = &echo_model, .status = 201),
    ROUTE(HTTP_POST, "/api/form", ACCESS_PUBLIC, h_echo, NO_RATE, .body_kind = BODY_FORM_OR_JSON, .body = &echo_model,
          .reply = &echo_model),
    ROUTE(HTTP_PATCH, "/api/items/{id}", ACCESS_STAFF, h_echo, NO_RATE, .body_kind = BODY_JSON, .body = &echo_model,
          .body_mode = PARSE_PATCH, .reply = &echo_model),
    ROUTE(HTTP_GET, "/api/items/{id}", ACCESS_USER, h_who, NO_RATE, .query = test_params,
          .reply_schema = "{\"type\":\"object\"}"),
    ROUTE(HTTP_DELETE, "/api/items/{id}", ACCESS_ADMIN, h_hello, NO_RATE),
    ROUTE(HTTP_GET, "/api/items/options", ACCESS_PUBLIC, h_page, NO_RATE, .reply = &echo_model, .reply_page = true),
    ROUTE(HTTP_GET, "/api/maybe", ACCESS_PUBLIC | ACCESS_ADMIN, h_who, NO_RATE,
          .reply_schema = "{\"type\":\"object\"}"),
    ROUTE(HTTP_GET, "/api/sessions/{session_id}", ACCESS_CANDIDATE, h_hello, NO_RATE),
    ROUTE(HTTP_GET, "/api/media", ACCESS_MEDIA | ACCESS_STAFF, h_file, NO_RATE, .reply_media = "text/plain"),
    ROUTE(HTTP_GET, "/api/file", ACCESS_PUBLIC, h_file, NO_RATE, .reply_media = "text/plain"),
    ROUTE(HTTP_GET, "/api/big", ACCESS_PUBLIC, h_big, NO_RATE, .reply_media = "video/webm"),
    ROUTE(HTTP_PUT, "/api/upload", ACCESS_PUBLIC, h_upload, NO_RATE, .body_kind = BODY_STREAM, .body_max = 1u << 20,
          .reply_schema = "{\"type\":\"object\"}"),
    ROUTE(HTTP_POST, "/api/attach", ACCESS_PUBLIC, h_attach, NO_RATE, .body_kind = BODY_MULTIPART, .body = &echo_model,
          .body_max = 1u << 20, .file_field = "file", .reply_schema = "{\"type\":\"object\"}"),
    ROUTE(HTTP_POST, "/api/attach-perhaps", ACCESS_PUBLIC, h_attach, NO_RATE, .body_kind = BODY_MULTIPART,
          .file_field = "file", .file_optional = true, .reply_schema = "{\"type\":[\"object\",\"null\"]}"),
    ROUTE(HTTP_PUT, "/api/private-upload", ACCESS_STAFF, h_upload, NO_RATE, .body_kind = BODY_STREAM,
          .body_max = 1u << 20, .reply_schema = "{\"type\":\"object\"}"),
    ROUTE(HTTP_GET, "/api/slow", ACCESS_PUBLIC, h_slow, NO_RATE),
    ROUTE(HTTP_GET, "/api/broken", ACCESS_PUBLIC, h_broken, NO_RATE),
    ROUTE(HTTP_GET, "/api/nothing", ACCESS_PUBLIC, h_nothing, NO_RATE),
    ROUTE(HTTP_GET, "/api/conflict", ACCESS_PUBLIC, h_conflict, NO_RATE),
    {.method = HTTP_GET,
     .path = "/api/ws",
     .access = ACCESS_PUBLIC,
     .ws_accept = h_ws,
     .ws_protocol = "echo.v1",
     .tag = "test",
     .doc = "An echo.",
     .rate = RATE_NONE},
    {.method = HTTP_GET,
     .path = "/api/sessions/{session_id}/live",
     .access = ACCESS_CANDIDATE,
     .ws_accept = h_ws,
     .ws_protocol = "echo.v1",
     .tag = "test",
     .doc = "An echo.",
     .rate = RATE_NONE},
    ROUTES_END,
};

static const struct route *const test_tables[] = {test_routes, NULL};

/* Tokens: the role's name; "candidate"; "ticket" for exactly /api/media. */
static inline enum status test_authenticate(void *worker_state, const char *token, unsigned wanted, const char *path,
                                            struct principal *ret, struct error *err)
{
    static const struct {
        const char *token;
        enum access kind;
    } known[] = {{"admin", ACCESS_ADMIN},
                 {"recruiter", ACCESS_RECRUITER},
                 {"reviewer", ACCESS_REVIEWER},
                 {"candidate", ACCESS_CANDIDATE},
                 {"ticket", ACCESS_MEDIA}};
    (void)worker_state;
    for (size_t i = 0; i < 5; i++) {
        if (strcmp(token, known[i].token) != 0)
            continue;
        if ((known[i].kind & wanted) == 0 || (known[i].kind == ACCESS_MEDIA && strcmp(path, "/api/media") != 0))
            return error_set(err, STATUS_FORBIDDEN, "forbidden", NULL, "Not for you.");
        ret->kind = known[i].kind;
        (void)!id_parse(SESSION, known[i].kind == ACCESS_CANDIDATE ? &ret->session_id : &ret->user_id);
        return STATUS_OK;
    }
    return error_set(err, STATUS_UNAUTHENTICATED, "token_invalid", NULL, "This token is not valid.");
}

static inline struct http_server *server_start(struct http_options *o)
{
    struct http_server *s = NULL;
    struct error err = {0};
    log_set_level(LOG_ERROR);
    o->host = "127.0.0.1";
    o->workers = o->workers != 0 ? o->workers : 4;
    o->tables = o->tables != NULL ? o->tables : test_tables;
    o->title = "Test";
    o->version = "1";
    o->authenticate = test_authenticate;
    if (http_start(o, &s, &err) != STATUS_OK)
        fail_msg("http_start: %s", err.message);
    return s;
}

/* The client. */

static inline int dial_with(unsigned port, int receive_buffer)
{
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    struct sockaddr_in to = {
        .sin_family = AF_INET, .sin_port = htons((uint16_t)port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    struct timeval limit = {.tv_sec = 20};
    int on = 1;
    assert_true(fd >= 0);
    setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof(limit));
    setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof(limit));
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
    if (receive_buffer > 0)
        setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &receive_buffer, sizeof(receive_buffer));
    assert_int_equal(connect(fd, (struct sockaddr *)&to, sizeof(to)), 0);
    return fd;
}

static inline int dial(unsigned port)
{
    return dial_with(port, 0);
}

static inline bool put(int fd, const void *data, size_t n)
{
    for (const char *p = data; n > 0;) {
        ssize_t done = send(fd, p, n, MSG_NOSIGNAL);
        if (done <= 0)
            return false;
        p += done;
        n -= (size_t)done;
    }
    return true;
}

static inline bool say(int fd, const char *text)
{
    return put(fd, text, strlen(text));
}

struct reply {
    int status; /* 0: the connection ended without one */
    char *head, *body;
    size_t body_len;
    bool ended; /* the connection was closed before or behind it */
};

static inline void reply_free(struct reply *r)
{
    free(r->head);
    free(r->body);
    *r = (struct reply){0};
}

static inline const char *head_value(const struct reply *r, const char *name, char out[512])
{
    size_t n = strlen(name);
    for (const char *s = strstr(r->head, "\r\n"); s != NULL && s[2] != '\0'; s = strstr(s + 2, "\r\n"))
        if (strncasecmp(s + 2, name, n) == 0 && s[2 + n] == ':') {
            const char *v = s + 2 + n + 1 + strspn(s + 2 + n + 1, " ");
            snprintf(out, 512, "%.*s", (int)strcspn(v, "\r"), v);
            return out;
        }
    return NULL;
}

/* Reads one reply. */
static inline struct reply hear_method(int fd, bool head_only)
{
    struct reply r = {.head = calloc(1, 65536)};
    char value[512];
    size_t n = 0;
    while (n < 65535 && strstr(r.head, "\r\n\r\n") == NULL) {
        ssize_t k = recv(fd, r.head + n, 1, 0);
        if (k <= 0) {
            r.ended = true;
            return r;
        }
        n += (size_t)k;
    }
    r.status = atoi(r.head + 9);
    const char *length = head_value(&r, "Content-Length", value);
    size_t want = length != NULL && !head_only && r.status != 304 && r.status >= 200 ? strtoul(length, NULL, 10) : 0;
    r.body = calloc(1, want + 1);
    while (r.body_len < want) {
        ssize_t k = recv(fd, r.body + r.body_len, want - r.body_len, 0);
        if (k <= 0) {
            r.ended = true;
            break;
        }
        r.body_len += (size_t)k;
    }
    return r;
}

static inline struct reply hear(int fd)
{
    return hear_method(fd, false);
}

static inline bool at_end(int fd) /* waits for the peer to close; anything else it sends is a failure */
{
    char c;
    ssize_t n = recv(fd, &c, 1, 0);
    return n == 0 || (n < 0 && errno != EAGAIN);
}

/* One request on a connection of its own. */
static inline struct reply ask(unsigned port, const char *request)
{
    int fd = dial(port);
    say(fd, request);
    struct reply r = hear_method(fd, strncmp(request, "HEAD ", 5) == 0);
    close(fd);
    return r;
}

static inline struct reply ask_f(unsigned port, const char *fmt, ...) printf_like(2, 3);
static inline struct reply ask_f(unsigned port, const char *fmt, ...)
{
    char *text = NULL;
    va_list ap;
    va_start(ap, fmt);
    assert_true(vasprintf(&text, fmt, ap) >= 0);
    va_end(ap);
    struct reply r = ask(port, text);
    free(text);
    return r;
}

#define GET(path, headers) "GET " path " HTTP/1.1\r\nHost: localhost\r\n" headers "\r\n"

static inline void expect_status(unsigned port, const char *request, int status)
{
    struct reply r = ask(port, request);
    if (r.status != status)
        fail_msg("%.80s: %d instead of %d: %s", request, r.status, status, r.body != NULL ? r.body : "");
    reply_free(&r);
}

static inline void expect_error(unsigned port, const char *request, int status, const char *code)
{
    struct reply r = ask(port, request);
    char want[80];
    snprintf(want, sizeof(want), "\"code\":\"%s\"", code);
    if (r.status != status || r.body == NULL || strstr(r.body, want) == NULL ||
        strstr(r.body, "\"success\":false") == NULL)
        fail_msg("%.120s: %d (%s) instead of %d %s", request, r.status, r.body != NULL ? r.body : "", status, code);
    reply_free(&r);
}

static inline int64_t now_ms(void)
{
    return clock_mono_ms(&clock_system);
}

/* For what has no descriptor to wait on: true as soon as the count is reached, false after ten seconds. */
static inline bool ws_wait(int *what, int count)
{
    struct timespec until;
    clock_gettime(CLOCK_REALTIME, &until);
    until.tv_sec += 10;
    pthread_mutex_lock(&ws_seen.lock);
    int rc = 0;
    while (*what < count && rc == 0)
        rc = pthread_cond_timedwait(&ws_seen.changed, &ws_seen.lock, &until);
    bool reached = *what >= count;
    pthread_mutex_unlock(&ws_seen.lock);
    return reached;
}

static inline void ws_seen_reset(void)
{
    pthread_mutex_lock(&ws_seen.lock);
    ws_seen.opened = ws_seen.closed = ws_seen.code = ws_seen.texts = ws_seen.binaries = 0;
    pthread_mutex_unlock(&ws_seen.lock);
}

#endif
