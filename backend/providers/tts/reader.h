#ifndef VIVA_PROVIDERS_TTS_READER_H
#define VIVA_PROVIDERS_TTS_READER_H
/* How one written word is said. script.c cuts the text into words and clauses and asks here for each. */

#include <stdbool.h>
#include <stddef.h>

struct reader {
    void (*say)(void *u, const char *word, size_t n); /* one spoken word */
    void (*pause)(void *u, char mark);                /* a clause ends inside the written word */
    void *u;
    const char *previous, *next; /* the written words around, without punctuation; "" at the ends */
    bool shouting;               /* the whole text is in capitals: they mean nothing */
    bool took_next;              /* set when the next word was said as well ("$5 million") */
};

/* word: n bytes, no punctuation around it. `dot`: a dot followed that may belong to it. */
void reader_word(struct reader *r, const char *word, size_t n, bool dot);
/* Words with spaces between them; those in capitals are spelled. */
void reader_phrase(struct reader *r, const char *phrase);
/* Numbers with all that hangs on them; false when it is not one. In reader_numbers.c. */
bool reader_number(struct reader *r, const char *word, size_t n);

#endif
