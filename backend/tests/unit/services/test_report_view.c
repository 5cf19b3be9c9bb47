/* What is said beside a report when it is read: comparison and integrity notes, against what was computed by hand. */
#include "unit/base/check.h"

#include "services/report_view.h"

#include <math.h>
#include <string.h>

static struct arena *arena;
static struct error err;

static int setup(void **state)
{
    (void)state;
    arena = arena_new(4u << 20);
    return arena ? 0 : -1;
}

static int teardown(void **state)
{
    (void)state;
    arena = arena_free(arena);
    return 0;
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

static struct report_comparison *compared(double own, double *scores, size_t n)
{
    struct report_comparison *c = NULL;
    const struct list l = {scores, n};
    assert_ok(comparison_of(own, &l, arena, &c, &err));
    return c;
}

static void a_score_lies_among_the_others(void **state)
{
    (void)state;
    double scores[] = {1, 2, 2.5, 2.5, 3, 3, 3.5, 4, 4.5, 5};
    struct report_comparison *c = compared(4, scores, 10);
    assert_true(c->candidates == 10 && c->rank == 3 && c->min == 1 && c->max == 5);
    assert_true(fabs(c->median - 3) < 1e-9 && fabs(c->percentile - 78) < 1e-9); /* 7 of 9 */
    assert_string_equal(c->statement,
                        "Third of 10 candidates with a score; the median is 3.0, from 1.0 to 5.0. 78 % of "
                        "the others scored lower.");
    c = compared(2.5, scores, 10);
    assert_int_equal(c->rank, 7);
    assert_non_null(strstr(c->statement, "7th of 10 candidates with a score, with the same score as others;"));
    c = compared(4.5, scores, 9);
    assert_true(isnan(c->percentile)); /* fewer than ten */
    assert_null(strstr(c->statement, "%"));
}

static void alone_or_without_a_score_nothing_is_compared(void **state)
{
    (void)state;
    double scores[] = {3, 4};
    assert_null(compared(3, scores, 1));
    assert_null(compared(NAN, scores, 2));
    assert_non_null(compared(3, scores, 2));
}

#define T INT64_C(1700000000000)

static void what_happened_is_told_once_for_each_answer(void **state)
{
    (void)state;
    struct answer x[] = {{.position = 1, .started_at = T, .ended_at = T + 60000},
                         {.position = 2, .started_at = T + 61000, .ended_at = 0}};
    struct session_event e[] = {
        {.kind = SESSION_EVENT_TAB_HIDDEN, .at = T + 5000},       {.kind = SESSION_EVENT_TAB_VISIBLE, .at = T + 8000},
        {.kind = SESSION_EVENT_PAUSED, .at = T + 9000}, /* no matter of integrity */
        {.kind = SESSION_EVENT_TAB_HIDDEN, .at = T + 10000},      {.kind = SESSION_EVENT_TAB_VISIBLE, .at = T + 15000},
        {.kind = SESSION_EVENT_CONNECTION_LOST, .at = T + 60500}, {.kind = SESSION_EVENT_SECOND_VOICE, .at = T + 90000},
        {.kind = SESSION_EVENT_TAB_HIDDEN, .at = T + 99000}};
    const struct list events = {e, COUNT(e)}, answers = {x, 2};
    struct list l = {0};
    assert_ok(integrity_of(&events, &answers, arena, &l, &err));
    const struct report_integrity *n = l.items;
    assert_int_equal(l.count, 4);
    assert_string_equal(n[0].kind, "tab_hidden");
    assert_true(n[0].position == 1 && n[0].count == 2 && n[0].at == T + 5000 && n[0].offset_ms == 5000);
    assert_string_equal(n[0].statement,
                        "The interview's window was left during question 1, twice, for 8 seconds in all. "
                        "A message or a notification does that too.");
    assert_string_equal(n[1].statement, "The connection was lost between the questions. What was said before is kept.");
    assert_true(n[1].position == 0 && isnan(n[1].offset_ms));
    assert_true(n[2].position == 2 && n[2].offset_ms == 29000);
    assert_string_equal(n[3].statement,
                        "The interview's window was left during question 2. A message or a notification "
                        "does that too."); /* it never came back: no length is made up */
    const struct list none = {0};
    assert_ok(integrity_of(&none, &answers, arena, &l, &err));
    assert_int_equal(l.count, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_score_lies_among_the_others),
        TEST(alone_or_without_a_score_nothing_is_compared),
        TEST(what_happened_is_told_once_for_each_answer),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
