/* Start and stop. */
#include "http/internal.h"

#include "base/file.h"
#include "base/log.h"
#include "http/ws_loop.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#define CONNECTION_MEMORY (32u << 10) /* libmicrohttpd touches all of it for each connection */
#define RATE_KEYS         65536
#define FLUSH_MS          500 /* for replies to leave after the last exchange is done */

static enum status listen_error(struct error *err, const struct http_options *o, const char *what)
{
    return error_set(err, STATUS_UNAVAILABLE, "listen", NULL, "Cannot listen on %s port %u: %s.", o->host, o->port,
                     what);
}

static int listen_on(const struct addrinfo *a)
{
    int on = 1, off = 0;
    int fd = socket(a->ai_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (fd < 0)
        return -1;
    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
    if (a->ai_family == AF_INET6)
        setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &off, sizeof(off));
    if (bind(fd, a->ai_addr, a->ai_addrlen) == 0 && listen(fd, 1024) == 0)
        return fd;
    int saved = errno;
    close(fd);
    errno = saved;
    return -1;
}

static enum status open_listener(const struct http_options *o, int *ret_fd, unsigned *ret_port, struct error *err)
{
    char port[16];
    struct addrinfo hints = {.ai_flags = AI_PASSIVE | AI_NUMERICSERV, .ai_socktype = SOCK_STREAM}, *list = NULL;
    snprintf(port, sizeof(port), "%u", o->port);
    int rc = getaddrinfo(o->host != NULL && o->host[0] != '\0' ? o->host : NULL, port, &hints, &list);
    if (rc != 0)
        return listen_error(err, o, gai_strerror(rc));
    int fd = -1;
    for (struct addrinfo *a = list; a != NULL && fd < 0; a = a->ai_next)
        fd = listen_on(a);
    int saved = errno;
    freeaddrinfo(list);
    if (fd < 0)
        return listen_error(err, o, saved == EADDRINUSE ? "another program uses it" : strerror(saved));
    struct sockaddr_storage at;
    socklen_t n = sizeof(at);
    getsockname(fd, (struct sockaddr *)&at, &n);
    *ret_port = ntohs(at.ss_family == AF_INET6 ? ((struct sockaddr_in6 *)&at)->sin6_port
                                               : ((struct sockaddr_in *)&at)->sin_port);
    *ret_fd = fd;
    return STATUS_OK;
}

/* libmicrohttpd's own words can hold request text; they are for debugging it, not for our log. */
static void silent(void *cls, const char *fmt, va_list ap)
{
    (void)cls;
    (void)fmt;
    (void)ap;
}

/* Percent signs are ours to decode, once, in parse.c. */
static size_t no_unescape(void *cls, struct MHD_Connection *mc, char *s)
{
    (void)cls;
    (void)mc;
    return strlen(s);
}

static enum status read_tls(struct http_server *s, struct error *err)
{
    size_t n;
    if (s->o.tls_cert == NULL || s->o.tls_cert[0] == '\0')
        return STATUS_OK;
    enum status st = file_read(s->o.tls_cert, 1u << 20, &s->tls_cert, &n, err);
    if (st == STATUS_OK)
        st = file_read(s->o.tls_key != NULL ? s->o.tls_key : "", 1u << 20, &s->tls_key, &n, err);
    return st;
}

