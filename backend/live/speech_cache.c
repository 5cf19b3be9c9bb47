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
    struct spoken *sound;   /* NULL: its first part is not there yet */
    size_t bytes;           /* once it is whole */
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

static struct spoken_part *part_free(struct spoken_part *p)
{
    if (p != NULL) {
        free(p->pcm);
        free(p->phonemes);
        free(p->words);
    }
    free(p);
    return NULL;
}

struct spoken *spoken_unref(struct spoken *s)
{
    if (s == NULL || atomic_fetch_sub(&s->refs, 1) != 1)
        return NULL;
    struct spoken_part *p = atomic_load(&s->first);
    while (p != NULL) {
        struct spoken_part *next = atomic_load(&p->next);
        part_free(p);
        p = next;
    }
    free(s);
    return NULL;
}

const struct spoken_part *spoken_next(const struct spoken *s, const struct spoken_part *after)
{
    return after == NULL ? atomic_load(&s->first) : atomic_load(&after->next);
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

/* ---- making ---- */

struct making {
    const struct synthesis *job;
    struct spoken *sound; /* referenced; NULL before its first part */
    struct spoken_part *last;
    const char *last_word; /* of it; compared only */
    size_t samples, bytes;
};

/* from: samples of the whole before it. Times are rounded so that they add up. */
static struct spoken_part *part_new(const struct speech *s, size_t from)
{
    cleanup(buf_free) struct buf phonemes, words;
    buf_init(&phonemes, TIMES_MAX);
    buf_init(&words, TIMES_MAX);
    protocol_times(&phonemes, &words, s, (double)from / s->sample_rate);
    struct spoken_part *p = calloc(1, sizeof(*p));
    if (p == NULL)
        return NULL;
    p->n_samples = s->n_samples;
    p->duration_ms = (int64_t)((from + s->n_samples) * 1000 / s->sample_rate - from * 1000 / s->sample_rate);
    p->pcm = malloc(s->n_samples * sizeof(*p->pcm));
    p->phonemes = buf_take(&phonemes, NULL);
    p->words = buf_take(&words, NULL);
    if (p->pcm == NULL || p->phonemes == NULL || p->words == NULL)
        return part_free(p);
    memcpy(p->pcm, s->pcm, s->n_samples * sizeof(*p->pcm));
    return p;
}

/* Those who wait are told without the lock; who joins them meanwhile has seen what there is. */
static void tell(struct speech_cache *c, struct entry *e, struct spoken *sound)
{
    pthread_mutex_lock(&c->lock);
    struct waiter *first = e->waiters;
    e->waiters = NULL;
    pthread_mutex_unlock(&c->lock);
    struct waiter **end = &first;
    for (; *end != NULL; end = &(*end)->next)
        (*end)->ready((*end)->u, (*end)->tag, sound, false);
    pthread_mutex_lock(&c->lock);
    *end = e->waiters;
    e->waiters = first;
    pthread_mutex_unlock(&c->lock);
}

static enum status begin_sound(struct making *m, unsigned sample_rate, struct error *err)
{
    struct spoken *k = calloc(1, sizeof(*k));
    if (k == NULL)
        return arena_exhausted(err);
    atomic_init(&k->refs, 1);
    k->sample_rate = sample_rate;
    m->sound = k;
    return STATUS_OK;
}

static enum status on_part(void *u, const struct speech *s, struct error *err)
{
    struct making *m = u;
    struct speech own = *s;
    struct speech_cache *c = m->job->cache;
    if (own.n_samples == 0)
        return STATUS_OK;
    if (own.n_words > 0 && own.words[0].word == m->last_word) { /* the rest of a word that the part before began */
        own.words++;
        own.n_words--;
    }
    const bool first = m->sound == NULL;
    struct spoken_part *p = part_new(&own, m->samples);
    if (p == NULL || (first && begin_sound(m, own.sample_rate, err) != STATUS_OK)) {
        part_free(p);
        return arena_exhausted(err);
    }
    atomic_store(first ? &m->sound->first : &m->last->next, p);
    m->last = p;
    m->samples += p->n_samples;
    m->bytes += sizeof(*p) + p->n_samples * sizeof(*p->pcm) + strlen(p->phonemes) + strlen(p->words);
    m->last_word = own.n_words > 0 ? own.words[own.n_words - 1].word : m->last_word;
    if (first) {
        pthread_mutex_lock(&c->lock);
        m->job->entry->sound = spoken_ref(m->sound);
        pthread_mutex_unlock(&c->lock);
    }
    tell(c, m->job->entry, m->sound);
    return STATUS_OK;
}

/* m->sound: what there is of it, perhaps not all. */
static enum status synthesize(struct making *m)
{
    cleanup(arena_freep) struct arena *a = arena_new(SYNTHESIS_ARENA);
    const struct synthesis *y = m->job;
    const enum tts_parts parts = y->job.urgency == SPEECH_NOW ? TTS_CLAUSES : TTS_SENTENCES;
    struct error err = {0};
    enum status st = a == NULL
                         ? arena_exhausted(&err)
                         : tts_synthesize_parts(y->cache->tts, y->text, y->voice, y->speed, parts, a, on_part, m, &err);
    if (st != STATUS_OK)
        log_failure("live.synthesize", NULL, st, &err);
    return st;
}

/* Never the entry just used. */
static void evict(struct speech_cache *c)
{
    struct entry *e = c->last;
    while (c->bytes > c->max_bytes && e != NULL && e != c->first) {
        struct entry *before = e->prev;
        if (e->job == NULL) {
            unlink_entry(c, e);
            free_entry(e);
        }
        e = before;
    }
}

/* The entry has its sound, or goes; whoever waited is told. */
static void settle(struct speech_cache *c, struct entry *e, const struct making *m, bool whole)
{
    if (m->sound != NULL)
        atomic_store(&m->sound->state, whole ? SPOKEN_WHOLE : SPOKEN_FAILED);
    pthread_mutex_lock(&c->lock);
    struct waiter *w = e->waiters;
    e->waiters = NULL;
    e->job = NULL;
    unlink_entry(c, e);
    if (whole) {
        e->bytes = sizeof(*e) + sizeof(*m->sound) + m->bytes;
        push_entry(c, e);
        evict(c);
    }
    pthread_mutex_unlock(&c->lock);
    if (!whole)
        free_entry(e);
    while (w != NULL) {
        struct waiter *next = w->next;
        w->ready(w->u, w->tag, m->sound, true);
        free(w);
        w = next;
    }
}

static void run(struct speech_job *j)
{
    struct synthesis *y = (struct synthesis *)(void *)j;
    struct making m = {.job = y};
    bool whole = synthesize(&m) == STATUS_OK && m.sound != NULL;
    settle(y->cache, y->entry, &m, whole);
    spoken_unref(m.sound);
    free_synthesis(y);
}

static void discard(struct speech_job *j)
{
    struct synthesis *y = (struct synthesis *)(void *)j;
    settle(y->cache, y->entry, &(struct making){0}, false);
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

/* Caller holds the lock. *sound: what is there of it; true when w waits for more of it, which is being made, or is to
 * be by *job. */
static bool request(struct speech_cache *c, const struct wording *what, enum speech_urgency urgency, struct waiter *w,
                    struct spoken **sound, struct speech_job **job)
{
    uint8_t key[SHA256_SIZE];
    key_of(what, key);
    struct entry *e = find(c, key);
    if (e != NULL && e->sound != NULL)
        *sound = spoken_ref(e->sound);
    if (e != NULL && e->job == NULL) {
        unlink_entry(c, e);
        push_entry(c, e);
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
    if (!waits)
        free(w);
    if (ready != NULL && (sound != NULL || !waits))
        ready(u, tag, sound, !waits);
    spoken_unref(sound);
    if (job != NULL)
        speech_line_submit(c->line, job); /* last: a full line settles the entry, which takes the lock */
}
