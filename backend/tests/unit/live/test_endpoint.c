#include "live/endpoint.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

struct row {
    const char *text;
    enum endpoint_verdict want;
};

static const struct row rows[] = {
    {"", ENDPOINT_NONE},
    {" ... ", ENDPOINT_NONE},
    {"Um...", ENDPOINT_THINKING},
    {"That's a good question. Let me think.", ENDPOINT_THINKING},
    {"Okay, so, um, let me see.", ENDPOINT_THINKING},
    {"We moved the service to another machine.", ENDPOINT_FINISHED},
    {"No.", ENDPOINT_FINISHED},
    {"What would you do?", ENDPOINT_FINISHED},
    {"We moved the service and", ENDPOINT_HANGING},
    {"We moved the service and.", ENDPOINT_HANGING},
    {"I did it because.", ENDPOINT_HANGING},
    {"We moved the service,", ENDPOINT_HANGING},
    {"We moved the service...", ENDPOINT_HANGING},
    {"We moved the service\xe2\x80\xa6", ENDPOINT_HANGING},
    {"we moved the service", ENDPOINT_UNCLEAR},
    {"There were three, for example.", ENDPOINT_HANGING},
    {"So I wrote it down, um.", ENDPOINT_HANGING},
    {"He said \"go on.\"", ENDPOINT_FINISHED},
    {"We fixed it. That's all.", ENDPOINT_DONE},
    {"We fixed it and that\xe2\x80\x99s it, thank you.", ENDPOINT_DONE},
    {"I'm done.", ENDPOINT_DONE},
    {"Next question, please.", ENDPOINT_DONE},
    {"I think that's all from my side.", ENDPOINT_DONE},
    {"I told them that's it.", ENDPOINT_FINISHED},
    {"I'm not done.", ENDPOINT_FINISHED},
    {"That's all we had to do.", ENDPOINT_FINISHED},
    {"Could you repeat the question, please?", ENDPOINT_REPEAT},
    {"Sorry, can you say that again?", ENDPOINT_REPEAT},
    {"I did not repeat the question to them.", ENDPOINT_FINISHED},
    {"Sorry.", ENDPOINT_FINISHED},
    {"Wir haben den Dienst umgezogen.", ENDPOINT_FINISHED},
    {"\xe7\xa7\x81\xe3\x81\xaf\xe5\xad\xa6\xe7\x94\x9f\xe3\x81\xa7\xe3\x81\x99\xe3\x80\x82", ENDPOINT_FINISHED},
};

static const struct endpoint_signs nothing;

static enum endpoint_verdict verdict(const char *whole, const char *piece)
{
    return endpoint_judge(whole, piece, &nothing).verdict;
}

static void verdicts(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
        if (verdict(rows[i].text, rows[i].text) != rows[i].want)
            fail_msg("\"%s\": %d, not %d", rows[i].text, (int)verdict(rows[i].text, rows[i].text), (int)rows[i].want);
}

static void repeat_only_when_said_alone_since_the_pause(void **state)
{
    (void)state;
    assert_int_equal(verdict("I started with Java. Could you repeat that?", "Could you repeat that?"), ENDPOINT_REPEAT);
    assert_int_equal(verdict("They asked: could you repeat that?", "They asked: could you repeat that?"),
                     ENDPOINT_FINISHED);
}

static void long_text_is_judged_by_its_end(void **state)
{
    (void)state;
    char text[4096] = "";
    for (int i = 0; i < 300; i++)
        strcat(text, "wort ");
    strcat(text, "and so");
    assert_int_equal(verdict(text, text), ENDPOINT_HANGING);
    strcat(text, " we won.");
    assert_int_equal(verdict(text, text), ENDPOINT_FINISHED);
    memset(text, '\'', sizeof(text) - 1);
    text[sizeof(text) - 1] = '\0';
    assert_int_equal(verdict(text, text), ENDPOINT_NONE);
}

/* A recogniser that writes a full stop: surely, or with dots not far behind. */
static const struct endpoint_signs sure = {.judged = true,
                                           .turn = 0.98,
                                           .written = true,
                                           .stop = 0.92,
                                           .trail = 0.006,
                                           .word = 0.01,
                                           .pause = 0.004,
                                           .end = 0.06},
                                   doubtful = {.judged = true,
                                               .turn = 0.98,
                                               .written = true,
                                               .stop = 0.5,
                                               .trail = 0.3,
                                               .word = 0.1,
                                               .pause = 0.02,
                                               .end = 0.08};

static double over(const char *text, const struct endpoint_signs *s)
{
    return endpoint_judge(text, text, s).over;
}

static const char answer[] =
    "When the biggest supplier failed, I called every customer myself and agreed new dates with "
    "each of them. In the end nobody left us, and two came back.";

static void how_the_recogniser_would_go_on_counts(void **state)
{
    (void)state;
    assert_true(over(answer, &sure) > 0.8);
    assert_true(over(answer, &doubtful) < ENDPOINT_UNDECIDED);
}

