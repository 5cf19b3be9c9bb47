#ifndef VIVA_LIVE_ENDPOINT_H
#define VIVA_LIVE_ENDPOINT_H
/* Is the answer over? By its words (rules on English words, and punctuation as Whisper writes it; of other languages
 * punctuation alone), by ear, and by how the recogniser would have gone on. Pure functions. */

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

/* What else is known of the end of what was said last. All zero: nothing. */
struct endpoint_signs {
    bool judged;  /* turn is known */
    double turn;  /* probability, by ear, that the speaker has finished */
    bool written; /* the others are known: struct stt_ending, providers/provider.h */
    double stop, pause, trail, word, end;
    bool compared;  /* covered is known */
    double covered; /* how much of the question's rubric the words so far cover, 0..1 */
};

struct endpoint_opinion {
    enum endpoint_verdict verdict;
    double over; /* 0..1: how likely it is that nothing more is to come, of words that may be an answer */
};

#define ENDPOINT_UNDECIDED 0.6 /* over: of a sentence of which nothing more is known */

/* whole: the answer so far (its last some hundred bytes suffice); piece: what was said last, since the last pause. */
struct endpoint_opinion endpoint_judge(const char *whole, const char *piece, const struct endpoint_signs *signs);
int endpoint_words(const char *text); /* how many words */

#endif
