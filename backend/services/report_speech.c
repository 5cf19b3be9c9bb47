#include "services/report_speech.h"

#include "services/figures_math.h"
#include "services/report_times.h"

#include <ctype.h>
#include <inttypes.h>
#include <math.h>
#include <string.h>

#define PAUSE_MS    1000
#define PACE_MIN_MS 5000 /* of talking; less says nothing about pace */
#define MEASURES    7

static double to_one_decimal(double v)
{
    return round(v * 10) / 10;
}

/* Sounds between words. What is also a word ("like", "so") is not counted. */
static bool is_filler(const char *word, size_t len)
{
    static const char *const fillers[] = {"um",  "umm", "uhm", "uh", "uhh", "er",
                                          "erm", "hm",  "hmm", "mm", "mmm", "ehm"};
    char plain[8] = "";
    size_t n = 0;
    for (size_t i = 0; i < len; i++) {
        if (strchr(".,;:!?-\"'", word[i]))
            continue;
        if (n + 1 >= sizeof plain)
            return false;
        plain[n++] = (char)tolower((unsigned char)word[i]);
    }
    for (size_t i = 0; i < sizeof fillers / sizeof *fillers; i++)
        if (!strcmp(plain, fillers[i]))
            return true;
    return false;
}

struct tally {
    double first_ms, last_ms, paused_ms; /* first_ms NAN: nothing yet */
    double asked_ms;                     /* the end of what the interviewer said before the first word */
    double asking_ms;                    /* from a word to the one after a follow-up question: neither talk nor pause */
    bool followed;                       /* the next word is that one */
    struct report_speech *s;
};

static void add_word(struct tally *t, const char *text, const struct spoken_word *w)
{
    const double gap = w->start_ms - t->last_ms;
    if (isnan(t->first_ms)) {
        t->first_ms = w->start_ms;
        t->last_ms = w->end_ms;
    } else if (t->followed) {
        t->asking_ms += fmax(0, gap);
    } else if (gap >= PAUSE_MS) {
        t->s->pauses++;
        t->paused_ms += gap;
        t->s->longest_ms = gap > (double)t->s->longest_ms ? (int64_t)gap : t->s->longest_ms;
    }
    t->followed = false;
    t->last_ms = fmax(t->last_ms, w->end_ms);
    t->s->words++;
    t->s->fillers += is_filler(text + w->at, w->len);
}

static void conclude(const struct tally *t)
{
    struct report_speech *s = t->s;
    const double span = t->last_ms - t->first_ms - t->asking_ms, talk = span - t->paused_ms;
    s->talk_ms = (int64_t)fmax(0, talk);
    s->pace = talk >= PACE_MIN_MS ? round((double)s->words * 60000 / talk) : NAN;
    s->pause_share = span > 0 ? round(t->paused_ms / span * 1000) / 1000 : 0;
    s->fillers_per_100 = to_one_decimal(100.0 * (double)s->fillers / (double)s->words);
    s->latency_ms = fmax(0, t->first_ms - t->asked_ms);
}

enum status speech_of_answer(const struct answer *x, struct arena *a, struct report_speech **ret, struct error *err)
{
    const struct utterance *u = x->utterances.items;
    struct tally t = {.first_ms = NAN, .s = arena_new_of(a, struct report_speech)};
    enum status st = t.s ? STATUS_OK : arena_exhausted(err);
    for (size_t i = 0; st == STATUS_OK && i < x->utterances.count; i++) {
        struct spoken_words w = {0};
        if (u[i].speaker == UTTERANCE_INTERVIEWER && isnan(t.first_ms))
            t.asked_ms = (double)u[i].end_ms;
        t.followed = t.followed || u[i].follow_up;
        if (u[i].speaker != UTTERANCE_CANDIDATE || u[i].typed)
            continue;
        st = times_of_words(&u[i], a, &w, err);
        for (size_t k = 0; st == STATUS_OK && k < w.count; k++)
            add_word(&t, u[i].text, &w.items[k]);
    }
    if (st != STATUS_OK)
        return st;
    if (t.s->words)
        conclude(&t);
    *ret = t.s->words ? t.s : NULL;
    return STATUS_OK;
}

/* ---- over the interview ---- */

