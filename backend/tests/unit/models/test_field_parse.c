#include "unit/base/check.h"
#include "unit/models/sample.h"

#include "base/utf8.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct arena *arena;
static struct error err;
static struct sample s;

static int setup(void **state)
{
    (void)state;
    arena = arena_new(1 << 20);
    return arena == NULL;
}

static int teardown(void **state)
{
    (void)state;
    arena_freep(&arena);
    return 0;
}

static enum status parse_n(const char *text, size_t len)
{
    arena_reset(arena);
    memset(&err, 0, sizeof(err));
    memset(&s, 0xAA, sizeof(s)); /* the engine zeroes it */
    return model_parse(&sample_model, PARSE_CREATE, text, len, arena, &s, &err);
}

static enum status parse(const char *text)
{
    return parse_n(text, strlen(text));
}

static void refuse(const char *text, const char *code, const char *field)
{
    enum status st = parse(text);
    if (st != STATUS_INVALID || strcmp(err.code, code) != 0 || strcmp(err.field, field) != 0)
        fail_msg("%s: %s %s '%s': %s", text, status_name(st), err.code, err.field, err.message);
    if (field[0] != '\0' && strncmp(err.message, field, strlen(field)) != 0)
        fail_msg("%s: '%s' does not name the field", text, err.message);
    size_t n = strlen(err.message); /* a sentence */
    assert_true(n > 10 && err.message[n - 1] == '.');
}

static void accept_text(const char *text)
{
    enum status st = parse(text);
    if (st != STATUS_OK)
        fail_msg("%s: %s %s: %s", text, err.code, err.field, err.message);
}

/* {"name":"x", <more>} */
static const char *with(const char *more)
{
    static char text[4096];
    snprintf(text, sizeof(text), "{\"name\":\"x\",%s}", more);
    return text;
}

static void everything_is_read(void **state)
{
    (void)state;
    accept_text(
        "{\"name\":\" Ada \",\"notes\":\"a\\r\\nb\\rc\",\"email\":\" ADA@Example.ORG\",\"password\":\" spaces kept \","
        "\"active\":true,\"count\":7,\"big\":-9007199254740991,\"ratio\":-0.5,\"level\":\"very_hard\","
        "\"owner\":\"0190A000-0000-7000-8000-00000000ABCD\",\"when\":\"1970-01-01T00:00:01+00:00\","
        "\"words\":[\" a \",\"b\"],\"areas\":[\"very_hard\",\"easy\"],\"child\":{\"text\":\"t\",\"tags\":[]},"
        "\"questions\":[{\"text\":\"one\",\"points\":1},{\"text\":\"two\",\"points\":5.0}],"
        "\"json\":{\"a\": [1, null, \"x\"]}}");
    assert_string_equal(s.name, "Ada");
    assert_string_equal(s.notes, "a\nb\nc");
    assert_string_equal(s.email, "ada@example.org");
    assert_string_equal(s.password, " spaces kept ");
    assert_true(s.active);
    assert_int_equal(s.count, 7);
    assert_int_equal(s.big, -9007199254740991);
    assert_true(s.ratio == -0.5);
    assert_int_equal(s.level, 2);
    char id[ID_TEXT_SIZE];
    id_format(s.owner, id);
    assert_string_equal(id, "0190a000-0000-7000-8000-00000000abcd");
    assert_int_equal(s.when, 1000);
    assert_int_equal(s.words.count, 2);
    assert_string_equal(s.words.items[0], "a");
    assert_int_equal(s.areas, 5);
    assert_string_equal(s.child->text, "t");
    assert_int_equal(s.questions.count, 2);
    const struct child *q = s.questions.items;
    assert_string_equal(q[1].text, "two");
    assert_int_equal(q[1].points, 5);
    assert_string_equal(s.json, "{\"a\":[1,null,\"x\"]}");
    assert_null(s.hash);
    assert_int_equal(s.made, 0);
}

