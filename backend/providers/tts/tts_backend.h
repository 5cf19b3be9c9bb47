#ifndef VIVA_PROVIDERS_TTS_BACKEND_H
#define VIVA_PROVIDERS_TTS_BACKEND_H
/* What a voice implements. Add one: fill this table, list it in tts.c. */

#include "providers/provider.h"

#define TTS_BACKEND_VERSION 2

struct tts_backend {
    unsigned version; /* TTS_BACKEND_VERSION of the header it was written against */
    const char *name;
    enum status (*open)(const struct provider_config *cfg, void **model, struct error *err) must_check;
    void (*close)(void *model);
    const char *(*describe)(const void *model); /* "piper/en_US-joe-medium" */
    const struct voice_info *(*voices)(const void *model, size_t *n);
    /* Called from several threads at once, at most cfg->parallel of them. The parts of a speech come in order, each
     * complete in itself (times from its own start); a part lives in a. on_part may stop the synthesis by an error. */
    enum status (*synthesize)(void *model, const char *text, const char *voice, double speed, enum tts_parts parts,
                              struct arena *a, tts_part_fn *on_part, void *u, struct error *err) must_check;
};

extern const struct tts_backend tts_piper, tts_fake;

#endif
