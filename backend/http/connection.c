/* Connections and the reaper. libmicrohttpd only knows a time without any byte, which a client that drips one now and
 * then never reaches: headers here have a deadline, bodies and replies must make progress over a window. Reaping is
 * shutdown(2), after which libmicrohttpd closes in its own thread. */
#include "http/internal.h"

#include <arpa/inet.h>
#include <linux/tcp.h>
#include <netinet/in.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#define PROGRESS_BYTES_PER_S 256 /* slower than this over a whole window is not a connection but an attack */
#define IDLE_S               75
#define LINGER_S             3

/* What the present phase counts: bytes of the body, bytes the peer has taken, bytes it has sent. */
static uint64_t bytes_moved(struct conn *c)
{
    if (c->phase == CONN_BODY)
        return atomic_load_explicit(&c->received, memory_order_relaxed);
    struct tcp_info info;
    socklen_t n = sizeof(info);
    memset(&info, 0, sizeof(info));
    if (getsockopt(c->fd, IPPROTO_TCP, TCP_INFO, &info, &n) != 0 || n < offsetof(struct tcp_info, tcpi_segs_out))
        return c->window_bytes + (1u << 20); /* a kernel that does not count: libmicrohttpd's timeout has to do */
    return c->phase == CONN_REPLY ? info.tcpi_bytes_acked : info.tcpi_bytes_received;
}

/* libmicrohttpd tells of a request when its first line is complete. Until then a kept connection looks idle, but if
 * bytes have come since the last request was complete, it is reading headers. */
static void watch_for_request(struct conns *all, struct conn *c, int64_t now)
{
    if (c->phase == CONN_IDLE && bytes_moved(c) > c->request_end) {
        c->phase = CONN_HEADERS;
        c->deadline_ms = now + all->header_ms < c->deadline_ms ? now + all->header_ms : c->deadline_ms;
    }
}

static bool overdue(struct conns *all, struct conn *c, int64_t now)
{
    watch_for_request(all, c, now);
    switch (c->phase) {
    case CONN_HEADERS:
    case CONN_IDLE:
    case CONN_LINGER:
        return now >= c->deadline_ms;
    case CONN_BODY:
    case CONN_REPLY:
        break;
    case CONN_BUSY:
    case CONN_UPGRADED:
        return false;
    }
    int64_t took = now - c->window_ms;
    if (took < all->body_ms)
        return false;
    uint64_t moved = bytes_moved(c);
    if (moved - c->window_bytes < (uint64_t)took * PROGRESS_BYTES_PER_S / 1000)
        return true;
    c->window_ms = now;
    c->window_bytes = moved;
    return false;
}

static int64_t tick_ms(const struct conns *all)
{
    int64_t least = all->header_ms < all->body_ms ? all->header_ms : all->body_ms;
    return least / 4 < 50 ? 50 : least / 4 > 1000 ? 1000 : least / 4;
}

static void *reap(void *arg)
{
    struct conns *all = arg;
    int64_t tick = tick_ms(all);
    pthread_mutex_lock(&all->lock);
    while (!all->stop) {
        struct timespec t;
        clock_gettime(CLOCK_MONOTONIC, &t);
        int64_t ns = t.tv_nsec + tick * 1000000;
        t.tv_sec += ns / 1000000000;
        t.tv_nsec = ns % 1000000000;
        pthread_cond_timedwait(&all->wake, &all->lock, &t);
        int64_t now = clock_mono_ms(all->clock);
        for (struct conn *c = all->list; c != NULL; c = c->next)
            if (overdue(all, c, now))
                shutdown(c->fd, SHUT_RDWR);
    }
    pthread_mutex_unlock(&all->lock);
    return NULL;
}

enum status conns_start(struct conns *c, const struct http_options *o, struct error *err)
{
    c->header_ms = (o->header_timeout_s != 0 ? o->header_timeout_s : 10) * 1000;
    c->body_ms = (o->body_idle_timeout_s != 0 ? o->body_idle_timeout_s : 30) * 1000;
    c->idle_ms = IDLE_S * 1000;
    c->linger_ms = LINGER_S * 1000;
    pthread_mutex_init(&c->lock, NULL);
    pthread_condattr_t a;
    pthread_condattr_init(&a);
    pthread_condattr_setclock(&a, CLOCK_MONOTONIC);
    pthread_cond_init(&c->wake, &a);
    pthread_condattr_destroy(&a);
    if (pthread_create(&c->reaper, NULL, reap, c) != 0)
        return error_set(err, STATUS_NO_MEMORY, "thread", NULL, "The reaper thread cannot be started.");
    c->started = true;
    return STATUS_OK;
}

