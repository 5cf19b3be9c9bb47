#ifndef VIVA_PROVIDERS_STT_WHISPER_AHEAD_H
#define VIVA_PROVIDERS_STT_WHISPER_AHEAD_H
/* Greedy decoding needs a run of the decoder for each token, and most of a run is reading the weights. Where it is
 * likely known what will be said, those words are fed along: one run then tells of each of them whether it would have
 * been chosen, and gives as many tokens as were foreseen (speculative decoding: Leviathan et al. 2023, with a text in
 * the place of the small model). The tokens are those that one by one would give, but for the rounding of a
 * quantisation that looks at all that is fed. */

#include "providers/stt/whisper_course.h"

struct whisper_ahead {
    struct whisper_state *state;
    const int64_t *likely; /* text tokens, borrowed; those before `at` have been said */
    size_t n_likely, at;
    int64_t fed[WHISPER_STEP_MAX]; /* of the last run: the first was chosen, the rest foreseen */
    size_t n_fed, taken;           /* how many of them have been chosen by now */
    float *logits;                 /* of the last run, [n_fed, n_vocab] */
    int before;                    /* tokens in the caches before it */
    size_t reach;                  /* how many are foreseen at once: fewer where it went wrong */
};

/* s: the tokens before the first one chosen are in it. */
struct whisper_ahead whisper_ahead_begin(struct whisper_state *s, const int64_t *likely, size_t n_likely);
/* token was chosen, c took it. *g: the logits of what follows, writable, valid until the next step. */
enum status whisper_ahead_step(struct whisper_ahead *x, const struct whisper_course *c, int token, float **g,
                               struct error *err) must_check;

#endif
