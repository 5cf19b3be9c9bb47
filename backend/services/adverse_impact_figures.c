/* The counting behind adverse_impact.h. */
#include "services/adverse_impact.h"

#include "services/figures_math.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#define FOUR_FIFTHS 0.8
#define FEW         30 /* people; below, a ratio moves much with each of them */

/* ---------------------------------------------------------------------------------------------------------------------
 * who is counted */

static int by_decision(const void *x, const void *y)
{
    const struct impact_person *a = x, *b = y;
    int d = memcmp(&a->interview_id, &b->interview_id, sizeof a->interview_id);
    return d ? d : memcmp(&a->sign_off_id, &b->sign_off_id, sizeof a->sign_off_id);
}

static int by_end(const void *x, const void *y)
{
    const struct impact_person *a = x, *b = y;
    int d = memcmp(&a->interview_id, &b->interview_id, sizeof a->interview_id);
    if (!d)
        d = (a->completed_at > b->completed_at) - (a->completed_at < b->completed_at);
    return d ? d : memcmp(&a->session_id, &b->session_id, sizeof a->session_id);
}

static int64_t time_of(const struct impact_query *q, const struct impact_person *p)
{
    return q->basis == IMPACT_DECISION ? p->decided_at : p->completed_at;
}

static bool within(const struct impact_query *q, const struct impact_person *p)
{
    const int64_t t = time_of(q, p);
    return (!q->from || t >= q->from) && (!q->to || t < q->to);
}

/* Those of whom there is something to count come first; in order. */
static size_t eligible(const struct impact_query *q, struct impact_person *p, size_t n)
{
    size_t kept = 0;
    for (size_t i = 0; i < n; i++)
        if (isfinite(p[i].score) && (q->basis == IMPACT_SCORE || p[i].outcome != OUTCOME_NONE))
            p[kept++] = p[i];
    if (kept)
        qsort(p, kept, sizeof *p, q->basis == IMPACT_DECISION ? by_decision : by_end);
    return kept;
}

/* Whole batches within the period come first; *left_out: of the others. */
static size_t in_batches(const struct impact_query *q, size_t small, struct impact_person *p, size_t n,
                         int64_t *left_out)
{
    size_t kept = 0;
    *left_out = 0;
    for (size_t i = 0; i < n;) {
        size_t end = i;
        while (end < n && end - i < small && id_equal(p[end].interview_id, p[i].interview_id))
            end++;
        const bool whole = end - i == small && within(q, &p[i]) && within(q, &p[end - 1]);
        for (size_t k = i; k < end; k++)
            if (whole)
                p[kept++] = p[k];
            else
                *left_out += within(q, &p[k]);
        i = end;
    }
    return kept;
}

/* ---------------------------------------------------------------------------------------------------------------------
 * thresholds */

static double *sorted_scores(const struct impact_person *p, size_t n, struct arena *a)
{
    double *v = arena_array(a, n + 1, sizeof *v);
    for (size_t i = 0; v && i < n; i++)
        v[i] = p[i].score;
    if (v)
        sort_numbers(v, n);
    return v;
}

static size_t below(const double *v, size_t n, double t)
{
    size_t k = 0;
    while (k < n && v[k] < t)
        k++;
    return k;
}

/* A cut is how many are below it, between two scores that differ. From the one at the median (others are above it than
 * below a threshold, so it is a cut of its own) they follow each other with at least `small` people between. The one
 * nearest to where t cuts. */
static size_t nearest_cut(const double *v, size_t n, size_t small, double t)
{
    const size_t wanted = below(v, n, t), middle = below(v, n, nextafter(median_of(v, n), INFINITY));
    size_t best = 0, last = middle;
#define CONSIDER(c)                                                                                                    \
    if (llabs((long long)(c) - (long long)wanted) < llabs((long long)best - (long long)wanted))                        \
    best = (c)
    CONSIDER(n);
    CONSIDER(middle);
    for (size_t c = middle; c-- > 1;) /* downwards */
        if (last - c >= small && c >= small && v[c - 1] < v[c]) {
            CONSIDER(c);
            last = c;
        }
    last = middle;
    for (size_t c = middle + 1; c < n; c++) /* upwards */
        if (c - last >= small && n - c >= small && v[c - 1] < v[c]) {
            CONSIDER(c);
            last = c;
        }
#undef CONSIDER
    return best;
}

static void apply_threshold(const struct impact_query *q, const double *v, size_t n, size_t small,
                            struct adverse_impact *x)
{
    const double asked = q->threshold > 0 ? q->threshold : IMPACT_THRESHOLD;
    const size_t cut = nearest_cut(v, n, small, asked);
    x->threshold_moved = cut != below(v, n, asked);
    x->threshold = !x->threshold_moved ? asked : cut < n ? v[cut] : nextafter(v[n - 1], INFINITY);
}

static bool is_selected(const struct adverse_impact *x, const struct impact_person *p)
{
    return x->basis == IMPACT_DECISION ? p->outcome == OUTCOME_ADVANCE : p->score >= x->threshold;
}

