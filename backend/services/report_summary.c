#include "services/report_summary.h"

#include "base/buf.h"
#include "base/cleanup.h"
#include "services/follow_up.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define FINDINGS_MAX  8
#define OF_ONE_ANSWER 3
#define ASK_MAX       6
#define NAMED         3 /* findings that the summary names */
#define SUMMARY_MAX   7000

static size_t count_scored(const struct list *questions)
{
    const struct report_question *q = questions->items;
    size_t n = 0;
    for (size_t i = 0; i < questions->count; i++)
        n += isfinite(q[i].score) ? 1 : 0;
    return n;
}

/* ---- findings ---- */

/* The answers by score, the highest first or the lowest; where it is the same, in their order. */
static int by_score(const struct report_question *x, const struct report_question *y, int sign)
{
    const double sx = isfinite(x->score) ? x->score : 0, sy = isfinite(y->score) ? y->score : 0;
    return sx > sy ? -sign : sx < sy ? sign : (x->position > y->position) - (x->position < y->position);
}

static int best_first(const void *a, const void *b)
{
    return by_score(*(const struct report_question *const *)a, *(const struct report_question *const *)b, 1);
}

static int weakest_first(const void *a, const void *b)
{
    return by_score(*(const struct report_question *const *)a, *(const struct report_question *const *)b, -1);
}

static void add_findings(struct list *l, const struct report_question *q, enum point_met met)
{
    const struct report_point *p = q->points.items;
    struct report_finding *f = l->items;
    size_t own = 0;
    for (size_t i = 0; i < q->points.count && own < OF_ONE_ANSWER && l->count < FINDINGS_MAX; i++) {
        if (p[i].met != (int)met || !isfinite(q->score))
            continue;
        f[l->count++] = (struct report_finding){.answer_id = q->answer_id,
                                                .position = q->position,
                                                .text = p[i].text,
                                                .quote = p[i].quote,
                                                .start_ms = p[i].start_ms,
                                                .end_ms = p[i].end_ms};
        own++;
    }
}

/* Strengths begin with the best answer, gaps with the weakest; what was missed before what was touched. */
static enum status find(const struct report *r, struct report_content *c, struct arena *a, struct error *err)
{
    const size_t n = r->questions.count;
    const struct report_question *q = r->questions.items, **order = arena_array(a, n + 1, sizeof *order);
    c->strengths.items = arena_array(a, FINDINGS_MAX, sizeof(struct report_finding));
    c->gaps.items = arena_array(a, FINDINGS_MAX, sizeof(struct report_finding));
    if (!order || !c->strengths.items || !c->gaps.items)
        return arena_exhausted(err);
    for (size_t i = 0; i < n; i++)
        order[i] = &q[i];
    qsort(order, n, sizeof(const void *), best_first);
    for (size_t i = 0; i < n; i++)
        add_findings(&c->strengths, order[i], POINT_MET);
    qsort(order, n, sizeof(const void *), weakest_first);
    for (size_t i = 0; i < n; i++)
        add_findings(&c->gaps, order[i], POINT_MISSED);
    for (size_t i = 0; i < n; i++)
        add_findings(&c->gaps, order[i], POINT_PARTIAL);
    return STATUS_OK;
}

/* ---- what to ask next ---- */

static enum status ask(struct list *l, int64_t position, const char *question, const char *about, struct error *err)
{
    struct report_follow_up *f = l->items;
    if (!question)
        return arena_exhausted(err);
    f[l->count++] = (struct report_follow_up){.position = position, .question = question, .about = about};
    return STATUS_OK;
}

/* "says how it ended" becomes "Could you say how it ended?"; what is no such verb is asked about. */
static const char *question_about(const char *about, bool touched, struct arena *a)
{
    static const char *const verbs[][2] = {
        {"compares ", "compare"}, {"defines ", "define"},      {"describes ", "describe"}, {"explains ", "explain"},
        {"gives ", "give"},       {"identifies ", "identify"}, {"lists ", "list"},         {"mentions ", "mention"},
        {"names ", "name"},       {"outlines ", "outline"},    {"says ", "say"},           {"shows ", "show"},
        {"states ", "state"},     {"tells ", "tell me"}};
    const char *more = touched ? " You touched on it." : "";
    for (size_t i = 0; i < sizeof verbs / sizeof *verbs; i++)
        if (!strncmp(about, verbs[i][0], strlen(verbs[i][0])))
            return arena_printf(a, "Could you %s %s?%s", verbs[i][1], about + strlen(verbs[i][0]), more);
    return touched ? arena_printf(a, "You touched on %s. Could you say more about that?", about)
                   : arena_printf(a, "Could you tell me about %s?", about);
}

static bool was_not_answered(const struct report_question *q)
{
    return q->abstained == ABSTAINED_NO_ANSWER || q->abstained == ABSTAINED_SKIPPED ||
           q->abstained == ABSTAINED_ONE_WORD || q->abstained == ABSTAINED_TOO_SHORT ||
           q->abstained == ABSTAINED_LANGUAGE || q->abstained == ABSTAINED_UNCLEAR;
}

static enum status ask_next(const struct report *r, struct report_content *c, struct arena *a, struct error *err)
{
    const struct report_question *q = r->questions.items;
    const struct report_finding *g = c->gaps.items;
    struct list *l = &c->ask_next;
    enum status st = STATUS_OK;
    l->items = arena_array(a, ASK_MAX, sizeof(struct report_follow_up));
    if (!l->items)
        return arena_exhausted(err);
    for (size_t i = 0; st == STATUS_OK && i < c->gaps.count && l->count < ASK_MAX; i++) {
        const char *about = follow_up_phrase(g[i].text, a);
        if (!about)
            return arena_exhausted(err);
        st = ask(l, g[i].position, question_about(about, g[i].quote, a), g[i].text, err);
    }
    for (size_t i = 0; st == STATUS_OK && i < r->questions.count && l->count < ASK_MAX; i++)
        if (was_not_answered(&q[i]))
            st = ask(l, q[i].position, q[i].question_text, "Not answered so that it could be judged.", err);
    return st;
}

