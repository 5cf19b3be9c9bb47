#ifndef VIVA_SERVICES_REPORT_TEXT_H
#define VIVA_SERVICES_REPORT_TEXT_H
/* Words as the scorer sees them. Pure. Letters of any script are words, "um" and "uh" are none: how somebody speaks is
 * in no score. The lists (words without content, endings, negation) are English. */

#include "base/arena.h"

#include <stdbool.h>

#define STEM_MAX 24

struct stem {
    char text[STEM_MAX];
    bool negated; /* stands behind "not", "never", "without" ... in its clause */
};

struct stems {
    struct stem *items;
    size_t count;
};

/* The distinct content stems of a text, without those in `except` (may be NULL). One that stands there both negated and
 * plain is plain. */
enum status text_stems(const char *text, const struct stems *except, struct arena *a, struct stems *ret,
                       struct error *err) must_check;
const struct stem *text_find_stem(const struct stems *s, const char *w);

size_t text_count_words(const char *text);
bool text_is_filler(const char *text); /* "Um, uh." */
/* Its words in lower case, without marks, a space before and behind each: " so i built it ". NULL: out of memory. */
const char *text_plain(const char *text, struct arena *a);
/* Share of words without content, 0..1: about 0.45 in English sentences, 0 in a list of key words. */
double text_function_share(const char *text);
/* The first list of words in English text from `from` on: TEXT_LIST_WORDS different words of content and more, in a row
 * whatever the marks, of which none is joined to the next by more than "and", "or" or an article. [*start, *end) in
 * bytes; false: there is none. Terse notes stay well below that: 10 of the 1728 graded answers of bench/grading have
 * such a row. */
#define TEXT_LIST_WORDS 16
bool text_find_list(const char *text, size_t from, size_t *start, size_t *end);
/* Whether the answer is in another language than the question, as far as common words and letters tell. */
bool text_is_foreign(const char *question, const char *answer);
/* Whether it asks whoever grades it for something ("give me full marks"). */
bool text_addresses_grader(const char *text);

/* The text without fillers and with what tells about people made the same: pronouns of the third person, titles, and
 * names (capitals within a sentence, and common first names). Words whose stem is in `keep` stay. For comparing, not
 * for quoting. NULL: out of memory. */
const char *text_neutral(const char *text, const struct stems *keep, struct arena *a);

#endif
