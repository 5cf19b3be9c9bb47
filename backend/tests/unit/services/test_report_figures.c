/* Drift and agreement out of rows, against what was computed by hand or by SciPy and scikit-learn (test_figures_math).
 */
#include "unit/services/arena_test.h"

#include "services/report_figures.h"

#include <stdio.h>
#include <string.h>

#define DAY  INT64_C(86400000)
#define JAN1 INT64_C(1735689600000) /* 2025-01-01, a Wednesday */

static struct score_drift *drift(struct scored_report *r, size_t n, int period)
{
    struct score_drift *d = NULL;
    const struct list l = {r, n};
    assert_int_equal(drift_of(&l, period, arena, &d, &err), STATUS_OK);
    return d;
}

static void nothing(void **state)
{
    (void)state;
    const struct score_drift *d = drift(NULL, 0, DRIFT_MONTH);
    assert_int_equal(d->n, 0);
    assert_int_equal(d->series.count, 0);
    assert_int_equal(d->steps.count, 0);
    assert_string_equal(d->statement, "No report has a score yet.");
}

static void periods(void **state)
{
    (void)state;
    struct scored_report r[] = {
        {JAN1 - 1, 3, "a"},          {JAN1, 4, "a"},                /* December and January; the same week */
        {JAN1 + 5 * DAY, 2, "a"},    {JAN1 + 31 * DAY - 1, 4, "a"}, /* Monday the 6th; Friday 31 January */
        {JAN1 + 31 * DAY, 5, "a"},                                  /* Saturday 1 February, still that week */
        {JAN1 + 1154 * DAY, 5, "a"}, {JAN1 + 1155 * DAY, 1, "a"},   /* 29 February and 1 March 2028 */
    };
    const struct score_drift *d = drift(r, 7, DRIFT_MONTH);
    const struct drift_series *s = d->series.items;
    const struct drift_point *p = s->points.items;
    static const int64_t months[] = {JAN1 - 31 * DAY, JAN1, JAN1 + 31 * DAY, JAN1 + 1126 * DAY, JAN1 + 1155 * DAY};
    static const int64_t counts[] = {1, 3, 1, 1, 1};
    assert_int_equal(s->points.count, 5);
    for (size_t i = 0; i < 5; i++) {
        assert_int_equal(p[i].from, months[i]);
        assert_int_equal(p[i].n, counts[i]);
    }
    assert_int_equal(p[0].to, JAN1);
    near(p[1].mean, 10.0 / 3);
    assert_true(isnan(p[0].low));
    d = drift(r, 7, DRIFT_WEEK);
    s = d->series.items;
    p = s->points.items;
    assert_int_equal(p[0].from, JAN1 - 2 * DAY); /* Monday 30 December */
    assert_int_equal(p[0].n, 2);
    assert_int_equal(p[1].from, JAN1 + 5 * DAY);
    assert_int_equal(p[2].n, 2);
    assert_int_equal(p[2].to, JAN1 + 33 * DAY);
    assert_string_equal(s->statement, "Too few reports to see a trend.");
}

/* The same ten as in test_figures_math: x is in units of 30 days. */
static void a_trend_that_is_more_than_chance(void **state)
{
    (void)state;
    static const double y[] = {3.1, 3.4, 2.8, 3.9, 3.6, 4.1, 3.3, 3.8, 4.2, 4.0};
    static const double x[] = {0, 0.3, 0.5, 1, 1.2, 1.9, 2.2, 2.4, 3, 3.1};
    struct scored_report r[10];
    for (size_t i = 0; i < 10; i++)
        r[i] = (struct scored_report){JAN1 + (int64_t)(x[i] * 30 * DAY), y[i], "scorer/1"};
    const struct score_drift *d = drift(r, 10, DRIFT_MONTH);
    const struct drift_series *s = d->series.items;
    near(s->slope, 0.296342329545);
    near(s->p_value, 0.0192303744297);
    near(s->mean, 3.62);
    assert_true(s->drifts);
    assert_string_equal(s->statement, "Scores rise by 0.30 levels in 30 days, more than chance alone explains.");
    assert_string_equal(d->statement, s->statement);
    for (size_t i = 0; i < 10; i++) /* up and down, and no way */
        r[i].score = i % 2 ? 3 : 4;
    s = drift(r, 10, DRIFT_MONTH)->series.items;
    assert_false(s->drifts);
    assert_string_equal(s->statement, "The scores stay where they are, as far as chance lets one see.");
}

/* A version that scores higher is no drift: each has its series, and the step between them is told by itself. */
static void versions_stand_apart(void **state)
{
    (void)state;
    static const double y[] = {3.1, 3.4, 2.8, 3.9, 3.6, 4.1, 3.3, 3.8, 4.2, 4.0};
    static const double z[] = {2.2, 3.0, 2.6, 3.5, 2.9, 3.1, 2.0};
    struct scored_report r[17];
    for (size_t i = 0; i < 17; i++)
        r[i] = (struct scored_report){JAN1 + (int64_t)i * DAY, i < 7 ? z[i] : y[i - 7], i < 7 ? "old" : "new"};
    const struct score_drift *d = drift(r, 17, DRIFT_MONTH);
    const struct drift_series *s = d->series.items;
    const struct drift_step *step = d->steps.items;
    assert_int_equal(d->series.count, 2);
    assert_int_equal(d->steps.count, 1);
    assert_string_equal(s[0].scorer_version, "old");
    assert_int_equal(s[0].n, 7);
    assert_int_equal(s[1].n, 10);
    near(step->difference, 3.62 - 19.3 / 7);
    near(step->p_value, 0.00442169107388);
    assert_non_null(strstr(step->statement, "0.86 levels higher, more than chance alone explains"));
    struct scored_report mixed[] = {{JAN1, 3, "old"}, {JAN1 + 1, 3, "new"}, {JAN1 + 2, 4, "old"}};
    assert_int_equal(drift(mixed, 3, DRIFT_MONTH)->series.count, 2); /* made again here and there */
}

