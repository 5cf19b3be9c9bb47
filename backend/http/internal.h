#ifndef VIVA_HTTP_INTERNAL_H
#define VIVA_HTTP_INTERNAL_H
/* What the files of http/ share. An exchange is one request with its reply. It belongs to its connection's I/O thread,
 * except between suspension and resumption, when it belongs to the worker that runs it; so it needs no lock of its own.
 * Locks: http_server.conns.lock guards the list of connections and the phases in it; nothing else is taken under it. */

#include "base/buf.h"
#include "base/clock.h"
#include "base/pool.h"
#include "http/http.h"
#include "http/parse.h"
#include "utils/ratelimit.h"
#include "utils/sha256.h"

#include <microhttpd.h>
#include <pthread.h>
#include <stdatomic.h>

#define ARENA_CAP         (8u << 20) /* bytes a request may use */
#define BODY_MAX_DEFAULT  (256u << 10)
#define BODY_IGNORED_MAX  (64u << 10) /* what may come, unread, to a route without a body */
#define REPLY_MAX         (32u << 20)
#define HEADERS_MAX_BYTES (16u << 10) /* request line and headers; beyond: 431 */
#define HEADERS_MAX_COUNT 96

/* connection.c: one per TCP connection, watched by the reaper. */
enum conn_phase {
    CONN_HEADERS, /* reading a request's headers: until the deadline */
    CONN_BODY,    /* reading its body: must make progress */
    CONN_BUSY,    /* a worker has it */
    CONN_REPLY,   /* sending: must make progress */
    CONN_IDLE,    /* kept alive: until the deadline */
    CONN_LINGER,  /* refused in the middle of a body: until the deadline */
    CONN_UPGRADED
};

struct conns;
struct ws_loop;

struct conn {
    struct conn *prev, *next;
    struct conns *owner;
    int fd;
    enum conn_phase phase;
    int64_t deadline_ms;   /* HEADERS, IDLE, LINGER */
    int64_t window_ms;     /* BODY, REPLY: when the present window began, */
    uint64_t window_bytes; /* and how much had moved by then */
    uint64_t request_end;  /* bytes received when the last request was complete */
    atomic_uint_least64_t received;
    char remote[64]; /* the peer's address */
    bool loopback;
};

struct conns {
    pthread_mutex_t lock;
    struct conn *list; /* guarded by lock */
    const struct clock *clock;
    int64_t header_ms, body_ms, idle_ms, linger_ms;
    pthread_t reaper;
    pthread_cond_t wake;
    bool stop, started; /* guarded by lock */
};

enum status conns_start(struct conns *c, const struct http_options *o, struct error *err) must_check;
void conns_stop(struct conns *c);
void conns_notify(void *cls, struct MHD_Connection *mc, void **socket_context,
                  enum MHD_ConnectionNotificationCode code);
struct conn *conn_of(struct MHD_Connection *mc);
void conn_phase_set(struct conn *c, enum conn_phase phase);

/* router.c */
struct router;
struct matched {
    const struct route *route;             /* NULL: none */
    const char *values[PATH_SEGMENTS_MAX]; /* of the route's {params}, in order */
    unsigned allowed;                      /* bits 1 << method the path would have had */
};
enum status router_new(const struct route *const *tables, const struct route *builtin, struct router **ret,
                       struct error *err) must_check;
struct router *router_free(struct router *r);
void router_match(const struct router *r, enum http_method method, const struct path *path, struct matched *ret);
const char *router_param_name(const struct route *route, size_t index, size_t *ret_len); /* NULL past the last */
const char *method_name(enum http_method m);

/* respond.c, file.c, send.c */
struct header {
    struct header *next;
    const char *name, *value;
};

enum reply_kind { REPLY_NONE, REPLY_BODY, REPLY_FILE };

struct response {
    struct exchange *ex;
    int status; /* 0: the route's */
    enum reply_kind kind;
    struct buf body;
    struct json json;
    const char *media_type;
    struct header *headers, **headers_end;
    int fd;
    uint64_t file_offset, file_length;
    bool page; /* a page of our own: it gets the page's Content-Security-Policy */
};

enum exchange_phase {
    EX_NEW,    /* nothing but the request line is known */
    EX_AUTH,   /* with a worker, before the body */
    EX_AUTHED, /* back from there */
    EX_BODY,   /* body is being read */
    EX_RUN,    /* with a worker */
    EX_READY,  /* the reply stands in .rs */
    EX_QUEUED, /* handed to libmicrohttpd */
    EX_LINGER  /* the reply went out by ourselves, the rest of the body is thrown away */
};

struct http_internal {
    struct exchange *ex;
};