static void the_ear_counts(void **state)
{
    (void)state;
    struct endpoint_signs goes_on = sure, alone = {.judged = true, .turn = 0.95};
    goes_on.turn = 0.02;
    assert_true(over(answer, &goes_on) < over(answer, &sure));
    double before = over(answer, &alone);
    assert_true(over("we moved it", &alone) == ENDPOINT_UNDECIDED); /* no sentence yet */
    alone.turn = 0.05;
    assert_true(before > 0.8 && over(answer, &alone) < 0.2);
}

static void without_any_sign_the_words_decide(void **state)
{
    (void)state;
    assert_true(over(answer, &nothing) == ENDPOINT_UNDECIDED);
    assert_true(over("We moved it because", &nothing) == 0);
    assert_true(over("we moved it", &nothing) < ENDPOINT_UNDECIDED);
    assert_true(over("Um, let me think.", &nothing) == 0);
    assert_true(over("That's all.", &nothing) == 1);
}

static void what_a_sentence_promises_is_still_to_come(void **state)
{
    (void)state;
    static const char *const promises[][2] = {
        /* still to come, and the same without the promise */
        {"I worked there for years, and later I led the team. If two people in my team do not talk to each other.",
         "I worked there for years, and later I led the team. And two people in my team do not talk to each other."},
        {"I worked there for years, and later I led the team. There are three steps to it.",
         "I worked there for years, and later I led the team. There are more steps to it."},
        {"I worked there for years, and later I led the team. It depends on the risk.",
         "I worked there for years, and later I led the team. It turns on the risk."},
    };
    for (size_t i = 0; i < sizeof promises / sizeof *promises; i++)
        assert_true(over(promises[i][0], &sure) < over(promises[i][1], &sure) - 0.2);
    /* kept already */
    assert_true(
        over("I worked there for years, and later I led the team. If they do not talk, I hear both of them.", &sure) >
        over("I worked there for years, and later I led the team. If they do not talk I hear both of them.", &sure));
}

static void few_words_wait_longer_but_not_longest(void **state)
{
    (void)state;
    assert_true(over("Yes.", &sure) < ENDPOINT_UNDECIDED && over("Yes.", &sure) > 0.3);
    assert_true(over("I would call the doctor.", &sure) < over(answer, &sure));
    /* "I am a student. In my last job I looked after the data of a warehouse every day." */
    assert_true(over("\xe7\xa7\x81\xe3\x81\xaf\xe5\xad\xa6\xe7\x94\x9f\xe3\x81\xa7\xe3\x81\x99\xe3\x80\x82"
                     "\xe5\x89\x8d\xe3\x81\xae\xe4\xbb\x95\xe4\xba\x8b\xe3\x81\xa7\xe3\x81\xaf\xe6\xaf\x8e\xe6\x97\xa5"
                     "\xe5\x80\x89\xe5\xba\xab\xe3\x81\xae\xe3\x83\x87\xe3\x83\xbc\xe3\x82\xbf\xe3\x82\x92"
                     "\xe8\xa6\x8b\xe3\x81\xa6\xe3\x81\x84\xe3\x81\xbe\xe3\x81\x97\xe3\x81\x9f\xe3\x80\x82",
                     &sure) > over("Yes.", &sure) + 0.1);
}

static void the_rubric_is_a_hint_and_no_more(void **state)
{
    (void)state;
    struct endpoint_signs all = sure, none = sure, all_but_hanging = doubtful;
    all.compared = none.compared = all_but_hanging.compared = true;
    all.covered = all_but_hanging.covered = 1;
    assert_true(over(answer, &none) < over(answer, &sure) && over(answer, &sure) < over(answer, &all));
    assert_true(over(answer, &none) > ENDPOINT_UNDECIDED);
    assert_true(over("We moved it because", &all_but_hanging) < 0.2);
}

static void any_signs_make_a_probability(void **state)
{
    (void)state;
    static const double values[] = {0, 1e-9, 0.5, 1};
    for (int i = 0; i < 4 * 4 * 4; i++) {
        const struct endpoint_signs s = {
            .judged = true, .turn = values[i % 4], .written = true, .trail = values[i / 4 % 4], .stop = values[i / 16]};
        assert_true(over(answer, &s) >= 0 && over(answer, &s) <= 1);
    }
}

static void words_are_counted(void **state)
{
    (void)state;
    assert_int_equal(endpoint_words(""), 0);
    assert_int_equal(endpoint_words(" - ,"), 0);
    assert_int_equal(endpoint_words("It's a well-known fact."), 4);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(verdicts),
        cmocka_unit_test(repeat_only_when_said_alone_since_the_pause),
        cmocka_unit_test(long_text_is_judged_by_its_end),
        cmocka_unit_test(how_the_recogniser_would_go_on_counts),
        cmocka_unit_test(the_ear_counts),
        cmocka_unit_test(without_any_sign_the_words_decide),
        cmocka_unit_test(what_a_sentence_promises_is_still_to_come),
        cmocka_unit_test(few_words_wait_longer_but_not_longest),
        cmocka_unit_test(the_rubric_is_a_hint_and_no_more),
        cmocka_unit_test(any_signs_make_a_probability),
        cmocka_unit_test(words_are_counted),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
