#include "services/scorer.h"

#include <ctype.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#define WORDS_MIN     5
#define SHARE_MET     0.6
#define SHARE_PARTIAL 0.34
#define STEM_MAX      24
#define QUOTE_CHARS   280

struct stems {
    char (*items)[STEM_MAX];
    size_t count, words; /* words: all of them, also those that carry no content */
};

static const char *const stop_words[] = {
    "a",    "about", "an",   "and",   "are",   "as",   "at",    "be",   "been", "but",   "by",  "can",
    "did",  "do",    "does", "for",   "from",  "had",  "has",   "have", "how",  "i",     "if",  "in",
    "into", "is",    "it",   "its",   "me",    "my",   "not",   "of",   "on",   "or",    "our", "so",
    "such", "that",  "the",  "their", "them",  "then", "there", "they", "this", "to",    "was", "we",
    "were", "what",  "when", "where", "which", "who",  "why",   "will", "with", "would", "you", "your"};

static int compare_words(const void *a, const void *b)
{
    return strcmp(a, *(const char *const *)b);
}

static bool is_stop_word(const char *w)
{
    return bsearch(w, stop_words, sizeof stop_words / sizeof *stop_words, sizeof *stop_words, compare_words) != NULL;
}

/* Cuts common English endings, so that "measured", "measuring" and "measures" meet. Keeps at least four letters. */
static void stem(char *w)
{
    static const char *const endings[] = {"ations", "ation", "ments", "ment", "ingly", "edly", "ings",
                                          "ness",   "ions",  "ion",   "ies",  "ing",   "ers",  "est",
                                          "ed",     "er",    "es",    "ly",   "s",     "e"};
    size_t n = strlen(w);
    for (size_t i = 0; i < sizeof endings / sizeof *endings; i++) {
        size_t k = strlen(endings[i]);
        if (n >= k + 4 && !strcmp(w + n - k, endings[i])) {
            w[n - k] = '\0';
            return;
        }
    }
}

static bool has_stem(const struct stems *s, const char *w)
{
    for (size_t i = 0; i < s->count; i++)
        if (!strcmp(s->items[i], w))
            return true;
    return false;
}

/* The distinct content stems of a text, without those in `except` (may be NULL). */
static enum status stems_of(const char *text, const struct stems *except, struct arena *a, struct stems *ret,
                            struct error *err)
{
    size_t cap = strlen(text) / 2 + 2;
    struct stems out = {.items = arena_array(a, cap, STEM_MAX)};
    if (!out.items)
        return arena_exhausted(err);
    for (const char *p = text; *p;) {
        char w[STEM_MAX];
        size_t n = 0;
        while (*p && !isalnum((unsigned char)*p) && (unsigned char)*p < 0x80)
            p++;
        for (; *p && (isalnum((unsigned char)*p) || *p == '\'' || (unsigned char)*p >= 0x80); p++)
            if (n + 1 < sizeof w && *p != '\'')
                w[n++] = (char)tolower((unsigned char)*p);
        w[n] = '\0';
        if (!n)
            continue;
        out.words++;
        if (is_stop_word(w))
            continue;
        stem(w);
        if (!(except && has_stem(except, w)) && !has_stem(&out, w) && out.count < cap)
            memcpy(out.items[out.count++], w, n + 1);
    }
    *ret = out;
    return STATUS_OK;
}

/* A stretch of the transcript that can be quoted. */
struct window {
    const char *quote;
    double start_ms, end_ms;
    struct stems stems;
};

struct windows {
    struct window *items;
    size_t count;
};

static enum status add_window(struct windows *w, const char *text, double start, double end, struct arena *a,
                              struct error *err)
{
    struct window *x = &w->items[w->count];
    enum status st = stems_of(text, NULL, a, &x->stems, err);
    if (st == STATUS_OK) {
        x->quote = text;
        x->start_ms = start;
        x->end_ms = end;
        w->count++;
    }
    return st;
}

/* Each of the candidate's utterances by itself and joined with the next one; what was typed counts by itself. */
static enum status windows_of(const struct answer *x, struct arena *a, struct windows *ret, struct error *err)
{
    const struct utterance *u = x->utterances.items, *last = NULL;
    struct windows w = {.items = arena_array(a, x->utterances.count * 2 + 1, sizeof *w.items)};
    enum status st = w.items ? STATUS_OK : arena_exhausted(err);
    for (size_t i = 0; st == STATUS_OK && i < x->utterances.count; i++) {
        if (u[i].speaker != UTTERANCE_CANDIDATE || !*u[i].text)
            continue;
        st = add_window(&w, u[i].text, (double)u[i].start_ms, (double)u[i].end_ms, a, err);
        if (st == STATUS_OK && last) {
            const char *both = arena_printf(a, "%s %s", last->text, u[i].text);
            st =
                both ? add_window(&w, both, (double)last->start_ms, (double)u[i].end_ms, a, err) : arena_exhausted(err);
        }
        last = &u[i];
    }
    if (st == STATUS_OK && x->mode == ANSWER_BY_TEXT && x->text && *x->text) {
        const char *typed = strrchr(x->text, '\n');
        st = add_window(&w, typed && w.count ? typed + 1 : x->text, NAN, NAN, a, err);
    }
    if (st == STATUS_OK)
        *ret = w;
    return st;
}

