/* Against SciPy 1.17.1 and scikit-learn 1.9.1: linregress, t.interval, ttest_ind(equal_var=False), t.sf, t.ppf,
 * binomtest().proportion_ci("wilson"), contingency.relative_risk, cohen_kappa_score(weights="quadratic"). */
#include "unit/base/check.h"

#include "services/figures_math.h"

#include <math.h>

static const double y[] = {3.1, 3.4, 2.8, 3.9, 3.6, 4.1, 3.3, 3.8, 4.2, 4.0};
static const double x[] = {0, 0.3, 0.5, 1, 1.2, 1.9, 2.2, 2.4, 3, 3.1};
static const double z[] = {2.2, 3.0, 2.6, 3.5, 2.9, 3.1, 2.0};

static void near(double got, double wanted)
{
    if (!(fabs(got - wanted) <= 1e-9 * fmax(1e-6, fabs(wanted))))
        fail_msg("%.15g instead of %.15g", got, wanted);
}

static void medians(void **state)
{
    (void)state;
    double odd[] = {3, -1, 2}, even[] = {4, 1, 3, 1};
    sort_numbers(odd, 3);
    sort_numbers(even, 4);
    near(median_of(odd, 3), 2);
    near(median_of(even, 4), 2);
    assert_true(isnan(median_of(odd, 0)));
}

static void student(void **state)
{
    (void)state;
    static const struct {
        double t, df, p;
    } cases[] = {{2, 1, 0.295167235301},
                 {2.5, 9.3, 0.0330778103151},
                 {0.1, 100, 0.920544531096},
                 {12, 3, 0.00124501580079},
                 {40, 20, 1.45746965543e-20}};
    static const double quantiles[][2] = {
        {1, 12.706204736}, {2, 4.302652730}, {9, 2.262157163}, {30, 2.042272456}, {1000, 1.962339081}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        near(student_p(cases[i].t, cases[i].df), cases[i].p);
        near(student_p(-cases[i].t, cases[i].df), cases[i].p);
    }
    for (size_t i = 0; i < sizeof quantiles / sizeof quantiles[0]; i++)
        near(student_95(quantiles[i][0]), quantiles[i][1]);
    near(student_p(0, 7), 1);
    assert_true(student_p(INFINITY, 7) == 0 && isnan(student_p(1, 0)) && isnan(student_95(0)));
}

static void means(void **state)
{
    (void)state;
    const struct spread a = spread_of(y, 10), b = spread_of(z, 7), one = spread_of(y, 1), none = spread_of(y, 0);
    near(a.mean, 3.62);
    near(a.deviation, 0.461398839280);
    near(a.low, 3.289935153914);
    near(a.high, 3.950064846086);
    near(b.low, 2.271101019954);
    near(welch_p(&a, &b), 0.00442169107388);
    near(welch_p(&b, &a), 0.00442169107388);
    assert_true(one.mean == 3.1 && isnan(one.deviation) && isnan(one.low) && isnan(none.mean));
    assert_true(isnan(welch_p(&a, &one)));
    const double same[] = {3, 3, 3};
    const struct spread flat = spread_of(same, 3);
    assert_true(isnan(welch_p(&flat, &flat)));
}

static void trends(void **state)
{
    (void)state;
    const struct trend t = trend_of(x, y, 10);
    near(t.slope, 0.296342329545);
    near(t.p, 0.0192303744297);
    const double at_once[] = {1, 1, 1}, flat[] = {3, 3, 3}, line[] = {1, 2, 3};
    assert_true(isnan(trend_of(at_once, y, 3).p) && isnan(trend_of(x, y, 2).p));
    assert_true(trend_of(line, flat, 3).p == 1 && trend_of(line, line, 3).p == 0);
}

static void shares(void **state)
{
    (void)state;
    static const struct {
        int64_t k, n;
        double low, high;
    } cases[] = {{8, 20, 0.218806532373, 0.613418499238},
                 {0, 10, 0, 0.277532799863},
                 {10, 10, 0.722467200137, 1},
                 {1, 3, 0.061491944720, 0.792340399198}};
    double low, high;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        wilson_95(cases[i].k, cases[i].n, &low, &high);
        near(low, cases[i].low);
        near(high, cases[i].high);
    }
    wilson_95(0, 0, &low, &high);
    assert_true(isnan(low) && isnan(high));
    ratio_95(8, 20, 12, 15, &low, &high);
    near(low, 0.276220520286);
    near(high, 0.905073959534);
    ratio_95(0, 20, 12, 15, &low, &high);
    assert_true(isnan(low) && isnan(high));
}

static void agreement(void **state)
{
    (void)state;
    static const double machine[] = {1, 2, 2, 3, 3, 3, 4, 4, 5, 5, 2, 3},
                        person[] = {1, 2, 3, 3, 4, 3, 4, 5, 5, 4, 1, 5};
    struct agreement_counts c = {{{0}}}, one = {{{0}}}, none = {{{0}}};
    for (size_t i = 0; i < 12; i++)
        agreement_add(&c, machine[i] + (i % 2 ? 0.4 : -0.4), person[i]); /* halves and tenths are rounded */
    assert_int_equal(agreement_n(&c), 12);
    near(agreement_kappa(&c), 0.776859504132);
    near(agreement_within(&c, 0), 6.0 / 12);
    near(agreement_within(&c, 1), 11.0 / 12);
    agreement_add(&one, 3, 3);
    assert_true(isnan(agreement_kappa(&one)) && agreement_within(&one, 0) == 1);
    assert_true(isnan(agreement_kappa(&none)) && isnan(agreement_within(&none, 0)));
    struct agreement_counts against = {{{0}}};
    for (size_t i = 0; i < 5; i++)
        agreement_add(&against, (double)i + 1, 5 - (double)i);
    near(agreement_kappa(&against),
         -1); /* by hand: seen 2 * (16 + 4) = 40, chance 2/5 * (4*1 + 3*4 + 2*9 + 1*16) = 20 */
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(medians), cmocka_unit_test(student),
                                       cmocka_unit_test(means),   cmocka_unit_test(trends),
                                       cmocka_unit_test(shares),  cmocka_unit_test(agreement)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
