/* Figures against numbers computed by hand, and the same sessions as a table. */
#include "unit/services/stage.h"

#include "repositories/report_repository.h"
#include "services/access.h"
#include "services/interview_figures.h"
#include "services/preview.h"

#define DAY (24 * 60 * MINUTE)

static void report_make_with(struct id session, double overall, const double *scores, size_t n)
{
    struct report_question *q = arena_array(arena, n + 1, sizeof *q);
    struct list answers = {0};
    ok(answer_list(s->db, session, arena, &answers, &err));
    assert_int_equal(answers.count, n);
    const struct answer *x = answers.items;
    for (size_t k = 0; k < n; k++)
        q[k] = (struct report_question){.answer_id = x[k].id,
                                        .position = (int64_t)k + 1,
                                        .question_text = arena_printf(arena, "Question %zu?", k + 1),
                                        .score = scores[k],
                                        .level_text = "",
                                        .competency = "",
                                        .explanation = "",
                                        .reason_not_scored = isnan(scores[k]) ? "Nothing was said" : NULL};
    const struct report r = {
        .session_id = session, .overall_score = overall, .summary = "", .questions = {q, n}, .scorer_version = "test"};
    ok(report_store(s->db, &r, fake.unix_ms, &err));
}

/* Registers now, begins, and completes after a while. */
static struct id taken(const struct interview *i, const char *email, int64_t minutes)
{
    struct id answer;
    struct id session = session_started(i, email, &answer);
    clock_fake_advance(&fake, minutes * MINUTE);
    answer_everything(session, "Words");
    return session;
}

static struct interview_figures *figures_as(struct actor who, const struct interview *i)
{
    struct interview_figures *f = NULL;
    ok(interview_figures_get(s, who, i->id, arena, &f, &err));
    return f;
}

static void nothing_is_null(void **state)
{
    (void)state;
    struct actor who = recruiter_make("ada@example.org");
    struct interview_figures *f = figures_as(who, interview_make(who, 2));
    assert_int_equal(f->sessions, 0);
    assert_int_equal(f->scored, 0);
    assert_true(isnan(f->completion_rate) && isnan(f->average_score) && isnan(f->lowest_score) &&
                isnan(f->highest_score) && isnan(f->median_duration_s));
    assert_int_equal(f->score_distribution.count, SCORE_BANDS);
    assert_int_equal(f->days.count, 0);
    assert_int_equal(f->questions.count, 0);
}

static void near(double got, double want)
{
    if (!(fabs(got - want) < 1e-9))
        fail_msg("%f, not %f", got, want);
}

/* Four completed in 10, 20, 40 and 70 minutes: median 30. Scored 2.0, 3.5, 5.0; the fourth not. One registered, one
 * withdrawn: 4 of 6 completed. T0 is at 22:13 UTC: the fourth is completed after midnight, and who comes after it with
 * it.
 */
static struct interview *six_sessions(struct actor who)
{
    static const double first[] = {2, 4}, second[] = {3, NAN}, third[] = {5, 5}, none[] = {NAN, NAN};
    struct interview *i = interview_make(who, 2), *other = interview_make(who, 2);
    report_make_with(taken(i, "a@example.org", 10), 2.0, first, 2);
    report_make_with(taken(i, "b@example.org", 40), 3.5, second, 2);
    clock_fake_advance(&fake, DAY);
    report_make_with(taken(i, "c@example.org", 20), 5.0, third, 2);
    report_make_with(taken(i, "d@example.org", 70), NAN, none, 2);
    candidate_make(i, "e@example.org");
    ok(candidacy_withdraw(s, candidate_make(i, "f@example.org")->session_id, &err));
    report_make_with(taken(other, "x@example.org", 5), 1.0, first, 2); /* another interview's */
    return i;
}

