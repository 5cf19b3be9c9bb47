/* Word by word, with the tests' vectors: a word is like itself and nothing else. */
#include "unit/services/stage.h"

#include "services/report_align.h"

#include <math.h>

static struct alignment aligned(const char *reference, const char *question, const char *const *texts, size_t n)
{
    struct alignment a = {.all = -1};
    ok(align_texts(engines.embed, reference, question, texts, n, &a, &err));
    return a;
}

static void is_about(double v, double wanted)
{
    if (fabs(v - wanted) > 1e-6)
        fail_msg("%f instead of %f", v, wanted);
}

static void each_word_of_the_reference_counts_once(void **state)
{
    (void)state;
    static const char *const half[] = {"alpha alpha zulu", "bravo"}, *const whole[] = {"delta charlie bravo alpha"};
    is_about(aligned("alpha bravo charlie delta", "", half, 2).all, 0.5);
    is_about(aligned("alpha bravo charlie delta", "", whole, 1).all, 1);
    is_about(aligned("alpha bravo charlie delta", "", whole, 1).clear, 1);
}

static void words_of_the_question_are_not_the_answers_own(void **state)
{
    (void)state;
    static const char *const echo[] = {"what is alpha bravo"};
    const struct alignment a = aligned("alpha bravo charlie delta", "Alpha, bravo?", echo, 1);
    is_about(a.all, 0.5);
    is_about(a.own, 0);
    is_about(a.clear, 0);
}

static void nothing_is_found_in_nothing(void **state)
{
    (void)state;
    static const char *const some[] = {"alpha"};
    is_about(aligned("alpha bravo", "", NULL, 0).all, 0);
    is_about(aligned("", "", some, 1).all, 0);
    is_about(aligned("alpha", "alpha", some, 1).own, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(each_word_of_the_reference_counts_once),
        TEST(words_of_the_question_are_not_the_answers_own),
        TEST(nothing_is_found_in_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
