#include "unit/base/check.h"

#include "base/latency.h"

#include <pthread.h>
#include <stdio.h>
#include <string.h>

static int make(void **state)
{
    *state = latency_new();
    return *state == NULL;
}

static int drop(void **state)
{
    latency_free(*state);
    return 0;
}

/* Within what the header promises. */
static void near(uint64_t value, uint64_t wanted)
{
    uint64_t off = value > wanted ? value - wanted : wanted - value;
    if (off * 16 > wanted)
        fail_msg("%llu, not about %llu", (unsigned long long)value, (unsigned long long)wanted);
}

static void test_percentiles(void **state)
{
    struct latency_report r;
    latency_report(*state, 0, &r);
    assert_true(r.total.count == 0 && r.total.p99_us == 0 && r.last_us == 0);
    for (int64_t us = 1; us <= 10000; us++)
        latency_add(*state, 1000, us);
    latency_report(*state, 1000, &r);
    assert_true(r.total.count == 10000 && r.recent.count == 10000);
    assert_true(r.total.mean_us > 5000.4 && r.total.mean_us < 5000.6); /* exactly 5000.5 */
    near(r.total.p50_us, 5000);
    near(r.total.p95_us, 9500);
    near(r.total.p99_us, 9900);
    assert_true(r.total.max_us == 10000 && r.last_us == 10000);
}

static void test_every_magnitude(void **state)
{
    (void)state;
    for (uint64_t us = 1; us < UINT64_C(1) << 36; us = us * 5 / 4 + 1) {
        struct latency *l = latency_new();
        struct latency_report r;
        latency_add(l, 0, (int64_t)us);
        latency_report(l, 0, &r);
        near(r.total.p50_us, us);
        assert_true(r.total.max_us == us);
        latency_free(l);
    }
    struct latency *l = latency_new();
    struct latency_report r;
    latency_add(l, 0, INT64_MAX); /* beyond the last bucket, and before the first */
    latency_add(l, 0, -5);
    latency_report(l, 0, &r);
    assert_true(r.total.count == 2 && r.last_us == 0 && r.total.max_us == INT64_MAX);
    latency_free(l);
}

static void test_one_outlier_is_no_percentile(void **state)
{
    struct latency_report r;
    for (int i = 0; i < 99; i++)
        latency_add(*state, 0, 10);
    latency_add(*state, 0, 1000000);
    latency_report(*state, 0, &r);
    assert_true(r.total.p50_us == 10 && r.total.p95_us == 10 && r.total.p99_us == 10);
    near(r.recent.max_us, 1000000);
}

static void test_what_is_recent(void **state)
{
    struct latency_report r;
    latency_add(*state, 1000, 10);
    latency_add(*state, 200000, 30);
    latency_report(*state, LATENCY_RECENT_MS, &r);
    assert_int_equal(r.recent.count, 2);
    latency_report(*state, 400000, &r);
    assert_true(r.recent.count == 1 && r.total.count == 2);
    near(r.recent.p50_us, 30);
    latency_report(*state, 600000, &r);
    assert_true(r.recent.count == 0 && r.recent.mean_us == 0);
    latency_add(*state, 1000 + 11 * 30000, 50); /* the slot of the first one, taken anew */
    latency_report(*state, 1000 + 11 * 30000, &r);
    assert_true(r.recent.count == 2 && r.total.count == 3);
}

/* ---- by name ---- */

#define THREADS 4
#define EACH    2000

static void *adder(void *set)
{
    for (int i = 0; i < EACH; i++)
        latency_set_add(set, i % 2 ? "odd" : "even", 0, i);
    return NULL;
}

static void sum(void *u, const char *name, struct latency *l)
{
    struct latency_report r;
    latency_report(l, 0, &r);
    assert_true(strcmp(name, "odd") == 0 || strcmp(name, "even") == 0);
    assert_int_equal(r.total.count, THREADS * EACH / 2);
    ++*(int *)u;
}

static void test_set_from_many_threads(void **state)
{
    (void)state;
    struct latency_set *s = latency_set_new();
    pthread_t t[THREADS];
    int names = 0;
    for (int i = 0; i < THREADS; i++)
        assert_int_equal(pthread_create(&t[i], NULL, adder, s), 0);
    for (int i = 0; i < THREADS; i++)
        pthread_join(t[i], NULL);
    latency_set_each(s, sum, &names);
    assert_int_equal(names, 2);
    latency_set_free(s);
}

static void last_name(void *u, const char *name, struct latency *l)
{
    struct latency_report r;
    latency_report(l, 0, &r);
    snprintf(u, 64, "%s %d", name, (int)r.total.count);
}

static void test_names_come_to_an_end(void **state)
{
    (void)state;
    struct latency_set *s = latency_set_new();
    char name[80], last[64] = "";
    for (int i = 0; i < LATENCY_NAMES + 5; i++) {
        snprintf(name, sizeof name, "a name of %d and then some more characters than are kept", i);
        latency_set_add(s, name, 0, 1);
    }
    latency_set_each(s, last_name, last);
    assert_string_equal(last, "other 6");
    latency_set_free(s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_percentiles, make, drop),
        cmocka_unit_test(test_every_magnitude),
        cmocka_unit_test_setup_teardown(test_one_outlier_is_no_percentile, make, drop),
        cmocka_unit_test_setup_teardown(test_what_is_recent, make, drop),
        cmocka_unit_test(test_set_from_many_threads),
        cmocka_unit_test(test_names_come_to_an_end),
    };
    return cmocka_run_group_tests_name("latency", tests, NULL, NULL);
}
