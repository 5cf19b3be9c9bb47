#include "services/jobs.h"

#include "base/cleanup.h"
#include "base/log.h"
#include "repositories/job_repository.h"
#include "services/job_keeper.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define JOB_ARENA     (8u << 20)
#define IDLE_WAIT_MS  30000 /* at the latest look again, for jobs that another process enqueued */
#define ERROR_WAIT_MS 1000
#define CHANNEL       "jobs"

struct runner {
    struct jobs *jobs;
    struct job_lane lane;
    unsigned slot;  /* of the keeper */
    bool recurring; /* does what recurs too */
    pthread_t thread;
};

struct jobs {
    struct jobs_options o;
    struct job_keeper *keeper;
    struct runner *runners;
    unsigned n_runners;
    pthread_mutex_t lock; /* guards what follows it */
    pthread_cond_t wake;  /* CLOCK_MONOTONIC */
    bool stopping;
    uint64_t wakes;                   /* so often */
    int64_t recurs_at[RECURRING_MAX]; /* Unix ms; 0: at once */
};

static const struct job_kind *kind_of(const struct jobs *j, const char *kind)
{
    for (const struct job_kind *k = j->o.kinds; k->kind; k++)
        if (!strcmp(k->kind, kind))
            return k;
    return NULL;
}

/* A fault of the input will not mend itself; a fault of the surroundings may. */
static bool worth_retrying(enum status st)
{
    return st == STATUS_UNAVAILABLE || st == STATUS_NO_MEMORY || st == STATUS_IO || st == STATUS_INTERNAL ||
           st == STATUS_CONFLICT;
}

/* Marks the job as failed for good and its subject with it, as one. */
static enum status give_up(struct services *s, const struct job *job, const struct job_kind *k, const struct error *why,
                           int64_t now, struct error *err)
{
    cleanup(db_txn_end) struct db_txn t = {0};
    bool final = false;
    enum status st = db_begin_locking(s->db, &t, err);
    if (st == STATUS_OK)
        st = job_fail(s->db, job, false, why->message, now, &final, err);
    if (st == STATUS_OK && k && k->give_up)
        st = k->give_up(s, job->subject_id, why, err);
    return st == STATUS_OK ? db_commit(&t, err) : st;
}

/* The subject may have moved on or be gone (erased, ready by another attempt): then the job fails by itself. */
static enum status fail_for_good(struct services *s, const struct job *job, const struct job_kind *k,
                                 const struct error *why, int64_t now, struct error *err)
{
    bool final = false;
    enum status st = give_up(s, job, k, why, now, err);
    if (st != STATUS_CONFLICT && st != STATUS_NOT_FOUND)
        return st;
    return job_fail(s->db, job, false, why->message, now, &final, err);
}

static void finish_job(struct jobs *j, struct services *s, const struct job *job, const struct job_kind *k,
                       enum status ran, const struct error *why)
{
    struct error err = {0};
    int64_t now = clock_unix_ms(j->o.clock);
    bool final = false;
    enum status st;
    if (ran == STATUS_OK) {
        st = job_complete(s->db, job, now, &err);
    } else {
        char id[ID_TEXT_SIZE];
        id_format(job->subject_id, id);
        log_failure(job->kind, id, ran, why);
        if (worth_retrying(ran) && job->attempts < job->max_attempts)
            st = job_fail(s->db, job, true, why->message, now, &final, &err);
        else
            st = fail_for_good(s, job, k, why, now, &err);
    }
    if (st != STATUS_OK)
        log_failure("job_finish", NULL, st, &err);
}

static enum status run_kind(const struct job_kind *k, struct services *s, const struct job *job, struct error *why)
{
    if (!k)
        return error_set(why, STATUS_INVALID, "job_unknown", NULL, "No handler for jobs of kind %s", job->kind);
    if (job->attempts > job->max_attempts)
        return error_set(why, STATUS_INVALID, "job_crashes", NULL,
                         "It was tried %lld times and the server ended each time", (long long)job->max_attempts);
    return k->run(s, job->subject_id, why);
}

