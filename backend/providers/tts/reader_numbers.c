/* Words with digits: money, percentages, times, dates, ranges, ordinals, years, telephone numbers, versions, units. */

#include "providers/tts/lexicon.h"
#include "providers/tts/reader.h"
#include "providers/tts/script.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define SAID_MAX 256

static const char *const months[] = {"January", "February", "March",     "April",   "May",      "June",
                                     "July",    "August",   "September", "October", "November", "December"};

static bool digit(char c)
{
    return c >= '0' && c <= '9';
}

static size_t digits(const char *s, size_t n)
{
    size_t i = 0;
    while (i < n && digit(s[i]))
        i++;
    return i;
}

static unsigned long long value(const char *s, size_t n)
{
    unsigned long long v = 0;
    for (size_t i = 0; i < n; i++)
        if (digit(s[i]))
            v = v * 10 + (unsigned)(s[i] - '0');
    return v;
}

static void say_number(struct reader *r, unsigned long long v)
{
    char said[SAID_MAX];
    number_words(v, said);
    reader_phrase(r, said);
}

static void say_digits(struct reader *r, const char *s, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (digit(s[i]))
            say_number(r, (unsigned)(s[i] - '0'));
}

/* 12 | 1,250 | 1,250.75 | .5: length, or 0. *point: where the fraction's digits begin, or the length. */
static size_t scan_decimal(const char *s, size_t n, size_t *point)
{
    size_t i = digits(s, n);
    if (i > 0 && i <= 3)
        while (i + 3 < n && s[i] == ',' && digits(s + i + 1, n - i - 1) == 3)
            i += 4;
    if (i > 0 && i <= 3 && i + 4 == n && s[i] == ',' && digits(s + i + 1, 3) == 3)
        i += 4;
    *point = i;
    if (i + 1 < n && s[i] == '.' && digit(s[i + 1])) {
        *point = i + 1;
        i += 1 + digits(s + i + 1, n - i - 1);
    }
    return i > 0 ? i : 0;
}

static void say_decimal(struct reader *r, const char *s, size_t n, size_t point)
{
    const size_t whole = point == n ? n : point - 1;
    size_t count = 0;
    for (size_t i = 0; i < whole; i++)
        count += digit(s[i]);
    if (count > 15 || (count > 1 && s[0] == '0' && point == n))
        say_digits(r, s, whole);
    else
        say_number(r, value(s, whole));
    if (point < n) {
        reader_phrase(r, "point");
        say_digits(r, s + point, n - point);
    }
}

static bool is_one(const char *s, size_t n)
{
    return n == 1 && s[0] == '1';
}

static const char *magnitude(const char *word)
{
    static const char *const names[] = {"thousand", "million", "billion", "trillion", "hundred"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (strcasecmp(word, names[i]) == 0)
            return names[i];
    return NULL;
}

/* The symbol's bytes, or 0. */
static size_t currency(const char *s, size_t n, const char **one, const char **many, const char **cents)
{
    static const struct {
        const char *symbol, *one, *many, *cents;
    } all[] = {{"$", "dollar", "dollars", "cents"},
               {"\u20ac", "euro", "euros", "cents"},
               {"\u00a3", "pound", "pounds", "pence"},
               {"\u00a5", "yen", "yen", NULL},
               {"\u20b9", "rupee", "rupees", "paise"}};
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        size_t len = strlen(all[i].symbol);
        if (n > len && strncmp(s, all[i].symbol, len) == 0) {
            *one = all[i].one;
            *many = all[i].many;
            *cents = all[i].cents;
            return len;
        }
    }
    return 0;
}

static bool is_unit_suffix(const char *s, size_t n)
{
    return n == 0 || lexicon_unit(s, n, false) != NULL;
}

