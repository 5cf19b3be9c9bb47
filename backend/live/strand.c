#include "live/strand.h"

/* Mails worked through before other strands get their turn. */
#define BATCH 64

void strand_init(struct strand *s, struct pool *pool, const struct strand_owner *owner)
{
    *s = (struct strand){.owner = *owner, .pool = pool};
    s->tail = &s->head;
    pthread_mutex_init(&s->lock, NULL);
}

static void free_all(struct mail *m)
{
    while (m != NULL) {
        struct mail *next = m->next;
        m->free(m);
        m = next;
    }
}

void strand_destroy(struct strand *s)
{
    free_all(s->head);
    pthread_mutex_destroy(&s->lock);
}

static struct mail *take(struct strand *s)
{
    pthread_mutex_lock(&s->lock);
    struct mail *m = s->head;
    if (m != NULL) {
        s->head = m->next;
        s->bytes -= m->bytes;
        s->count--;
        if (s->head == NULL)
            s->tail = &s->head;
    }
    pthread_mutex_unlock(&s->lock);
    return m;
}

static void work(void *arg, void *worker_state);

static void discard(void *arg)
{
    struct strand *s = arg;
    pthread_mutex_lock(&s->lock);
    s->scheduled = false;
    pthread_mutex_unlock(&s->lock);
    s->owner.unref(s->owner.u);
}

/* Caller holds the lock. */
static void schedule(struct strand *s)
{
    struct error err;
    if (s->scheduled || s->head == NULL || s->closed)
        return;
    s->owner.ref(s->owner.u);
    s->scheduled = true;
    if (pool_submit(s->pool, (struct task){work, discard, s}, &err) != STATUS_OK) {
        s->scheduled = false; /* strand_kick tries again; the caller holds a reference of its own */
        s->owner.unref(s->owner.u);
    }
}

static void work(void *arg, void *worker_state)
{
    struct strand *s = arg;
    struct mail *m;
    for (int i = 0; i < BATCH && (m = take(s)) != NULL; i++) {
        s->owner.run(s->owner.u, m, worker_state);
        m->free(m);
    }
    s->owner.pause(s->owner.u, worker_state);
    pthread_mutex_lock(&s->lock);
    s->scheduled = false;
    schedule(s);
    pthread_mutex_unlock(&s->lock);
    s->owner.unref(s->owner.u);
}

void strand_post(struct strand *s, struct mail *m)
{
    pthread_mutex_lock(&s->lock);
    bool closed = s->closed;
    if (!closed) {
        m->next = NULL;
        *s->tail = m;
        s->tail = &m->next;
        s->bytes += m->bytes;
        s->count++;
        schedule(s);
    }
    pthread_mutex_unlock(&s->lock);
    if (closed)
        m->free(m);
}

void strand_kick(struct strand *s)
{
    pthread_mutex_lock(&s->lock);
    schedule(s);
    pthread_mutex_unlock(&s->lock);
}

void strand_close(struct strand *s)
{
    pthread_mutex_lock(&s->lock);
    s->closed = true;
    struct mail *left = s->head;
    s->head = NULL;
    s->tail = &s->head;
    s->bytes = s->count = 0;
    pthread_mutex_unlock(&s->lock);
    free_all(left);
}

bool strand_idle(struct strand *s)
{
    pthread_mutex_lock(&s->lock);
    bool idle = s->head == NULL && !s->scheduled;
    pthread_mutex_unlock(&s->lock);
    return idle;
}

size_t strand_bytes(struct strand *s)
{
    pthread_mutex_lock(&s->lock);
    size_t n = s->bytes;
    pthread_mutex_unlock(&s->lock);
    return n;
}