/* ---------------------------------------------------------------------------------------------------------------------
 * groups */

#define GROUPS_MAX 16

struct cell {
    int64_t n, selected, above;
    double sum;
    bool withheld;
};

static void count_cells(const struct adverse_impact *x, const struct self_category *c, const struct list *people,
                        struct cell cells[GROUPS_MAX])
{
    const struct impact_person *p = people->items;
    for (size_t i = 0; i < people->count; i++) {
        struct cell *g = &cells[self_value_of(&p[i].said, c)];
        g->n++;
        g->selected += is_selected(x, &p[i]);
        g->above += p[i].score > x->median;
        g->sum += p[i].score;
    }
}

/* Withholds small groups, then the smallest of the others until what is withheld cannot be had by subtraction. Returns
 * how many people that are. */
static int64_t withhold(struct cell *cells, int n, int64_t small)
{
    int64_t people = 0;
    int groups = 0;
    for (int i = 0; i < n; i++)
        if (cells[i].n < small) {
            cells[i].withheld = true;
            people += cells[i].n;
            groups++;
        }
    while (people > 0 && (people < small || groups < 2)) {
        int least = -1;
        for (int i = 0; i < n; i++)
            if (!cells[i].withheld && (least < 0 || cells[i].n < cells[least].n))
                least = i;
        if (least < 0)
            break;
        cells[least].withheld = true;
        people += cells[least].n;
        groups++;
    }
    return people;
}

/* Whether a group that is shown holds all of one outcome: then it says of each of them what they said. Of those who
 * said nothing there is nothing to learn. */
static bool would_tell(const struct adverse_impact *x, const struct cell *cells, int n, int64_t above)
{
    for (int i = SELF_NOT_GIVEN + 1; i < n; i++) {
        const struct cell *g = &cells[i];
        const int64_t parts[] = {g->selected, g->n - g->selected, g->above, g->n - g->above};
        const int64_t all[] = {x->selected, x->people - x->selected, above, x->people - above};
        for (int k = 0; !g->withheld && k < 4; k++)
            if (all[k] > 0 && parts[k] == all[k])
                return true;
    }
    return false;
}

static bool everybody(const struct adverse_impact *x, const struct cell *cells, int n)
{
    for (int i = SELF_NOT_GIVEN + 1; i < n; i++)
        if (x->people > 0 && cells[i].n == x->people)
            return true;
    return false;
}

static struct impact_group empty_group(const struct choice *c, enum impact_withheld withheld)
{
    return (struct impact_group){.value = c->value,
                                 .label = c->label,
                                 .withheld = (int)withheld,
                                 .n = NAN,
                                 .selected = NAN,
                                 .selection_rate = NAN,
                                 .rate_low = NAN,
                                 .rate_high = NAN,
                                 .impact_ratio = NAN,
                                 .ratio_low = NAN,
                                 .ratio_high = NAN,
                                 .mean_score = NAN,
                                 .above_median = NAN,
                                 .scoring_rate = NAN,
                                 .scoring_ratio = NAN,
                                 .remark = ""};
}

static void fill_group(struct impact_group *g, const struct cell *c)
{
    g->selected = (double)c->selected;
    g->selection_rate = (double)c->selected / (double)c->n;
    wilson_95(c->selected, c->n, &g->rate_low, &g->rate_high);
    g->mean_score = round(c->sum / (double)c->n * 10) / 10;
    g->above_median = (double)c->above;
    g->scoring_rate = (double)c->above / (double)c->n;
}

static const char *remark_of(const struct impact_group *g)
{
    if (g->selected == 0)
        return "Nobody of this group was selected.";
    if (g->impact_ratio < FOUR_FIFTHS)
        return g->ratio_high < 1
                   ? "Below four fifths of the highest rate, and more than chance alone explains."
                   : "Below four fifths of the highest rate; with so few people chance alone may do that.";
    return g->n < FEW ? "Few people: each one moves these figures much." : "";
}

/* Beside the group with the highest rate, of those who said which they are of. */
static void compare(struct impact_group *g, const struct cell *cells, int n, int declined)
{
    int most = -1, best = -1;
    for (int i = 0; i < n; i++) {
        if (i == SELF_NOT_GIVEN || i == declined || g[i].withheld != IMPACT_SHOWN)
            continue;
        if (most < 0 || g[i].selection_rate > g[most].selection_rate)
            most = i;
        if (best < 0 || g[i].scoring_rate > g[best].scoring_rate)
            best = i;
    }
    for (int i = 0; most >= 0 && i < n; i++) {
        if (i == SELF_NOT_GIVEN || i == declined || g[i].withheld != IMPACT_SHOWN)
            continue;
        if (g[most].selection_rate > 0) {
            g[i].impact_ratio = g[i].selection_rate / g[most].selection_rate;
            if (i != most)
                ratio_95(cells[i].selected, cells[i].n, cells[most].selected, cells[most].n, &g[i].ratio_low,
                         &g[i].ratio_high);
        }
        if (g[best].scoring_rate > 0)
            g[i].scoring_ratio = g[i].scoring_rate / g[best].scoring_rate;
        g[i].remark = remark_of(&g[i]);
    }
}

