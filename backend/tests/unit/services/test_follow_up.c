#include "unit/services/stage.h"

#include "services/ai_question.h"
#include "services/follow_up.h"

#define QUESTION "Describe a time you took over something that nobody owned."

static const char *points[] = {"What was neglected and why it mattered", "Deciding to take responsibility",
                               "The steps that were taken", "Making it last, such as documentation or a handover"};

static struct follow_up choose(const char *answer, const char **p, size_t n, const char **asked, size_t n_asked)
{
    struct follow_up f = {0};
    const struct follow_up_request in = {
        .question = QUESTION, .answer = answer, .points = {p, n}, .asked = {asked, n_asked}};
    ok(follow_up_choose(&in, NULL, arena, &f, &err));
    return f;
}

static void none(struct follow_up f, enum follow_up_reason why)
{
    assert_int_equal(f.reason, why);
    assert_null(f.text);
    assert_null(f.point);
}

static void the_first_point_left_out_is_asked_about(void **state)
{
    (void)state;
    struct follow_up f = choose("Our wiki was neglected and it mattered to every newcomer.", points, 4, NULL, 0);
    assert_int_equal(f.reason, FOLLOW_UP_MISSING);
    assert_string_equal(f.point, points[1]);
    assert_string_equal(f.text, "Could you tell me a little about deciding to take responsibility?");
    f = choose("Yes.", points, 4, NULL, 0); /* too short to be scored, but not to be asked about */
    assert_string_equal(f.point, points[0]);
}

static void a_point_is_asked_about_once_and_the_second_time_in_other_words(void **state)
{
    (void)state;
    const char *asked[] = {points[1]};
    struct follow_up f = choose("Our wiki was neglected and it mattered to every newcomer.", points, 4, asked, 1);
    assert_string_equal(f.point, points[2]);
    assert_string_equal(f.text, "One more thing: what can you say about the steps that were taken?");
}

static void examples_are_not_given_away(void **state)
{
    (void)state;
    struct follow_up f = choose("Hm, well.", points + 3, 1, NULL, 0);
    assert_string_equal(f.text, "Could you tell me a little about making it last?");
}

static void what_was_only_touched_comes_after_what_is_missing(void **state)
{
    (void)state;
    const char *two[] = {"Checking the raw source for the cause", "Telling the people"};
    struct follow_up f = choose("I looked at the raw source, telling all the people about it.", two, 2, NULL, 0);
    assert_int_equal(f.reason, FOLLOW_UP_TOUCHED);
    assert_string_equal(
        f.text, "You touched on checking the raw source for the cause. Could you say a little more about that?");
    f = choose("I looked at the raw source.", two, 2, NULL, 0);
    assert_int_equal(f.reason, FOLLOW_UP_MISSING);
    assert_string_equal(f.point, two[1]);
}

static void when_nothing_is_to_be_asked_the_reason_is_told(void **state)
{
    (void)state;
    const char *covered = "The wiki was neglected and it mattered. I decided to take responsibility. The steps "
                          "taken were small. I made it last with documentation and a handover.";
    const char *two[] = {points[0], points[1]}, *echo[] = {"Took over something"};
    none(choose("", points, 4, NULL, 0), FOLLOW_UP_NO_ANSWER);
    none(choose(" \n", points, 4, NULL, 0), FOLLOW_UP_NO_ANSWER);
    none(choose(NULL, points, 4, NULL, 0), FOLLOW_UP_NO_ANSWER);
    none(choose("Anything at all.", NULL, 0, NULL, 0), FOLLOW_UP_NO_POINTS);
    none(choose("Anything at all.", echo, 1, NULL, 0), FOLLOW_UP_NO_POINTS);
    none(choose(covered, points, 4, NULL, 0), FOLLOW_UP_COVERED);
    none(choose("Anything at all.", points, 4, two, 2), FOLLOW_UP_ENOUGH);
    none(choose("Anything at all.", points, 2, two, 2), FOLLOW_UP_COVERED);
}

