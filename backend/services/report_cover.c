#include "services/report_cover.h"

#include "services/report_align.h"

#include <math.h>
#include <string.h>

#define WORDS_MET     0.6 /* share of a point's stems */
#define WORDS_PARTIAL 0.34
#define NEAR_MET      0.62 /* similarity */
#define NEAR_PARTIAL  0.45
#define PIECE_NEAR    0.32 /* a sentence farther from every point is evidence for none */
#define PIECE_TOUCHES 0.15 /* the same, when it has a word of a point */
#define ECHO_NEAR     0.9
#define OWN_IN_PIECE  2 /* content of its own, not the question's nor the follow-up's, that an answer to a follow-up */
#define OWN_IN_ALL    3 /* must have: in a sentence, and altogether. Less is an echo */
#define LONGER_GAINS  0.02 /* what a longer window must have over a shorter one */
#define NEGATED_LOSS  0.7
#define PART_WORDS    170 /* what the embedder looks at of a text */
#define PARTS_MAX     30

const char *const cover_feature_names[COVER_FEATURES] = {"meaning", "weakest", "share_near", "clipped",
                                                         "gain",    "words",   "words_near", "vocabulary",
                                                         "aligned", "own",     "clear"};

struct point {
    const char *text;
    struct stems stems; /* without the question's */
    const float *vector;
    double weight, question_near;
    double near, words, words_near; /* the best found */
    double credit;
    const struct window *evidence;
};

struct judge {
    const struct answer *x;
    struct embed *embed;
    struct arena *a;
    struct stems question, all, names_kept; /* all: of the points; names_kept: and of the question */
    struct point *points;
    size_t n_points;
    const char *reference; /* all points together */
    const float *question_vector;
    struct pieces pieces;
    struct windows windows;
};

static enum status embed_text(struct judge *j, const char *text, const float **ret, struct error *err)
{
    float *v = arena_array(j->a, EMBED_SIZE, sizeof *v);
    const char *neutral = v ? text_neutral(text, &j->names_kept, j->a) : NULL;
    if (!neutral)
        return arena_exhausted(err);
    *ret = v;
    return embed_texts(j->embed, &neutral, 1, v, err);
}

static const char *join_points(const struct answer *x, struct arena *a)
{
    const char *all = "";
    for (size_t i = 0; all && i < x->points.count; i++)
        all = arena_printf(a, "%s%s%s", all, i ? "\n" : "", x->points.items[i]);
    return all;
}

/* Points that say more than the question does. The others cannot be told from an echo of it: they are left out. */
static enum status read_points(struct judge *j, const char *all, struct error *err)
{
    const struct answer *x = j->x;
    enum status st = STATUS_OK;
    for (size_t i = 0; st == STATUS_OK && i < x->points.count; i++) {
        struct point *p = &j->points[j->n_points];
        *p = (struct point){.text = x->points.items[i]};
        st = text_stems(p->text, &j->question, j->a, &p->stems, err);
        if (st != STATUS_OK || p->stems.count == 0)
            continue;
        p->weight = (double)p->stems.count + 0.5;
        j->n_points++;
    }
    if (st == STATUS_OK)
        st = text_stems(all, &j->question, j->a, &j->all, err);
    return st;
}

static enum status read_rubric(struct judge *j, struct error *err)
{
    const char *question = j->x->question_text ? j->x->question_text : "", *all = join_points(j->x, j->a);
    j->points = arena_array(j->a, j->x->points.count + 1, sizeof *j->points);
    enum status st = all && j->points ? text_stems(question, NULL, j->a, &j->question, err) : arena_exhausted(err);
    if (st == STATUS_OK)
        st = read_points(j, all, err);
    if (st != STATUS_OK || !j->embed)
        return st;
    st = text_stems(arena_printf(j->a, "%s\n%s", question, all), NULL, j->a, &j->names_kept, err);
    if (st == STATUS_OK)
        st = embed_text(j, question, &j->question_vector, err);
    j->reference = text_neutral(all, &j->names_kept, j->a);
    if (st == STATUS_OK && !j->reference)
        st = arena_exhausted(err);
    for (size_t i = 0; st == STATUS_OK && i < j->n_points; i++) {
        st = embed_text(j, j->points[i].text, &j->points[i].vector, err);
        if (st == STATUS_OK)
            j->points[i].question_near = embed_similarity(j->points[i].vector, j->question_vector);
    }
    return st;
}

