#include "providers/stt/whisper_decode.h"

#include "base/buf.h"
#include "base/cleanup.h"

#include <float.h>
#include <math.h>
#include <string.h>

#define STEP_SECONDS  0.02
#define FIRST_WITHIN  50 /* steps: the first span must begin in the first second */
#define NEVER         (-FLT_MAX)
#define NEGLIGIBLE    18.0f /* e^-18 of the best: 50,000 of those change nothing */
#define SPAN_TEXT_MAX 8192

struct decoder {
    struct whisper_state *state;
    const struct whisper_model *m;
    struct arena *arena;
    struct whisper_result *result;
    int limit;             /* the last timestamp step inside the window */
    int last, before_last; /* sampled tokens, -1 before there are any */
    int latest_timestamp;  /* token, or -1 */
    double logprob;        /* of the last sampled token */
    size_t kept;           /* of result->said: those that belong to spans already closed */
    double open_start;     /* of the span being written */
    struct buf open;       /* its text */
};

/* log of the sum of e^g over [from, to). */
static double log_sum(const float *g, int from, int to)
{
    float best = NEVER;
    double sum = 0;
    for (int i = from; i < to; i++)
        best = g[i] > best ? g[i] : best;
    if (best <= NEVER)
        return NEVER;
    for (int i = from; i < to; i++)
        if (g[i] > best - NEGLIGIBLE)
            sum += (double)expf(g[i] - best);
    return best + log(sum);
}

static int best_of(const float *g, int from, int to)
{
    int best = from;
    for (int i = from + 1; i < to; i++)
        if (g[i] > g[best])
            best = i;
    return best;
}

static void forbid(float *g, int from, int to)
{
    for (int i = from; i < to; i++)
        g[i] = NEVER;
}

/* Timestamps come in pairs around text, never go back, and stay inside the window. */
static void apply_timestamp_rules(const struct decoder *d, float *g)
{
    const struct whisper_model *m = d->m;
    const int first = m->first_timestamp;
    const bool after_timestamp = d->last >= first;
    const bool after_pair = d->before_last >= first || d->before_last < 0;

    if (d->last < 0) {
        forbid(g, 0, first);
        forbid(g, first + FIRST_WITHIN + 1, m->n_vocab);
    } else if (after_timestamp && after_pair) {
        forbid(g, first, m->n_vocab);
    } else if (after_timestamp) {
        forbid(g, 0, m->end);
    }
    if (d->latest_timestamp >= 0)
        forbid(g, first, d->latest_timestamp + (after_timestamp && !after_pair ? 0 : 1));
    if (first + d->limit + 1 < m->n_vocab)
        forbid(g, first + d->limit + 1, m->n_vocab);
}

static bool starts_with(const struct whisper_token *t, size_t at, const char *const *marks)
{
    for (; *marks != NULL; marks++)
        if (t->len - at >= strlen(*marks) && memcmp(t->text + at, *marks, strlen(*marks)) == 0)
            return true;
    return false;
}

/* Where in an ending the token counts. */
static float *ending_part(struct stt_ending *e, const struct whisper_model *m, int token)
{
    static const char *const trail[] = {"..", "\xe2\x80\xa6", "-", "\xe2\x80\x93", "\xe2\x80\x94", NULL};
    static const char *const stop[] = {".", "!", "?", "\xe3\x80\x82", NULL};
    static const char *const pause[] = {",", ";", ":", "\xe3\x80\x81", NULL};
    if (token >= m->end)
        return &e->end;
    const struct whisper_token *t = &m->tokens[token];
    const size_t at = t->len > 1 && t->text[0] == ' ';
    return starts_with(t, at, trail)   ? &e->trail
           : starts_with(t, at, stop)  ? &e->stop
           : starts_with(t, at, pause) ? &e->pause
                                       : &e->word;
}

/* After anything but punctuation: that may have been the last word. */
static void note_ending(struct decoder *d, const float *g)
{
    struct stt_ending e = {.known = true};
    if (d->last < 0 || ending_part(&e, d->m, d->last) != &e.word)
        return;
    const int n = d->m->n_vocab;
    const float best = g[best_of(g, 0, n)];
    const double all = log_sum(g, 0, n);
    for (int i = 0; i < n; i++)
        if (g[i] > best - NEGLIGIBLE)
            *ending_part(&e, d->m, i) += (float)exp((double)g[i] - all);
    d->result->ending = e;
}

/* Picks the next token; adds its log probability. */
static int sample(struct decoder *d, float *g)
{
    const struct whisper_model *m = d->m;
    const int first = m->first_timestamp;

    note_ending(d, g);
    for (size_t i = 0; i < m->n_suppress; i++)
        g[m->suppress[i]] = NEVER;
    forbid(g, m->end + 1, first);
    if (d->last < 0)
        g[m->blank] = g[m->end] = NEVER;
    apply_timestamp_rules(d, g);

    const double stamps = log_sum(g, first, m->n_vocab), all = log_sum(g, 0, m->n_vocab);
    int best = best_of(g, 0, first);
    if (stamps > (double)g[best]) /* as a whole, a timestamp is likelier than any text */
        best = best_of(g, first, m->n_vocab);
    d->logprob = (double)g[best] - all;
    d->result->sum_logprob += d->logprob;
    d->result->n_tokens++;
    return best;
}

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