/* ---- summary ---- */

static void say_level(struct buf *b, const struct report *r, size_t scored)
{
    const size_t n = r->questions.count;
    if (!scored) {
        buf_str(b, n ? "No answer could be scored. Each question below says why. Listen and set levels yourself."
                     : "No question was answered, so nothing could be scored.");
        return;
    }
    if (isfinite(r->overall_score))
        buf_printf(b, "Viva suggests level %.1f of 5 from %zu of %zu answers.", r->overall_score, scored, n);
    else
        buf_printf(b, "%zu of %zu answers were scored; none of them counts by the weights that were set.", scored, n);
}

/* Best and weakest: competencies when there are several, else answers. */
static void say_range(struct buf *b, const struct report *r, const struct report_content *c)
{
    const struct report_competency *k = c->competencies.items, *high = NULL, *low = NULL;
    const struct report_question *q = r->questions.items, *best = NULL, *worst = NULL;
    for (size_t i = 0; i < c->competencies.count; i++) {
        if (!isfinite(k[i].score))
            continue;
        high = !high || k[i].score > high->score ? &k[i] : high;
        low = !low || k[i].score < low->score ? &k[i] : low;
    }
    for (size_t i = 0; i < r->questions.count; i++) {
        if (!isfinite(q[i].score))
            continue;
        best = !best || q[i].score > best->score ? &q[i] : best;
        worst = !worst || q[i].score < worst->score ? &q[i] : worst;
    }
    if (high && high->score > low->score)
        buf_printf(b, " Highest in %s (%.1f), lowest in %s (%.1f).", high->name, high->score, low->name, low->score);
    if (best && best->score > worst->score)
        buf_printf(
            b,
            " Most of what was asked for is in the answer to question %d (%.1f), least in the answer to question "
            "%d (%.1f).",
            (int)best->position, best->score, (int)worst->position, worst->score);
}

static void say_findings(struct buf *b, const char *lead, const struct list *l, struct arena *a)
{
    const struct report_finding *f = l->items;
    const size_t n = l->count < NAMED ? l->count : NAMED;
    for (size_t i = 0; i < n; i++) {
        const char *about = follow_up_phrase(f[i].text, a);
        buf_printf(b, "%s%s (question %d)",
                   i == 0       ? lead
                   : i + 1 == n ? " and "
                                : ", ",
                   about ? about : f[i].text, (int)f[i].position);
    }
    if (n)
        buf_str(b, ".");
}

static void say_partial(struct buf *b, const struct report_content *c)
{
    if (c->partial)
        buf_printf(b, " Partial: %d of %d questions answered; the interview ended before its last question.",
                   (int)c->answered, (int)c->asked);
}

/* What a language model, where one is set, changed; or that nothing came of asking it. */
static void say_judge(struct buf *b, const struct report *r)
{
    const struct report_question *q = r->questions.items;
    size_t moved = 0, away = 0, read = 0;
    for (size_t i = 0; i < r->questions.count; i++) {
        const int outcome = q[i].judge ? q[i].judge->outcome : JUDGE_NOT_ASKED;
        moved += outcome == JUDGE_RAISED || outcome == JUDGE_LOWERED;
        away += outcome == JUDGE_UNAVAILABLE;
        read += q[i].judge && q[i].judge->votes > 0;
    }
    if (read)
        buf_printf(
            b, " A language model read %zu of the answers too and moved %zu of the levels, each by one step at most.",
            read, moved);
    if (away)
        buf_printf(b, " The language model that is set gave no reply about %zu of the answers.", away);
}

static void say_not_scored(struct buf *b, const struct report *r, size_t scored)
{
    const struct report_question *q = r->questions.items;
    for (size_t i = 0; scored && i < r->questions.count; i++)
        if (!isfinite(q[i].score))
            buf_printf(b, " Question %d was not scored: %s.", (int)q[i].position,
                       q[i].abstained == ABSTAINED_SKIPPED     ? "the candidate skipped it"
                       : q[i].abstained == ABSTAINED_NO_ANSWER ? "there is no answer"
                       : q[i].abstained == ABSTAINED_ONE_WORD || q[i].abstained == ABSTAINED_TOO_SHORT
                           ? "the answer is too short"
                       : q[i].abstained == ABSTAINED_LANGUAGE ? "the answer is in another language"
                       : q[i].abstained == ABSTAINED_UNCLEAR  ? "the transcript is not reliable"
                                                              : "there is nothing to judge it by");
}

enum status summary_write(struct report *r, struct report_content *c, struct arena *a, struct error *err)
{
    cleanup(buf_free) struct buf b;
    const size_t scored = count_scored(&r->questions);
    enum status st = find(r, c, a, err);
    if (st == STATUS_OK)
        st = ask_next(r, c, a, err);
    if (st != STATUS_OK)
        return st;
    buf_init(&b, SUMMARY_MAX);
    say_level(&b, r, scored);
    say_partial(&b, c);
    say_range(&b, r, c);
    say_findings(&b, " Made clear: ", &c->strengths, a);
    say_findings(&b, " Not heard, or only touched: ", &c->gaps, a);
    say_not_scored(&b, r, scored);
    say_judge(&b, r);
    if (scored)
        buf_str(&b, " Every level opens to what was said; a person decides.");
    r->summary = buf_ok(&b) ? arena_strndup(a, buf_cstr(&b), b.len) : NULL;
    return r->summary ? STATUS_OK : arena_exhausted(err);
}
