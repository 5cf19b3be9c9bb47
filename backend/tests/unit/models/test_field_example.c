/* What is shown can be sent: an example of a model is taken by the model. */
#include "unit/base/check.h"
#include "unit/models/sample.h"

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

static char *example(const struct model *m, enum example_use use)
{
    struct buf b;
    struct json j;
    buf_init(&b, 1 << 16);
    json_init(&j, &b);
    model_write_example(&j, m, use);
    assert_true(buf_ok(&b));
    char *text = arena_strdup(arena, buf_cstr(&b));
    buf_free(&b);
    return text;
}

static void an_input_is_taken(void **state)
{
    (void)state;
    struct sample s;
    const char *text = example(&sample_model, EXAMPLE_INPUT);
    assert_ok(model_parse(&sample_model, PARSE_CREATE, text, strlen(text), arena, &s, &err));
    assert_string_equal(s.name, "Ada"); /* the table's own */
    assert_int_equal(s.count, 3);
    assert_string_equal(s.email, "sam@example.org"); /* by type */
    assert_true(s.questions.count == 1 && s.child != NULL);
    assert_null(strstr(text, "\"made\"")); /* only goes out */
    assert_null(strstr(text, "\"hash\"")); /* is never shown */
}

static void a_patch_is_a_part(void **state)
{
    (void)state;
    struct sample s;
    const char *text = example(&sample_model, EXAMPLE_PATCH);
    assert_ok(model_parse(&sample_model, PARSE_PATCH, text, strlen(text), arena, &s, &err));
    assert_true(model_given(&sample_model, &s, "name") && !model_given(&sample_model, &s, "email"));
}

static void an_output_has_no_secret(void **state)
{
    (void)state;
    const char *text = example(&sample_model, EXAMPLE_OUTPUT);
    assert_non_null(strstr(text, "\"made\":\"" FIELD_EXAMPLE_TIME "\""));
    assert_null(strstr(text, "\"password\""));
    assert_null(strstr(text, "\"hash\""));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_input_is_taken),
        cmocka_unit_test(a_patch_is_a_part),
        cmocka_unit_test(an_output_has_no_secret),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
