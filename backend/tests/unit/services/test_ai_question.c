#include "unit/services/stage.h"

#include "services/ai_question.h"

#include <ctype.h>

static struct interview plain(int type, int difficulty)
{
    return (struct interview){.job_role = "data engineer", .interview_type = type, .difficulty = difficulty};
}

static struct question_input *draft(const struct interview *i, size_t n, uint64_t seed)
{
    struct question_input *q = NULL;
    ok(ai_question_draft(i, n, seed, arena, &q, &err));
    return q;
}

static uint64_t bit(const char *focus)
{
    int i = choice_index(focus_area_choices, focus);
    assert_true(i >= 0);
    return 1ull << i;
}

/* The bank's question behind a drafted text (which may have the role in it). */
static const struct bank_question *source(const char *text)
{
    for (size_t k = 0; k < question_bank_size; k++) {
        const char *mark = strstr(question_bank[k].text, "{role}");
        size_t n = mark ? (size_t)(mark - question_bank[k].text) : strlen(question_bank[k].text) + 1;
        if (!strncmp(question_bank[k].text, text, n))
            return &question_bank[k];
    }
    fail_msg("not from the bank: %s", text);
    return NULL;
}

static void the_same_seed_gives_the_same_draft(void **state)
{
    (void)state;
    struct interview i = plain(INTERVIEW_MIXED, DIFFICULTY_SENIOR);
    struct question_input *a = draft(&i, 8, 42), *b = draft(&i, 8, 42);
    for (size_t k = 0; k < 8; k++)
        assert_string_equal(a[k].text, b[k].text);
    size_t other = 0;
    for (uint64_t seed = 0; seed < 10; seed++) {
        struct question_input *c = draft(&i, 8, seed);
        for (size_t k = 0; k < 8; k++)
            other += strcmp(a[k].text, c[k].text) != 0;
    }
    assert_true(other > 10); /* another seed gives another one */
}

static void every_draft_is_of_different_questions_for_every_setting(void **state)
{
    (void)state;
    for (int type = INTERVIEW_TECHNICAL; type <= INTERVIEW_MIXED; type++)
        for (int difficulty = DIFFICULTY_JUNIOR; difficulty <= DIFFICULTY_LEAD; difficulty++)
            for (size_t n = 1; n <= QUESTIONS_MAX; n++) {
                struct interview i = plain(type, difficulty);
                i.focus_areas = (uint64_t)n * 977; /* some areas or others */
                i.focus_areas &= (1ull << 14) - 1;
                struct question_input *q = draft(&i, n, n * 31 + (uint64_t)type);
                for (size_t a = 0; a < n; a++)
                    for (size_t b = 0; b < a; b++)
                        assert_string_not_equal(q[a].text, q[b].text);
                arena_reset(arena);
            }
}

static void a_warm_up_comes_first_and_a_closing_last(void **state)
{
    (void)state;
    for (size_t n = 1; n <= 12; n++) {
        struct interview i = plain(INTERVIEW_TECHNICAL, DIFFICULTY_MID);
        struct question_input *q = draft(&i, n, n);
        for (size_t k = 0; k < n; k++) {
            assert_int_equal(q[k].category == CATEGORY_WARMUP, k == 0 && n >= 3);
            assert_int_equal(q[k].category == CATEGORY_CLOSING, k == n - 1 && n >= 4);
        }
    }
}

static void the_type_is_respected_while_there_are_questions_of_it(void **state)
{
    (void)state;
    static const int category[] = {CATEGORY_TECHNICAL, CATEGORY_BEHAVIORAL, CATEGORY_SITUATIONAL};
    for (int type = INTERVIEW_TECHNICAL; type <= INTERVIEW_SITUATIONAL; type++)
        for (uint64_t seed = 1; seed < 20; seed++) {
            struct interview i = plain(type, DIFFICULTY_MID);
            struct question_input *q = draft(&i, 7, seed);
            for (size_t k = 1; k < 6; k++)
                assert_int_equal(q[k].category, category[type]);
        }
}

static void focus_areas_come_first(void **state)
{
    (void)state;
    static const char *const areas[] = {"system_design", "debugging", "testing", "data_analysis"};
    for (size_t f = 0; f < COUNT(areas); f++)
        for (uint64_t seed = 1; seed < 20; seed++) {
            struct interview i = plain(INTERVIEW_TECHNICAL, DIFFICULTY_SENIOR);
            i.focus_areas = bit(areas[f]);
            assert_string_equal(source(draft(&i, 1, seed)[0].text)->focus, areas[f]);
            assert_string_equal(draft(&i, 1, seed)[0].competency, /* reports gather by it */
                                focus_area_choices[choice_index(focus_area_choices, areas[f])].label);
            assert_string_equal(source(draft(&i, 5, seed)[1].text)->focus, areas[f]);
        }
}

