#include "providers/stt/whisper_align.h"

#include "base/buf.h"
#include "base/cleanup.h"
#include "base/utf8.h"
#include "providers/ort/ort.h"

#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#define SCRATCH_MAX (32u << 20)
#define WORD_MAX    1024
#define HOP         160 /* samples between two loudnesses: 10 ms */
#define HOPS_PER_S  100
#define STEP_HOPS   2    /* of one encoder frame */
#define HALF_WINDOW 200  /* 25 ms of sound make a loudness */
#define PAUSE_REACH 10   /* hops that a border may move to lie in a pause */
#define SNAP        4    /* hops that a border may move to where it is quieter, */
#define SNAP_DB     0.5  /* for so much quieter a hop */
#define QUIET_SHARE 0.15 /* of the way from quiet to loud: below nothing is said */
#define RANGE_DB    6    /* sound that varies less has no quiet */
#define PAUSE_HOPS  12   /* a pause within a word: what lies beyond it */
#define SCRAP_HOPS  8    /* and is shorter belongs to a neighbour */

struct aligner {
    struct arena *scratch;
    const struct whisper_model *model;
    const struct whisper_result *result;
    int64_t *tokens; /* [control..., text..., end] */
    size_t n_before, n_text, n_tokens;
    size_t *starts; /* [n_text + 1] encoder frame in which each text token, and the end, begins */
    float *loud;    /* [hops] dB */
    size_t hops;
    float quiet; /* dB: below nothing is said */
};

/* ---- where each token begins ---- */

static enum status write_tokens(struct aligner *x, int language, struct error *err)
{
    const struct whisper_model *m = x->model;
    const struct whisper_result *r = x->result;
    x->tokens = arena_array(x->scratch, r->n_said + 6, sizeof *x->tokens);
    if (x->tokens == NULL)
        return arena_exhausted(err);
    x->tokens[x->n_tokens++] = m->start;
    if (m->multilingual && language >= 0) {
        x->tokens[x->n_tokens++] = m->languages[language].token;
        x->tokens[x->n_tokens++] = m->transcribe;
    }
    x->tokens[x->n_tokens++] = m->no_timestamps;
    x->n_before = x->n_tokens;
    for (size_t i = 0; i < r->n_spans; i++)
        for (size_t k = 0; k < r->spans[i].n; k++)
            x->tokens[x->n_tokens++] = r->said[r->spans[i].first + k].token;
    x->n_text = x->n_tokens - x->n_before;
    x->tokens[x->n_tokens++] = m->end;
    return STATUS_OK;
}

/* The path of the greatest sum through the mean of what the heads looked at: rows are the tokens that predict each text
 * token and the end, columns encoder frames. step[row][frame]: 0 diagonal, 1 down, 2 right. */
static enum status find_path(struct aligner *x, const float *attention, size_t frames, size_t used, struct error *err)
{
    const size_t rows = x->n_text + 1, plane = x->n_tokens * frames;
    uint8_t *step = arena_alloc(x->scratch, rows * used);
    float *best = arena_array(x->scratch, used + 1, sizeof *best);
    if (step == NULL || best == NULL)
        return arena_exhausted(err);
    for (size_t j = 0; j <= used; j++)
        best[j] = -FLT_MAX;
    float corner = 0; /* above and to the left of the present cell */
    for (size_t i = 0; i < rows; i++) {
        const float *row = attention + (x->n_before - 1 + i) * frames;
        best[0] = -FLT_MAX;
        for (size_t j = 0; j < used; j++) {
            float here = 0;
            for (int h = 0; h < x->model->n_align; h++)
                here += row[(size_t)h * plane + j];
            const float from[] = {corner, best[j + 1], best[j]};
            const int k = from[0] >= from[1] && from[0] >= from[2] ? 0 : from[1] >= from[2] ? 1 : 2;
            corner = best[j + 1];
            best[j + 1] = from[k] <= -FLT_MAX ? -FLT_MAX : from[k] + here;
            step[i * used + j] = (uint8_t)k;
        }
        corner = -FLT_MAX;
    }
    for (size_t i = rows, j = used; i > 0 && j > 0;) {
        x->starts[i - 1] = j - 1;
        const uint8_t k = step[(i - 1) * used + j - 1];
        i -= k != 2;
        j -= k != 1;
    }
    return STATUS_OK;
}

