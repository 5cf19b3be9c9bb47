/* Smart Turn v3: a small encoder over the last 8 s that hears whether somebody has finished, from the melody and the
 * words alike, in some twenty languages. Two graphs (tools/models/convert_turn.py): the log-mel front end, and the
 * model as published. 30 to 80 ms of one core. */

#include "providers/ort/ort.h"
#include "providers/turn/turn_backend.h"

#include <stdlib.h>

struct smart {
    struct ort_session *frontend, *model;
};

static void smart_close(void *model)
{
    struct smart *s = model;
    ort_session_free(s->frontend);
    ort_session_free(s->model);
    free(s);
}

static enum status smart_open(const struct provider_config *cfg, void **model, struct error *err)
{
    struct smart *s = calloc(1, sizeof *s);
    if (s == NULL)
        return error_set(err, STATUS_NO_MEMORY, "out_of_memory", NULL, "no memory for the turn detector");
    enum status st = ort_session_new(cfg, "turn/smart-turn/frontend.onnx", 1, ORT_MALLOC, &s->frontend, err);
    if (st == STATUS_OK)
        st = ort_session_new(cfg, "turn/smart-turn/model.onnx", 1, ORT_MALLOC, &s->model, err);
    if (st != STATUS_OK) {
        smart_close(s);
        return st;
    }
    *model = s;
    return STATUS_OK;
}

static enum status run(struct ort_session *session, const char *in_name, struct OrtValue *in, const char *out_name,
                       struct OrtValue **out, struct error *err)
{
    return ort_run(session, &in_name, &in, 1, &out_name, out, 1, err);
}

static enum status smart_judge(void *model, const float *pcm, float *probability, struct error *err)
{
    static const int64_t dims[] = {1, TURN_SAMPLES};
    struct smart *s = model;
    struct OrtValue *sound = NULL, *features = NULL, *out = NULL;
    enum status st = ort_borrow(ORT_FLOAT, (float *)(uintptr_t)pcm, dims, 2, &sound, err);
    if (st == STATUS_OK)
        st = run(s->frontend, "pcm", sound, "input_features", &features, err);
    if (st == STATUS_OK)
        st = run(s->model, "input_features", features, "logits", &out, err);
    if (st == STATUS_OK)
        *probability = *(const float *)ort_data(out); /* named logits, but the sigmoid is inside */
    ort_release(&sound);
    ort_release(&features);
    ort_release(&out);
    return st;
}

const struct turn_backend turn_smart = {
    .version = TURN_BACKEND_VERSION,
    .name = "smart-turn",
    .open = smart_open,
    .close = smart_close,
    .judge = smart_judge,
};
