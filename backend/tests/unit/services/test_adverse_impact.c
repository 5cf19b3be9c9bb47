/* Groups, ratios and what is withheld, against what was computed by hand (ratios' intervals: scipy.stats.contingency's
 * relative_risk, rates': binomtest().proportion_ci("wilson"), SciPy 1.17.1). */
#include "unit/services/arena_test.h"

#include "base/cleanup.h"
#include "services/adverse_impact.h"

#include <stdio.h>
#include <string.h>

#define T0      INT64_C(1700000000000)
#define DAY     INT64_C(86400000)
#define PEOPLE  200
#define NOTHING SELF_NOT_GIVEN

enum { DECLINED = 1, WOMAN, MAN, NON_BINARY };

static struct impact_person people[PEOPLE];
static size_t n_people;

static int setup(void **state)
{
    n_people = 0;
    return arena_open(state);
}

#undef TEST
#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, arena_close)

static struct id id_of(size_t k)
{
    struct id id = {{0}};
    uint8_t bytes[16] = {1, (uint8_t)(k >> 8), (uint8_t)k};
    memcpy(&id, bytes, sizeof id);
    return id;
}

/* They finish and are decided on a day after each other, in this order. */
static void add(size_t count, int gender, double score, int outcome)
{
    for (size_t i = 0; i < count; i++, n_people++) {
        assert_true(n_people < PEOPLE);
        people[n_people] = (struct impact_person){.interview_id = id_of(9999),
                                                  .session_id = id_of(n_people),
                                                  .sign_off_id = id_of(n_people),
                                                  .completed_at = T0 + (int64_t)n_people * DAY,
                                                  .decided_at = T0 + (int64_t)n_people * DAY,
                                                  .score = score,
                                                  .outcome = outcome,
                                                  .said.gender = gender};
    }
}

static struct adverse_impact *figures(const struct impact_query *q)
{
    struct adverse_impact *x = arena_new_of(arena, struct adverse_impact);
    struct impact_person *copy = arena_array(arena, n_people + 1, sizeof *copy);
    struct list l = {copy, n_people};
    if (n_people)
        memcpy(copy, people, n_people * sizeof *copy);
    for (size_t i = 0; i + 1 < n_people; i += 2) { /* whatever order they come in */
        struct impact_person one = copy[i];
        copy[i] = copy[n_people - 1 - i];
        copy[n_people - 1 - i] = one;
    }
    assert_int_equal(impact_figures(q, 5, &l, arena, x, &err), STATUS_OK);
    return x;
}

static const struct impact_category *gender_of(const struct adverse_impact *x)
{
    const struct impact_category *c = x->categories.items;
    assert_int_equal(x->categories.count, SELF_CATEGORIES);
    assert_string_equal(c->category, "gender");
    return c;
}

static const struct impact_group *group(const struct adverse_impact *x, int k)
{
    return (const struct impact_group *)gender_of(x)->groups.items + k;
}

/* Women: 8 of 20 reach 3, 5 of them 4.5; men: 12 of 15, 4 of them 4.5; nothing said: 2 of 5, 1 of them 4.5. The median
 * of all forty is 3.5. */
static void forty(void)
{
    add(12, WOMAN, 2, OUTCOME_DECLINE);
    add(3, WOMAN, 3.5, OUTCOME_ADVANCE);
    add(5, WOMAN, 4.5, OUTCOME_ADVANCE);
    add(3, MAN, 2, OUTCOME_DECLINE);
    add(8, MAN, 3.5, OUTCOME_ADVANCE);
    add(4, MAN, 4.5, OUTCOME_ADVANCE);
    add(3, NOTHING, 2, OUTCOME_DECLINE);
    add(1, NOTHING, 3.5, OUTCOME_ADVANCE);
    add(1, NOTHING, 4.5, OUTCOME_ADVANCE);
}

