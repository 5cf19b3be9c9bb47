#include "live/segmenter.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define MS(samples) ((int64_t)(samples)*1000 / SEGMENTER_RATE)
#define SAMPLES(ms) ((int64_t)(ms)*SEGMENTER_RATE / 1000)
#define PREROLL     SAMPLES(SEGMENTER_PREROLL_MS)
/* Speech that is not yet believed is kept along with its preroll. */
#define KEEP (PREROLL + SAMPLES(SEGMENTER_MIN_SPEECH_MS) + 2 * SEGMENTER_FRAME)

enum phase { QUIET, MAYBE, SPEECH };

/* All positions are samples since segmenter_start. */
struct segmenter {
    struct segmenter_events on;
    int64_t base_ms, heard; /* heard: samples judged so far; the partial frame comes after */
    float frame[SEGMENTER_FRAME];
    size_t in_frame;
    enum phase phase;
    int64_t own_from;     /* SPEECH: where it was cut off from what came before, or -1 */
    int64_t speech_from;  /* MAYBE, SPEECH: first frame of this piece's speech */
    int64_t voiced;       /* MAYBE: samples of speech among it */
    int64_t silence_from; /* SPEECH: first quiet frame after the last voiced one, or -1 */
    int64_t quietest_at;  /* SPEECH: where a piece that grows too long is cut */
    float quietest;
    int16_t *pcm; /* from pcm_from up to heard */
    size_t n, cap;
    int64_t pcm_from;
};

struct segmenter *segmenter_new(const struct segmenter_events *events)
{
    struct segmenter *s = calloc(1, sizeof(*s));
    if (s != NULL) {
        s->on = *events;
        segmenter_start(s, 0);
    }
    return s;
}

struct segmenter *segmenter_free(struct segmenter *s)
{
    if (s != NULL)
        free(s->pcm);
    free(s);
    return NULL;
}

void segmenter_start(struct segmenter *s, int64_t base_ms)
{
    s->base_ms = base_ms;
    s->heard = s->pcm_from = 0;
    s->in_frame = s->n = 0;
    s->phase = QUIET;
    s->silence_from = -1;
    s->quietest_at = -1;
    s->own_from = -1;
}

static int64_t at_ms(const struct segmenter *s, int64_t sample)
{
    return s->base_ms + MS(sample);
}

static void drop_before(struct segmenter *s, int64_t sample)
{
    int64_t drop = sample - s->pcm_from;
    if (drop <= 0)
        return;
    if (drop > (int64_t)s->n)
        drop = (int64_t)s->n;
    s->n -= (size_t)drop;
    memmove(s->pcm, s->pcm + drop, s->n * sizeof(*s->pcm));
    s->pcm_from += drop;
}

/* Gives a long piece's memory back; what a pause needs stays. */
static void shrink(struct segmenter *s)
{
    size_t want = (size_t)(4 * KEEP);
    if (s->cap <= 2 * want || s->n > want)
        return;
    int16_t *p = realloc(s->pcm, want * sizeof(*p));
    if (p != NULL) {
        s->pcm = p;
        s->cap = want;
    }
}

static enum status keep(struct segmenter *s, const float *pcm, size_t n)
{
    if (s->n + n > s->cap) {
        size_t cap = s->cap < (size_t)(4 * KEEP) ? (size_t)(4 * KEEP) : s->cap + s->cap / 2;
        int16_t *p = realloc(s->pcm, cap * sizeof(*p));
        if (p == NULL)
            return STATUS_NO_MEMORY;
        s->pcm = p;
        s->cap = cap;
    }
    for (size_t i = 0; i < n; i++) {
        float v = pcm[i] * 32767.0f;
        s->pcm[s->n + i] = (int16_t)lrintf(v > 32767.0f ? 32767.0f : v < -32768.0f ? -32768.0f : v);
    }
    s->n += n;
    return STATUS_OK;
}

static int64_t own_from_ms(const struct segmenter *s)
{
    return s->own_from < 0 ? INT64_MIN : at_ms(s, s->own_from);
}

static void emit_piece(struct segmenter *s, int64_t speech_end, int64_t upto, int64_t own_to_ms)
{
    int64_t n = upto - s->pcm_from;
    struct segmenter_piece p = {.pcm = s->pcm,
                                .n = (size_t)(n > (int64_t)s->n ? (int64_t)s->n : n),
                                .start_ms = at_ms(s, s->speech_from),
                                .end_ms = at_ms(s, speech_end),
                                .from_ms = at_ms(s, s->pcm_from),
                                .own_from_ms = own_from_ms(s),
                                .own_to_ms = own_to_ms};
    s->on.piece(s->on.u, &p);
}

static void stop(struct segmenter *s, int64_t upto)
{
    int64_t end = s->silence_from >= 0 ? s->silence_from : s->heard;
    s->phase = QUIET;
    emit_piece(s, end, upto, INT64_MAX);
    drop_before(s, upto);
    s->own_from = -1;
    s->on.stopped(s->on.u, at_ms(s, end));
    shrink(s);
}

static void cut(struct segmenter *s)
{
    int64_t at = s->quietest_at > s->speech_from ? s->quietest_at : s->heard;
    if (s->silence_from >= 0 && at > s->silence_from)
        s->silence_from = -1;
    const int64_t beyond = at + SAMPLES(SEGMENTER_OVERLAP_MS);
    emit_piece(s, at, beyond < s->heard ? beyond : s->heard, at_ms(s, at));
    drop_before(s, at - SAMPLES(SEGMENTER_OVERLAP_MS));
    s->speech_from = s->own_from = at;
    s->quietest_at = -1;
}

