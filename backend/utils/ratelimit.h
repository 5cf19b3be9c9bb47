#ifndef VIVA_UTILS_RATELIMIT_H
#define VIVA_UTILS_RATELIMIT_H
/* Token buckets by key, within this process. The table is bounded: when it is full, the bucket idle for longest among a
 * few looked at makes room, so a flood of keys costs no memory (and can at worst forget idle buckets). Thread-safe. */

#include "base/clock.h"

#include <stdbool.h>
#include <stddef.h>

struct ratelimit;

/* The clock is borrowed and read through clock_mono_ms(). NULL when out of memory. */
struct ratelimit *ratelimit_new(const struct clock *clock, size_t max_keys);
struct ratelimit *ratelimit_free(struct ratelimit *r); /* takes NULL, returns NULL */

/* Takes one token from the bucket of `key`, which holds at most `burst` and fills by `per_second`. false when it is
 * empty: *retry_after_ms (may be NULL) is then the time until there is one, else 0. Keys may have any length (only a
 * hash is kept). */
bool ratelimit_take(struct ratelimit *r, const char *key, double per_second, double burst, int64_t *retry_after_ms);

/* Whose bucket an address is: of IPv6 the first 64 bits, since one subscriber has them all. */
void ratelimit_subscriber(const char *address, char *out, size_t size);

#endif
