#ifndef VIVA_PROVIDERS_GATE_H
#define VIVA_PROVIDERS_GATE_H
/* Lets at most n callers in; the others wait in turn. */

#include <pthread.h>

struct gate {
    pthread_mutex_t lock; /* guards the two tickets */
    pthread_cond_t changed;
    unsigned long next, served; /* tickets given out, and tickets that may enter */
};

void gate_init(struct gate *g, unsigned n);
void gate_enter(struct gate *g);
void gate_leave(struct gate *g);
void gate_destroy(struct gate *g);

#endif
