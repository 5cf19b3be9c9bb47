#ifndef VIVA_PROVIDERS_ENGINES_H
#define VIVA_PROVIDERS_ENGINES_H
/* The speech engines of a process, loaded once. An engine that cannot load is NULL, its error is kept: the server
 * starts all the same, and `viva check`, /readyz and the interview say what is missing. */

#include "providers/provider.h"

struct engines {
    struct stt *stt;
    struct tts *tts;
    struct vad *vad;
    struct error stt_error, tts_error, vad_error; /* code "" when loaded */
};

/* Names as in the settings: "whisper" | "fake", "piper" | "fake", "silero" | "fake". Never falls back from one to
 * another. */
void engines_load(struct engines *e, const char *stt, const char *tts, const char *vad,
                  const struct provider_config *cfg);
void engines_unload(struct engines *e);
bool engines_ready(const struct engines *e);

#endif
