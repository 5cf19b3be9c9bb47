#include "unit/base/check.h"

#include "base/clock.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

static void expect(const char *text, int64_t ms)
{
    int64_t got = -1;
    if (time_parse(text, &got) != 0)
        fail_msg("%s is not parsed", text);
    if (got != ms)
        fail_msg("%s: %lld, not %lld", text, (long long)got, (long long)ms);
}

static void known_times(void **state)
{
    (void)state;
    expect("1970-01-01T00:00:00Z", 0);
    expect("1970-01-01T00:00:00.001Z", 1);
    expect("2026-11-22T23:59:59.123Z", 1795391999123);
    expect("2026-11-23t01:59:59.123999+02:00", 1795391999123);
    expect("2026-11-22 18:29:59.12-05:30", 1795391999120);
    expect("1969-12-31T23:59:59.999Z", -1);
    expect("2000-02-29T00:00:00z", 951782400000);
    expect("2016-12-31T23:59:60Z", 1483228800000);
    expect("0001-01-01T00:00:00Z", -62135596800000);
    expect("9999-12-31T23:59:59.999Z", 253402300799999);
}

static void what_is_not_a_time_is_refused(void **state)
{
    (void)state;
    static const char *const bad[] = {"",
                                      "2026",
                                      "2026-11-22",
                                      "2026-11-22T23:59:59",
                                      "2026-11-22T23:59Z",
                                      "2026-02-29T00:00:00Z",
                                      "1900-02-29T00:00:00Z",
                                      "2026-13-01T00:00:00Z",
                                      "2026-00-01T00:00:00Z",
                                      "2026-04-31T00:00:00Z",
                                      "2026-04-00T00:00:00Z",
                                      "0000-01-01T00:00:00Z",
                                      "2026-01-01T24:00:00Z",
                                      "2026-01-01T00:60:00Z",
                                      "2026-01-01T00:00:61Z",
                                      "2026-01-01T00:00:00.Z",
                                      "2026-01-01T00:00:00Zx",
                                      "2026-01-01T00:00:00+2:00",
                                      "2026-01-01T00:00:00+24:00",
                                      "2026-01-01T00:00:00+0200",
                                      " 2026-01-01T00:00:00Z",
                                      "+026-01-01T00:00:00Z"};
    for (size_t i = 0; i < COUNT(bad); i++) {
        int64_t ms = 42;
        if (time_parse(bad[i], &ms) == 0)
            fail_msg("%s is parsed", bad[i]);
        assert_int_equal(ms, 42);
    }
}

/* The C library as the oracle, over 800 years. */
static void formats_as_the_c_library_does(void **state)
{
    (void)state;
    srand(3);
    for (int i = 0; i < 20000; i++) {
        int64_t s = ((int64_t)rand() * 12 + rand() % 12) - 12884901888, back;
        time_t t = (time_t)s;
        struct tm tm;
        char wanted[64], got[32];
        gmtime_r(&t, &tm);
        strftime(wanted, sizeof(wanted), "%Y-%m-%dT%H:%M:%S.007Z", &tm);
        time_format(s * 1000 + 7, got);
        assert_string_equal(got, wanted);
        assert_int_equal(time_parse(got, &back), 0);
        assert_int_equal(back, s * 1000 + 7);
    }
}

static void far_times_are_clamped(void **state)
{
    (void)state;
    char text[32];
    time_format(INT64_MAX, text);
    assert_string_equal(text, "9999-12-31T23:59:59.999Z");
    time_format(INT64_MIN, text);
    assert_string_equal(text, "0001-01-01T00:00:00.000Z");
}

static void months_begin_on_their_first_day(void **state)
{
    (void)state;
    static const char *const months[][3] = {
        {"2026-11-01T00:00:00Z", "2026-11-30T23:59:59.999Z", "2026-12-01T00:00:00Z"},
        {"2026-12-01T00:00:00Z", "2026-12-31T23:59:59.999Z", "2027-01-01T00:00:00Z"},
        {"2028-02-01T00:00:00Z", "2028-02-29T12:00:00Z", "2028-03-01T00:00:00Z"},
        {"1969-12-01T00:00:00Z", "1969-12-31T23:59:59.999Z", "1970-01-01T00:00:00Z"},
    };
    for (size_t i = 0; i < COUNT(months); i++) {
        int64_t wanted[3], from, to;
        for (int k = 0; k < 3; k++)
            assert_int_equal(time_parse(months[i][k], &wanted[k]), 0);
        for (int k = 0; k < 2; k++) { /* its first moment, and a late one */
            time_month(wanted[k], &from, &to);
            assert_int_equal(from, wanted[0]);
            assert_int_equal(to, wanted[2]);
        }
    }
}

static void the_fake_clock_moves_only_when_told(void **state)
{
    (void)state;
    struct clock_fake f = {.unix_ms = 1000, .mono_ms = 5};
    struct clock c = clock_fake_make(&f);
    assert_int_equal(clock_unix_ms(&c), 1000);
    assert_int_equal(clock_mono_ms(&c), 5);
    clock_fake_advance(&f, 250);
    assert_int_equal(clock_unix_ms(&c), 1250);
    assert_int_equal(clock_mono_ms(&c), 255);
}

static void the_system_clock_tells_the_time(void **state)
{
    (void)state;
    int64_t before = (int64_t)time(NULL) - 1, now = clock_unix_ms(&clock_system) / 1000;
    assert_in_range(now, before, before + 60);
    int64_t a = clock_mono_ms(&clock_system), b = clock_mono_ms(&clock_system);
    assert_true(b >= a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(known_times),
        cmocka_unit_test(what_is_not_a_time_is_refused),
        cmocka_unit_test(formats_as_the_c_library_does),
        cmocka_unit_test(far_times_are_clamped),
        cmocka_unit_test(months_begin_on_their_first_day),
        cmocka_unit_test(the_fake_clock_moves_only_when_told),
        cmocka_unit_test(the_system_clock_tells_the_time),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
