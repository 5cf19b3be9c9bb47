#include "live/echo.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define RATE      16000
#define BANDS     8
#define HOP       128 /* samples: 8 ms */
#define HOP_MS    8
#define HOPS      4   /* of a frame */
#define RING      256 /* hops: two seconds of what was played */
#define LAG_FROM  (-8)
#define LAGS      96
#define REF_MAX   (120 * RATE / HOP) /* two minutes of one utterance */
#define FLOOR_DB  (-80.0f)
#define ACTIVE_DB (-50.0f) /* our sound, in a band */
#define DECAY_DB  1.0f     /* a hop: a room that dies away by 60 dB in half a second */
#define FORGET    0.985f   /* a frame: two seconds */
#define LEARN     100      /* frames while something was played: three seconds */
#define SOON      52       /* lags, up to 0.35 s: until it is learnt which one, a longer way is not reckoned with */
#define CLEAN     40       /* frames in which nothing came back, from which on nothing is taken to: 1.3 s */
#define CLEAN_DB  (-62.0f) /* nothing: in no band louder than that */
#define FOLLOWS   0.5f     /* correlation from which the one is taken to follow the other */
#define MARGIN_DB 7.0f
#define STRANGE   2 /* bands that are louder than our sound makes them: somebody else */
#define THERE     1.3f
#define GONE      0.3f
#define TAIL_MS   150 /* a client stops somewhat later than it is told */

static const float centres[BANDS] = {250, 400, 620, 950, 1400, 2000, 2800, 3800};

struct bank {
    float x1, x2, y1[BANDS], y2[BANDS];
};

struct coefficients {
    float b0[BANDS], a1[BANDS], a2[BANDS];
};

struct echo {
    struct coefficients c;
    struct bank ref_bank, mic_bank;
    /* the utterance */
    float (*ref)[BANDS]; /* energy of each hop */
    size_t n_ref, cap;
    unsigned rate;
    double phase; /* of the next 16 kHz sample among the samples of `rate` */
    float last, sum[BANDS];
    int in_hop;
    /* what was played, by the time of day in hops: energy in dB of the frame that ends there */
    float played[RING][BANDS];
    int64_t filled; /* the last hop written */
    bool any;
    int64_t play_at, stop_at, play_from; /* ms; play_at -1: nothing is playing */
    /* what was learnt */
    int64_t active; /* frames while something was played, in all */
    bool came_back; /* something was heard in the first of them */
    float mean_x[BANDS], mean_y[BANDS];
    float cov[LAGS], var_x[LAGS], var_y;
    int lag;                         /* index; -1: nothing follows */
    float strange;                   /* how often lately a frame was not explained */
    bool other;                      /* somebody else is there */
    float gain[BANDS], quiet[BANDS]; /* quiet: the microphone by itself */
};

/* ---- bands ---- */

static void design(struct coefficients *c)
{
    for (int b = 0; b < BANDS; b++) {
        float w = 2 * (float)M_PI * centres[b] / RATE, alpha = sinf(w) / 4, a0 = 1 + alpha; /* Q 2 */
        c->b0[b] = alpha / a0;
        c->a1[b] = -2 * cosf(w) / a0;
        c->a2[b] = (1 - alpha) / a0;
    }
}

static void pass(const struct coefficients *c, struct bank *k, float x, float energy[BANDS])
{
    float d = x - k->x2;
    for (int b = 0; b < BANDS; b++) {
        float y = c->b0[b] * d - c->a1[b] * k->y1[b] - c->a2[b] * k->y2[b];
        k->y2[b] = k->y1[b];
        k->y1[b] = y;
        energy[b] += y * y;
    }
    k->x2 = k->x1;
    k->x1 = x;
}

static float decibels(float energy, int samples)
{
    float db = 10 * log10f(energy / (float)samples + 1e-12f);
    return db < FLOOR_DB ? FLOOR_DB : db;
}

/* ---- life ---- */

struct echo *echo_new(void)
{
    struct echo *e = calloc(1, sizeof(*e));
    if (e == NULL)
        return NULL;
    design(&e->c);
    e->lag = -1;
    e->play_at = -1;
    return e;
}

struct echo *echo_free(struct echo *e)
{
    if (e != NULL)
        free(e->ref);
    free(e);
    return NULL;
}