static void presence_tells_absent_null_and_given_apart(void **state)
{
    (void)state;
    accept_text("{\"name\":\"x\",\"notes\":null,\"count\":null,\"child\":null,\"ratio\":0}");
    assert_true(model_given(&sample_model, &s, "notes") && model_null(&sample_model, &s, "notes"));
    assert_true(model_given(&sample_model, &s, "count") && model_null(&sample_model, &s, "count"));
    assert_true(model_given(&sample_model, &s, "ratio") && !model_null(&sample_model, &s, "ratio"));
    assert_false(model_given(&sample_model, &s, "when") || model_null(&sample_model, &s, "when"));
    assert_null(s.notes);
    assert_null(s.child);
    assert_int_equal(s.count, 0);
}

static void patch_takes_any_subset_but_not_none(void **state)
{
    (void)state;
    assert_ok(model_parse(&sample_model, PARSE_PATCH, "{\"notes\":null}", 14, arena, &s, &err));
    assert_true(model_null(&sample_model, &s, "notes"));
    assert_false(model_given(&sample_model, &s, "name"));
    assert_status(model_parse(&sample_model, PARSE_PATCH, "{}", 2, arena, &s, &err), STATUS_INVALID);
    assert_string_equal(err.code, "field_required");
    assert_string_equal(err.field, "");
    const char *null_name = "{\"name\":null}"; /* required means it cannot be taken away */
    assert_status(model_parse(&sample_model, PARSE_PATCH, null_name, strlen(null_name), arena, &s, &err),
                  STATUS_INVALID);
    assert_string_equal(err.code, "field_type");
    const char *item = "{\"questions\":[{}]}"; /* what a list holds is whole even then */
    assert_status(model_parse(&sample_model, PARSE_PATCH, item, strlen(item), arena, &s, &err), STATUS_INVALID);
    assert_string_equal(err.field, "questions[0].text");
}

static void required_and_unknown_fields(void **state)
{
    (void)state;
    refuse("{}", "field_required", "name");
    refuse("{\"name\":null}", "field_type", "name");
    refuse(with("\"nam\":1"), "field_unknown", "nam");
    refuse(with("\"Name\":1"), "field_unknown", "Name");
    refuse(with("\"\":1"), "field_unknown", "");
    refuse(with("\"hash\":\"x\""), "field_unknown", "hash");
    refuse(with("\"made\":\"1970-01-01T00:00:00Z\""), "field_unknown", "made");
    assert_non_null(strstr(err.message, "set by the server"));
    refuse(with("\"presence\":1"), "field_unknown", "presence");
    refuse(with("\"questions\":[{\"text\":\"a\"},{\"text\":\"b\",\"x\":1}]"), "field_unknown", "questions[1].x");
    refuse(with("\"child\":{\"points\":1}"), "field_required", "child.text");
}

static void wrong_types_are_named(void **state)
{
    (void)state;
    static const char *const wrong[][2] = {
        {"name", "1"},      {"name", "[]"},     {"name", "true"},       {"notes", "{}"},    {"email", "1"},
        {"password", "1"},  {"active", "1"},    {"active", "\"true\""}, {"count", "\"1\""}, {"count", "1.5"},
        {"count", "true"},  {"ratio", "\"1\""}, {"level", "1"},         {"owner", "7"},     {"when", "1"},
        {"words", "\"a\""}, {"words", "{}"},    {"areas", "\"easy\""},  {"child", "[]"},    {"questions", "{}"},
    };
    for (size_t i = 0; i < COUNT(wrong); i++) {
        char text[128];
        snprintf(text, sizeof(text), "{\"%s\":%s}", wrong[i][0], wrong[i][1]);
        refuse(text, "field_type", wrong[i][0]);
    }
    refuse(with("\"active\":null"), "field_type", "active");
    refuse(with("\"words\":[\"a\",1]"), "field_type", "words[1]");
    refuse(with("\"words\":[null]"), "field_type", "words[0]");
    refuse(with("\"areas\":[1]"), "field_type", "areas[0]");
    refuse(with("\"questions\":[1]"), "field_type", "questions[0]");
    refuse(with("\"questions\":[null]"), "field_type", "questions[0]");
}

