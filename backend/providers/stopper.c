#include "providers/stopper.h"

#include <pthread.h>
#include <stdlib.h>

struct stopper {
    pthread_mutex_t lock; /* guards the rest; a leaf */
    bool stopped;
    void (*end)(void *what); /* NULL: nothing runs */
    void *what;
};

static _Thread_local struct stopper *g_attached;

struct stopper *stopper_new(void)
{
    struct stopper *s = calloc(1, sizeof *s);
    if (s != NULL)
        pthread_mutex_init(&s->lock, NULL);
    return s;
}

struct stopper *stopper_free(struct stopper *s)
{
    if (s != NULL)
        pthread_mutex_destroy(&s->lock);
    free(s);
    return NULL;
}

void stopper_stop(struct stopper *s)
{
    if (s == NULL)
        return;
    pthread_mutex_lock(&s->lock);
    if (!s->stopped && s->end != NULL)
        s->end(s->what);
    s->stopped = true;
    pthread_mutex_unlock(&s->lock);
}

bool stopper_stopped(struct stopper *s)
{
    if (s == NULL)
        return false;
    pthread_mutex_lock(&s->lock);
    const bool stopped = s->stopped;
    pthread_mutex_unlock(&s->lock);
    return stopped;
}

void stopper_attach(struct stopper *s)
{
    g_attached = s;
}

bool stopper_attached(void)
{
    return g_attached != NULL;
}

bool stopper_enter(void (*end)(void *what), void *what)
{
    struct stopper *s = g_attached;
    if (s == NULL)
        return true;
    pthread_mutex_lock(&s->lock);
    const bool begins = !s->stopped;
    if (begins) {
        s->end = end;
        s->what = what;
    }
    pthread_mutex_unlock(&s->lock);
    return begins;
}

void stopper_leave(void)
{
    struct stopper *s = g_attached;
    if (s == NULL)
        return;
    pthread_mutex_lock(&s->lock);
    s->end = NULL;
    pthread_mutex_unlock(&s->lock);
}
