#ifndef VIVA_LIVE_PATIENCE_H
#define VIVA_LIVE_PATIENCE_H
/* How long a silence has to last before the interviewer takes its turn, by what was said and how it sounded. */

#include "live/endpoint.h"

#include <stdint.h>

/* ms */
struct patience {
    int64_t sure_ms;     /* the words make a sentence, and the voice sounds finished */
    int64_t finished_ms; /* the words make a sentence; of the voice nothing is known, or nothing clear */
    int64_t hanging_ms;  /* the words hang ("and", "so um"), or the voice goes on */
    int64_t prompt_ms;   /* nothing said yet: a gentle prompt after this */
};

/* "quick" | "normal" | "patient"; NULL when unknown. */
const struct patience *patience_named(const char *name);

/* How long this candidate pauses after what could have been the end, and then goes on. All zero: not known yet. */
struct pauses {
    int64_t usual_ms;
};

/* Somebody went on after so much silence. A longer pause than usual counts at once, a shorter one little by little. */
void pauses_add(struct pauses *s, int64_t silent_ms);
/* p for somebody who pauses so: never less, and no more than between two sentences is still natural. */
struct patience patience_for(const struct patience *p, const struct pauses *s);

/* The silence that ends an answer. INT64_MAX for words that are not one (ENDPOINT_NONE, _THINKING); 0 for
 * ENDPOINT_DONE. */
int64_t patience_wait(const struct patience *p, const struct endpoint_opinion *o);

#endif