static void length_counts_characters_after_trimming(void **state)
{
    (void)state;
    accept_text("{\"name\":\"\\u00e9\\u00e9\\u00e9\\u00e9\\u00e9\\u00e9\\u00e9\\u00e9\\u00e9\\u00e9\"}");
    accept_text(
        "{\"name\":\"\\ud83d\\ude00\\ud83d\\ude00\\ud83d\\ude00\\ud83d\\ude00\\ud83d\\ude00\\ud83d\\ude00\\ud83d\\ude00"
        "\\ud83d\\ude00\\ud83d\\ude00\\ud83d\\ude00\"}");
    accept_text("{\"name\":\"   0123456789\\u2003\\u00a0\\u3000\"}");
    assert_string_equal(s.name, "0123456789");
    refuse("{\"name\":\"01234567890\"}", "field_length", "name");
    refuse("{\"name\":\"\"}", "field_length", "name");
    refuse("{\"name\":\" \\t\\n\\u2003 \"}", "field_length", "name");
    refuse(with("\"notes\":\"a\""), "field_length", "notes");
    refuse(with("\"password\":\"123456789\""), "field_length", "password");
    refuse(with("\"words\":[\"123456\"]"), "field_length", "words[0]");
    refuse(with("\"words\":[\"a\",\" \"]"), "field_length", "words[1]");
    refuse(with("\"words\":[\"a\",\"b\",\"c\",\"d\"]"), "field_length", "words");
    refuse(with("\"areas\":[\"easy\",\"hard\",\"very_hard\"]"), "field_length", "areas");
    refuse(with("\"questions\":[{},{},{},{},{}]"), "field_length", "questions");
    refuse(with("\"child\":{\"text\":\"t\",\"tags\":[\"12345\"]}"), "field_length", "child.tags[0]");
    refuse(with("\"json\":\"012345678901234567890123456789012345678901234567890\""), "field_length", "json");
}

static void text_without_a_limit_has_the_default(void **state)
{
    (void)state;
    char *text = malloc(2000);
    strcpy(text, "{\"name\":\"x\",\"password\":\"");
    size_t n = strlen(text);
    memset(text + n, 'p', 1024);
    strcpy(text + n + 1024, "\"}");
    accept_text(text);
    strcpy(text + n + 1024, "p\"}");
    refuse(text, "field_length", "password");
    free(text);
}

static void control_characters_are_refused(void **state)
{
    (void)state;
    refuse("{\"name\":\"a\\nb\"}", "field_format", "name");
    refuse("{\"name\":\"a\\u2028b\"}", "field_format", "name");
    refuse("{\"name\":\"a\\u007f\"}", "field_format", "name");
    refuse("{\"name\":\"a\\u0085b\"}", "field_format", "name");
    refuse("{\"name\":\"a\\u001bb\"}", "field_format", "name");
    refuse("{\"name\":\"a\\u0000b\"}", "field_format", "name");
    refuse(with("\"notes\":\"ab\\u0000\""), "field_format", "notes");
    refuse(with("\"notes\":\"ab\\u0008c\""), "field_format", "notes");
    refuse(with("\"password\":\"0123456789\\u0000\""), "field_format", "password");
    refuse(with("\"questions\":[{\"text\":\"a\"},{\"text\":\"b\"},{\"text\":\"\\u0000\"}]"), "field_format",
           "questions[2].text");
    refuse(with("\"json\":{\"a\":[\"x\\u0000\"]}"), "field_format", "json");
    accept_text(with("\"notes\":\"tab\\tand\\nline\""));
    accept_text(with("\"json\":\"a\\\\u0000\"")); /* a backslash, not a NUL */
}

static void numbers_keep_to_what_javascript_can_hold(void **state)
{
    (void)state;
    accept_text(with("\"big\":9007199254740991"));
    accept_text(with("\"big\":9007199254740991.0"));
    accept_text(with("\"big\":1e3"));
    assert_int_equal(s.big, 1000);
    refuse(with("\"big\":9007199254740992"), "field_range", "big");
    refuse(with("\"big\":-9007199254740992"), "field_range", "big");
    refuse(with("\"big\":9223372036854775807"), "field_range", "big");
    refuse(with("\"big\":99999999999999999999999999"), "field_range", "big"); /* beyond int64: still by its name */
    refuse(with("\"big\":-1e300"), "field_range", "big");
    refuse(with("\"count\":11"), "field_range", "count");
    refuse(with("\"count\":-1"), "field_range", "count");
    accept_text(with("\"count\":0,\"ratio\":1.5"));
    refuse(with("\"ratio\":1.5000001"), "field_range", "ratio");
    refuse(with("\"ratio\":-2"), "field_range", "ratio");
    refuse(with("\"questions\":[{\"text\":\"a\",\"points\":0}]"), "field_range", "questions[0].points");
    assert_status(parse(with("\"ratio\":1e999")), STATUS_MALFORMED);
    assert_status(parse(with("\"ratio\":NaN")), STATUS_MALFORMED);
    assert_status(parse(with("\"count\":1_0")), STATUS_MALFORMED);
}

