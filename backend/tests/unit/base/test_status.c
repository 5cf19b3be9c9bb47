#include "unit/base/check.h"

#include "base/utf8.h"

#include <stdio.h>
#include <string.h>

static void fills_every_part(void **state)
{
    (void)state;
    struct error e;
    assert_status(error_set(&e, STATUS_CONFLICT, "taken", "email", "%s is taken %d times", "it", 2), STATUS_CONFLICT);
    assert_string_equal(e.code, "taken");
    assert_string_equal(e.field, "email");
    assert_string_equal(e.message, "it is taken 2 times");
    assert_string_equal(e.details, "");
}

static void takes_no_error_and_no_field(void **state)
{
    (void)state;
    struct error e;
    assert_status(error_set(NULL, STATUS_IO, "x", NULL, "x"), STATUS_IO);
    assert_status(error_set(&e, STATUS_IO, "x", NULL, "x"), STATUS_IO);
    assert_string_equal(e.field, "");
}

static void forgets_the_details_of_an_earlier_error(void **state)
{
    (void)state;
    struct error e;
    memset(&e, 'z', sizeof(e));
    assert_status(error_set(&e, STATUS_IO, "x", NULL, "y"), STATUS_IO);
    assert_string_equal(e.details, "");
}

static void cuts_long_text_between_characters(void **state)
{
    (void)state;
    char text[1000];
    for (int shift = 0; shift < 4; shift++) {
        struct error e;
        memset(text, 'a', (size_t)shift);
        for (size_t i = (size_t)shift; i + 4 < sizeof(text); i += 4)
            memcpy(text + i, "\xF0\x9F\x98\x80", 5);
        assert_status(error_set(&e, STATUS_IO, text, text, "%s", text), STATUS_IO);
        assert_true(utf8_valid(e.message, strlen(e.message)));
        assert_true(utf8_valid(e.field, strlen(e.field)));
        assert_true(utf8_valid(e.code, strlen(e.code)));
        assert_in_range(strlen(e.message), sizeof(e.message) - 4, sizeof(e.message) - 1);
    }
}

static void a_message_may_wrap_itself(void **state)
{
    (void)state;
    struct error e;
    assert_status(error_set(&e, STATUS_IO, "a", "f", "inner"), STATUS_IO);
    assert_status(error_set(&e, STATUS_IO, e.code, e.field, "outer: %s", e.message), STATUS_IO);
    assert_string_equal(e.message, "outer: inner");
    assert_string_equal(e.field, "f");
}

static void every_status_has_its_own_name(void **state)
{
    (void)state;
    for (int i = STATUS_OK; i <= STATUS_INTERNAL; i++) {
        assert_string_not_equal(status_name((enum status)i), "unknown");
        for (int k = STATUS_OK; k < i; k++)
            assert_string_not_equal(status_name((enum status)i), status_name((enum status)k));
    }
    assert_string_equal(status_name((enum status)99), "unknown");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(fills_every_part),
        cmocka_unit_test(takes_no_error_and_no_field),
        cmocka_unit_test(forgets_the_details_of_an_earlier_error),
        cmocka_unit_test(cuts_long_text_between_characters),
        cmocka_unit_test(a_message_may_wrap_itself),
        cmocka_unit_test(every_status_has_its_own_name),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
