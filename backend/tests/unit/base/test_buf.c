#include "unit/base/check.h"

#include "unit/base/failing_alloc.h"

#include "base/buf.c"

static void appends_and_keeps_a_nul(void **state)
{
    (void)state;
    struct buf b;
    buf_init(&b, 100);
    assert_string_equal(buf_cstr(&b), "");
    buf_str(&b, "ab");
    buf_char(&b, 'c');
    buf_printf(&b, "%d", 12);
    buf_append(&b, "\0z", 2);
    assert_int_equal(b.len, 7);
    assert_memory_equal(b.data, "abc12\0z", 8);
    buf_printf(&b, "%s", "");
    buf_append(&b, NULL, 0);
    assert_int_equal(b.len, 7);
    assert_true(buf_ok(&b));
    buf_free(&b);
}

static void takes_exactly_its_maximum(void **state)
{
    (void)state;
    for (size_t max = 0; max < 300; max++) {
        struct buf b;
        buf_init(&b, max);
        for (size_t i = 0; i < max; i++)
            buf_char(&b, 'x');
        assert_true(buf_ok(&b));
        assert_int_equal(b.len, max);
        assert_int_equal(strlen(buf_cstr(&b)), max);
        buf_char(&b, 'y');
        assert_false(buf_ok(&b));
        assert_string_equal(buf_cstr(&b), "");
        buf_free(&b);
    }
}

static void failure_sticks_until_cleared(void **state)
{
    (void)state;
    struct buf b;
    buf_init(&b, 4);
    buf_str(&b, "too long");
    buf_str(&b, "ok");
    assert_false(buf_ok(&b));
    assert_int_equal(b.len, 0);
    assert_null(buf_take(&b, NULL));
    buf_clear(&b);
    buf_str(&b, "ok");
    assert_true(buf_ok(&b));
    assert_string_equal(buf_cstr(&b), "ok");
    buf_clear(&b);
    assert_string_equal(buf_cstr(&b), "");
    buf_printf(&b, "%s", "12345");
    assert_false(buf_ok(&b));
    buf_free(&b);
    assert_int_equal(alloc_live, 0);
}

static void take_hands_the_memory_over(void **state)
{
    (void)state;
    struct buf b;
    size_t len = 99;
    buf_init(&b, 10);
    char *empty = buf_take(&b, &len);
    assert_string_equal(empty, "");
    assert_int_equal(len, 0);
    buf_str(&b, "0123456789");
    char *full = buf_take(&b, &len);
    assert_string_equal(full, "0123456789");
    assert_int_equal(len, 10);
    assert_int_equal(b.len, 0);
    assert_null(b.data);
    buf_str(&b, "again");
    assert_string_equal(buf_cstr(&b), "again");
    free(empty);
    free(full);
    buf_free(&b);
    assert_int_equal(alloc_live, 0);
}

static void each_failing_allocation_is_reported(void **state)
{
    (void)state;
    int failures = 0;
    for (long n = 0;; n++) {
        struct buf b;
        buf_init(&b, 1 << 16);
        alloc_left = n;
        for (int i = 0; i < 1000; i++)
            buf_printf(&b, "%d,", i);
        bool ok = buf_ok(&b);
        char *text = buf_take(&b, NULL);
        alloc_left = -1;
        assert_true(ok == (text != NULL));
        free(text);
        buf_free(&b);
        assert_int_equal(alloc_live, 0);
        if (ok)
            break;
        failures++;
    }
    assert_true(failures >= 3);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(appends_and_keeps_a_nul),
        cmocka_unit_test(takes_exactly_its_maximum),
        cmocka_unit_test(failure_sticks_until_cleared),
        cmocka_unit_test(take_hands_the_memory_over),
        cmocka_unit_test(each_failing_allocation_is_reported),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
