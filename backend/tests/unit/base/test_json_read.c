#include "unit/base/check.h"

#include "base/json_read.h"

#include <stdlib.h>
#include <string.h>

static struct json_doc *parsed(const char *text)
{
    struct json_doc *doc = NULL;
    struct error err;
    assert_ok(json_parse(text, strlen(text), &doc, &err));
    assert_non_null(doc);
    return doc;
}

static void refuse(const char *text, size_t len, const char *says)
{
    struct json_doc *doc = NULL;
    struct error err = {0};
    assert_status(json_parse(text, len, &doc, &err), STATUS_MALFORMED);
    assert_null(doc);
    assert_string_equal(err.code, "json_malformed");
    if (strstr(err.message, says) == NULL)
        fail_msg("%s: '%s' does not say '%s'", text, err.message, says);
}

static void getters_give_values_or_the_fallback(void **state)
{
    (void)state;
    struct json_doc *doc = parsed("{\"s\":\"x\",\"i\":-3,\"n\":2.5,\"b\":true,\"o\":{\"k\":null},\"a\":[1,\"two\"]}");
    const struct json_val *r = json_root(doc);
    assert_true(json_is_object(r));
    assert_int_equal(json_len(r), 6);
    assert_string_equal(json_get_string(r, "s", "?"), "x");
    assert_string_equal(json_get_string(r, "i", "?"), "?");
    assert_int_equal(json_get_int(r, "i", 9), -3);
    assert_int_equal(json_get_int(r, "n", 9), 9);
    assert_int_equal(json_get_int(r, "absent", 9), 9);
    assert_true(json_get_number(r, "n", 0) == 2.5);
    assert_true(json_get_number(r, "i", 0) == -3);
    assert_true(json_get_number(r, "s", 7) == 7);
    assert_true(json_get_bool(r, "b", false));
    assert_true(json_get_bool(r, "s", true));
    assert_int_equal(json_kind(json_get(json_get(r, "o"), "k")), JSON_KIND_NULL);
    assert_true(json_is_array(json_get(r, "a")));
    assert_int_equal(json_len(json_get(r, "a")), 2);
    assert_string_equal(json_as_string(json_at(json_get(r, "a"), 1)), "two");
    assert_null(json_at(json_get(r, "a"), 2));
    assert_null(json_at(r, 0));
    json_doc_freep(&doc);
    assert_null(doc);
}

static void absent_is_taken_everywhere(void **state)
{
    (void)state;
    assert_null(json_root(NULL));
    assert_null(json_get(NULL, "a"));
    assert_null(json_at(NULL, 0));
    assert_null(json_as_string(NULL));
    assert_int_equal(json_len(NULL), 0);
    assert_false(json_is_array(NULL));
    assert_false(json_is_object(NULL));
    assert_int_equal(json_kind(NULL), JSON_KIND_ABSENT);
    assert_int_equal(json_string_size(NULL), 0);
    assert_int_equal(json_get_int(NULL, "a", 5), 5);
    assert_true(json_get_bool(NULL, "a", true));
    assert_true(json_as_number(NULL, 1.5) == 1.5);
}

static void malformed_text_is_refused_with_a_reason(void **state)
{
    (void)state;
    static const char *const bad[] = {"{",         "}",      "[1,]", "{\"a\":1,}", "{'a':1}",     "nul",
                                      "01",        "1.",     "+1",   ".5",         "\"\\x\"",     "[1 2]",
                                      "{\"a\" 1}", "\"\n\"", "NaN",  "[1]]",       "\"\\ud800\"", ""};
    for (size_t i = 0; i < COUNT(bad); i++)
        refuse(bad[i], strlen(bad[i]), "line");
    refuse("{\"a\":1,\"b\":2,\"a\":3}", 19, "twice");
    refuse("1e999", 5, "too large");
    refuse("92233720368547758080", 20, "too large");
    refuse("\"\xFF\"", 3, "UTF-8");
    refuse("\"a\\u0000b\"", 10, "NUL");
    refuse("{\"a\\u0000b\":1}", 14, "NUL");
    refuse("[1]\0", 4, "line");
}

static char *nested(size_t depth, char open, char close)
{
    char *s = malloc(2 * depth + 1);
    memset(s, open, depth);
    memset(s + depth, close, depth);
    s[2 * depth] = '\0';
    return s;
}

static void depth_is_limited(void **state)
{
    (void)state;
    char *ok = nested(32, '[', ']'), *deep = nested(33, '[', ']'), *very = nested(1000000, '[', ']');
    json_doc_free(parsed(ok));
    refuse(deep, strlen(deep), "nested");
    refuse(very, strlen(very), "nested");
    free(ok);
    free(deep);
    free(very);
    json_doc_free(parsed("\"[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[\\\"[[[[[[[[[[[\"")); /* within a string */
}

static void input_mode_leaves_nul_and_big_integers_to_the_caller(void **state)
{
    (void)state;
    struct json_doc *doc = NULL;
    struct error err;
    const char *text = "{\"a\":\"x\\u0000y\",\"b\":92233720368547758080}";
    assert_ok(json_parse_input(text, strlen(text), &doc, &err));
    assert_int_equal(json_string_size(json_get(json_root(doc), "a")), 3);
    assert_int_equal(json_kind(json_get(json_root(doc), "b")), JSON_KIND_REAL);
    json_doc_free(doc);
    assert_status(json_parse_input("[1e999]", 7, &doc, &err), STATUS_MALFORMED);
    assert_string_equal(err.code, "json_malformed");
    assert_status(json_parse_input("[1e999]", 7, &doc, NULL), STATUS_MALFORMED);
}

static void objects_are_walked_in_order_and_dumped(void **state)
{
    (void)state;
    struct json_doc *doc = parsed("{\"z\": [1, 2.5],\n \"a\": {\"k\": \"v\"}, \"m\": null}");
    void *at = NULL;
    const char *key;
    const struct json_val *value;
    char keys[8] = "";
    while (json_each(json_root(doc), &at, &key, &value))
        strcat(keys, key);
    assert_string_equal(keys, "zam");

    struct buf b;
    buf_init(&b, 100);
    json_dump(json_root(doc), &b);
    assert_string_equal(buf_cstr(&b), "{\"z\":[1,2.5],\"a\":{\"k\":\"v\"},\"m\":null}");
    buf_free(&b);
    buf_init(&b, 5);
    json_dump(json_root(doc), &b);
    assert_false(buf_ok(&b));
    buf_free(&b);
    json_doc_free(doc);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(getters_give_values_or_the_fallback),
        cmocka_unit_test(absent_is_taken_everywhere),
        cmocka_unit_test(malformed_text_is_refused_with_a_reason),
        cmocka_unit_test(depth_is_limited),
        cmocka_unit_test(input_mode_leaves_nul_and_big_integers_to_the_caller),
        cmocka_unit_test(objects_are_walked_in_order_and_dumped),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
