#include "services/ai_question.h"

#include "base/buf.h"
#include "base/cleanup.h"

#include <limits.h>
#include <string.h>

#define OTHER_DIFFICULTY 100000 /* more than everything else together */

/* xorshift64*: small, good enough to vary a draft, and the same everywhere. */
static uint64_t next_random(uint64_t *state)
{
    uint64_t x = *state ? *state : 0x9e3779b97f4a7c15u;
    x ^= x >> 12;
    x ^= x << 25;
    x ^= x >> 27;
    *state = x;
    return x * 0x2545f4914f6cdd1du;
}

static bool suits_type(const struct bank_question *q, int type)
{
    switch (type) {
    case INTERVIEW_TECHNICAL:
        return q->category == CATEGORY_TECHNICAL;
    case INTERVIEW_BEHAVIORAL:
        return q->category == CATEGORY_BEHAVIORAL;
    case INTERVIEW_SITUATIONAL:
        return q->category == CATEGORY_SITUATIONAL;
    default:
        return q->category != CATEGORY_WARMUP && q->category != CATEGORY_CLOSING;
    }
}

static bool in_focus(const struct bank_question *q, uint64_t focus_areas)
{
    int f = *q->focus ? choice_index(focus_area_choices, q->focus) : -1;
    return f >= 0 && (focus_areas >> f & 1);
}

/* Areas that a description names by their label. */
static uint64_t focus_named(const char *description)
{
    uint64_t named = 0;
    for (size_t i = 0; description && focus_area_choices[i].value; i++)
        if (strcasestr(description, focus_area_choices[i].label))
            named |= 1ull << i;
    return named;
}

/* How well a question suits the interview. Randomness only breaks ties. */
static int suitability(const struct bank_question *q, const struct interview *i, uint64_t *rnd)
{
    int score = (int)(next_random(rnd) % 100);
    if (i->difficulty < q->difficulty_min || i->difficulty > q->difficulty_max)
        score -= OTHER_DIFFICULTY;
    if (in_focus(q, i->focus_areas))
        score += 1000;
    else if (in_focus(q, focus_named(i->job_description)))
        score += 500;
    else if (!*q->focus)
        score += 300;
    if (suits_type(q, i->interview_type))
        score += 2000;
    return score;
}

/* The words of a question with the role put in. */
static enum status wording(const char *words, const struct interview *i, struct arena *a, const char **ret,
                           struct error *err)
{
    cleanup(buf_free) struct buf b;
    buf_init(&b, 1 << 16);
    for (const char *p = words; *p;) {
        const char *mark = strstr(p, "{role}");
        buf_append(&b, p, mark ? (size_t)(mark - p) : strlen(p));
        if (!mark)
            break;
        buf_str(&b, i->job_role);
        p = mark + strlen("{role}");
    }
    *ret = buf_ok(&b) ? arena_strdup(a, buf_cstr(&b)) : NULL;
    return *ret ? STATUS_OK : arena_exhausted(err);
}

static enum status put(const struct bank_question *q, const struct interview *i, struct arena *a,
                       struct question_input *out, struct error *err)
{
    size_t n = 0;
    const int area = choice_index(focus_area_choices, q->focus);
    while (n < sizeof q->points / sizeof *q->points && q->points[n])
        n++;
    *out = (struct question_input){.category = q->category,
                                   .competency = area >= 0 ? focus_area_choices[area].label : "",
                                   .time_limit_s = q->time_limit_s,
                                   .points = {arena_array(a, n + 1, sizeof(char *)), n}};
    if (!out->points.items)
        return arena_exhausted(err);
    for (size_t k = 0; k < n; k++)
        out->points.items[k] = q->points[k];
    enum status st = wording(q->text, i, a, &out->text, err);
    return st == STATUS_OK ? wording(q->rephrased, i, a, &out->rephrased, err) : st;
}

/* The most suitable question of a category (-1: any but warm-up and closing) that is not taken yet; NULL when none is
 * left. Questions that share a focus area with one already taken step back, so that a draft covers several. */
