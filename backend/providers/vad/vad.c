#include "base/clock.h"
#include "base/latency.h"
#include "providers/vad/vad_backend.h"

#include <stdlib.h>
#include <string.h>

static const struct vad_backend *const backends[] = {&vad_silero, &vad_fake};

struct vad {
    const struct vad_backend *backend;
    void *model;
    struct latency *latency; /* NULL: not measured */
};

struct vad_stream {
    struct vad *vad;
    const struct vad_backend *backend;
    void *stream;
};

enum status vad_new(const char *name, const struct provider_config *cfg, struct vad **ret, struct error *err)
{
    for (size_t i = 0; i < sizeof backends / sizeof *backends; i++) {
        if (strcmp(backends[i]->name, name) != 0 || backends[i]->version != VAD_BACKEND_VERSION)
            continue;
        struct vad *v = calloc(1, sizeof *v);
        if (v == NULL)
            return error_set(err, STATUS_NO_MEMORY, "out_of_memory", NULL, "no memory for the voice activity detector");
        v->backend = backends[i];
        enum status st = v->backend->open(cfg, &v->model, err);
        if (st != STATUS_OK) {
            free(v);
            return st;
        }
        v->latency = latency_new();
        *ret = v;
        return STATUS_OK;
    }
    return error_set(err, STATUS_INVALID, "provider_unknown", "VAD_PROVIDER",
                     "there is no voice activity detector \"%.40s\": use silero", name);
}

struct vad *vad_free(struct vad *v)
{
    if (v != NULL) {
        v->backend->close(v->model);
        latency_free(v->latency);
        free(v);
    }
    return NULL;
}

const char *vad_name(const struct vad *v)
{
    return v->backend->name;
}

enum status vad_stream_new(struct vad *v, struct vad_stream **ret, struct error *err)
{
    struct vad_stream *s = calloc(1, sizeof *s);
    if (s == NULL)
        return error_set(err, STATUS_NO_MEMORY, "out_of_memory", NULL, "no memory for the voice activity detector");
    s->vad = v;
    s->backend = v->backend;
    enum status st = s->backend->stream_open(v->model, &s->stream, err);
    if (st != STATUS_OK) {
        free(s);
        return st;
    }
    *ret = s;
    return STATUS_OK;
}

struct vad_stream *vad_stream_free(struct vad_stream *s)
{
    if (s != NULL) {
        s->backend->stream_close(s->stream);
        free(s);
    }
    return NULL;
}

void vad_stream_reset(struct vad_stream *s)
{
    s->backend->stream_reset(s->stream);
}

enum status vad_stream_push(struct vad_stream *s, const float pcm[VAD_FRAME], float *probability, struct error *err)
{
    const int64_t begun = clock_elapsed_us();
    enum status st = s->backend->stream_push(s->stream, pcm, probability, err);
    if (st == STATUS_OK)
        latency_add(s->vad->latency, clock_mono_ms(&clock_system), clock_elapsed_us() - begun);
    return st;
}

struct latency *vad_latency(const struct vad *v)
{
    return v->latency;
}
