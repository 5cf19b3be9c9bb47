#include "live/backchannel.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void they_take_no_turn(void **state)
{
    (void)state;
    static const char *const said[] = {
        "",         "Mhm.",          "Mm-hmm.", "Yeah, okay.", "Uh-huh.", "Right, right.", "I see.",     "Got it.",
        "(coughs)", "[BLANK_AUDIO]", "*sighs*", " . ",         "Okay...", "Thank you.",    "[Music] Oh", "All right."};
    for (size_t i = 0; i < sizeof(said) / sizeof(said[0]); i++)
        if (!backchannel(said[i]))
            fail_msg("\"%s\" takes the turn", said[i]);
}

static void these_do(void **state)
{
    (void)state;
    static const char *const said[] = {"No.",
                                       "Wait",
                                       "Yeah, but that depends",
                                       "Okay so we",
                                       "Sorry?",
                                       "What?",
                                       "Yes yes yes yes yes yes yes",
                                       "(coughs) Stop",
                                       "\xd0\x94\xd0\xb0",
                                       "Supercalifragilisticexpialidocious"};
    for (size_t i = 0; i < sizeof(said) / sizeof(said[0]); i++)
        if (backchannel(said[i]))
            fail_msg("\"%s\" takes no turn", said[i]);
}

static void our_own_words_are_known(void **state)
{
    (void)state;
    const char *said = "Thank you. What's the hardest problem you solved?";
    assert_true(echoes(said, "the hardest problem"));
    assert_true(echoes(said, "Whats the HARDEST problem, you solved..."));
    assert_false(echoes(said, "the hardest"));
    assert_false(echoes(said, "the hardest problem was"));
    assert_false(echoes(said, "hardest problem you solve"));
    assert_false(echoes("", "the hardest problem"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(they_take_no_turn), cmocka_unit_test(these_do),
                                       cmocka_unit_test(our_own_words_are_known)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
