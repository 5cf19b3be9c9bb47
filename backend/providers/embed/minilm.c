/* all-MiniLM-L6-v2: six layers of BERT, trained so that sentences that mean the same lie near each other. One graph
 * (tools/models/convert_minilm.py) that ends in the finished vector. 3 to 10 ms of one core for a sentence. */

#include "providers/embed/embed_backend.h"
#include "providers/embed/wordpiece.h"
#include "providers/ort/ort.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define TOKENS_MAX 256 /* what the model was trained with; the rest of a longer text is not looked at */

/* The vocabulary is in the order of how common its pieces are: special ones, single characters, then "the", "of" ... */
#define RANK_COMMONEST 1996
#define RANK_SCALE     500.0

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

/* One run of the model: of the output `name`, EMBED_SIZE floats in each of `rows`, all from the row `from` on to out.
 */
static enum status run(struct minilm *m, int64_t *ids, size_t n, const char *name, size_t from, size_t rows, float *out,
                       struct error *err)
{
    static const char *const in_name = "input_ids";
    struct OrtValue *in = NULL, *value = NULL;
    const int64_t dims[] = {1, (int64_t)n};
    enum status st = ort_borrow(ORT_INT64, ids, dims, 2, &in, err);
    if (st == STATUS_OK)
        st = ort_run(m->model, &in_name, &in, 1, &name, &value, 1, err);
    if (st == STATUS_OK && ort_count(value) != rows * EMBED_SIZE)
        st = error_set(err, STATUS_UNAVAILABLE, "engine_failed", NULL,
                       "the model of sentence vectors is another one: run `viva models fetch`");
    if (st == STATUS_OK)
        memcpy(out, (float *)ort_data(value) + from * EMBED_SIZE, (rows - from) * EMBED_SIZE * sizeof *out);
    ort_release(&in);
    ort_release(&value);
    return st;
}

static enum status minilm_text(void *model, const char *text, float *out, struct error *err)
{
    struct minilm *m = model;
    int64_t ids[TOKENS_MAX];
    const size_t n = wordpiece_encode(m->words, text, ids, TOKENS_MAX);
    return run(m, ids, n, "embedding", 0, 1, out, err);
}

static double weight_of(int64_t id)
{
    return id > RANK_COMMONEST ? log(1 + (double)(id - RANK_COMMONEST) / RANK_SCALE) : 0;
}

static enum status minilm_tokens(void *model, const char *text, struct embed_tokens *ret, struct error *err)
{
    struct minilm *m = model;
    int64_t ids[TOKENS_MAX];
    const size_t n = wordpiece_encode(m->words, text, ids, TOKENS_MAX);
    ret->items = calloc(n, sizeof *ret->items);
    ret->vectors = calloc(n * EMBED_SIZE, sizeof *ret->vectors);
    if (!ret->items || !ret->vectors)
        return error_set(err, STATUS_NO_MEMORY, "out_of_memory", NULL, "no memory for a text's words");
    ret->count = n - 2; /* without the marks of the beginning and the end */
    for (size_t i = 0; i < ret->count; i++)
        ret->items[i] = (struct embed_token){.id = ids[i + 1], .weight = weight_of(ids[i + 1])};
    return run(m, ids, n, "tokens", 1, n, ret->vectors, err);
}

const struct embed_backend embed_minilm = {
    .version = EMBED_BACKEND_VERSION,
    .name = "minilm",
    .open = minilm_open,
    .close = minilm_close,
    .text = minilm_text,
    .tokens = minilm_tokens,
};