static enum status find_starts(struct aligner *x, struct whisper_state *s, size_t n, struct error *err)
{
    struct OrtValue *attention = NULL;
    size_t frames = 0;
    x->starts = arena_array(x->scratch, x->n_text + 1, sizeof *x->starts);
    if (x->starts == NULL)
        return arena_exhausted(err);
    enum status st = whisper_attend(s, x->tokens, x->n_tokens, &attention, &frames, err);
    const size_t sounding = (n + WHISPER_HOP - 1) / WHISPER_HOP;
    if (st == STATUS_OK && sounding > 0 && frames > 0)
        st = find_path(x, ort_data(attention), frames, sounding < frames ? sounding : frames, err);
    ort_release(&attention);
    return st;
}

/* ---- how loud it is ---- */

static int by_value(const void *a, const void *b)
{
    const float x = *(const float *)a, y = *(const float *)b;
    return (x > y) - (x < y);
}

static enum status measure(struct aligner *x, const float *pcm, size_t n, struct error *err)
{
    x->hops = n / HOP + 1;
    x->loud = arena_array(x->scratch, x->hops, sizeof *x->loud);
    float *sorted = arena_array(x->scratch, x->hops, sizeof *sorted);
    if (x->loud == NULL || sorted == NULL)
        return arena_exhausted(err);
    for (size_t i = 0; i < x->hops; i++) {
        const size_t at = i * HOP, from = at > HALF_WINDOW ? at - HALF_WINDOW : 0;
        const size_t to = at + HALF_WINDOW < n ? at + HALF_WINDOW : n;
        double sum = 0;
        for (size_t k = from; k < to; k++)
            sum += (double)pcm[k] * (double)pcm[k];
        x->loud[i] = sorted[i] = (float)(10 * log10(sum / (2 * HALF_WINDOW) + 1e-10));
    }
    qsort(sorted, x->hops, sizeof *sorted, by_value);
    const float low = sorted[x->hops / 10], high = sorted[x->hops * 19 / 20];
    x->quiet = high - low < RANGE_DB ? -FLT_MAX : low + (float)QUIET_SHARE * (high - low);
    return STATUS_OK;
}

/* Hops of quiet around `at`. */
static size_t quiet_around(const struct aligner *x, long at)
{
    long from = at, to = at;
    while (from > 0 && x->loud[from - 1] < x->quiet)
        from--;
    while (to < (long)x->hops && x->loud[to] < x->quiet)
        to++;
    return (size_t)(to - from);
}

static long nearest_pause(const struct aligner *x, long at)
{
    for (long d = 0; d <= PAUSE_REACH; d++)
        for (int side = -1; side <= 1; side += 2) {
            const long k = at + side * d;
            if (k >= 0 && k < (long)x->hops && x->loud[k] < x->quiet && quiet_around(x, k) >= PAUSE_HOPS)
                return k;
        }
    return -1;
}

static long nearest_dip(const struct aligner *x, long at)
{
    long best = at;
    double least = (double)x->loud[at];
    for (long k = at - SNAP < 0 ? 0 : at - SNAP; k <= at + SNAP && k < (long)x->hops; k++) {
        const double cost = (double)x->loud[k] + SNAP_DB * (double)labs(k - at);
        if (cost < least) {
            least = cost;
            best = k;
        }
    }
    return best;
}

/* The hop of the border before a token: moved by the model's own shift, then into the pause or to the dip beside it;
 * not into the pause that the border before it, at `after`, lies in. */
static long border(const struct aligner *x, size_t token, long after)
{
    long at = (long)x->starts[token] * STEP_HOPS + x->model->align_shift_ms * HOPS_PER_S / 1000;
    at = at < 0 ? 0 : at >= (long)x->hops ? (long)x->hops - 1 : at;
    const long pause = nearest_pause(x, at);
    const long best = pause > after ? pause : nearest_dip(x, at);
    const long next = best > after ? best : after + 1;
    return next < (long)x->hops ? next : (long)x->hops; /* more tokens than the sound has room for: without length */
}

/* The next stretch of sound in [*from, to) without a pause in it; false: nothing more. */
static bool next_sound(const struct aligner *x, size_t at, size_t to, size_t *from, size_t *end)
{
    while (at < to && x->loud[at] < x->quiet)
        at++;
    if (at >= to)
        return false;
    *from = at;
    for (size_t quiet = 0; at < to && quiet < PAUSE_HOPS; at++) {
        quiet = x->loud[at] < x->quiet ? quiet + 1 : 0;
        *end = quiet == 0 ? at + 1 : *end;
    }
    return true;
}

