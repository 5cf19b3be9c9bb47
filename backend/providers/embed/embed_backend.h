#ifndef VIVA_PROVIDERS_EMBED_BACKEND_H
#define VIVA_PROVIDERS_EMBED_BACKEND_H
/* What a maker of sentence vectors implements. Add one: fill this table, list it in embed.c. */

#include "providers/provider.h"

#define EMBED_BACKEND_VERSION 2

struct embed_backend {
    unsigned version; /* EMBED_BACKEND_VERSION of the header it was written against */
    const char *name;
    enum status (*open)(const struct provider_config *cfg, void **model, struct error *err) must_check;
    void (*close)(void *model);
    /* From several threads at once; out has EMBED_SIZE floats, to be of length 1. */
    enum status (*text)(void *model, const char *text, float *out, struct error *err) must_check;
    /* From several threads at once; fills a zeroed ret by malloc, the vectors' addresses apart. What it leaves there
     * after an error is freed too. */
    enum status (*tokens)(void *model, const char *text, struct embed_tokens *ret, struct error *err) must_check;
};

extern const struct embed_backend embed_minilm, embed_fake;

#endif
