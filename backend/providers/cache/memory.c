/* The in-process twin: token buckets of utils/ratelimit, and a bounded table of what has a time to live. Like the
 * buckets' table it is set-associative: a key may only stand in the WAYS slots of its set, and takes the place of what
 * is over, else of what is over soonest. */
#include "providers/cache/cache_backend.h"

#include "utils/ratelimit.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define WAYS 8

struct entry {
    char key[CACHE_KEY_MAX]; /* "": free */
    char value[CACHE_VALUE_MAX];
    int64_t count;      /* of cache_add() */
    int64_t expires_at; /* mono ms */
};

struct memory {
    const struct clock *clock;
    struct ratelimit *buckets;
    size_t sets;
    pthread_mutex_t lock;  /* guards entries */
    struct entry *entries; /* sets * WAYS */
};

static void *memory_free(void *self)
{
    struct memory *m = self;
    if (m == NULL)
        return NULL;
    ratelimit_free(m->buckets);
    free(m->entries);
    pthread_mutex_destroy(&m->lock);
    free(m);
    return NULL;
}

void *cache_memory_new(const struct clock *clock, size_t keys_max)
{
    struct memory *m = calloc(1, sizeof(*m));
    if (m == NULL)
        return NULL;
    pthread_mutex_init(&m->lock, NULL);
    m->clock = clock;
    m->sets = keys_max / WAYS + 1;
    m->entries = calloc(m->sets, WAYS * sizeof(*m->entries));
    m->buckets = ratelimit_new(clock, keys_max);
    return m->entries != NULL && m->buckets != NULL ? m : memory_free(m);
}

/* Keys end with hex digits of a hash that nobody outside can aim: any sum of them spreads. */
static struct entry *set_of(const struct memory *m, const char *key)
{
    uint64_t h = 14695981039346656037u;
    for (const char *p = key; *p != '\0'; p++)
        h = (h ^ (unsigned char)*p) * 1099511628211u;
    return &m->entries[h % m->sets * WAYS];
}

/* Caller holds the lock. NULL: it is not there, or over. */
static struct entry *find(const struct memory *m, const char *key, int64_t now)
{
    struct entry *set = set_of(m, key);
    for (size_t i = 0; i < WAYS; i++)
        if (set[i].expires_at > now && strcmp(set[i].key, key) == 0)
            return &set[i];
    return NULL;
}

/* Caller holds the lock. The entry of the key, empty where it was not there. */
static struct entry *place(const struct memory *m, const char *key, int64_t now)
{
    struct entry *e = find(m, key, now);
    if (e != NULL)
        return e;
    struct entry *set = set_of(m, key);
    e = set;
    for (size_t i = 1; i < WAYS; i++)
        if (set[i].expires_at < e->expires_at)
            e = &set[i];
    *e = (struct entry){0};
    snprintf(e->key, sizeof(e->key), "%s", key);
    return e;
}

static enum status memory_take(void *self, const char *key, double per_second, double burst, int want, int *taken,
                               int64_t *retry_after_ms)
{
    struct memory *m = self;
    (void)want; /* one costs nothing here */
    *taken = ratelimit_take(m->buckets, key, per_second, burst, retry_after_ms) ? 1 : 0;
    return STATUS_OK;
}

static void store(struct entry *e, const char *value, int64_t expires_at)
{
    snprintf(e->value, sizeof(e->value), "%s", value);
    e->expires_at = expires_at;
}

static enum status memory_put(void *self, const char *key, const char *value, int64_t ttl_ms)
{
    struct memory *m = self;
    int64_t now = clock_mono_ms(m->clock);
    pthread_mutex_lock(&m->lock);
    store(place(m, key, now), value, now + ttl_ms);
    pthread_mutex_unlock(&m->lock);
    return STATUS_OK;
}

static enum status memory_get(void *self, const char *key, char value[CACHE_VALUE_MAX], int64_t *ttl_left_ms,
                              bool *found)
{
    struct memory *m = self;
    int64_t now = clock_mono_ms(m->clock);
    pthread_mutex_lock(&m->lock);
    const struct entry *e = find(m, key, now);
    *found = e != NULL;
    if (e != NULL) {
        memcpy(value, e->value, CACHE_VALUE_MAX);
        *ttl_left_ms = e->expires_at - now;
    }
    pthread_mutex_unlock(&m->lock);
    return STATUS_OK;
}

static enum status memory_claim(void *self, const char *key, const char *value, int64_t ttl_ms, bool *claimed,
                                int64_t *ttl_left_ms)
{
    struct memory *m = self;
    int64_t now = clock_mono_ms(m->clock);
    pthread_mutex_lock(&m->lock);
    const struct entry *e = find(m, key, now);
    *claimed = e == NULL;
    if (e == NULL)
        store(place(m, key, now), value, now + ttl_ms);
    else
        *ttl_left_ms = e->expires_at - now;
    pthread_mutex_unlock(&m->lock);
    return STATUS_OK;
}

static enum status memory_add(void *self, const char *key, int64_t ttl_ms, int64_t *count)
{
    struct memory *m = self;
    int64_t now = clock_mono_ms(m->clock);
    pthread_mutex_lock(&m->lock);
    struct entry *e = place(m, key, now);
    *count = ++e->count;
    e->expires_at = now + ttl_ms;
    pthread_mutex_unlock(&m->lock);
    return STATUS_OK;
}

static enum status memory_remove(void *self, const char *key)
{
    struct memory *m = self;
    pthread_mutex_lock(&m->lock);
    struct entry *e = find(m, key, clock_mono_ms(m->clock));
    if (e != NULL)
        *e = (struct entry){0};
    pthread_mutex_unlock(&m->lock);
    return STATUS_OK;
}

static enum status memory_publish(void *self, const char *channel, const char *message)
{
    (void)self;
    (void)channel;
    (void)message;
    return STATUS_UNAVAILABLE; /* cache.c delivers what stays inside the process */
}

static bool memory_ready(void *self, char *message, size_t size)
{
    (void)self;
    snprintf(message, size, "in-process");
    return true;
}

const struct cache_store cache_memory = {
    .version = 1,
    .name = "memory",
    .free = memory_free,
    .take = memory_take,
    .put = memory_put,
    .get = memory_get,
    .claim = memory_claim,
    .add = memory_add,
    .remove = memory_remove,
    .publish = memory_publish,
    .ready = memory_ready,
};
