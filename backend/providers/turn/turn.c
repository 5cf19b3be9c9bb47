#include "providers/turn/turn_backend.h"

#include <stdlib.h>
#include <string.h>

static const struct turn_backend *const backends[] = {&turn_smart, &turn_fake};

struct turn {
    const struct turn_backend *backend;
    void *model;
};

enum status turn_new(const char *name, const struct provider_config *cfg, struct turn **ret, struct error *err)
{
    for (size_t i = 0; i < sizeof backends / sizeof *backends; i++) {
        if (strcmp(backends[i]->name, name) != 0 || backends[i]->version != TURN_BACKEND_VERSION)
            continue;
        struct turn *t = calloc(1, sizeof *t);
        if (t == NULL)
            return error_set(err, STATUS_NO_MEMORY, "out_of_memory", NULL, "no memory for the turn detector");
        t->backend = backends[i];
        enum status st = t->backend->open(cfg, &t->model, err);
        if (st != STATUS_OK) {
            free(t);
            return st;
        }
        *ret = t;
        return STATUS_OK;
    }
    return error_set(err, STATUS_INVALID, "provider_unknown", "TURN_PROVIDER",
                     "there is no turn detector \"%.40s\": use smart-turn", name);
}

struct turn *turn_free(struct turn *t)
{
    if (t != NULL) {
        t->backend->close(t->model);
        free(t);
    }
    return NULL;
}

const char *turn_name(const struct turn *t)
{
    return t->backend->name;
}

enum status turn_judge(struct turn *t, const float *pcm, size_t n, float *probability, struct error *err)
{
    float *sound = calloc(TURN_SAMPLES, sizeof *sound);
    if (sound == NULL)
        return error_set(err, STATUS_NO_MEMORY, "out_of_memory", NULL, "no memory for the turn detector");
    if (n > TURN_SAMPLES) {
        pcm += n - TURN_SAMPLES;
        n = TURN_SAMPLES;
    }
    if (n > 0)
        memcpy(sound + TURN_SAMPLES - n, pcm, n * sizeof *pcm);
    enum status st = t->backend->judge(t->model, sound, probability, err);
    free(sound);
    return st;
}
