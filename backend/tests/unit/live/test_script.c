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
    assert_string_equal(script_asked(&plan, 3), "");
}

static const char *asked(struct buf *b, const struct conduct_plan *p, int position)
{
    buf_init(b, 10000);
    script_line(b, p, LINE_QUESTION, position);
    return buf_cstr(b);
}

static void limits_are_told_first_and_when_they_change(void **state)
{
    static const struct {
        int64_t think_s, limit_s[3];
        int position;
        const char *text;
    } cases[] = {
        {0, {0, 0, 0}, 1, "One?"},
        {0, {120, 120, 120}, 1, "You have 2 minutes for each answer. You can add time if you need it. One?"},
        {0, {120, 120, 120}, 2, "Thank you, let us go on. Two?"},
        {0, {120, 120, 120}, 3, "Thank you. Here is the last question. Three?"},
        {30,
         {60, 60, 60},
         1,
         "You have 30 seconds to think first, and then 1 minute for each answer. You can add time if you need it. "
         "One?"},
        {30, {60, 60, 60}, 2, "Thank you, let us go on. Two?"},
        {30, {0, 0, 0}, 1, "You have 30 seconds to think before each answer. One?"},
        {0, {120, 210, 0}, 1, "You have 2 minutes for this one. You can add time if you need it. One?"},
        {0, {120, 210, 0}, 2, "Thank you, let us go on. You have 3 minutes and 30 seconds for this one. Two?"},
        {0, {120, 210, 0}, 3, "Thank you. Here is the last question. There is no time limit for this one. Three?"},
        {0, {0, 90, 90}, 1, "One?"},
        {0, {0, 90, 90}, 2, "Thank you, let us go on. You have 1 minute and 30 seconds for this one. Two?"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        const int64_t *s = cases[i].limit_s;
        struct conduct_question q[] = {{.position = 1, .text = "One?", .time_limit_s = s[0]},
                                       {.position = 2, .text = "Two?", .time_limit_s = s[1]},
                                       {.position = 3, .text = "Three?", .time_limit_s = s[2]}};
        struct conduct_plan p = {.questions = q, .n_questions = 3, .think_time_s = cases[i].think_s};
        struct buf b;
        assert_string_equal(asked(&b, &p, cases[i].position), cases[i].text);
        buf_free(&b);
        p.practice = true;
        assert_null(strstr(asked(&b, &p, cases[i].position), "You have"));
        buf_free(&b);
    }
}

static void nobody_is_promised_all_the_time_who_has_a_limit(void **state)
{
    struct conduct_question q = {.position = 1, .text = "One?", .time_limit_s = 60};
    const struct conduct_plan p = {.candidate_name = "Ada", .job_role = "Tester", .questions = &q, .n_questions = 1};
    struct buf b;
    (void)state;
    assert_non_null(strstr(said(&b, LINE_GREETING, 0), "Take all the time you need: "));
    buf_free(&b);
    buf_init(&b, 10000);
    script_line(&b, &p, LINE_GREETING, 0);
    assert_non_null(strstr(buf_cstr(&b), "Take your time: "));
    buf_free(&b);
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
        cmocka_unit_test(limits_are_told_first_and_when_they_change),
        cmocka_unit_test(nobody_is_promised_all_the_time_who_has_a_limit),
        cmocka_unit_test(no_line_would_end_an_answer),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
