/* One recognition: what comes of the sound of a listening_job (live/listener.h). */
#include "base/cleanup.h"
#include "live/heard.h"
#include "providers/stopper.h"

#include <stdlib.h>
#include <string.h>

#define TRANSCRIPT_ARENA (8u << 20)

void listening_job_free(struct listening_job *j)
{
    if (j == NULL)
        return;
    free(j->pcm);
    free(j->text);
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

static enum status recognise(struct listening_job *j, const struct engines *engines, const float *pcm,
                             const char *language, struct error *err)
{
    cleanup(arena_freep) struct arena *a = arena_new(TRANSCRIPT_ARENA);
    struct transcript *t = NULL;
    struct stt_options o = {.language = language,
                            .already_gated = true,
                            .draft = j->kind == LISTENING_CAPTION,
                            .words = j->kind != LISTENING_CAPTION,
                            .sound_language = j->kind != LISTENING_CAPTION,
                            .thorough = j->thorough};
    enum status st = a == NULL ? arena_exhausted(err) : STATUS_OK;
    if (st == STATUS_OK && j->kind != LISTENING_CAPTION && engines->turn != NULL) {
        struct error ignored; /* the words alone will do */
        float turn = 0;
        j->signs.judged = turn_judge(engines->turn, pcm, j->n, &turn, &ignored) == STATUS_OK;
        j->signs.turn = (double)turn;
    }
    if (st == STATUS_OK)
        st = stt_transcribe(engines->stt, pcm, j->n, &o, a, &t, err);
    if (st == STATUS_OK && o.words)
        heard_keep_own(t, j);
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
    float *pcm = malloc((j->n > 0 ? j->n : 1) * sizeof(*pcm));
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
