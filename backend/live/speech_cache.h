#ifndef VIVA_LIVE_SPEECH_CACHE_H
#define VIVA_LIVE_SPEECH_CACHE_H
/* Synthesised speech by content (voice, speed and text), shared by all sessions and made once even when many ask at the
 * same time; heard from its first part on while the rest is being made. Least recently used goes first when it holds
 * more than its bytes. Thread-safe. */

#include "live/speech_line.h"
#include "providers/provider.h"

#include <stdatomic.h>

/* A sentence, or a clause of a long one. Immutable. */
struct spoken_part {
    struct spoken_part *_Atomic next;
    int16_t *pcm;
    size_t n_samples;
    int64_t duration_ms;
    char *phonemes, *words; /* JSON arrays as the protocol sends them; times go on from part to part */
};

enum spoken_state { SPOKEN_GROWS, SPOKEN_WHOLE, SPOKEN_FAILED /* what there is, is all there will be */ };

/* Reference-counted; grows part by part while it is being made. Never without a part. */
struct spoken {
    atomic_int refs, state; /* state: looked at before the parts, it says whether those that follow are the last */
    unsigned sample_rate;
    struct spoken_part *_Atomic first;
};
struct spoken *spoken_ref(struct spoken *s);
struct spoken *spoken_unref(struct spoken *s); /* takes NULL, returns NULL */
/* The part after that one (NULL: the first); NULL: there is none yet. Belongs to s. */
const struct spoken_part *spoken_next(const struct spoken *s, const struct spoken_part *after);

struct speech_cache;

/* Called each time there is more of it, and with `last` once, when there will be no more; on a speech thread, or on the
 * caller's before speech_cache_get returns (then perhaps after the last: the caller keeps u until it has returned).
 * s is borrowed; NULL: failed. */
typedef void spoken_ready(void *u, int tag, struct spoken *s, bool last);

/* tts may be NULL: everything fails. */
struct speech_cache *speech_cache_new(struct tts *tts, struct speech_line *line, size_t max_bytes);
/* After speech_line_free. */
struct speech_cache *speech_cache_free(struct speech_cache *c);
/* What is said, and how: speed 1.0 is the voice's own. */
struct wording {
    const char *voice, *text;
    double speed;
};
/* ready NULL: only render ahead. SPEECH_NOW: a long sentence sounds from its first clause on; else sentence by
 * sentence.
 */
void speech_cache_get(struct speech_cache *c, const struct wording *what, enum speech_urgency urgency,
                      spoken_ready *ready, void *u, int tag);

#endif
