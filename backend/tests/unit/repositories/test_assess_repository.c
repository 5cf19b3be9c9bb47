#include "unit/repositories/world.h"

#include "repositories/assess_repository.h"
#include "repositories/competency_repository.h"
#include "repositories/report_repository.h"

#include <math.h>

static struct session *session;
static struct answer *answer;
static struct report *report;

static int setup(void **state)
{
    world_open(state);
    session = session_make(interview->id, "sam@example.org", 1);
    ok(session_set_status(db, session->id, SESSION_IN_PROGRESS, T0, &err));
    ok(answer_open(db, session->id, question_at(0), T0, arena, &answer, &err));
    ok(report_request(db, session->id, REPORT_NEXT_COMPLETED, T0, &err));
    ok(report_find(db, session->id, arena, &report, &err));
    return 0;
}

#undef TEST
#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, world_close)

static struct score_override level_of(double level, int64_t version)
{
    return (struct score_override){.id = id_new(),
                                   .answer_id = answer->id,
                                   .author_id = owner->id,
                                   .version = version,
                                   .machine_score = 2.5,
                                   .level = level,
                                   .reason = "Because.",
                                   .created_at = T0};
}

static void test_levels(void **state)
{
    (void)state;
    struct list l = {0};
    const struct score_override first = level_of(4, 1), back = level_of(NAN, 1), later = level_of(3, 2);
    ok(override_insert(db, report->id, &first, &err));
    ok(override_insert(db, report->id, &back, &err));
    ok(override_insert(db, report->id, &later, &err));
    ok(override_list(db, report->id, 1, arena, &l, &err));
    const struct score_override *o = l.items;
    assert_int_equal(l.count, 2); /* as it was at version 1 */
    assert_true(o[0].level == 4 && o[0].machine_score == 2.5 && isnan(o[1].level));
    assert_string_equal(o[0].author_name, owner->full_name);
    ok(override_list(db, report->id, 2, arena, &l, &err));
    assert_int_equal(l.count, 3);
    fails(override_insert(db, id_new(),
                          &(struct score_override){.id = id_new(),
                                                   .answer_id = answer->id,
                                                   .version = 1,
                                                   .reason = "",
                                                   .level = NAN,
                                                   .machine_score = NAN,
                                                   .created_at = T0},
                          &err),
          STATUS_NOT_FOUND, "not_found");
    ok(candidate_delete(db, session->candidate_id, &err));
    assert_int_equal(peek("SELECT COUNT(*) FROM score_overrides"), 0);
}

static void test_sign_offs(void **state)
{
    (void)state;
    struct report_sign_off *got = NULL;
    const struct report_sign_off x = {.id = id_new(),
                                      .author_id = owner->id,
                                      .version = 1,
                                      .outcome = OUTCOME_ADVANCE,
                                      .overall_score = NAN,
                                      .created_at = T0};
    fails(sign_off_find(db, report->id, arena, &got, &err), STATUS_NOT_FOUND, "not_found");
    ok(sign_off_insert(db, report->id, &x, &err));
    ok(sign_off_find(db, report->id, arena, &got, &err));
    assert_true(got->version == 1 && got->outcome == OUTCOME_ADVANCE && isnan(got->overall_score));
    assert_string_equal(got->author_name, owner->full_name);
    ok(sign_off_withdraw(db, x.id, T0 + 1, &err));
    fails(sign_off_withdraw(db, x.id, T0 + 2, &err), STATUS_NOT_FOUND, "not_found");
    fails(sign_off_find(db, report->id, arena, &got, &err), STATUS_NOT_FOUND, "not_found");
    fails(sign_off_insert(db, id_new(), &x, &err), STATUS_NOT_FOUND, "not_found");
    ok(candidate_delete(db, session->candidate_id, &err));
    assert_int_equal(peek("SELECT COUNT(*) FROM report_sign_offs"), 0);
}

static void test_weights(void **state)
{
    (void)state;
    struct competency_weight w[] = {{.name = "Depth", .weight = 2.5}, {.name = "Team", .weight = 0}};
    struct list weights = {w, 2}, got = {0};
    ok(competency_replace(db, interview->id, &weights, &err));
    ok(competency_weights(db, interview->id, arena, &got, &err));
    const struct competency_weight *g = got.items;
    assert_int_equal(got.count, 2);
    assert_true(g[0].weight == 2.5 && g[1].weight == 0);
    assert_string_equal(g[1].name, "Team");
    weights.count = 1;
    ok(competency_replace(db, interview->id, &weights, &err));
    ok(competency_weights(db, interview->id, arena, &got, &err));
    assert_int_equal(got.count, 1);
    fails(competency_replace(db, id_new(), &weights, &err), STATUS_NOT_FOUND, "not_found");
}

int main(void)
{
    const struct CMUnitTest tests[] = {TEST(test_levels), TEST(test_sign_offs), TEST(test_weights)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