struct match {
    double words;  /* share of the point's stems that the window says as the point does */
    double turned; /* share of those found that it turns round */
};

static struct match match_stems(const struct stems *point, const struct stems *window)
{
    size_t same = 0, turned = 0;
    for (size_t i = 0; i < point->count; i++) {
        const struct stem *s = text_find_stem(window, point->items[i].text);
        same += s && s->negated == point->items[i].negated;
        turned += s && s->negated != point->items[i].negated;
    }
    return (struct match){point->count ? (double)same / (double)point->count : 0,
                          turned ? (double)turned / (double)(same + turned) : 0};
}

/* ---- what is no evidence ---- */

/* Has no content but the question's. */
static bool repeats_question(const struct judge *j, const struct piece *p)
{
    size_t known = 0;
    for (size_t i = 0; i < p->stems.count; i++)
        known += text_find_stem(&j->question, p->stems.items[i].text) != NULL;
    return known == p->stems.count || embed_similarity(p->vector, j->question_vector) >= ECHO_NEAR;
}

/* ---- an answer to a follow-up: the question names a point, and whoever says it back has not made it ---- */

static size_t own_stems(const struct judge *j, const struct piece *p)
{
    size_t own = 0;
    for (size_t i = 0; i < p->stems.count; i++)
        own += !text_find_stem(&j->question, p->stems.items[i].text) &&
               !text_find_stem(p->source->asked, p->stems.items[i].text);
    return own;
}

/* All that was said to the follow-up that p is an answer to. */
static bool echoes_follow_up(const struct judge *j, const struct piece *p)
{
    size_t own = 0;
    if (!p->source->asked)
        return false;
    if (own_stems(j, p) < OWN_IN_PIECE)
        return true;
    for (size_t i = 0; i < j->pieces.count && own < OWN_IN_ALL; i++)
        if (j->pieces.items[i].source->asked == p->source->asked)
            own += own_stems(j, &j->pieces.items[i]);
    return own < OWN_IN_ALL;
}

/* Near a point, or beside what is: a piece that has a part of a point's words, or lies near enough by meaning. */
static void place(const struct judge *j, struct piece *p)
{
    bool near_a_point = false, beside = false;
    for (size_t i = 0; i < j->n_points; i++) {
        const struct match m = match_stems(&j->points[i].stems, &p->stems);
        const double near = embed_similarity(p->vector, j->points[i].vector);
        near_a_point = near_a_point || m.words >= WORDS_PARTIAL || near >= (m.words > 0 ? PIECE_TOUCHES : PIECE_NEAR);
        beside = beside || near >= PIECE_TOUCHES;
    }
    p->kept = near_a_point;
    p->beside = beside && !near_a_point;
}

static enum status lay_aside(struct judge *j, struct cover *c, struct error *err)
{
    enum status st = STATUS_OK;
    for (size_t i = 0; st == STATUS_OK && i < j->pieces.count; i++) {
        struct piece *p = &j->pieces.items[i];
        if (!p->kept)
            continue;
        st = embed_text(j, p->quote, &p->vector, err);
        if (st != STATUS_OK)
            break;
        bool asks = text_addresses_grader(p->quote), echo = repeats_question(j, p) || echoes_follow_up(j, p);
        c->asked_grader = c->asked_grader || asks;
        c->echoed = c->echoed || (echo && p->stems.count);
        p->kept = false;
        if (!asks && !echo)
            place(j, p);
    }
    return st;
}

/* ---- points and windows ---- */

/* From two thresholds to one scale, on which 0.34 is partly met and 0.6 met. */
static double credit_of_nearness(double near)
{
    const double c = WORDS_PARTIAL + (near - NEAR_PARTIAL) * (WORDS_MET - WORDS_PARTIAL) / (NEAR_MET - NEAR_PARTIAL);
    return c < 0 ? 0 : c > 1 ? 1 : c;
}

static void judge_point(struct point *p, const struct windows *w)
{
    double best = 0;
    for (size_t i = 0; i < w->count; i++) {
        const struct window *x = &w->items[i];
        const struct match m = match_stems(&p->stems, &x->stems);
        const double words = m.words * x->weight;
        double near = x->vector ? embed_similarity(p->vector, x->vector) * x->weight : 0;
        near = near > 0 ? near * (1 - NEGATED_LOSS * m.turned) : 0;
        p->near = fmax(p->near, near);
        p->words_near = fmax(p->words_near, words);
        const double credit = fmax(words, x->vector ? credit_of_nearness(near) : 0);
        if (credit > best + (x->n_pieces > 1 ? LONGER_GAINS : 0)) {
            best = credit;
            p->evidence = x;
        }
    }
    p->credit = best;
}

