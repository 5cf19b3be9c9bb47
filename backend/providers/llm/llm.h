#ifndef VIVA_PROVIDERS_LLM_LLM_H
#define VIVA_PROVIDERS_LLM_LLM_H
/* A language model that is asked in text and answers in text. Thread-safe. One that is NULL is asked nothing: this
 * installation has none. */

#include "base/status.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct llm_config {
    const char
        *base_url; /* http[s]://host[:port]/path, below which chat/completions lies; http for this machine only */
    const char *model;
    const char *api_key; /* "": none is sent */
    int64_t timeout_ms;  /* of one asking, connecting included */
};

struct llm_prompt {
    const char *system, *user; /* UTF-8 */
    double temperature;
    int64_t seed;
    int64_t max_tokens; /* of the reply: a small model may find no end. 0: the service's own bound */
    bool json;          /* the reply is one JSON object, which the prompt asks for too */
};

#define LLM_PROMPTS_MAX 8
#define LLM_REPLY_MAX   (64u << 10) /* bytes of a reply's text */

struct llm_reply {
    enum status status;
    char *text;         /* when STATUS_OK; UTF-8 */
    struct error error; /* else */
};

struct llm;

/* name: "openai" (any service with OpenAI's /chat/completions) | "fake" (for tests). STATUS_INVALID "setting_invalid"
 * with the setting's name (LLM_BASE_URL, LLM_MODEL, LLM_API_KEY). Does not connect. */
enum status llm_new(const char *name, const struct llm_config *cfg, struct llm **ret, struct error *err) must_check;
struct llm *llm_free(struct llm *l);       /* takes NULL, returns NULL */
const char *llm_name(const struct llm *l); /* "openai MODEL": of what made something with it */
bool llm_is_outside(const struct llm *l);  /* what it is asked leaves this machine */

/* Asks n <= LLM_PROMPTS_MAX prompts at the same time and returns when each has its reply or none: within the time
 * limit. A reply without text has STATUS_UNAVAILABLE: "llm_unreachable" (no connection, too slow, a certificate that
 * nobody vouches for), "llm_busy" (try later), "llm_refused" (the key, the model, the address: it will not),
 * "llm_prompt" (it does not take this one; another may do), or "llm_reply" (what came is no completion, or too long).
 * Errors name no address and no key. llm_replies_free() after.
 */
void llm_ask(struct llm *l, const struct llm_prompt *prompts, size_t n, struct llm_reply *replies);
void llm_replies_free(struct llm_reply *replies, size_t n);

/* Whether the last asking brought anything, and if not why not ("": it did, or nothing was asked yet). */
bool llm_health(struct llm *l, char message[320]);

/* What is asked now or later fails at once; for the process's end. Takes NULL. */
void llm_stop(struct llm *l);

#endif
