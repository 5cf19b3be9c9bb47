#ifndef VIVA_PROVIDERS_ENGINES_H
#define VIVA_PROVIDERS_ENGINES_H
/* The engines of a process, loaded once. An engine that cannot load is NULL, its error is kept: the server
 * starts all the same, and `viva check`, /readyz and the interview say what is missing. */

#include "providers/provider.h"

struct engines {
    struct stt *stt;
    struct tts *tts;
    struct vad *vad;
    struct turn *turn;   /* without it ends of turns are told by words and silence alone: later, never wrongly */
    struct embed *embed; /* without it no report is made */
    struct error stt_error, tts_error, vad_error, turn_error, embed_error; /* code "" when loaded */
};

/* As in the settings: "whisper" | "fake", "piper" | "fake", "silero" | "fake", "smart-turn" | "fake", "minilm" |
 * "fake".
 */
struct engine_names {
    const char *stt, *tts, *vad, *turn, *embed;
};

/* Never falls back from one to another. */
void engines_load(struct engines *e, const struct engine_names *names, const struct provider_config *cfg);
void engines_unload(struct engines *e);
bool engines_ready(const struct engines *e); /* for an interview that speaks and hears */

#endif
