#include "services/report_align.h"

#include "base/cleanup.h"

#include <math.h>
#include <stdlib.h>

#define CLEAR_FROM 0.5
#define CLEAR_TO   0.9

/* near[i]: the most that any word of the text is like the reference's i-th. */
static void look_for(const struct embed_tokens *reference, const struct embed_tokens *text, double *near)
{
    for (size_t i = 0; i < reference->count; i++) {
        if (reference->items[i].weight <= 0)
            continue;
        for (size_t k = 0; k < text->count; k++)
            near[i] = fmax(near[i], embed_similarity(reference->items[i].vector, text->items[k].vector));
    }
}

static bool has_token(const struct embed_tokens *t, int64_t id)
{
    for (size_t i = 0; i < t->count; i++)
        if (t->items[i].id == id)
            return true;
    return false;
}

static struct alignment sum_up(const struct embed_tokens *reference, const struct embed_tokens *question,
                               const double *near)
{
    struct alignment sum = {0};
    double weights = 0, own_weights = 0;
    for (size_t i = 0; i < reference->count; i++) {
        const struct embed_token *t = &reference->items[i];
        const double own = has_token(question, t->id) ? 0 : t->weight;
        weights += t->weight;
        own_weights += own;
        sum.all += t->weight * near[i];
        sum.own += own * near[i];
        sum.clear += own * fmin(1, fmax(0, (near[i] - CLEAR_FROM) / (CLEAR_TO - CLEAR_FROM)));
    }
    return (struct alignment){.all = weights > 0 ? sum.all / weights : 0,
                              .own = own_weights > 0 ? sum.own / own_weights : 0,
                              .clear = own_weights > 0 ? sum.clear / own_weights : 0};
}

enum status align_texts(struct embed *e, const char *reference, const char *question, const char *const *texts,
                        size_t n, struct alignment *ret, struct error *err)
{
    cleanup(embed_tokens_free) struct embed_tokens wanted = {0}, asked = {0};
    cleanup(freep) double *near = NULL;
    enum status st = embed_tokens(e, reference, &wanted, err);
    if (st == STATUS_OK)
        st = embed_tokens(e, question, &asked, err);
    if (st == STATUS_OK && !(near = calloc(wanted.count + 1, sizeof *near)))
        return error_set(err, STATUS_NO_MEMORY, "out_of_memory", NULL, "no memory to compare the words of an answer");
    for (size_t i = 0; st == STATUS_OK && i < n; i++) {
        struct embed_tokens said = {0};
        st = embed_tokens(e, texts[i], &said, err);
        if (st == STATUS_OK)
            look_for(&wanted, &said, near);
        embed_tokens_free(&said);
    }
    if (st == STATUS_OK)
        *ret = sum_up(&wanted, &asked, near);
    return st;
}
