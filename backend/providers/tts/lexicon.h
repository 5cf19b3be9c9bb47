#ifndef VIVA_PROVIDERS_TTS_LEXICON_H
#define VIVA_PROVIDERS_TTS_LEXICON_H
#include <stdbool.h>
#include <stddef.h>

enum abbreviation_kind {
    ABBREVIATION_PREFIX,   /* something follows: Dr., e.g. Its dot never ends a sentence */
    ABBREVIATION_SUFFIX,   /* may end a sentence: etc., Inc., Jr. */
    ABBREVIATION_NUMBERED, /* only before a number: No. 5 */
};
struct abbreviation {
    const char *from, *to; /* without the last dot */
    enum abbreviation_kind kind;
    bool exact_case; /* otherwise any case matches */
    bool needs_dot;  /* without its dot it is another word */
};

/* word: n bytes. NULL when it is none. `dot`: a dot follows it. */
const struct abbreviation *lexicon_abbreviation(const char *word, size_t n, bool dot);
/* Fixed ways to say a term ("C++", "k8s", "Node.js"); NULL when it has none. */
const char *lexicon_term(const char *word, size_t n);
/* What a unit after a number is called: "GB" -> "gigabytes"; NULL. `one`: after exactly 1. */
const char *lexicon_unit(const char *unit, size_t n, bool one);
/* Capitals that are read as a word: acronyms such as NASA, and ordinary words written large. */
bool lexicon_read_as_word(const char *word, size_t n);
/* What a symbol on its own or inside a word is called, "" when it is dropped, NULL when it is no symbol. */
const char *lexicon_symbol(char c);

#endif