static void points_become_parts_of_a_sentence(void **state)
{
    (void)state;
    static const char *const pairs[][2] = {
        {"Own part in it", "Could you tell me a little about your own part in it?"},
        {"SQL indexes.", "Could you tell me a little about SQL indexes?"},
        {"A plan B", "Could you tell me a little about a plan B?"},
        {"\xC3\x84nderungen", "Could you tell me a little about \xC3\x84nderungen?"},
        {"What failed (for example a release)", "Could you tell me a little about what failed?"},
    };
    for (size_t i = 0; i < COUNT(pairs); i++) {
        const char *p[] = {pairs[i][0]};
        assert_string_equal(choose("Hm.", p, 1, NULL, 0).text, pairs[i][1]);
    }
}

static void it_stays_short(void **state)
{
    (void)state;
    char words[301], one[301];
    for (size_t i = 0; i < 300; i++) {
        words[i] = i % 6 == 5 ? ' ' : (char)('a' + i % 7);
        one[i] = i % 2 ? '\xA9' : '\xC3';
    }
    words[300] = one[300] = '\0';
    const char *all[] = {words, one};
    for (size_t i = 0; i < 2; i++) {
        struct follow_up f = choose("Hm.", &all[i], 1, NULL, 0);
        assert_true(strlen(f.text) <= FOLLOW_UP_BYTES_MAX);
        assert_int_equal(f.text[strlen(f.text) - 1], '?');
        assert_string_equal(f.point, all[i]);
    }
}

/* Every question of the bank can be followed up, and the words read as a sentence. */
static void the_whole_bank_can_be_followed_up(void **state)
{
    (void)state;
    for (size_t k = 0; k < question_bank_size; k++) {
        size_t n = 0;
        while (n < 5 && question_bank[k].points[n])
            n++;
        struct follow_up f = {0};
        const struct follow_up_request in = {
            .question = question_bank[k].text, .answer = "Hm.", .points = {(const char **)question_bank[k].points, n}};
        ok(follow_up_choose(&in, NULL, arena, &f, &err));
        if (n == 0)
            continue;
        assert_int_equal(f.reason, FOLLOW_UP_MISSING);
        assert_null(strstr(f.text, "such as"));
        assert_null(strstr(f.text, "{role}"));
    }
}

static void a_role_without_an_interview_gets_questions(void **state)
{
    (void)state;
    struct question_drafts a = {0}, b = {0};
    struct questions_request in = {.job_role = "data engineer"};
    ok(ai_question_propose(&in, 7, arena, &a, &err));
    ok(ai_question_propose(&in, 7, arena, &b, &err));
    assert_int_equal(a.questions.count, 5);
    const struct question_draft *x = a.questions.items, *y = b.questions.items;
    for (size_t k = 0; k < 5; k++) {
        assert_string_equal(x[k].text, y[k].text);
        assert_true(x[k].points.count > 0);
    }
    assert_int_equal(x[0].category, CATEGORY_WARMUP);
    assert_int_equal(x[4].category, CATEGORY_CLOSING);
}

/* The areas a description names come before those that nothing speaks for. */
static void a_description_speaks_for_its_areas(void **state)
{
    (void)state;
    size_t named = 0, plain = 0;
    for (uint64_t seed = 1; seed <= 10; seed++) {
        struct interview i = {
            .job_role = "engineer", .interview_type = INTERVIEW_BEHAVIORAL, .difficulty = DIFFICULTY_MID};
        for (int with = 0; with < 2; with++) {
            struct question_input *q = NULL;
            i.job_description = with ? "You care about data analysis." : "You care.";
            ok(ai_question_draft(&i, 1, seed, arena, &q, &err));
            for (size_t k = 0; k < question_bank_size; k++)
                if (!strcmp(question_bank[k].text, q->text) && !strcmp(question_bank[k].focus, "data_analysis"))
                    ++*(with ? &named : &plain);
        }
    }
    assert_int_equal(named, 10);
    assert_true(plain < 10);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(the_first_point_left_out_is_asked_about),
        TEST(a_point_is_asked_about_once_and_the_second_time_in_other_words),
        TEST(examples_are_not_given_away),
        TEST(what_was_only_touched_comes_after_what_is_missing),
        TEST(when_nothing_is_to_be_asked_the_reason_is_told),
        TEST(points_become_parts_of_a_sentence),
        TEST(it_stays_short),
        TEST(the_whole_bank_can_be_followed_up),
        TEST(a_role_without_an_interview_gets_questions),
        TEST(a_description_speaks_for_its_areas),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
