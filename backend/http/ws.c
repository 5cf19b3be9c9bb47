/* What other threads may call; the thread itself is ws_loop.c. Others only append to a connection's queue and put it on
 * the loop's list; the thread alone touches sockets and wslay. */
#include "http/ws_internal.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct ws *ws_ref(struct ws *ws)
{
    atomic_fetch_add(&ws->refs, 1);
    return ws;
}

struct ws *ws_unref(struct ws *ws)
{
    if (ws != NULL && atomic_fetch_sub(&ws->refs, 1) == 1) {
        pthread_mutex_destroy(&ws->lock);
        free(ws->extra);
        free(ws);
    }
    return NULL;
}

struct ws *ws_new(struct ws_loop *l)
{
    struct ws *ws = calloc(1, sizeof(*ws));
    if (ws == NULL)
        return NULL;
    atomic_init(&ws->refs, 1);
    ws->loop = l;
    ws->fd = -1;
    ws->tail = &ws->head;
    pthread_mutex_init(&ws->lock, NULL);
    return ws;
}

void ws_listen(struct ws *ws, const struct ws_events *events, void *u)
{
    ws->events = events;
    ws->u = u;
}

static void wake(struct ws_loop *l)
{
    uint64_t one = 1;
    while (write(l->event_fd, &one, sizeof(one)) < 0 && errno == EINTR)
        ;
}

/* Takes a reference for the list. */
static void schedule(struct ws *ws)
{
    struct ws_loop *l = ws->loop;
    ws_ref(ws);
    pthread_mutex_lock(&l->lock);
    bool first = l->scheduled == NULL;
    ws->next_scheduled = l->scheduled;
    l->scheduled = ws;
    pthread_mutex_unlock(&l->lock);
    if (first)
        wake(l);
}

/* Appends m (or, when it overflows, decides to give the connection up). Called with nothing locked; owns m. */
static enum status append(struct ws *ws, struct ws_message *m)
{
    bool need = false;
    enum status st = STATUS_OK;
    if (m == NULL)
        return STATUS_NO_MEMORY;
    pthread_mutex_lock(&ws->lock);
    if (ws->closing) {
        st = STATUS_UNAVAILABLE;
    } else if (m->opcode != WSLAY_CONNECTION_CLOSE && ws->queued + m->len > WS_QUEUE_MAX) {
        st = STATUS_UNAVAILABLE;
        ws->overflow = ws->closing = true;
    } else {
        m->next = NULL;
        *ws->tail = m;
        ws->tail = &m->next;
        ws->queued += m->len;
        ws->closing = m->opcode == WSLAY_CONNECTION_CLOSE;
    }
    if ((st == STATUS_OK || ws->overflow) && !ws->scheduled)
        need = ws->scheduled = true;
    pthread_mutex_unlock(&ws->lock);
    if (st != STATUS_OK)
        free(m);
    if (need)
        schedule(ws);
    return st;
}

static struct ws_message *message(uint8_t opcode, const void *data, size_t n)
{
    struct ws_message *m = malloc(sizeof(*m) + n);
    if (m == NULL)
        return NULL;
    *m = (struct ws_message){.opcode = opcode, .len = n};
    if (n > 0)
        memcpy(m->data, data, n);
    return m;
}

enum status ws_send_text(struct ws *ws, const char *data, size_t n)
{
    return append(ws, message(WSLAY_TEXT_FRAME, data, n));
}

enum status ws_send_binary(struct ws *ws, const void *data, size_t n)
{
    return append(ws, message(WSLAY_BINARY_FRAME, data, n));
}

void ws_close(struct ws *ws, int code, const char *reason)
{
    size_t n = reason != NULL ? strlen(reason) : 0;
    struct ws_message *m = message(WSLAY_CONNECTION_CLOSE, reason, n > 123 ? 123 : n);
    if (m != NULL)
        m->code = (uint16_t)code;
    (void)!append(ws, m);
}

size_t ws_queued(struct ws *ws)
{
    pthread_mutex_lock(&ws->lock);
    size_t n = ws->queued;
    pthread_mutex_unlock(&ws->lock);
    return n;
}

/* Handing over. */

static bool alive(struct ws_loop *l)
{
    pthread_mutex_lock(&l->lock);
    bool yes = !l->quit;
    if (yes)
        l->count++;
    pthread_mutex_unlock(&l->lock);
    return yes;
}

static void hand_over(struct ws *ws)
{
    if (!alive(ws->loop)) { /* stopped in the meantime */
        ws_conn_end(ws, WS_RESTART);
        ws_unref(ws);
        return;
    }
    pthread_mutex_lock(&ws->lock);
    bool need = !ws->scheduled;
    ws->scheduled = true;
    pthread_mutex_unlock(&ws->lock);
    if (need)
        schedule(ws);
}

void ws_adopt(struct ws *ws, int fd, struct MHD_UpgradeResponseHandle *handle, const void *extra, size_t extra_len)
{
    ws->handle = handle;
    if (extra_len > 0) {
        ws->extra = malloc(extra_len);
        if (ws->extra != NULL)
            memcpy(ws->extra, extra, extra_len);
        ws->extra_len = ws->extra != NULL ? extra_len : 0;
    }
    ws->fd = fd;
    pthread_mutex_lock(&ws->loop->lock);
    ws->adopted = true;
    pthread_mutex_unlock(&ws->loop->lock);
    hand_over(ws);
}

void ws_abandon(struct ws *ws)
{
    pthread_mutex_lock(&ws->loop->lock);
    ws->abandoned = true;
    pthread_mutex_unlock(&ws->loop->lock);
    hand_over(ws);
}