static void in_speech(struct segmenter *s, float p, int64_t from)
{
    if (p >= SEGMENTER_ON || (p >= SEGMENTER_OFF && s->silence_from < 0))
        s->silence_from = -1;
    else if (s->silence_from < 0)
        s->silence_from = from;
    if (s->silence_from >= 0 && MS(s->heard - s->silence_from) >= SEGMENTER_HANGOVER_MS) {
        stop(s, s->heard);
        return;
    }
    if (MS(from - s->speech_from) >= SEGMENTER_CUT_FROM_MS && (s->quietest_at < 0 || p <= s->quietest)) {
        s->quietest = p;
        s->quietest_at = s->heard;
    }
    if (MS(s->heard - s->pcm_from) >= SEGMENTER_PIECE_MS - 32)
        cut(s);
}

static void tell_voice(struct segmenter *s, bool begun)
{
    if (s->on.voice != NULL)
        s->on.voice(s->on.u, begun, at_ms(s, s->speech_from));
}

static void not_in_speech(struct segmenter *s, float p, int64_t from)
{
    if (s->phase == QUIET && p >= SEGMENTER_ON) {
        s->phase = MAYBE;
        s->speech_from = from;
        s->voiced = 0;
    }
    bool told = MS(s->voiced) >= SEGMENTER_VOICE_MS;
    if (s->phase == MAYBE && p < SEGMENTER_OFF) {
        s->phase = QUIET;
        if (told)
            tell_voice(s, false);
    }
    if (s->phase == MAYBE) {
        s->voiced += SEGMENTER_FRAME;
        if (!told && MS(s->voiced) >= SEGMENTER_VOICE_MS)
            tell_voice(s, true);
    }
    if (s->phase != MAYBE || MS(s->voiced) < SEGMENTER_MIN_SPEECH_MS) {
        if (s->n > (size_t)(3 * KEEP))
            drop_before(s, s->heard - KEEP);
        return;
    }
    s->phase = SPEECH;
    s->silence_from = -1;
    s->quietest_at = -1;
    drop_before(s, s->speech_from - PREROLL);
    s->on.started(s->on.u, at_ms(s, s->speech_from));
}

static enum status judge(struct segmenter *s)
{
    float p = 0;
    int64_t from = s->heard;
    s->in_frame = 0;
    enum status st = keep(s, s->frame, SEGMENTER_FRAME);
    if (st != STATUS_OK)
        return st;
    s->heard += SEGMENTER_FRAME;
    if (s->on.probability(s->on.u, s->frame, &p) != STATUS_OK)
        return STATUS_OK;
    if (s->phase == SPEECH)
        in_speech(s, p, from);
    else
        not_in_speech(s, p, from);
    return STATUS_OK;
}

enum status segmenter_push(struct segmenter *s, const float *pcm, size_t n)
{
    enum status st = STATUS_OK;
    while (n > 0 && st == STATUS_OK) {
        size_t take = SEGMENTER_FRAME - s->in_frame;
        take = take > n ? n : take;
        memcpy(s->frame + s->in_frame, pcm, take * sizeof(*pcm));
        s->in_frame += take;
        pcm += take;
        n -= take;
        if (s->in_frame == SEGMENTER_FRAME)
            st = judge(s);
    }
    return st;
}

void segmenter_skip(struct segmenter *s, size_t n)
{
    int64_t next = segmenter_now_ms(s) + MS(n);
    segmenter_flush(s);
    segmenter_start(s, next);
}

void segmenter_flush(struct segmenter *s)
{
    if (s->phase == QUIET)
        return;
    if (s->in_frame > 0 && keep(s, s->frame, s->in_frame) == STATUS_OK)
        s->heard += (int64_t)s->in_frame;
    s->in_frame = 0;
    if (s->phase == MAYBE) {
        drop_before(s, s->speech_from - PREROLL);
        s->silence_from = -1;
        s->on.started(s->on.u, at_ms(s, s->speech_from));
    }
    stop(s, s->heard);
}

int64_t segmenter_now_ms(const struct segmenter *s)
{
    return at_ms(s, s->heard + (int64_t)s->in_frame);
}

int64_t segmenter_pause_ms(const struct segmenter *s)
{
    if (s->phase == QUIET)
        return SEGMENTER_HANGOVER_MS;
    return s->phase == SPEECH && s->silence_from >= 0 ? MS(s->heard - s->silence_from) : 0;
}

int64_t segmenter_quiet_at(const struct segmenter *s)
{
    return s->phase == SPEECH && s->silence_from >= 0 ? at_ms(s, s->silence_from) : -1;
}

struct segmenter_piece segmenter_open_piece(const struct segmenter *s)
{
    if (s->phase != SPEECH)
        return (struct segmenter_piece){0};
    return (struct segmenter_piece){.pcm = s->pcm,
                                    .n = s->n,
                                    .start_ms = at_ms(s, s->speech_from),
                                    .end_ms = at_ms(s, s->heard),
                                    .from_ms = at_ms(s, s->pcm_from),
                                    .own_from_ms = own_from_ms(s),
                                    .own_to_ms = INT64_MAX};
}