static size_t pick(const struct interview *i, int category, const bool *taken, uint64_t *rnd)
{
    size_t best = question_bank_size;
    int best_score = INT_MIN;
    for (size_t k = 0; k < question_bank_size; k++) {
        const struct bank_question *q = &question_bank[k];
        bool edge = q->category == CATEGORY_WARMUP || q->category == CATEGORY_CLOSING;
        int score = suitability(q, i, rnd);
        if (taken[k] || (category >= 0 ? q->category != category : edge))
            continue;
        for (size_t t = 0; t < question_bank_size; t++)
            if (taken[t] && *q->focus && !strcmp(question_bank[t].focus, q->focus))
                score -= 600;
        if (score > best_score) {
            best = k;
            best_score = score;
        }
    }
    return best;
}

/* Marks the bank's questions that the interview holds already. */
static enum status take_kept(const struct interview *i, bool *taken, struct arena *a, struct error *err)
{
    const struct question *kept = i->questions.items;
    enum status st = STATUS_OK;
    for (size_t k = 0; st == STATUS_OK && i->questions.count && k < question_bank_size; k++) {
        const char *text = NULL;
        st = wording(question_bank[k].text, i, a, &text, err);
        for (size_t n = 0; st == STATUS_OK && n < i->questions.count; n++)
            taken[k] |= !strcmp(text, kept[n].text);
    }
    return st;
}

static bool has_closing(const struct interview *i)
{
    const struct question *kept = i->questions.items;
    for (size_t n = 0; n < i->questions.count; n++)
        if (kept[n].category == CATEGORY_CLOSING)
            return true;
    return false;
}

enum status ai_question_draft(const struct interview *i, size_t n, uint64_t seed, struct arena *a,
                              struct question_input **ret, struct error *err)
{
    struct question_input *out = arena_array(a, n + 1, sizeof *out);
    bool *taken = arena_array(a, question_bank_size, sizeof *taken);
    size_t kept = i->questions.count;
    enum status st = out && taken ? take_kept(i, taken, a, err) : arena_exhausted(err);
    for (size_t k = 0; st == STATUS_OK && k < n; k++) {
        int category = kept + k == 0 && n >= 3                          ? CATEGORY_WARMUP
                       : k == n - 1 && kept + n >= 4 && !has_closing(i) ? CATEGORY_CLOSING
                                                                        : -1;
        size_t q = pick(i, category, taken, &seed);
        if (q == question_bank_size)
            return error_set(err, STATUS_INVALID, "bank_exhausted", "question_count",
                             "The bank has no %zu questions; add some of your own", n);
        taken[q] = true;
        st = put(&question_bank[q], i, a, &out[k], err);
    }
    if (st == STATUS_OK)
        *ret = out;
    return st;
}

enum status ai_question_propose(const struct questions_request *in, uint64_t seed, struct arena *a,
                                struct question_drafts *ret, struct error *err)
{
    const struct interview i = {.job_role = in->job_role,
                                .job_description = in->job_description,
                                .interview_type = questions_request_type(in),
                                .difficulty = questions_request_difficulty(in),
                                .focus_areas = in->focus_areas};
    const size_t n = (size_t)questions_request_count(in);
    struct question_input *draft = NULL;
    struct question_draft *out = arena_array(a, n, sizeof *out);
    enum status st = out ? ai_question_draft(&i, n, seed, a, &draft, err) : arena_exhausted(err);
    if (st == STATUS_INVALID)
        return error_set(err, st, "bank_exhausted", "count", "The bank has no %zu such questions", n);
    if (st != STATUS_OK)
        return st;
    for (size_t k = 0; k < n; k++)
        out[k] = (struct question_draft){.text = draft[k].text,
                                         .category = draft[k].category,
                                         .points = draft[k].points,
                                         .time_limit_s = draft[k].time_limit_s};
    *ret = (struct question_drafts){.questions = {out, n}};
    return STATUS_OK;
}
