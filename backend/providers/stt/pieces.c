#include "providers/stt/pieces.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define RATE        16000
#define ENTER       0.5f /* silero's own thresholds */
#define LEAVE       0.35f
#define SURE        0.6f /* a region whose best frame stays below holds no speech */
#define MIN_FRAMES  4    /* 128 ms above ENTER: a short "no" */
#define HANG_FRAMES 12   /* 384 ms below LEAVE end a region */
#define PAD_BEFORE                                                                                                     \
    ((size_t)RATE / 2) /* room around a region: the recogniser is better with the real quiet than with none */
#define PAD_AFTER      ((size_t)RATE * 6 / 10)
#define QUIET_KEPT     ((size_t)RATE)          /* a shorter quiet stays as it is */
#define SPLIT_EARLIEST (16 * RATE / VAD_FRAME) /* a region too long is cut at its quietest frame after this many */
#define GAP_MAX        (4 * RATE)              /* a longer silence starts another piece: a segment must not span it */
#define PIECE_CUT_FROM (PIECE_MAX / 2)         /* a piece that must end somewhere ends after this */
#define PIECE_MAX      ((size_t)PIECE_SECONDS_MAX * RATE)

#define LOUD_SHARE  0.95f /* of the frames are quieter than what counts as the sound's level */
#define LOUD_TARGET 0.1f  /* RMS: speech from a close microphone */
#define GAIN_MAX    40.0f

struct region {
    size_t from, to; /* samples */
    size_t quiet;    /* samples without speech before it */
};

static int by_value(const void *a, const void *b)
{
    const float x = *(const float *)a, y = *(const float *)b;
    return (x > y) - (x < y);
}

/* The detector misses faint speech that the recogniser would still understand: a faint recording is brought up for it.
 */
static float level_gain(const float *pcm, size_t frames, size_t n, float *scratch)
{
    for (size_t i = 0; i < frames; i++) {
        const size_t end = (i + 1) * VAD_FRAME < n ? (i + 1) * VAD_FRAME : n;
        double sum = 0;
        for (size_t k = i * VAD_FRAME; k < end; k++)
            sum += (double)pcm[k] * (double)pcm[k];
        scratch[i] = (float)sqrt(sum / VAD_FRAME);
    }
    if (frames == 0)
        return 1;
    qsort(scratch, frames, sizeof *scratch, by_value);
    const float loud = scratch[(size_t)((float)(frames - 1) * LOUD_SHARE)];
    const float gain = LOUD_TARGET / (loud > 1e-6f ? loud : 1e-6f);
    return gain < 1 ? 1 : gain > GAIN_MAX ? GAIN_MAX : gain;
}

static enum status probabilities(struct vad *v, const float *pcm, size_t n, struct arena *a, float **ret,
                                 size_t *frames, struct error *err)
{
    struct vad_stream *stream = NULL;
    const size_t count = (n + VAD_FRAME - 1) / VAD_FRAME;
    float *p = arena_array(a, count + 1, sizeof *p), frame[VAD_FRAME];

    if (p == NULL)
        return arena_exhausted(err);
    enum status st = vad_stream_new(v, &stream, err);
    const float gain = level_gain(pcm, count, n, p);
    for (size_t i = 0; st == STATUS_OK && i < count; i++) {
        for (size_t k = 0; k < VAD_FRAME; k++) {
            const size_t at = i * VAD_FRAME + k;
            const float sample = at < n ? pcm[at] * gain : 0;
            frame[k] = sample > 1 ? 1 : sample < -1 ? -1 : sample;
        }
        st = vad_stream_push(stream, frame, &p[i], err);
    }
    vad_stream_free(stream);
    if (st != STATUS_OK)
        return st;
    *ret = p;
    *frames = count;
    return STATUS_OK;
}

/* Frames [from, to) of the next stretch of speech at or after `at`; false when there is none. */
static bool next_speech(const float *p, size_t frames, size_t at, size_t *from, size_t *to)
{
    while (at < frames) {
        while (at < frames && p[at] < ENTER)
            at++;
        size_t start = at, end = at, loud = 0, quiet = 0;
        float best = 0;
        for (; at < frames && quiet < HANG_FRAMES; at++) {
            quiet = p[at] < LEAVE ? quiet + 1 : 0;
            loud += p[at] >= ENTER;
            best = p[at] > best ? p[at] : best;
            end = quiet == 0 ? at + 1 : end;
        }
        if (loud >= MIN_FRAMES && best >= SURE) {
            *from = start;
            *to = end;
            return true;
        }
    }
    return false;
}

static size_t quietest(const float *p, size_t from, size_t to)
{
    size_t best = from;
    for (size_t i = from; i < to; i++)
        if (p[i] <= p[best])
            best = i;
    return best;
}

