#ifndef VIVA_HTTP_HTTP_H
#define VIVA_HTTP_HTTP_H
/* HTTP server over libmicrohttpd, hidden here: two epoll I/O threads that never block, a pool of workers that run
 * handlers (each with its own state, e.g. a database connection), route tables, and a WebSocket loop (http/ws.h). Knows
 * nothing of interviews. The framework does, before a handler runs: strict framing (duplicate or malformed
 * Content-Length, CL with TE, unknown TE, bare LF are refused), route match, rate class, authentication, access, body
 * limit (413 while streaming), body parsing and validation by field table. A handler returns a status; anything but
 * STATUS_OK becomes the error envelope. */

#include "base/arena.h"
#include "base/id.h"
#include "base/json.h"
#include "models/field.h"

#include <stdbool.h>

enum http_method { HTTP_GET, HTTP_POST, HTTP_PUT, HTTP_PATCH, HTTP_DELETE };

/* Who may call; a bit set. A route without access does not start. */
enum access {
    ACCESS_PUBLIC =
        1, /* anyone; alone: no token looked at. With other bits: a token may be given, and a bad one is refused */
    ACCESS_CANDIDATE = 2, /* session token; the framework checks it against the {session_id} in the path */
    ACCESS_REVIEWER = 4,
    ACCESS_RECRUITER = 8,
    ACCESS_ADMIN = 16,
    ACCESS_MEDIA = 32,   /* ?ticket= signed for exactly this path */
    ACCESS_MACHINE = 64, /* a long-lived key */
};
#define ACCESS_STAFF (ACCESS_RECRUITER | ACCESS_ADMIN)
#define ACCESS_USER  (ACCESS_REVIEWER | ACCESS_STAFF)

enum body_kind {
    BODY_NONE,
    BODY_JSON,         /* application/json by .body */
    BODY_FORM_OR_JSON, /* that, application/x-www-form-urlencoded, or multipart/form-data without a file, by .body */
    BODY_STREAM,       /* any media type, streamed to a temporary file with its SHA-256 */
    BODY_MULTIPART,    /* multipart/form-data: one file, the field .file_field, streamed to a temporary file; the text
                          fields by .body (flat fields; NULL: none are known) */
};

/* How a route speaks. OPENAI: as OpenAI's API does, so that its clients work unchanged: objects without an envelope
 * (response_object, response_raw), errors as {"error": {"message", "type", "param", "code"}}, with 400 in place of 415
 * and 422. All of what is below STYLE_OPENAI_PATHS, and nothing else. */
enum api_style { STYLE_ENVELOPE, STYLE_OPENAI };
#define STYLE_OPENAI_PATHS "/v1/"

enum rate_class { RATE_NORMAL, RATE_LOGIN, RATE_UPLOAD, RATE_HEAVY, RATE_NONE };

struct principal {
    enum access kind;     /* ACCESS_PUBLIC when no token was needed; else the one bit that let the caller in */
    struct id user_id;    /* staff */
    struct id login_id;   /* the log-in that a user's token belongs to */
    struct id session_id; /* candidate */
};

struct upload { /* BODY_STREAM, BODY_MULTIPART */
    int fd;     /* at offset 0, unlinked; closed by the framework */
    uint64_t size;
    char sha256[65];        /* lower-case hex */
    const char *media_type; /* Content-Type (the part's) without parameters, "" when absent: the client's word */
    const char *file_name;  /* the client's, without path and control characters, <= 255 bytes, "" when absent */
};

struct request {
    struct arena *arena; /* this request's */
    const char *request_id;
    const struct route *route;
    const char *path;
    const char *remote; /* address of the caller, for rate limits; never logged with personal data */
    struct principal who;
    const void *body;            /* parsed by the route's .body, else NULL */
    const struct upload *upload; /* BODY_STREAM; BODY_MULTIPART with a file; else NULL */
    void *services;              /* the worker's state */
    const struct http_internal *internal;
};