static void choices_are_exact_and_distinct(void **state)
{
    (void)state;
    refuse(with("\"level\":\"Easy\""), "field_choice", "level");
    assert_non_null(strstr(err.message, "easy, hard, very_hard"));
    refuse(with("\"level\":\"\""), "field_choice", "level");
    refuse(with("\"level\":\"easy \""), "field_choice", "level");
    refuse(with("\"areas\":[\"easy\",\"soft\"]"), "field_choice", "areas[1]");
    refuse(with("\"areas\":[\"easy\",\"easy\"]"), "field_choice", "areas[1]");
}

static void ids_and_times_have_one_form(void **state)
{
    (void)state;
    refuse(with("\"owner\":\"0190a000\""), "field_format", "owner");
    refuse(with("\"owner\":\"\""), "field_format", "owner");
    refuse(with("\"owner\":\"00000000-0000-0000-0000-000000000000\""), "field_format", "owner");
    refuse(with("\"owner\":\"0190a000-0000-7000-8000-00000000abcd \""), "field_format", "owner");
    refuse(with("\"when\":\"2030-01-31\""), "field_format", "when");
    refuse(with("\"when\":\"2030-02-31T00:00:00Z\""), "field_format", "when");
    refuse(with("\"when\":\"\""), "field_format", "when");
}

static void addresses(void **state)
{
    (void)state;
    static const char *const good[] = {
        "a@b.c", "first.last+tag@sub.example.co", "x@localhost", "o'neil@example.org", "1@2.3", "a@b-c.d"};
    static const char *const bad[] = {"",         "a",       "@b.c",    "a@",          "a@b@c.d",     "a b@c.d",
                                      "a@b..c",   "a@.b",    "a@b.",    "a@-b.c",      "a@b-.c",      "a@b_c.d",
                                      "a@b.c\\n", "<a@b.c>", "a,b@c.d", "a@b.c,d@e.f", "\\u00e9@b.c", "a@\\u00e9.c",
                                      "a\\\\@b.c"};
    for (size_t i = 0; i < COUNT(good); i++) {
        char text[128];
        snprintf(text, sizeof(text), "\"email\":\"%s\"", good[i]);
        accept_text(with(text));
        assert_string_equal(s.email, good[i]);
    }
    for (size_t i = 0; i < COUNT(bad); i++) {
        char text[128];
        snprintf(text, sizeof(text), "\"email\":\"%s\"", bad[i]);
        if (strcmp(bad[i], "a@b.c\\n") == 0) /* trimmed away */
            accept_text(with(text));
        else
            refuse(with(text), "field_format", "email");
    }
    char local[80], label[80], text[500];
    memset(local, 'l', 64);
    local[64] = '\0';
    memset(label, 'd', 63);
    label[63] = '\0';
    snprintf(text, sizeof(text), "\"email\":\"%s@%s.org\"", local, label);
    accept_text(with(text));
    snprintf(text, sizeof(text), "\"email\":\"%sl@%s.org\"", local, label);
    refuse(with(text), "field_format", "email");
    snprintf(text, sizeof(text), "\"email\":\"%s@%sd.org\"", local, label);
    refuse(with(text), "field_format", "email");
    snprintf(text, sizeof(text), "\"email\":\"%s@%s.%s.%s.%s\"", local, label, label, label, label);
    refuse(with(text), "field_length", "email");
}