static void rates_and_ratios(void **state)
{
    (void)state;
    forty();
    for (int basis = IMPACT_DECISION; basis <= IMPACT_SCORE; basis++) { /* both say the same here */
        const struct adverse_impact *x = figures(&(struct impact_query){.basis = basis, .threshold = 3});
        const struct impact_group *w = group(x, WOMAN), *m = group(x, MAN), *n = group(x, NOTHING);
        assert_int_equal(x->people, 40);
        assert_int_equal(x->selected, 22);
        assert_int_equal(x->left_out, 0);
        near(x->median, 3.5);
        assert_true(!x->threshold_moved && (basis == IMPACT_SCORE ? x->threshold == 3 : isnan(x->threshold)));
        near(w->n, 20);
        near(w->selected, 8);
        near(w->selection_rate, 0.4);
        near(w->rate_low, 0.218806532373);
        near(w->rate_high, 0.613418499238);
        near(w->impact_ratio, 0.5); /* .4 / .8 */
        near(w->ratio_low, 0.276220520286);
        near(w->ratio_high, 0.905073959534);
        near(w->mean_score, 2.9); /* (12 * 2 + 3 * 3.5 + 5 * 4.5) / 20 = 2.85 */
        near(w->above_median, 5);
        near(w->scoring_rate, 0.25);
        near(w->scoring_ratio, 0.25 / (4.0 / 15));
        near(m->selection_rate, 0.8);
        near(m->impact_ratio, 1);
        assert_true(isnan(m->ratio_low));
        near(m->scoring_ratio, 1);
        near(n->selection_rate, 0.4); /* told, and compared with nobody */
        assert_true(isnan(n->impact_ratio) && isnan(n->scoring_ratio));
        assert_string_equal(w->remark, "Below four fifths of the highest rate, and more than chance alone explains.");
        assert_string_equal(m->remark, "Few people: each one moves these figures much.");
        assert_string_equal(gender_of(x)->statement, "Below four fifths of the highest selection rate: Woman (0.50).");
    }
}

static void small_groups_are_withheld_and_cannot_be_subtracted(void **state)
{
    (void)state;
    add(6, WOMAN, 4, OUTCOME_ADVANCE);
    add(6, WOMAN, 2, OUTCOME_DECLINE);
    add(4, MAN, 4.1, OUTCOME_ADVANCE);
    add(6, MAN, 2.1, OUTCOME_DECLINE);
    add(1, NON_BINARY, 4, OUTCOME_ADVANCE);
    add(2, NON_BINARY, 2, OUTCOME_DECLINE);
    add(2, NOTHING, 4, OUTCOME_ADVANCE);
    add(3, NOTHING, 2, OUTCOME_DECLINE);
    const struct adverse_impact *x = figures(&(struct impact_query){.basis = IMPACT_DECISION});
    assert_int_equal(group(x, NON_BINARY)->withheld, IMPACT_TOO_FEW);
    assert_int_equal(group(x, NOTHING)->withheld,
                     IMPACT_TOO_FEW); /* five, the smallest of the others: else 30 - 27 = 3 */
    assert_true(isnan(group(x, NON_BINARY)->n) && isnan(group(x, NOTHING)->n));
    near(gender_of(x)->withheld_people, 8);
    near(group(x, WOMAN)->n, 12);
    near(group(x, MAN)->selection_rate, 0.4);
    near(group(x, MAN)->impact_ratio, 0.8);
    assert_string_equal(gender_of(x)->statement, "No group is below four fifths of the highest selection rate.");
}

/* Three groups of people: what is withheld of women and men, and how many women are told. */
static void of_two_groups_neither_tells_of_the_other(void **state)
{
    (void)state;
    static const struct {
        struct {
            size_t n;
            int gender;
            double score;
            int outcome;
        } people[3];
        int women, men;
        double n_women; /* NAN: not told */
        const char *statement;
    } cases[] = {
        /* 25 less 21 men would be the women */
        {{{4, WOMAN, 4, OUTCOME_ADVANCE}, {10, MAN, 4, OUTCOME_ADVANCE}, {11, MAN, 2, OUTCOME_DECLINE}},
         IMPACT_TOO_FEW,
         IMPACT_TOO_FEW,
         NAN,
         "There are no two groups to compare."},
        /* who was selected is known to who looks: all of them are men, and the table would say so of each */
        {{{10, WOMAN, 2, OUTCOME_DECLINE}, {5, MAN, 4, OUTCOME_ADVANCE}, {5, MAN, 2, OUTCOME_DECLINE}},
         IMPACT_WOULD_TELL,
         IMPACT_WOULD_TELL,
         10,
         "How groups fared is withheld: it would tell what single people said."},
        /* so would it when nobody of one outcome is of the other */
        {{{10, WOMAN, 4, OUTCOME_ADVANCE}, {5, MAN, 4, OUTCOME_ADVANCE}, {5, MAN, 2, OUTCOME_DECLINE}},
         IMPACT_WOULD_TELL,
         IMPACT_WOULD_TELL,
         10,
         "How groups fared is withheld: it would tell what single people said."},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        n_people = 0;
        for (size_t k = 0; k < COUNT(cases[i].people); k++)
            add(cases[i].people[k].n, cases[i].people[k].gender, cases[i].people[k].score, cases[i].people[k].outcome);
        const struct adverse_impact *x = figures(&(struct impact_query){.basis = IMPACT_DECISION});
        const struct impact_group *women = group(x, WOMAN);
        assert_int_equal(women->withheld, cases[i].women);
        assert_int_equal(group(x, MAN)->withheld, cases[i].men);
        assert_true(isnan(cases[i].n_women) ? isnan(women->n) : women->n == cases[i].n_women);
        assert_true(isnan(women->selected) && isnan(women->mean_score));
        assert_string_equal(gender_of(x)->statement, cases[i].statement);
    }
}

