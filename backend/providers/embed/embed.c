#include "providers/embed/embed_backend.h"

#include <stdlib.h>
#include <string.h>

static const struct embed_backend *const backends[] = {&embed_minilm, &embed_fake};

struct embed {
    const struct embed_backend *backend;
    void *model;
};

enum status embed_new(const char *name, const struct provider_config *cfg, struct embed **ret, struct error *err)
{
    for (size_t i = 0; i < sizeof backends / sizeof *backends; i++) {
        if (strcmp(backends[i]->name, name) != 0 || backends[i]->version != EMBED_BACKEND_VERSION)
            continue;
        struct embed *e = calloc(1, sizeof *e);
        if (e == NULL)
            return error_set(err, STATUS_NO_MEMORY, "out_of_memory", NULL, "no memory for the sentence vectors");
        e->backend = backends[i];
        enum status st = e->backend->open(cfg, &e->model, err);
        if (st != STATUS_OK) {
            free(e);
            return st;
        }
        *ret = e;
        return STATUS_OK;
    }
    return error_set(err, STATUS_INVALID, "provider_unknown", "EMBED_PROVIDER",
                     "there is no maker of sentence vectors \"%.40s\": use minilm", name);
}

struct embed *embed_free(struct embed *e)
{
    if (e != NULL) {
        e->backend->close(e->model);
        free(e);
    }
    return NULL;
}

const char *embed_name(const struct embed *e)
{
    return e->backend->name;
}

enum status embed_texts(struct embed *e, const char *const *texts, size_t n, float *out, struct error *err)
{
    enum status st = STATUS_OK;
    for (size_t i = 0; st == STATUS_OK && i < n; i++)
        st = e->backend->text(e->model, texts[i], out + i * EMBED_SIZE, err);
    return st;
}

enum status embed_tokens(struct embed *e, const char *text, struct embed_tokens *ret, struct error *err)
{
    struct embed_tokens t = {0};
    enum status st = e->backend->tokens(e->model, text, &t, err);
    if (st != STATUS_OK) {
        embed_tokens_free(&t);
        return st;
    }
    for (size_t i = 0; i < t.count; i++)
        t.items[i].vector = t.vectors + i * EMBED_SIZE;
    *ret = t;
    return STATUS_OK;
}

void embed_tokens_free(struct embed_tokens *t)
{
    free(t->items);
    free(t->vectors);
    *t = (struct embed_tokens){0};
}

double embed_similarity(const float *a, const float *b)
{
    double sum = 0;
    for (int i = 0; i < EMBED_SIZE; i++)
        sum += (double)a[i] * (double)b[i];
    return sum;
}
