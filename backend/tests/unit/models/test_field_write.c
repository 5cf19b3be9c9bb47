#include "unit/base/check.h"
#include "unit/models/sample.h"

#include "base/json_read.h"

#include <math.h>
#include <string.h>

static struct arena *arena;
static struct error err;

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

static void expect_json(const void *object, const char *wanted)
{
    struct buf b;
    struct json j;
    buf_init(&b, 1 << 16);
    json_init(&j, &b);
    model_write(&j, &sample_model, object);
    assert_true(buf_ok(&b));
    assert_string_equal(buf_cstr(&b), wanted);
    buf_free(&b);
}

static void an_empty_object_shows_nulls_and_no_secrets(void **state)
{
    (void)state;
    struct sample s = {.password = "secret", .hash = "hash"};
    expect_json(&s, "{\"name\":null,\"notes\":null,\"email\":null,\"active\":false,\"count\":0,\"big\":0,\"ratio\":0,"
                    "\"level\":\"easy\",\"owner\":null,\"when\":null,\"areas\":[],\"child\":null,\"questions\":[],"
                    "\"json\":null,\"made\":null}");
    expect_json(NULL, "null");
}

static void null_marks_and_nan_are_null(void **state)
{
    (void)state;
    struct sample s = {.name = "x", .count = 5, .level = 99, .ratio = NAN, .made = 1};
    s.presence.null = 1u << 5 | 1u << 0; /* count; and name, which is not nullable: the mark does not count */
    expect_json(
        &s, "{\"name\":\"x\",\"notes\":null,\"email\":null,\"active\":false,\"count\":null,\"big\":0,\"ratio\":null,"
            "\"level\":null,\"owner\":null,\"when\":null,\"areas\":[],\"child\":null,\"questions\":[],"
            "\"json\":null,\"made\":\"1970-01-01T00:00:00.001Z\"}");
}

/* What is written is what is read, with what only the server sets taken out. */
static void reading_back_gives_the_same(void **state)
{
    (void)state;
    const char *text =
        "{\"name\":\"A\\\"da\",\"notes\":null,\"email\":\"a@b.c\",\"active\":true,\"count\":3,\"big\":-7,"
        "\"ratio\":0.25,\"level\":\"hard\",\"owner\":\"0190a000-0000-7000-8000-00000000abcd\","
        "\"when\":\"2026-01-02T03:04:05.678Z\",\"words\":[\"a\",\"\xC3\xA9\"],\"areas\":[\"easy\",\"very_hard\"],"
        "\"child\":{\"text\":\"t\",\"points\":2,\"tags\":[\"q\"]},"
        "\"questions\":[{\"text\":\"one\",\"points\":1,\"tags\":[]},{\"text\":\"two\",\"points\":5,\"tags\":[]}],"
        "\"json\":{\"a\":[1,2.5,null]}";
    char in[1024], out[1024];
    strcat(strcpy(in, text), "}");
    strcat(strcpy(out, text), ",\"made\":null}");
    struct sample s;
    assert_ok(model_parse(&sample_model, PARSE_CREATE, in, strlen(in), arena, &s, &err));
    expect_json(&s, out);
}

static struct json_doc *schema_of(const struct model *m)
{
    struct buf b;
    struct json j;
    struct json_doc *doc = NULL;
    buf_init(&b, 1 << 16);
    json_init(&j, &b);
    model_write_schema(&j, m);
    assert_true(buf_ok(&b));
    assert_ok(json_parse(b.data, b.len, &doc, &err));
    buf_free(&b);
    return doc;
}

static void expect_property(const struct json_val *props, const char *name, const char *wanted)
{
    struct buf b;
    buf_init(&b, 4096);
    json_dump(json_get(props, name), &b);
    char *pattern = strstr(b.data, ",\"pattern\":\""); /* has a test of its own */
    if (pattern != NULL) {
        const char *rest = strchr(pattern + strlen(",\"pattern\":\""), '"') + 1;
        memmove(pattern, rest, strlen(rest) + 1);
    }
    assert_string_equal(b.data, wanted);
    buf_free(&b);
}

