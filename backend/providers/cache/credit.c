/* Tokens that this replica took together and has not handed out yet. Direct-mapped: a key that meets another's slot
 * throws those tokens away, which makes a limit a little stricter, never looser. */
#include "providers/cache/cache_backend.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SLOTS   4096
#define LIFE_MS 1000 /* what was not used by then is as good as used */

struct slot {
    char key[CACHE_KEY_MAX];
    int64_t expires_at; /* mono ms */
    int left;
};

struct cache_credit {
    const struct clock *clock;
    pthread_mutex_t lock; /* guards slots */
    struct slot slots[SLOTS];
};

struct cache_credit *cache_credit_new(const struct clock *clock)
{
    struct cache_credit *c = calloc(1, sizeof(*c));
    if (c == NULL)
        return NULL;
    c->clock = clock;
    pthread_mutex_init(&c->lock, NULL);
    return c;
}

struct cache_credit *cache_credit_free(struct cache_credit *c)
{
    if (c != NULL)
        pthread_mutex_destroy(&c->lock);
    free(c);
    return NULL;
}

static struct slot *slot_of(struct cache_credit *c, const char *key)
{
    uint64_t h = 14695981039346656037u;
    for (const char *p = key; *p != '\0'; p++)
        h = (h ^ (unsigned char)*p) * 1099511628211u;
    return &c->slots[h % SLOTS];
}

bool cache_credit_use(struct cache_credit *c, const char *key)
{
    pthread_mutex_lock(&c->lock);
    struct slot *s = slot_of(c, key);
    bool used = s->left > 0 && s->expires_at > clock_mono_ms(c->clock) && strcmp(s->key, key) == 0;
    s->left -= used;
    pthread_mutex_unlock(&c->lock);
    return used;
}

void cache_credit_add(struct cache_credit *c, const char *key, int tokens)
{
    int64_t now = clock_mono_ms(c->clock);
    pthread_mutex_lock(&c->lock);
    struct slot *s = slot_of(c, key);
    bool more = s->left > 0 && s->expires_at > now && strcmp(s->key, key) == 0;
    s->left = more ? s->left + tokens : tokens;
    s->expires_at = now + LIFE_MS;
    snprintf(s->key, sizeof(s->key), "%s", key);
    pthread_mutex_unlock(&c->lock);
}
