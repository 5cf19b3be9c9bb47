#ifndef VIVA_PROVIDERS_VAD_BACKEND_H
#define VIVA_PROVIDERS_VAD_BACKEND_H
/* What a voice activity detector implements. Add one: fill this table, list it in vad.c. */

#include "providers/provider.h"

#define VAD_BACKEND_VERSION 1

struct vad_backend {
    unsigned version; /* VAD_BACKEND_VERSION of the header it was written against */
    const char *name;
    /* model: shared by all streams, used from several threads at once. */
    enum status (*open)(const struct provider_config *cfg, void **model, struct error *err) must_check;
    void (*close)(void *model);
    enum status (*stream_open)(void *model, void **stream, struct error *err) must_check;
    void (*stream_close)(void *stream);
    void (*stream_reset)(void *stream);
    enum status (*stream_push)(void *stream, const float *pcm, float *probability, struct error *err) must_check;
};

extern const struct vad_backend vad_silero, vad_fake;

#endif
