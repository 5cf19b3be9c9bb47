/* all-MiniLM-L6-v2: six layers of BERT, trained so that sentences that mean the same lie near each other. One graph
 * (tools/models/convert_minilm.py) that ends in the finished vector. 3 to 10 ms of one core for a sentence. */

#include "providers/embed/embed_backend.h"
#include "providers/embed/wordpiece.h"
#include "providers/ort/ort.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define TOKENS_MAX 256 /* what the model was trained with; the rest of a longer text is not looked at */

struct minilm {
    struct wordpiece *words;
    struct ort_session *model;
};

static void minilm_close(void *model)
{
    struct minilm *m = model;
    wordpiece_free(m->words);
    ort_session_free(m->model);
    free(m);
}

static enum status minilm_open(const struct provider_config *cfg, void **model, struct error *err)
{
    char path[1024];
    struct minilm *m = calloc(1, sizeof *m);
    if (m == NULL)
        return error_set(err, STATUS_NO_MEMORY, "out_of_memory", NULL, "no memory for the sentence vectors");
    snprintf(path, sizeof path, "%s/embed/all-MiniLM-L6-v2/vocab.txt", cfg->models_dir);
    enum status st = ort_session_new(cfg, "embed/all-MiniLM-L6-v2/model.onnx", 1, ORT_MALLOC, &m->model, err);
    if (st == STATUS_OK)
        st = wordpiece_new(path, &m->words, err);
    if (st != STATUS_OK) {
        minilm_close(m);
        return st;
    }
    *model = m;
    return STATUS_OK;
}

static enum status minilm_text(void *model, const char *text, float *out, struct error *err)
{
    static const char *const in_name = "input_ids", *const out_name = "embedding";
    struct minilm *m = model;
    struct OrtValue *in = NULL, *vector = NULL;
    int64_t ids[TOKENS_MAX];
    const int64_t dims[] = {1, (int64_t)wordpiece_encode(m->words, text, ids, TOKENS_MAX)};
    enum status st = ort_borrow(ORT_INT64, ids, dims, 2, &in, err);
    if (st == STATUS_OK)
        st = ort_run(m->model, &in_name, &in, 1, &out_name, &vector, 1, err);
    if (st == STATUS_OK && ort_count(vector) != EMBED_SIZE)
        st = error_set(err, STATUS_UNAVAILABLE, "engine_failed", NULL,
                       "the model of sentence vectors is another one: run `viva models fetch`");
    if (st == STATUS_OK)
        memcpy(out, ort_data(vector), EMBED_SIZE * sizeof *out);
    ort_release(&in);
    ort_release(&vector);
    return st;
}

const struct embed_backend embed_minilm = {
    .version = EMBED_BACKEND_VERSION,
    .name = "minilm",
    .open = minilm_open,
    .close = minilm_close,
    .text = minilm_text,
};