/* ---------------------------------------------------------------------------------------------------------------------
 * in words */

static const char *fares(const struct impact_group *g, int n, struct arena *a)
{
    const char *names = "";
    int compared = 0;
    for (int i = 0; names && i < n; i++) {
        compared += isfinite(g[i].impact_ratio);
        if (g[i].impact_ratio < FOUR_FIFTHS)
            names = arena_printf(a, "%s%s%s (%.2f)", names, *names ? ", " : "", g[i].label, g[i].impact_ratio);
    }
    if (compared < 2)
        return "There are no two groups to compare.";
    if (!names || !*names)
        return names ? "No group is below four fifths of the highest selection rate." : NULL;
    return arena_printf(a, "Below four fifths of the highest selection rate: %s.", names);
}

static const char *statement_of(const struct adverse_impact *x, const struct cell *cells, const struct impact_group *g,
                                int n, struct arena *a)
{
    if (x->people == 0)
        return "There is nobody to count.";
    if (cells[SELF_NOT_GIVEN].n == x->people)
        return "Nobody has said anything.";
    for (int i = 0; i < n; i++)
        if (g[i].withheld == IMPACT_WOULD_TELL)
            return "How groups fared is withheld: it would tell what single people said.";
    return fares(g, n, a);
}

static enum status fill_category(const struct adverse_impact *x, const struct self_category *c,
                                 const struct list *people, int64_t above, struct arena *a, struct impact_category *ret,
                                 struct error *err)
{
    struct cell cells[GROUPS_MAX] = {{0}};
    struct impact_group *g = arena_array(a, GROUPS_MAX, sizeof *g);
    int n = 0;
    if (!g)
        return arena_exhausted(err);
    while (n < GROUPS_MAX && c->choices[n].value)
        n++;
    count_cells(x, c, people, cells);
    const int64_t hidden = withhold(cells, n, x->small_group_min);
    const bool all = everybody(x, cells, n), tells = all || would_tell(x, cells, n, above);
    for (int i = 0; i < n; i++) {
        g[i] = empty_group(&c->choices[i], all                 ? IMPACT_WOULD_TELL
                                           : cells[i].withheld ? IMPACT_TOO_FEW
                                           : tells             ? IMPACT_WOULD_TELL
                                                               : IMPACT_SHOWN);
        if (!all && !cells[i].withheld)
            g[i].n = (double)cells[i].n;
        if (g[i].withheld == IMPACT_SHOWN)
            fill_group(&g[i], &cells[i]);
    }
    compare(g, cells, n, c->declined);
    *ret = (struct impact_category){.category = c->name,
                                    .label = c->label,
                                    .withheld_people = all ? NAN : (double)hidden,
                                    .statement = statement_of(x, cells, g, n, a),
                                    .groups = {g, (size_t)n}};
    return ret->statement ? STATUS_OK : arena_exhausted(err);
}

static const char *overall(const struct adverse_impact *x, struct arena *a)
{
    const char *counted =
        arena_printf(a, "%" PRId64 " %s counted%s, %" PRId64 " of them selected.", x->people,
                     x->people == 1 ? "person is" : "people are",
                     x->basis == IMPACT_DECISION ? ", all that were decided on" : ", all with a score", x->selected);
    if (!counted || x->left_out == 0)
        return counted;
    return arena_printf(a, "%s %" PRId64 " more are left out until their batch of %" PRId64 " is whole.", counted,
                        x->left_out, x->small_group_min);
}

enum status impact_figures(const struct impact_query *q, int64_t small, struct list *people, struct arena *a,
                           struct adverse_impact *ret, struct error *err)
{
    struct impact_person *p = people->items;
    struct impact_category *categories = arena_array(a, SELF_CATEGORIES, sizeof *categories);
    struct adverse_impact x = {.interview_id = q->interview,
                               .from = q->from,
                               .to = q->to,
                               .basis = q->basis,
                               .threshold = NAN,
                               .small_group_min = small};
    int64_t above = 0;
    people->count = in_batches(q, (size_t)small, p, eligible(q, p, people->count), &x.left_out);
    const double *v = sorted_scores(p, people->count, a);
    if (!categories || !v)
        return arena_exhausted(err);
    x.people = (int64_t)people->count;
    x.median = median_of(v, people->count);
    if (q->basis == IMPACT_SCORE)
        apply_threshold(q, v, people->count, (size_t)small, &x);
    for (size_t i = 0; i < people->count; i++) {
        x.selected += is_selected(&x, &p[i]);
        above += p[i].score > x.median;
    }
    enum status st = STATUS_OK;
    for (size_t i = 0; st == STATUS_OK && i < SELF_CATEGORIES; i++)
        st = fill_category(&x, &self_categories[i], people, above, a, &categories[i], err);
    x.categories = (struct list){categories, SELF_CATEGORIES};
    if (st == STATUS_OK && !(x.statement = overall(&x, a)))
        st = arena_exhausted(err);
    if (st == STATUS_OK)
        *ret = x;
    return st;
}
