#include "unit/base/check.h"

#include "base/csv.h"

#include <math.h>
#include <string.h>

static void expect(struct buf *b, const char *text)
{
    assert_true(buf_ok(b));
    assert_string_equal(buf_cstr(b), text);
    buf_free(b);
}

static void rows_end_with_crlf_and_begin_after_a_byte_order_mark(void **state)
{
    (void)state;
    struct buf b;
    struct csv c;
    buf_init(&b, 1024);
    csv_init(&c, &b);
    csv_text(&c, "a");
    csv_int(&c, -3);
    csv_number(&c, 2.5);
    csv_number(&c, NAN);
    csv_time(&c, 1700000000123);
    csv_time(&c, 0);
    csv_row_end(&c);
    csv_text(&c, NULL);
    csv_text(&c, "");
    csv_row_end(&c);
    expect(&b, "\xEF\xBB\xBF"
               "a,-3,2.5,,2023-11-14T22:13:20.123Z,\r\n,\r\n");
}

static void quotes_are_doubled_and_line_ends_kept(void **state)
{
    (void)state;
    struct buf b;
    struct csv c;
    buf_init(&b, 1024);
    csv_init(&c, &b);
    csv_text(&c, "she said \"yes, now\"");
    csv_text(&c, "two\nlines");
    csv_text(&c, "plain; text");
    expect(&b, "\xEF\xBB\xBF\"she said \"\"yes, now\"\"\",\"two\nlines\",plain; text");
}

/* A candidate called =HYPERLINK("http://...") stays a name. */
static void nothing_is_a_formula(void **state)
{
    (void)state;
    static const char *const evil[] = {"=1+1",
                                       "+1",
                                       "-1",
                                       "@SUM(A1)",
                                       "\tx",
                                       "\rx",
                                       "\nx",
                                       "\xEF\xBC\x9D"
                                       "1",
                                       "\xEF\xBC\xA0"
                                       "A"};
    for (size_t i = 0; i < sizeof(evil) / sizeof(evil[0]); i++) {
        char want[64] = "\xEF\xBB\xBF\"'";
        struct buf b;
        struct csv c;
        buf_init(&b, 1024);
        csv_init(&c, &b);
        csv_text(&c, evil[i]);
        strcat(strcat(want, evil[i]), "\"");
        expect(&b, want);
    }
}

static void too_much_fails(void **state)
{
    (void)state;
    struct buf b;
    struct csv c;
    buf_init(&b, 8);
    csv_init(&c, &b);
    csv_text(&c, "longer than that");
    assert_false(buf_ok(&b));
    buf_free(&b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rows_end_with_crlf_and_begin_after_a_byte_order_mark),
        cmocka_unit_test(quotes_are_doubled_and_line_ends_kept),
        cmocka_unit_test(nothing_is_a_formula),
        cmocka_unit_test(too_much_fails),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