struct response;

const char *request_param(const struct request *rq,
                          const char *name); /* {name} of the path; never NULL for a declared one */
enum status request_param_id(const struct request *rq, const char *name, struct id *ret,
                             struct error *err) must_check; /* not a UUID: STATUS_NOT_FOUND */
enum status request_param_int(const struct request *rq, const char *name, int64_t max, int64_t *ret,
                              struct error *err) must_check;
const char *request_query(const struct request *rq, const char *name);  /* NULL when absent */
const char *request_header(const struct request *rq, const char *name); /* NULL when absent */

/* The version (updated_at) that the caller wants to change: 0 when there is no If-Match, or "*". STATUS_PRECONDITION
 * "changed_meanwhile" when it can be none of ours. */
enum status request_if_match(const struct request *rq, int64_t *ret, struct error *err) must_check;

/* Replies: each builds the whole standard envelope {"success","message","data","error"}; call exactly one. The HTTP
 * status is the route's .status unless response_status() was called. */
void response_status(struct response *rs, int http_status);
void response_header(struct response *rs, const char *name, const char *value);       /* copied */
enum status response_ok(struct response *rs, const char *message, struct error *err); /* data: null */
enum status response_object(struct response *rs, const struct model *m, const void *object, struct error *err);
/* data: {"items": [...], "total": n, "page": p, "page_size": s} */
enum status response_page(struct response *rs, const struct model *m, const struct list *items, int64_t total,
                          int64_t page, int64_t page_size, struct error *err);
/* The items as a CSV file to be downloaded under that name; the route's .reply_media is "text/csv". */
enum status response_csv(struct response *rs, const struct model *m, const struct list *items, const char *file_name,
                         struct error *err);
/* The file name that a browser offers for the reply. */
void response_download(struct response *rs, const char *file_name);
/* A body without envelope (health, OpenAPI, text export). Copies. */
enum status response_raw(struct response *rs, const char *media_type, const void *data, size_t len, struct error *err);
/* A file with ETag, Range/If-Range (206, 416), HEAD; the descriptor is the framework's from here on. etag without
 * quotes. `download` NULL: inline; else the file name of Content-Disposition. */
enum status response_file(struct response *rs, int fd, uint64_t size, const char *media_type, const char *etag,
                          const char *download, struct error *err);

struct query_param {
    const char *name, *type, *doc; /* type: "integer" | "number" | "string" | "uuid" | "date-time" */
    const char *example;           /* NULL: by name or type */
    const struct choice *choices;  /* of a string */
    int64_t min, max;              /* of a number: max 0: none. Of a string: max characters */
    const char *pattern;           /* of a string */
};                                 /* ends with { NULL } */

struct ws;
struct ws_events;

struct route {
    enum http_method method;
    const char *path; /* "/api/v1/interviews/{id}/questions" */
    unsigned access;  /* enum access bits; 0 does not start */
    enum body_kind body_kind;
    const struct model *body; /* BODY_JSON, BODY_FORM_OR_JSON, BODY_MULTIPART */
    enum parse_mode body_mode;
    uint64_t body_max;         /* bytes, 0: 256 KiB */
    const char *file_field;    /* BODY_MULTIPART */
    bool file_optional;        /* BODY_MULTIPART: without it STATUS_INVALID "field_required" names .file_field */
    const struct model *reply; /* schema of data; NULL with reply_page false and reply_doc NULL: data is null */
    bool reply_page;           /* data is a page of .reply */
    const char *reply_schema;  /* loose data: a JSON schema as text, instead of .reply */
    const char *reply_media;   /* not an envelope: media type (files, text); several with | between them */
    bool reply_file;           /* of .reply_media: the handler calls response_file (so has every ACCESS_MEDIA route) */
    const char *reply_example; /* for the description: data of .reply_schema as JSON, or the text of .reply_media */
    /* The JSON among .reply_media is one of these; ends with NULL. .reply_example is for the other media types then. */
    const struct model *const *reply_any;
    enum api_style style;
    int status; /* of success, 0: 200 */
    /* .reply has updated_at: it is the reply's ETag, and a change takes it in If-Match (request_if_match). */
    bool versioned;
    enum rate_class rate;
    const struct query_param *query;
    const char *tag, *doc; /* OpenAPI */
    enum status (*handler)(struct request *rq, struct response *rs, struct error *err);
    /* WebSocket endpoint instead of a handler (method GET): runs on a worker after authentication; on STATUS_OK *events
     * and *u say who gets the frames. The token travels as subprotocol "token.<token>" beside ".protocol"; Origin is
     * checked. */
    enum status (*ws_accept)(struct request *rq, struct ws *ws, const struct ws_events **events, void **u,
                             struct error *err);
    const char *ws_protocol;
};