/* "$1,250", "$3.50", "$1.5M", "$5 million", "$80k-$100k". */
static bool say_money(struct reader *r, const char *s, size_t n)
{
    const char *one = NULL, *many = NULL, *cents = NULL;
    const bool minus = s[0] == '-';
    size_t skip = currency(s + minus, n - minus, &one, &many, &cents), point = 0;
    if (skip == 0)
        return false;
    s += skip + minus;
    n -= skip + minus;
    size_t len = scan_decimal(s, n, &point);
    if (len == 0)
        return false;
    const char *rest = s + len;
    size_t left = n - len;
    const char *dash = memchr(rest, '-', left);
    const size_t suffix = dash != NULL ? (size_t)(dash - rest) : left;
    if (!is_unit_suffix(rest, suffix) || (suffix > 0 && strchr("kKMBTbm", rest[0]) == NULL))
        return false;
    const char *scale = suffix > 0 ? (rest[0] == 'm' && suffix == 1   ? "million"
                                      : rest[0] == 'b' && suffix == 1 ? "billion"
                                                                      : lexicon_unit(rest, suffix, false))
                                   : NULL;
    if (scale == NULL && dash == NULL && magnitude(r->next) != NULL) {
        scale = magnitude(r->next);
        r->took_next = true;
    }
    if (minus)
        reader_phrase(r, "minus");
    const bool with_cents = scale == NULL && point < len && len - point == 2 && cents != NULL;
    const size_t whole = with_cents ? point - 1 : len;
    if (!with_cents || value(s, whole) > 0) {
        say_decimal(r, s, whole, with_cents ? whole : point);
        if (scale != NULL)
            reader_phrase(r, scale);
        if (dash == NULL)
            reader_phrase(r, is_one(s, whole) && scale == NULL ? one : many);
    }
    if (with_cents && value(s + point, 2) > 0) {
        if (value(s, whole) > 0)
            reader_phrase(r, "and");
        say_number(r, value(s + point, 2));
        reader_phrase(r, value(s + point, 2) == 1 && strcmp(cents, "cents") == 0 ? "cent" : cents);
    }
    if (dash != NULL) {
        reader_phrase(r, "to");
        const char *again = dash + 1;
        size_t again_n = left - suffix - 1;
        if (!say_money(r, again, again_n)) {
            reader_word(r, again, again_n, false);
            reader_phrase(r, many);
        }
    }
    return true;
}

/* "10:30", "9:05am", "14:00". */
static bool say_time(struct reader *r, const char *s, size_t n)
{
    size_t h = digits(s, n);
    if (h < 1 || h > 2 || h + 3 > n || s[h] != ':' || digits(s + h + 1, n - h - 1) != 2)
        return false;
    const unsigned hour = (unsigned)value(s, h), minute = (unsigned)value(s + h + 1, 2);
    const char *rest = s + h + 3;
    const size_t left = n - h - 3;
    const bool half = left == 2 && (strncasecmp(rest, "am", 2) == 0 || strncasecmp(rest, "pm", 2) == 0);
    if (hour > 24 || minute > 59 || (left > 0 && !half))
        return false;
    const bool half_next = strncasecmp(r->next, "am", 2) == 0 || strncasecmp(r->next, "pm", 2) == 0 ||
                           strncasecmp(r->next, "a.m", 3) == 0 || strncasecmp(r->next, "p.m", 3) == 0;
    say_number(r, hour);
    if (minute == 0 && !half && !half_next)
        reader_phrase(r, hour >= 1 && hour <= 12 ? "o'clock" : "hundred");
    if (minute > 0 && minute < 10)
        reader_phrase(r, "oh");
    if (minute > 0)
        say_number(r, minute);
    if (half)
        reader_phrase(r, tolower((unsigned char)rest[0]) == 'a' ? "AM" : "PM");
    return true;
}

static void say_date(struct reader *r, unsigned month, unsigned day, unsigned year)
{
    char said[SAID_MAX];
    reader_phrase(r, months[month - 1]);
    ordinal_words(day, said);
    reader_phrase(r, said);
    if (year > 0) {
        year_words(year, said);
        reader_phrase(r, said);
    }
}

