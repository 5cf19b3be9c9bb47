#ifndef VIVA_SERVICES_REPORT_TIMES_H
#define VIVA_SERVICES_REPORT_TIMES_H
/* When each word of an utterance was said. As the recogniser heard it where it says so (utterance.words); else in
 * proportion to its place in the text. */

#include "models/session.h"

struct spoken_word {
    size_t at, len;                       /* bytes of the utterance's text */
    double start_ms, end_ms, probability; /* from the answer's start; probability NAN: not known */
};
struct spoken_words {
    struct spoken_word *items;
    size_t count;
    bool heard; /* times are the recogniser's own */
};

enum status times_of_words(const struct utterance *u, struct arena *a, struct spoken_words *ret,
                           struct error *err) must_check;
/* From the first to the last word that bytes at .. at+len touch; times untouched when there is none. */
void times_of_span(const struct spoken_words *w, size_t at, size_t len, double *start_ms, double *end_ms);

#endif
