#include "base/cleanup.h"
#include "providers/llm/llm_backend.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define NAME_MAX_BYTES 160

static const struct llm_backend *const backends[] = {&llm_openai, &llm_fake};

struct llm {
    const struct llm_backend *backend;
    void *state;
    char name[NAME_MAX_BYTES];
    bool outside;
    atomic_bool stopping;
    pthread_mutex_t lock; /* guards what follows */
    char trouble[320];    /* of the last asking; "": none */
};

static enum status open_backend(struct llm *l, const struct llm_config *cfg, struct error *err)
{
    enum status st = l->backend->open(cfg, &l->state, &l->outside, err);
    if (st == STATUS_OK) {
        snprintf(l->name, sizeof l->name, "%s %s", l->backend->name, cfg->model);
        pthread_mutex_init(&l->lock, NULL);
    }
    return st;
}

enum status llm_new(const char *name, const struct llm_config *cfg, struct llm **ret, struct error *err)
{
    if (!*cfg->model || strlen(cfg->model) >= NAME_MAX_BYTES / 2)
        return error_set(err, STATUS_INVALID, "setting_invalid", "LLM_MODEL",
                         "LLM_MODEL must name the language model, in fewer than %d bytes", NAME_MAX_BYTES / 2);
    for (size_t i = 0; i < sizeof backends / sizeof *backends; i++) {
        if (strcmp(backends[i]->name, name) != 0 || backends[i]->version != LLM_BACKEND_VERSION)
            continue;
        struct llm *l = calloc(1, sizeof *l);
        if (!l)
            return error_set(err, STATUS_NO_MEMORY, "no_memory", NULL, "Out of memory");
        l->backend = backends[i];
        enum status st = open_backend(l, cfg, err);
        if (st != STATUS_OK)
            free(l);
        else
            *ret = l;
        return st;
    }
    return error_set(err, STATUS_INVALID, "setting_invalid", "LLM_PROVIDER", "There is no language model \"%.40s\"",
                     name);
}

struct llm *llm_free(struct llm *l)
{
    if (l) {
        l->backend->close(l->state);
        pthread_mutex_destroy(&l->lock);
        free(l);
    }
    return NULL;
}

const char *llm_name(const struct llm *l)
{
    return l->name;
}

bool llm_is_outside(const struct llm *l)
{
    return l->outside;
}

static void note_health(struct llm *l, const struct llm_reply *replies, size_t n)
{
    const struct llm_reply *failed = &replies[0];
    for (size_t i = 0; i < n; i++)
        if (replies[i].status == STATUS_OK)
            failed = NULL;
    pthread_mutex_lock(&l->lock);
    snprintf(l->trouble, sizeof l->trouble, "%s", failed ? failed->error.message : "");
    pthread_mutex_unlock(&l->lock);
}

void llm_ask(struct llm *l, const struct llm_prompt *prompts, size_t n, struct llm_reply *replies)
{
    memset(replies, 0, n * sizeof *replies);
    l->backend->ask(l->state, prompts, n, replies, &l->stopping);
    note_health(l, replies, n);
}

void llm_replies_free(struct llm_reply *replies, size_t n)
{
    for (size_t i = 0; i < n; i++)
        freep(&replies[i].text);
}

bool llm_health(struct llm *l, char message[320])
{
    pthread_mutex_lock(&l->lock);
    memcpy(message, l->trouble, sizeof l->trouble);
    pthread_mutex_unlock(&l->lock);
    return !*message;
}

void llm_stop(struct llm *l)
{
    if (l)
        atomic_store(&l->stopping, true);
}
