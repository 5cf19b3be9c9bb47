#include "providers/stt/whisper_decode.h"

#include "base/buf.h"
#include "base/cleanup.h"
#include "providers/stt/whisper_ahead.h"
#include "providers/stt/whisper_beam.h"

#include <float.h>
#include <math.h>
#include <string.h>

#define SPAN_TEXT_MAX 8192

struct decoder {
    struct whisper_state *state;
    const struct whisper_model *m;
    struct arena *arena;
    struct whisper_result *result;
    struct whisper_course course;
    size_t kept;       /* of result->said: those that belong to spans already closed */
    double open_start; /* of the span being written */
    struct buf open;   /* its text */
};

static enum status close_span(struct decoder *d, double end, struct error *err)
{
    if (d->open.len > 0 && buf_ok(&d->open)) {
        char *text = arena_strndup(d->arena, d->open.data, d->open.len);
        if (text == NULL)
            return arena_exhausted(err);
        d->result->spans[d->result->n_spans++] =
            (struct whisper_span){d->open_start, end, text, d->kept, d->result->n_said - d->kept};
    }
    buf_clear(&d->open);
    d->kept = d->result->n_said;
    return STATUS_OK;
}

/* Drops all but the first of the repeats: whole spans of them, and what is in the open one. */
static void drop_repeats(struct decoder *d, size_t keep)
{
    struct whisper_result *r = d->result;
    const size_t from = keep < d->kept ? d->kept : keep;
    buf_clear(&d->open);
    for (size_t i = d->kept; i < from; i++)
        buf_append(&d->open, d->m->tokens[r->said[i].token].text, d->m->tokens[r->said[i].token].len);
    r->n_said = from;
    while (r->n_spans > 1 && r->spans[r->n_spans - 1].first >= keep)
        r->n_spans--;
    r->looped = true;
}

static enum status take(struct decoder *d, const struct whisper_said *t, struct error *err)
{
    d->result->sum_logprob += (double)t->logprob;
    d->result->n_tokens++;
    if (t->token == d->m->end)
        return STATUS_OK;
    if (t->token < d->m->first_timestamp) {
        buf_append(&d->open, d->m->tokens[t->token].text, d->m->tokens[t->token].len);
        d->result->said[d->result->n_said++] = *t;
        return STATUS_OK;
    }
    double at = (t->token - d->m->first_timestamp) * WHISPER_STEP;
    enum status st = close_span(d, at, err);
    d->open_start = at;
    return st;
}

/* At each step the likeliest token. */
static enum status greedy(struct decoder *d, float *g, const struct whisper_decode_options *o, struct error *err)
{
    const int most = d->m->n_text_ctx / 2, begun = d->state->past;
    struct whisper_ahead ahead = whisper_ahead_begin(d->state, o->likely, o->n_likely);
    enum status st = STATUS_OK;

    for (int i = 0; st == STATUS_OK; i++) {
        int first = 0;
        const double all = whisper_course_rules(&d->course, g, &first);
        const int token = whisper_best(g, first, d->m->n_vocab);
        st = take(d, &(struct whisper_said){token, (float)((double)g[token] - all)}, err);
        if (token == d->m->end)
            break;
        whisper_course_take(&d->course, token);
        const size_t once = whisper_unrepeated(&d->course, d->result->said, d->result->n_said);
        if (once < d->result->n_said) {
            drop_repeats(d, once);
            break;
        }
        if (i + 1 >= most || begun + i + 1 >= d->m->n_text_ctx) {
            d->result->cut = true;
            break;
        }
        if (st == STATUS_OK)
            st = whisper_ahead_step(&ahead, &d->course, token, &g, err);
    }
    d->result->ending = d->course.ending;
    return st;
}

static enum status beam(struct decoder *d, float *g, size_t width, struct error *err)
{
    struct whisper_path path;
    enum status st = whisper_beam(d->state, &d->course, g, width, d->arena, &path, err);
    for (size_t i = 0; st == STATUS_OK && i < path.n; i++)
        st = take(d, &path.tokens[i], err);
    if (st == STATUS_OK) {
        d->result->ending = path.ending;
        d->result->cut = path.cut;
    }
    return st;
}

/* g: the logits after the start token. */
static void languages_of(const struct whisper_model *m, const float *g, float *log_p)
{
    double sum = 0;
    float best = -FLT_MAX;
    for (size_t i = 0; i < m->n_languages; i++)
        best = g[m->languages[i].token] > best ? g[m->languages[i].token] : best;
    for (size_t i = 0; i < m->n_languages; i++)
        sum += exp((double)(g[m->languages[i].token] - best));
    for (size_t i = 0; i < m->n_languages; i++)
        log_p[i] = g[m->languages[i].token] - best - (float)log(sum);
}

enum status whisper_detect(struct whisper_state *s, float *log_p, struct error *err)
{
    int64_t start = s->model->start;
    float *g = NULL;

    enum status st = whisper_step(s, &start, 1, &g, err);
    if (st != STATUS_OK)
        return st;
    languages_of(s->model, g, log_p);
    return whisper_state_rewind(s, err);
}

/* Feeds [previous, prompt...,] start [, language, task]; no_speech is read after start, *g is for the first sampled
 * token. */
static enum status begin(struct decoder *d, const struct whisper_decode_options *o, float **g, struct error *err)
{
    const struct whisper_model *m = d->m;
    int64_t tokens[WHISPER_PROMPT_MAX + 4];
    size_t n = 0;
    float *after_start = NULL;

    if (o->n_prompt > 0) {
        tokens[n++] = m->previous;
        for (size_t i = 0; i < o->n_prompt && i < WHISPER_PROMPT_MAX; i++)
            tokens[n++] = o->prompt[i];
    }
    const size_t start = n;
    tokens[n++] = m->start;
    if (m->multilingual && o->language >= 0) {
        tokens[n++] = m->languages[o->language].token;
        tokens[n++] = m->transcribe;
    }
    enum status st = whisper_step_at(d->state, tokens, n, start, &after_start, g, err);
    if (st != STATUS_OK)
        return st;
    d->result->no_speech = exp((double)after_start[m->no_speech] - whisper_log_sum(after_start, 0, m->n_vocab));
    if (o->languages != NULL)
        languages_of(m, after_start, o->languages);
    return STATUS_OK;
}

enum status whisper_decode(struct whisper_state *s, double window, const struct whisper_decode_options *o,
                           struct arena *a, struct whisper_result *ret, struct error *err)
{
    struct decoder d = {
        .state = s, .m = s->model, .arena = a, .result = ret, .course = whisper_course_begin(s->model, window)};
    float *g = NULL;

    memset(ret, 0, sizeof *ret);
    ret->spans = arena_array(a, (size_t)s->model->n_text_ctx, sizeof *ret->spans);
    ret->said = arena_array(a, (size_t)s->model->n_text_ctx, sizeof *ret->said);
    if (ret->spans == NULL || ret->said == NULL)
        return arena_exhausted(err);
    buf_init(&d.open, SPAN_TEXT_MAX);
    enum status st = begin(&d, o, &g, err);
    if (st == STATUS_OK)
        st = o->beam > 1 ? beam(&d, g, o->beam, err) : greedy(&d, g, o, err);
    if (st == STATUS_OK)
        st = close_span(&d, window, err);
    buf_free(&d.open);
    return st;
}
