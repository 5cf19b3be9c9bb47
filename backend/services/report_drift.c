/* Score drift (report_figures.h). Scores of two versions of the scorer are not comparable: each has a series. */
#include "services/report_figures.h"

#include "base/cleanup.h"
#include "base/clock.h"
#include "services/figures_math.h"

#include <math.h>
#include <string.h>

#define DAY        INT64_C(86400000)
#define FIRST_MON  (4 * DAY) /* 1970-01-05 */
#define CHANCE     0.05
#define TREND_FROM 10 /* reports */
#define SERIES_MAX 64

static void period_of(int64_t at, int period, int64_t *from, int64_t *to)
{
    if (period == DRIFT_MONTH) {
        time_month(at, from, to);
        return;
    }
    *from = at - (at - FIRST_MON) % (7 * DAY);
    *to = *from + 7 * DAY;
}

/* One version's: times in units of 30 days, and scores. */
struct series {
    const char *version;
    double *x, *y;
    int64_t *at;
    size_t n;
};

/* The version's; so many that there is no room for more are not told apart. */
static struct series *series_of(struct series *all, size_t *n, const char *version)
{
    for (size_t i = 0; i < *n; i++)
        if (!strcmp(all[i].version, version))
            return &all[i];
    if (*n == SERIES_MAX)
        return &all[SERIES_MAX - 1];
    all[*n].version = version;
    return &all[(*n)++];
}

static enum status split(const struct list *scores, struct series *all, size_t *n, struct arena *a, struct error *err)
{
    const struct scored_report *r = scores->items;
    for (size_t i = 0; i < scores->count; i++)
        series_of(all, n, r[i].scorer_version)->n++;
    for (size_t i = 0; i < *n; i++) {
        all[i].x = arena_array(a, all[i].n, sizeof *all[i].x);
        all[i].y = arena_array(a, all[i].n, sizeof *all[i].y);
        all[i].at = arena_array(a, all[i].n, sizeof *all[i].at);
        if (!all[i].x || !all[i].y || !all[i].at)
            return arena_exhausted(err);
        all[i].n = 0;
    }
    for (size_t i = 0; i < scores->count; i++) {
        struct series *s = series_of(all, n, r[i].scorer_version);
        s->x[s->n] = (double)(r[i].completed_at - r[0].completed_at) / (double)(30 * DAY);
        s->y[s->n] = r[i].score;
        s->at[s->n++] = r[i].completed_at;
    }
    return STATUS_OK;
}

/* Where the period of the i-th ends. */
static size_t period_end(const struct series *s, size_t i, int period, int64_t *from, int64_t *to)
{
    period_of(s->at[i], period, from, to);
    while (i < s->n && s->at[i] < *to)
        i++;
    return i;
}

static size_t count_periods(const struct series *s, int period)
{
    size_t n = 0;
    int64_t from, to;
    for (size_t i = 0; i < s->n; n++)
        i = period_end(s, i, period, &from, &to);
    return n;
}

static enum status points_of(const struct series *s, int period, struct arena *a, struct list *ret, struct error *err)
{
    struct drift_point *p = arena_array(a, count_periods(s, period), sizeof *p);
    size_t n = 0;
    if (!p)
        return arena_exhausted(err);
    for (size_t i = 0; i < s->n;) {
        int64_t from, to;
        const size_t end = period_end(s, i, period, &from, &to);
        const struct spread x = spread_of(s->y + i, end - i);
        p[n++] = (struct drift_point){
            .from = from, .to = to, .n = (int64_t)(end - i), .mean = x.mean, .low = x.low, .high = x.high};
        i = end;
    }
    *ret = (struct list){p, n};
    return STATUS_OK;
}

static const char *trend_in_words(const struct drift_series *d, struct arena *a)
{
    if (isnan(d->p_value))
        return "Too few reports to see a trend.";
    if (d->drifts)
        return arena_printf(a, "Scores %s by %.2f levels in 30 days, more than chance alone explains.",
                            d->slope < 0 ? "fall" : "rise", fabs(d->slope));
    return "The scores stay where they are, as far as chance lets one see.";
}