static void figures_are_as_computed_by_hand(void **state)
{
    (void)state;
    struct actor who = recruiter_make("ada@example.org");
    struct interview *i = six_sessions(who);
    struct interview_preview *p = NULL;
    struct session_state *walk = NULL;
    ok(preview_begin(s, who, i->id, arena, &p, &err)); /* counts nowhere */
    ok(candidacy_start(s, p->session_id, arena, &walk, &err));
    answer_everything(p->session_id, "Just looking");
    struct interview_figures *f = figures_as(who, i);
    assert_int_equal(f->sessions, 6);
    assert_int_equal(f->registered, 1);
    assert_int_equal(f->in_progress, 0);
    assert_int_equal(f->completed, 4);
    assert_int_equal(f->withdrawn, 1);
    near(f->completion_rate, 4.0 / 6);
    assert_int_equal(f->scored, 3);
    near(f->average_score, 3.5);
    near(f->lowest_score, 2.0);
    near(f->highest_score, 5.0);
    near(f->median_duration_s, 1800);

    static const int64_t counts[SCORE_BANDS] = {0, 0, 1, 0, 0, 1, 0, 1}; /* 2-2.5, 3.5-4, 4.5-5 */
    const struct score_band *b = f->score_distribution.items;
    for (int k = 0; k < SCORE_BANDS; k++) {
        assert_int_equal(b[k].count, counts[k]);
        near(b[k].from, 1 + k * 0.5);
    }

    const struct question_figures *q = f->questions.items;
    assert_int_equal(f->questions.count, 2);
    assert_string_equal(q[0].text, "Question 1?");
    assert_int_equal(q[0].answered, 4);
    assert_int_equal(q[0].scored, 3);
    near(q[0].average_score, 10.0 / 3);
    assert_int_equal(q[1].position, 2);
    assert_int_equal(q[1].scored, 2);
    near(q[1].average_score, 4.5);

    const struct day_figures *d = f->days.items;
    static const int64_t registered[] = {2, 2, 2}, completed[] = {2, 1, 1};
    assert_int_equal(f->days.count, 3);
    for (int k = 0; k < 3; k++) {
        assert_true(d[k].day == T0 - T0 % DAY + k * DAY);
        assert_int_equal(d[k].registered, registered[k]);
        assert_int_equal(d[k].completed, completed[k]);
    }
}

static void the_table_has_a_row_for_each(void **state)
{
    (void)state;
    struct actor who = recruiter_make("ada@example.org");
    struct interview *i = six_sessions(who);
    cleanup(buf_free) struct buf out;
    buf_init(&out, 1u << 20);
    ok(interview_export(s, who, i->id, &out, &err));
    size_t rows = 0;
    for (const char *at = buf_cstr(&out); (at = strstr(at, "\r\n")); at += 2)
        rows++;
    assert_int_equal(rows, 7);
    assert_non_null(strstr(buf_cstr(&out), ",b@example.org,completed,"));
    assert_non_null(strstr(buf_cstr(&out), ",2400,2,ready,3.5,3,,"));
    assert_non_null(strstr(buf_cstr(&out), ",f@example.org,withdrawn,"));
    assert_null(strstr(buf_cstr(&out), "x@example.org"));
}

static void figures_are_for_who_may_read(void **state)
{
    (void)state;
    struct actor who = recruiter_make("ada@example.org"), other = recruiter_make("b@example.org");
    struct interview *i = interview_make(who, 1);
    struct interview_figures *f = NULL;
    cleanup(buf_free) struct buf out;
    buf_init(&out, 1u << 20);
    fails(interview_figures_get(s, other, i->id, arena, &f, &err), STATUS_NOT_FOUND, "not_found");
    fails(interview_export(s, other, i->id, &out, &err), STATUS_NOT_FOUND, "not_found");
    assert_int_equal(out.len, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(nothing_is_null),
        TEST(figures_are_as_computed_by_hand),
        TEST(the_table_has_a_row_for_each),
        TEST(figures_are_for_who_may_read),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