#define ROUTES_END                                                                                                     \
    {                                                                                                                  \
        .path = NULL                                                                                                   \
    }

struct http_options {
    const char *host;
    unsigned port;                  /* port 0: any; see http_port() */
    const char *tls_cert, *tls_key; /* PEM paths; NULL or "" : plain */
    unsigned workers, io_threads, connections_max;
    unsigned header_timeout_s, body_idle_timeout_s; /* the reaper's; 0: 10 and 30 */
    const char *const *cors_origins;                /* ends with NULL; exact origins. Same origin is always allowed */
    const char *public_url; /* "" or scheme://host[:port]; its origin counts as ours behind a proxy */
    bool trust_proxy;       /* believe X-Forwarded-For from loopback */
    const char *static_dir; /* frontend/dist; NULL: none. SPA fallback to index.html for unknown GETs outside /api,
                               .br/.gz beside files, ETag, Range */
    const char *upload_dir; /* for the temporaries of uploads; same file system as the storage */
    const struct route *const *tables; /* ends with NULL */
    const char *title, *version;       /* OpenAPI */
    const struct clock *clock;
    /* Buckets that replicas share, beside those of this process; semantics of utils/ratelimit.h. Called on workers,
     * with .u; may be NULL. */
    bool (*rate_take)(void *u, const char *key, double per_second, double burst, int64_t *retry_after_ms);
    double rate_scale;                  /* multiplies every rate limit; 0 switches them off (tests) */
    unsigned ws_ping_ms, ws_silence_ms; /* WebSocket: ping after, close after silence of; 0: 20 s and 60 s */

    /* Per worker thread; worker_state is rq->services. */
    void *(*worker_new)(void *u);
    void (*worker_free)(void *state);
    /* Turns a token into a principal among the wanted access bits (called on the worker). STATUS_UNAUTHENTICATED when
     * the token is bad, STATUS_FORBIDDEN when it is good but not for these bits. `path` is the request's, for media
     * tickets. */
    enum status (*authenticate)(void *worker_state, const char *token, unsigned wanted, const char *path,
                                struct principal *ret, struct error *err);
    /* Told of each request once its reply is ready (status 0: it ended before), from an I/O thread: must be quick.
     * route is NULL for files and what is unknown. From the first line of the request on, its body's arrival included.
     */
    void (*on_request)(void *u, const struct route *route, int status, int64_t microseconds);
    void *u;
};

struct http_server;

enum status http_start(const struct http_options *o, struct http_server **ret, struct error *err) must_check;
unsigned http_port(const struct http_server *s);
/* Stops accepting, closes WebSockets with 1012, lets running requests finish (up to drain_ms), then frees. Takes NULL.
 */
struct http_server *http_stop(struct http_server *s, unsigned drain_ms);

/* Prints the OpenAPI 3.1 document from the tables. */
enum status http_openapi(const struct route *const *tables, const char *title, const char *version, struct buf *out,
                         struct error *err) must_check;
/* Status of an enum status in HTTP: the one table. */
int http_status_of(enum status st);

#endif