/* ---- what is said ---- */

void echo_begin(struct echo *e, unsigned rate)
{
    e->n_ref = 0;
    e->rate = rate > 0 ? rate : RATE;
    e->phase = 0;
    e->last = 0;
    e->in_hop = 0;
    e->ref_bank = (struct bank){0};
    memset(e->sum, 0, sizeof e->sum);
    e->play_at = -1;
}

static void hop_done(struct echo *e)
{
    if (e->n_ref == e->cap && e->cap < REF_MAX) {
        size_t cap = e->cap == 0 ? 1024 : 2 * e->cap;
        float(*p)[BANDS] = realloc(e->ref, cap * sizeof *p);
        if (p == NULL)
            return;
        e->ref = p;
        e->cap = cap;
    }
    if (e->n_ref < e->cap)
        memcpy(e->ref[e->n_ref++], e->sum, sizeof e->sum);
}

static void ref_sample(struct echo *e, float x)
{
    pass(&e->c, &e->ref_bank, x, e->sum);
    if (++e->in_hop < HOP)
        return;
    hop_done(e);
    memset(e->sum, 0, sizeof e->sum);
    e->in_hop = 0;
}

/* Between two samples on a straight line: good enough for loudness below 4 kHz. */
void echo_say(struct echo *e, const int16_t *pcm, size_t n)
{
    double step = (double)e->rate / RATE;
    for (size_t i = 0; i < n; i++) {
        float x = (float)pcm[i] / 32768.0f;
        for (; e->phase < 1; e->phase += step)
            ref_sample(e, e->last + (x - e->last) * (float)e->phase);
        e->phase -= 1;
        e->last = x;
    }
}

void echo_played(struct echo *e, int64_t at_ms, int64_t from_ms)
{
    e->play_at = at_ms;
    e->play_from = from_ms;
    e->stop_at = INT64_MAX;
    if (e->any && e->filled > at_ms / HOP_MS - 1)
        e->filled = at_ms / HOP_MS - 1;
}

void echo_stopped(struct echo *e, int64_t at_ms)
{
    e->stop_at = at_ms + TAIL_MS;
}

/* ---- what was played when ---- */

static void energy_at(const struct echo *e, int64_t hop, float out[BANDS])
{
    int64_t ms = hop * HOP_MS, at = (ms - e->play_at + e->play_from) / HOP_MS;
    bool plays = e->play_at >= 0 && ms >= e->play_at && ms < e->stop_at && at >= 0 && (size_t)at < e->n_ref;
    for (int b = 0; b < BANDS; b++)
        out[b] = plays ? e->ref[at][b] : 0;
}

static void fill(struct echo *e, int64_t upto)
{
    if (!e->any || upto - e->filled > RING) {
        for (int i = 0; i < RING; i++)
            for (int b = 0; b < BANDS; b++)
                e->played[i][b] = FLOOR_DB;
        e->filled = upto - HOPS;
        e->any = true;
    }
    while (e->filled < upto) {
        int64_t hop = ++e->filled;
        float sum[BANDS] = {0}, one[BANDS];
        const float *before = e->played[(hop + RING - 1) % RING];
        for (int k = 0; k < HOPS; k++) {
            energy_at(e, hop - k, one);
            for (int b = 0; b < BANDS; b++)
                sum[b] += one[b];
        }
        for (int b = 0; b < BANDS; b++)
            e->played[hop % RING][b] = fmaxf(decibels(sum[b], HOPS * HOP), before[b] - DECAY_DB);
    }
}

static const float *played(const struct echo *e, int64_t hop, int lag)
{
    return e->played[((hop - (LAG_FROM + lag)) % RING + RING) % RING];
}

/* ---- learning ---- */

/* Something was played lately, by no more than so many lags. */
static bool sounds(const struct echo *e, int64_t hop, int lags)
{
    for (int lag = 0; lag < lags; lag += HOPS)
        for (int b = 0; b < BANDS; b++)
            if (played(e, hop, lag)[b] > ACTIVE_DB)
                return true;
    return false;
}

