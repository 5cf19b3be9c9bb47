#include "live/speech_cache.h"

#include "base/buf.h"
#include "base/cleanup.h"
#include "base/log.h"
#include "live/protocol.h"
#include "utils/sha256.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#define SYNTHESIS_ARENA (64u << 20)
#define TIMES_MAX       (1u << 20)

struct waiter {
    struct waiter *next;
    spoken_ready *ready;
    void *u;
    int tag;
};

struct entry {
    struct entry *prev, *next; /* most recently used first */
    uint8_t key[SHA256_SIZE];
    struct spoken *sound; /* NULL while it is being made */
    size_t bytes;
    struct speech_job *job; /* while it is being made */
    struct waiter *waiters;
};

struct speech_cache {
    struct tts *tts;
    struct speech_line *line;
    size_t max_bytes;
    pthread_mutex_t lock; /* guards everything below; before the speech line's lock */
    struct entry *first, *last;
    size_t bytes;
};

struct synthesis {
    struct speech_job job; /* first: a job is cast back */
    struct speech_cache *cache;
    struct entry *entry; /* stays until this job settles it */
    char *voice, *text;
    double speed;
};

struct spoken *spoken_ref(struct spoken *s)
{
    atomic_fetch_add(&s->refs, 1);
    return s;
}

struct spoken *spoken_unref(struct spoken *s)
{
    if (s == NULL || atomic_fetch_sub(&s->refs, 1) != 1)
        return NULL;
    free(s->pcm);
    free(s->phonemes);
    free(s->words);
    free(s);
    return NULL;
}

struct speech_cache *speech_cache_new(struct tts *tts, struct speech_line *line, size_t max_bytes)
{
    struct speech_cache *c = calloc(1, sizeof(*c));
    if (c == NULL)
        return NULL;
    *c = (struct speech_cache){.tts = tts, .line = line, .max_bytes = max_bytes};
    pthread_mutex_init(&c->lock, NULL);
    return c;
}

static void unlink_entry(struct speech_cache *c, struct entry *e)
{
    *(e->prev != NULL ? &e->prev->next : &c->first) = e->next;
    *(e->next != NULL ? &e->next->prev : &c->last) = e->prev;
    c->bytes -= e->bytes;
}

static void push_entry(struct speech_cache *c, struct entry *e)
{
    e->prev = NULL;
    e->next = c->first;
    *(c->first != NULL ? &c->first->prev : &c->last) = e;
    c->first = e;
    c->bytes += e->bytes;
}

static void free_entry(struct entry *e)
{
    spoken_unref(e->sound);
    free(e);
}

struct speech_cache *speech_cache_free(struct speech_cache *c)
{
    if (c == NULL)
        return NULL;
    while (c->first != NULL) {
        struct entry *e = c->first;
        unlink_entry(c, e);
        free_entry(e);
    }
    pthread_mutex_destroy(&c->lock);
    free(c);
    return NULL;
}

static void free_synthesis(struct synthesis *y)
{
    free(y->voice);
    free(y->text);
    free(y);
}

static struct spoken *spoken_new(const struct speech *s)
{
    cleanup(buf_free) struct buf phonemes, words;
    buf_init(&phonemes, TIMES_MAX);
    buf_init(&words, TIMES_MAX);
    protocol_times(&phonemes, &words, s);
    struct spoken *k = calloc(1, sizeof(*k));
    if (k == NULL)
        return NULL;
    *k = (struct spoken){.refs = 1, .n_samples = s->n_samples, .sample_rate = s->sample_rate};
    k->duration_ms = (int64_t)(s->duration * 1000 + 0.5);
    k->pcm = malloc(s->n_samples > 0 ? s->n_samples * sizeof(*k->pcm) : 1);
    k->phonemes = buf_take(&phonemes, NULL);
    k->words = buf_take(&words, NULL);
    if (k->pcm == NULL || k->phonemes == NULL || k->words == NULL || s->n_samples == 0)
        return spoken_unref(k);
    memcpy(k->pcm, s->pcm, s->n_samples * sizeof(*k->pcm));
    return k;
}

static struct spoken *synthesize(const struct synthesis *y)
{
    cleanup(arena_freep) struct arena *a = arena_new(SYNTHESIS_ARENA);
    struct speech *s = NULL;
    struct error err = {0};
    if (a == NULL)
        return NULL;
    enum status st = tts_synthesize(y->cache->tts, y->text, y->voice, y->speed, a, &s, &err);
    if (st != STATUS_OK) {
        log_failure("live.synthesize", NULL, st, &err);
        return NULL;
    }
    return spoken_new(s);
}

/* Never the entry just used. */
static void evict(struct speech_cache *c)
{
    struct entry *e = c->last;
    while (c->bytes > c->max_bytes && e != NULL && e != c->first) {
        struct entry *before = e->prev;
        if (e->sound != NULL) {
            unlink_entry(c, e);
            free_entry(e);
        }
        e = before;
    }
}

