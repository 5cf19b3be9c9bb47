#ifndef VIVA_SERVICES_TTS_H
#define VIVA_SERVICES_TTS_H
/* Text to sound files, over whichever synthesis the settings chose. */

#include "models/speech.h"
#include "providers/audio.h"
#include "services/services.h"

struct tts_sound {
    struct arena *arena;   /* what the rest lives in */
    struct speech *speech; /* samples, phonemes, words */
    struct buf file;       /* the sound as a file of the format asked for */
};
#define TTS_SOUND_INIT                                                                                                 \
    {                                                                                                                  \
        NULL                                                                                                           \
    }
void tts_sound_free(struct tts_sound *t); /* also for cleanup() */

/* STATUS_UNAVAILABLE "engine_missing" without an engine, "speech_busy" (services/speech_door.h); STATUS_INVALID for a
 * text, voice or speed that cannot be spoken; STATUS_TOO_LARGE "text_too_long" (field text); of audio_encode() what
 * concerns the format (field format). *ret must be empty, and is to be freed whatever is returned. */
enum status tts_sound_make(struct services *s, const char *text, const char *voice, double speed,
                           enum audio_format format, struct tts_sound *ret, struct error *err) must_check;

/* The file in base64 beside the times of phonemes and words; lives as long as t. */
enum status tts_sound_timed(const struct tts_sound *t, enum audio_format format, struct tts_timed **ret,
                            struct error *err) must_check;

#endif