static struct report_speech sum_of(const struct list *questions, double *latencies, size_t *n)
{
    const struct report_question *q = questions->items;
    struct report_speech all = {0};
    double paused = 0, span = 0;
    for (size_t i = 0; i < questions->count; i++) {
        const struct report_speech *s = q[i].speech;
        if (!s)
            continue;
        const double own = s->pause_share < 1 ? (double)s->talk_ms * s->pause_share / (1 - s->pause_share) : 0;
        all.words += s->words;
        all.talk_ms += s->talk_ms;
        all.pauses += s->pauses;
        all.fillers += s->fillers;
        all.longest_ms = s->longest_ms > all.longest_ms ? s->longest_ms : all.longest_ms;
        paused += own;
        span += own + (double)s->talk_ms;
        latencies[(*n)++] = s->latency_ms;
    }
    all.pause_share = span > 0 ? paused / span : 0;
    return all;
}

static const char *length_in_words(int64_t ms, struct arena *a)
{
    const int64_t s = (ms + 500) / 1000;
    return s < 60 ? arena_printf(a, "%" PRId64 " seconds", s)
                  : arena_printf(a, "%" PRId64 " min %" PRId64 " s", s / 60, s % 60);
}

static void add(struct list *l, enum speech_measure m, double value, const char *unit, const char *text)
{
    struct report_measure *x = l->items;
    x[l->count++] =
        (struct report_measure){.measure = (int)m, .value = value, .unit = unit, .explanation = text ? text : ""};
}

#define NOT_WORTH " It says nothing about what the answers are worth."

static void explain(struct list *l, const struct report_speech *all, double latency_s, size_t answers, struct arena *a)
{
    const double pace = round((double)all->words * 60000 / fmax(1, (double)all->talk_ms));
    const double per_100 = to_one_decimal(100.0 * (double)all->fillers / (double)all->words);
    add(l, SPEECH_TALK_TIME, to_one_decimal((double)all->talk_ms / 1000), "s",
        arena_printf(a, "Talked for %s in %zu answer%s, pauses left out.", length_in_words(all->talk_ms, a), answers,
                     answers == 1 ? "" : "s"));
    if (all->talk_ms >= PACE_MIN_MS)
        add(l, SPEECH_PACE, pace, "words a minute",
            arena_printf(
                a, "%.0f words a minute while talking; in conversation most people are between 110 and 180." NOT_WORTH,
                pace));
    add(l, SPEECH_PAUSES, (double)all->pauses, "pauses",
        arena_printf(a, "%" PRId64 " pause%s of a second and more between words. People pause to think.", all->pauses,
                     all->pauses == 1 ? "" : "s"));
    if (all->pauses) {
        add(l, SPEECH_LONGEST_PAUSE, to_one_decimal((double)all->longest_ms / 1000), "s",
            arena_printf(a, "The longest pause within an answer was %.1f seconds.", (double)all->longest_ms / 1000));
        add(l, SPEECH_PAUSE_SHARE, round(all->pause_share * 100), "%",
            arena_printf(a, "%.0f %% of the time from the first word of an answer to its last was pauses.",
                         all->pause_share * 100));
    }
    add(l, SPEECH_FILLERS, per_100, "per 100 words",
        arena_printf(a,
                     "%.1f of 100 words were um, uh and the like, as far as the recogniser writes them down: it "
                     "leaves many out.",
                     per_100));
    add(l, SPEECH_LATENCY, latency_s, "s",
        arena_printf(a, "%.1f seconds from the question to the first word, in the middle of all answers." NOT_WORTH,
                     latency_s));
}

enum status speech_of_interview(const struct list *questions, struct arena *a, struct list *ret, struct error *err)
{
    struct list l = {arena_array(a, MEASURES, sizeof(struct report_measure)), 0};
    double *latencies = arena_array(a, questions->count + 1, sizeof *latencies);
    size_t n = 0;
    if (!l.items || !latencies)
        return arena_exhausted(err);
    const struct report_speech all = sum_of(questions, latencies, &n);
    sort_numbers(latencies, n);
    if (n)
        explain(&l, &all, to_one_decimal(median_of(latencies, n) / 1000), n, a);
    *ret = l;
    return STATUS_OK;
}