static void everybody_in_one_group_is_withheld(void **state)
{
    (void)state;
    add(10, WOMAN, 2, OUTCOME_DECLINE);
    add(10, WOMAN, 4, OUTCOME_ADVANCE);
    const struct adverse_impact *x = figures(&(struct impact_query){.basis = IMPACT_DECISION});
    for (int k = 0; k < (int)gender_of(x)->groups.count; k++)
        assert_true(group(x, k)->withheld == IMPACT_WOULD_TELL && isnan(group(x, k)->n));
    assert_true(isnan(gender_of(x)->withheld_people));
}

static void people_come_in_batches(void **state)
{
    (void)state;
    forty();
    const struct adverse_impact *before = figures(&(struct impact_query){.basis = IMPACT_SCORE});
    add(4, NON_BINARY, 4.5, OUTCOME_ADVANCE);
    const struct adverse_impact *x = figures(&(struct impact_query){.basis = IMPACT_SCORE});
    assert_int_equal(x->people, before->people);
    assert_int_equal(x->left_out, 4);
    near(group(x, WOMAN)->n, group(before, WOMAN)->n);
    add(1, WOMAN, 4.5, OUTCOME_ADVANCE);
    x = figures(&(struct impact_query){.basis = IMPACT_SCORE});
    assert_int_equal(x->people, 45);
    assert_int_equal(x->left_out, 0);
}

static void a_period_takes_whole_batches(void **state)
{
    (void)state;
    forty();
    const struct impact_query q = {.basis = IMPACT_SCORE, .from = T0 + 3 * DAY, .to = T0 + 37 * DAY}; /* 3..36 */
    const struct adverse_impact *x = figures(&q);
    assert_int_equal(x->people, 30);  /* 5..34 */
    assert_int_equal(x->left_out, 4); /* 3, 4, 35, 36 */
}

/* 18 at 2, 2 at 3, 10 at 3.5, 10 at 4.5; the median is 3.25. Between a cut at 3 and the median's lie two people. */
static void a_threshold_moves_to_where_people_are(void **state)
{
    (void)state;
    add(18, WOMAN, 2, OUTCOME_NONE);
    add(2, WOMAN, 3, OUTCOME_NONE);
    add(10, MAN, 3.5, OUTCOME_NONE);
    add(10, MAN, 4.5, OUTCOME_NONE);
    const struct adverse_impact *x = figures(&(struct impact_query){.basis = IMPACT_SCORE, .threshold = 3});
    near(x->median, 3.25);
    assert_true(x->threshold_moved);
    near(x->threshold, 3.5);
    assert_int_equal(x->selected, 20);
    x = figures(&(struct impact_query){.basis = IMPACT_SCORE, .threshold = 4});
    assert_false(x->threshold_moved);
    near(x->threshold, 4);
    assert_int_equal(x->selected, 10);
    x = figures(&(struct impact_query){.basis = IMPACT_SCORE, .threshold = 5});
    assert_int_equal(x->selected, 0);
    assert_int_equal(figures(&(struct impact_query){.basis = IMPACT_DECISION})->people, 0); /* nobody was decided on */
}

