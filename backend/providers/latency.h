#ifndef VIVA_PROVIDERS_LATENCY_H
#define VIVA_PROVIDERS_LATENCY_H
/* How long an engine's last calls took, waiting for their turn included. Any thread. */

#include <pthread.h>
#include <stdint.h>

#define LATENCY_KEPT 32

struct latency {
    pthread_mutex_t lock;   /* guards the rest */
    float ms[LATENCY_KEPT]; /* a ring */
    uint64_t calls;         /* since the start; those that failed are not counted */
};

struct latency_figures {
    uint64_t calls;
    double median_ms; /* of the last LATENCY_KEPT calls; NAN without any */
};

void latency_init(struct latency *l);
void latency_destroy(struct latency *l);
int64_t latency_begin(void);
void latency_end(struct latency *l, int64_t begun);
struct latency_figures latency_read(struct latency *l);

#endif
