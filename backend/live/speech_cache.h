#ifndef VIVA_LIVE_SPEECH_CACHE_H
#define VIVA_LIVE_SPEECH_CACHE_H
/* Synthesised speech by content (voice, speed and text), shared by all sessions and made once even when many ask at the
 * same time. Least recently used goes first when it holds more than its bytes. Thread-safe. */

#include "live/speech_line.h"
#include "providers/provider.h"

#include <stdatomic.h>

/* Immutable, reference-counted. */
struct spoken {
    atomic_int refs;
    int16_t *pcm;
    size_t n_samples;
    unsigned sample_rate;
    int64_t duration_ms;
    char *phonemes, *words; /* JSON arrays as the protocol sends them */
};
struct spoken *spoken_ref(struct spoken *s);
struct spoken *spoken_unref(struct spoken *s); /* takes NULL, returns NULL */

struct speech_cache;

/* Called once per request, on a speech thread, or on the caller's before speech_cache_get returns. s is borrowed; NULL:
 * failed. */
typedef void spoken_ready(void *u, int tag, struct spoken *s);

/* tts may be NULL: everything fails. */
struct speech_cache *speech_cache_new(struct tts *tts, struct speech_line *line, size_t max_bytes);
/* After speech_line_free. */
struct speech_cache *speech_cache_free(struct speech_cache *c);
/* What is said, and how: speed 1.0 is the voice's own. */
struct wording {
    const char *voice, *text;
    double speed;
};
/* ready NULL: only render ahead. */
void speech_cache_get(struct speech_cache *c, const struct wording *what, enum speech_urgency urgency,
                      spoken_ready *ready, void *u, int tag);

#endif
