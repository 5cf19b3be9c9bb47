#ifndef VIVA_PROVIDERS_CACHE_CACHE_BACKEND_H
#define VIVA_PROVIDERS_CACHE_CACHE_BACKEND_H
/* What cache.c needs of a store. Keys come hashed. Internal to providers/cache/. */

#include "providers/cache/cache.h"

#define CACHE_KEY_MAX 96

struct cache_store {
    int version; /* 1 */
    const char *name;
    void *(*free)(void *self);
    /* Each may answer STATUS_UNAVAILABLE: then the twin is asked instead, and outputs are untouched. */
    /* Up to `want` tokens: at least one when *taken is above 0. */
    enum status (*take)(void *self, const char *key, double per_second, double burst, int want, int *taken,
                        int64_t *retry_after_ms);
    enum status (*put)(void *self, const char *key, const char *value, int64_t ttl_ms);
    enum status (*get)(void *self, const char *key, char value[CACHE_VALUE_MAX], int64_t *ttl_left_ms, bool *found);
    enum status (*claim)(void *self, const char *key, const char *value, int64_t ttl_ms, bool *claimed,
                         int64_t *ttl_left_ms);
    enum status (*add)(void *self, const char *key, int64_t ttl_ms, int64_t *count);
    enum status (*remove)(void *self, const char *key);
    enum status (*publish)(void *self, const char *channel, const char *message);
    bool (*ready)(void *self, char *message, size_t size);
};

/* To every subscriber of the channel; NULL, NULL: to all, that messages may have been missed. */
void cache_deliver(struct cache *c, const char *channel, const char *message);

/* credit.c: tokens taken ahead. use: false when there is none. */
struct cache_credit;
struct cache_credit *cache_credit_new(const struct clock *clock);
struct cache_credit *cache_credit_free(struct cache_credit *c);
bool cache_credit_use(struct cache_credit *c, const char *key);
void cache_credit_add(struct cache_credit *c, const char *key, int tokens);

extern const struct cache_store cache_memory, cache_redis;

/* NULL: out of memory. */
void *cache_memory_new(const struct clock *clock, size_t keys_max);

struct redis_address {
    char host[256], user[128], password[256];
    int port, db;
};
enum status redis_address_parse(const char *url, struct redis_address *ret, struct error *err) must_check;
/* Begins a thread that listens and probes; what it hears goes to cache_deliver(owner). */
enum status cache_redis_new(const struct redis_address *at, unsigned timeout_ms, struct cache *owner, void **ret,
                            struct error *err) must_check;

#endif
