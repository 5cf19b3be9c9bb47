#include "base/latency.h"

#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SUB     8                         /* buckets of a doubling */
#define EXACT   (2 * SUB)                 /* below, each value has a bucket of its own */
#define TOP     36                        /* doublings: up to 2^36 us, 19 hours */
#define BUCKETS (EXACT + (TOP - 4) * SUB) /* 16 is 2^4 */
#define SLOT_MS (LATENCY_RECENT_MS / 10)  /* the last five minutes are ten slots and the one that runs */
#define SLOTS   11

struct histogram {
    uint64_t count, sum_us;
    uint32_t buckets[BUCKETS];
};

struct slot {
    int64_t number; /* now / SLOT_MS */
    struct histogram h;
};

struct latency {
    pthread_mutex_t lock; /* guards what follows it */
    struct histogram total;
    struct slot slots[SLOTS];
    uint64_t last_us, max_us;
};

static unsigned bucket_of(uint64_t us)
{
    if (us < EXACT)
        return (unsigned)us;
    unsigned doublings = 63u - (unsigned)__builtin_clzll(us);
    if (doublings >= TOP)
        return BUCKETS - 1;
    return EXACT + (doublings - 4) * SUB + (unsigned)(us >> (doublings - 3) & (SUB - 1));
}

/* The middle of a bucket. */
static uint64_t value_of(unsigned bucket)
{
    if (bucket < EXACT)
        return bucket;
    unsigned doublings = 4 + (bucket - EXACT) / SUB;
    uint64_t width = UINT64_C(1) << (doublings - 3), begin = (SUB + (bucket - EXACT) % SUB) * width;
    return begin + width / 2;
}

static void count(struct histogram *h, unsigned bucket, uint64_t us)
{
    h->count++;
    h->sum_us += us;
    h->buckets[bucket]++;
}

/* The smallest value that `part` of all do not exceed. */
static uint64_t percentile(const struct histogram *h, double part)
{
    uint64_t wanted = (uint64_t)((double)h->count * part + 0.999999), seen = 0;
    for (unsigned i = 0; i < BUCKETS; i++) {
        seen += h->buckets[i];
        if (seen >= wanted && seen > 0)
            return value_of(i);
    }
    return 0;
}

static struct latency_figures figures(const struct histogram *h)
{
    if (h->count == 0)
        return (struct latency_figures){0};
    return (struct latency_figures){
        .count = h->count,
        .mean_us = (double)h->sum_us / (double)h->count,
        .p50_us = percentile(h, 0.50),
        .p95_us = percentile(h, 0.95),
        .p99_us = percentile(h, 0.99),
        .max_us = percentile(h, 1),
    };
}

struct latency *latency_new(void)
{
    struct latency *l = calloc(1, sizeof *l);
    if (l) {
        pthread_mutex_init(&l->lock, NULL);
        for (int i = 0; i < SLOTS; i++)
            l->slots[i].number = -1;
    }
    return l;
}

struct latency *latency_free(struct latency *l)
{
    if (l)
        pthread_mutex_destroy(&l->lock);
    free(l);
    return NULL;
}

void latency_add(struct latency *l, int64_t now_ms, int64_t microseconds)
{
    if (!l)
        return;
    uint64_t us = microseconds > 0 ? (uint64_t)microseconds : 0;
    unsigned bucket = bucket_of(us);
    int64_t number = now_ms / SLOT_MS;
    struct slot *slot = &l->slots[number % SLOTS];
    pthread_mutex_lock(&l->lock);
    if (slot->number != number)
        *slot = (struct slot){.number = number};
    count(&slot->h, bucket, us);
    count(&l->total, bucket, us);
    l->last_us = us;
    if (us > l->max_us)
        l->max_us = us;
    pthread_mutex_unlock(&l->lock);
}

void latency_report(struct latency *l, int64_t now_ms, struct latency_report *ret)
{
    struct histogram recent = {0};
    int64_t number = now_ms / SLOT_MS;
    pthread_mutex_lock(&l->lock);
    for (int i = 0; i < SLOTS; i++) {
        const struct slot *s = &l->slots[i];
        if (s->number < 0 || s->number > number || s->number <= number - SLOTS)
            continue;
        recent.count += s->h.count;
        recent.sum_us += s->h.sum_us;
        for (unsigned k = 0; k < BUCKETS; k++)
            recent.buckets[k] += s->h.buckets[k];
    }
    ret->recent = figures(&recent);
    ret->total = figures(&l->total);
    ret->total.max_us = l->max_us;
    ret->last_us = l->last_us;
    pthread_mutex_unlock(&l->lock);
}

/* --------------------------------------------------------------------------------------------------------------------
 * by name */

struct latency_set {
    pthread_mutex_t lock; /* guards what follows it; a name once there stays */
    unsigned n;
    char names[LATENCY_NAMES][LATENCY_NAME_MAX];
    struct latency *of[LATENCY_NAMES];
};

struct latency_set *latency_set_new(void)
{
    struct latency_set *s = calloc(1, sizeof *s);
    if (s)
        pthread_mutex_init(&s->lock, NULL);
    return s;
}

struct latency_set *latency_set_free(struct latency_set *s)
{
    if (!s)
        return NULL;
    for (unsigned i = 0; i < s->n; i++)
        latency_free(s->of[i]);
    pthread_mutex_destroy(&s->lock);
    free(s);
    return NULL;
}

/* Under the lock. NULL when out of memory. */
static struct latency *find(struct latency_set *s, const char *name)
{
    for (unsigned i = 0; i < s->n; i++)
        if (strncmp(s->names[i], name, LATENCY_NAME_MAX - 1) == 0)
            return s->of[i];
    if (s->n == LATENCY_NAMES)
        return s->of[LATENCY_NAMES - 1];
    bool last = s->n == LATENCY_NAMES - 1;
    struct latency *l = latency_new();
    if (l) {
        snprintf(s->names[s->n], LATENCY_NAME_MAX, "%.*s", LATENCY_NAME_MAX - 1, last ? "other" : name);
        s->of[s->n++] = l;
    }
    return l;
}

void latency_set_add(struct latency_set *s, const char *name, int64_t now_ms, int64_t microseconds)
{
    pthread_mutex_lock(&s->lock);
    struct latency *l = find(s, name);
    pthread_mutex_unlock(&s->lock);
    latency_add(l, now_ms, microseconds);
}

void latency_set_each(struct latency_set *s, void (*f)(void *u, const char *name, struct latency *l), void *u)
{
    pthread_mutex_lock(&s->lock);
    unsigned n = s->n;
    pthread_mutex_unlock(&s->lock);
    for (unsigned i = 0; i < n; i++)
        f(u, s->names[i], s->of[i]);
}
