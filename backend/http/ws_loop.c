/* The WebSocket thread: one epoll over all connections, and the list of those that other threads have put something
 * into. */
#include "http/ws_internal.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <time.h>
#include <unistd.h>

#define EVENTS      64
#define STOP_MS     2000
#define PING_MS     20000
#define SILENCE_MS  60000
#define TICK_MS_MAX 500

static void link_in(struct ws *ws)
{
    struct ws_loop *l = ws->loop;
    ws->prev = NULL;
    ws->next = l->list;
    if (ws->next != NULL)
        ws->next->prev = ws;
    l->list = ws;
}

static void counted_out(struct ws_loop *l)
{
    pthread_mutex_lock(&l->lock);
    if (--l->count == 0)
        pthread_cond_broadcast(&l->empty);
    pthread_mutex_unlock(&l->lock);
}

static void drop(struct ws *ws, int code)
{
    struct ws_loop *l = ws->loop;
    if (ws->prev != NULL)
        ws->prev->next = ws->next;
    else
        l->list = ws->next;
    if (ws->next != NULL)
        ws->next->prev = ws->prev;
    ws_conn_end(ws, code);
    counted_out(l);
    ws_unref(ws);
}

static void start(struct ws *ws, bool stopping)
{
    link_in(ws);
    bool ok = ws_conn_start(ws);
    if (!ok)
        drop(ws, WSLAY_CODE_ABNORMAL_CLOSURE);
    else if (stopping)
        ws_close(ws, WS_RESTART, "restart");
}

/* A reader this slow gets no more than the close, if it ever reads that far. */
static void give_up(struct ws *ws)
{
    pthread_mutex_lock(&ws->lock);
    struct ws_message *m = ws->head;
    ws->head = NULL;
    ws->tail = &ws->head;
    ws->overflow = false;
    ws->queued = ws->sending;
    pthread_mutex_unlock(&ws->lock);
    while (m != NULL) {
        struct ws_message *next = m->next;
        free(m);
        m = next;
    }
    ws->close_code = WS_TRY_LATER;
    wslay_event_queue_close(ws->ctx, WS_TRY_LATER, NULL, 0);
    ws->state = WS_CLOSING;
    ws->deadline_ms = ws_now_ms() + WS_CLOSE_MS;
}

static void attend(struct ws *ws)
{
    struct ws_loop *l = ws->loop;
    pthread_mutex_lock(&ws->lock);
    ws->scheduled = false;
    bool overflow = ws->overflow;
    pthread_mutex_unlock(&ws->lock);
    pthread_mutex_lock(&l->lock);
    bool adopted = ws->adopted, abandoned = ws->abandoned, stopping = l->stopping;
    pthread_mutex_unlock(&l->lock);
    if (ws->state == WS_DONE || (ws->state == WS_NEW && !adopted && !abandoned))
        return;
    if (ws->state == WS_NEW && abandoned) {
        ws_conn_end(ws, WSLAY_CODE_ABNORMAL_CLOSURE);
        counted_out(l);
        ws_unref(ws);
        return;
    }
    if (ws->state == WS_NEW) {
        start(ws, stopping);
        return;
    }
    if (overflow && ws->state == WS_OPEN)
        give_up(ws);
    if (!ws_conn_pump(ws))
        drop(ws, WSLAY_CODE_ABNORMAL_CLOSURE);
}

static void attend_scheduled(struct ws_loop *l)
{
    pthread_mutex_lock(&l->lock);
    struct ws *ws = l->scheduled;
    l->scheduled = NULL;
    pthread_mutex_unlock(&l->lock);
    while (ws != NULL) {
        struct ws *next = ws->next_scheduled; /* before attend(): it may be put on the list again at once */
        attend(ws);
        ws_unref(ws);
        ws = next;
    }
}

static void tick(struct ws_loop *l)
{
    int64_t now = ws_now_ms();
    for (struct ws *ws = l->list, *next; ws != NULL; ws = next) {
        next = ws->next;
        if (!ws_conn_tick(ws, now))
            drop(ws, WSLAY_CODE_ABNORMAL_CLOSURE);
    }
}

static void close_all(struct ws_loop *l)
{
    for (struct ws *ws = l->list; ws != NULL; ws = ws->next)
        ws_close(ws, WS_RESTART, "restart");
}

