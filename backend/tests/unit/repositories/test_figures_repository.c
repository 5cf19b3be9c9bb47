/* What the figures read; services/test_interview_figures.c has the numbers. Here each statement's plan is looked at. */
#include "unit/repositories/world.h"

#include "repositories/figures_repository.h"
#include "repositories/preview_repository.h"

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
    const struct CMUnitTest tests[] = {TEST(test_figures), TEST(test_previews)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
