#ifndef VIVA_LIVE_ENDPOINT_H
#define VIVA_LIVE_ENDPOINT_H
/* Do these words sound finished? Rules on English words and punctuation as Whisper writes them; other languages fall
 * back to punctuation alone. Pure functions. */

#include <stdbool.h>

enum endpoint_verdict {
    ENDPOINT_NONE,     /* no words */
    ENDPOINT_THINKING, /* nothing but "um", "good question", "let me think": not an answer yet */
    ENDPOINT_HANGING,  /* breaks off: "and", "because", a comma, three dots */
    ENDPOINT_UNCLEAR,  /* no sentence end, but nothing that breaks off either */
    ENDPOINT_FINISHED, /* a sentence end */
    ENDPOINT_DONE,     /* "that's all", "next question please" as the final words */
    ENDPOINT_REPEAT    /* nothing but "could you repeat the question" */
};

/* whole: the answer so far (its last some hundred bytes suffice); piece: what was said last, since the last pause. */
enum endpoint_verdict endpoint_judge(const char *whole, const char *piece);
int endpoint_words(const char *text); /* how many words */

#endif
