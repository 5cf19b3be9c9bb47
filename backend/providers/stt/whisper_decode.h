#ifndef VIVA_PROVIDERS_STT_WHISPER_DECODE_H
#define VIVA_PROVIDERS_STT_WHISPER_DECODE_H
/* Decoding of one window with Whisper's rules for timestamps (whisper_course.h). */

#include "providers/stt/whisper_model.h"

#define WHISPER_PROMPT_MAX 100 /* tokens of words to expect */
#define WHISPER_LIKELY_MAX 224 /* tokens: as many as a window has */

struct whisper_span {
    double start, end; /* seconds in the window */
    const char *text;  /* raw: with the leading space that the model gives */
    size_t first, n;   /* its tokens in the result's */
};

struct whisper_said {
    int token;
    float logprob;
};

struct whisper_result {
    struct whisper_span *spans;
    size_t n_spans;
    struct whisper_said *said; /* the text tokens of all spans, in order */
    size_t n_said;
    double sum_logprob; /* over n_tokens, the end token included */
    size_t n_tokens;
    double no_speech; /* probability at the start token */
    bool looped;      /* it began to repeat itself; what is here was said before that */
    bool cut;         /* the token limit ended it: there may be more after the last span */
    struct stt_ending ending;
};

struct whisper_decode_options {
    int language; /* index into the model's languages, or -1 for models with only one */
    const int64_t *prompt;
    size_t n_prompt;
    const int64_t *likely; /* text tokens that it will likely say (whisper_ahead.h) */
    size_t n_likely;
    float *languages; /* filled as by whisper_detect, on the way; may be NULL */
    size_t beam;      /* how many courses are followed side by side; up to 1: only the likeliest token at each step */
};

/* Log probabilities of the languages at the start token, [n_languages]. s: freshly encoded, and left so. */
enum status whisper_detect(struct whisper_state *s, float *log_p, struct error *err) must_check;

/* s: freshly encoded; window: seconds of sound in it, tail excluded. The texts live in a. */
enum status whisper_decode(struct whisper_state *s, double window, const struct whisper_decode_options *o,
                           struct arena *a, struct whisper_result *ret, struct error *err) must_check;

#endif
