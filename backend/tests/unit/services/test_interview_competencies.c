/* What answers are judged by changes: the reports are made again, behind those that people wait for, and stay. */
#include "unit/services/stage.h"

#include "repositories/report_repository.h"
#include "services/background.h"
#include "services/interview_competencies.h"
#include "services/report.h"

static struct actor owner;
static struct interview *interview;

static int setup(void **state)
{
    stage_open(state);
    owner = recruiter_make("ada@example.org");
    interview = interview_make(owner, 1); /* points: "names a tool", "says how it ended" */
    return 0;
}

#undef TEST
#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, stage_close)

/* Runs the next job that is due; zero: none is. */
static struct id run_next(void)
{
    struct job *job = NULL;
    ok(job_claim(s->db, NULL, fake.unix_ms, MINUTE, arena, &job, &err));
    if (!job)
        return (struct id){0};
    for (const struct job_kind *k = background_jobs; k->kind; k++)
        if (!strcmp(k->kind, job->kind))
            ok(k->run(s, job->subject_id, &err));
    ok(job_complete(s->db, job, fake.unix_ms, &err));
    return job->subject_id;
}

static struct id completed(const char *email)
{
    struct session_state *x = NULL;
    struct id session = candidate_make(interview, email)->session_id;
    ok(candidacy_start(s, session, arena, &x, &err));
    ok(candidacy_text_answer(s, session, ((const struct answer_state *)x->answers.items)->id, -1,
                             "One names the tool and says how it ended for us.", arena, &x, &err));
    return session;
}

static struct report *report_of(struct id session)
{
    struct report *r = NULL;
    ok(report_service_of_session(s, owner, session, 0, arena, &r, &err));
    return r;
}

static struct interview_ref ref(void)
{
    return (struct interview_ref){.id = interview->id};
}

static void change_points(const char *point)
{
    struct interview *i = NULL;
    ok(interview_service_get(s, owner, interview->id, arena, &i, &err));
    struct question_input q = {.id = ((const struct question *)i->questions.items)->id,
                               .text = ((const struct question *)i->questions.items)->text,
                               .category = CATEGORY_TECHNICAL,
                               .points = {&point, 1}};
    ok(interview_service_set_questions(s, owner, ref(), &q, 1, arena, &i, &err));
}

static void a_changed_rubric_has_reports_made_again_and_keeps_the_old(void **state)
{
    (void)state;
    struct id first = completed("a@example.org");
    while (!id_is_zero(run_next()))
        ;
    const struct report *old = report_of(first);
    assert_int_equal(old->version, 1);
    change_points("talks about holidays in the mountains");
    assert_true(id_is_zero(run_next())); /* not at once: more may follow */
    assert_true(report_of(first)->status == REPORT_READY &&
                report_of(first)->next_reason == REPORT_NEXT_RUBRIC_CHANGED);
    clock_fake_advance(&fake, 15000);
    change_points("talks about holidays at the sea");
    clock_fake_advance(&fake, 10000);
    assert_true(id_is_zero(run_next())); /* put off by the second change */
    struct id fresh = completed("b@example.org");
    clock_fake_advance(&fake, 20000);
    assert_true(id_equal(run_next(), fresh)); /* who has just finished does not wait behind it */
    assert_true(id_equal(run_next(), first));
    assert_true(id_is_zero(run_next()));
    struct report *now = report_of(first), *was = NULL;
    assert_true(now->version == 2 && now->reason == REPORT_RUBRIC_CHANGED && now->next_reason == REPORT_NEXT_NONE);
    const struct report_question *q = now->questions.items;
    assert_string_equal(((const struct report_point *)q->points.items)->text, "talks about holidays at the sea");
    assert_true(now->overall_score < old->overall_score);
    ok(report_service_get(s, owner, now->id, 1, arena, &was, &err));
    assert_true(fabs(was->overall_score - old->overall_score) < 1e-9 && was->version == 1);
}

static void another_order_or_wording_for_those_to_come_changes_no_report(void **state)
{
    (void)state;
    struct question a[] = {{.id = id_new(), .text = "One?", .competency = ""},
                           {.id = id_new(), .text = "Two?", .competency = ""}};
    struct question b[] = {a[1], a[0], {.id = id_new(), .text = "New?", .competency = ""}};
    const struct list before = {a, 2};
    struct list after = {b, 3};
    assert_false(rubric_differs(&before, &after));
    b[0].rephrased = "In other words?";
    b[0].time_limit_s = 60;
    assert_false(rubric_differs(&before, &after));
    b[0].competency = "Depth";
    assert_true(rubric_differs(&before, &after));
    b[0].competency = "";
    after.count = 1;
    assert_true(rubric_differs(&before, &after)); /* one less */
}

static void weights_count_in_the_next_version(void **state)
{
    (void)state;
    struct competency_weight w[] = {{.name = "Technical", .weight = 2}};
    const struct list weights = {w, 1};
    struct list l = {0};
    int64_t version = 0;
    struct id session = completed("a@example.org");
    while (!id_is_zero(run_next()))
        ;
    assert_false(report_of(session)->content->weights_set);
    ok(competencies_service_set(s, owner, ref(), &weights, arena, &l, &version, &err));
    clock_fake_advance(&fake, MINUTE);
    assert_true(id_equal(run_next(), session));
    assert_true(report_of(session)->version == 2 && report_of(session)->content->weights_set);
    ok(competencies_service_set(s, owner, ref(), &weights, arena, &l, &version, &err)); /* the same again */
    clock_fake_advance(&fake, MINUTE);
    assert_true(id_is_zero(run_next()));
    assert_int_equal(report_of(session)->version, 2);
}

/* Somebody who waits is not kept behind what is done by itself. */
static void asking_for_one_hurries_it(void **state)
{
    (void)state;
    struct report *r = NULL;
    struct id a = completed("a@example.org"), b = completed("b@example.org");
    while (!id_is_zero(run_next()))
        ;
    change_points("talks about holidays in the mountains");
    clock_fake_advance(&fake, 1000);
    ok(report_service_request(s, owner, b, arena, &r, &err));
    assert_true(id_equal(run_next(), b));
    assert_true(id_is_zero(run_next()));
    clock_fake_advance(&fake, MINUTE);
    assert_true(id_equal(run_next(), a));
}

/* A server that died between the report and the end of its job makes no second version of it. */
static void a_job_that_runs_twice_makes_one_version(void **state)
{
    (void)state;
    struct id session = completed("a@example.org");
    ok(report_make(s, session, &err));
    stage_reopen();
    ok(report_make(s, session, &err));
    assert_int_equal(report_of(session)->version, 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_changed_rubric_has_reports_made_again_and_keeps_the_old),
        TEST(another_order_or_wording_for_those_to_come_changes_no_report),
        TEST(weights_count_in_the_next_version),
        TEST(asking_for_one_hurries_it),
        TEST(a_job_that_runs_twice_makes_one_version),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