static struct report_point reported(const struct point *p)
{
    struct report_point r = {.text = p->text, .start_ms = NAN, .end_ms = NAN};
    r.met = p->credit >= WORDS_MET ? POINT_MET : p->credit >= WORDS_PARTIAL ? POINT_PARTIAL : POINT_MISSED;
    if (r.met != POINT_MISSED) {
        r.quote = p->evidence->quote;
        r.start_ms = p->evidence->start_ms;
        r.end_ms = p->evidence->end_ms;
    }
    return r;
}

/* ---- features ---- */

/* The most that a stem of a point counts in any window of one sentence. */
static double said(const struct judge *j, const struct stem *s)
{
    double most = 0;
    for (size_t i = 0; i < j->windows.count && j->windows.items[i].n_pieces == 1; i++) {
        const struct stem *found = text_find_stem(&j->windows.items[i].stems, s->text);
        if (found && found->negated == s->negated)
            most = fmax(most, j->windows.items[i].weight);
    }
    return most;
}

static double share_said(const struct judge *j, const struct stems *s)
{
    double sum = 0;
    for (size_t i = 0; i < s->count; i++)
        sum += said(j, &s->items[i]);
    return s->count ? sum / (double)s->count : 0;
}

static double clip(double v)
{
    return v > 0 ? v < 1 ? v : 1 : 0;
}

static void measure_points(const struct judge *j, double *f)
{
    double weights = 0;
    for (size_t i = 0; i < j->n_points; i++)
        weights += j->points[i].weight;
    f[COVER_WEAKEST] = j->n_points ? 1 : 0;
    for (size_t i = 0; i < j->n_points; i++) {
        const struct point *p = &j->points[i];
        const double w = p->weight / weights;
        f[COVER_MEANING] += w * p->near;
        f[COVER_WEAKEST] = fmin(f[COVER_WEAKEST], p->near);
        f[COVER_SHARE_NEAR] += (p->near > 0.5) / (double)j->n_points;
        f[COVER_CLIPPED] += w * clip((p->near - 0.2) / 0.6);
        f[COVER_GAIN] += w * clip((p->near - p->question_near) / (1 - p->question_near + 1e-6));
        f[COVER_WORDS] += w * share_said(j, &p->stems);
        f[COVER_WORDS_NEAR] += w * p->words_near;
    }
    f[COVER_VOCABULARY] = share_said(j, &j->all);
}

/* What was said about the points, and beside it, in parts that the embedder looks at as a whole. */
struct said {
    const char *parts[PARTS_MAX];
    size_t n;
    double weight; /* 1: all of it sentences */
};

/* In order. *whole: whether all of it found room. */
static enum status put_parts(const struct judge *j, bool beside, struct said *ret, bool *whole, struct error *err)
{
    double weight = 0, words = 0;
    size_t in_part = PART_WORDS;
    *whole = true;
    for (size_t i = 0; i < j->pieces.count; i++) {
        const struct piece *x = &j->pieces.items[i];
        if (!x->kept && !(beside && x->beside))
            continue;
        const size_t n = text_count_words(x->quote);
        const bool begins = in_part + n > PART_WORDS;
        if (begins && ret->n == PARTS_MAX) {
            *whole = false;
            break;
        }
        weight += (double)n * segment_weight(x->quote, j->pieces.english);
        words += (double)n;
        in_part = begins ? n : in_part + n;
        const char **part = &ret->parts[begins ? ret->n++ : ret->n - 1];
        *part = begins ? x->quote : arena_printf(j->a, "%s %s", *part, x->quote);
        if (!*part)
            return arena_exhausted(err);
    }
    ret->weight = words > 0 ? weight / words : 0;
    return STATUS_OK;
}

/* Names and pronouns made the same. Of half an hour of talk, without what stands beside the evidence: what was said at
 * the end must find room too. */
