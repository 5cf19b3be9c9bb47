#ifndef VIVA_PROVIDERS_TURN_BACKEND_H
#define VIVA_PROVIDERS_TURN_BACKEND_H
/* What a judge of ends of turns implements. Add one: fill this table, list it in turn.c. */

#include "providers/provider.h"

#define TURN_BACKEND_VERSION 1

struct turn_backend {
    unsigned version; /* TURN_BACKEND_VERSION of the header it was written against */
    const char *name;
    enum status (*open)(const struct provider_config *cfg, void **model, struct error *err) must_check;
    void (*close)(void *model);
    /* From several threads at once; pcm has TURN_SAMPLES samples. */
    enum status (*judge)(void *model, const float *pcm, float *probability, struct error *err) must_check;
};

extern const struct turn_backend turn_smart, turn_fake;

#endif