static void what_is_no_json_object_is_malformed(void **state)
{
    (void)state;
    static const char *const bad[] = {"",
                                      "null",
                                      "[]",
                                      "1",
                                      "\"x\"",
                                      "{",
                                      "{\"name\":}",
                                      "{}}",
                                      "{\"name\":\"x\",}",
                                      "{'name':1}",
                                      "\xEF\xBB\xBF{}",
                                      "{\"name\":\"\xFF\"}",
                                      "{\"name\":\"\xED\xA0\x80\"}",
                                      "{\"name\":\"x\",\"name\":\"y\"}",
                                      "{\"na\\u0000me\":1}"};
    for (size_t i = 0; i < COUNT(bad); i++) {
        assert_status(parse(bad[i]), STATUS_MALFORMED);
        assert_string_equal(err.code, "json_malformed");
        assert_true(strlen(err.message) > 10);
    }
    assert_status(parse_n("{\"name\":\"x\"}\0", 13), STATUS_MALFORMED);
    char deep[200] = "{\"json\":";
    memset(deep + 8, '[', 60);
    assert_status(parse(deep), STATUS_MALFORMED);
    assert_non_null(strstr(err.message, "levels"));
}

static void a_long_unknown_name_is_cut_not_overrun(void **state)
{
    (void)state;
    for (size_t shift = 0; shift < 4; shift++) { /* wherever the cut falls within a character */
        char text[1200] = "{\"";
        strncat(text, "aaa", shift);
        for (int i = 0; i < 250; i++)
            strcat(text, "\xF0\x9F\x98\x80");
        strcat(text, "\":1}");
        assert_status(parse(text), STATUS_INVALID);
        assert_string_equal(err.code, "field_unknown");
        assert_in_range(strlen(err.field), 80, sizeof(err.field) - 1);
        assert_true(utf8_valid(err.field, strlen(err.field)));
        assert_true(utf8_valid(err.message, strlen(err.message)));
        assert_non_null(strstr(err.message, "is not a field here"));
    }
}

/* An arena that is too small is no memory, never half a result or a crash. */
static void an_exhausted_arena_is_reported(void **state)
{
    (void)state;
    const char *text = "{\"name\":\"Ada\",\"notes\":\"some notes\",\"email\":\"a@b.c\",\"words\":[\"a\",\"b\"],"
                       "\"child\":{\"text\":\"t\"},\"questions\":[{\"text\":\"one\"},{\"text\":\"two\"}],\"json\":[1]}";
    int refused = 0;
    for (size_t cap = 0; cap < 2000; cap += 16) {
        struct arena *small = arena_new(cap);
        enum status st = model_parse(&sample_model, PARSE_CREATE, text, strlen(text), small, &s, &err);
        arena_free(small);
        if (st == STATUS_OK)
            break;
        assert_int_equal(st, STATUS_NO_MEMORY);
        refused++;
    }
    assert_in_range(refused, 10, 100);
}

static void random_damage_never_breaks_it(void **state)
{
    (void)state;
    const char *base =
        "{\"name\":\"Ada\",\"count\":3,\"ratio\":0.5,\"words\":[\"a\"],\"child\":{\"text\":\"t\"},\"json\":{}}";
    int ok = 0;
    srand(11);
    for (int i = 0; i < 20000; i++) {
        char text[128];
        strcpy(text, base);
        size_t n = strlen(text);
        for (int k = rand() % 4; k >= 0; k--)
            text[(size_t)rand() % n] = (char)(rand() % 4 == 0 ? rand() : "{}[]\",:\\0u"[rand() % 10]);
        enum status st = parse_n(text, n);
        assert_true(st == STATUS_OK || st == STATUS_INVALID || st == STATUS_MALFORMED);
        ok += st == STATUS_OK;
    }
    assert_true(ok > 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(everything_is_read),
        cmocka_unit_test(presence_tells_absent_null_and_given_apart),
        cmocka_unit_test(patch_takes_any_subset_but_not_none),
        cmocka_unit_test(required_and_unknown_fields),
        cmocka_unit_test(wrong_types_are_named),
        cmocka_unit_test(length_counts_characters_after_trimming),
        cmocka_unit_test(text_without_a_limit_has_the_default),
        cmocka_unit_test(control_characters_are_refused),
        cmocka_unit_test(numbers_keep_to_what_javascript_can_hold),
        cmocka_unit_test(choices_are_exact_and_distinct),
        cmocka_unit_test(ids_and_times_have_one_form),
        cmocka_unit_test(addresses),
        cmocka_unit_test(what_is_no_json_object_is_malformed),
        cmocka_unit_test(a_long_unknown_name_is_cut_not_overrun),
        cmocka_unit_test(an_exhausted_arena_is_reported),
        cmocka_unit_test(random_damage_never_breaks_it),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