static enum status collect_said(struct judge *j, struct said *ret, struct error *err)
{
    bool whole;
    enum status st = put_parts(j, true, ret, &whole, err);
    if (st == STATUS_OK && !whole) {
        *ret = (struct said){.n = 0};
        st = put_parts(j, false, ret, &whole, err);
    }
    for (size_t i = 0; st == STATUS_OK && i < ret->n; i++)
        if (!(ret->parts[i] = text_neutral(ret->parts[i], &j->names_kept, j->a)))
            st = arena_exhausted(err);
    return st;
}

/* Share of the points' stems among those said that are said only the other way round. */
static double share_turned(const struct judge *j)
{
    size_t found = 0, turned = 0;
    for (size_t i = 0; i < j->all.count; i++) {
        const struct stem *s = &j->all.items[i];
        bool same = false, other = false;
        for (size_t k = 0; k < j->windows.count && j->windows.items[k].n_pieces == 1; k++) {
            const struct stem *x = text_find_stem(&j->windows.items[k].stems, s->text);
            same = same || (x && x->negated == s->negated);
            other = other || (x && x->negated != s->negated);
        }
        found += same || other;
        turned += other && !same;
    }
    return found ? (double)turned / (double)found : 0;
}

/* All that was said against all points together, word by word. */
static enum status measure_said(struct judge *j, double *f, struct error *err)
{
    struct said said = {.n = 0};
    struct alignment words = {0};
    enum status st = collect_said(j, &said, err);
    if (st != STATUS_OK || said.n == 0)
        return st;
    st = align_texts(j->embed, j->reference, j->x->question_text ? j->x->question_text : "", said.parts, said.n, &words,
                     err);
    if (st != STATUS_OK)
        return st;
    const double honest = said.weight * (1 - NEGATED_LOSS * share_turned(j));
    f[COVER_ALIGNED] = clip(words.all * honest);
    f[COVER_OWN] = clip(words.own * honest);
    f[COVER_CLEAR] = clip(words.clear * honest);
    return STATUS_OK;
}

static enum status embed_windows(struct judge *j, struct error *err)
{
    enum status st = STATUS_OK;
    for (size_t i = 0; st == STATUS_OK && i < j->windows.count; i++)
        if (!j->windows.items[i].vector)
            st = embed_text(j, j->windows.items[i].quote, &j->windows.items[i].vector, err);
    return st;
}

static enum status report(struct judge *j, struct cover *c, struct error *err)
{
    struct report_point *points = arena_array(j->a, j->n_points + 1, sizeof *points);
    c->credit = arena_array(j->a, j->n_points + 1, sizeof *c->credit);
    if (!points || !c->credit)
        return arena_exhausted(err);
    for (size_t i = 0; i < j->n_points; i++) {
        judge_point(&j->points[i], &j->windows);
        points[i] = reported(&j->points[i]);
        c->credit[i] = j->points[i].credit;
    }
    c->points = (struct list){points, j->n_points};
    c->pieces = j->pieces.count;
    c->listed = j->pieces.listed;
    for (size_t i = 0; i < j->pieces.count; i++)
        c->kept += j->pieces.items[i].kept;
    return STATUS_OK;
}

/* whole: windows of several sentences by meaning too, and the features. */
static enum status cover(struct judge *j, bool whole, struct cover *ret, struct error *err)
{
    struct cover c = {0};
    enum status st = read_rubric(j, err);
    if (st == STATUS_OK)
        st = segment_pieces(j->x, &j->all, j->a, &j->pieces, err);
    if (st == STATUS_OK && j->embed)
        st = lay_aside(j, &c, err);
    if (st == STATUS_OK)
        st = segment_windows(&j->pieces, j->a, &j->windows, err);
    if (st == STATUS_OK && j->embed && whole)
        st = embed_windows(j, err);
    if (st == STATUS_OK)
        st = report(j, &c, err);
    if (st == STATUS_OK && j->embed && whole) {
        measure_points(j, c.features);
        st = measure_said(j, c.features, err);
    }
    if (st == STATUS_OK)
        *ret = c;
    return st;
}

enum status cover_answer(const struct answer *x, struct embed *e, struct arena *a, struct cover *ret, struct error *err)
{
    struct judge j = {.x = x, .embed = e, .a = a};
    return cover(&j, true, ret, err);
}

enum status cover_sentences(const struct answer *x, struct embed *e, struct arena *a, struct cover *ret,
                            struct error *err)
{
    struct judge j = {.x = x, .embed = e, .a = a};
    return cover(&j, false, ret, err);
}
