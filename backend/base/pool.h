#ifndef VIVA_BASE_POOL_H
#define VIVA_BASE_POOL_H
/* Fixed worker threads over a bounded queue. A task owns its argument: exactly one of run and discard is called for it.
 */

#include "base/status.h"

struct pool;

struct pool_options {
    const char *name; /* thread name, <= 15 characters */
    unsigned threads, queue_max;
    void *(*worker_new)(void *u);     /* per-thread state (a database connection), made on the thread; may be NULL */
    void (*worker_free)(void *state); /* on the same thread, last; may be NULL */
    void *u;
};

/* run is called on a worker with that worker's state; discard (may be NULL) when the pool stops before the task ran. */
struct task {
    void (*run)(void *arg, void *worker_state);
    void (*discard)(void *arg);
    void *arg;
};

/* Waits until every worker is up. STATUS_UNAVAILABLE "worker_failed" when a worker_new gave NULL: no pool then. Workers
 * block all signals, so that they are left to the thread that handles them. */
enum status pool_new(const struct pool_options *o, struct pool **ret, struct error *err) must_check;
/* STATUS_UNAVAILABLE "queue_full" when the queue is full (the task is then still the caller's). Any thread. */
enum status pool_submit(struct pool *p, struct task t, struct error *err) must_check;
size_t pool_depth(struct pool *p);
/* Finishes running tasks, discards queued ones (on the calling thread), joins. From now on pool_submit answers
 * "pool_stopping", but nobody may hold the pool once this returns. Never from one of its own tasks. Takes NULL, returns
 * NULL. */
struct pool *pool_free(struct pool *p);

#endif