static void several_focus_areas_are_all_covered(void **state)
{
    (void)state;
    static const char *const areas[] = {"teamwork", "ownership", "learning"};
    for (uint64_t seed = 1; seed < 20; seed++) {
        struct interview i = plain(INTERVIEW_BEHAVIORAL, DIFFICULTY_MID);
        for (size_t f = 0; f < COUNT(areas); f++)
            i.focus_areas |= bit(areas[f]);
        struct question_input *q = draft(&i, 5, seed);
        for (size_t f = 0; f < COUNT(areas); f++) {
            size_t n = 0;
            for (size_t k = 0; k < 5; k++)
                n += !strcmp(source(q[k].text)->focus, areas[f]);
            assert_int_equal(n, 1);
        }
    }
}

static void nobody_is_asked_what_is_meant_for_another_level(void **state)
{
    (void)state;
    for (int difficulty = DIFFICULTY_JUNIOR; difficulty <= DIFFICULTY_LEAD; difficulty++)
        for (uint64_t seed = 1; seed < 20; seed++) {
            struct interview i = plain(INTERVIEW_TECHNICAL, difficulty);
            i.focus_areas = bit("leadership") | bit("testing"); /* the bank's senior questions are of these */
            struct question_input *q = draft(&i, QUESTIONS_MAX, seed);
            for (size_t k = 0; k < QUESTIONS_MAX; k++) {
                const struct bank_question *b = source(q[k].text);
                assert_in_range(difficulty, b->difficulty_min, b->difficulty_max);
            }
            arena_reset(arena);
        }
}

static void the_role_stands_in_the_wording(void **state)
{
    (void)state;
    struct interview i = plain(INTERVIEW_MIXED, DIFFICULTY_MID);
    i.job_role = "{role} %s"; /* a stranger's text is text */
    bool seen = false;
    for (uint64_t seed = 1; seed < 40; seed++) {
        struct question_input *q = draft(&i, 4, seed);
        for (size_t k = 0; k < 4; k++) {
            const char *mark = strstr(q[k].text, "{role}");
            assert_int_equal(mark != NULL, strstr(source(q[k].text)->text, "{role}") != NULL);
            seen |= mark && !strncmp(mark, i.job_role, strlen(i.job_role));
            assert_string_not_equal(q[k].rephrased, q[k].text);
            assert_int_equal(strstr(q[k].rephrased, i.job_role) != NULL,
                             strstr(source(q[k].text)->rephrased, "{role}") != NULL);
        }
    }
    assert_true(seen);
}

/* Other words: not the same sentence again, and nobody's twice. */
static void every_question_can_be_put_another_way(void **state)
{
    (void)state;
    for (size_t k = 0; k < question_bank_size; k++) {
        const char *words = question_bank[k].rephrased;
        assert_true(words && strlen(words) >= 30 && strlen(words) < 1000);
        assert_int_equal(strstr(words, "{role}") != NULL, strstr(question_bank[k].text, "{role}") != NULL);
        for (size_t n = 0; n < question_bank_size; n++) {
            assert_string_not_equal(words, question_bank[n].text);
            if (n != k)
                assert_string_not_equal(words, question_bank[n].rephrased);
        }
    }
}

static void what_is_kept_is_not_drafted_again(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed < 30; seed++) {
        struct interview i = plain(INTERVIEW_BEHAVIORAL, DIFFICULTY_MID);
        struct question_input *first = draft(&i, 10, seed);
        struct question kept[10];
        for (size_t k = 0; k < 10; k++)
            kept[k] = (struct question){.text = first[k].text, .category = first[k].category};
        i.questions = (struct list){kept, 10};
        struct question_input *more = draft(&i, 10, seed);
        for (size_t k = 0; k < 10; k++) {
            assert_true(more[k].category != CATEGORY_WARMUP && more[k].category != CATEGORY_CLOSING);
            for (size_t n = 0; n < 10; n++)
                assert_string_not_equal(more[k].text, first[n].text);
        }
        arena_reset(arena);
    }
}

static void an_exhausted_bank_says_so(void **state)
{
    (void)state;
    struct interview i = plain(INTERVIEW_MIXED, DIFFICULTY_MID);
    struct question_input *q = NULL;
    fails_at(ai_question_draft(&i, question_bank_size + 1, 1, arena, &q, &err), STATUS_INVALID, "bank_exhausted",
             "question_count");
    assert_null(q);
}

/* Words that a question to an applicant must not hold, nor its points: what may not be asked. */
static const char *const forbidden[] = {
    "age",       "old",        "born",        "birthday", "family",      "children",  "child",     "kids",
    "pregnant",  "pregnancy",  "married",     "marriage", "husband",     "wife",      "partner",   "single",
    "divorced",  "gender",     "sex",         "sexual",   "gay",         "religion",  "religious", "church",
    "mosque",    "god",        "belief",      "beliefs",  "pray",        "race",      "racial",    "ethnic",
    "ethnicity", "skin",       "nationality", "citizen",  "citizenship", "immigrant", "accent",    "native",
    "origin",    "disability", "disabled",    "handicap", "illness",     "sick",      "health",    "medical",
    "diagnosis", "medication", "doctor",      "weight",   "height",      "union",     "party",     "politics",
    "political", "vote",       "arrested",    "criminal", "salary",      "military",  "smoke",     "drink",
    "alcohol",   "drugs"};

