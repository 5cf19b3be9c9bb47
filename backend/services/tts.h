#ifndef VIVA_SERVICES_TTS_H
#define VIVA_SERVICES_TTS_H
/* Text to sound files, over whichever synthesis the settings chose. */

#include "services/services.h"

struct tts_wav {
    const void *data; /* a whole WAV file, in the arena */
    size_t len;
};

enum status tts_wav_of(struct services *s, const char *text, const char *voice, double speed, struct arena *a,
                       struct tts_wav *ret, struct error *err) must_check;

#endif