/* Length of the pattern that the text has ended in too often, or 0. People do repeat a word; nobody says the same ten
 * words three times in a row. */
static size_t repeated(const struct whisper_said *t, size_t n)
{
    for (size_t period = 1; period <= 40 && period * 3 <= n; period++) {
        const size_t times = period == 1 ? 9 : period <= 4 ? 6 : 3;
        if (period * times > n)
            continue;
        size_t same = 0;
        while (same < period * (times - 1) && t[n - 1 - same].token == t[n - 1 - same - period].token)
            same++;
        if (same == period * (times - 1))
            return period;
    }
    return 0;
}

/* Drops all but the first of the repeats, out of the open span only: closed spans had their own times. */
static void drop_repeats(struct decoder *d, size_t period)
{
    const struct whisper_said *t = d->result->said;
    size_t keep = d->result->n_said - period;
    while (keep > period && keep > d->kept && t[keep - 1].token == t[keep - 1 - period].token)
        keep--;
    keep = keep < d->kept ? d->kept : keep;
    buf_clear(&d->open);
    for (size_t i = d->kept; i < keep; i++)
        buf_append(&d->open, d->m->tokens[t[i].token].text, d->m->tokens[t[i].token].len);
    d->result->n_said = keep;
    while (d->result->n_spans > 1) { /* whole spans that say the same as the one before */
        struct whisper_span *s = &d->result->spans[d->result->n_spans - 1];
        if (strcmp(s->text, s[-1].text) != 0)
            break;
        d->result->n_spans--;
    }
    d->result->looped = true;
}

static enum status take(struct decoder *d, int token, struct error *err)
{
    if (token < d->m->first_timestamp) {
        buf_append(&d->open, d->m->tokens[token].text, d->m->tokens[token].len);
        d->result->said[d->result->n_said++] = (struct whisper_said){token, (float)d->logprob};
        return STATUS_OK;
    }
    double at = (token - d->m->first_timestamp) * STEP_SECONDS;
    enum status st = close_span(d, at, err);
    d->open_start = at;
    d->latest_timestamp = token;
    return st;
}

static enum status loop(struct decoder *d, float *g, double window, struct error *err)
{
    const int most = d->m->n_text_ctx / 2;
    enum status st = STATUS_OK;

    for (int i = 0; st == STATUS_OK; i++) {
        int token = sample(d, g);
        if (token == d->m->end)
            break;
        d->before_last = d->last;
        d->last = token;
        st = take(d, token, err);
        size_t period = repeated(d->result->said, d->result->n_said);
        if (period > 0) {
            drop_repeats(d, period);
            break;
        }
        if (i + 1 >= most || d->state->past + 1 >= d->m->n_text_ctx) {
            d->result->cut = true;
            break;
        }
        int64_t next = token;
        if (st == STATUS_OK)
            st = whisper_step(d->state, &next, 1, &g, err);
    }
    return st == STATUS_OK ? close_span(d, window, err) : st;
}

enum status whisper_detect(struct whisper_state *s, float *log_p, struct error *err)
{
    const struct whisper_model *m = s->model;
    int64_t start = m->start;
    float *g = NULL;

    enum status st = whisper_step(s, &start, 1, &g, err);
    if (st != STATUS_OK)
        return st;
    double sum = 0;
    float best = NEVER;
    for (size_t i = 0; i < m->n_languages; i++)
        best = g[m->languages[i].token] > best ? g[m->languages[i].token] : best;
    for (size_t i = 0; i < m->n_languages; i++)
        sum += exp((double)(g[m->languages[i].token] - best));
    for (size_t i = 0; i < m->n_languages; i++)
        log_p[i] = g[m->languages[i].token] - best - (float)log(sum);
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
    if (st == STATUS_OK)
        d->result->no_speech = exp((double)after_start[m->no_speech] - log_sum(after_start, 0, m->n_vocab));
    return st;
}

enum status whisper_decode(struct whisper_state *s, double window, const struct whisper_decode_options *o,
                           struct arena *a, struct whisper_result *ret, struct error *err)
{
    struct decoder d = {
        .state = s, .m = s->model, .arena = a, .result = ret, .last = -1, .before_last = -1, .latest_timestamp = -1};
    float *g = NULL;

    memset(ret, 0, sizeof *ret);
    ret->spans = arena_array(a, (size_t)s->model->n_text_ctx, sizeof *ret->spans);
    ret->said = arena_array(a, (size_t)s->model->n_text_ctx, sizeof *ret->said);
    if (ret->spans == NULL || ret->said == NULL)
        return arena_exhausted(err);
    d.limit = (int)(window / STEP_SECONDS + 0.5);
    buf_init(&d.open, SPAN_TEXT_MAX);
    enum status st = begin(&d, o, &g, err);
    if (st == STATUS_OK)
        st = loop(&d, g, window, err);
    buf_free(&d.open);
    return st;
}
