#ifndef VIVA_PROVIDERS_STT_WHISPER_ALIGN_H
#define VIVA_PROVIDERS_STT_WHISPER_ALIGN_H
/* When each word of a decoded window was said: the text is read once more in one go, the heads that follow the sound
 * tell where they looked at each token, the likeliest monotone path through that gives the words' borders (as
 * openai/whisper, timing.py), and the sound's own loudness puts them where it falls and rises. */

#include "providers/stt/whisper_decode.h"

struct whisper_word {
    double start, end; /* seconds in the window; a word is loud where it begins and ends, unless none of it is */
    const char *text;  /* raw bytes, with the leading space that the model gives */
    double p;          /* geometric mean of its tokens' probabilities */
    size_t span;       /* index of the result's span that it is part of */
};

/* s: as r was decoded from it; its tokens are forgotten. pcm: the n samples of the window without the silence behind.
 * spaced: words of this language are written apart. Result in a; none when the model cannot time words. */
enum status whisper_align(struct whisper_state *s, const float *pcm, size_t n, int language, bool spaced,
                          const struct whisper_result *r, struct arena *a, struct whisper_word **ret, size_t *ret_n,
                          struct error *err) must_check;

#endif
