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

/* The silence that ends an answer. INT64_MAX for words that are not one (ENDPOINT_NONE, _THINKING); 0 for
 * ENDPOINT_DONE. */
int64_t patience_wait(const struct patience *p, const struct endpoint_opinion *o);

#endif