/* Regions of at most PIECE_MAX samples with some room around them, in order, not overlapping. */
static enum status find_regions(const float *p, size_t frames, size_t n, struct arena *a, struct region **ret,
                                size_t *ret_n, struct error *err)
{
    const size_t longest = (PIECE_MAX - PAD_BEFORE - PAD_AFTER - QUIET_KEPT) / VAD_FRAME;
    struct region *r = arena_array(a, frames / MIN_FRAMES + 2, sizeof *r);
    size_t count = 0, from = 0, to = 0, at = 0, floor = 0, spoken = 0;

    if (r == NULL)
        return arena_exhausted(err);
    while (next_speech(p, frames, at, &from, &to)) {
        at = to;
        while (from < to) {
            size_t cut = to - from <= longest ? to : quietest(p, from + SPLIT_EARLIEST, from + longest);
            size_t start = from * VAD_FRAME, end = cut * VAD_FRAME + (cut == to ? PAD_AFTER : 0);
            start = start > floor + QUIET_KEPT + PAD_BEFORE ? start - PAD_BEFORE : floor;
            end = end + QUIET_KEPT < n ? end : n;
            r[count++] = (struct region){start, end, from * VAD_FRAME - spoken};
            floor = end;
            spoken = cut * VAD_FRAME;
            from = cut;
        }
    }
    *ret = r;
    *ret_n = count;
    return STATUS_OK;
}

/* One piece out of regions [from, to). */
static enum status assemble(const float *pcm, const struct region *r, size_t n_regions, struct arena *a,
                            struct piece *ret, struct error *err)
{
    struct piece_chunk *chunks = arena_array(a, n_regions, sizeof *chunks);
    size_t count = 0, total = 0;

    if (chunks == NULL)
        return arena_exhausted(err);
    for (size_t i = 0; i < n_regions; i++) {
        if (count > 0 && chunks[count - 1].from + chunks[count - 1].n == r[i].from)
            chunks[count - 1].n += r[i].to - r[i].from;
        else
            chunks[count++] = (struct piece_chunk){r[i].from, r[i].to - r[i].from, total};
        total += r[i].to - r[i].from;
    }
    const float *joined = pcm + chunks[0].from;
    if (count > 1) {
        float *copy = arena_array(a, total, sizeof *copy);
        if (copy == NULL)
            return arena_exhausted(err);
        for (size_t i = 0; i < count; i++)
            memcpy(copy + chunks[i].at, pcm + chunks[i].from, chunks[i].n * sizeof *copy);
        joined = copy;
    }
    *ret = (struct piece){joined, total, chunks, count};
    return STATUS_OK;
}

/* How many of the regions make the next piece: as many as fit, then back to the longest quiet in its later part, so
 * that a sentence is not cut where another place would have done. */
static size_t piece_regions(const struct region *r, size_t n)
{
    size_t total = 0, fit = 0, best = 0;

    while (fit < n && total + (r[fit].to - r[fit].from) <= PIECE_MAX &&
           (fit == 0 || r[fit].from - r[fit - 1].to <= GAP_MAX)) {
        if (fit > 0 && total >= PIECE_CUT_FROM && (best == 0 || r[fit].quiet > r[best].quiet))
            best = fit;
        total += r[fit].to - r[fit].from;
        fit++;
    }
    if (fit == n || r[fit].from - r[fit - 1].to > GAP_MAX) /* nothing had to be cut off */
        return fit;
    return best == 0 || r[fit].quiet >= r[best].quiet ? fit : best;
}

enum status pieces_cut(struct vad *v, const float *pcm, size_t n, struct arena *a, struct piece **ret, size_t *ret_n,
                       struct error *err)
{
    float *p = NULL;
    struct region *r = NULL;
    size_t frames = 0, n_regions = 0, count = 0;

    enum status st = probabilities(v, pcm, n, a, &p, &frames, err);
    if (st == STATUS_OK)
        st = find_regions(p, frames, n, a, &r, &n_regions, err);
    if (st != STATUS_OK)
        return st;
    struct piece *pieces = arena_array(a, n_regions + 1, sizeof *pieces);
    if (pieces == NULL)
        return arena_exhausted(err);
    for (size_t from = 0, took = 0; st == STATUS_OK && from < n_regions; from += took) {
        took = piece_regions(r + from, n_regions - from);
        st = assemble(pcm, r + from, took, a, &pieces[count++], err);
    }
    if (st != STATUS_OK)
        return st;
    *ret = pieces;
    *ret_n = count;
    return STATUS_OK;
}

enum status pieces_whole(const float *pcm, size_t n, struct arena *a, struct piece **ret, size_t *ret_n,
                         struct error *err)
{
    const struct region whole = {0, n, 0};
    struct piece *p = arena_new_of(a, struct piece);
    if (p == NULL)
        return arena_exhausted(err);
    enum status st = assemble(pcm, &whole, 1, a, p, err);
    if (st != STATUS_OK)
        return st;
    *ret = p;
    *ret_n = n > 0;
    return STATUS_OK;
}

double piece_time(const struct piece *p, double seconds, bool end)
{
    const double at = seconds * RATE;
    size_t i = 0;

    while (i + 1 < p->n_chunks && (end ? at > (double)p->chunks[i + 1].at : at >= (double)p->chunks[i + 1].at))
        i++;
    double inside = at - (double)p->chunks[i].at;
    inside = inside < 0 ? 0 : inside > (double)p->chunks[i].n ? (double)p->chunks[i].n : inside;
    return ((double)p->chunks[i].from + inside) / RATE;
}
