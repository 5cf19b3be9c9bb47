#include "live/load.h"

#define SECOND_US 1000000
#define LATE_MIN  2 /* one alone is chance */

void load_add(struct load *l, int64_t now_us, enum load_kind kind, int64_t run_us, int64_t total_us)
{
    int64_t second = now_us / SECOND_US;
    int at = (int)(second % LOAD_SECONDS);
    if (l->seconds[at].second != second) {
        l->seconds[at].second = second;
        l->seconds[at].busy_us = 0;
        l->seconds[at].waited = l->seconds[at].late = 0;
    }
    if (kind != LOAD_EXTRA)
        l->seconds[at].busy_us += run_us;
    if (kind == LOAD_WAITED) {
        l->seconds[at].waited++;
        l->seconds[at].late += total_us > LOAD_LATE_MS * 1000;
    }
}

struct load_report load_report(const struct load *l, int64_t now_us, unsigned workers)
{
    int64_t second = now_us / SECOND_US, busy = 0;
    unsigned waited = 0, late = 0;
    for (int i = 0; i < LOAD_SECONDS; i++) {
        if (l->seconds[i].second <= second - LOAD_SECONDS || l->seconds[i].second > second)
            continue;
        busy += l->seconds[i].busy_us;
        waited += l->seconds[i].waited;
        late += l->seconds[i].late;
    }
    double share = (double)busy / ((double)LOAD_SECONDS * SECOND_US * (workers > 0 ? workers : 1));
    return (struct load_report){share < 1 ? share : 1, late >= LATE_MIN && late * 20 > waited};
}
