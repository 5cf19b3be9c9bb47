#include "base/clock.h"
#include "base/latency.h"
#include "providers/gate.h"
#include "providers/stt/stt_backend.h"

#include <stdlib.h>
#include <string.h>

static const struct stt_backend *const backends[] = {&stt_whisper, &stt_fake};

struct stt {
    const struct stt_backend *backend;
    void *model;
    struct gate gate;
    struct latency *latency; /* NULL: not measured */
};

enum status stt_new(const char *name, const struct provider_config *cfg, struct stt **ret, struct error *err)
{
    for (size_t i = 0; i < sizeof backends / sizeof *backends; i++) {
        if (strcmp(backends[i]->name, name) != 0 || backends[i]->version != STT_BACKEND_VERSION)
            continue;
        struct stt *s = calloc(1, sizeof *s);
        if (s == NULL)
            return error_set(err, STATUS_NO_MEMORY, "out_of_memory", NULL, "no memory for speech recognition");
        s->backend = backends[i];
        enum status st = s->backend->open(cfg, &s->model, err);
        if (st != STATUS_OK) {
            free(s);
            return st;
        }
        gate_init(&s->gate, cfg->parallel);
        s->latency = latency_new();
        *ret = s;
        return STATUS_OK;
    }
    return error_set(err, STATUS_INVALID, "provider_unknown", "STT_PROVIDER",
                     "there is no speech recognition \"%.40s\": use whisper", name);
}

struct stt *stt_free(struct stt *s)
{
    if (s != NULL) {
        s->backend->close(s->model);
        gate_destroy(&s->gate);
        latency_free(s->latency);
        free(s);
    }
    return NULL;
}

const char *stt_name(const struct stt *s)
{
    return s->backend->describe(s->model);
}

enum status stt_transcribe(struct stt *s, const float *pcm, size_t n, const struct stt_options *o, struct arena *a,
                           struct transcript **ret, struct error *err)
{
    static const struct stt_options none;

    const int64_t begun = clock_elapsed_us();
    gate_enter(&s->gate);
    enum status st = s->backend->transcribe(s->model, pcm, n, o == NULL ? &none : o, a, ret, err);
    gate_leave(&s->gate);
    if (st == STATUS_OK)
        latency_add(s->latency, clock_mono_ms(&clock_system), clock_elapsed_us() - begun);
    return st;
}

struct latency *stt_latency(const struct stt *s)
{
    return s->latency;
}
