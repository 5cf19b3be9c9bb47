#ifndef VIVA_LIVE_STRAND_H
#define VIVA_LIVE_STRAND_H
/* A mailbox worked through on a pool, one mail at a time and in order, on whichever worker is free: what belongs to a
 * strand needs no lock. Posting never blocks. */

#include "base/pool.h"

#include <pthread.h>
#include <stdbool.h>

struct mail {
    struct mail *next;
    size_t bytes; /* counted against the sender's bound */
    void (*free)(struct mail *m);
};

struct strand_owner {
    void (*run)(void *u, struct mail *m, void *worker_state); /* the mail is freed afterwards */
    void (*pause)(void *u, void *worker_state);               /* the mailbox is empty for now, or others had to wait */
    void (*ref)(void *u);                                     /* held while a task for this strand is in the pool */
    void (*unref)(void *u);
    void *u;
};

struct strand {
    struct strand_owner owner;
    struct pool *pool;
    pthread_mutex_t lock; /* guards everything below; a leaf but for the pool's own */
    struct mail *head, **tail;
    size_t bytes, count;
    bool scheduled, closed;
};

void strand_init(struct strand *s, struct pool *pool, const struct strand_owner *owner);
void strand_destroy(struct strand *s); /* frees what is left */
/* Takes the mail. */
void strand_post(struct strand *s, struct mail *m);
/* Schedules what could not be scheduled because the pool was full. */
void strand_kick(struct strand *s);
/* From here on mail is freed unread; for before the pool goes. */
void strand_close(struct strand *s);
bool strand_idle(struct strand *s); /* nothing waits and nothing runs */
size_t strand_bytes(struct strand *s);

#endif
