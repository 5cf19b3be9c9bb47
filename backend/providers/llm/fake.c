/* Says what a test gave it, or obeys what it reads. */
#include "base/cleanup.h"
#include "providers/llm/llm_backend.h"

#include <stdlib.h>
#include <string.h>

#define OBEYS "REPLY WITH: "

struct llm_fake_state llm_fake_state;

static enum status fake_open(const struct llm_config *cfg, void **state, bool *outside, struct error *err)
{
    (void)cfg;
    (void)err;
    llm_fake_state = (struct llm_fake_state){0};
    *state = &llm_fake_state;
    *outside = false;
    return STATUS_OK;
}

static void fake_close(void *state)
{
    struct llm_fake_state *f = state;
    freep(&f->system);
    freep(&f->user);
}

/* What it is told inside the data, without the escapes of the JSON around it. */
static char *obey(const char *user)
{
    const char *order = strstr(user, OBEYS);
    char *out = strdup(order ? order + strlen(OBEYS) : "{}");
    if (!out || !order)
        return out;
    size_t n = 0;
    for (const char *p = out; *p && *p != '"'; p++) {
        p += *p == '\\' && p[1];
        out[n++] = *p;
    }
    out[n] = '\0';
    return out;
}

static void remember(char **kept, const char *text)
{
    freep(kept);
    *kept = strdup(text);
}

static void fake_ask(void *state, const struct llm_prompt *prompts, size_t n, struct llm_reply *replies,
                     const atomic_bool *stopping)
{
    struct llm_fake_state *f = state;
    for (size_t i = 0; i < n; i++) {
        struct llm_reply *r = &replies[i];
        f->asked++;
        remember(&f->system, prompts[i].system);
        remember(&f->user, prompts[i].user);
        if (f->fail != STATUS_OK || atomic_load(stopping)) {
            r->status = error_set(&r->error, f->fail != STATUS_OK ? f->fail : STATUS_UNAVAILABLE, "llm_fake", NULL,
                                  "The fake was told to fail");
            continue;
        }
        r->text = f->replies[i] ? strdup(f->replies[i]) : obey(prompts[i].user);
        if (!r->text)
            r->status = error_set(&r->error, STATUS_NO_MEMORY, "no_memory", NULL, "Out of memory");
    }
}

const struct llm_backend llm_fake = {
    .version = LLM_BACKEND_VERSION, .name = "fake", .open = fake_open, .close = fake_close, .ask = fake_ask};
