#include "base/clock.h"
#include "base/latency.h"
#include "providers/gate.h"
#include "providers/tts/tts_backend.h"

#include <stdlib.h>
#include <string.h>

#define SPEED_MIN 0.5
#define SPEED_MAX 2.0

static const struct tts_backend *const backends[] = {&tts_piper, &tts_fake};

struct tts {
    const struct tts_backend *backend;
    void *model;
    struct gate gate;
    struct latency *latency; /* NULL: not measured */
};

enum status tts_new(const char *name, const struct provider_config *cfg, struct tts **ret, struct error *err)
{
    for (size_t i = 0; i < sizeof backends / sizeof *backends; i++) {
        if (strcmp(backends[i]->name, name) != 0 || backends[i]->version != TTS_BACKEND_VERSION)
            continue;
        struct tts *t = calloc(1, sizeof *t);
        if (t == NULL)
            return error_set(err, STATUS_NO_MEMORY, "out_of_memory", NULL, "no memory for speech synthesis");
        t->backend = backends[i];
        enum status st = t->backend->open(cfg, &t->model, err);
        if (st != STATUS_OK) {
            free(t);
            return st;
        }
        gate_init(&t->gate, cfg->parallel);
        t->latency = latency_new();
        *ret = t;
        return STATUS_OK;
    }
    return error_set(err, STATUS_INVALID, "provider_unknown", "TTS_PROVIDER",
                     "there is no speech synthesis \"%.40s\": use piper", name);
}

struct tts *tts_free(struct tts *t)
{
    if (t != NULL) {
        t->backend->close(t->model);
        gate_destroy(&t->gate);
        latency_free(t->latency);
        free(t);
    }
    return NULL;
}

const char *tts_name(const struct tts *t)
{
    return t->backend->describe(t->model);
}

const struct voice_info *tts_voices(const struct tts *t, size_t *n)
{
    return t->backend->voices(t->model, n);
}

/* The id of the voice to use. */
static enum status choose_voice(const struct tts *t, const char *asked, const char **ret, struct error *err)
{
    size_t n = 0;
    const struct voice_info *v = tts_voices(t, &n);
    if (asked == NULL || asked[0] == '\0') {
        *ret = v[0].id;
        return STATUS_OK;
    }
    for (size_t i = 0; i < n; i++)
        if (strcmp(v[i].id, asked) == 0) {
            *ret = v[i].id;
            return STATUS_OK;
        }
    return error_set(err, STATUS_INVALID, "voice_unknown", "voice",
                     "there is no voice \"%.60s\"; the first there is: %s", asked, v[0].id);
}

enum status tts_synthesize_parts(struct tts *t, const char *text, const char *voice, double speed, enum tts_parts parts,
                                 struct arena *a, tts_part_fn *on_part, void *u, struct error *err)
{
    const char *id = NULL;
    if (!(speed >= SPEED_MIN && speed <= SPEED_MAX))
        return error_set(err, STATUS_INVALID, "speed_range", "speed", "the speed must be between %.1f and %.1f",
                         SPEED_MIN, SPEED_MAX);
    enum status st = choose_voice(t, voice, &id, err);
    if (st != STATUS_OK)
        return st;
    const int64_t begun = clock_elapsed_us();
    gate_enter(&t->gate);
    st = t->backend->synthesize(t->model, text, id, speed, parts, a, on_part, u, err);
    gate_leave(&t->gate);
    if (st == STATUS_OK)
        latency_add(t->latency, clock_mono_ms(&clock_system), clock_elapsed_us() - begun);
    return st;
}

struct latency *tts_latency(const struct tts *t)
{
    return t->latency;
}

/* ---- all parts as one ---- */

struct part {
    struct part *next;
    struct speech speech;
};

struct collector {
    struct arena *arena;
    struct part *first, **last;
    size_t samples, phonemes, words;
};

static enum status collect(void *u, const struct speech *speech, struct error *err)
{
    struct collector *c = u;
    struct part *p = arena_new_of(c->arena, struct part);
    if (p == NULL)
        return arena_exhausted(err);
    p->speech = *speech;
    *c->last = p;
    c->last = &p->next;
    c->samples += speech->n_samples;
    c->phonemes += speech->n_phonemes;
    c->words += speech->n_words;
    return STATUS_OK;
}

/* Appends a part; neighbouring silences become one, and so do the two halves of a word that was cut by a part's end. */
static void append(struct speech *to, const struct speech *part)
{
    const double shift = (double)to->n_samples / to->sample_rate;
    memcpy(to->pcm + to->n_samples, part->pcm, part->n_samples * sizeof *part->pcm);
    to->n_samples += part->n_samples;
    for (size_t i = 0; i < part->n_phonemes; i++) {
        struct phoneme p = part->phonemes[i];
        p.start += shift;
        p.end += shift;
        struct phoneme *last = to->n_phonemes == 0 ? NULL : &to->phonemes[to->n_phonemes - 1];
        if (last != NULL && strcmp(last->phoneme, "sil") == 0 && strcmp(p.phoneme, "sil") == 0)
            last->end = p.end;
        else
            to->phonemes[to->n_phonemes++] = p;
    }
    for (size_t i = 0; i < part->n_words; i++) {
        struct word_time w = part->words[i];
        w.start += shift;
        w.end += shift;
        if (to->n_words > 0 && to->words[to->n_words - 1].word == w.word)
            to->words[to->n_words - 1].end = w.end;
        else
            to->words[to->n_words++] = w;
    }
}

static enum status join(const struct collector *c, struct arena *a, struct speech **ret, struct error *err)
{
    struct speech *s = arena_new_of(a, struct speech);
    if (s == NULL)
        return arena_exhausted(err);
    s->sample_rate = c->first->speech.sample_rate;
    s->pcm = arena_array(a, c->samples, sizeof *s->pcm);
    s->phonemes = arena_array(a, c->phonemes, sizeof *s->phonemes);
    s->words = arena_array(a, c->words + 1, sizeof *s->words);
    if (s->pcm == NULL || s->phonemes == NULL || s->words == NULL)
        return arena_exhausted(err);
    for (const struct part *p = c->first; p != NULL; p = p->next)
        append(s, &p->speech);
    s->duration = (double)s->n_samples / s->sample_rate;
    s->phonemes[s->n_phonemes - 1].end = s->duration; /* the sum of parts differs in the last bit */
    *ret = s;
    return STATUS_OK;
}

enum status tts_synthesize(struct tts *t, const char *text, const char *voice, double speed, struct arena *a,
                           struct speech **ret, struct error *err)
{
    struct collector c = {.arena = a};
    c.last = &c.first;
    enum status st = tts_synthesize_parts(t, text, voice, speed, TTS_SENTENCES, a, collect, &c, err);
    if (st != STATUS_OK)
        return st;
    if (c.samples == 0)
        return error_set(err, STATUS_INVALID, "text_empty", "text", "there is nothing in the text that can be said");
    if (c.first->next == NULL) {
        *ret = &c.first->speech;
        return STATUS_OK;
    }
    return join(&c, a, ret, err);
}
