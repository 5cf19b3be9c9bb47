/* The seam itself: hashes keys, asks the store, and where it is away, the in-process twin. */
#include "providers/cache/cache_backend.h"

#include "utils/sha256.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define KEYS_MAX_DEFAULT   16384
#define TIMEOUT_DEFAULT_MS 250
#define SALT_SIZE          32
#define HASH_HEX           32 /* digits of the hash in a key: 128 bits */

struct subscriber {
    char channel[32];
    cache_message_fn *on_message;
    void *u;
};

struct cache {
    const struct cache_store *store; /* the twin's when there is no Redis */
    void *self, *twin;
    struct cache_credit *credit;
    uint8_t salt[SALT_SIZE];
    pthread_mutex_t lock; /* guards subscribers; held while they are called */
    struct subscriber subscribers[CACHE_SUBSCRIBERS_MAX];
};

/* ---- life ---- */

enum status cache_url_check(const char *url, struct error *err)
{
    struct redis_address at;
    return redis_address_parse(url, &at, err);
}

enum status cache_new(const struct cache_options *o, struct cache **ret, struct error *err)
{
    struct redis_address at;
    bool shared = o->url != NULL && o->url[0] != '\0';
    enum status st = shared ? redis_address_parse(o->url, &at, err) : STATUS_OK;
    if (st != STATUS_OK)
        return st;
    struct cache *c = calloc(1, sizeof(*c));
    if (c != NULL) {
        c->twin = cache_memory_new(o->clock, o->keys_max ? o->keys_max : KEYS_MAX_DEFAULT);
        c->credit = cache_credit_new(o->clock);
    }
    if (c == NULL || c->twin == NULL || c->credit == NULL) {
        if (c != NULL) {
            cache_memory.free(c->twin);
            cache_credit_free(c->credit);
        }
        free(c);
        return error_set(err, STATUS_NO_MEMORY, "no_memory", NULL, "Out of memory");
    }
    memcpy(c->salt, o->salt, SALT_SIZE);
    pthread_mutex_init(&c->lock, NULL);
    c->store = &cache_memory;
    c->self = c->twin;
    if (shared)
        st = cache_redis_new(&at, o->timeout_ms ? o->timeout_ms : TIMEOUT_DEFAULT_MS, c, &c->self, err);
    if (st != STATUS_OK) {
        cache_free(c);
        return st;
    }
    c->store = shared ? &cache_redis : &cache_memory;
    *ret = c;
    return STATUS_OK;
}

struct cache *cache_free(struct cache *c)
{
    if (c == NULL)
        return NULL;
    if (c->store != &cache_memory)
        c->store->free(c->self);
    cache_memory.free(c->twin);
    cache_credit_free(c->credit);
    pthread_mutex_destroy(&c->lock);
    free(c);
    return NULL;
}

void cache_health(struct cache *c, struct cache_health *ret)
{
    *ret = (struct cache_health){.name = c->store->name, .shared = c->store != &cache_memory};
    ret->ready = c->store->ready(c->self, ret->message, sizeof(ret->message));
}

/* ---- keys and values ---- */

/* "kind:rest" -> "kind:<hash of it all>" */
static const char *hashed(const struct cache *c, const char *key, char out[CACHE_KEY_MAX])
{
    struct sha256 s;
    uint8_t digest[SHA256_SIZE];
    char hex[SHA256_HEX_SIZE];
    sha256_init(&s);
    sha256_update(&s, c->salt, sizeof(c->salt));
    sha256_update(&s, key, strlen(key));
    sha256_final(&s, digest);
    sha256_hex(digest, hex);
    snprintf(out, CACHE_KEY_MAX, "%.*s:%.*s", (int)strcspn(key, ":"), key, HASH_HEX, hex);
    return out;
}

static const char *cut(const char *text, char *out, size_t size)
{
    snprintf(out, size, "%s", text);
    return out;
}

bool cache_take_batch(struct cache *c, const char *key, double per_second, double burst, int batch,
                      int64_t *retry_after_ms)
{
    char k[CACHE_KEY_MAX];
    int taken = 1;
    int64_t wait = 0;
    hashed(c, key, k);
    if (batch <= 1 || !cache_credit_use(c->credit, k)) {
        if (c->store->take(c->self, k, per_second, burst, batch, &taken, &wait) != STATUS_OK)
            (void)cache_memory.take(c->twin, k, per_second, burst, 1, &taken, &wait);
        if (taken > 1)
            cache_credit_add(c->credit, k, taken - 1);
    }
    if (retry_after_ms != NULL)
        *retry_after_ms = wait;
    return taken > 0;
}