/* "2024-12-25", "12/25/2024", "25.12.2024". */
static bool say_dated(struct reader *r, const char *s, size_t n)
{
    char separator[2] = {0}, end = 0, text[12];
    unsigned x = 0, y = 0, z = 0;
    if (n < 8 || n > 10)
        return false;
    memcpy(text, s, n);
    text[n] = '\0';
    if (sscanf(text, "%4u%1[-/.]%2u%*1[-/.]%4u%c", &x, separator, &y, &z, &end) != 4)
        return false;
    if (separator[0] == '-' && x > 1000 && y >= 1 && y <= 12 && z >= 1 && z <= 31)
        say_date(r, y, z, x);
    else if (separator[0] == '/' && x >= 1 && x <= 12 && y >= 1 && y <= 31 && z > 1000)
        say_date(r, x, y, z);
    else if (separator[0] != '-' && y >= 1 && y <= 12 && x >= 1 && x <= 31 && z > 1000)
        say_date(r, y, x, z);
    else
        return false;
    return true;
}

/* "555-1234", "555-123-4567", "+1-555-...": groups of digits, the last of four. */
static bool say_telephone(struct reader *r, const char *s, size_t n)
{
    size_t groups = 0, last = 0;
    for (size_t i = s[0] == '+'; i < n; i += last + 1) {
        last = digits(s + i, n - i);
        if (last == 0 || last > 4 || (i + last < n && s[i + last] != '-') || (groups > 0 && last < 3))
            return false;
        groups++;
    }
    if (groups < 2 || last != 4 || (groups == 2 && digits(s, n) != 3))
        return false;
    for (size_t i = 0; i < n; i++) {
        if (s[i] == '+')
            reader_phrase(r, "plus");
        else if (s[i] == '-')
            r->pause(r->u, ',');
        else
            say_digits(r, s + i, 1);
    }
    return true;
}

static bool year_like(const char *s, size_t n)
{
    return n == 4 && digits(s, n) == 4 && value(s, n) >= 1900 && value(s, n) <= 2099;
}

static bool after_preposition(const char *word)
{
    static const char *const words[] = {"in",     "since",  "from",  "until",  "by",   "year",
                                        "during", "before", "after", "around", "circa"};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (strcasecmp(word, words[i]) == 0)
            return true;
    return false;
}

static bool is_month(const char *word)
{
    for (size_t i = 0; i < sizeof months / sizeof *months; i++)
        if (strcasecmp(word, months[i]) == 0 || (strlen(word) == 3 && strncasecmp(word, months[i], 3) == 0))
            return isupper((unsigned char)word[0]) != 0;
    return false;
}

/* "1st", "1990s", "'90s", "2019", "in 1776". */
static bool say_ordinal_or_year(struct reader *r, const char *s, size_t n)
{
    char said[SAID_MAX];
    const size_t d = digits(s, n), left = n - d;
    const char *rest = s + d;
    if (d == 0 || d > 12)
        return false;
    if (left == 2 && (strncasecmp(rest, "st", 2) == 0 || strncasecmp(rest, "nd", 2) == 0 ||
                      strncasecmp(rest, "rd", 2) == 0 || strncasecmp(rest, "th", 2) == 0)) {
        ordinal_words(value(s, d), said);
        reader_phrase(r, said);
        return true;
    }
    if (left == 0 && d <= 2 && value(s, d) >= 1 && value(s, d) <= 31 && is_month(r->previous)) {
        ordinal_words(value(s, d), said);
        reader_phrase(r, said);
        return true;
    }
    const bool decade = left == 1 && rest[0] == 's' && s[d - 1] == '0' && (d == 2 || d == 4);
    const bool year =
        left == 0 &&
        (year_like(s, d) || (d == 4 && value(s, d) > 1100 && value(s, d) < 1900 && after_preposition(r->previous)));
    if (!decade && !year)
        return false;
    if (year && lexicon_unit(r->next, strlen(r->next), false) != NULL)
        return false;
    if (d == 4)
        year_words((unsigned)value(s, d), said);
    else
        number_words(value(s, d), said);
    if (decade) {
        size_t len = strlen(said);
        if (said[len - 1] == 'y')
            strcpy(said + len - 1, "ies");
        else
            strcat(said, "s");
    }
    reader_phrase(r, said);
    return true;
}

