#ifndef VIVA_PROVIDERS_CACHE_CACHE_H
#define VIVA_PROVIDERS_CACHE_CACHE_H
/* Short-lived facts that replicas share: rate limits, counters of failures, who is where, and messages that wake
 * others. In Redis when REDIS_URL names one, else inside this process. Never the only holder of anything that was
 * acknowledged: whatever stands here may be gone at any time, and callers work on without it.
 *
 * So no call here fails, and none waits longer than the timeout. While Redis is away (refused, silent, out of memory),
 * calls work on this replica's in-process twin, which is said in the log once, in /readyz until it is over, and means:
 * - cache_take, cache_add, cache_claim: count what comes to this replica only;
 * - cache_get: finds what this replica put;
 * - cache_publish: reaches this replica's subscribers only.
 *
 * A probe of its own looks for Redis with back-off (0.1 s to 5 s); requests never wait for one that is known to be
 * away. What was counted in the twin meanwhile is not carried over.
 *
 * Keys are "kind:rest". The kind is kept in the clear, the rest only as a keyed hash, so that no address and no name
 * stands in Redis: viva:<kind>:<32 hex>. Thread-safe; times in milliseconds. */

#include "base/clock.h"
#include "base/status.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define CACHE_VALUE_MAX   64 /* bytes of a value, with its NUL */
#define CACHE_MESSAGE_MAX 256

struct cache;

struct cache_options {
    const char *url;           /* "" or NULL: in-process; else redis://[[user]:password@]host[:port][/db] */
    const uint8_t *salt;       /* 32 bytes, the same in every replica: keys the hashes. Copied */
    unsigned timeout_ms;       /* of one command; 0: 250 */
    size_t keys_max;           /* of the in-process twin; 0: 16384 (about 3 MB when full) */
    const struct clock *clock; /* of the in-process twin; Redis has its own. Borrowed */
};

/* Whether the address can be read. STATUS_INVALID says what is wrong; nothing is connected. */
enum status cache_url_check(const char *url, struct error *err) must_check;

/* A Redis that is away does not stop the start. STATUS_INVALID for a bad address, STATUS_NO_MEMORY. */
enum status cache_new(const struct cache_options *o, struct cache **ret, struct error *err) must_check;
struct cache *cache_free(struct cache *c); /* no callback runs any more when it returns; takes NULL */

struct cache_health {
    const char *name; /* "memory" | "redis" */
    bool shared;      /* settings ask for Redis */
    bool ready;       /* false: Redis is away, and the twin stands in */
    char message[160];
};
void cache_health(struct cache *c, struct cache_health *ret);

/* Takes one token from the bucket of `key`, which holds at most `burst` and fills by `per_second`; semantics of
 * utils/ratelimit.h. Atomic across replicas. */
bool cache_take(struct cache *c, const char *key, double per_second, double burst, int64_t *retry_after_ms);

/* The same for keys that are asked for all the time: takes up to `batch` tokens at once and hands them out from here,
 * so that most calls ask nobody. Replicas together never get more than the bucket holds; what one has taken and not
 * used within a second is lost. */
bool cache_take_batch(struct cache *c, const char *key, double per_second, double burst, int batch,
                      int64_t *retry_after_ms);

/* Puts a value (cut to CACHE_VALUE_MAX - 1 bytes) for ttl_ms (at least 1), replacing another. */
void cache_put(struct cache *c, const char *key, const char *value, int64_t ttl_ms);
/* Whether there is one: the value into `value` and what is left of its time; both may be NULL. */
bool cache_get(struct cache *c, const char *key, char value[CACHE_VALUE_MAX], int64_t *ttl_left_ms);
/* Puts the value only where there is none: true for one caller alone. Else *ttl_left_ms (may be NULL) is what is left
 * of the one that stands there. */
bool cache_claim(struct cache *c, const char *key, const char *value, int64_t ttl_ms, int64_t *ttl_left_ms);
/* Adds one to a counter, which then lives for ttl_ms from now; the new count. Not for keys of cache_put(). */
int64_t cache_add(struct cache *c, const char *key, int64_t ttl_ms);
void cache_remove(struct cache *c, const char *key);

/* Messages to every replica, this one included, at most once and to whoever listens just then. `message` (cut to
 * CACHE_MESSAGE_MAX - 1 bytes) goes through Redis in the clear: ids only. */
void cache_publish(struct cache *c, const char *channel, const char *message);
/* on_message runs on a thread of the cache or of the publisher: it must be quick and must not call the cache. message
 * NULL: the connection was lost for a while, so messages may have been missed. At most CACHE_SUBSCRIBERS_MAX;
 * STATUS_NO_MEMORY beyond. */
#define CACHE_SUBSCRIBERS_MAX 8
typedef void cache_message_fn(void *u, const char *message);
enum status cache_subscribe(struct cache *c, const char *channel, cache_message_fn *on_message, void *u,
                            struct error *err) must_check;
/* No call of it runs any more when this returns. */
void cache_unsubscribe(struct cache *c, cache_message_fn *on_message, void *u);

#endif
