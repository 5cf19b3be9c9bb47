/* Tokens that were foreseen are taken several at a time; those that come out are what the model says, foreseen or not.
 */
#include "providers/stt/whisper_ahead.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#define STAMP 50 /* tokens from here on are timestamps */
#define END   49
#define VOCAB 64

/* ---- a model that says one thing (doubles of providers/stt/whisper_model.h) ---- */

static struct {
    const int *says;
    int64_t fed[64]; /* what is in its caches */
    int runs;
    size_t fed_in_all;
    float logits[WHISPER_STEP_MAX * VOCAB];
} g;

/* After what it says it goes on with that; after anything else, with nonsense. */
static int next_of(const int64_t *fed, int n)
{
    for (int i = 0; i < n; i++)
        if (fed[i] != g.says[i])
            return 40;
    return g.says[n];
}

enum status whisper_step_each(struct whisper_state *s, int64_t *tokens, size_t n, float **logits, struct error *err)
{
    (void)err;
    memset(g.logits, 0, sizeof g.logits);
    for (size_t i = 0; i < n; i++) {
        g.fed[s->past++] = tokens[i];
        g.logits[i * VOCAB + (size_t)next_of(g.fed, s->past)] = 1;
    }
    g.runs++;
    g.fed_in_all += n;
    *logits = g.logits;
    return STATUS_OK;
}

enum status whisper_state_cut(struct whisper_state *s, int n, struct error *err)
{
    (void)err;
    assert_true(n <= s->past);
    s->past = n;
    return STATUS_OK;
}

/* ---- */

/* Decodes says (up to END), foreseeing likely (up to END). Returns the runs that took. */
static int decode(const int *says, const int *likely)
{
    const struct whisper_model m = {.n_vocab = VOCAB, .n_text_ctx = 64, .first_timestamp = STAMP, .end = END};
    struct whisper_state s = {.model = &m};
    struct whisper_course c = {.m = &m, .last = -1, .before_last = -1};
    struct error err;
    int64_t tokens[64];
    size_t n = 0;
    float *row = NULL;
    g.says = says;
    g.runs = 0;
    g.fed_in_all = 0;
    while (likely[n] != END) {
        tokens[n] = likely[n];
        n++;
    }
    struct whisper_ahead x = whisper_ahead_begin(&s, tokens, n);
    int token = says[0];
    for (int i = 1; token != END; i++) {
        c.before_last = c.last;
        c.last = token;
        assert_int_equal(whisper_ahead_step(&x, &c, token, &row, &err), STATUS_OK);
        token = 0;
        while (row[token] == 0)
            token++;
        assert_int_equal(token, says[i]);
    }
    return g.runs;
}

#define SAYS(...) ((const int[]){__VA_ARGS__, END})

static void what_was_foreseen_takes_one_run(void **state)
{
    (void)state;
    assert_int_equal(decode(SAYS(50, 1, 2, 3, 4, 5, 6), SAYS(1, 2, 3, 4, 5, 6)), 1);
    assert_int_equal(decode(SAYS(50, 1, 2, 3, 4, 5, 6), (const int[]){END}), 7);
}

static void more_than_was_foreseen_goes_on_one_by_one(void **state)
{
    (void)state;
    assert_int_equal(decode(SAYS(50, 1, 2, 3, 4, 58), SAYS(1, 2)), 4);
}

/* The model divides into spans what comes as one text. */
static void a_span_that_ends_costs_one_run(void **state)
{
    (void)state;
    assert_int_equal(decode(SAYS(50, 1, 2, 3, 55, 55, 4, 5, 6, 59), SAYS(1, 2, 3, 4, 5, 6)), 3);
}

static void another_word_costs_one_run(void **state)
{
    (void)state;
    assert_int_equal(decode(SAYS(50, 1, 2, 9, 4, 5, 6), SAYS(1, 2, 3, 4, 5, 6)), 2);
}

static void a_word_left_out_or_put_in_is_got_over(void **state)
{
    (void)state;
    assert_int_equal(decode(SAYS(50, 1, 2, 4, 5, 6, 7), SAYS(1, 2, 3, 4, 5, 6, 7)), 2);
    assert_int_equal(decode(SAYS(50, 1, 2, 9, 3, 4, 5, 6), SAYS(1, 2, 3, 4, 5, 6)), 3);
}

static void what_has_nothing_to_do_with_it_does_no_harm(void **state)
{
    (void)state;
    assert_int_equal(decode(SAYS(50, 1, 2, 3, 4, 5), SAYS(31, 32, 33, 34, 35, 36, 37, 38)), 6);
    assert_int_equal(g.fed_in_all, 9 + 8 + 4 * 2); /* and is soon given up */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_was_foreseen_takes_one_run),
        cmocka_unit_test(more_than_was_foreseen_goes_on_one_by_one),
        cmocka_unit_test(a_span_that_ends_costs_one_run),
        cmocka_unit_test(another_word_costs_one_run),
        cmocka_unit_test(a_word_left_out_or_put_in_is_got_over),
        cmocka_unit_test(what_has_nothing_to_do_with_it_does_no_harm),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
