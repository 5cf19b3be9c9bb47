#include "providers/stt/whisper_course.h"

#include <ctype.h>
#include <float.h>
#include <math.h>
#include <string.h>

#define FIRST_WITHIN 50 /* steps: the first span must begin in the first second */
#define NEVER        (-FLT_MAX)
#define NEGLIGIBLE   18.0f /* e^-18 of the best: 50,000 of those change nothing */
#define TOKENS_MAX   512   /* of one window */
#define PERIOD_MAX   40
#define RUN          24
#define RUN_WORDS    6
#define HURRIED      8.0 /* tokens a second: twice of what is usual */
#define HURRIED_FROM 4.0

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
        .m = m, .limit = (int)(window / WHISPER_STEP + 0.5), .last = -1, .before_last = -1, .latest_timestamp = -1};
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

/* ---- loops ---- */

static bool in_word(char c)
{
    return isalnum((unsigned char)c) || (unsigned char)c >= 0x80;
}

static size_t skip_marks(const struct whisper_token *t, size_t at)
{
    while (at < t->len && !in_word(t->text[at]))
        at++;
    return at;
}

/* Whether they are the same letters: " Then" and " then," are. */
static bool same_word(const struct whisper_token *a, const struct whisper_token *b)
{
    size_t i = skip_marks(a, 0), k = skip_marks(b, 0);
    for (; i < a->len && k < b->len; i = skip_marks(a, i + 1), k = skip_marks(b, k + 1))
        if (tolower((unsigned char)a->text[i]) != tolower((unsigned char)b->text[k]))
            return false;
    return i == a->len && k == b->len;
}

/* People do repeat a word; nobody says the same ten words three times in a row, nor two when there is no time for it.
 */
static size_t too_often(size_t period, bool hurried)
{
    return period == 1 ? (hurried ? 5 : 9) : period <= 4 && !hurried ? 6 : 3;
}

/* Loops that change a word now and then: of the last RUN words hardly any is new. */
static bool runs_in_circles(const struct whisper_token *tokens, const struct whisper_said *t, const size_t *words,
                            size_t count)
{
    size_t fresh = 0;
    for (size_t i = count - RUN; i < count && fresh <= RUN_WORDS; i++) {
        size_t k = count - RUN;
        while (k < i && !same_word(&tokens[t[words[k]].token], &tokens[t[words[i]].token]))
            k++;
        fresh += k == i;
    }
    return fresh <= RUN_WORDS;
}

size_t whisper_unrepeated(const struct whisper_course *c, const struct whisper_said *t, size_t n)
{
    const struct whisper_token *tokens = c->m->tokens;
    const bool hurried = (double)n > HURRIED_FROM + HURRIED * WHISPER_STEP * c->limit;
    size_t words[TOKENS_MAX], count = 0; /* tokens with more than marks in them */

    for (size_t i = 0; i < n && count < TOKENS_MAX; i++)
        if (skip_marks(&tokens[t[i].token], 0) < tokens[t[i].token].len)
            words[count++] = i;
    for (size_t period = 1; period <= PERIOD_MAX && period * 3 <= count; period++) {
        size_t same = 0;
        while (same + period < count &&
               same_word(&tokens[t[words[count - 1 - same]].token], &tokens[t[words[count - 1 - same - period]].token]))
            same++;
        if (same >= period * (too_often(period, hurried) - 1))
            return words[count - same];
    }
    if (count >= RUN && runs_in_circles(tokens, t, words, count))
        return words[count - RUN + RUN_WORDS / 2];
    return n;
}
