#include "providers/stt/whisper_course.h"

#include <float.h>
#include <math.h>
#include <string.h>

#define STEP_SECONDS 0.02
#define FIRST_WITHIN 50 /* steps: the first span must begin in the first second */
#define NEVER        (-FLT_MAX)
#define NEGLIGIBLE   18.0f /* e^-18 of the best: 50,000 of those change nothing */

double whisper_log_sum(const float *g, int from, int to)
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

int whisper_best(const float *g, int from, int to)
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
static void apply_timestamp_rules(const struct whisper_course *c, float *g)
{
    const struct whisper_model *m = c->m;
    const int first = m->first_timestamp;
    const bool after_timestamp = c->last >= first;
    const bool after_pair = c->before_last >= first || c->before_last < 0;

    if (c->last < 0) {
        forbid(g, 0, first);
        forbid(g, first + FIRST_WITHIN + 1, m->n_vocab);
    } else if (after_timestamp && after_pair) {
        forbid(g, first, m->n_vocab);
    } else if (after_timestamp) {
        forbid(g, 0, m->end);
    }
    if (c->latest_timestamp >= 0)
        forbid(g, first, c->latest_timestamp + (after_timestamp && !after_pair ? 0 : 1));
    if (first + c->limit + 1 < m->n_vocab)
        forbid(g, first + c->limit + 1, m->n_vocab);
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
static void note_ending(struct whisper_course *c, const float *g)
{
    struct stt_ending e = {.known = true};
    if (c->last < 0 || ending_part(&e, c->m, c->last) != &e.word)
        return;
    const int n = c->m->n_vocab;
    const float best = g[whisper_best(g, 0, n)];
    const double all = whisper_log_sum(g, 0, n);
    for (int i = 0; i < n; i++)
        if (g[i] > best - NEGLIGIBLE)
            *ending_part(&e, c->m, i) += (float)exp((double)g[i] - all);
    c->ending = e;
}

struct whisper_course whisper_course_begin(const struct whisper_model *m, double window)
{
    return (struct whisper_course){
        .m = m, .limit = (int)(window / STEP_SECONDS + 0.5), .last = -1, .before_last = -1, .latest_timestamp = -1};
}

double whisper_course_rules(struct whisper_course *c, float *g, int *first)
{
    const struct whisper_model *m = c->m;

    note_ending(c, g);
    for (size_t i = 0; i < m->n_suppress; i++)
        g[m->suppress[i]] = NEVER;
    forbid(g, m->end + 1, m->first_timestamp);
    if (c->last < 0)
        g[m->blank] = g[m->end] = NEVER;
    apply_timestamp_rules(c, g);
    const double stamps = whisper_log_sum(g, m->first_timestamp, m->n_vocab);
    /* as a whole, a timestamp is likelier than any text */
    *first = stamps > (double)g[whisper_best(g, 0, m->first_timestamp)] ? m->first_timestamp : 0;
    return whisper_log_sum(g, 0, m->n_vocab);
}

void whisper_course_take(struct whisper_course *c, int token)
{
    c->before_last = c->last;
    c->last = token;
    if (token >= c->m->first_timestamp)
        c->latest_timestamp = token;
}

/* People do repeat a word; nobody says the same ten
 * words three times in a row. */
size_t whisper_repeated(const struct whisper_said *t, size_t n)
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
