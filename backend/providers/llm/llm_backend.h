#ifndef VIVA_PROVIDERS_LLM_LLM_BACKEND_H
#define VIVA_PROVIDERS_LLM_LLM_BACKEND_H
/* What a language model's interface implements. Add one: fill this table, list it in llm.c. */

#include "providers/llm/llm.h"

#include <stdatomic.h>

#define LLM_BACKEND_VERSION 1

struct llm_backend {
    unsigned version; /* LLM_BACKEND_VERSION of the header it was written against */
    const char *name;
    enum status (*open)(const struct llm_config *cfg, void **state, bool *outside, struct error *err) must_check;
    void (*close)(void *state);
    /* From several threads at once. Fills n zeroed replies, texts by malloc. Ends early when *stopping becomes true. */
    void (*ask)(void *state, const struct llm_prompt *prompts, size_t n, struct llm_reply *replies,
                const atomic_bool *stopping);
};

extern const struct llm_backend llm_openai, llm_fake;

/* What the fake was asked last, or made to say; for tests, where one thread asks at a time. One per process. With no
 * replies it obeys whatever stands in what it is asked behind "REPLY WITH: ", as a weak model does, else says "{}". */
struct llm_fake_state {
    unsigned asked;                       /* prompts so far */
    char *system, *user;                  /* of the last; kept until the fake is closed */
    const char *replies[LLM_PROMPTS_MAX]; /* to the first prompt of an asking, the second ... NULL: as above */
    enum status fail;                     /* what all answer instead */
};
extern struct llm_fake_state llm_fake_state;

#endif
