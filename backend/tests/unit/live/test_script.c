#include "live/script.h"

#include "live/endpoint.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

static struct conduct_question questions[] = {{.position = 1, .text = "What did you build?"},
                                              {.position = 2, .text = "What went wrong?"}};
static const struct conduct_plan plan = {.candidate_name = "Ada Example",
                                         .job_role = "Tester",
                                         .organisation = "Example Ltd",
                                         .avatar = "amara",
                                         .questions = questions,
                                         .n_questions = 2};

static const char *said(struct buf *b, enum engine_line line, int position)
{
    buf_init(b, 10000);
    script_line(b, &plan, line, position);
    return buf_cstr(b);
}

static void greeting_says_what_matters(void **state)
{
    static const char *const parts[] = {"Hello Ada,",        "Amara", "AI", "Tester", "Example Ltd", "2 questions",
                                        "pause does not end"};
    struct buf b;
    (void)state;
    const char *text = said(&b, LINE_GREETING, 0);
    for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++)
        assert_non_null(strstr(text, parts[i]));
    buf_free(&b);
}

static void questions_are_bridged_and_repeated_plainly(void **state)
{
    struct buf b;
    (void)state;
    assert_string_equal(said(&b, LINE_QUESTION, 1), "What did you build?");
    buf_free(&b);
    assert_string_equal(said(&b, LINE_QUESTION, 2), "Thank you. Here is the last question. What went wrong?");
    buf_free(&b);
    assert_string_equal(said(&b, LINE_QUESTION_AGAIN, 2), "What went wrong?");
    buf_free(&b);
    assert_string_equal(script_question(&plan, 3), "");
}

/* A microphone may hear them. */
static void no_line_would_end_an_answer(void **state)
{
    static const struct endpoint_signs nothing;
    struct buf b;
    (void)state;
    for (int line = LINE_GREETING; line <= LINE_FAREWELL; line++) {
        const char *text = said(&b, (enum engine_line)line, 2);
        assert_int_not_equal(endpoint_judge(text, text, &nothing).verdict, ENDPOINT_DONE);
        assert_int_not_equal(endpoint_judge(text, text, &nothing).verdict, ENDPOINT_REPEAT);
        assert_true(strlen(text) > 10);
        buf_free(&b);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(greeting_says_what_matters),
        cmocka_unit_test(questions_are_bridged_and_repeated_plainly),
        cmocka_unit_test(no_line_would_end_an_answer),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