bool cache_take(struct cache *c, const char *key, double per_second, double burst, int64_t *retry_after_ms)
{
    return cache_take_batch(c, key, per_second, burst, 1, retry_after_ms);
}

/* The twin remembers too what goes to Redis, for the time in which that is away. */
void cache_put(struct cache *c, const char *key, const char *value, int64_t ttl_ms)
{
    char k[CACHE_KEY_MAX], v[CACHE_VALUE_MAX];
    hashed(c, key, k);
    cut(value, v, sizeof(v));
    (void)cache_memory.put(c->twin, k, v, ttl_ms);
    if (c->self != c->twin)
        (void)c->store->put(c->self, k, v, ttl_ms);
}

bool cache_get(struct cache *c, const char *key, char value[CACHE_VALUE_MAX], int64_t *ttl_left_ms)
{
    char k[CACHE_KEY_MAX], v[CACHE_VALUE_MAX] = "";
    bool found = false;
    int64_t left = 0;
    hashed(c, key, k);
    if (c->store->get(c->self, k, v, &left, &found) != STATUS_OK)
        (void)cache_memory.get(c->twin, k, v, &left, &found);
    if (found && value != NULL)
        memcpy(value, v, sizeof(v));
    if (found && ttl_left_ms != NULL)
        *ttl_left_ms = left;
    return found;
}

bool cache_claim(struct cache *c, const char *key, const char *value, int64_t ttl_ms, int64_t *ttl_left_ms)
{
    char k[CACHE_KEY_MAX], v[CACHE_VALUE_MAX];
    bool claimed = true;
    int64_t left = 0;
    hashed(c, key, k);
    cut(value, v, sizeof(v));
    if (c->store->claim(c->self, k, v, ttl_ms, &claimed, &left) != STATUS_OK)
        (void)cache_memory.claim(c->twin, k, v, ttl_ms, &claimed, &left);
    if (!claimed && ttl_left_ms != NULL)
        *ttl_left_ms = left;
    return claimed;
}

int64_t cache_add(struct cache *c, const char *key, int64_t ttl_ms)
{
    char k[CACHE_KEY_MAX];
    int64_t count = 0;
    hashed(c, key, k);
    if (c->store->add(c->self, k, ttl_ms, &count) != STATUS_OK)
        (void)cache_memory.add(c->twin, k, ttl_ms, &count);
    return count;
}

void cache_remove(struct cache *c, const char *key)
{
    char k[CACHE_KEY_MAX];
    hashed(c, key, k);
    (void)cache_memory.remove(c->twin, k);
    if (c->self != c->twin)
        (void)c->store->remove(c->self, k);
}

/* ---- messages ---- */

void cache_deliver(struct cache *c, const char *channel, const char *message)
{
    pthread_mutex_lock(&c->lock);
    for (size_t i = 0; i < CACHE_SUBSCRIBERS_MAX; i++) {
        const struct subscriber *s = &c->subscribers[i];
        if (s->on_message != NULL && (channel == NULL || strcmp(s->channel, channel) == 0))
            s->on_message(s->u, message);
    }
    pthread_mutex_unlock(&c->lock);
}

void cache_publish(struct cache *c, const char *channel, const char *message)
{
    char m[CACHE_MESSAGE_MAX];
    cut(message, m, sizeof(m));
    if (c->self == c->twin || c->store->publish(c->self, channel, m) != STATUS_OK)
        cache_deliver(c, channel, m);
}

enum status cache_subscribe(struct cache *c, const char *channel, cache_message_fn *on_message, void *u,
                            struct error *err)
{
    bool placed = false;
    pthread_mutex_lock(&c->lock);
    for (size_t i = 0; i < CACHE_SUBSCRIBERS_MAX && !placed; i++) {
        struct subscriber *s = &c->subscribers[i];
        if (s->on_message != NULL)
            continue;
        *s = (struct subscriber){.on_message = on_message, .u = u};
        cut(channel, s->channel, sizeof(s->channel));
        placed = true;
    }
    pthread_mutex_unlock(&c->lock);
    return placed ? STATUS_OK
                  : error_set(err, STATUS_NO_MEMORY, "too_many_subscribers", NULL, "No room for another subscriber");
}

void cache_unsubscribe(struct cache *c, cache_message_fn *on_message, void *u)
{
    pthread_mutex_lock(&c->lock);
    for (size_t i = 0; i < CACHE_SUBSCRIBERS_MAX; i++)
        if (c->subscribers[i].on_message == on_message && c->subscribers[i].u == u)
            c->subscribers[i] = (struct subscriber){0};
    pthread_mutex_unlock(&c->lock);
}
