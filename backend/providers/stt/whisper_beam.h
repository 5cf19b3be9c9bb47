#ifndef VIVA_PROVIDERS_STT_WHISPER_BEAM_H
#define VIVA_PROVIDERS_STT_WHISPER_BEAM_H
/* Beam search: several courses are followed side by side, and the one is taken whose tokens are the likeliest on
 * average. As many runs of the decoder a token as there are courses. */

#include "providers/stt/whisper_course.h"

#define WHISPER_BEAM_MAX 8

struct whisper_path {
    struct whisper_said *tokens; /* timestamps among them, and the end token when it was reached */
    size_t n;
    struct stt_ending ending;
    bool cut; /* the token limit ended it */
};

/* g: the logits of what follows, as whisper_step gave them; s must be rewound or cleared after. A course that repeats
 * itself is given up. The tokens live in a. */
enum status whisper_beam(struct whisper_state *s, const struct whisper_course *begin, float *g, size_t width,
                         struct arena *a, struct whisper_path *ret, struct error *err) must_check;

#endif
