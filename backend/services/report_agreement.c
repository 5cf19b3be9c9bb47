/* Agreement of people's levels with the machine's and with each other's (report_figures.h). */
#include "services/report_figures.h"

#include "base/cleanup.h"
#include "services/figures_math.h"

#include <inttypes.h>
#include <math.h>
#include <strings.h>

#define REVIEWERS_MAX    16 /* of one answer */
#define COMPETENCIES_MAX 200
#define FEW              30 /* answers */

struct pairs {
    const char *name;
    struct agreement_counts counts;
    double sum, apart; /* of second less first */
};

struct gathering {
    struct pairs machine, reviewers, *competencies;
    size_t n;
    int64_t without_machine, several;
};

static void add_pair(struct pairs *p, double first, double second)
{
    agreement_add(&p->counts, first, second);
    p->sum += second - first;
    p->apart += fabs(second - first);
}

static struct pairs *competency(struct gathering *g, const char *name)
{
    for (size_t i = 0; i < g->n; i++)
        if (!strcasecmp(g->competencies[i].name, name))
            return &g->competencies[i];
    if (g->n == COMPETENCIES_MAX)
        return NULL;
    g->competencies[g->n].name = name;
    return &g->competencies[g->n++];
}

static void add_standing(struct gathering *g, const struct set_level *x)
{
    if (isnan(x->level))
        return;
    if (isnan(x->machine_score)) {
        g->without_machine++;
        return;
    }
    struct pairs *p = competency(g, x->competency);
    add_pair(&g->machine, x->machine_score, x->level);
    if (p)
        add_pair(p, x->machine_score, x->level);
}

/* The last level of each person since one was taken back. Two have no order: each pair is counted both ways round,
 * which makes kappa the same whichever comes first. */
static void add_between(struct gathering *g, const struct set_level *x, size_t n)
{
    const struct set_level *last[REVIEWERS_MAX];
    size_t people = 0, from = n;
    while (from > 0 && !isnan(x[from - 1].level))
        from--;
    for (size_t i = n; i-- > from;) {
        bool known = id_is_zero(x[i].author_id);
        for (size_t k = 0; k < people && !known; k++)
            known = id_equal(last[k]->author_id, x[i].author_id);
        if (!known && people < REVIEWERS_MAX)
            last[people++] = &x[i];
    }
    g->several += people > 1;
    for (size_t i = 0; i < people; i++)
        for (size_t k = i + 1; k < people; k++) {
            add_pair(&g->reviewers, last[i]->level, last[k]->level);
            add_pair(&g->reviewers, last[k]->level, last[i]->level);
        }
}

/* ways: how often each pair was counted. */
static bool finish(const struct pairs *p, int64_t ways, struct arena *a, struct agreement *ret)
{
    const int64_t n = agreement_n(&p->counts);
    *ret = (struct agreement){.name = p->name ? arena_strdup(a, p->name) : "",
                              .n = n / ways,
                              .exact = agreement_within(&p->counts, 0),
                              .within_one = agreement_within(&p->counts, 1),
                              .kappa = agreement_kappa(&p->counts),
                              .mean_difference = n && ways == 1 ? p->sum / (double)n : NAN,
                              .mean_apart = n ? p->apart / (double)n : NAN};
    return ret->name;
}

static const char *in_words(const struct level_agreement *l, struct arena *a)
{
    const struct agreement *m = l->machine;
    if (m->n == 0)
        return "Nobody has set a level beside the machine's yet.";
    const char *how = m->n < FEW || isnan(m->kappa) ? "Too few to say how well that agrees beyond chance."
                      : m->kappa >= 0.8             ? "Beyond chance that is very good agreement."
                      : m->kappa >= 0.6             ? "Beyond chance that is good agreement."
                      : m->kappa >= 0.4             ? "Beyond chance that is moderate agreement."
                                                    : "Beyond chance that is weak agreement.";
    return arena_printf(a,
                        "People set %" PRId64 " %s beside the machine's: %.0f %% the same, %.0f %% at most one apart. "
                        "%s People set levels mostly where they disagree; %" PRId64
                        " more scores stand signed off as they were.",
                        m->n, m->n == 1 ? "level" : "levels", 100 * m->exact, 100 * m->within_one, how, l->left_as_is);
}

static void gather(const struct list *levels, struct gathering *g)
{
    const struct set_level *x = levels->items;
    for (size_t i = 0; i < levels->count;) {
        size_t end = i;
        while (end < levels->count && id_equal(x[end].answer_id, x[i].answer_id))
            end++;
        add_standing(g, &x[end - 1]);
        add_between(g, x + i, end - i);
        i = end;
    }
}

enum status agreement_of(const struct list *levels, struct arena *a, struct level_agreement **ret, struct error *err)
{
    struct gathering *g = arena_new_of(a, struct gathering);
    struct level_agreement *l = arena_new_of(a, struct level_agreement);
    struct agreement *by = arena_array(a, COMPETENCIES_MAX, sizeof *by);
    if (!g || !l || !by || !(g->competencies = arena_array(a, COMPETENCIES_MAX, sizeof *g->competencies)) ||
        !(l->machine = arena_new_of(a, struct agreement)) || !(l->reviewers = arena_new_of(a, struct agreement)))
        return arena_exhausted(err);
    gather(levels, g);
    bool good = finish(&g->machine, 1, a, l->machine) && finish(&g->reviewers, 2, a, l->reviewers);
    for (size_t i = 0; good && i < g->n; i++)
        good = finish(&g->competencies[i], 1, a, &by[i]);
    if (!good)
        return arena_exhausted(err);
    l->by_competency = (struct list){by, g->n};
    l->without_machine = g->without_machine;
    l->answers_by_several = g->several;
    l->statement = "";
    *ret = l;
    return STATUS_OK;
}

enum status report_service_agreement(struct services *s, struct actor who, const struct report_filter *f,
                                     struct arena *a, struct level_agreement **ret, struct error *err)
{
    struct report_filter mine = *f;
    cleanup(arena_freep) struct arena *own = arena_new(FIGURES_ARENA);
    struct list levels = {0};
    struct level_agreement *l = NULL;
    if (!who.is_admin)
        mine.reader_id = who.user_id;
    enum status st = own ? figures_levels(s->db, &mine, own, &levels, err) : arena_exhausted(err);
    if (st == STATUS_OK)
        st = agreement_of(&levels, a, &l, err);
    if (st == STATUS_OK)
        st = figures_left_as_is(s->db, &mine, &l->left_as_is, err);
    if (st == STATUS_OK && !(l->statement = in_words(l, a)))
        st = arena_exhausted(err);
    if (st == STATUS_OK)
        *ret = l;
    return st;
}
