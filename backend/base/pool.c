#include "base/pool.h"

#include <assert.h>
#include <pthread.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>

struct pool {
    struct pool_options o;
    char name[16];
    pthread_t *threads;
    unsigned started;

    pthread_mutex_t lock; /* guards everything below; never held while a task or a callback runs */
    pthread_cond_t work;  /* a task was queued, or stopping */
    pthread_cond_t ready; /* a worker came up, or failed to */
    struct task *ring;    /* o.queue_max slots */
    size_t head, count;
    unsigned up, failed;
    bool stopping;
};

/* Waits for a task; false when the pool stops. */
static bool next_task(struct pool *p, struct task *t)
{
    pthread_mutex_lock(&p->lock);
    while (p->count == 0 && !p->stopping)
        pthread_cond_wait(&p->work, &p->lock);
    bool got = !p->stopping;
    if (got) {
        *t = p->ring[p->head];
        p->head = (p->head + 1) % p->o.queue_max;
        p->count--;
    }
    pthread_mutex_unlock(&p->lock);
    return got;
}

static void *worker(void *arg)
{
    struct pool *p = arg;
    void *state = NULL;
    pthread_setname_np(pthread_self(), p->name);
    if (p->o.worker_new != NULL)
        state = p->o.worker_new(p->o.u);
    bool ok = state != NULL || p->o.worker_new == NULL;

    pthread_mutex_lock(&p->lock);
    p->up += ok;
    p->failed += !ok;
    pthread_cond_signal(&p->ready);
    pthread_mutex_unlock(&p->lock);

    struct task t;
    while (ok && next_task(p, &t))
        t.run(t.arg, state);
    if (ok && p->o.worker_free != NULL)
        p->o.worker_free(state);
    return NULL;
}

static enum status start_threads(struct pool *p, struct error *err)
{
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before); /* inherited by the workers */
    int e = 0;
    while (p->started < p->o.threads && e == 0) {
        e = pthread_create(&p->threads[p->started], NULL, worker, p);
        p->started += e == 0;
    }
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    if (e != 0)
        return error_set(err, STATUS_UNAVAILABLE, "worker_failed", NULL,
                         "Cannot start %u threads. Allow more processes for this user (ulimit -u).", p->o.threads);

    pthread_mutex_lock(&p->lock);
    while (p->up + p->failed < p->started)
        pthread_cond_wait(&p->ready, &p->lock);
    bool ok = p->failed == 0;
    pthread_mutex_unlock(&p->lock);
    if (!ok)
        return error_set(err, STATUS_UNAVAILABLE, "worker_failed", NULL, "A worker of '%s' could not get ready.",
                         p->name);
    return STATUS_OK;
}

enum status pool_new(const struct pool_options *o, struct pool **ret, struct error *err)
{
    assert(o->threads > 0 && o->queue_max > 0);
    struct pool *p = calloc(1, sizeof(*p));
    if (p == NULL)
        return error_set(err, STATUS_NO_MEMORY, "out_of_memory", NULL, "There is no memory left for workers.");
    p->o = *o;
    snprintf(p->name, sizeof(p->name), "%s", o->name != NULL ? o->name : "pool");
    p->o.name = p->name;
    pthread_mutex_init(&p->lock, NULL);
    pthread_cond_init(&p->work, NULL);
    pthread_cond_init(&p->ready, NULL);
    p->threads = calloc(o->threads, sizeof(*p->threads));
    p->ring = calloc(o->queue_max, sizeof(*p->ring));
    enum status st = STATUS_OK;
    if (p->threads == NULL || p->ring == NULL)
        st = error_set(err, STATUS_NO_MEMORY, "out_of_memory", NULL, "There is no memory left for workers.");
    else
        st = start_threads(p, err);
    if (st != STATUS_OK) {
        pool_free(p);
        return st;
    }
    *ret = p;
    return STATUS_OK;
}

enum status pool_submit(struct pool *p, struct task t, struct error *err)
{
    enum status st = STATUS_OK;
    pthread_mutex_lock(&p->lock);
    if (p->stopping) {
        st =
            error_set(err, STATUS_UNAVAILABLE, "pool_stopping", NULL, "The server is stopping. Try again in a moment.");
    } else if (p->count == p->o.queue_max) {
        st = error_set(err, STATUS_UNAVAILABLE, "queue_full", NULL, "The server is busy. Try again in a few seconds.");
    } else {
        p->ring[(p->head + p->count) % p->o.queue_max] = t;
        p->count++;
        pthread_cond_signal(&p->work);
    }
    pthread_mutex_unlock(&p->lock);
    return st;
}

size_t pool_depth(struct pool *p)
{
    pthread_mutex_lock(&p->lock);
    size_t n = p->count;
    pthread_mutex_unlock(&p->lock);
    return n;
}

struct pool *pool_free(struct pool *p)
{
    if (p == NULL)
        return NULL;
    pthread_mutex_lock(&p->lock);
    p->stopping = true;
    pthread_cond_broadcast(&p->work);
    pthread_mutex_unlock(&p->lock);
    for (unsigned i = 0; i < p->started; i++)
        pthread_join(p->threads[i], NULL);
    for (; p->count > 0; p->count--) { /* nobody else is left: no lock */
        struct task t = p->ring[p->head];
        p->head = (p->head + 1) % p->o.queue_max;
        if (t.discard != NULL)
            t.discard(t.arg);
    }
    pthread_cond_destroy(&p->ready);
    pthread_cond_destroy(&p->work);
    pthread_mutex_destroy(&p->lock);
    free(p->threads);
    free(p->ring);
    free(p);
    return NULL;
}
