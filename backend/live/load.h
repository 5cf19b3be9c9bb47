#ifndef VIVA_LIVE_LOAD_H
#define VIVA_LIVE_LOAD_H
/* How busy the speech line is: what it did in each of the last seconds. Pure; times are given. One owner at a time. */

#include <stdbool.h>
#include <stdint.h>

#define LOAD_SECONDS 20
#define LOAD_LATE_MS                                                                                                   \
    1200 /* from asking for what a turn waits for to its end; with the pause before it: two seconds                    \
          */

struct load {
    struct {
        int64_t second;
        int64_t busy_us;       /* of all workers, at what turns need */
        unsigned waited, late; /* jobs that a turn waited for; those of them that took longer than LOAD_LATE_MS */
    } seconds[LOAD_SECONDS];
};

enum load_kind {
    LOAD_EXTRA,  /* live captions: done only when there is nothing better to do */
    LOAD_NEEDED, /* needed, but not waited for */
    LOAD_WAITED  /* a turn waited for it */
};

/* A job is over: it took run_us, and total_us since it was asked for. */
void load_add(struct load *l, int64_t now_us, enum load_kind kind, int64_t run_us, int64_t total_us);

struct load_report {
    double utilisation; /* 0 to 1 of the workers, without captions */
    bool late;          /* more than one in twenty came late: the 95th percentile is over the bound */
};
struct load_report load_report(const struct load *l, int64_t now_us, unsigned workers);

#endif
