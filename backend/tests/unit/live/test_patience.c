#include "unit/base/check.h"

#include "live/patience.h"

static const struct patience p = {.sure_ms = 600, .finished_ms = 1400, .hanging_ms = 3000, .prompt_ms = 12000};

static int64_t wait(enum endpoint_verdict v, double over)
{
    return patience_wait(&p, &(struct endpoint_opinion){v, over});
}

static void the_settings_are_the_ends_of_the_curve(void **state)
{
    (void)state;
    assert_int_equal(wait(ENDPOINT_FINISHED, 1), p.sure_ms);
    assert_int_equal(wait(ENDPOINT_FINISHED, ENDPOINT_UNDECIDED), p.finished_ms);
    assert_int_equal(wait(ENDPOINT_UNCLEAR, 0), p.hanging_ms);
    assert_int_equal(wait(ENDPOINT_HANGING, 0), p.hanging_ms);
}

static void what_is_no_answer_is_waited_for(void **state)
{
    (void)state;
    assert_true(wait(ENDPOINT_NONE, 0) == INT64_MAX);
    assert_true(wait(ENDPOINT_THINKING, 1) == INT64_MAX);
    assert_true(wait(ENDPOINT_REPEAT, 1) == INT64_MAX);
}

static void said_so_is_not_waited_for(void **state)
{
    (void)state;
    assert_int_equal(wait(ENDPOINT_DONE, 1), 0);
}

/* No step by which a little less certainty costs a second. */
static void surer_never_waits_longer_and_nothing_jumps(void **state)
{
    (void)state;
    for (int i = 1; i <= 1000; i++) {
        int64_t less = wait(ENDPOINT_FINISHED, (i - 1) / 1000.0), more = wait(ENDPOINT_FINISHED, i / 1000.0);
        assert_true(more <= less);
        assert_true(less - more <= 20);
    }
}

static void who_pauses_longer_is_waited_for_longer(void **state)
{
    (void)state;
    struct pauses s = {0};
    struct patience learned = patience_for(&p, &s);
    assert_memory_equal(&learned, &p, sizeof p);
    pauses_add(&s, 300);
    learned = patience_for(&p, &s);
    assert_int_equal(learned.sure_ms, p.sure_ms); /* it was enough */
    pauses_add(&s, 800);
    learned = patience_for(&p, &s);
    assert_int_equal(learned.sure_ms, 1000);
    assert_int_equal(learned.finished_ms, p.finished_ms);
    assert_int_equal(learned.hanging_ms, p.hanging_ms);
    pauses_add(&s, 60000);
    learned = patience_for(&p, &s);
    assert_int_equal(learned.sure_ms, p.finished_ms);
    assert_int_equal(learned.finished_ms, 2200);
}

static void one_long_pause_is_forgotten_by_and_by(void **state)
{
    (void)state;
    struct pauses s = {0};
    pauses_add(&s, 1000);
    int64_t before = s.usual_ms;
    for (int i = 0; i < 20; i++) {
        pauses_add(&s, 200);
        assert_true(s.usual_ms <= before);
        before = s.usual_ms;
    }
    assert_int_equal(patience_for(&p, &s).sure_ms, p.sure_ms);
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
        cmocka_unit_test(the_settings_are_the_ends_of_the_curve),
        cmocka_unit_test(what_is_no_answer_is_waited_for),
        cmocka_unit_test(said_so_is_not_waited_for),
        cmocka_unit_test(surer_never_waits_longer_and_nothing_jumps),
        cmocka_unit_test(who_pauses_longer_is_waited_for_longer),
        cmocka_unit_test(one_long_pause_is_forgotten_by_and_by),
        cmocka_unit_test(names),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