void conns_stop(struct conns *c)
{
    if (!c->started)
        return;
    pthread_mutex_lock(&c->lock);
    c->stop = true;
    pthread_cond_signal(&c->wake);
    pthread_mutex_unlock(&c->lock);
    pthread_join(c->reaper, NULL);
    pthread_cond_destroy(&c->wake);
    pthread_mutex_destroy(&c->lock);
    c->started = false;
}

static void name_peer(struct conn *c, const struct sockaddr *sa)
{
    if (sa != NULL && sa->sa_family == AF_INET) {
        const struct sockaddr_in *in = (const struct sockaddr_in *)(const void *)sa;
        inet_ntop(AF_INET, &in->sin_addr, c->remote, sizeof(c->remote));
        c->loopback = ntohl(in->sin_addr.s_addr) >> 24 == 127;
    } else if (sa != NULL && sa->sa_family == AF_INET6) {
        const struct sockaddr_in6 *in = (const struct sockaddr_in6 *)(const void *)sa;
        inet_ntop(AF_INET6, &in->sin6_addr, c->remote, sizeof(c->remote));
        c->loopback = IN6_IS_ADDR_LOOPBACK(&in->sin6_addr) || strncmp(c->remote, "::ffff:127.", 11) == 0;
    } else {
        strcpy(c->remote, "unknown");
    }
}

static void opened(struct conns *all, struct MHD_Connection *mc, void **socket_context)
{
    const union MHD_ConnectionInfo *fd = MHD_get_connection_info(mc, MHD_CONNECTION_INFO_CONNECTION_FD);
    const union MHD_ConnectionInfo *peer = MHD_get_connection_info(mc, MHD_CONNECTION_INFO_CLIENT_ADDRESS);
    struct conn *c = calloc(1, sizeof(*c));
    if (c == NULL || fd == NULL) {
        free(c);
        return;
    }
    c->owner = all;
    c->fd = fd->connect_fd;
    name_peer(c, peer != NULL ? peer->client_addr : NULL);
    c->phase = CONN_HEADERS;
    c->deadline_ms = clock_mono_ms(all->clock) + all->header_ms;
    pthread_mutex_lock(&all->lock);
    c->next = all->list;
    if (c->next != NULL)
        c->next->prev = c;
    all->list = c;
    pthread_mutex_unlock(&all->lock);
    *socket_context = c;
}

static void gone(struct conns *all, void **socket_context)
{
    struct conn *c = *socket_context;
    if (c == NULL)
        return;
    pthread_mutex_lock(&all->lock);
    if (c->prev != NULL)
        c->prev->next = c->next;
    else
        all->list = c->next;
    if (c->next != NULL)
        c->next->prev = c->prev;
    pthread_mutex_unlock(&all->lock);
    free(c);
    *socket_context = NULL;
}

void conns_notify(void *cls, struct MHD_Connection *mc, void **socket_context, enum MHD_ConnectionNotificationCode code)
{
    struct http_server *s = cls;
    if (code == MHD_CONNECTION_NOTIFY_STARTED)
        opened(&s->conns, mc, socket_context);
    else
        gone(&s->conns, socket_context);
}

struct conn *conn_of(struct MHD_Connection *mc)
{
    const union MHD_ConnectionInfo *i = MHD_get_connection_info(mc, MHD_CONNECTION_INFO_SOCKET_CONTEXT);
    return i != NULL ? i->socket_context : NULL;
}

void conn_phase_set(struct conn *c, enum conn_phase phase)
{
    struct conns *all = c->owner;
    int64_t now = clock_mono_ms(all->clock);
    pthread_mutex_lock(&all->lock);
    if (c->phase == CONN_UPGRADED) { /* for good */
        pthread_mutex_unlock(&all->lock);
        return;
    }
    if (phase == CONN_HEADERS) { /* never later than what was left */
        if (now + all->header_ms < c->deadline_ms)
            c->deadline_ms = now + all->header_ms;
    } else if (phase == CONN_IDLE) {
        c->deadline_ms = now + all->idle_ms;
    } else if (phase == CONN_LINGER) {
        c->deadline_ms = now + all->linger_ms;
    }
    if (phase == CONN_BUSY || (phase == CONN_REPLY && c->phase != CONN_BUSY)) {
        c->phase = CONN_BUSY;
        c->request_end = bytes_moved(c);
    }
    c->phase = phase;
    c->window_ms = now;
    if (phase == CONN_BODY || phase == CONN_REPLY)
        c->window_bytes = bytes_moved(c);
    pthread_mutex_unlock(&all->lock);
}
