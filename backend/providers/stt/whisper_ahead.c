#include "providers/stt/whisper_ahead.h"

#define REACH_MAX (WHISPER_STEP_MAX - 1)
#define LOOK_ON   6 /* tokens that may have been left out */
#define LOOK_BACK 2 /* or put in */

struct whisper_ahead whisper_ahead_begin(struct whisper_state *s, const int64_t *likely, size_t n_likely)
{
    return (struct whisper_ahead){
        .state = s, .likely = likely, .n_likely = n_likely, .before = s->past, .reach = REACH_MAX};
}

/* Another word than foreseen stands in its place until the next one shows that it does not. */
static void find_place(struct whisper_ahead *x, int token)
{
    const size_t end = x->at + LOOK_ON < x->n_likely ? x->at + LOOK_ON : x->n_likely;
    for (size_t i = x->at; i < end; i++)
        if (x->likely[i] == token) {
            x->at = i + 1;
            return;
        }
    for (size_t i = x->at; i > 0 && i + LOOK_BACK > x->at; i--)
        if (x->likely[i - 1] == token) {
            x->at = i;
            return;
        }
    x->at += x->at < x->n_likely;
}

/* Each token that is fed costs a fifth of a run: those that come to nothing are not to add up. */
static void learn_reach(struct whisper_ahead *x)
{
    if (x->n_fed <= 1)
        return;
    const size_t more = 4 * x->reach, less = x->reach / 4;
    if (x->taken > 1)
        x->reach = more < REACH_MAX ? more : REACH_MAX;
    else
        x->reach = less > 1 ? less : 1;
}

/* The token, and what may come after it. */
static void foresee(struct whisper_ahead *x, const struct whisper_course *c, int token)
{
    const int first = c->m->first_timestamp, kept = x->before;
    const bool closes = token >= first && c->before_last >= 0 && c->before_last < first;
    size_t room = (size_t)(c->m->n_text_ctx - kept);
    room = room < x->reach + 1 ? room : x->reach + 1;
    x->n_fed = 0;
    x->fed[x->n_fed++] = token;
    if (closes && x->at < x->n_likely && x->n_fed < room) /* the next span begins where this one ends */
        x->fed[x->n_fed++] = token;
    for (size_t i = x->at; i < x->n_likely && x->n_fed < room; i++)
        x->fed[x->n_fed++] = x->likely[i];
}

enum status whisper_ahead_step(struct whisper_ahead *x, const struct whisper_course *c, int token, float **g,
                               struct error *err)
{
    const size_t n_vocab = (size_t)c->m->n_vocab;
    if (token < c->m->end)
        find_place(x, token);
    if (x->taken < x->n_fed && x->fed[x->taken] == token) {
        *g = x->logits + x->taken++ * n_vocab;
        return STATUS_OK;
    }
    learn_reach(x);
    x->before += (int)x->taken;
    x->taken = x->n_fed = 0;
    enum status st = whisper_state_cut(x->state, x->before, err);
    if (st != STATUS_OK)
        return st;
    foresee(x, c, token);
    st = whisper_step_each(x->state, x->fed, x->n_fed, &x->logits, err);
    x->taken = 1;
    *g = x->logits;
    return st;
}
