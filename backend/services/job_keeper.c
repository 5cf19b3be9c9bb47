#include "services/job_keeper.h"

#include "base/log.h"
#include "repositories/job_repository.h"
#include "services/services.h"

#include <pthread.h>
#include <stdlib.h>
#include <time.h>

struct slot {
    bool held;
    struct job job; /* id and attempts alone: what it points to is its runner's */
    int64_t until;  /* of its lease, as far as we know */
};

struct job_keeper {
    struct job_keeper_options o;
    struct slot *slots;
    pthread_mutex_t lock; /* guards slots and stopping */
    pthread_cond_t wake;  /* CLOCK_MONOTONIC */
    bool stopping;
    bool started;
    pthread_t thread;
};

void job_keeper_hold(struct job_keeper *k, unsigned slot, const struct job *job)
{
    pthread_mutex_lock(&k->lock);
    k->slots[slot] =
        (struct slot){.held = true, .job = {.id = job->id, .attempts = job->attempts}, .until = job->lease_until};
    pthread_mutex_unlock(&k->lock);
}

void job_keeper_let_go(struct job_keeper *k, unsigned slot)
{
    pthread_mutex_lock(&k->lock);
    k->slots[slot].held = false;
    pthread_mutex_unlock(&k->lock);
}

/* True when a quarter of the lease is over: then *job is what to renew until `until`. */
static bool take_due(struct job_keeper *k, unsigned slot, int64_t now, struct job *job)
{
    struct slot *s = &k->slots[slot];
    pthread_mutex_lock(&k->lock);
    const bool due = s->held && s->until - now <= k->o.lease_ms - k->o.lease_ms / 4;
    if (due)
        *job = s->job;
    pthread_mutex_unlock(&k->lock);
    return due;
}

static void renewed(struct job_keeper *k, unsigned slot, const struct job *job, int64_t until)
{
    struct slot *s = &k->slots[slot];
    pthread_mutex_lock(&k->lock);
    if (s->held && id_equal(s->job.id, job->id) && s->job.attempts == job->attempts)
        s->until = until;
    pthread_mutex_unlock(&k->lock);
}

enum status job_keeper_renew(struct job_keeper *k, struct db *db, struct error *err)
{
    const int64_t now = clock_unix_ms(k->o.clock);
    enum status st = STATUS_OK;
    for (unsigned i = 0; st == STATUS_OK && i < k->o.slots; i++) {
        struct job job;
        if (!take_due(k, i, now, &job))
            continue;
        st = job_keep(db, &job, now + k->o.lease_ms, err);
        if (st == STATUS_OK)
            renewed(k, i, &job, now + k->o.lease_ms);
    }
    return st;
}

/* Waits for the next look. False: it is to stop. */
static bool wait_for_look(struct job_keeper *k)
{
    struct timespec until;
    clock_gettime(CLOCK_MONOTONIC, &until);
    const int64_t ns = until.tv_nsec + k->o.every_ms % 1000 * 1000000;
    until.tv_sec += (time_t)(k->o.every_ms / 1000 + ns / 1000000000);
    until.tv_nsec = (long)(ns % 1000000000);
    pthread_mutex_lock(&k->lock);
    int rc = 0;
    while (!k->stopping && !rc)
        rc = pthread_cond_timedwait(&k->wake, &k->lock, &until);
    const bool go_on = !k->stopping;
    pthread_mutex_unlock(&k->lock);
    return go_on;
}

static bool holds_any(struct job_keeper *k)
{
    bool any = false;
    pthread_mutex_lock(&k->lock);
    for (unsigned i = 0; i < k->o.slots; i++)
        any = any || k->slots[i].held;
    pthread_mutex_unlock(&k->lock);
    return any;
}

/* A database that cannot be reached is tried again at the next look: three fit into a lease. */
static void *run(void *arg)
{
    struct job_keeper *k = arg;
    struct services *s = NULL;
    while (wait_for_look(k)) {
        struct error err = {0};
        if (!holds_any(k))
            continue;
        if (!s)
            s = k->o.services_new(k->o.u);
        const enum status st = s ? job_keeper_renew(k, s->db, &err)
                                 : error_set(&err, STATUS_UNAVAILABLE, "database_unreachable", NULL,
                                             "No database connection for the leases of jobs");
        if (st != STATUS_OK)
            log_failure("job_keeper", NULL, st, &err);
    }
    if (s)
        k->o.services_free(s);
    return NULL;
}

enum status job_keeper_new(const struct job_keeper_options *o, struct job_keeper **ret, struct error *err)
{
    struct job_keeper *k = calloc(1, sizeof *k);
    pthread_condattr_t attr;
    if (!k || !(k->slots = calloc(o->slots, sizeof *k->slots))) {
        free(k);
        return error_set(err, STATUS_NO_MEMORY, "no_memory", NULL, "Out of memory");
    }
    k->o = *o;
    pthread_mutex_init(&k->lock, NULL);
    pthread_condattr_init(&attr);
    pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
    pthread_cond_init(&k->wake, &attr);
    pthread_condattr_destroy(&attr);
    k->started = o->every_ms > 0 && pthread_create(&k->thread, NULL, run, k) == 0;
    if (o->every_ms > 0 && !k->started) {
        job_keeper_free(k);
        return error_set(err, STATUS_UNAVAILABLE, "no_thread", NULL,
                         "A thread for the leases of jobs could not be started");
    }
    *ret = k;
    return STATUS_OK;
}

struct job_keeper *job_keeper_free(struct job_keeper *k)
{
    if (!k)
        return NULL;
    pthread_mutex_lock(&k->lock);
    k->stopping = true;
    pthread_cond_broadcast(&k->wake);
    pthread_mutex_unlock(&k->lock);
    if (k->started)
        pthread_join(k->thread, NULL);
    pthread_cond_destroy(&k->wake);
    pthread_mutex_destroy(&k->lock);
    free(k->slots);
    free(k);
    return NULL;
}
