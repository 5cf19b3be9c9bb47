#include "utils/ratelimit.h"

#include <arpa/inet.h>
#include <math.h>
#include <pthread.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "utils/crypto_init.h"

/* Set-associative, like a processor's cache: a key may only stand in the WAYS slots of its set, and takes the place of
 * the one idle for longest there. Lookups and evictions are constant work, and nothing is ever moved. */
#define WAYS 8

/* Sums of fractions fall a hair short of 1: a client that waited as long as told must get its token. */
#define HAIR 1e-9

struct bucket {
    uint8_t key[16]; /* keyed hash, so that nobody can aim at another's slot; all zero: free */
    double tokens;
    int64_t updated_ms;
};

struct ratelimit {
    const struct clock *clock;
    uint8_t seed[crypto_generichash_KEYBYTES_MIN];
    size_t sets;
    pthread_mutex_t lock;   /* guards buckets */
    struct bucket *buckets; /* sets * WAYS */
};

struct ratelimit *ratelimit_new(const struct clock *clock, size_t max_keys)
{
    crypto_init();
    struct ratelimit *r = calloc(1, sizeof(*r));
    if (r == NULL)
        return NULL;
    r->clock = clock;
    r->sets = max_keys / WAYS + (max_keys % WAYS != 0 || max_keys == 0);
    r->buckets = calloc(r->sets, WAYS * sizeof(*r->buckets));
    if (r->buckets == NULL) {
        free(r);
        return NULL;
    }
    randombytes_buf(r->seed, sizeof(r->seed));
    pthread_mutex_init(&r->lock, NULL);
    return r;
}

struct ratelimit *ratelimit_free(struct ratelimit *r)
{
    if (r == NULL)
        return NULL;
    pthread_mutex_destroy(&r->lock);
    free(r->buckets);
    free(r);
    return NULL;
}

/* The bucket of the key, or the one that makes room for it (full then). */
static struct bucket *find(struct ratelimit *r, const uint8_t key[16], double burst, int64_t now)
{
    uint64_t h;
    memcpy(&h, key, sizeof(h));
    struct bucket *set = &r->buckets[h % r->sets * WAYS], *oldest = set;
    for (size_t i = 0; i < WAYS; i++) {
        if (memcmp(set[i].key, key, 16) == 0)
            return &set[i];
        if (sodium_is_zero(oldest->key, 16) == 0 &&
            (sodium_is_zero(set[i].key, 16) != 0 || set[i].updated_ms < oldest->updated_ms))
            oldest = &set[i];
    }
    memcpy(oldest->key, key, 16);
    oldest->tokens = burst;
    oldest->updated_ms = now;
    return oldest;
}

static int64_t wait_ms(double missing, double per_second)
{
    double ms = per_second > 0 ? ceil((missing - HAIR) / per_second * 1000) : INFINITY;
    return ms < 86400000 ? (int64_t)ms : 86400000; /* a day stands for "never" */
}

bool ratelimit_take(struct ratelimit *r, const char *key, double per_second, double burst, int64_t *retry_after_ms)
{
    uint8_t hash[16];
    crypto_generichash(hash, sizeof(hash), (const uint8_t *)key, strlen(key), r->seed, sizeof(r->seed));
    int64_t now = clock_mono_ms(r->clock), wait = 0;

    pthread_mutex_lock(&r->lock);
    struct bucket *b = find(r, hash, burst, now);
    if (now > b->updated_ms) { /* threads may arrive in another order than they read the clock */
        b->tokens += (double)(now - b->updated_ms) / 1000 * per_second;
        b->updated_ms = now;
    }
    if (b->tokens > burst)
        b->tokens = burst;
    bool taken = b->tokens >= 1 - HAIR;
    if (taken)
        b->tokens -= 1;
    else
        wait = wait_ms(1 - b->tokens, per_second);
    pthread_mutex_unlock(&r->lock);

    if (retry_after_ms != NULL)
        *retry_after_ms = wait;
    return taken;
}

void ratelimit_subscriber(const char *remote, char *out, size_t size)
{
    struct in6_addr a;
    if (inet_pton(AF_INET6, remote, &a) == 1 && !IN6_IS_ADDR_V4MAPPED(&a)) {
        memset(a.s6_addr + 8, 0, 8);
        inet_ntop(AF_INET6, &a, out, (socklen_t)size);
        return;
    }
    snprintf(out, size, "%s", remote);
}
