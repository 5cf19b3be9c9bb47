#include "providers/latency.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

void latency_init(struct latency *l)
{
    memset(l, 0, sizeof *l);
    pthread_mutex_init(&l->lock, NULL);
}

void latency_destroy(struct latency *l)
{
    pthread_mutex_destroy(&l->lock);
}

int64_t latency_begin(void)
{
    struct timespec ts;
    clock_gettime(CLOCK_MONOTONIC, &ts);
    return (int64_t)ts.tv_sec * 1000000 + ts.tv_nsec / 1000;
}

void latency_end(struct latency *l, int64_t begun)
{
    const float ms = (float)(latency_begin() - begun) / 1000;
    pthread_mutex_lock(&l->lock);
    l->ms[l->calls++ % LATENCY_KEPT] = ms;
    pthread_mutex_unlock(&l->lock);
}

static int compare(const void *a, const void *b)
{
    const float x = *(const float *)a, y = *(const float *)b;
    return (x > y) - (x < y);
}

struct latency_figures latency_read(struct latency *l)
{
    float sorted[LATENCY_KEPT];
    pthread_mutex_lock(&l->lock);
    struct latency_figures f = {.calls = l->calls, .median_ms = NAN};
    memcpy(sorted, l->ms, sizeof sorted);
    pthread_mutex_unlock(&l->lock);
    const size_t n = f.calls < LATENCY_KEPT ? (size_t)f.calls : LATENCY_KEPT;
    qsort(sorted, n, sizeof *sorted, compare);
    if (n > 0)
        f.median_ms = n % 2 ? sorted[n / 2] : ((double)sorted[n / 2 - 1] + (double)sorted[n / 2]) / 2;
    return f;
}
