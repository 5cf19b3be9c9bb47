#include "services/report_structure.h"

#include "services/report_segment.h"

#include <math.h>
#include <string.h>

#define CUES_MAX 32

/* As text_plain() writes them, without the spaces at both ends. */
static const char *const cues[STRUCTURE_PARTS][CUES_MAX] = {
    [STRUCTURE_SITUATION] = {"when i was",     "when we were", "at my last",   "at my previous", "in my last",
                             "in my previous", "last year",    "last month",   "two years ago",  "a year ago",
                             "years ago",      "months ago",   "there was a",  "there was an",   "we had a",
                             "we had an",      "at the time",  "back then",    "i was working",  "we were working",
                             "i worked at",    "i worked for", "used to work", "during my",      "in one project",
                             "on a project",   "our company",  "our team was", "one day",        "one time"},
    [STRUCTURE_TASK] = {"i had to",        "we had to",         "my job was",      "my task",
                        "my role",         "i was responsible", "responsible for", "i was asked",
                        "we were asked",   "i needed to",       "we needed to",    "the goal",
                        "our goal",        "the aim",           "the problem was", "the challenge",
                        "was supposed to", "were supposed to",  "deadline",        "was expected to",
                        "it was up to me", "i wanted to",       "we wanted to",    "the question was"},
    [STRUCTURE_ACTION] = {"so i",         "so we",     "i decided", "we decided", "first i",  "then i",     "then we",
                          "after that i", "i started", "i began",   "i built",    "i wrote",  "i made",     "i set up",
                          "i asked",      "i told",    "i talked",  "i spoke",    "i called", "i checked",  "i looked",
                          "i found",      "i changed", "i used",    "i created",  "i went",   "i proposed", "i tried",
                          "what i did",   "i put",     "i took"},
    [STRUCTURE_RESULT] = {"as a result",  "the result",   "in the end",  "at the end", "it ended",   "eventually",
                          "finally",      "which led to", "that led to", "led to",     "since then", "the outcome",
                          "we delivered", "i delivered",  "we shipped",  "it worked",  "went well",  "we finished",
                          "was fixed",    "was solved",   "reduced",     "increased",  "improved",   "saved",
                          "went down",    "went up",      "i learned",   "i learnt",   "we learned", "percent",
                          "after that it"},
};

/* Turns of phrase of the part in the sentence; a result is looked for late and a situation early. */
static double weight_of(const char *plain, enum structure_part part, double place)
{
    double found = 0;
    for (size_t i = 0; i < CUES_MAX && cues[part][i]; i++) {
        const size_t n = strlen(cues[part][i]);
        const char *at = strstr(plain, cues[part][i]);
        while (at && (at[-1] != ' ' || at[n] != ' '))
            at = strstr(at + 1, cues[part][i]);
        found += at != NULL;
    }
    if (found <= 0)
        return 0;
    const double fits = part == STRUCTURE_SITUATION ? 1 - place : part == STRUCTURE_RESULT ? place : 0.5;
    return fmin(found, 3) + 0.5 * fits;
}

static void choose(const struct pieces *p, double *weights, enum structure_part *best_part, size_t *best_piece)
{
    double best = 0;
    for (size_t i = 0; i < p->count * STRUCTURE_PARTS; i++)
        if (weights[i] > best) {
            best = weights[i];
            *best_piece = i / STRUCTURE_PARTS;
            *best_part = (enum structure_part)(i % STRUCTURE_PARTS);
        }
}

/* The clearest pair of part and sentence first; both are then taken. */
static void assign(const struct pieces *p, double *weights, struct report_structure_part *out)
{
    for (int round = 0; round < STRUCTURE_PARTS; round++) {
        enum structure_part part = STRUCTURE_PARTS;
        size_t at = 0;
        choose(p, weights, &part, &at);
        if (part == STRUCTURE_PARTS)
            return;
        out[part].found = true;
        out[part].quote = p->items[at].quote;
        out[part].start_ms = p->items[at].start_ms;
        out[part].end_ms = p->items[at].end_ms;
        for (size_t k = 0; k < STRUCTURE_PARTS; k++)
            weights[at * STRUCTURE_PARTS + k] = 0;
        for (size_t i = 0; i < p->count; i++)
            weights[i * STRUCTURE_PARTS + part] = 0;
    }
}

enum status structure_of(const struct answer *x, struct arena *a, struct list *ret, struct error *err)
{
    const struct stems none = {0};
    struct pieces p = {0};
    struct report_structure_part *out = arena_array(a, STRUCTURE_PARTS, sizeof *out);
    enum status st = out ? segment_pieces(x, &none, a, &p, err) : arena_exhausted(err);
    double *weights = st == STATUS_OK ? arena_array(a, p.count * STRUCTURE_PARTS + 1, sizeof *weights) : NULL;
    if (st == STATUS_OK && !weights)
        st = arena_exhausted(err);
    for (size_t i = 0; st == STATUS_OK && i < p.count; i++) {
        const char *plain = text_plain(p.items[i].quote, a);
        const double place = p.count > 1 ? (double)i / (double)(p.count - 1) : 0.5;
        if (!plain)
            return arena_exhausted(err);
        for (int k = 0; k < STRUCTURE_PARTS; k++)
            weights[i * STRUCTURE_PARTS + (size_t)k] = weight_of(plain, (enum structure_part)k, place);
    }
    if (st != STATUS_OK)
        return st;
    for (int k = 0; k < STRUCTURE_PARTS; k++)
        out[k] = (struct report_structure_part){.part = k, .start_ms = NAN, .end_ms = NAN};
    assign(&p, weights, out);
    *ret = (struct list){out, STRUCTURE_PARTS};
    return STATUS_OK;
}
