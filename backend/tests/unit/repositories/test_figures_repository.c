/* What the figures read; services/test_interview_figures.c has the numbers. Here each statement's plan is looked at. */
#include "unit/repositories/world.h"

#include "repositories/figures_repository.h"
#include "repositories/preview_repository.h"
#include "repositories/report_repository.h"

#include <math.h>

static enum status count_row(void *u, const struct session_figures *row, struct error *e)
{
    (void)e;
    assert_int_equal(row->view.report_status, SESSION_REPORT_NONE);
    assert_true(isnan(row->view.overall_score));
    ++*(int *)u;
    return STATUS_OK;
}

static enum status refuse(void *u, const struct session_figures *row, struct error *e)
{
    (void)u;
    (void)row;
    return error_set(e, STATUS_TOO_LARGE, "enough", NULL, "Enough");
}

static void test_figures(void **state)
{
    (void)state;
    int64_t counts[SESSION_STATUSES];
    double median = 0;
    struct list days = {0};
    int rows = 0;
    ok(figures_median(db, interview->id, &median, &err));
    assert_true(isnan(median));
    struct session *one = session_make(interview->id, "a@example.org", 1);
    session_make(interview->id, "b@example.org", 2);
    ok(session_set_status(db, one->id, SESSION_IN_PROGRESS, T0 + 1000, &err));
    ok(session_set_status(db, one->id, SESSION_COMPLETED, T0 + 4000, &err));
    ok(figures_statuses(db, interview->id, counts, &err));
    assert_int_equal(counts[SESSION_REGISTERED], 1);
    assert_int_equal(counts[SESSION_COMPLETED], 1);
    ok(figures_median(db, interview->id, &median, &err));
    assert_true(median == 3000);
    ok(figures_days(db, interview->id, arena, &days, &err));
    assert_int_equal(days.count, 1);
    ok(figures_sessions(db, interview->id, count_row, &rows, &err));
    assert_int_equal(rows, 2);
    fails(figures_sessions(db, interview->id, refuse, NULL, &err), STATUS_TOO_LARGE, "enough");
}

static enum status add_answer(void *u, const struct answer_figures *x, struct error *e)
{
    (void)e;
    assert_string_equal(x->question_text, "First?");
    assert_int_equal(x->position, 1);
    *(double *)u += isnan(x->score) ? 100 : x->score;
    return STATUS_OK;
}

static double sum_of_answers(void)
{
    double sum = 0;
    ok(figures_answers(db, interview->id, add_answer, &sum, &err));
    return sum;
}

static enum status refuse_answer(void *u, const struct answer_figures *x, struct error *e)
{
    (void)u;
    (void)x;
    return error_set(e, STATUS_TOO_LARGE, "enough", NULL, "Enough");
}

/* Those that a report was made of, whether it scored them or not. */
static void test_answers(void **state)
{
    (void)state;
    struct session *one = session_make(interview->id, "a@example.org", 1);
    struct answer *x = NULL;
    ok(session_set_status(db, one->id, SESSION_IN_PROGRESS, T0, &err));
    ok(answer_open(db, one->id, question_at(0), T0, arena, &x, &err));
    ok(answer_end(db, x->id, ANSWER_BY_TEXT, "text", T0 + 1, &err));
    ok(session_set_status(db, one->id, SESSION_COMPLETED, T0 + 2, &err));
    ok(report_request(db, one->id, REPORT_NEXT_COMPLETED, T0 + 3, &err));
    assert_true(sum_of_answers() == 0);
    struct report_question q = {.answer_id = x->id,
                                .position = 1,
                                .question_text = "First?",
                                .score = 3.5,
                                .level_text = "",
                                .competency = "",
                                .explanation = ""};
    struct report made = {
        .session_id = one->id, .overall_score = 3.5, .summary = "", .scorer_version = "one", .questions = {&q, 1}};
    ok(report_store(db, &made, T0 + 4, &err));
    assert_true(sum_of_answers() == 3.5);
    ok(report_request(db, one->id, REPORT_NEXT_REQUESTED, T0 + 5, &err));
    assert_true(sum_of_answers() == 3.5); /* what stands counts while the next one is made */
    q.score = made.overall_score = NAN;
    made.asks = 1;
    ok(report_store(db, &made, T0 + 6, &err));
    assert_true(sum_of_answers() == 100);
    fails(figures_answers(db, interview->id, refuse_answer, NULL, &err), STATUS_TOO_LARGE, "enough");
}

static void test_previews(void **state)
{
    (void)state;
    struct id found[PREVIEWS_MAX];
    size_t n = 9;
    session_make(interview->id, "a@example.org", 1);
    ok(preview_list(db, interview->id, found, &n, &err));
    assert_int_equal(n, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {TEST(test_figures), TEST(test_answers), TEST(test_previews)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