static void correlate(struct echo *e, int64_t hop, const float y[BANDS])
{
    float rate = e->active < 50 ? 1.0f / (float)(e->active + 1) : 0.02f;
    const float *now = played(e, hop, e->lag >= 0 ? e->lag : -LAG_FROM);
    e->var_y *= FORGET;
    for (int b = 0; b < BANDS; b++) {
        e->mean_x[b] += rate * (now[b] - e->mean_x[b]);
        e->mean_y[b] += rate * (y[b] - e->mean_y[b]);
        e->var_y += (y[b] - e->mean_y[b]) * (y[b] - e->mean_y[b]);
    }
    for (int lag = 0; lag < LAGS; lag++) {
        const float *x = played(e, hop, lag);
        e->cov[lag] *= FORGET;
        e->var_x[lag] *= FORGET;
        for (int b = 0; b < BANDS; b++) {
            float d = x[b] - e->mean_x[b];
            e->cov[lag] += d * (y[b] - e->mean_y[b]);
            e->var_x[lag] += d * d;
        }
    }
}

static int best_lag(const struct echo *e)
{
    int best = -1;
    float most = FOLLOWS;
    for (int lag = 0; lag < LAGS; lag++) {
        float r = e->cov[lag] / sqrtf(e->var_x[lag] * e->var_y + 1.0f);
        if (r > most) {
            most = r;
            best = lag;
        }
    }
    return best;
}

static void learn(struct echo *e, int64_t hop, const float y[BANDS])
{
    correlate(e, hop, y);
    if (++e->active < LEARN / 2)
        return;
    int lag = best_lag(e);
    if (lag < 0)
        return; /* what was learnt before holds: nobody may be speaking, or somebody all the time */
    bool first = e->lag < 0;
    e->lag = lag;
    const float *x = played(e, hop, lag);
    for (int b = 0; b < BANDS; b++) {
        if (first)
            e->gain[b] = e->mean_y[b] - e->mean_x[b];
        float d = y[b] - x[b] - e->gain[b];
        if (x[b] > ACTIVE_DB && d < 12) /* else somebody speaks */
            e->gain[b] += 0.08f * fminf(fmaxf(d, -6), 6);
    }
}

static bool explained(const struct echo *e, int64_t hop, const float y[BANDS])
{
    int strange = 0;
    for (int b = 0; b < BANDS; b++) {
        float most = FLOOR_DB;
        for (int lag = e->lag - HOPS; lag <= e->lag + HOPS; lag++)
            if (lag >= 0 && lag < LAGS)
                most = fmaxf(most, played(e, hop, lag)[b]);
        strange += y[b] > most + e->gain[b] + MARGIN_DB && y[b] > e->quiet[b] + MARGIN_DB;
    }
    return strange < STRANGE;
}

/* Before it is known how ours comes back: whoever speaks when ours has died away is believed, and whoever speaks over
 * it when nothing of it was heard so far. */
static bool may_be_ours(struct echo *e, int64_t hop, const float y[BANDS])
{
    for (int b = 0; b < BANDS && e->active <= CLEAN; b++)
        e->came_back |= y[b] > CLEAN_DB;
    return sounds(e, hop, SOON) && (e->came_back || e->active <= CLEAN);
}

bool echo_explains(struct echo *e, const float frame[ECHO_FRAME], int64_t end_ms)
{
    int64_t hop = end_ms / HOP_MS - 1;
    float energy[BANDS] = {0}, y[BANDS];
    for (int i = 0; i < ECHO_FRAME; i++)
        pass(&e->c, &e->mic_bank, frame[i], energy);
    if (e->play_at < 0 && !e->any)
        return false;
    fill(e, hop - LAG_FROM);
    for (int b = 0; b < BANDS; b++) {
        y[b] = decibels(energy[b], ECHO_FRAME);
        e->quiet[b] = fminf(y[b], e->quiet[b] + 0.05f); /* rises by 1.5 dB a second */
    }
    if (!sounds(e, hop, LAGS))
        return false;
    learn(e, hop, y);
    if (e->active < LEARN)
        return may_be_ours(e, hop, y);
    if (e->lag < 0)
        return false;
    /* Of a voice over ours every second frame or so is louder; of ours hardly two in a row. */
    e->strange = 0.6f * e->strange + (explained(e, hop, y) ? 0 : 1);
    e->other = e->other ? e->strange > GONE : e->strange > THERE;
    return !e->other;
}
