#ifndef VIVA_BASE_LATENCY_H
#define VIVA_BASE_LATENCY_H
/* How long things take: a histogram with log-spaced buckets (8 for each doubling, so a percentile is told to within
 * 1/16 of itself), once since the start and once for about the last five minutes. Thread-safe; adding takes a mutex for
 * less than a microsecond. Times are given by the caller: now in monotonic ms, durations in microseconds. */

#include <stdint.h>

#define LATENCY_RECENT_MS 300000

struct latency;

struct latency *latency_new(void); /* NULL when out of memory */
struct latency *latency_free(struct latency *l);
/* A negative duration counts as 0. Takes NULL. */
void latency_add(struct latency *l, int64_t now_ms, int64_t microseconds);

struct latency_figures {
    uint64_t count;
    double mean_us;                          /* this and the rest: 0 when count is 0 */
    uint64_t p50_us, p95_us, p99_us, max_us; /* max_us is exact since the start, else of its bucket */
};
struct latency_report {
    struct latency_figures recent, total;
    uint64_t last_us;
};
void latency_report(struct latency *l, int64_t now_ms, struct latency_report *ret);

/* Several by name: found, or made at the first use. At most LATENCY_NAMES, further names share the last, "other". */
#define LATENCY_NAMES    32
#define LATENCY_NAME_MAX 32
struct latency_set;
struct latency_set *latency_set_new(void);
struct latency_set *latency_set_free(struct latency_set *s);
void latency_set_add(struct latency_set *s, const char *name, int64_t now_ms, int64_t microseconds);
/* Calls f for each, in the order of their first use. */
void latency_set_each(struct latency_set *s, void (*f)(void *u, const char *name, struct latency *l), void *u);

#endif
