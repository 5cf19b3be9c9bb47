#include "unit/base/check.h"
#include "unit/models/sample.h"

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

static enum status parse(const char *text)
{
    arena_reset(arena);
    memset(&err, 0, sizeof(err));
    memset(&s, 0xAA, sizeof(s));
    return model_parse_form(&sample_model, PARSE_CREATE, text, strlen(text), arena, &s, &err);
}

static void refuse(const char *text, const char *code, const char *field)
{
    enum status st = parse(text);
    if (st != STATUS_INVALID || strcmp(err.code, code) != 0 || strcmp(err.field, field) != 0)
        fail_msg("%s: %s %s '%s': %s", text, status_name(st), err.code, err.field, err.message);
}

static void every_flat_type_is_read(void **state)
{
    (void)state;
    assert_ok(parse(
        "name=+Ada%20L+&notes=a%0D%0Ab&email=ADA%40example.org&password=a+b%2Bc%26d%3Def&active=on&count=7&big=-5"
        "&ratio=-0.5&level=hard&owner=0190a000-0000-7000-8000-00000000abcd&when=1970-01-01T00:00:01Z&words=a&areas=easy"
        "&words=b%20&areas=very_hard"));
    assert_string_equal(s.name, "Ada L");
    assert_string_equal(s.notes, "a\nb");
    assert_string_equal(s.email, "ada@example.org");
    assert_string_equal(s.password, "a b+c&d=ef");
    assert_true(s.active);
    assert_int_equal(s.count, 7);
    assert_int_equal(s.big, -5);
    assert_true(s.ratio == -0.5);
    assert_int_equal(s.level, 1);
    assert_int_equal(s.when, 1000);
    assert_int_equal(s.words.count, 2);
    assert_string_equal(s.words.items[1], "b");
    assert_int_equal(s.areas, 5);
    assert_false(id_is_zero(s.owner));
    assert_true(model_given(&sample_model, &s, "words"));
    assert_false(model_given(&sample_model, &s, "child"));
}

static void odd_but_valid_forms(void **state)
{
    (void)state;
    assert_ok(parse("&&name=x&"));
    assert_ok(parse("n%61me=x"));
    assert_ok(parse("name=a=b"));
    assert_string_equal(s.name, "a=b");
    assert_ok(parse("name=x&notes=&count=")); /* empty means null where null may be */
    assert_true(model_null(&sample_model, &s, "notes"));
    assert_true(model_null(&sample_model, &s, "count"));
    static const char *const yes[] = {"true", "1", "on", "yes"}, *const no[] = {"false", "0", "off", "no"};
    for (size_t i = 0; i < 4; i++) {
        char text[64] = "name=x&active=";
        assert_ok(parse(strcat(text, yes[i])));
        assert_true(s.active);
        strcpy(text, "name=x&active=");
        assert_ok(parse(strcat(text, no[i])));
        assert_false(s.active);
    }
}

static void wrong_fields_are_named(void **state)
{
    (void)state;
    refuse("", "field_required", "name");
    refuse("name", "field_length", "name");
    refuse("name=x&other=1", "field_unknown", "other");
    refuse("name=x&hash=1", "field_unknown", "hash");
    refuse("name=x&name=y", "field_format", "name");
    refuse("name=%00", "field_format", "name");
    refuse("name=%FF", "field_format", "name");
    refuse("name=a%0Ab", "field_format", "name");
    refuse("name=x&count=1.5", "field_type", "count");
    refuse("name=x&count=0x1", "field_type", "count");
    refuse("name=x&count=+1", "field_type", "count");
    refuse("name=x&big=", "field_type", "big");
    refuse("name=x&big=1%00", "field_type", "big");
    refuse("name=x&big=1-1", "field_type", "big");
    refuse("name=x&count=11", "field_range", "count");
    refuse("name=x&big=9007199254740992", "field_range", "big");
    refuse("name=x&big=99999999999999999999", "field_range", "big");
    refuse("name=x&big=-99999999999999999999", "field_range", "big");
    refuse("name=x&ratio=inf", "field_type", "ratio");
    refuse("name=x&ratio=nan", "field_type", "ratio");
    refuse("name=x&ratio=1e999", "field_range", "ratio");
    refuse("name=x&ratio=0x1p1", "field_type", "ratio");
    refuse("name=x&active=maybe", "field_type", "active");
    refuse("name=x&active=", "field_type", "active");
    refuse("name=x&level=soft", "field_choice", "level");
    refuse("name=x&areas=easy&areas=easy", "field_choice", "areas[1]");
    refuse("name=x&words=a&words=b&words=c&words=d", "field_length", "words");
    refuse("name=x&words=a&words=123456", "field_length", "words[1]");
    refuse("name=x&child=%7B%7D", "field_type", "child");
    refuse("name=x&questions=1", "field_type", "questions");
    refuse("name=x&json=1", "field_type", "json");
}

static void bad_encoding_is_malformed(void **state)
{
    (void)state;
    static const char *const bad[] = {"name=%", "name=%4", "name=%zz", "name=x&%", "name=%4%41", "n%ff=1", "n%00=1"};
    for (size_t i = 0; i < COUNT(bad); i++) {
        assert_status(parse(bad[i]), STATUS_MALFORMED);
        assert_string_equal(err.code, "form_malformed");
    }
    char *many = malloc(4000);
    memset(many, '&', 3999);
    many[3999] = '\0';
    assert_status(parse(many), STATUS_MALFORMED);
    free(many);
}

static void a_percent_at_the_very_end_reads_no_further(void **state)
{
    (void)state;
    for (size_t cut = 0; cut <= 8; cut++) { /* without a NUL behind it: the sanitizer watches */
        const char *text = "name=%41";
        char *exact = malloc(cut == 0 ? 1 : cut);
        memcpy(exact, text, cut);
        enum status st = model_parse_form(&sample_model, PARSE_CREATE, exact, cut, arena, &s, &err);
        assert_int_equal(st, cut == 8 ? STATUS_OK : cut == 6 || cut == 7 ? STATUS_MALFORMED : STATUS_INVALID);
        free(exact);
    }
}

static void patch_works_too(void **state)
{
    (void)state;
    assert_ok(model_parse_form(&sample_model, PARSE_PATCH, "notes=", 6, arena, &s, &err));
    assert_true(model_null(&sample_model, &s, "notes"));
    assert_status(model_parse_form(&sample_model, PARSE_PATCH, "", 0, arena, &s, &err), STATUS_INVALID);
    assert_string_equal(err.code, "field_required");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_flat_type_is_read),
        cmocka_unit_test(odd_but_valid_forms),
        cmocka_unit_test(wrong_fields_are_named),
        cmocka_unit_test(bad_encoding_is_malformed),
        cmocka_unit_test(a_percent_at_the_very_end_reads_no_further),
        cmocka_unit_test(patch_works_too),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
