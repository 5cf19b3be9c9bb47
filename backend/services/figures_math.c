#include "services/figures_math.h"

#include <math.h>
#include <stdlib.h>

#define Z95      1.959963984540054
#define EPSILON  1e-15
#define TINY     1e-300
#define STEPS    500
#define HALVINGS 200

/* Continued fraction of the incomplete beta function, by Lentz (Numerical Recipes, 3rd ed., 6.4). */
static double beta_fraction(double a, double b, double x)
{
    double c = 1, d = 1 - (a + b) * x / (a + 1);
    d = 1 / (fabs(d) < TINY ? TINY : d);
    double h = d;
    for (int m = 1; m <= STEPS; m++) {
        const double m2 = 2.0 * m;
        const double parts[2] = {m * (b - m) * x / ((a + m2 - 1) * (a + m2)),
                                 -(a + m) * (a + b + m) * x / ((a + m2) * (a + m2 + 1))};
        double change = 1;
        for (int k = 0; k < 2; k++) {
            d = 1 + parts[k] * d;
            d = 1 / (fabs(d) < TINY ? TINY : d);
            c = 1 + parts[k] / c;
            c = fabs(c) < TINY ? TINY : c;
            change = c * d;
            h *= change;
        }
        if (fabs(change - 1) < EPSILON)
            break;
    }
    return h;
}

/* Regularised incomplete beta function I_x(a, b). */
static double beta(double a, double b, double x)
{
    if (x <= 0 || x >= 1)
        return x <= 0 ? 0 : 1;
    const double front = exp(lgamma(a + b) - lgamma(a) - lgamma(b) + a * log(x) + b * log1p(-x));
    return x < (a + 1) / (a + b + 2) ? front * beta_fraction(a, b, x) / a : 1 - front * beta_fraction(b, a, 1 - x) / b;
}

double student_p(double t, double df)
{
    if (!(df > 0) || isnan(t))
        return NAN;
    return isinf(t) ? 0 : beta(df / 2, 0.5, df / (df + t * t));
}

double student_95(double df)
{
    double low = 0, high = 1e3; /* 12.7 at one degree of freedom */
    if (!(df >= 1))
        return NAN;
    for (int i = 0; i < HALVINGS && high - low > EPSILON; i++) {
        const double middle = (low + high) / 2;
        if (student_p(middle, df) > 0.05)
            low = middle;
        else
            high = middle;
    }
    return (low + high) / 2;
}

static int by_number(const void *x, const void *y)
{
    const double *a = x, *b = y;
    return (*a > *b) - (*a < *b);
}

void sort_numbers(double *v, size_t n)
{
    if (n)
        qsort(v, n, sizeof *v, by_number);
}

double median_of(const double *v, size_t n)
{
    return n == 0 ? NAN : n % 2 ? v[n / 2] : (v[n / 2 - 1] + v[n / 2]) / 2;
}

struct spread spread_of(const double *v, size_t n)
{
    struct spread s = {.n = n, .mean = NAN, .deviation = NAN, .low = NAN, .high = NAN};
    double sum = 0, squares = 0;
    for (size_t i = 0; i < n; i++)
        sum += v[i];
    if (n == 0)
        return s;
    s.mean = sum / (double)n;
    for (size_t i = 0; i < n; i++)
        squares += (v[i] - s.mean) * (v[i] - s.mean);
    if (n < 2)
        return s;
    s.deviation = sqrt(squares / (double)(n - 1));
    const double half = student_95((double)(n - 1)) * s.deviation / sqrt((double)n);
    s.low = s.mean - half;
    s.high = s.mean + half;
    return s;
}

struct trend trend_of(const double *x, const double *y, size_t n)
{
    const double mx = spread_of(x, n).mean, my = spread_of(y, n).mean;
    double xx = 0, xy = 0, yy = 0;
    for (size_t i = 0; i < n; i++) {
        xx += (x[i] - mx) * (x[i] - mx);
        xy += (x[i] - mx) * (y[i] - my);
        yy += (y[i] - my) * (y[i] - my);
    }
    if (n < 3 || !(xx > 0))
        return (struct trend){NAN, NAN};
    struct trend t = {xy / xx, 1};
    const double left = yy - t.slope * xy, df = (double)n - 2;
    if (!(yy > 0))
        return t; /* all the same: no slope */
    t.p = left > yy * EPSILON ? student_p(t.slope / sqrt(left / df / xx), df) : 0;
    return t;
}

double welch_p(const struct spread *a, const struct spread *b)
{
    if (a->n < 2 || b->n < 2)
        return NAN;
    const double va = a->deviation * a->deviation / (double)a->n, vb = b->deviation * b->deviation / (double)b->n;
    if (!(va + vb > 0))
        return NAN;
    const double df = (va + vb) * (va + vb) / (va * va / (double)(a->n - 1) + vb * vb / (double)(b->n - 1));
    return student_p((a->mean - b->mean) / sqrt(va + vb), df);
}

void wilson_95(int64_t k, int64_t n, double *low, double *high)
{
    const double m = (double)n, p = n ? (double)k / m : NAN, z2 = Z95 * Z95;
    const double middle = (p + z2 / (2 * m)) / (1 + z2 / m);
    const double half = Z95 / (1 + z2 / m) * sqrt(p * (1 - p) / m + z2 / (4 * m * m));
    *low = n ? fmax(0, middle - half) : NAN;
    *high = n ? fmin(1, middle + half) : NAN;
}

void ratio_95(int64_t a, int64_t n, int64_t b, int64_t m, double *low, double *high)
{
    *low = *high = NAN;
    if (a <= 0 || b <= 0 || n <= 0 || m <= 0)
        return;
    const double x = (double)a, y = (double)b, wide = (double)n, other = (double)m;
    const double ratio = log(x / wide / (y / other)), error = sqrt(1 / x - 1 / wide + 1 / y - 1 / other);
    *low = exp(ratio - Z95 * error);
    *high = exp(ratio + Z95 * error);
}

static int level_of(double score)
{
    long level = lround(score);
    return (int)(level < 1 ? 1 : level > LEVELS ? LEVELS : level) - 1;
}

void agreement_add(struct agreement_counts *c, double first, double second)
{
    c->count[level_of(first)][level_of(second)]++;
}

int64_t agreement_n(const struct agreement_counts *c)
{
    int64_t n = 0;
    for (int i = 0; i < LEVELS; i++)
        for (int k = 0; k < LEVELS; k++)
            n += c->count[i][k];
    return n;
}

double agreement_kappa(const struct agreement_counts *c)
{
    double rows[LEVELS] = {0}, columns[LEVELS] = {0}, seen = 0, chance = 0;
    const double n = (double)agreement_n(c);
    for (int i = 0; i < LEVELS; i++)
        for (int k = 0; k < LEVELS; k++) {
            rows[i] += (double)c->count[i][k];
            columns[k] += (double)c->count[i][k];
            seen += (i - k) * (i - k) * (double)c->count[i][k];
        }
    for (int i = 0; i < LEVELS; i++)
        for (int k = 0; k < LEVELS; k++)
            chance += (i - k) * (i - k) * rows[i] * columns[k] / (n > 0 ? n : 1);
    return chance > 0 ? 1 - seen / chance : NAN;
}

double agreement_within(const struct agreement_counts *c, int apart)
{
    const int64_t n = agreement_n(c);
    int64_t near = 0;
    for (int i = 0; i < LEVELS; i++)
        for (int k = 0; k < LEVELS; k++)
            near += (i > k ? i - k : k - i) <= apart ? c->count[i][k] : 0;
    return n ? (double)near / (double)n : NAN;
}
