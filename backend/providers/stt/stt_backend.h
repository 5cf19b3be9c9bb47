#ifndef VIVA_PROVIDERS_STT_BACKEND_H
#define VIVA_PROVIDERS_STT_BACKEND_H
/* What a speech recogniser implements. Add one: fill this table, list it in stt.c. */

#include "providers/provider.h"

#define STT_BACKEND_VERSION 1

struct stt_backend {
    unsigned version; /* STT_BACKEND_VERSION of the header it was written against */
    const char *name;
    enum status (*open)(const struct provider_config *cfg, void **model, struct error *err) must_check;
    void (*close)(void *model);
    const char *(*describe)(const void *model); /* "whisper/base" */
    /* Called from several threads at once, at most cfg->parallel of them. */
    enum status (*transcribe)(void *model, const float *pcm, size_t n, const struct stt_options *o, struct arena *a,
                              struct transcript **ret, struct error *err) must_check;
};

extern const struct stt_backend stt_whisper, stt_fake;

#endif