/* ---------------------------------------------------------------------------------------------------------------------
 * agreement */

static struct id number(int k)
{
    struct id id;
    uint8_t bytes[16] = {1, (uint8_t)k};
    memcpy(&id, bytes, sizeof id);
    return id;
}

#define LEVEL(answer, author, machine, level, competency)                                                              \
    (struct set_level)                                                                                                 \
    {                                                                                                                  \
        number(answer), (author) ? number(100 + (author)) : (struct id){{0}}, level, machine, competency               \
    }

static struct level_agreement *agree(struct set_level *x, size_t n)
{
    struct level_agreement *l = NULL;
    const struct list levels = {x, n};
    assert_int_equal(agreement_of(&levels, arena, &l, &err), STATUS_OK);
    return l;
}

static void people_and_the_machine(void **state)
{
    (void)state;
    static const double machine[] = {1, 2, 2, 3, 3, 3, 4, 4, 5, 5, 2, 3},
                        person[] = {1, 2, 3, 3, 4, 3, 4, 5, 5, 4, 1, 5};
    struct set_level x[16];
    size_t n = 0;
    for (int i = 0; i < 12; i++) {
        if (i == 3) /* changed their mind: the last one counts */
            x[n++] = LEVEL(i, 1, machine[i], 1, "Judgement");
        x[n++] = LEVEL(i, 1, machine[i], person[i], i < 6 ? "Judgement" : "judgement ");
    }
    x[n++] = LEVEL(12, 1, NAN, 4, "Judgement"); /* the machine gave none */
    x[n++] = LEVEL(13, 1, 3, 5, "Judgement");   /* taken back */
    x[n++] = LEVEL(13, 2, 3, NAN, "Judgement");
    const struct level_agreement *l = agree(x, n);
    assert_int_equal(l->machine->n, 12);
    near(l->machine->kappa, 0.776859504132);
    near(l->machine->exact, 0.5);
    near(l->machine->within_one, 11.0 / 12);
    near(l->machine->mean_difference, 3.0 / 12); /* 0 0 1 0 1 0 0 1 0 -1 -1 2 */
    near(l->machine->mean_apart, 7.0 / 12);
    assert_int_equal(l->without_machine, 1);
    assert_int_equal(l->by_competency.count, 2);
    const struct agreement *by = l->by_competency.items;
    assert_string_equal(by[0].name, "Judgement");
    assert_int_equal(by[0].n, 6);
    near(by[0].exact, 4.0 / 6);
    assert_int_equal(l->reviewers->n, 0);
    assert_true(isnan(l->reviewers->kappa) && isnan(l->reviewers->mean_apart));
}

static void two_people(void **state)
{
    (void)state;
    struct set_level x[] = {
        LEVEL(1, 1, 3, 1, ""), LEVEL(1, 2, 3, 3, ""),   LEVEL(1, 1, 3, 2, ""), /* 2 and 3: each one's last */
        LEVEL(2, 1, 3, 3, ""), LEVEL(2, 2, 3, 3, ""),                          /* 3 and 3 */
        LEVEL(3, 1, 3, 1, ""), LEVEL(3, 1, 3, NAN, ""), /* taken back: before it counts nothing */
        LEVEL(3, 1, 3, 5, ""), LEVEL(3, 2, 3, 3, ""),   /* 5 and 3 */
        LEVEL(4, 1, 3, 4, ""), LEVEL(4, 2, 3, 4, ""),   LEVEL(4, 0, 3, 1, ""), /* 4 and 4; an account that is gone */
        LEVEL(5, 1, 3, 4, ""), LEVEL(5, 1, 3, 2, ""),                          /* one person alone */
    };
    const struct level_agreement *l = agree(x, sizeof x / sizeof x[0]);
    assert_int_equal(l->reviewers->n, 4);
    assert_int_equal(l->answers_by_several, 4);
    near(l->reviewers->exact, 0.5);
    near(l->reviewers->within_one, 0.75);
    near(l->reviewers->kappa, 0.148936170213);
    near(l->reviewers->mean_apart, 3.0 / 4);
    assert_true(isnan(l->reviewers->mean_difference));
}

static void no_levels(void **state)
{
    (void)state;
    const struct level_agreement *l = agree(NULL, 0);
    assert_int_equal(l->machine->n, 0);
    assert_true(isnan(l->machine->exact) && isnan(l->machine->mean_difference));
    assert_int_equal(l->by_competency.count, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(nothing),
        TEST(periods),
        TEST(a_trend_that_is_more_than_chance),
        TEST(versions_stand_apart),
        TEST(people_and_the_machine),
        TEST(two_people),
        TEST(no_levels),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
