#include "unit/base/check.h"

#include "live/patience.h"

static const struct patience p = {.sure_ms = 600, .finished_ms = 1400, .hanging_ms = 3000, .prompt_ms = 12000};

static void words_alone_wait_as_words_say(void **state)
{
    (void)state;
    assert_int_equal(patience_wait(&p, ENDPOINT_FINISHED, false, 0), 1400);
    assert_int_equal(patience_wait(&p, ENDPOINT_HANGING, false, 0), 3000);
    assert_int_equal(patience_wait(&p, ENDPOINT_DONE, false, 0), 0);
    assert_true(patience_wait(&p, ENDPOINT_NONE, false, 0) == INT64_MAX);
    assert_true(patience_wait(&p, ENDPOINT_THINKING, true, 1) == INT64_MAX);
}

static void words_and_voice_are_two_witnesses(void **state)
{
    (void)state;
    assert_int_equal(patience_wait(&p, ENDPOINT_FINISHED, true, 1), 600);
    assert_int_equal(patience_wait(&p, ENDPOINT_FINISHED, true, 0.5), 1400);
    assert_int_equal(patience_wait(&p, ENDPOINT_FINISHED, true, 0), 3000);
    assert_int_equal(patience_wait(&p, ENDPOINT_UNCLEAR, true, 1), 1400);
    assert_int_equal(patience_wait(&p, ENDPOINT_UNCLEAR, true, 0.5), 3000);
    assert_int_equal(patience_wait(&p, ENDPOINT_UNCLEAR, true, 0), 3000);
    assert_int_equal(patience_wait(&p, ENDPOINT_HANGING, true, 1), 3000); /* "and": whatever the voice does */
}

static void surer_never_waits_longer(void **state)
{
    (void)state;
    for (int i = 1; i <= 100; i++) {
        assert_true(patience_wait(&p, ENDPOINT_FINISHED, true, i / 100.0) <=
                    patience_wait(&p, ENDPOINT_FINISHED, true, (i - 1) / 100.0));
        assert_true(patience_wait(&p, ENDPOINT_FINISHED, true, i / 100.0) <=
                    patience_wait(&p, ENDPOINT_HANGING, true, i / 100.0));
    }
}

static void names(void **state)
{
    (void)state;
    const struct patience *quick = patience_named("quick"), *normal = patience_named("normal"),
                          *patient = patience_named("patient");
    assert_true(quick && normal && patient);
    assert_true(quick->sure_ms < normal->sure_ms && normal->sure_ms < patient->sure_ms);
    assert_true(quick->hanging_ms < normal->hanging_ms && normal->hanging_ms < patient->hanging_ms);
    assert_null(patience_named("hasty"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(words_alone_wait_as_words_say),
        cmocka_unit_test(words_and_voice_are_two_witnesses),
        cmocka_unit_test(surer_never_waits_longer),
        cmocka_unit_test(names),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
