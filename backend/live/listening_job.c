/* Sound that waits, and one recognition: what comes of it (live/listener.h). */
#include "base/cleanup.h"
#include "live/heard.h"
#include "providers/stopper.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#define TRANSCRIPT_ARENA (8u << 20)

struct piece *piece_free(struct piece *p)
{
    if (p != NULL) {
        free(p->pcm);
        free(p->text);
        heard_clear(&p->heard);
    }
    free(p);
    return NULL;
}

struct listening_job *listening_job_new(enum listening_kind kind, int16_t *pcm, size_t n, int64_t start_ms,
                                        int64_t end_ms)
{
    struct listening_job *j = pcm != NULL ? calloc(1, sizeof(*j)) : NULL;
    if (j == NULL) {
        free(pcm);
        return NULL;
    }
    *j = (struct listening_job){.kind = kind,
                                .pcm = pcm,
                                .n = n,
                                .start_ms = start_ms,
                                .end_ms = end_ms,
                                .own_from_ms = INT64_MIN,
                                .own_to_ms = INT64_MAX};
    return j;
}

void listening_job_free(struct listening_job *j)
{
    if (j == NULL)
        return;
    free(j->pcm);
    free(j->text);
    free(j->likely);
    stopper_free(j->stop);
    heard_clear(&j->heard);
    free(j);
}

static void take_ending(struct endpoint_signs *s, const struct stt_ending *e)
{
    s->written = e->known;
    s->stop = (double)e->stop;
    s->pause = (double)e->pause;
    s->trail = (double)e->trail;
    s->word = (double)e->word;
    s->end = (double)e->end;
}

/* Whether the speaker sounds finished, judged while the words are made out: a turn waits for both. */
struct judgement {
    struct turn *engine;
    const float *pcm;
    size_t n;
    bool runs, ok; /* runs: on its own thread */
    float p;
    pthread_t thread;
};

static void *judge(void *arg)
{
    struct judgement *g = arg;
    struct error ignored; /* the words alone will do */
    g->ok = turn_judge(g->engine, g->pcm, g->n, &g->p, &ignored) == STATUS_OK;
    return NULL;
}

static void begin_judging(struct judgement *g)
{
    if (g->engine == NULL)
        return;
    g->runs = pthread_create(&g->thread, NULL, judge, g) == 0;
    if (!g->runs)
        judge(g);
}

static void end_judging(struct judgement *g, struct endpoint_signs *signs)
{
    if (g->runs)
        pthread_join(g->thread, NULL);
    signs->judged = g->ok;
    signs->turn = (double)g->p;
}

/* The ear wants to hear the pause: what of it had not come yet, it is given as silence. */
static size_t to_be_judged(const struct listening_job *j)
{
    const int64_t want = (j->end_ms + LISTENER_GUESS_MS - j->from_ms) * (SEGMENTER_RATE / 1000);
    return j->kind == LISTENING_GUESS && want > (int64_t)j->n ? (size_t)want : j->n;
}

/* pcm: to_be_judged of it. */
static enum status recognise(struct listening_job *j, const struct engines *engines, const float *pcm,
                             const char *language, struct error *err)
{
    cleanup(arena_freep) struct arena *a = arena_new(TRANSCRIPT_ARENA);
    struct transcript *t = NULL;
    struct stt_options o = {.language = language,
                            .likely = j->likely,
                            .already_gated = true,
                            .draft = j->kind == LISTENING_CAPTION,
                            .words = j->kind != LISTENING_CAPTION,
                            .sound_language = j->kind != LISTENING_CAPTION,
                            .thorough = j->thorough};
    enum status st = a == NULL ? arena_exhausted(err) : STATUS_OK;
    struct judgement turn = {
        .engine = j->kind != LISTENING_CAPTION ? engines->turn : NULL, .pcm = pcm, .n = to_be_judged(j)};
    if (st == STATUS_OK) {
        begin_judging(&turn);
        st = stt_transcribe(engines->stt, pcm, j->n, &o, a, &t, err);
        end_judging(&turn, &j->signs);
    }
    if (st == STATUS_OK && o.words)
        heard_keep_own(t, j->from_ms, j->own_from_ms, j->own_to_ms);
    if (st == STATUS_OK && (j->text = strdup(t->text)) == NULL)
        st = arena_exhausted(err);
    if (st == STATUS_OK && j->kind != LISTENING_CAPTION)
        take_ending(&j->signs, &t->ending);
    if (st == STATUS_OK)
        j->heard = heard_of(t, j->from_ms);
    j->ok = st == STATUS_OK;
    return st;
}

enum status listening_job_run(struct listening_job *j, const struct engines *engines, const char *language,
                              struct error *err)
{
    float *pcm = calloc(to_be_judged(j) + 1, sizeof(*pcm));
    if (pcm == NULL)
        return arena_exhausted(err);
    for (size_t i = 0; i < j->n; i++)
        pcm[i] = (float)j->pcm[i] / 32768.0f;
    stopper_attach(j->stop);
    enum status st = recognise(j, engines, pcm, language, err);
    stopper_attach(NULL);
    free(pcm);
    return st;
}