static void serve_event(struct ws_loop *l, const struct epoll_event *ev)
{
    struct ws *ws = ev->data.ptr;
    if (ws == NULL) {
        uint64_t n;
        while (read(l->event_fd, &n, sizeof(n)) < 0 && errno == EINTR)
            ;
        return;
    }
    bool ok = true;
    if (ev->events & (EPOLLIN | EPOLLHUP | EPOLLERR))
        ok = ws_conn_readable(ws);
    if (ok && (ev->events & EPOLLOUT))
        ok = ws_conn_pump(ws);
    if (!ok)
        drop(ws, WSLAY_CODE_ABNORMAL_CLOSURE);
}

static int tick_length(const struct ws_loop *l)
{
    int64_t ms = l->ping_ms / 4 < l->silence_ms / 4 ? l->ping_ms / 4 : l->silence_ms / 4;
    return (int)(ms < 10 ? 10 : ms > TICK_MS_MAX ? TICK_MS_MAX : ms);
}

static void *run(void *arg)
{
    struct ws_loop *l = arg;
    struct epoll_event ev[EVENTS];
    int wait_ms = tick_length(l);
    int64_t ticked = ws_now_ms();
    bool told = false;
    for (;;) {
        int n = epoll_wait(l->epoll_fd, ev, EVENTS, wait_ms);
        for (int i = 0; i < n; i++)
            serve_event(l, &ev[i]);
        attend_scheduled(l);
        if (ws_now_ms() - ticked >= wait_ms) {
            tick(l);
            ticked = ws_now_ms();
        }
        pthread_mutex_lock(&l->lock);
        bool stopping = l->stopping, quit = l->quit;
        pthread_mutex_unlock(&l->lock);
        if (stopping && !told)
            close_all(l);
        told = stopping;
        if (quit)
            break;
    }
    attend_scheduled(l);
    while (l->list != NULL)
        drop(l->list, WS_RESTART);
    return NULL;
}

static enum status no_thread(struct ws_loop *l, struct error *err)
{
    if (l != NULL && l->epoll_fd >= 0)
        close(l->epoll_fd);
    if (l != NULL && l->event_fd >= 0)
        close(l->event_fd);
    free(l);
    return error_set(err, STATUS_NO_MEMORY, "thread", NULL, "The WebSocket thread cannot be started.");
}

enum status ws_loop_new(int64_t ping_ms, int64_t silence_ms, struct ws_loop **ret, struct error *err)
{
    struct ws_loop *l = calloc(1, sizeof(*l));
    if (l == NULL)
        return no_thread(l, err);
    l->ping_ms = ping_ms > 0 ? ping_ms : PING_MS;
    l->silence_ms = silence_ms > 0 ? silence_ms : SILENCE_MS;
    l->epoll_fd = epoll_create1(EPOLL_CLOEXEC);
    l->event_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    struct epoll_event ev = {.events = EPOLLIN, .data.ptr = NULL};
    if (l->epoll_fd < 0 || l->event_fd < 0 || epoll_ctl(l->epoll_fd, EPOLL_CTL_ADD, l->event_fd, &ev) != 0)
        return no_thread(l, err);
    pthread_mutex_init(&l->lock, NULL);
    pthread_condattr_t attr;
    pthread_condattr_init(&attr);
    pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
    pthread_cond_init(&l->empty, &attr);
    pthread_condattr_destroy(&attr);
    if (pthread_create(&l->thread, NULL, run, l) != 0)
        return no_thread(l, err);
    pthread_setname_np(l->thread, "websocket");
    *ret = l;
    return STATUS_OK;
}

static void nudge(struct ws_loop *l)
{
    uint64_t one = 1;
    while (write(l->event_fd, &one, sizeof(one)) < 0 && errno == EINTR)
        ;
}

void ws_loop_stop(struct ws_loop *l)
{
    if (l == NULL)
        return;
    struct timespec until;
    clock_gettime(CLOCK_MONOTONIC, &until);
    until.tv_sec += STOP_MS / 1000;
    pthread_mutex_lock(&l->lock);
    l->stopping = true;
    nudge(l);
    while (l->count > 0 && pthread_cond_timedwait(&l->empty, &l->lock, &until) == 0)
        ;
    pthread_mutex_unlock(&l->lock);
}

void ws_loop_join(struct ws_loop *l)
{
    if (l == NULL)
        return;
    pthread_mutex_lock(&l->lock);
    l->quit = true;
    nudge(l);
    pthread_mutex_unlock(&l->lock);
    pthread_join(l->thread, NULL);
}

struct ws_loop *ws_loop_free(struct ws_loop *l)
{
    if (l == NULL)
        return NULL;
    close(l->epoll_fd);
    close(l->event_fd);
    pthread_cond_destroy(&l->empty);
    pthread_mutex_destroy(&l->lock);
    free(l);
    return NULL;
}
