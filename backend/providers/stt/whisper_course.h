#ifndef VIVA_PROVIDERS_STT_WHISPER_COURSE_H
#define VIVA_PROVIDERS_STT_WHISPER_COURSE_H
/* What Whisper's rules know of the tokens chosen so far (openai/whisper, decoding.py, ApplyTimestampRules). */

#include "providers/stt/whisper_decode.h"

struct whisper_course {
    const struct whisper_model *m;
    int limit;             /* the last timestamp step inside the window */
    int last, before_last; /* chosen tokens, -1 before there are any */
    int latest_timestamp;  /* token, or -1 */
    struct stt_ending ending;
};

/* window: seconds of sound. */
struct whisper_course whisper_course_begin(const struct whisper_model *m, double window);
/* Forbids in the logits g of what follows whatever may not. What is left to choose from are the tokens from *first on;
 * log probabilities are g minus what is returned. */
double whisper_course_rules(struct whisper_course *c, float *g, int *first);
void whisper_course_take(struct whisper_course *c, int token);

double whisper_log_sum(const float *g, int from, int to); /* of e^g */
int whisper_best(const float *g, int from, int to);
/* How many of n text tokens come before the same words are said over again, too often to be meant; n: they are not. */
size_t whisper_unrepeated(const struct whisper_course *c, const struct whisper_said *t, size_t n);

#endif
