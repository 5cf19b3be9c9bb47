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

static void verdicts(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
        if (endpoint_judge(rows[i].text, rows[i].text) != rows[i].want)
            fail_msg("\"%s\": %d, not %d", rows[i].text, (int)endpoint_judge(rows[i].text, rows[i].text),
                     (int)rows[i].want);
}

static void repeat_only_when_said_alone_since_the_pause(void **state)
{
    (void)state;
    assert_int_equal(endpoint_judge("I started with Java. Could you repeat that?", "Could you repeat that?"),
                     ENDPOINT_REPEAT);
    assert_int_equal(endpoint_judge("They asked: could you repeat that?", "They asked: could you repeat that?"),
                     ENDPOINT_FINISHED);
}

static void long_text_is_judged_by_its_end(void **state)
{
    (void)state;
    char text[4096] = "";
    for (int i = 0; i < 300; i++)
        strcat(text, "wort ");
    strcat(text, "and so");
    assert_int_equal(endpoint_judge(text, text), ENDPOINT_HANGING);
    strcat(text, " we won.");
    assert_int_equal(endpoint_judge(text, text), ENDPOINT_FINISHED);
    memset(text, '\'', sizeof(text) - 1);
    text[sizeof(text) - 1] = '\0';
    assert_int_equal(endpoint_judge(text, text), ENDPOINT_NONE);
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
        cmocka_unit_test(words_are_counted),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
