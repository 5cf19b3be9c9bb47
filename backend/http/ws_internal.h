#ifndef VIVA_HTTP_WS_INTERNAL_H
#define VIVA_HTTP_WS_INTERNAL_H
/* Shared by ws.c (the thread and its list) and ws_conn.c (one connection).
 * Locks: ws.lock guards a connection's queue, ws_loop.lock the lists of what the thread shall look at. Never both at
 * once. */

#include "http/ws_loop.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <wslay/wslay.h>

#define WS_TEXT_MAX      (64u << 10)
#define WS_BINARY_MAX    (256u << 10)
#define WS_QUEUE_MAX     (4u << 20)
#define WS_FRAGMENTS_MAX 1024         /* frames per message; fragments cost memory of their own, even empty ones */
#define WS_READ_MAX      (256u << 10) /* bytes per turn of the loop, so that one connection cannot have it all */
#define WS_CLOSE_MS      3000
#define WS_TRY_LATER     1013
#define WS_RESTART       1012

struct ws_message {
    struct ws_message *next;
    uint8_t opcode;
    uint16_t code; /* of a close */
    size_t len;
    uint8_t data[];
};

enum ws_state {
    WS_NEW, /* no socket yet */
    WS_OPEN,
    WS_CLOSING, /* a close frame is queued or sent: until the deadline */
    WS_LINGER,  /* ours is sent, the peer's rest is thrown away until it ends or the deadline */
    WS_DONE
};

struct ws {
    atomic_int refs;
    struct ws_loop *loop;

    pthread_mutex_t lock;
    struct ws_message *head, **tail; /* guarded, as all up to `closing` */
    size_t queued;
    bool scheduled; /* stands in the loop's list */
    bool closing;   /* a close was asked for, or it is over: nothing more is taken */
    bool overflow;

    struct ws *next_scheduled; /* guarded by the loop's lock */
    bool adopted, abandoned;   /* the same */

    /* From here on only the thread's, once adopted. */
    struct ws *prev, *next;
    enum ws_state state;
    int fd;
    struct MHD_UpgradeResponseHandle *handle;
    const struct ws_events *events;
    void *u;
    wslay_event_context_ptr ctx;
    uint8_t *extra;
    size_t extra_len, extra_at;
    size_t sending; /* bytes of the message in wslay's hands */
    size_t read_now;
    int close_code; /* for closed(); 0: not known yet */
    int64_t heard_ms, pinged_ms, deadline_ms;
    unsigned fragments;
    uint64_t message_len;
    bool message_text, want_out, eof;
};

struct ws_loop {
    pthread_t thread;
    int epoll_fd, event_fd;
    int64_t ping_ms, silence_ms;
    struct ws *list; /* the thread's */
    pthread_mutex_t lock;
    pthread_cond_t empty;
    struct ws *scheduled; /* guarded, as all below */
    size_t count;         /* connections adopted and not done */
    bool stopping, quit;
};

/* ws_conn.c: on the thread. false: the connection is over, call ws_conn_end(). */
bool ws_conn_start(struct ws *ws);
bool ws_conn_readable(struct ws *ws);
bool ws_conn_pump(struct ws *ws); /* sends what can be sent */
bool ws_conn_tick(struct ws *ws, int64_t now_ms);
void ws_conn_end(struct ws *ws, int code); /* closed(), releases the socket; not the list's reference */
int64_t ws_now_ms(void);

#endif