/* "1/2", "3/4", "9/10"; "3-5", "2019-2021", "10-15%". */
static bool say_pair(struct reader *r, const char *s, size_t n)
{
    char said[SAID_MAX];
    size_t point = 0, a = scan_decimal(s, n, &point);
    if (a == 0 || a + 1 >= n)
        return false;
    const char *second = s + a + 1;
    const size_t left = n - a - 1, d = digits(second, left);
    if (s[a] == '/' && d == left && d > 0 && point == a) {
        const unsigned long long x = value(s, a), y = value(second, d);
        say_number(r, x);
        if (y == 2 || y == 4 || (y >= 3 && y <= 10 && x < y)) {
            if (y == 2)
                strcpy(said, x == 1 ? "half" : "halves");
            else if (y == 4)
                strcpy(said, x == 1 ? "quarter" : "quarters");
            else
                ordinal_words(y, said);
            if (y != 2 && y != 4 && x != 1)
                strcat(said, "s");
            reader_phrase(r, said);
        } else {
            reader_phrase(r, "over");
            say_number(r, y);
        }
        return true;
    }
    if (s[a] == '-' && d > 0) {
        reader_word(r, s, a, false);
        reader_phrase(r, "to");
        reader_word(r, second, left, false);
        return true;
    }
    return false;
}

/* "2.0.1", "192.168.0.1", "v2.1": digits with two dots or more. */
static bool say_version(struct reader *r, const char *s, size_t n)
{
    size_t dots = 0;
    const bool v = n > 1 && (s[0] == 'v' || s[0] == 'V') && digit(s[1]);
    for (size_t i = v; i < n; i++) {
        if (!digit(s[i]) && s[i] != '.')
            return false;
        dots += s[i] == '.';
    }
    if (!v && dots < 2)
        return false;
    if (v)
        reader_phrase(r, "version");
    for (size_t i = v; i < n;) {
        size_t d = digits(s + i, n - i);
        if (d > 0)
            say_decimal(r, s + i, d, d);
        i += d;
        if (i < n && d + 1 > 0) {
            if (i + 1 < n)
                reader_phrase(r, "point");
            i++;
        }
    }
    return true;
}

/* "5", "-5", "1,250.75", "10km", "3x", "50%", "4.5GB/s", "20/hour". */
static bool say_quantity(struct reader *r, const char *s, size_t n)
{
    size_t point = 0, sign = s[0] == '-' || s[0] == '+', len = scan_decimal(s + sign, n - sign, &point);
    if (len == 0 && n > sign + 1 && s[sign] == '.' && digit(s[sign + 1])) { /* ".5" */
        point = 1;
        len = 1 + digits(s + sign + 1, n - sign - 1);
    }
    if (len == 0)
        return false;
    const char *number = s + sign, *unit = number + len;
    const size_t unit_n = n - sign - len;
    const char *unit_said = unit_n > 0 ? lexicon_unit(unit, unit_n, is_one(number, len)) : NULL;
    if (unit_n > 0 && unit_said == NULL)
        return false;
    if (sign)
        reader_phrase(r, s[0] == '-' ? "minus" : "plus");
    if (number[0] == '.') {
        reader_phrase(r, "point");
        say_digits(r, number + 1, len - 1);
    } else {
        say_decimal(r, number, len, point);
    }
    if (unit_said != NULL)
        reader_phrase(r, unit_said);
    else if (lexicon_unit(r->next, strlen(r->next), false) != NULL && strlen(r->next) > 1 &&
             islower((unsigned char)r->next[0]) && strcmp(r->next, "am") != 0 && strcmp(r->next, "pm") != 0 &&
             strcmp(r->next, "us") != 0) {
        reader_phrase(r, lexicon_unit(r->next, strlen(r->next), is_one(number, len)));
        r->took_next = true;
    }
    return true;
}

bool reader_number(struct reader *r, const char *s, size_t n)
{
    bool any = false;
    for (size_t i = 0; i < n; i++)
        any = any || digit(s[i]);
    return any && (say_money(r, s, n) || say_time(r, s, n) || say_dated(r, s, n) || say_telephone(r, s, n) ||
                   say_ordinal_or_year(r, s, n) || say_quantity(r, s, n) || say_pair(r, s, n) || say_version(r, s, n));
}