/* Of the above, in a sense that has nothing to do with a person: the whole text that may stay. */
static const char *const innocent[] = {
    "Describe how you would bring an old, untested program under control before changing it.",
    "Caching where data may be old",
    "Health checks that take a broken machine out",
};

static bool has_word(const char *text, const char *word)
{
    size_t n = strlen(word);
    for (const char *p = text; (p = strcasestr(p, word)); p++)
        if ((p == text || !isalpha((unsigned char)p[-1])) && !isalpha((unsigned char)p[n]))
            return true;
    return false;
}

static void check_words(const char *text)
{
    for (size_t i = 0; i < COUNT(innocent); i++)
        if (!strcmp(text, innocent[i]))
            return;
    for (size_t i = 0; i < COUNT(forbidden); i++)
        if (has_word(text, forbidden[i]))
            fail_msg("\"%s\" in: %s", forbidden[i], text);
}

static void check_question(const struct bank_question *q)
{
    size_t n = 0;
    assert_in_range(strlen(q->text), 20, 300);
    assert_true(isupper((unsigned char)q->text[0]));
    assert_non_null(strchr(".?", q->text[strlen(q->text) - 1]));
    assert_in_range(q->category, CATEGORY_WARMUP, CATEGORY_CLOSING);
    assert_in_range(q->difficulty_min, DIFFICULTY_JUNIOR, q->difficulty_max);
    assert_in_range(q->difficulty_max, q->difficulty_min, DIFFICULTY_LEAD);
    assert_true(!*q->focus || choice_index(focus_area_choices, q->focus) >= 0);
    assert_in_range(q->time_limit_s, 60, 300);
    check_words(q->text);
    for (; n < COUNT(q->points) && q->points[n]; n++) {
        assert_in_range(strlen(q->points[n]), 4, 120);
        check_words(q->points[n]);
        for (size_t k = 0; k < n; k++)
            assert_string_not_equal(q->points[k], q->points[n]);
    }
    assert_in_range(n, 2, 5);
}

static void every_question_of_the_bank_is_well_formed(void **state)
{
    (void)state;
    size_t edges[2] = {0};
    for (size_t k = 0; k < question_bank_size; k++) {
        const struct bank_question *q = &question_bank[k];
        check_question(q);
        edges[0] += q->category == CATEGORY_WARMUP;
        edges[1] += q->category == CATEGORY_CLOSING;
        for (size_t n = 0; n < k; n++)
            assert_string_not_equal(q->text, question_bank[n].text);
    }
    assert_true(edges[0] >= 3 && edges[1] >= 3);
}

/* What is drafted can be stored and sent back as it is. */
static void drafts_pass_the_model_that_edits_pass(void **state)
{
    (void)state;
    struct interview i = plain(INTERVIEW_MIXED, DIFFICULTY_LEAD);
    struct question_input *q = draft(&i, QUESTIONS_MAX, 7), again;
    for (size_t k = 0; k < QUESTIONS_MAX; k++) {
        cleanup(buf_free) struct buf b;
        struct json j;
        buf_init(&b, 1 << 16);
        json_init(&j, &b);
        json_object_begin(&j);
        json_kv_string(&j, "text", q[k].text);
        json_kv_string(&j, "category", choice_value(question_category_choices, q[k].category));
        json_kv_int(&j, "time_limit_s", q[k].time_limit_s);
        json_key(&j, "points");
        json_array_begin(&j);
        for (size_t n = 0; n < q[k].points.count; n++)
            json_string(&j, q[k].points.items[n]);
        json_array_end(&j);
        json_object_end(&j);
        ok(model_parse(&question_input_model, PARSE_CREATE, b.data, b.len, arena, &again, &err));
        assert_string_equal(again.text, q[k].text);
        assert_int_equal(again.points.count, q[k].points.count);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(the_same_seed_gives_the_same_draft),
        TEST(every_draft_is_of_different_questions_for_every_setting),
        TEST(a_warm_up_comes_first_and_a_closing_last),
        TEST(the_type_is_respected_while_there_are_questions_of_it),
        TEST(focus_areas_come_first),
        TEST(several_focus_areas_are_all_covered),
        TEST(nobody_is_asked_what_is_meant_for_another_level),
        TEST(the_role_stands_in_the_wording),
        TEST(what_is_kept_is_not_drafted_again),
        TEST(an_exhausted_bank_says_so),
        TEST(every_question_of_the_bank_is_well_formed),
        TEST(every_question_can_be_put_another_way),
        TEST(drafts_pass_the_model_that_edits_pass),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