static enum status start_daemon(struct http_server *s, struct error *err)
{
    unsigned flags = MHD_USE_EPOLL_INTERNAL_THREAD | MHD_ALLOW_SUSPEND_RESUME | MHD_ALLOW_UPGRADE | MHD_USE_ERROR_LOG;
    struct MHD_OptionItem more[8];
    size_t n = 0;
    if (s->tls_cert != NULL) {
        flags |= MHD_USE_TLS;
        more[n++] = (struct MHD_OptionItem){MHD_OPTION_HTTPS_MEM_CERT, 0, s->tls_cert};
        more[n++] = (struct MHD_OptionItem){MHD_OPTION_HTTPS_MEM_KEY, 0, s->tls_key};
        more[n++] = (struct MHD_OptionItem){MHD_OPTION_HTTPS_PRIORITIES, 0,
                                            (void *)(uintptr_t) "NORMAL:-VERS-ALL:+VERS-TLS1.3:+VERS-TLS1.2"};
    }
#if MHD_VERSION > 0x00097500
    more[n++] = (struct MHD_OptionItem){MHD_OPTION_CLIENT_DISCIPLINE_LVL, 1, NULL};
#endif
    more[n] = (struct MHD_OptionItem){MHD_OPTION_END, 0, NULL};
    unsigned threads = s->o.io_threads != 0 ? s->o.io_threads : 2;
    unsigned most = s->o.connections_max != 0 ? s->o.connections_max : 1024;
    s->daemon = MHD_start_daemon(
        flags, 0, NULL, NULL, exchange_handle, s, MHD_OPTION_EXTERNAL_LOGGER, silent, NULL, MHD_OPTION_LISTEN_SOCKET,
        s->listener, MHD_OPTION_THREAD_POOL_SIZE, threads > 1 ? threads : 0, MHD_OPTION_CONNECTION_LIMIT,
        most > threads ? most : threads, MHD_OPTION_CONNECTION_TIMEOUT, (unsigned)(s->conns.idle_ms / 1000 + 15),
        MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)CONNECTION_MEMORY, MHD_OPTION_CONNECTION_MEMORY_INCREMENT,
        (size_t)8192, MHD_OPTION_THREAD_STACK_SIZE, (size_t)512 * 1024, MHD_OPTION_URI_LOG_CALLBACK, exchange_uri, s,
        MHD_OPTION_UNESCAPE_CALLBACK, no_unescape, NULL, MHD_OPTION_NOTIFY_COMPLETED, exchange_completed, s,
        MHD_OPTION_NOTIFY_CONNECTION, conns_notify, s, MHD_OPTION_ARRAY, more, MHD_OPTION_END);
    if (s->daemon != NULL)
        return STATUS_OK;
    close(s->listener);
    s->listener = -1;
    return error_set(err, STATUS_UNAVAILABLE, "listen", NULL,
                     s->tls_cert != NULL ? "The server cannot start; is the certificate PEM, and the key its own?"
                                         : "The server cannot start.");
}

static enum status check_options(const struct http_options *o, struct error *err)
{
    bool needs_tokens = false;
    for (size_t t = 0; o->tables != NULL && o->tables[t] != NULL; t++)
        for (const struct route *r = o->tables[t]; r->path != NULL; r++)
            needs_tokens = needs_tokens || (r->access & ~(unsigned)ACCESS_PUBLIC) != 0;
    if (needs_tokens && o->authenticate == NULL)
        return error_set(err, STATUS_INTERNAL, "no_authenticate", NULL,
                         "Routes need a token, but nothing can check one.");
    if (o->tls_cert != NULL && o->tls_cert[0] != '\0' && (o->tls_key == NULL || o->tls_key[0] == '\0'))
        return error_set(err, STATUS_INVALID, "tls_key", NULL, "A certificate was given without its key.");
    return STATUS_OK;
}