static double share_found(const struct stems *point, const struct stems *window)
{
    size_t found = 0;
    for (size_t i = 0; i < point->count; i++)
        found += has_stem(window, point->items[i]);
    return point->count ? (double)found / (double)point->count : 0;
}

/* Long quotes are cut at a word's end; what is left stays verbatim. */
static const char *cut_quote(const char *text, struct arena *a)
{
    size_t n = strlen(text);
    if (n > QUOTE_CHARS) {
        n = QUOTE_CHARS;
        while (n && text[n] != ' ')
            n--;
    }
    return arena_strndup(a, text, n);
}

static enum status judge_point(const char *text, const struct stems *question, const struct windows *w, struct arena *a,
                               struct report_point *p, struct error *err)
{
    struct stems point;
    enum status st = stems_of(text, question, a, &point, err);
    if (st == STATUS_OK && !point.count) /* a point made of the question's words: those must do */
        st = stems_of(text, NULL, a, &point, err);
    if (st != STATUS_OK)
        return st;
    const struct window *best = NULL;
    double best_share = 0;
    for (size_t i = 0; i < w->count; i++) {
        double share = share_found(&point, &w->items[i].stems);
        if (share > best_share) {
            best_share = share;
            best = &w->items[i];
        }
    }
    p->text = text;
    p->met = best_share >= SHARE_MET ? POINT_MET : best_share >= SHARE_PARTIAL ? POINT_PARTIAL : POINT_MISSED;
    p->start_ms = p->end_ms = NAN;
    if (p->met != POINT_MISSED) {
        p->quote = cut_quote(best->quote, a);
        p->start_ms = best->start_ms;
        p->end_ms = best->end_ms;
    }
    return p->met == POINT_MISSED || p->quote ? STATUS_OK : arena_exhausted(err);
}

const char *scorer_level_text(double score)
{
    static const char *const anchors[] = {"Says little that this question asks for",
                                          "Touches one part, without substance",
                                          "Covers some of what a good answer has",
                                          "Covers most of what a good answer has", "Covers all that a good answer has"};
    int level = (int)lround(score);
    return anchors[level < 1 ? 0 : level > 5 ? 4 : level - 1];
}

static enum status judge_points(const struct answer *x, struct arena *a, struct report_question *q, struct error *err)
{
    struct windows w = {0};
    struct stems question;
    struct report_point *points = arena_array(a, x->points.count, sizeof *points);
    enum status st = points ? windows_of(x, a, &w, err) : arena_exhausted(err);
    if (st == STATUS_OK)
        st = stems_of(x->question_text, NULL, a, &question, err);
    int met = 0, partial = 0;
    for (size_t i = 0; st == STATUS_OK && i < x->points.count; i++) {
        st = judge_point(x->points.items[i], &question, &w, a, &points[i], err);
        met += points[i].met == POINT_MET;
        partial += points[i].met == POINT_PARTIAL;
    }
    if (st != STATUS_OK)
        return st;
    q->points = (struct list){points, x->points.count};
    q->score = round((1 + 4 * (met + 0.5 * partial) / (double)x->points.count) * 10) / 10;
    q->level_text = scorer_level_text(q->score);
    q->explanation = arena_printf(a,
                                  "%d of %zu points were made%s. Viva compares the words of each point with the words "
                                  "of the answer; a person should read the quotes.",
                                  met, x->points.count, partial ? arena_printf(a, ", %d in part", partial) : "");
    return q->explanation ? STATUS_OK : arena_exhausted(err);
}

enum status scorer_question(const struct answer *x, struct arena *a, struct report_question *ret, struct error *err)
{
    struct stems all;
    enum status st = stems_of(x->text ? x->text : "", NULL, a, &all, err);
    if (st != STATUS_OK)
        return st;
    ret->answer_id = x->id;
    ret->position = x->position;
    ret->question_text = x->question_text;
    ret->score = NAN;
    ret->level_text = ret->explanation = "";
    if (all.words == 0)
        ret->reason_not_scored = "There is no answer.";
    else if (all.words < WORDS_MIN)
        ret->reason_not_scored = "The answer is too short to judge. Listen and set a level yourself.";
    else if (x->points.count == 0)
        ret->reason_not_scored =
            "Nobody has said what a good answer to this question mentions. Listen and set a level yourself.";
    else
        return judge_points(x, a, ret, err);
    return STATUS_OK;
}
