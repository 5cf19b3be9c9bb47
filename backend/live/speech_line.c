#include "live/speech_line.h"

#include "base/clock.h"
#include "base/pool.h"

#include <pthread.h>
#include <stdlib.h>
#include <time.h>

#define WAITING_MAX 4096

struct speech_line {
    struct pool *pool;    /* each of its tasks means "take the most urgent job" */
    pthread_mutex_t lock; /* guards the lists; a leaf */
    pthread_cond_t emptied;
    struct speech_job *first[SPEECH_URGENCIES], **last[SPEECH_URGENCIES];
    unsigned waiting, running, threads;
    struct speech_job *later; /* at SPEECH_LATER, runs; NULL: none, or it was told to give way */
    bool later_runs, closing;
    struct load load;
};

enum status speech_line_new(unsigned threads, struct speech_line **ret, struct error *err)
{
    struct speech_line *l = calloc(1, sizeof(*l));
    if (l == NULL)
        return error_set(err, STATUS_NO_MEMORY, "out_of_memory", NULL, "There is no memory left for speech.");
    pthread_mutex_init(&l->lock, NULL);
    pthread_condattr_t attr;
    pthread_condattr_init(&attr);
    pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
    pthread_cond_init(&l->emptied, &attr);
    pthread_condattr_destroy(&attr);
    for (int i = 0; i < SPEECH_URGENCIES; i++)
        l->last[i] = &l->first[i];
    l->threads = threads;
    struct pool_options o = {.name = "viva-speech", .threads = threads, .queue_max = WAITING_MAX};
    enum status st = pool_new(&o, &l->pool, err);
    if (st != STATUS_OK) {
        speech_line_free(l);
        return st;
    }
    *ret = l;
    return STATUS_OK;
}

static void append(struct speech_line *l, struct speech_job *j)
{
    j->next = NULL;
    *l->last[j->urgency] = j;
    l->last[j->urgency] = &j->next;
}

/* Caller holds the lock. Unlinks j from its list; NULL when it is not there. */
static struct speech_job *unlink_job(struct speech_line *l, const struct speech_job *j)
{
    for (int u = 0; u < SPEECH_URGENCIES; u++)
        for (struct speech_job **p = &l->first[u]; *p != NULL; p = &(*p)->next)
            if (*p == j) {
                struct speech_job *found = *p;
                if (l->last[u] == &found->next)
                    l->last[u] = p;
                *p = found->next;
                return found;
            }
    return NULL;
}

/* Of what may begin. */
static struct speech_job *most_urgent(struct speech_line *l)
{
    const int end = l->later_runs || l->closing ? SPEECH_LATER : SPEECH_URGENCIES;
    for (int u = 0; u < end; u++)
        if (l->first[u] != NULL) {
            struct speech_job *j = l->first[u];
            unlink_job(l, j);
            return j;
        }
    return NULL;
}

struct speech_line *speech_line_free(struct speech_line *l)
{
    if (l == NULL)
        return NULL;
    pthread_mutex_lock(&l->lock);
    l->closing = true;
    if (l->later != NULL)
        l->later->give_way(l->later);
    l->later = NULL;
    pthread_mutex_unlock(&l->lock);
    pool_free(l->pool);
    l->closing = false;
    for (struct speech_job *j = most_urgent(l); j != NULL; j = most_urgent(l))
        j->discard(j);
    pthread_cond_destroy(&l->emptied);
    pthread_mutex_destroy(&l->lock);
    free(l);
    return NULL;
}

static enum load_kind kind_of(enum speech_urgency u)
{
    return u >= SPEECH_PARTIAL ? LOAD_EXTRA : u == SPEECH_AHEAD || u == SPEECH_GUESS ? LOAD_NEEDED : LOAD_WAITED;
}

/* Caller holds the lock. What has just come finds a free thread, or the one that has the least urgent job. */
static void make_way(struct speech_line *l, enum speech_urgency u)
{
    struct speech_job *j = l->later;
    if (j == NULL || u == SPEECH_LATER || l->running < l->threads)
        return;
    l->later = NULL;
    j->give_way(j);
}

static void run_later(struct speech_line *l, struct speech_job *j)
{
    j->run(j);
    pthread_mutex_lock(&l->lock);
    l->later = NULL;
    pthread_mutex_unlock(&l->lock);
    j->over(j);
}