/* Runs one due job. *ran tells whether there was one; *next_due when to look again (0: nothing waits). */
static enum status run_one(const struct runner *r, struct services *s, bool *ran, int64_t *next_due, struct error *err)
{
    struct jobs *j = r->jobs;
    cleanup(arena_freep) struct arena *a = arena_new(JOB_ARENA);
    struct job *job = NULL;
    int64_t now = clock_unix_ms(j->o.clock), expired = 0;
    *ran = false;
    enum status st = a ? job_keeper_renew(j->keeper, s->db, err) : arena_exhausted(err);
    if (st == STATUS_OK)
        st = job_requeue_expired(s->db, now, &expired, err);
    if (st == STATUS_OK)
        st = job_claim(s->db, &r->lane, now, j->o.lease_ms, a, &job, err);
    if (st != STATUS_OK)
        return st;
    if (!job)
        return job_next_due(s->db, &r->lane, next_due, err);
    *ran = true;
    struct error why = {0};
    const struct job_kind *k = kind_of(j, job->kind);
    job_keeper_hold(j->keeper, r->slot, job);
    enum status outcome = run_kind(k, s, job, &why);
    finish_job(j, s, job, k, outcome, &why);
    job_keeper_let_go(j->keeper, r->slot);
    return STATUS_OK;
}

/* The recurring task that is due, its next time noted, so that no other runner takes it too; NULL when none is. */
static const struct recurring *take_recurring(struct jobs *j, int64_t now)
{
    const struct recurring *due = NULL;
    pthread_mutex_lock(&j->lock);
    for (size_t i = 0; j->o.recurring && j->o.recurring[i].name && i < RECURRING_MAX && !due; i++)
        if (j->recurs_at[i] <= now) {
            due = &j->o.recurring[i];
            j->recurs_at[i] = now + due->every_ms;
        }
    pthread_mutex_unlock(&j->lock);
    return due;
}

/* The earlier of a job's due time (0: none) and the next recurring task's; 0: neither. */
static int64_t next_look(struct jobs *j, int64_t job_due)
{
    int64_t first = job_due;
    pthread_mutex_lock(&j->lock);
    for (size_t i = 0; j->o.recurring && j->o.recurring[i].name && i < RECURRING_MAX; i++)
        if (!first || j->recurs_at[i] < first)
            first = j->recurs_at[i];
    pthread_mutex_unlock(&j->lock);
    return first;
}

/* What recurs comes when no job is due: it waits at most for the jobs before it. */
static enum status run_due(const struct runner *r, struct services *s, bool *ran, int64_t *next_due, struct error *err)
{
    struct jobs *j = r->jobs;
    enum status st = run_one(r, s, ran, next_due, err);
    if (st != STATUS_OK || *ran || !r->recurring)
        return st;
    const struct recurring *due = take_recurring(j, clock_unix_ms(j->o.clock));
    if (!due) {
        *next_due = next_look(j, *next_due);
        return STATUS_OK;
    }
    struct error why = {0};
    enum status outcome = due->run(s, &why);
    if (outcome != STATUS_OK)
        log_failure(due->name, NULL, outcome, &why);
    *ran = true; /* it may have enqueued jobs */
    return STATUS_OK;
}

/* Waits until it was woken since `seen`, stopped, or the given milliseconds are over. Returns whether to go on. */
static bool wait_for_work(struct jobs *j, uint64_t seen, int64_t ms)
{
    struct timespec until;
    clock_gettime(CLOCK_MONOTONIC, &until);
    until.tv_sec += (time_t)(ms / 1000);
    until.tv_nsec += (long)(ms % 1000) * 1000000;
    if (until.tv_nsec >= 1000000000) {
        until.tv_sec++;
        until.tv_nsec -= 1000000000;
    }
    pthread_mutex_lock(&j->lock);
    int rc = 0;
    while (!j->stopping && j->wakes == seen && !rc)
        rc = pthread_cond_timedwait(&j->wake, &j->lock, &until);
    bool go_on = !j->stopping;
    pthread_mutex_unlock(&j->lock);
    return go_on;
}

/* *wakes: as it is before looking for work, so that none is missed that is enqueued meanwhile. */
static bool stopped(struct jobs *j, uint64_t *wakes)
{
    pthread_mutex_lock(&j->lock);
    bool s = j->stopping;
    *wakes = j->wakes;
    pthread_mutex_unlock(&j->lock);
    return s;
}

