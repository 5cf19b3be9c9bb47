/* What the figures over many reports read. Each statement's plan is looked at; the numbers are computed in
 * services/test_report_figures.c and test_adverse_impact.c. */
#include "unit/repositories/world.h"

#include "repositories/assess_repository.h"
#include "repositories/impact_repository.h"
#include "repositories/report_figures_repository.h"
#include "repositories/self_identification_repository.h"

#include <math.h>

static struct report *reported(struct id interview_id, const char *email, uint8_t token, double score,
                               struct answer **answer)
{
    struct session *s = session_make(interview_id, email, token);
    struct report *r = NULL;
    ok(session_set_status(db, s->id, SESSION_IN_PROGRESS, T0, &err));
    ok(answer_open(db, s->id, question_at(0), T0, arena, answer, &err));
    ok(answer_end(db, (*answer)->id, ANSWER_BY_TEXT, "text", T0 + 1, &err));
    ok(session_set_status(db, s->id, SESSION_COMPLETED, T0 + token * 1000, &err));
    struct report_question q = {.answer_id = (*answer)->id,
                                .position = 1,
                                .question_text = "First?",
                                .score = score,
                                .level_text = "",
                                .competency = "",
                                .explanation = "Because."};
    const struct report made = {.session_id = s->id,
                                .overall_score = score,
                                .summary = "Fine.",
                                .scorer_version = token % 2 ? "one" : "two",
                                .questions = {&q, 1}};
    ok(report_store(db, &made, T0 + token * 1000, &err));
    ok(report_find(db, s->id, arena, &r, &err));
    return r;
}

static void set_level(const struct report *r, const struct answer *x, double level)
{
    const struct score_override o = {.id = id_new(),
                                     .answer_id = x->id,
                                     .author_id = owner->id,
                                     .version = 1,
                                     .machine_score = 2.5,
                                     .level = level,
                                     .reason = "Because.",
                                     .created_at = T0};
    ok(override_insert(db, r->id, &o, &err));
}

static struct id sign(const struct report *r, enum sign_off_outcome outcome, int64_t version)
{
    const struct report_sign_off x = {.id = id_new(),
                                      .author_id = owner->id,
                                      .version = version,
                                      .outcome = (int)outcome,
                                      .overall_score = 3,
                                      .created_at = T0 + 5};
    ok(sign_off_insert(db, r->id, &x, &err));
    return x.id;
}

static struct report_filter mine(void)
{
    struct report_filter f = REPORT_FILTER_ANY;
    f.reader_id = owner->id;
    return f;
}

static void scores_and_levels(void **state)
{
    (void)state;
    struct user *other = user_make("b@example.org", ROLE_RECRUITER);
    struct interview *theirs = interview_make(other->id, "Theirs", INTERVIEW_OPEN);
    struct answer *one, *two, *three, *foreign;
    struct report *first = reported(interview->id, "a@example.org", 1, 3.5, &one);
    struct report *second = reported(interview->id, "b@example.org", 2, 4, &two);
    reported(interview->id, "c@example.org", 3, NAN, &three);
    reported(theirs->id, "d@example.org", 4, 2, &foreign);
    const struct report_filter own = mine(), all = REPORT_FILTER_ANY;
    struct report_filter late = own;
    struct list l = {0};
    int64_t left = -1;
    ok(figures_scores(db, &own, arena, &l, &err));
    const struct scored_report *r = l.items;
    assert_int_equal(l.count, 2);
    assert_true(r[0].score == 3.5 && r[0].completed_at == T0 + 1000 && r[1].score == 4);
    assert_string_equal(r[0].scorer_version, "one");
    assert_string_equal(r[1].scorer_version, "two");
    ok(figures_scores(db, &all, arena, &l, &err));
    assert_int_equal(l.count, 3);
    late.from = T0 + 2000;
    late.to = T0 + 3000;
    ok(figures_scores(db, &late, arena, &l, &err));
    assert_int_equal(l.count, 1);

    set_level(first, one, 5);
    set_level(first, one, NAN);
    set_level(second, two, 2);
    ok(figures_levels(db, &own, arena, &l, &err));
    assert_int_equal(l.count, 3);
    const struct set_level *x = l.items;
    for (size_t i = 0; i < 3; i++)
        assert_true(x[i].machine_score == 2.5 && id_equal(x[i].author_id, owner->id) && *x[i].competency);
    ok(figures_left_as_is(db, &own, &left, &err));
    assert_int_equal(left, 0); /* nobody has signed */
    const struct id signed_off = sign(first, OUTCOME_ADVANCE, 1);
    sign(second, OUTCOME_DECLINE, 1);
    ok(figures_left_as_is(db, &own, &left, &err));
    assert_int_equal(left, 1); /* of the first, whose level was taken back */
    ok(figures_left_as_is(db, &all, &left, &err));
    assert_int_equal(left, 1);
    ok(sign_off_withdraw(db, signed_off, T0 + 9, &err));
    ok(figures_left_as_is(db, &own, &left, &err));
    assert_int_equal(left, 0);
}