static void nobody(void **state)
{
    (void)state;
    for (int basis = IMPACT_DECISION; basis <= IMPACT_SCORE; basis++) {
        const struct adverse_impact *x = figures(&(struct impact_query){.basis = basis});
        assert_int_equal(x->people, 0);
        assert_true(isnan(x->median));
        assert_string_equal(gender_of(x)->statement, "There is nobody to count.");
    }
    add(10, NOTHING, 3, OUTCOME_ADVANCE);
    add(2, WOMAN, NAN, OUTCOME_ADVANCE); /* without a score */
    const struct adverse_impact *x = figures(&(struct impact_query){.basis = IMPACT_DECISION});
    assert_int_equal(x->people, 10);
    assert_int_equal(x->left_out, 0);
    assert_string_equal(gender_of(x)->statement, "Nobody has said anything.");
}

static unsigned long long dice;

static int roll(int sides)
{
    dice = dice * 6364136223846793005ULL + 1442695040888963407ULL; /* Knuth's MMIX */
    return (int)((dice >> 33) % (unsigned long long)sides);
}

/* How many of the kind k, of those who count: selected, not selected, above the median, not above. */
static double outcome(const struct impact_group *g, int k)
{
    return k == 0 ? g->selected : k == 1 ? g->n - g->selected : k == 2 ? g->above_median : g->n - g->above_median;
}

static void check_category(const struct adverse_impact *x, const struct impact_category *c)
{
    const struct impact_group *g = c->groups.items;
    double shown = 0, all[4] = {0}, hidden = 0;
    bool fared = true;
    for (size_t i = 0; i < c->groups.count; i++) {
        assert_true(isnan(g[i].n) || g[i].n >= 5);
        hidden += isnan(g[i].n);
        shown += isnan(g[i].n) ? 0 : g[i].n;
        fared = fared && g[i].withheld != IMPACT_WOULD_TELL;
    }
    const double rest = (double)x->people - shown;
    assert_true(rest == 0 || (hidden >= 2 && rest >= 5));
    for (size_t i = 0; i < c->groups.count; i++)
        for (int k = 0; k < 4 && fared && !isnan(g[i].n); k++)
            all[k] += outcome(&g[i], k);
    for (size_t i = 1; i < c->groups.count; i++)
        for (int k = 0; k < 4 && fared && !isnan(g[i].n) && rest == 0; k++)
            assert_true(all[k] == 0 || outcome(&g[i], k) < all[k]); /* all of an outcome are of no one group */
    for (size_t i = 0; i < c->groups.count; i++)
        assert_true(fared || isnan(g[i].selected)); /* for one group's would follow from the others' */
}

/* Whatever the people: nothing small is shown, nor can it be had by subtraction, nor does a table say of all who were
 * selected which they are. */
static void no_table_tells_of_one_person(void **state)
{
    (void)state;
    for (dice = 1; dice < 400; dice++) {
        const unsigned long long seed = dice;
        const int groups = 2 + roll(4), size = 1 + roll(60);
        n_people = 0;
        for (int i = 0; i < size; i++)
            add(1, roll(groups + 1) * roll(2), 1 + roll(41) / 10.0, roll(3));
        for (int basis = IMPACT_DECISION; basis <= IMPACT_SCORE; basis++) {
            const struct adverse_impact *x =
                figures(&(struct impact_query){.basis = basis, .threshold = 1 + roll(41) / 10.0});
            assert_int_equal(x->people % 5, 0);
            check_category(x, gender_of(x));
        }
        arena_reset(arena);
        dice = seed;
    }
}

static void as_a_table(void **state)
{
    (void)state;
    cleanup(buf_free) struct buf out;
    buf_init(&out, 1u << 20);
    forty();
    adverse_impact_csv(figures(&(struct impact_query){.basis = IMPACT_SCORE, .threshold = 3}), &out);
    size_t rows = 0;
    for (const char *at = buf_cstr(&out); (at = strstr(at, "\r\n")); at += 2)
        rows++;
    assert_int_equal(rows, 1 + 6 + 7 + 11 + 4);
    assert_non_null(strstr(buf_cstr(&out), "\r\ngender,woman,Woman,no,20,8,0.4,"));
    assert_non_null(strstr(buf_cstr(&out), "\r\ngender,non_binary,Non-binary,too_few,,,,"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(rates_and_ratios),
        TEST(small_groups_are_withheld_and_cannot_be_subtracted),
        TEST(of_two_groups_neither_tells_of_the_other),
        TEST(everybody_in_one_group_is_withheld),
        TEST(people_come_in_batches),
        TEST(a_period_takes_whole_batches),
        TEST(a_threshold_moves_to_where_people_are),
        TEST(nobody),
        TEST(no_table_tells_of_one_person),
        TEST(as_a_table),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
