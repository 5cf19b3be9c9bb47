/* The small grammars, without a connection. */
#include "unit/http/harness.h"

static struct arena *arena;

static int setup(void **state)
{
    (void)state;
    arena = arena_new(1u << 20);
    return arena == NULL;
}

static int teardown(void **state)
{
    (void)state;
    arena = arena_free(arena);
    return 0;
}

static bool path_is(const char *raw, const char *want)
{
    struct path p;
    struct error err;
    enum status st = path_parse(arena, raw, strlen(raw), &p, &err);
    return want == NULL ? st == STATUS_MALFORMED : st == STATUS_OK && strcmp(p.text, want) == 0;
}

static void test_path(void **state)
{
    (void)state;
    assert_true(path_is("/", "/"));
    assert_true(path_is("/a/b%20c", "/a/b c"));
    assert_true(path_is("/a/", "/a/"));
    assert_true(path_is("/%252e%252e", "/%2e%2e")); /* once */
    assert_true(path_is("/a+b", "/a+b"));
    static const char *const bad[] = {"",        "a",         "*",     "//",   "//a",     "/a//b",      "/.",   "/..",
                                      "/a/../b", "/%2e%2e/a", "/.%2e", "/%2f", "/%5c",    "/a\\b",      "/%",   "/%1",
                                      "/%zz",    "/%00",      "/%0a",  "/%7f", "/%c0%af", "/%ed%a0%80", "/\xFF"};
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
        if (!path_is(bad[i], NULL))
            fail_msg("%s was taken", bad[i]);
    char deep[2 * (PATH_SEGMENTS_MAX + 1) + 1] = "";
    for (int i = 0; i < PATH_SEGMENTS_MAX; i++)
        strcat(deep, "/x");
    assert_true(path_is(deep, deep));
    strcat(deep, "/x");
    assert_true(path_is(deep, NULL));
}

static void test_query(void **state)
{
    (void)state;
    struct query q;
    struct error err;
    assert_int_equal(query_parse(arena, "a=1&b=x+y%2B&a=2&c&=v&&d=", &q, &err), STATUS_OK);
    assert_string_equal(query_get(&q, "a"), "1");
    assert_string_equal(query_get(&q, "b"), "x y+");
    assert_string_equal(query_get(&q, "c"), "");
    assert_string_equal(query_get(&q, "d"), "");
    assert_null(query_get(&q, "e"));
    assert_int_equal(query_parse(arena, NULL, &q, &err), STATUS_OK);
    assert_null(query_get(&q, "a"));
    assert_int_equal(query_parse(arena, "a=%ff", &q, &err), STATUS_MALFORMED);
    char many[4 * (QUERY_PAIRS_MAX + 1) + 1] = "";
    for (int i = 0; i <= QUERY_PAIRS_MAX; i++)
        strcat(many, "a=1&");
    assert_int_equal(query_parse(arena, many, &q, &err), STATUS_MALFORMED);
}

static void test_range_edges(void **state)
{
    (void)state;
    uint64_t first, length;
    assert_int_equal(range_parse("bytes=0-0", 0, &first, &length), RANGE_UNSATISFIABLE);
    assert_int_equal(range_parse("bytes=-1", 0, &first, &length), RANGE_UNSATISFIABLE);
    assert_int_equal(range_parse("bytes=0-18446744073709551615", UINT64_MAX, &first, &length), RANGE_ONE);
    assert_true(first == 0 && length == UINT64_MAX);
    assert_int_equal(range_parse("bytes= 1-2 ", 10, &first, &length), RANGE_ONE);
    assert_true(first == 1 && length == 2);
    static const char *const none[] = {"bytes",   "bytes=",     "bytes=-",   "bytes=--1",
                                       "bytes=1", "bytes=1-2x", "bytes=2-1", "bytes=1-2,3-4"};
    for (size_t i = 0; i < sizeof(none) / sizeof(none[0]); i++)
        assert_int_equal(range_parse(none[i], 10, &first, &length), RANGE_NONE);
    assert_int_equal(range_parse(NULL, 10, &first, &length), RANGE_NONE);
}

static void test_lists(void **state)
{
    (void)state;
    assert_true(etag_matches("\"a\", W/\"b\"", "b"));
    assert_false(etag_matches("\"ab\"", "a"));
    assert_false(etag_matches("\"a", "a"));
    assert_false(etag_matches(NULL, "a"));
    assert_true(encoding_accepted("gzip;q=0.001", "gzip"));
    assert_false(encoding_accepted("gzip;q=0.000", "gzip"));
    assert_false(encoding_accepted("gzipped", "gzip"));
    assert_false(encoding_accepted("*, br;q=0", "br"));
    assert_false(encoding_accepted(NULL, "br"));
    assert_true(list_has_token("keep-alive, UPGRADE", "upgrade"));
    assert_false(list_has_token("upgraded", "upgrade"));
    assert_true(http_is_authority("[::1]:80") && !http_is_authority("a@b") && !http_is_authority(""));
    const char *authority = NULL;
    assert_true(origin_authority("https://a.b:1", &authority));
    assert_string_equal(authority, "a.b:1");
    assert_false(origin_authority("https://a/b", &authority) || origin_authority("null", &authority));
    uint64_t n;
    assert_true(http_parse_length("0", &n) && n == 0);
    assert_false(http_parse_length("", &n) || http_parse_length("18446744073709551616", &n) ||
                 http_parse_length(" 1", &n));
}

static void test_statuses(void **state)
{
    (void)state;
    static const int want[] = {200, 400, 401, 403, 404, 409, 412, 410, 413, 415, 422, 429, 503, 503, 500, 500};
    for (int st = STATUS_OK; st <= STATUS_INTERNAL; st++)
        assert_int_equal(http_status_of((enum status)st), want[st]);
}

static void test_forwarded(void **state)
{
    (void)state;
    static const char *const good[][2] = {
        {"203.0.113.9", "203.0.113.9"},         {"1.2.3.4, 203.0.113.9", "203.0.113.9"},
        {"1.2.3.4,203.0.113.9", "203.0.113.9"}, {"203.0.113.9:4711", "203.0.113.9"},
        {"2001:DB8::0001", "2001:db8::1"},      {"[2001:db8::1]:4711", "2001:db8::1"},
        {"\"[2001:db8::1]\"", "2001:db8::1"},   {"::ffff:203.0.113.9", "203.0.113.9"},
    };
    static const char *const bad[] = {
        "",
        "1.2.3.4,",
        "unknown",
        "<bad>",
        "1.2.3",
        "1.2.3.4.5",
        "203.0.113.9x",
        "2001:db8::1::2",
        ":80",
        "1.2.3.4, _x",
        "1e3",
        "[",
        "0000000000000000000000000000000000000000000000000000000000000000000000000000001"};
    char out[ADDRESS_TEXT_SIZE];
    for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
        assert_true(forwarded_address(good[i][0], out));
        assert_string_equal(out, good[i][1]);
    }
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
        if (forwarded_address(bad[i], out))
            fail_msg("%s was taken for %s", bad[i], out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_path),      cmocka_unit_test(test_query),
                                       cmocka_unit_test(test_forwarded), cmocka_unit_test(test_range_edges),
                                       cmocka_unit_test(test_lists),     cmocka_unit_test(test_statuses)};
    return cmocka_run_group_tests(tests, setup, teardown);
}