static void people(void **state)
{
    (void)state;
    struct user *other = user_make("b@example.org", ROLE_RECRUITER);
    struct interview *theirs = interview_make(other->id, "Theirs", INTERVIEW_OPEN);
    struct answer *x;
    struct report *first = reported(interview->id, "a@example.org", 1, 3.5, &x);
    reported(interview->id, "b@example.org", 2, NAN, &x);
    reported(theirs->id, "c@example.org", 3, 4, &x);
    session_make(interview->id, "d@example.org", 4); /* not finished */
    struct self_identification said = {.gender = 2, .age_band = 3, .disability = 1}, back = {0};
    ok(self_identification_replace(db, first->session_id, &said, T0, &err));
    ok(self_identification_find(db, first->session_id, &back, &err));
    assert_true(back.gender == 2 && back.age_band == 3 && back.ethnicity == SELF_NOT_GIVEN && back.disability == 1);
    const struct id decided = sign(first, OUTCOME_ADVANCE, 1), none = {{0}};
    struct list l = {0};
    ok(impact_people(db, none, owner->id, arena, &l, &err));
    const struct impact_person *p = l.items;
    assert_int_equal(l.count, 2);
    assert_true(id_equal(p[0].session_id, first->session_id) && id_equal(p[0].sign_off_id, decided));
    assert_true(p[0].score == 3.5 && p[0].outcome == OUTCOME_ADVANCE && p[0].decided_at == T0 + 5);
    assert_true(p[0].said.gender == 2 && p[0].said.disability == 1 && p[0].said.ethnicity == SELF_NOT_GIVEN);
    assert_true(isnan(p[1].score) && p[1].outcome == OUTCOME_NONE && p[1].said.gender == SELF_NOT_GIVEN);
    ok(impact_people(db, theirs->id, none, arena, &l, &err));
    assert_int_equal(l.count, 1);
    ok(impact_people(db, none, none, arena, &l, &err));
    assert_int_equal(l.count, 3);

    said = (struct self_identification){.ethnicity = 4};
    ok(self_identification_replace(db, first->session_id, &said, T0, &err));
    ok(self_identification_find(db, first->session_id, &back, &err));
    assert_true(back.gender == SELF_NOT_GIVEN && back.ethnicity == 4);
    ok(self_identification_delete(db, first->session_id, &err));
    ok(self_identification_find(db, first->session_id, &back, &err));
    assert_int_equal(back.ethnicity, SELF_NOT_GIVEN);
    fails(self_identification_replace(db, id_new(), &said, T0, &err), STATUS_NOT_FOUND, "not_found");
}

int main(void)
{
    const struct CMUnitTest tests[] = {TEST(scores_and_levels), TEST(people)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
