#ifndef VIVA_PROVIDERS_TTS_SCRIPT_H
#define VIVA_PROVIDERS_TTS_SCRIPT_H
/* Text as people write it -> words as a voice should say them: numbers, money, dates, times, units, abbreviations,
 * acronyms, addresses and symbols spelled out in English, cut into clauses by its punctuation. Pure; nothing of espeak
 * is needed. */

#include "base/arena.h"
#include "base/status.h"

#define SCRIPT_TEXT_MAX 100000 /* bytes */

struct spoken_word {
    const char *text; /* for espeak-ng: a word, or "[[phonemes]]" for spelled letters */
    size_t source;    /* index into written */
};

struct clause {
    size_t first, n; /* of words */
    char mark;       /* , . ? ! ; : after it, or 0 where it was only cut for its length */
};

struct script {
    const struct spoken_word *words;
    size_t n_words;
    const struct clause *clauses; /* none is empty */
    size_t n_clauses;
    const char **written; /* the words of the text as written */
    size_t n_written;
};

/* STATUS_INVALID "text_empty" when there is nothing to say, STATUS_TOO_LARGE beyond SCRIPT_TEXT_MAX. All in a. */
enum status script_make(const char *text, struct arena *a, struct script **ret, struct error *err) must_check;

/* "one hundred twenty-three" is written "one hundred twenty three". out must hold 256 bytes. */
void number_words(unsigned long long n, char *out);
void ordinal_words(unsigned long long n, char *out);
void year_words(unsigned n, char *out);

#endif