static void the_schema_says_what_the_engine_enforces(void **state)
{
    (void)state;
    struct json_doc *doc = schema_of(&sample_model);
    const struct json_val *r = json_root(doc), *p = json_get(r, "properties");
    assert_string_equal(json_get_string(r, "type", ""), "object");
    assert_string_equal(json_get_string(r, "description", ""), "A sample");
    assert_false(json_get_bool(r, "additionalProperties", true));
    assert_int_equal(json_len(json_get(r, "required")), 2);
    assert_string_equal(json_as_string(json_at(json_get(r, "required"), 0)), "name");
    assert_string_equal(json_as_string(json_at(json_get(r, "required"), 1)), "made");
    assert_int_equal(json_len(p), COUNT(sample_fields) - 1); /* the hidden one is not told */
    assert_null(json_get(p, "hash"));
    expect_property(p, "name",
                    "{\"type\":\"string\",\"minLength\":1,\"maxLength\":10,\"description\":\"Who \\\"it\\\" is\","
                    "\"examples\":[\"Ada\"]}");
    expect_property(p, "notes", "{\"type\":[\"string\",\"null\"],\"minLength\":2,\"maxLength\":30}");
    expect_property(p, "email", "{\"type\":\"string\",\"format\":\"email\",\"maxLength\":254}");
    expect_property(
        p, "password",
        "{\"type\":\"string\",\"format\":\"password\",\"minLength\":10,\"maxLength\":1024,\"writeOnly\":true}");
    expect_property(p, "active", "{\"type\":\"boolean\"}");
    expect_property(p, "count", "{\"type\":[\"integer\",\"null\"],\"minimum\":0,\"maximum\":10,\"examples\":[3]}");
    expect_property(p, "big", "{\"type\":\"integer\",\"minimum\":-9007199254740991,\"maximum\":9007199254740991}");
    expect_property(p, "ratio", "{\"type\":[\"number\",\"null\"],\"minimum\":-1,\"maximum\":1.5}");
    expect_property(p, "level", "{\"type\":\"string\",\"enum\":[\"easy\",\"hard\",\"very_hard\"]}");
    expect_property(p, "owner", "{\"type\":[\"string\",\"null\"],\"format\":\"uuid\"}");
    expect_property(p, "made", "{\"type\":\"string\",\"format\":\"date-time\",\"readOnly\":true}");
    expect_property(
        p, "words",
        "{\"type\":\"array\",\"maxItems\":3,\"items\":{\"type\":\"string\",\"minLength\":1,\"maxLength\":5}}");
    expect_property(p, "areas",
                    "{\"type\":\"array\",\"maxItems\":2,\"uniqueItems\":true,\"items\":{\"type\":\"string\","
                    "\"enum\":[\"easy\",\"hard\",\"very_hard\"]}}");
    expect_property(p, "child", "{\"anyOf\":[{\"$ref\":\"#/components/schemas/Child\"},{\"type\":\"null\"}]}");
    expect_property(p, "questions",
                    "{\"type\":\"array\",\"maxItems\":4,\"items\":{\"$ref\":\"#/components/schemas/Child\"}}");
    expect_property(p, "json", "{}");
    json_doc_free(doc);
}

/* tests/schema holds the patterns against what the engine takes. */
static void text_has_a_pattern_where_it_comes_in(void **state)
{
    (void)state;
    struct json_doc *doc = schema_of(&sample_model);
    const struct json_val *p = json_get(json_root(doc), "properties");
    const char *name = json_get_string(json_get(p, "name"), "pattern", ""),
               *notes = json_get_string(json_get(p, "notes"), "pattern", "");
    assert_non_null(strstr(name, "[^\\u0000-\\u001f")); /* one line */
    assert_non_null(strstr(notes, "\\u0008\\u000b"));   /* tab and line feed may be in */
    assert_string_not_equal(json_get_string(json_get(json_get(p, "words"), "items"), "pattern", ""), "");
    assert_string_equal(json_get_string(json_get(p, "password"), "pattern", ""), "^[^\\u0000]*$");
    assert_null(json_get(json_get(p, "email"), "pattern"));
    assert_null(json_get(json_get(p, "level"), "pattern"));
    json_doc_free(doc);
}

static void a_nullable_choice_lists_null(void **state)
{
    (void)state;
    struct only {
        struct presence presence;
        int level;
    };
    static const struct field fields[] = {
        FIELD(struct only, level, FIELD_ENUM, .flags = FIELD_NULLABLE, .choices = levels)};
    static const struct model m = MODEL("Only", struct only, fields, NULL);
    struct json_doc *doc = schema_of(&m);
    expect_property(json_get(json_root(doc), "properties"), "level",
                    "{\"type\":[\"string\",\"null\"],\"enum\":[\"easy\",\"hard\",\"very_hard\",null]}");
    assert_null(json_get(json_root(doc), "required"));
    json_doc_free(doc);
}

struct seen {
    char names[64];
};

static void note(const struct model *m, void *u)
{
    struct seen *seen = u;
    strcat(strcat(seen->names, m->name), " ");
}

static void visiting_meets_each_model_once(void **state)
{
    (void)state;
    struct seen seen = {""};
    model_visit(&sample_model, note, &seen);
    assert_string_equal(seen.names, "Sample Child ");
    struct node {
        struct presence presence;
        struct list children;
    };
    static struct field fields[1];
    static struct model tree = {.name = "Tree", .size = sizeof(struct node), .fields = fields, .n_fields = 1};
    fields[0] = (struct field)FIELD(struct node, children, FIELD_LIST, .model = &tree);
    struct seen once = {""};
    model_visit(&tree, note, &once); /* a model within itself comes to an end */
    assert_string_equal(once.names, "Tree ");
}

static void look_ups(void **state)
{
    (void)state;
    assert_ptr_equal(model_field(&sample_model, "name"), &sample_fields[0]);
    assert_null(model_field(&sample_model, "nam"));
    assert_null(model_field(&sample_model, ""));
    assert_string_equal(choice_value(levels, 2), "very_hard");
    assert_null(choice_value(levels, 3));
    assert_null(choice_value(levels, -1));
    assert_null(choice_value(levels, 1000));
    assert_int_equal(choice_index(levels, "hard"), 1);
    assert_int_equal(choice_index(levels, "HARD"), -1);
    assert_int_equal(choice_index(levels, NULL), -1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_empty_object_shows_nulls_and_no_secrets),
        cmocka_unit_test(null_marks_and_nan_are_null),
        cmocka_unit_test(reading_back_gives_the_same),
        cmocka_unit_test(the_schema_says_what_the_engine_enforces),
        cmocka_unit_test(text_has_a_pattern_where_it_comes_in),
        cmocka_unit_test(a_nullable_choice_lists_null),
        cmocka_unit_test(visiting_meets_each_model_once),
        cmocka_unit_test(look_ups),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
