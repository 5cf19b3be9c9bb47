#include "providers/gate.h"

void gate_init(struct gate *g, unsigned n)
{
    pthread_mutex_init(&g->lock, NULL);
    pthread_cond_init(&g->changed, NULL);
    g->next = 0;
    g->served = n == 0 ? 1 : n;
}

void gate_enter(struct gate *g)
{
    pthread_mutex_lock(&g->lock);
    unsigned long mine = g->next++;
    while (mine >= g->served)
        pthread_cond_wait(&g->changed, &g->lock);
    pthread_mutex_unlock(&g->lock);
}

void gate_leave(struct gate *g)
{
    pthread_mutex_lock(&g->lock);
    g->served++;
    pthread_cond_broadcast(&g->changed);
    pthread_mutex_unlock(&g->lock);
}

void gate_destroy(struct gate *g)
{
    pthread_cond_destroy(&g->changed);
    pthread_mutex_destroy(&g->lock);
}