struct exchange {
    struct http_server *server;
    struct MHD_Connection *mc;
    struct conn *conn;
    enum exchange_phase phase;
    struct arena *arena;
    char *target; /* as it came */
    char id[64];
    int64_t started_ms, started_us;
    const char *method_text;
    enum api_style style; /* of the address, be there something or not */
    bool head, counted, logged, must_close, authenticated;
    struct path path;
    struct query query;
    struct matched match;
    struct http_internal self;
    struct request rq;
    struct response rs;
    int fail_status;                /* HTTP status of a failure that enum status has no word for (405, 431); 0 */
    uint64_t body_max, body_length; /* announced; UINT64_MAX: chunked */
    uint64_t body_got, discarded;
    const char *media_type; /* of the body, in lower case, without parameters; "" */
    struct buf body;
    struct sha256 sha;
    struct upload upload;
    struct form *form; /* a multipart body, else NULL */
    struct ws *ws;     /* accepted, not yet handed over */
};

struct http_server {
    struct http_options o;
    struct clock clock;
    struct MHD_Daemon *daemon;
    int listener; /* the daemon's once there is one */
    struct router *router;
    pthread_mutex_t pool_lock;
    struct pool *pool; /* guarded by pool_lock; NULL when stopping */
    struct conns conns;
    struct ratelimit *limits;
    struct ws_loop *ws;
    struct buf openapi;
    char *tls_cert, *tls_key;
    unsigned port;
    int static_fd;
    atomic_uint inflight;
    atomic_bool draining;
};

/* exchange.c: libmicrohttpd's callbacks. */
void *exchange_uri(void *cls, const char *uri, struct MHD_Connection *mc);
enum MHD_Result exchange_handle(void *cls, struct MHD_Connection *mc, const char *url, const char *method,
                                const char *version, const char *data, size_t *size, void **con);
void exchange_completed(void *cls, struct MHD_Connection *mc, void **con, enum MHD_RequestTerminationCode code);
void exchange_log(struct exchange *ex, int status);
void exchange_uncount(struct exchange *ex); /* http_stop() need not wait for it any more */

/* begin.c: everything decided from the headers alone. STATUS_OK: match, body_max, body_length are set. */
enum status exchange_begin(struct exchange *ex, const char *method, const char *version, struct error *err) must_check;

/* framing.c */
enum status framing_check(struct MHD_Connection *mc, const char *method, const char *version, uint64_t *ret_length,
                          struct error *err) must_check;

/* body.c */
enum status body_begin(struct exchange *ex, struct error *err) must_check;
enum status body_add(struct exchange *ex, const char *data, size_t n, struct error *err) must_check;
enum status body_end(struct exchange *ex, struct error *err) must_check;
/* A temporary file at ex->upload, its hash in ex->sha. */
enum status upload_begin(struct exchange *ex, struct error *err) must_check;
enum status upload_add(struct exchange *ex, const char *data, size_t n, struct error *err) must_check;
enum status upload_end(struct exchange *ex, struct error *err) must_check;

/* form.c: the same for multipart/form-data. */
#define FORM_TEXT_MAX (256u << 10) /* all text fields together, names and values */
enum status form_begin(struct exchange *ex, struct error *err) must_check;
enum status form_add(struct exchange *ex, const char *data, size_t n, struct error *err) must_check;
enum status form_end(struct exchange *ex, struct error *err) must_check; /* sets rq.body, rq.upload */

/* run.c: on a worker. */
void exchange_authenticate(struct exchange *ex, void *worker_state);
void exchange_run(struct exchange *ex, void *worker_state);
void exchange_fail(struct exchange *ex, enum status st, const struct error *err); /* makes .rs the error envelope */

/* limit.c */
enum status limit_check(struct exchange *ex, struct error *err) must_check; /* by address, on the I/O thread */
/* On a worker: by address among all replicas (before authentication), by account (after it). */
enum status limit_shared(struct exchange *ex, struct error *err) must_check;
enum status limit_account(struct exchange *ex, struct error *err) must_check;

/* security.c: headers that every reply has, CORS, origins. */
void reply_headers_finish(struct exchange *ex);
enum status preflight(struct exchange *ex, struct error *err) must_check;
bool origin_allowed(const struct exchange *ex, const char *origin); /* ours or public_url, or one of cors_origins */

/* send.c: on the I/O thread. */
enum MHD_Result exchange_send(struct exchange *ex);
bool exchange_send_raw(struct exchange *ex);

void response_init(struct exchange *ex);
void response_reset(struct exchange *ex);
int response_http_status(const struct exchange *ex);
void response_error(struct exchange *ex, int http_status, const struct error *err);
void header_set(struct response *rs, const char *name, const char *value); /* replaces */
const char *header_get(const struct response *rs, const char *name);

/* version.c */
void response_set_version(struct response *rs, const struct model *m, const void *object);

/* static.c, docs.c */
enum status static_serve(struct exchange *ex, struct error *err) must_check;
enum status static_file(struct exchange *ex, const char *const *segments, size_t count, struct error *err) must_check;
extern const struct route docs_routes[];

/* ws_upgrade.c */
enum status ws_upgrade_check(struct exchange *ex, struct error *err) must_check; /* Origin, version, key */
const char *ws_upgrade_token(struct exchange *ex); /* out of Sec-WebSocket-Protocol; NULL */
enum status ws_upgrade_accept(struct exchange *ex, struct error *err) must_check; /* runs the route's ws_accept */
enum MHD_Result ws_upgrade_send(struct exchange *ex);
void ws_upgrade_abandon(struct exchange *ex);

#endif
