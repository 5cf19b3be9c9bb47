#include "services/report_competency.h"

#include <math.h>
#include <string.h>
#include <strings.h>

static struct report_competency *find(struct list *l, const char *name)
{
    struct report_competency *c = l->items;
    for (size_t i = 0; i < l->count; i++)
        if (!strcasecmp(c[i].name, name))
            return &c[i];
    c[l->count] = (struct report_competency){.name = name, .score = 0};
    return &c[l->count++];
}

/* While they are gathered, .score is the sum. */
static void gather(const struct list *questions, const double *levels, struct list *l)
{
    const struct report_question *q = questions->items;
    for (size_t i = 0; i < questions->count; i++) {
        struct report_competency *c = find(l, q[i].competency);
        const double score = levels && isfinite(levels[i]) ? levels[i] : q[i].score;
        c->questions++;
        if (!isfinite(score))
            continue;
        c->scored++;
        c->score += score;
    }
}

static double weight_of(const struct report_competency *c, const struct list *weights)
{
    const struct competency_weight *w = weights->items;
    if (!c->scored)
        return 0;
    for (size_t i = 0; i < weights->count; i++)
        if (!strcasecmp(w[i].name, c->name))
            return w[i].weight;
    return weights->count ? 1 : (double)c->scored;
}

enum status competencies_of(const struct list *questions, const double *levels, const struct list *weights,
                            struct arena *a, struct list *ret, double *overall, struct error *err)
{
    struct list l = {arena_array(a, questions->count + 1, sizeof(struct report_competency)), 0};
    double all = 0, sum = 0;
    if (!l.items)
        return arena_exhausted(err);
    gather(questions, levels, &l);
    struct report_competency *c = l.items;
    for (size_t i = 0; i < l.count; i++) {
        c[i].weight = weight_of(&c[i], weights);
        all += c[i].weight;
        if (c[i].scored)
            sum += c[i].weight * c[i].score / (double)c[i].scored;
    }
    for (size_t i = 0; i < l.count; i++) {
        c[i].weight = all > 0 ? round(c[i].weight / all * 1000) / 1000 : 0;
        c[i].score = c[i].scored ? round(c[i].score / (double)c[i].scored * 10) / 10 : NAN;
    }
    *overall = all > 0 ? round(sum / all * 10) / 10 : NAN;
    *ret = l;
    return STATUS_OK;
}