static enum status describe(const struct series *s, int period, struct arena *a, struct drift_series *ret,
                            struct error *err)
{
    const struct spread x = spread_of(s->y, s->n);
    const bool enough = s->n >= TREND_FROM;
    const struct trend t = enough ? trend_of(s->x, s->y, s->n) : (struct trend){NAN, NAN};
    *ret = (struct drift_series){.scorer_version = arena_strdup(a, s->version),
                                 .n = (int64_t)s->n,
                                 .first = s->at[0],
                                 .last = s->at[s->n - 1],
                                 .mean = x.mean,
                                 .deviation = x.deviation,
                                 .low = x.low,
                                 .high = x.high,
                                 .slope = t.slope,
                                 .p_value = t.p,
                                 .drifts = t.p < CHANCE};
    ret->statement = trend_in_words(ret, a);
    return ret->statement && ret->scorer_version ? points_of(s, period, a, &ret->points, err) : arena_exhausted(err);
}

/* names: their series, whose names live as long as the result. */
static enum status step_between(const struct series *one, const struct series *two, const struct drift_series *names,
                                struct arena *a, struct drift_step *ret, struct error *err)
{
    const struct spread x = spread_of(one->y, one->n), y = spread_of(two->y, two->n);
    *ret = (struct drift_step){.from_version = names[0].scorer_version,
                               .to_version = names[1].scorer_version,
                               .difference = y.mean - x.mean,
                               .p_value = welch_p(&x, &y)};
    ret->statement = isnan(ret->p_value) ? "Too few reports to compare the two."
                     : ret->p_value < CHANCE
                         ? arena_printf(a,
                                        "The newer version scores %.2f levels %s, more than chance alone explains. "
                                        "Other people were interviewed: make reports again to compare the same ones.",
                                        fabs(ret->difference), ret->difference < 0 ? "lower" : "higher")
                         : "Chance alone may explain the difference.";
    return ret->statement ? STATUS_OK : arena_exhausted(err);
}

static const char *drift_in_words(const struct score_drift *d)
{
    const struct drift_series *s = d->series.items;
    return d->n == 0 ? "No report has a score yet." : s[d->series.count - 1].statement;
}

enum status drift_of(const struct list *scores, int period, struct arena *a, struct score_drift **ret,
                     struct error *err)
{
    cleanup(arena_freep) struct arena *own = arena_new(FIGURES_ARENA);
    struct series *all = own ? arena_array(own, SERIES_MAX, sizeof *all) : NULL;
    struct drift_series *series = arena_array(a, SERIES_MAX, sizeof *series);
    struct drift_step *steps = arena_array(a, SERIES_MAX, sizeof *steps);
    struct score_drift *d = arena_new_of(a, struct score_drift);
    size_t n = 0;
    enum status st = all && series && steps && d ? split(scores, all, &n, own, err) : arena_exhausted(err);
    for (size_t i = 0; st == STATUS_OK && i < n; i++)
        st = describe(&all[i], period, a, &series[i], err);
    for (size_t i = 1; st == STATUS_OK && i < n; i++)
        st = step_between(&all[i - 1], &all[i], &series[i - 1], a, &steps[i - 1], err);
    if (st != STATUS_OK)
        return st;
    *d = (struct score_drift){
        .period = period, .n = (int64_t)scores->count, .series = {series, n}, .steps = {steps, n ? n - 1 : 0}};
    d->statement = drift_in_words(d);
    *ret = d;
    return STATUS_OK;
}

enum status report_service_drift(struct services *s, struct actor who, const struct report_filter *f, int period,
                                 struct arena *a, struct score_drift **ret, struct error *err)
{
    struct report_filter mine = *f;
    cleanup(arena_freep) struct arena *own = arena_new(FIGURES_ARENA);
    struct list scores = {0};
    if (!who.is_admin)
        mine.reader_id = who.user_id;
    enum status st = own ? figures_scores(s->db, &mine, own, &scores, err) : arena_exhausted(err);
    return st == STATUS_OK ? drift_of(&scores, period, a, ret, err) : st;
}
