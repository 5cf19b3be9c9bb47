#include "providers/tts/reader.h"

#include "providers/tts/lexicon.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

#define LETTERS_MAX 8 /* capitals are spelled up to here; longer is a word written large */
#define WORD_MAX    160

/* espeak-ng's phonemes for the names of the letters: as words, "a" and "I" would be taken for the article and the
 * pronoun. */
static const char *const letter_names[26] = {"eI",   "bi:", "si:", "di:", "i:",       "Ef",  "dZi:", "eItS", "aI",
                                             "dZeI", "keI", "El",  "Em",  "En",       "oU",  "pi:",  "kju:", "A@",
                                             "Es",   "ti:", "ju:", "vi:", "dVb@Lju:", "Eks", "waI",  "zi:"};

static bool letter(char c)
{
    return isalpha((unsigned char)c) || ((unsigned char)c & 0x80) != 0;
}

static bool all(const char *s, size_t n, bool (*is)(char))
{
    for (size_t i = 0; i < n; i++)
        if (!is(s[i]))
            return false;
    return n > 0;
}

static bool upper(char c)
{
    return c >= 'A' && c <= 'Z';
}

/* One spoken word for all letters, stressed on the last, as people say them. */
static void spell(struct reader *r, const char *s, size_t n, bool plural)
{
    char out[WORD_MAX] = "[[";
    for (size_t i = 0; i < n; i++) {
        strcat(out, i + 1 == n ? "'" : ",");
        strcat(out, letter_names[toupper((unsigned char)s[i]) - 'A']);
    }
    if (plural)
        strcat(out, strchr("SXH", s[n - 1]) != NULL ? "Iz" : "z");
    strcat(out, "]]");
    r->say(r->u, out, strlen(out));
}

static void say_plain(struct reader *r, const char *s, size_t n)
{
    char lower[WORD_MAX];
    if (n >= sizeof lower)
        n = sizeof lower - 1;
    const bool large = n > 1 && upper(s[1]); /* "Polish" and "polish" are two words; "POLISH" would be spelled */
    for (size_t i = 0; i < n; i++)
        lower[i] = large ? (char)tolower((unsigned char)s[i]) : s[i];
    r->say(r->u, lower, n);
}

void reader_phrase(struct reader *r, const char *phrase)
{
    while (*phrase != '\0') {
        size_t n = strcspn(phrase, " ");
        const bool plural = n > 2 && phrase[n - 1] == 's' && all(phrase, n - 1, upper);
        if (n <= LETTERS_MAX && all(phrase, n - plural, upper))
            spell(r, phrase, n - plural, plural);
        else if (n > 0)
            say_plain(r, phrase, n);
        phrase += n + (phrase[n] == ' ');
    }
}

static bool vowels(const char *s, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (strchr("AEIOUY", s[i]) != NULL)
            return true;
    return false;
}

/* "API", "APIs", "SQL"; false for words written large. */
static bool say_acronym(struct reader *r, const char *s, size_t n)
{
    const bool possessive = n > 3 && s[n - 2] == '\'' && s[n - 1] == 's';
    const size_t letters = possessive ? n - 2 : n > 2 && s[n - 1] == 's' ? n - 1 : n;
    if (letters < 2 || letters > LETTERS_MAX || !all(s, letters, upper) || lexicon_read_as_word(s, letters))
        return false;
    if (letters == n && (r->shouting || (letters >= 5 && vowels(s, letters))))
        return false;
    spell(r, s, letters, letters < n);
    return true;
}

/* "U.S", "e.g", "J.R.R": letters with a dot between each. */
static bool say_dotted_letters(struct reader *r, const char *s, size_t n)
{
    char letters[LETTERS_MAX];
    size_t count = 0;
    if (n < 3 || n % 2 == 0 || n / 2 + 1 > sizeof letters)
        return false;
    for (size_t i = 0; i < n; i++) {
        if (i % 2 == 0 ? !isalpha((unsigned char)s[i]) : s[i] != '.')
            return false;
        if (i % 2 == 0)
            letters[count++] = s[i];
    }
    spell(r, letters, count, false);
    return true;
}

static bool looks_like_address(const char *s, size_t n)
{
    char text[WORD_MAX];
    if (n >= sizeof text)
        return false;
    memcpy(text, s, n);
    text[n] = '\0';
    const char *at = strchr(text, '@');
    return strstr(text, "://") != NULL || strncasecmp(text, "www.", 4) == 0 ||
           (at != NULL && at != text && strchr(at, '.') != NULL);
}

