#include "base/clock.h"

#include <stdbool.h>
#include <string.h>
#include <time.h>

static int64_t now_ms(clockid_t which)
{
    struct timespec ts;
    clock_gettime(which, &ts);
    return (int64_t)ts.tv_sec * 1000 + ts.tv_nsec / 1000000;
}

static int64_t system_unix(void *u)
{
    (void)u;
    return now_ms(CLOCK_REALTIME);
}

static int64_t system_mono(void *u)
{
    (void)u;
    return now_ms(CLOCK_MONOTONIC);
}

int64_t clock_elapsed_us(void)
{
    struct timespec ts;
    clock_gettime(CLOCK_MONOTONIC, &ts);
    return (int64_t)ts.tv_sec * 1000000 + ts.tv_nsec / 1000;
}

const struct clock clock_system = {.unix_ms = system_unix, .mono_ms = system_mono};

/* Atomic, so that a test may advance the clock while other threads read it. */
static int64_t fake_unix(void *u)
{
    return __atomic_load_n(&((struct clock_fake *)u)->unix_ms, __ATOMIC_SEQ_CST);
}

static int64_t fake_mono(void *u)
{
    return __atomic_load_n(&((struct clock_fake *)u)->mono_ms, __ATOMIC_SEQ_CST);
}

struct clock clock_fake_make(struct clock_fake *f)
{
    return (struct clock){.unix_ms = fake_unix, .mono_ms = fake_mono, .u = f};
}

void clock_fake_advance(struct clock_fake *f, int64_t ms)
{
    __atomic_add_fetch(&f->unix_ms, ms, __ATOMIC_SEQ_CST);
    __atomic_add_fetch(&f->mono_ms, ms, __ATOMIC_SEQ_CST);
}

/* Days since 1970-01-01 of a proleptic Gregorian date, and back (Howard Hinnant, "chrono-compatible low-level date
 * algorithms"): exact, and free of time zones and of the C library's locks. */
static int64_t days_from_civil(int64_t y, int m, int d)
{
    y -= m <= 2;
    int64_t era = (y >= 0 ? y : y - 399) / 400;
    int64_t yoe = y - era * 400;
    int64_t doy = (153 * (m + (m > 2 ? -3 : 9)) + 2) / 5 + d - 1;
    int64_t doe = yoe * 365 + yoe / 4 - yoe / 100 + doy;
    return era * 146097 + doe - 719468;
}

static void civil_from_days(int64_t z, int64_t *y, int *m, int *d)
{
    z += 719468;
    int64_t era = (z >= 0 ? z : z - 146096) / 146097;
    int64_t doe = z - era * 146097;
    int64_t yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
    int64_t doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
    int64_t mp = (5 * doy + 2) / 153;
    *d = (int)(doy - (153 * mp + 2) / 5 + 1);
    *m = (int)(mp < 10 ? mp + 3 : mp - 9);
    *y = yoe + era * 400 + (*m <= 2);
}

#define DAY_MS    86400000LL
#define YEAR_1_MS (-62135596800000LL) /* 0001-01-01T00:00:00Z */
#define YEAR_9_MS 253402300799999LL   /* 9999-12-31T23:59:59.999Z */

/* Whole days since 1970; a time before counts to the day that it lies in. */
static int64_t days_of(int64_t unix_ms)
{
    return unix_ms / DAY_MS - (unix_ms % DAY_MS < 0);
}

void time_format(int64_t unix_ms, char out[32])
{
    if (unix_ms < YEAR_1_MS) /* RFC 3339 has four digits for the year */
        unix_ms = YEAR_1_MS;
    if (unix_ms > YEAR_9_MS)
        unix_ms = YEAR_9_MS;
    const int64_t days = days_of(unix_ms), rest = unix_ms - days * DAY_MS;
    int64_t y;
    int m, d;
    civil_from_days(days, &y, &m, &d);
    int ms = (int)(rest % 1000), s = (int)(rest / 1000);
    const struct {
        int value, digits;
        char after;
    } parts[] = {{(int)y, 4, '-'},      {m, 2, '-'},      {d, 2, 'T'}, {s / 3600, 2, ':'},
                 {s / 60 % 60, 2, ':'}, {s % 60, 2, '.'}, {ms, 3, 'Z'}};
    for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++) {
        int v = parts[i].value;
        for (int k = parts[i].digits - 1; k >= 0; k--, v /= 10)
            out[k] = (char)('0' + v % 10);
        out += parts[i].digits;
        *out++ = parts[i].after;
    }
    *out = '\0';
}

void time_month(int64_t unix_ms, int64_t *from, int64_t *to)
{
    int64_t y;
    int m, d;
    civil_from_days(days_of(unix_ms), &y, &m, &d);
    *from = days_from_civil(y, m, 1) * DAY_MS;
    *to = (m == 12 ? days_from_civil(y + 1, 1, 1) : days_from_civil(y, m + 1, 1)) * DAY_MS;
}

/* Exactly n digits, advancing *p. */
static bool digits(const char **p, int n, int *ret)
{
    int v = 0;
    for (int i = 0; i < n; i++, (*p)++) {
        if (**p < '0' || **p > '9')
            return false;
        v = v * 10 + (**p - '0');
    }
    *ret = v;
    return true;
}

static bool literal(const char **p, char c)
{
    if (**p != c)
        return false;
    (*p)++;
    return true;
}

/* ".123456" -> 123; absent -> 0. Digits beyond the third are cut. */
static bool fraction(const char **p, int *ms)
{
    int scale = 100, count = 0;
    *ms = 0;
    if (!literal(p, '.'))
        return true;
    for (; **p >= '0' && **p <= '9'; (*p)++, count++, scale /= 10)
        *ms += (**p - '0') * scale;
    return count > 0;
}

/* "Z" or "+02:00" -> minutes east of UTC. */
static bool zone(const char **p, int *minutes)
{
    int h, m, sign;
    *minutes = 0;
    if (**p == 'Z' || **p == 'z') {
        (*p)++;
        return true;
    }
    sign = **p == '+' ? 1 : **p == '-' ? -1 : 0;
    if (sign == 0)
        return false;
    (*p)++;
    if (!digits(p, 2, &h) || !literal(p, ':') || !digits(p, 2, &m) || h > 23 || m > 59)
        return false;
    *minutes = sign * (h * 60 + m);
    return true;
}

static int month_days(int y, int m)
{
    static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    bool leap = (y % 4 == 0 && y % 100 != 0) || y % 400 == 0;
    return days[m - 1] + (m == 2 && leap);
}

int time_parse(const char *text, int64_t *ret)
{
    const char *p = text;
    int y, mo, d, h, mi, s, ms, offset;
    if (!digits(&p, 4, &y) || !literal(&p, '-') || !digits(&p, 2, &mo) || !literal(&p, '-') || !digits(&p, 2, &d))
        return -1;
    if (*p != 'T' && *p != 't' && *p != ' ')
        return -1;
    p++;
    if (!digits(&p, 2, &h) || !literal(&p, ':') || !digits(&p, 2, &mi) || !literal(&p, ':') || !digits(&p, 2, &s))
        return -1;
    if (!fraction(&p, &ms) || !zone(&p, &offset) || *p != '\0')
        return -1;
    /* A leap second (:60) counts as the second after it. */
    if (y < 1 || mo < 1 || mo > 12 || d < 1 || d > month_days(y, mo) || h > 23 || mi > 59 || s > 60)
        return -1;
    int64_t seconds = days_from_civil(y, mo, d) * 86400 + h * 3600 + mi * 60 + s - (int64_t)offset * 60;
    *ret = seconds * 1000 + ms;
    return 0;
}
