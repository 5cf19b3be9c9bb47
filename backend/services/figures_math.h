#ifndef VIVA_SERVICES_FIGURES_MATH_H
#define VIVA_SERVICES_FIGURES_MATH_H
/* The statistics behind figures over many people. Intervals are of 95 %. What cannot be said is NAN. The unit test has
 * the numbers of SciPy and scikit-learn. */

#include <stddef.h>
#include <stdint.h>

#define LEVELS 5

void sort_numbers(double *v, size_t n); /* ascending */
/* Of ascending numbers the one in the middle, or the mean of the two there. */
double median_of(const double *v, size_t n);

/* Mean, sample standard deviation (n - 1), and Student's interval of the mean. */
struct spread {
    size_t n;
    double mean, deviation; /* deviation NAN for n < 2 */
    double low, high;       /* NAN for n < 2 */
};
struct spread spread_of(const double *v, size_t n);

/* Two-sided p of Student's t with df degrees of freedom (not whole ones either). */
double student_p(double t, double df);
/* t such that P(|T| <= t) = 95 %. */
double student_95(double df);

/* Least squares y = a + slope x, and the two-sided p of slope = 0. p NAN for n < 3 or without spread in x. */
struct trend {
    double slope, p;
};
struct trend trend_of(const double *x, const double *y, size_t n);

/* Two-sided p that two means are the same, variances unlike (Welch). NAN when either has n < 2, or none varies. */
double welch_p(const struct spread *a, const struct spread *b);

/* Wilson's interval of a share k/n. */
void wilson_95(int64_t k, int64_t n, double *low, double *high);
/* Katz's interval of the ratio (a/n)/(b/m); NAN when a or b is 0. */
void ratio_95(int64_t a, int64_t n, int64_t b, int64_t m, double *low, double *high);

/* Two levels, 1..LEVELS, of the same thing, counted: count[first - 1][second - 1]. */
struct agreement_counts {
    int64_t count[LEVELS][LEVELS];
};
void agreement_add(struct agreement_counts *c, double first, double second); /* rounded to whole levels */
int64_t agreement_n(const struct agreement_counts *c);
/* Quadratically weighted kappa: 1 agreement, 0 what chance gives. NAN when both gave but one and the same level. */
double agreement_kappa(const struct agreement_counts *c);
/* Share whose levels are at most `apart` apart. */
double agreement_within(const struct agreement_counts *c, int apart);

#endif