/* The job belongs to others once it has run. */
static void carry_out(struct speech_line *l, struct speech_job *j)
{
    const bool later = j->urgency == SPEECH_LATER;
    enum load_kind kind = kind_of(j->urgency);
    int64_t asked = j->asked_us, from = clock_elapsed_us();
    if (later)
        run_later(l, j);
    else
        j->run(j);
    int64_t now = clock_elapsed_us();
    pthread_mutex_lock(&l->lock);
    load_add(&l->load, now, kind, now - from, now - asked);
    l->later_runs = l->later_runs && !later;
    if (--l->running == 0 && l->waiting == 0)
        pthread_cond_broadcast(&l->emptied);
    pthread_mutex_unlock(&l->lock);
}

static struct speech_job *take(struct speech_line *l)
{
    pthread_mutex_lock(&l->lock);
    struct speech_job *j = most_urgent(l);
    if (j != NULL) {
        l->waiting--;
        l->running++;
    }
    if (j != NULL && j->urgency == SPEECH_LATER) {
        l->later = j;
        l->later_runs = true;
    }
    pthread_mutex_unlock(&l->lock);
    return j;
}

/* The task of a job that had to wait for another at SPEECH_LATER found nothing: the other's takes its place. */
static void next(void *arg, void *state)
{
    struct speech_line *l = arg;
    bool later = true;
    (void)state;
    while (later) {
        struct speech_job *j = take(l);
        later = j != NULL && j->urgency == SPEECH_LATER;
        if (j != NULL)
            carry_out(l, j);
    }
}

void speech_line_submit(struct speech_line *l, struct speech_job *j)
{
    struct error err;
    j->asked_us = clock_elapsed_us();
    pthread_mutex_lock(&l->lock);
    bool full = pool_submit(l->pool, (struct task){next, NULL, l}, &err) != STATUS_OK;
    if (!full) {
        append(l, j);
        l->waiting++;
        make_way(l, j->urgency);
    }
    pthread_mutex_unlock(&l->lock);
    if (full)
        j->discard(j);
}

void speech_line_raise(struct speech_line *l, const struct speech_job *j, enum speech_urgency u)
{
    pthread_mutex_lock(&l->lock);
    for (int at = (int)u + 1; at < SPEECH_URGENCIES; at++)
        for (struct speech_job *p = l->first[at]; p != NULL; p = p->next)
            if (p == j) {
                unlink_job(l, p);
                p->urgency = u;
                p->asked_us = clock_elapsed_us(); /* from here on somebody waits */
                append(l, p);
                at = SPEECH_URGENCIES;
                break;
            }
    pthread_mutex_unlock(&l->lock);
}

void speech_line_drop(struct speech_line *l, const struct speech_job *j)
{
    pthread_mutex_lock(&l->lock);
    struct speech_job *waited = unlink_job(l, j); /* its task finds another job, or none */
    if (waited != NULL && --l->waiting == 0 && l->running == 0)
        pthread_cond_broadcast(&l->emptied);
    pthread_mutex_unlock(&l->lock);
    if (waited != NULL)
        waited->discard(waited);
}

bool speech_line_idle(struct speech_line *l)
{
    pthread_mutex_lock(&l->lock);
    bool idle = l->waiting == 0 && l->running == 0;
    pthread_mutex_unlock(&l->lock);
    return idle;
}

bool speech_line_wait_idle(struct speech_line *l, unsigned ms)
{
    struct timespec until;
    int timeout = 0;
    clock_gettime(CLOCK_MONOTONIC, &until);
    until.tv_sec += ms / 1000;
    until.tv_nsec += (long)(ms % 1000) * 1000000;
    if (until.tv_nsec >= 1000000000) {
        until.tv_sec++;
        until.tv_nsec -= 1000000000;
    }
    pthread_mutex_lock(&l->lock);
    while (timeout == 0 && (l->waiting > 0 || l->running > 0))
        timeout = pthread_cond_timedwait(&l->emptied, &l->lock, &until);
    bool idle = l->waiting == 0 && l->running == 0;
    pthread_mutex_unlock(&l->lock);
    return idle;
}

struct load_report speech_line_load(struct speech_line *l)
{
    pthread_mutex_lock(&l->lock);
    struct load_report r = load_report(&l->load, clock_elapsed_us(), l->threads);
    pthread_mutex_unlock(&l->lock);
    return r;
}