/* "https://example.com/jobs", "ann@example.com": the scheme is dropped, the signs are said. */
static void say_address(struct reader *r, const char *s, size_t n)
{
    for (size_t i = 0; i + 3 <= n; i++)
        if (strncmp(s + i, "://", 3) == 0) {
            s += i + 3;
            n -= i + 3;
            break;
        }
    if (n > 4 && strncasecmp(s, "www.", 4) == 0) {
        s += 4;
        n -= 4;
    }
    for (size_t i = 0; i < n;) {
        size_t len = 0;
        while (i + len < n && isalnum((unsigned char)s[i + len]))
            len++;
        if (len > 0)
            reader_word(r, s + i, len, false);
        i += len;
        if (i < n && !isalnum((unsigned char)s[i])) {
            const char *name = s[i] == '-'   ? "dash"
                               : s[i] == '_' ? "underscore"
                               : s[i] == ':' ? "colon"
                                             : lexicon_symbol(s[i]);
            if (name != NULL && i + 1 < n)
                reader_phrase(r, name);
            i++;
        }
    }
}

/* Where a word made of several ends first: at a sign, between letters and digits, before a capital after a small
 * letter. */
static size_t first_part(const char *s, size_t n)
{
    for (size_t i = 1; i < n; i++) {
        const char a = s[i - 1], b = s[i];
        const bool same = (letter(a) && letter(b)) || (isdigit((unsigned char)a) && isdigit((unsigned char)b));
        const bool glued =
            b == '\'' || a == '\'' ||
            ((b == '.' || b == ',') && isdigit((unsigned char)a) && i + 1 < n && isdigit((unsigned char)s[i + 1])) ||
            ((a == '.' || a == ',') && isdigit((unsigned char)b));
        const bool plural = b == 's' && i + 1 == n && upper(a);
        if ((!same && !glued) || (islower((unsigned char)a) && upper(b)) ||
            (i + 1 < n && upper(a) && upper(b) && islower((unsigned char)s[i + 1]) &&
             !(s[i + 1] == 's' && i + 2 == n) && !plural))
            return i;
    }
    return n;
}

/* Parts one after the other; the signs between them are said when they carry meaning. */
static void say_parts(struct reader *r, const char *s, size_t n)
{
    while (n > 0) {
        const char *symbol = lexicon_symbol(s[0]);
        size_t len = symbol != NULL || s[0] == '\'' ? 1 : first_part(s, n);
        if (symbol != NULL) {
            if (s[0] == '.' && n > 1 && upper(s[1])) /* "end.Start": a space was forgotten */
                r->pause(r->u, '.');
            else if (s[0] == '*' && n > 1 && isdigit((unsigned char)s[1]))
                reader_phrase(r, "times");
            else if (s[0] != '/')
                reader_phrase(r, symbol);
        } else if (len == 1 && isalpha((unsigned char)s[0])) {
            spell(r, s, 1, false);
        } else if (s[0] != '\'') {
            reader_word(r, s, len, false);
        }
        s += len;
        n -= len;
    }
}

static bool plain_letter(char c)
{
    return letter(c) || c == '\'';
}

static bool roman(const char *s, size_t n, const char **said)
{
    static const char *const numerals[][2] = {{"II", "two"},    {"III", "three"},  {"IV", "four"}, {"VI", "six"},
                                              {"VII", "seven"}, {"VIII", "eight"}, {"IX", "nine"}};
    for (size_t i = 0; i < sizeof numerals / sizeof *numerals; i++)
        if (strlen(numerals[i][0]) == n && strncmp(numerals[i][0], s, n) == 0) {
            *said = numerals[i][1];
            return true;
        }
    return false;
}

static bool say_abbreviation(struct reader *r, const char *s, size_t n, bool dot)
{
    const struct abbreviation *a = lexicon_abbreviation(s, n, dot);
    if (a == NULL)
        return false;
    const bool number_follows = isdigit((unsigned char)r->next[0]);
    if (a->kind == ABBREVIATION_NUMBERED && !number_follows)
        return false;
    if (strcmp(a->to, "saint") == 0 && (upper(r->previous[0]) || !upper(r->next[0])))
        reader_phrase(r, "street");
    else
        reader_phrase(r, a->to);
    return true;
}

void reader_word(struct reader *r, const char *s, size_t n, bool dot)
{
    const char *said = NULL;
    if (n == 0)
        return;
    if (n >= 2 && s[0] == '#' && isdigit((unsigned char)s[1])) {
        reader_phrase(r, "number");
        s++;
        n--;
    }
    if ((said = lexicon_term(s, n)) != NULL)
        reader_phrase(r, said);
    else if (say_abbreviation(r, s, n, dot) || reader_number(r, s, n))
        return;
    else if (roman(s, n, &said) && upper(r->previous[0]) && islower((unsigned char)r->previous[1]))
        reader_phrase(r, said);
    else if (say_acronym(r, s, n) || say_dotted_letters(r, s, n))
        return;
    else if (looks_like_address(s, n))
        say_address(r, s, n);
    else if (n == 1 && isalpha((unsigned char)s[0]) && s[0] != 'a' && s[0] != 'I' && (s[0] != 'A' || dot))
        spell(r, s, 1, false);
    else if (all(s, n, plain_letter) && first_part(s, n) == n)
        say_plain(r, s, n);
    else if (first_part(s, n) < n || lexicon_symbol(s[0]) != NULL)
        say_parts(r, s, n);
    else
        say_plain(r, s, n);
}