static enum status start_parts(struct http_server *s, struct error *err)
{
    const struct http_options *o = &s->o;
    struct pool_options pool = {.name = "http-worker",
                                .threads = o->workers != 0 ? o->workers : 16,
                                .queue_max = 1024,
                                .worker_new = o->worker_new,
                                .worker_free = o->worker_free,
                                .u = o->u};
    enum status st = check_options(o, err);
    if (st == STATUS_OK)
        st = router_new(o->tables, docs_routes, &s->router, err);
    if (st == STATUS_OK)
        st = http_openapi(o->tables, o->title, o->version, &s->openapi, err);
    if (st == STATUS_OK)
        st = read_tls(s, err);
    if (st == STATUS_OK && o->static_dir != NULL && o->static_dir[0] != '\0')
        s->static_fd = open(o->static_dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (st == STATUS_OK && o->rate_scale > 0) {
        s->limits = ratelimit_new(&s->clock, RATE_KEYS);
        if (s->limits == NULL)
            return error_set(err, STATUS_NO_MEMORY, "no_memory", NULL, "Out of memory.");
    }
    if (st == STATUS_OK)
        st = pool_new(&pool, &s->pool, err);
    if (st == STATUS_OK)
        st = ws_loop_new(o->ws_ping_ms, o->ws_silence_ms, &s->ws, err);
    if (st == STATUS_OK)
        st = conns_start(&s->conns, o, err);
    return st;
}

enum status http_start(const struct http_options *o, struct http_server **ret, struct error *err)
{
    struct http_server *s = calloc(1, sizeof(*s));
    if (s == NULL)
        return error_set(err, STATUS_NO_MEMORY, "no_memory", NULL, "Out of memory.");
    s->o = *o;
    s->clock = o->clock != NULL ? *o->clock : clock_system;
    s->static_fd = s->listener = -1;
    pthread_mutex_init(&s->pool_lock, NULL);
    s->conns.clock = &s->clock;
    buf_init(&s->openapi, 8u << 20);
    enum status st = start_parts(s, err);
    if (st == STATUS_OK)
        st = open_listener(o, &s->listener, &s->port, err);
    if (st == STATUS_OK)
        st = start_daemon(s, err);
    if (st != STATUS_OK) {
        http_stop(s, 0);
        return st;
    }
    *ret = s;
    return STATUS_OK;
}

unsigned http_port(const struct http_server *s)
{
    return s->port;
}

static void wait_for_exchanges(struct http_server *s, unsigned ms)
{
    struct timespec step = {.tv_nsec = 5000000};
    for (unsigned waited = 0; waited < ms && atomic_load(&s->inflight) > 0; waited += 5)
        nanosleep(&step, NULL);
}

/* New connections are refused from here on. What libmicrohttpd holds for its listener becomes a descriptor on which
 * nothing ever comes, so the socket is closed, and is gone from the I/O threads' epoll sets. (MHD_quiesce_daemon takes
 * it out of them while the thread may be doing so too, and then aborts: an open defect of libmicrohttpd, seen once.)
 * Without a descriptor to spare they are accepted until the end. */
static void refuse_connections(const struct http_server *s)
{
    int nothing = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    if (nothing < 0)
        return;
    dup3(nothing, s->listener, O_CLOEXEC);
    close(nothing);
}

/* No exchange may be suspended when libmicrohttpd stops: the pool first, which resumes those of its queue with a 503.
 */
struct http_server *http_stop(struct http_server *s, unsigned drain_ms)
{
    if (s == NULL)
        return NULL;
    atomic_store(&s->draining, true);
    if (s->daemon != NULL)
        refuse_connections(s);
    ws_loop_stop(s->ws);
    wait_for_exchanges(s, drain_ms);
    pthread_mutex_lock(&s->pool_lock);
    struct pool *pool = s->pool;
    s->pool = NULL;
    pthread_mutex_unlock(&s->pool_lock);
    pool_free(pool);
    wait_for_exchanges(s, FLUSH_MS);
    ws_loop_join(s->ws); /* libmicrohttpd must have all upgraded sockets back */
    if (s->daemon != NULL)
        MHD_stop_daemon(s->daemon); /* closes the listener */
    s->ws = ws_loop_free(s->ws);
    conns_stop(&s->conns);
    pthread_mutex_destroy(&s->pool_lock);
    router_free(s->router);
    ratelimit_free(s->limits);
    buf_free(&s->openapi);
    free(s->tls_cert);
    free(s->tls_key);
    if (s->static_fd >= 0)
        close(s->static_fd);
    free(s);
    return NULL;
}
