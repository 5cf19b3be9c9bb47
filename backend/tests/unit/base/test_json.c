#include "unit/base/check.h"

#include "base/json.h"
#include "base/json_read.h"

#include <float.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct writer {
    struct buf b;
    struct json j;
};

static struct writer *begin(struct writer *w)
{
    buf_init(&w->b, 1 << 16);
    json_init(&w->j, &w->b);
    return w;
}

static void expect(struct writer *w, const char *text)
{
    assert_true(buf_ok(&w->b));
    assert_string_equal(buf_cstr(&w->b), text);
    buf_free(&w->b);
}

static void commas_stand_where_they_belong(void **state)
{
    (void)state;
    struct writer w;
    struct json *j = &begin(&w)->j;
    json_object_begin(j);
    json_kv_string(j, "a", "x");
    json_key(j, "b");
    json_array_begin(j);
    json_int(j, 1);
    json_array_begin(j);
    json_array_end(j);
    json_object_begin(j);
    json_object_end(j);
    json_null(j);
    json_array_end(j);
    json_kv_bool(j, "c", true);
    json_kv_int(j, "d", INT64_MIN);
    json_kv_number(j, "e", 0.1);
    json_key(j, "f");
    json_raw(j, NULL);
    json_kv_string(j, "g", NULL);
    json_object_end(j);
    expect(&w,
           "{\"a\":\"x\",\"b\":[1,[],{},null],\"c\":true,\"d\":-9223372036854775808,\"e\":0.1,\"f\":null,\"g\":null}");
}

static void strings_are_escaped(void **state)
{
    (void)state;
    struct writer w;
    static const char text[] = "q\" b\\ n\n r\r t\t \0 \x1f \x7f \xC3\xA9 \xF0\x9F\x98\x80";
    json_stringn(&begin(&w)->j, text, sizeof(text) - 1);
    expect(&w, "\"q\\\" b\\\\ n\\n r\\r t\\t \\u0000 \\u001f \\u007f \xC3\xA9 \xF0\x9F\x98\x80\"");
}

static void invalid_bytes_become_the_replacement_character(void **state)
{
    (void)state;
    struct writer w;
    json_string(&begin(&w)->j, "a\xFF"
                               "b\xC3");
    expect(&w, "\"a\xEF\xBF\xBD"
               "b\xEF\xBF\xBD\"");
}

/* Whatever bytes go in, the reader must take what the writer made. */
static void any_bytes_give_readable_json(void **state)
{
    (void)state;
    srand(7);
    for (int round = 0; round < 2000; round++) {
        char bytes[32];
        size_t n = (size_t)rand() % sizeof(bytes);
        for (size_t i = 0; i < n; i++)
            bytes[i] = (char)(rand() % 255 + 1);
        struct writer w;
        struct error err;
        struct json_doc *doc = NULL;
        json_stringn(&begin(&w)->j, bytes, n);
        assert_ok(json_parse(w.b.data, w.b.len, &doc, &err));
        json_doc_free(doc);
        buf_free(&w.b);
    }
}

static void numbers_round_trip_in_the_shortest_form(void **state)
{
    (void)state;
    static const struct {
        double v;
        const char *text;
    } cases[] = {{0, "0"},
                 {-0.0, "-0"},
                 {1, "1"},
                 {0.1, "0.1"},
                 {1e21, "1e+21"},
                 {3.5, "3.5"},
                 {1.0 / 3, "0.3333333333333333"},
                 {9007199254740991.0, "9007199254740991"},
                 {NAN, "null"},
                 {INFINITY, "null"},
                 {-INFINITY, "null"}};
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct writer w;
        json_number(&begin(&w)->j, cases[i].v);
        expect(&w, cases[i].text);
    }
    static const double hard[] = {DBL_MAX, DBL_MIN, 5e-324, 0.1 + 0.2, 1e23, 123456789.123456789};
    for (size_t i = 0; i < COUNT(hard); i++) {
        struct writer w;
        json_number(&begin(&w)->j, hard[i]);
        assert_true(strtod(buf_cstr(&w.b), NULL) == hard[i]);
        buf_free(&w.b);
    }
}

static void ids_and_times_are_null_when_zero(void **state)
{
    (void)state;
    struct writer w;
    struct json *j = &begin(&w)->j;
    struct id id;
    assert_true(id_parse("0190a000-0000-7000-8000-00000000ABCD", &id));
    json_object_begin(j);
    json_kv_id(j, "a", id);
    json_kv_id(j, "b", (struct id){0});
    json_kv_time(j, "c", 1);
    json_kv_time(j, "d", 0);
    json_object_end(j);
    expect(&w,
           "{\"a\":\"0190a000-0000-7000-8000-00000000abcd\",\"b\":null,\"c\":\"1970-01-01T00:00:00.001Z\",\"d\":null}");
}

static void misuse_fails_the_buffer(void **state)
{
    (void)state;
    struct writer w;
    struct json *j = &begin(&w)->j;
    for (int i = 0; i < JSON_DEPTH_MAX + 3; i++)
        json_array_begin(j);
    assert_false(buf_ok(&w.b));
    buf_free(&w.b);

    json_array_end(&begin(&w)->j);
    assert_false(buf_ok(&w.b));
    buf_free(&w.b);

    json_object_begin(&begin(&w)->j);
    json_key(&w.j, "a");
    json_object_end(&w.j);
    assert_false(buf_ok(&w.b));
    buf_free(&w.b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(commas_stand_where_they_belong),
        cmocka_unit_test(strings_are_escaped),
        cmocka_unit_test(invalid_bytes_become_the_replacement_character),
        cmocka_unit_test(any_bytes_give_readable_json),
        cmocka_unit_test(numbers_round_trip_in_the_shortest_form),
        cmocka_unit_test(ids_and_times_are_null_when_zero),
        cmocka_unit_test(misuse_fails_the_buffer),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
