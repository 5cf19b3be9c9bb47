#include "services/scorer.h"

#include "base/utf8.h"

#include <ctype.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#define WORDS_MIN     5
#define SHARE_MET     0.6
#define SHARE_PARTIAL 0.34
#define STEM_MAX      24
#define PIECE_BYTES   280

struct stems {
    char (*items)[STEM_MAX];
    size_t count;
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

/* One character of a text, as words are made of: its bytes go to out (lower case), or it separates words, or (an
 * apostrophe, straight or curly) it is left out of its word. */
enum letter { LETTER, LETTER_SKIPPED, LETTER_NONE };

static enum letter read_letter(const char *p, size_t n, char out[4], size_t *size)
{
    uint32_t c = 0;
    *size = utf8_next(p, n, &c);
    if (*size == 0) {
        *size = 1;
        return LETTER_NONE;
    }
    if (c == '\'' || c == 0x2019)
        return LETTER_SKIPPED;
    if (c < 0x80 ? !isalnum((int)c) : c < 0xC0 || (c >= 0x2000 && c <= 0x206F) || (c >= 0x3000 && c <= 0x303F))
        return LETTER_NONE;
    memcpy(out, p, *size);
    if (c < 0x80)
        out[0] = (char)tolower((int)c);
    else if (c >= 0xC0 && c <= 0xDE && c != 0xD7) /* the capitals of Latin-1 */
        out[1] = (char)(out[1] + 0x20);
    return LETTER;
}

/* The next word of the text from *at on, cut to STEM_MAX; false at the end. */
static bool next_word(const char *text, size_t n, size_t *at, char w[STEM_MAX])
{
    size_t len = 0, size;
    bool in_word = false;
    for (; *at < n; *at += size) {
        char c[4];
        enum letter l = read_letter(text + *at, n - *at, c, &size);
        if (l == LETTER_NONE && in_word)
            break;
        if (l != LETTER)
            continue;
        in_word = true;
        if (len + size < STEM_MAX) {
            memcpy(w + len, c, size);
            len += size;
        }
    }
    w[len] = '\0';
    return in_word;
}

static size_t count_words(const char *text)
{
    char w[STEM_MAX];
    size_t words = 0, n = strlen(text);
    for (size_t at = 0; next_word(text, n, &at, w);)
        words++;
    return words;
}

/* The distinct content stems of a text, without those in `except` (may be NULL). */
static enum status stems_of(const char *text, const struct stems *except, struct arena *a, struct stems *ret,
                            struct error *err)
{
    size_t n = strlen(text), cap = n / 2 + 2;
    struct stems out = {.items = arena_array(a, cap, STEM_MAX)};
    char w[STEM_MAX];
    if (!out.items)
        return arena_exhausted(err);
    for (size_t at = 0; next_word(text, n, &at, w);) {
        if (is_stop_word(w))
            continue;
        stem(w);
        if (!(except && has_stem(except, w)) && !has_stem(&out, w) && out.count < cap)
            memcpy(out.items[out.count++], w, sizeof w);
    }
    *ret = out;
    return STATUS_OK;
}

/* --------------------------------------------------------------------------------------------------------------------
 * evidence */

/* Where text comes from: one utterance, or what was typed (times NAN). */
struct source {
    const char *text;
    double start_ms, end_ms;
};

/* A sentence of a source, or a part of one that is long. */
struct piece {
    const struct source *source;
    size_t at, len;
};

/* A stretch of the transcript that can be quoted: a piece, or two neighbours. */
struct window {
    const char *quote;
    double start_ms, end_ms;
    struct stems stems;
};

struct windows {
    struct window *items;
    size_t count;
};

static bool is_space(char c)
{
    return c == ' ' || c == '\n' || c == '\t' || c == '\r';
}

/* How long the piece is that begins at p: to the end of the sentence, at most PIECE_BYTES, then cut between words, or
 * between characters where there is no space. */
static size_t piece_length(const char *p)
{
    size_t n = 0;
    while (p[n] && p[n] != '\n' && n < PIECE_BYTES) {
        n++;
        if (strchr(".!?", p[n - 1]) && (is_space(p[n]) || !p[n]))
            return n;
    }
    if (n < PIECE_BYTES || !p[n])
        return n;
    size_t cut = n;
    while (cut && !is_space(p[cut]))
        cut--;
    if (cut)
        return cut;
    while (n > 1 && ((unsigned char)p[n] & 0xC0) == 0x80)
        n--;
    return n;
}

/* Adds the pieces of a source to the list; list NULL: only counts them. */
static void cut_source(const struct source *s, struct piece *list, size_t *count)
{
    for (size_t at = 0; s->text[at];) {
        if (is_space(s->text[at])) {
            at++;
            continue;
        }
        size_t len = piece_length(s->text + at);
        if (list)
            list[*count] = (struct piece){s, at, len};
        (*count)++;
        at += len;
    }
}

static enum status add_window(struct windows *w, const char *quote, double start, double end, struct arena *a,
                              struct error *err)
{
    struct window *x = &w->items[w->count];
    if (!quote)
        return arena_exhausted(err);
    enum status st = stems_of(quote, NULL, a, &x->stems, err);
    if (st == STATUS_OK) {
        x->quote = quote;
        x->start_ms = start;
        x->end_ms = end;
        w->count++;
    }
    return st;
}

/* Two neighbours as they stand in the answer's text (of two sources: the last of one and the first of the next, joined
 * as services/conduct.h joins them), or NULL: out of memory. */
static const char *join_pieces(const struct piece *p, const struct piece *q, struct arena *a)
{
    if (p->source == q->source)
        return arena_strndup(a, p->source->text + p->at, q->at + q->len - p->at);
    return arena_printf(a, "%s %.*s", p->source->text + p->at, (int)(q->at + q->len), q->source->text);
}

static bool is_typed(const struct piece *p)
{
    return isnan(p->source->start_ms);
}

/* What was typed: the text behind what was spoken (services/conduct.h joins them so). NULL: nothing. */
static const char *typed_part(const struct answer *x)
{
    const struct utterance *u = x->utterances.items;
    const char *p = x->text ? x->text : "";
    bool spoken = false;
    for (size_t i = 0; i < x->utterances.count; i++) {
        size_t n = strlen(u[i].text);
        if (u[i].speaker != UTTERANCE_CANDIDATE || !n)
            continue;
        if (spoken && *p == ' ')
            p++;
        if (strncmp(p, u[i].text, n))
            return x->mode == ANSWER_BY_TEXT ? x->text : NULL;
        p += n;
        spoken = true;
    }
    while (is_space(*p))
        p++;
    return *p ? p : NULL;
}

/* The candidate's utterances and what was typed, in order. */
static size_t sources_of(const struct answer *x, struct source *out)
{
    const struct utterance *u = x->utterances.items;
    const char *typed = typed_part(x);
    size_t n = 0;
    for (size_t i = 0; i < x->utterances.count; i++)
        if (u[i].speaker == UTTERANCE_CANDIDATE && *u[i].text)
            out[n++] = (struct source){u[i].text, (double)u[i].start_ms, (double)u[i].end_ms};
    if (typed)
        out[n++] = (struct source){typed, NAN, NAN};
    return n;
}

static enum status windows_of(const struct answer *x, struct arena *a, struct windows *ret, struct error *err)
{
    struct source *sources = arena_array(a, x->utterances.count + 1, sizeof *sources);
    size_t n_sources = sources ? sources_of(x, sources) : 0, room = 0, n = 0;
    for (size_t i = 0; i < n_sources; i++)
        cut_source(&sources[i], NULL, &room);
    struct piece *pieces = arena_array(a, room + 1, sizeof *pieces);
    for (size_t i = 0; pieces && i < n_sources; i++)
        cut_source(&sources[i], pieces, &n);
    struct windows w = {.items = arena_array(a, n * 2 + 1, sizeof *w.items)};
    enum status st = sources && pieces && w.items ? STATUS_OK : arena_exhausted(err);
    for (size_t i = 0; st == STATUS_OK && i < n; i++) {
        const struct piece *p = &pieces[i], *before = i ? p - 1 : NULL;
        st = add_window(&w, arena_strndup(a, p->source->text + p->at, p->len), p->source->start_ms, p->source->end_ms,
                        a, err);
        if (st == STATUS_OK && before && is_typed(before) == is_typed(p))
            st = add_window(&w, join_pieces(before, p, a), before->source->start_ms, p->source->end_ms, a, err);
    }
    if (st == STATUS_OK)
        *ret = w;
    return st;
}

/* --------------------------------------------------------------------------------------------------------------------
 * judging */

static double share_found(const struct stems *point, const struct stems *window)
{
    size_t found = 0;
    for (size_t i = 0; i < point->count; i++)
        found += has_stem(window, point->items[i]);
    return point->count ? (double)found / (double)point->count : 0;
}

static void judge_point(const char *text, const struct stems *point, const struct windows *w, struct report_point *p)
{
    const struct window *best = NULL;
    double best_share = 0;
    for (size_t i = 0; i < w->count; i++) {
        double share = share_found(point, &w->items[i].stems);
        if (share > best_share) {
            best_share = share;
            best = &w->items[i];
        }
    }
    p->text = text;
    p->met = best_share >= SHARE_MET ? POINT_MET : best_share >= SHARE_PARTIAL ? POINT_PARTIAL : POINT_MISSED;
    p->start_ms = p->end_ms = NAN;
    if (p->met != POINT_MISSED) {
        p->quote = best->quote;
        p->start_ms = best->start_ms;
        p->end_ms = best->end_ms;
    }
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

/* Judges every point that says more than the question does. The others cannot be told from an echo of the question:
 * they are left out. */
enum status scorer_points(const struct answer *x, struct arena *a, struct list *ret, struct error *err)
{
    struct windows w = {0};
    struct stems question, point;
    struct report_point *points = arena_array(a, x->points.count, sizeof *points);
    size_t n = 0;
    enum status st = points ? windows_of(x, a, &w, err) : arena_exhausted(err);
    if (st == STATUS_OK)
        st = stems_of(x->question_text ? x->question_text : "", NULL, a, &question, err);
    for (size_t i = 0; st == STATUS_OK && i < x->points.count; i++) {
        st = stems_of(x->points.items[i], &question, a, &point, err);
        if (st == STATUS_OK && point.count)
            judge_point(x->points.items[i], &point, &w, &points[n++]);
    }
    if (st == STATUS_OK)
        *ret = (struct list){points, n};
    return st;
}

static const char *explain(size_t judged, int met, int partial, size_t left_out, struct arena *a)
{
    const char *part = partial ? arena_printf(a, ", %d in part", partial) : "";
    const char *left = left_out == 1 ? " One point only repeats words of the question and is left to you."
                       : left_out    ? " Some points only repeat words of the question and are left to you."
                                     : "";
    return part ? arena_printf(a,
                               "%d of %zu points were made%s. Viva compares the words of each point with the words of "
                               "the answer; a person should read the quotes.%s",
                               met, judged, part, left)
                : NULL;
}

static enum status judge_points(const struct answer *x, struct arena *a, struct report_question *q, struct error *err)
{
    int met = 0, partial = 0;
    enum status st = scorer_points(x, a, &q->points, err);
    if (st != STATUS_OK)
        return st;
    const struct report_point *p = q->points.items;
    size_t n = q->points.count;
    for (size_t i = 0; i < n; i++) {
        met += p[i].met == POINT_MET;
        partial += p[i].met == POINT_PARTIAL;
    }
    if (n == 0) {
        q->reason_not_scored =
            "What a good answer mentions only repeats words of the question. Listen and set a level yourself.";
        return STATUS_OK;
    }
    q->score = round((1 + 4 * (met + 0.5 * partial) / (double)n) * 10) / 10;
    q->level_text = scorer_level_text(q->score);
    q->explanation = explain(n, met, partial, x->points.count - n, a);
    return q->explanation ? STATUS_OK : arena_exhausted(err);
}

enum status scorer_question(const struct answer *x, struct arena *a, struct report_question *ret, struct error *err)
{
    size_t words = count_words(x->text ? x->text : "");
    ret->answer_id = x->id;
    ret->position = x->position;
    ret->question_text = x->question_text;
    ret->score = NAN;
    ret->level_text = ret->explanation = "";
    if (words == 0)
        ret->reason_not_scored = "There is no answer.";
    else if (words < WORDS_MIN)
        ret->reason_not_scored = "The answer is too short to judge. Listen and set a level yourself.";
    else if (x->points.count == 0)
        ret->reason_not_scored =
            "Nobody has said what a good answer to this question mentions. Listen and set a level yourself.";
    else
        return judge_points(x, a, ret, err);
    return STATUS_OK;
}
