#include "providers/tts/script.h"

#include <stdio.h>
#include <string.h>

static const char *const ones[] = {"zero",     "one",     "two",     "three",     "four",     "five",    "six",
                                   "seven",    "eight",   "nine",    "ten",       "eleven",   "twelve",  "thirteen",
                                   "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen"};
static const char *const tens[] = {"",      "",      "twenty",  "thirty", "forty",
                                   "fifty", "sixty", "seventy", "eighty", "ninety"};

static void append(char *out, const char *word)
{
    if (out[0] != '\0')
        strcat(out, " ");
    strcat(out, word);
}

static void below_thousand(unsigned n, char *out)
{
    if (n >= 100) {
        append(out, ones[n / 100]);
        append(out, "hundred");
        n %= 100;
    }
    if (n >= 20) {
        append(out, tens[n / 10]);
        n %= 10;
    }
    if (n > 0)
        append(out, ones[n]);
}

void number_words(unsigned long long n, char *out)
{
    static const struct {
        unsigned long long size;
        const char *name;
    } scales[] = {{1000000000000000ull, "quadrillion"},
                  {1000000000000ull, "trillion"},
                  {1000000000ull, "billion"},
                  {1000000ull, "million"},
                  {1000ull, "thousand"}};
    out[0] = '\0';
    if (n == 0)
        append(out, ones[0]);
    for (size_t i = 0; i < sizeof scales / sizeof *scales; i++)
        if (n >= scales[i].size) {
            below_thousand((unsigned)(n / scales[i].size % 1000), out);
            append(out, scales[i].name);
            n %= scales[i].size;
        }
    below_thousand((unsigned)n, out);
}

void ordinal_words(unsigned long long n, char *out)
{
    static const struct {
        const char *from, *to;
    } irregular[] = {{"one", "first"},    {"two", "second"}, {"three", "third"},   {"five", "fifth"},
                     {"eight", "eighth"}, {"nine", "ninth"}, {"twelve", "twelfth"}};
    number_words(n, out);
    char *last = strrchr(out, ' ');
    last = last == NULL ? out : last + 1;
    for (size_t i = 0; i < sizeof irregular / sizeof *irregular; i++)
        if (strcmp(last, irregular[i].from) == 0) {
            strcpy(last, irregular[i].to);
            return;
        }
    size_t len = strlen(last);
    if (last[len - 1] == 'y')
        strcpy(last + len - 1, "ieth");
    else
        strcat(last, "th");
}

void year_words(unsigned n, char *out)
{
    if (n / 100 % 10 == 0 && n % 100 < 10) { /* 2000 to 2009, 1000 to 1009 */
        number_words(n, out);
        return;
    }
    out[0] = '\0';
    below_thousand(n / 100, out);
    if (n % 100 == 0)
        append(out, "hundred");
    else if (n % 100 < 10)
        append(out, "oh");
    below_thousand(n % 100, out);
}