static void *run(void *arg)
{
    const struct runner *r = arg;
    struct jobs *j = r->jobs;
    struct services *s = NULL;
    uint64_t seen;
    while (!stopped(j, &seen)) {
        struct error err = {0};
        bool ran = false;
        int64_t next_due = 0, wait = IDLE_WAIT_MS;
        if (!s)
            s = j->o.services_new(j->o.u);
        enum status st =
            s ? run_due(r, s, &ran, &next_due, &err)
              : error_set(&err, STATUS_UNAVAILABLE, "database_unreachable", NULL, "No database connection for jobs");
        if (st != STATUS_OK) {
            log_failure("jobs", NULL, st, &err);
            wait = ERROR_WAIT_MS;
        } else if (ran) {
            continue;
        } else if (next_due) {
            int64_t until = next_due - clock_unix_ms(j->o.clock);
            wait = until < 1 ? 1 : until < IDLE_WAIT_MS ? until : IDLE_WAIT_MS;
        }
        if (!wait_for_work(j, seen, wait))
            break;
    }
    if (s)
        j->o.services_free(s);
    return NULL;
}

static void wake_here(struct jobs *j)
{
    pthread_mutex_lock(&j->lock);
    j->wakes++;
    pthread_cond_broadcast(&j->wake);
    pthread_mutex_unlock(&j->lock);
}

/* Enqueued by a replica, or perhaps: messages were missed. */
static void on_message(void *u, const char *message)
{
    (void)message;
    wake_here(u);
}

static const struct job_kind *kind_apart(const struct job_kind *k)
{
    while (k->kind && !k->apart)
        k++;
    return k;
}

static bool start_runner(struct jobs *j, struct job_lane lane)
{
    struct runner *r = &j->runners[j->n_runners];
    *r = (struct runner){.jobs = j, .lane = lane, .slot = j->n_runners, .recurring = !lane.kind || lane.others};
    if (pthread_create(&r->thread, NULL, run, r))
        return false;
    j->n_runners++;
    return true;
}

static bool start_runners(struct jobs *j)
{
    const struct job_kind *apart = kind_apart(j->o.kinds);
    for (unsigned i = 0; i < j->o.threads; i++)
        if (!start_runner(j, (struct job_lane){apart->kind, true}))
            return false;
    return !apart->kind || start_runner(j, (struct job_lane){apart->kind, false});
}

static enum status keep_leases(struct jobs *j, struct error *err)
{
    const struct job_keeper_options o = {.services_new = j->o.services_new,
                                         .services_free = j->o.services_free,
                                         .u = j->o.u,
                                         .clock = j->o.clock,
                                         .lease_ms = j->o.lease_ms,
                                         .every_ms = j->o.keep_ms,
                                         .slots = j->o.threads + 1};
    return job_keeper_new(&o, &j->keeper, err);
}

enum status jobs_new(const struct jobs_options *o, struct jobs **ret, struct error *err)
{
    struct jobs *j = calloc(1, sizeof *j);
    pthread_condattr_t attr;
    if (!j || !(j->runners = calloc(o->threads + 1, sizeof *j->runners))) {
        free(j);
        return error_set(err, STATUS_NO_MEMORY, "no_memory", NULL, "Out of memory");
    }
    struct jobs *before = *ret;
    j->o = *o;
    pthread_mutex_init(&j->lock, NULL);
    pthread_condattr_init(&attr);
    pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
    pthread_cond_init(&j->wake, &attr);
    pthread_condattr_destroy(&attr);
    enum status st = keep_leases(j, err);
    if (st == STATUS_OK && j->o.cache)
        st = cache_subscribe(j->o.cache, CHANNEL, on_message, j, err);
    if (st != STATUS_OK) {
        jobs_free(j);
        return st;
    }
    *ret = j;
    if (!start_runners(j)) {
        *ret = before;
        jobs_free(j);
        return error_set(err, STATUS_UNAVAILABLE, "no_thread", NULL,
                         "A thread for background jobs could not be started");
    }
    return STATUS_OK;
}

struct jobs *jobs_free(struct jobs *j)
{
    if (!j)
        return NULL;
    if (j->o.cache)
        cache_unsubscribe(j->o.cache, on_message, j);
    pthread_mutex_lock(&j->lock);
    j->stopping = true;
    pthread_cond_broadcast(&j->wake);
    pthread_mutex_unlock(&j->lock);
    for (unsigned i = 0; i < j->n_runners; i++)
        pthread_join(j->runners[i].thread, NULL);
    job_keeper_free(j->keeper);
    pthread_cond_destroy(&j->wake);
    pthread_mutex_destroy(&j->lock);
    free(j->runners);
    free(j);
    return NULL;
}

void jobs_wake(struct jobs *j)
{
    if (!j)
        return;
    wake_here(j);
    if (j->o.cache)
        cache_publish(j->o.cache, CHANNEL, "");
}
