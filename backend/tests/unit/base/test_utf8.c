#include "unit/base/check.h"

#include "base/utf8.h"

#include <string.h>

static size_t encode(uint32_t c, char out[4])
{
    if (c < 0x80) {
        out[0] = (char)c;
        return 1;
    }
    if (c < 0x800) {
        out[0] = (char)(0xC0 | c >> 6);
        out[1] = (char)(0x80 | (c & 0x3F));
        return 2;
    }
    if (c < 0x10000) {
        out[0] = (char)(0xE0 | c >> 12);
        out[1] = (char)(0x80 | (c >> 6 & 0x3F));
        out[2] = (char)(0x80 | (c & 0x3F));
        return 3;
    }
    out[0] = (char)(0xF0 | c >> 18);
    out[1] = (char)(0x80 | (c >> 12 & 0x3F));
    out[2] = (char)(0x80 | (c >> 6 & 0x3F));
    out[3] = (char)(0x80 | (c & 0x3F));
    return 4;
}

static void every_code_point_and_no_surrogate(void **state)
{
    (void)state;
    for (uint32_t c = 0; c < 0x120000; c++) {
        char s[4];
        uint32_t back = 0;
        size_t n = encode(c, s);
        bool valid = c <= 0x10FFFF && (c < 0xD800 || c > 0xDFFF);
        assert_int_equal(utf8_next(s, n, &back), valid ? n : 0);
        if (valid)
            assert_int_equal(back, c);
        for (size_t cut = 0; cut < n; cut++)
            assert_int_equal(utf8_next(s, cut, NULL), 0);
    }
}

static void refuses_overlong_and_stray_bytes(void **state)
{
    (void)state;
    static const char *const bad[] = {"\xC0\x80",
                                      "\xC1\xBF",
                                      "\xE0\x80\x80",
                                      "\xE0\x9F\xBF",
                                      "\xF0\x80\x80\x80",
                                      "\xF0\x8F\xBF\xBF",
                                      "\x80",
                                      "\xBF",
                                      "\xF8\x88\x80\x80\x80",
                                      "\xFE",
                                      "\xFF",
                                      "\xC3\x28",
                                      "\xE2\x28\xA1",
                                      "\xE2\x82\x28"};
    for (size_t i = 0; i < COUNT(bad); i++) {
        assert_int_equal(utf8_next(bad[i], strlen(bad[i]), NULL), 0);
        assert_false(utf8_valid(bad[i], strlen(bad[i])));
    }
    assert_true(utf8_valid("", 0));
    assert_true(utf8_valid("a\0b", 3));
}

static void counts_code_points(void **state)
{
    (void)state;
    assert_int_equal(utf8_length("", 0), 0);
    assert_int_equal(utf8_length("h\xC3\xA9llo", 6), 5);
    assert_int_equal(utf8_length("\xF0\x9F\x98\x80\xE2\x82\xAC", 7), 2);
    assert_int_equal(utf8_length("\xFFz\xC3", 3), 3);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_code_point_and_no_surrogate),
        cmocka_unit_test(refuses_overlong_and_stray_bytes),
        cmocka_unit_test(counts_code_points),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