/* Takes the silence off both ends of [*from, *to), and scraps of sound beyond a pause: a neighbour's. */
static void trim(const struct aligner *x, size_t *from, size_t *to)
{
    size_t first = 0, last = 0, a = 0, b = 0;
    bool any = false;
    for (size_t at = *from; next_sound(x, at, *to, &a, &b); at = b) {
        const bool scrap_before = any && last - first < SCRAP_HOPS && b - a > last - first;
        const bool scrap = any && !scrap_before && b - a < SCRAP_HOPS;
        if (!any || scrap_before)
            first = a;
        if (!scrap)
            last = b;
        any = true;
    }
    if (any) {
        *from = first;
        *to = last;
    }
}

/* ---- words ---- */

static bool whole_characters(const char *s, size_t n)
{
    for (size_t k = 0; n > 0; s += k, n -= k)
        if ((k = utf8_next(s, n, NULL)) == 0)
            return false;
    return true;
}

/* Whether a token begins another word than `word`, the bytes since the last one began. */
static bool begins_word(const struct whisper_token *t, const struct buf *word, bool spaced)
{
    return spaced ? t->text[0] == ' ' : whole_characters(word->data, word->len);
}

/* The word of tokens [from, to); *begin: its border before, then the one behind. */
static enum status add_word(const struct aligner *x, size_t from, size_t to, long *begin, const struct buf *text,
                            double logprob, struct arena *a, struct whisper_word *ret, struct error *err)
{
    const long behind = border(x, to, *begin);
    size_t first = (size_t)*begin, last = (size_t)behind;
    trim(x, &first, &last);
    *begin = behind;
    *ret = (struct whisper_word){.start = (double)first / HOPS_PER_S,
                                 .end = (double)last / HOPS_PER_S,
                                 .text = arena_strndup(a, text->data, text->len),
                                 .p = exp(logprob / (double)(to - from))};
    return ret->text != NULL ? STATUS_OK : arena_exhausted(err);
}

static enum status gather_words(const struct aligner *x, bool spaced, struct arena *a, struct whisper_word *words,
                                size_t *n, struct error *err)
{
    const struct whisper_result *r = x->result;
    cleanup(buf_free) struct buf word;
    enum status st = STATUS_OK;
    long begin = border(x, 0, -1);
    buf_init(&word, WORD_MAX);
    for (size_t i = 0, at = 0; i < r->n_spans; i++) {
        const struct whisper_said *said = r->said + r->spans[i].first;
        double logprob = 0;
        for (size_t k = 0, from = at; st == STATUS_OK && k <= r->spans[i].n; k++) {
            const bool last = k == r->spans[i].n;
            const struct whisper_token *t = last ? NULL : &x->model->tokens[said[k].token];
            if (word.len > 0 && (last || begins_word(t, &word, spaced))) {
                st = add_word(x, from, at, &begin, &word, logprob, a, &words[*n], err);
                words[(*n)++].span = i;
                buf_clear(&word);
                logprob = 0;
                from = at;
            }
            if (last)
                break;
            buf_append(&word, t->text, t->len);
            logprob += (double)said[k].logprob;
            at++;
        }
    }
    return st;
}

enum status whisper_align(struct whisper_state *s, const float *pcm, size_t n, int language, bool spaced,
                          const struct whisper_result *r, struct arena *a, struct whisper_word **ret, size_t *ret_n,
                          struct error *err)
{
    cleanup(arena_freep) struct arena *scratch = arena_new(SCRATCH_MAX);
    struct aligner x = {.scratch = scratch, .model = s->model, .result = r};
    size_t count = 0;

    *ret_n = 0;
    if (s->model->n_align == 0 || r->n_said == 0)
        return STATUS_OK;
    struct whisper_word *words = arena_array(a, r->n_said, sizeof *words);
    if (scratch == NULL || words == NULL)
        return arena_exhausted(err);
    enum status st = write_tokens(&x, language, err);
    if (st == STATUS_OK)
        st = find_starts(&x, s, n, err);
    if (st == STATUS_OK)
        st = measure(&x, pcm, n, err);
    if (st == STATUS_OK)
        st = gather_words(&x, spaced, a, words, &count, err);
    if (st != STATUS_OK)
        return st;
    *ret = words;
    *ret_n = count;
    return STATUS_OK;
}
