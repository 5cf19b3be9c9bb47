#include "unit/base/check.h"

#include "utils/ratelimit.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>

static struct clock_fake fake;
static struct clock clock_;
static struct ratelimit *r;

static int setup(void **state)
{
    (void)state;
    fake = (struct clock_fake){.unix_ms = 0, .mono_ms = 1000};
    clock_ = clock_fake_make(&fake);
    r = ratelimit_new(&clock_, 64);
    return r == NULL;
}

static int teardown(void **state)
{
    (void)state;
    r = ratelimit_free(r);
    return r != NULL;
}

static void a_burst_then_a_steady_rate(void **state)
{
    (void)state;
    int64_t wait = -1;
    for (int i = 0; i < 5; i++) {
        assert_true(ratelimit_take(r, "k", 2, 5, &wait));
        assert_int_equal(wait, 0);
    }
    assert_false(ratelimit_take(r, "k", 2, 5, &wait));
    assert_int_equal(wait, 500);
    clock_fake_advance(&fake, 499);
    assert_false(ratelimit_take(r, "k", 2, 5, &wait));
    assert_int_equal(wait, 1);
    clock_fake_advance(&fake, 1);
    assert_true(ratelimit_take(r, "k", 2, 5, NULL));
    assert_false(ratelimit_take(r, "k", 2, 5, NULL));
}

/* The time told is enough, and a millisecond less is not, for awkward rates too. */
static void retry_after_is_exact(void **state)
{
    (void)state;
    static const double rates[] = {0.1, 1.0 / 3, 0.7, 3, 7, 60, 333};
    for (size_t i = 0; i < COUNT(rates); i++) {
        char key[16];
        int64_t wait = 0;
        snprintf(key, sizeof(key), "%zu", i);
        assert_true(ratelimit_take(r, key, rates[i], 1, NULL));
        for (int k = 0; k < 20; k++) {
            assert_false(ratelimit_take(r, key, rates[i], 1, &wait));
            assert_true(wait >= 1);
            clock_fake_advance(&fake, wait - 1);
            assert_false(ratelimit_take(r, key, rates[i], 1, NULL));
            clock_fake_advance(&fake, 1);
            assert_true(ratelimit_take(r, key, rates[i], 1, NULL));
        }
    }
}

static void an_idle_bucket_fills_no_further_than_the_burst(void **state)
{
    (void)state;
    assert_true(ratelimit_take(r, "k", 1, 3, NULL));
    clock_fake_advance(&fake, 1000000000);
    for (int i = 0; i < 3; i++)
        assert_true(ratelimit_take(r, "k", 1, 3, NULL));
    assert_false(ratelimit_take(r, "k", 1, 3, NULL));
}

static void keys_do_not_share(void **state)
{
    (void)state;
    assert_true(ratelimit_take(r, "login:1.2.3.4", 1, 1, NULL));
    assert_false(ratelimit_take(r, "login:1.2.3.4", 1, 1, NULL));
    assert_true(ratelimit_take(r, "login:1.2.3.5", 1, 1, NULL));
    assert_true(ratelimit_take(r, "", 1, 1, NULL));
    assert_false(ratelimit_take(r, "", 1, 1, NULL));
}

static void nothing_is_given_without_a_rate(void **state)
{
    (void)state;
    int64_t wait = 0;
    assert_false(ratelimit_take(r, "k", 0, 0, &wait));
    assert_int_equal(wait, 86400000);
    assert_true(ratelimit_take(r, "once", 0, 1, NULL));
    assert_false(ratelimit_take(r, "once", 0, 1, &wait));
    assert_int_equal(wait, 86400000);
}

static void a_clock_that_stands_or_falls_back_gives_nothing(void **state)
{
    (void)state;
    assert_true(ratelimit_take(r, "k", 1000, 1, NULL));
    clock_fake_advance(&fake, -500);
    assert_false(ratelimit_take(r, "k", 1000, 1, NULL));
    clock_fake_advance(&fake, 500);
    assert_false(ratelimit_take(r, "k", 1000, 1, NULL));
}

/* 100000 keys through a table of 64: it still works, and the key used last is still known. */
static void a_flood_of_keys_is_bounded(void **state)
{
    (void)state;
    for (int i = 0; i < 100000; i++) {
        char key[32];
        snprintf(key, sizeof(key), "flood-%d", i);
        clock_fake_advance(&fake, 1);
        assert_true(ratelimit_take(r, key, 0.001, 1, NULL));
        assert_false(ratelimit_take(r, key, 0.001, 1, NULL));
    }
}

#define THREADS 8
static atomic_int given;

static void *take_many(void *arg)
{
    (void)arg;
    for (int i = 0; i < 500; i++)
        if (ratelimit_take(r, "shared", 1, 1000, NULL))
            atomic_fetch_add(&given, 1);
    return NULL;
}

static void threads_get_exactly_the_burst(void **state)
{
    (void)state;
    pthread_t t[THREADS];
    given = 0;
    for (int i = 0; i < THREADS; i++)
        assert_int_equal(pthread_create(&t[i], NULL, take_many, NULL), 0);
    for (int i = 0; i < THREADS; i++)
        pthread_join(t[i], NULL);
    assert_int_equal(given, 1000);
}

static void tiny_tables_work_and_null_is_taken(void **state)
{
    (void)state;
    struct ratelimit *tiny = ratelimit_new(&clock_, 0);
    assert_true(ratelimit_take(tiny, "a", 1, 1, NULL));
    assert_false(ratelimit_take(tiny, "a", 1, 1, NULL));
    ratelimit_free(tiny);
    assert_null(ratelimit_free(NULL));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_burst_then_a_steady_rate, setup, teardown),
        cmocka_unit_test_setup_teardown(retry_after_is_exact, setup, teardown),
        cmocka_unit_test_setup_teardown(an_idle_bucket_fills_no_further_than_the_burst, setup, teardown),
        cmocka_unit_test_setup_teardown(keys_do_not_share, setup, teardown),
        cmocka_unit_test_setup_teardown(nothing_is_given_without_a_rate, setup, teardown),
        cmocka_unit_test_setup_teardown(a_clock_that_stands_or_falls_back_gives_nothing, setup, teardown),
        cmocka_unit_test_setup_teardown(a_flood_of_keys_is_bounded, setup, teardown),
        cmocka_unit_test_setup_teardown(threads_get_exactly_the_burst, setup, teardown),
        cmocka_unit_test_setup_teardown(tiny_tables_work_and_null_is_taken, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