/* The entry has its sound, or goes; whoever waited is told. Takes over the reference. */
static void settle(struct speech_cache *c, struct entry *e, struct spoken *sound)
{
    pthread_mutex_lock(&c->lock);
    struct waiter *w = e->waiters;
    e->waiters = NULL;
    e->job = NULL;
    unlink_entry(c, e);
    if (sound != NULL) {
        e->sound = spoken_ref(sound);
        e->bytes = sizeof(*e) + sizeof(*sound) + sound->n_samples * sizeof(*sound->pcm) + strlen(sound->phonemes) +
                   strlen(sound->words);
        push_entry(c, e);
        evict(c);
    }
    pthread_mutex_unlock(&c->lock);
    if (sound == NULL)
        free_entry(e);
    while (w != NULL) {
        struct waiter *next = w->next;
        w->ready(w->u, w->tag, sound);
        free(w);
        w = next;
    }
    spoken_unref(sound);
}

static void run(struct speech_job *j)
{
    struct synthesis *y = (struct synthesis *)(void *)j;
    settle(y->cache, y->entry, synthesize(y));
    free_synthesis(y);
}

static void discard(struct speech_job *j)
{
    struct synthesis *y = (struct synthesis *)(void *)j;
    settle(y->cache, y->entry, NULL);
    free_synthesis(y);
}

static struct entry *find(struct speech_cache *c, const uint8_t key[SHA256_SIZE])
{
    for (struct entry *e = c->first; e != NULL; e = e->next)
        if (memcmp(e->key, key, SHA256_SIZE) == 0)
            return e;
    return NULL;
}

/* Caller holds the lock. NULL when out of memory. */
static struct entry *begin(struct speech_cache *c, const uint8_t key[SHA256_SIZE], const struct wording *w,
                           enum speech_urgency urgency)
{
    struct entry *e = calloc(1, sizeof(*e));
    struct synthesis *y = calloc(1, sizeof(*y));
    if (y != NULL) {
        *y = (struct synthesis){.job = {.urgency = urgency, .run = run, .discard = discard}, .cache = c, .entry = e};
        y->voice = strdup(w->voice);
        y->text = strdup(w->text);
        y->speed = w->speed;
    }
    if (e == NULL || y == NULL || y->voice == NULL || y->text == NULL) {
        free(e);
        if (y != NULL)
            free_synthesis(y);
        return NULL;
    }
    memcpy(e->key, key, SHA256_SIZE);
    e->job = &y->job;
    push_entry(c, e);
    return e;
}

static void key_of(const struct wording *w, uint8_t key[SHA256_SIZE])
{
    struct sha256 h;
    sha256_init(&h);
    sha256_update(&h, w->voice, strlen(w->voice) + 1);
    sha256_update(&h, &w->speed, sizeof(w->speed));
    sha256_update(&h, w->text, strlen(w->text));
    sha256_final(&h, key);
}

/* Caller holds the lock: answers from what is there (*sound), or joins what is being made, or begins (*job). */
static bool request(struct speech_cache *c, const struct wording *what, enum speech_urgency urgency, struct waiter *w,
                    struct spoken **sound, struct speech_job **job)
{
    uint8_t key[SHA256_SIZE];
    key_of(what, key);
    struct entry *e = find(c, key);
    if (e != NULL && e->sound != NULL) {
        unlink_entry(c, e);
        push_entry(c, e);
        *sound = spoken_ref(e->sound);
        return false;
    }
    if (e != NULL) {
        speech_line_raise(c->line, e->job, urgency);
    } else {
        e = begin(c, key, what, urgency);
        if (e == NULL)
            return false;
        *job = e->job;
    }
    if (w != NULL) {
        w->next = e->waiters;
        e->waiters = w;
    }
    return w != NULL;
}

void speech_cache_get(struct speech_cache *c, const struct wording *what, enum speech_urgency urgency,
                      spoken_ready *ready, void *u, int tag)
{
    struct waiter *w = ready != NULL && c->tts != NULL ? malloc(sizeof(*w)) : NULL;
    struct spoken *sound = NULL;
    struct speech_job *job = NULL;
    bool waits = false;
    if (c->tts != NULL && (w != NULL || ready == NULL)) {
        if (w != NULL)
            *w = (struct waiter){.ready = ready, .u = u, .tag = tag};
        pthread_mutex_lock(&c->lock);
        waits = request(c, what, urgency, w, &sound, &job);
        pthread_mutex_unlock(&c->lock);
    }
    if (!waits) {
        free(w);
        if (ready != NULL)
            ready(u, tag, sound);
        spoken_unref(sound);
    }
    if (job != NULL)
        speech_line_submit(c->line, job); /* last: a full line settles the entry, which takes the lock */
}
