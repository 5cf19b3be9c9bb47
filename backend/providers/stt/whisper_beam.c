#include "providers/stt/whisper_beam.h"

#include "providers/ort/ort.h"

#include <float.h>
#include <string.h>

struct branch {
    struct whisper_past *past;
    struct whisper_course course;
    struct whisper_said *tokens; /* [n_text_ctx] */
    size_t n;
    double sum; /* of their log probabilities */
};

struct choice {
    const struct branch *of;
    int token;
    float logprob;
    double sum;
};

struct beam {
    struct whisper_state *state;
    const struct whisper_model *m;
    struct arena *arena;
    size_t width, n_live, n_choices, finished;
    struct branch sets[2][WHISPER_BEAM_MAX], *live, *next;
    struct choice choices[WHISPER_BEAM_MAX * (WHISPER_BEAM_MAX + 1)];
    struct whisper_path best;
    double best_mean;
};

static void release(struct branch *b, size_t n)
{
    for (size_t i = 0; i < n; i++)
        b[i].past = whisper_past_unref(b[i].past);
}

/* Puts one among the choices, the likeliest first. */
static void choose(struct beam *x, struct choice c)
{
    size_t i = x->n_choices++;
    for (; i > 0 && x->choices[i - 1].sum < c.sum; i--)
        x->choices[i] = x->choices[i - 1];
    x->choices[i] = c;
}

/* The width + 1 likeliest tokens after a branch: one of them may be its end. */
static void look_on(struct beam *x, struct branch *b, float *g)
{
    int first = 0;
    const double all = whisper_course_rules(&b->course, g, &first);
    for (size_t k = 0; k <= x->width; k++) {
        const int token = whisper_best(g, first, x->m->n_vocab);
        if (g[token] <= -FLT_MAX)
            return;
        const double logprob = (double)g[token] - all;
        choose(x, (struct choice){b, token, (float)logprob, b->sum + logprob});
        g[token] = -FLT_MAX;
    }
}

/* Keeps a whole course when it is the best so far. */
static enum status keep(struct beam *x, const struct branch *b, const struct choice *end, struct error *err)
{
    const size_t n = b->n + (end != NULL);
    const double mean = (end != NULL ? end->sum : b->sum) / (double)(n > 0 ? n : 1);
    if (x->best.tokens != NULL && mean <= x->best_mean)
        return STATUS_OK;
    struct whisper_said *tokens = arena_array(x->arena, n + 1, sizeof *tokens);
    if (tokens == NULL)
        return arena_exhausted(err);
    memcpy(tokens, b->tokens, b->n * sizeof *tokens);
    if (end != NULL)
        tokens[b->n] = (struct whisper_said){end->token, end->logprob};
    x->best = (struct whisper_path){tokens, n, b->course.ending, end == NULL};
    x->best_mean = mean;
    return STATUS_OK;
}

static bool repeats(const struct beam *x, const struct branch *b)
{
    struct whisper_said text[512];
    size_t n = 0;
    for (size_t i = 0; i < b->n && n < sizeof text / sizeof *text; i++)
        if (b->tokens[i].token < x->m->end)
            text[n++] = b->tokens[i];
    return whisper_unrepeated(&b->course, text, n) < n;
}

static enum status go_on(struct beam *x, const struct choice *c, struct branch *to, bool *gone_on, struct error *err)
{
    memcpy(to->tokens, c->of->tokens, c->of->n * sizeof *to->tokens);
    to->n = c->of->n;
    to->tokens[to->n++] = (struct whisper_said){c->token, c->logprob};
    to->sum = c->sum;
    to->course = c->of->course;
    whisper_course_take(&to->course, c->token);
    *gone_on = !repeats(x, to);
    return *gone_on ? whisper_past_step(x->state, c->of->past, c->token, &to->past, err) : STATUS_OK;
}

/* One token more for the likeliest courses. */
static enum status step(struct beam *x, struct error *err)
{
    enum status st = STATUS_OK;
    size_t n = 0, tried = 0;
    for (size_t i = 0; st == STATUS_OK && i < x->n_choices && tried < x->width; i++) {
        const struct choice *c = &x->choices[i];
        if (c->token == x->m->end) {
            st = keep(x, c->of, c, err);
            x->finished++;
            continue;
        }
        bool gone_on = false;
        st = go_on(x, c, &x->next[n], &gone_on, err);
        n += st == STATUS_OK && gone_on;
        tried++;
    }
    release(x->live, x->n_live);
    struct branch *was = x->live;
    x->live = x->next;
    x->next = was;
    x->n_live = n;
    return st;
}

static enum status search(struct beam *x, float *g, struct error *err)
{
    const int most = x->m->n_text_ctx / 2;
    enum status st = STATUS_OK;
    for (int i = 0; st == STATUS_OK && x->n_live > 0 && x->finished < x->width; i++) {
        if (i >= most || x->live[0].past->n + 1 >= x->m->n_text_ctx)
            break;
        x->n_choices = 0;
        for (size_t k = 0; k < x->n_live; k++)
            look_on(x, &x->live[k], i == 0 ? g : ort_data(x->live[k].past->logits));
        st = step(x, err);
    }
    for (size_t k = 0; st == STATUS_OK && x->finished == 0 && k < x->n_live; k++)
        st = keep(x, &x->live[k], NULL, err);
    return st;
}

enum status whisper_beam(struct whisper_state *s, const struct whisper_course *begin, float *g, size_t width,
                         struct arena *a, struct whisper_path *ret, struct error *err)
{
    struct beam *x = arena_new_of(a, struct beam);
    if (x == NULL)
        return arena_exhausted(err);
    *x = (struct beam){.state = s, .m = s->model, .arena = a, .n_live = 1};
    x->width = width < WHISPER_BEAM_MAX ? width : WHISPER_BEAM_MAX;
    x->live = x->sets[0];
    x->next = x->sets[1];
    for (size_t i = 0; i < 2 * x->width; i++) {
        struct branch *b = &x->sets[i % 2][i / 2];
        if ((b->tokens = arena_array(a, (size_t)s->model->n_text_ctx, sizeof *b->tokens)) == NULL)
            return arena_exhausted(err);
    }
    x->live[0].course = *begin;
    x->live[0].past = whisper_past_take(s);
    if (x->live[0].past == NULL)
        return arena_exhausted(err);
    enum status st = search(x, g, err);
    release(x->live, x->n_live);
    if (st == STATUS_OK)
        *ret = x->best;
    return st;
}
