/* Follow-ups as they are chosen, kept, and answered in writing; and what a report makes of them. */
#include "unit/services/stage.h"

#include "models/report_parts.h"
#include "services/report.h"

#define LEAVES_OUT "Well, I was away in the mountains for most of that week."
#define SAYS_MORE  "The tool we had there was an old hammer, and it has a good name among the smiths."

static struct interview *interview;
static struct actor who;

static void configure(const char *member, struct interview_input in)
{
    in.presence.given = 1ull << (model_field(&interview_update_model, member) - interview_update_model.fields);
    ok(interview_service_update(s, who, any_version(interview->id), &in, arena, &interview, &err));
}

static int setup(void **state)
{
    stage_open(state);
    who = recruiter_make("ada@example.org");
    interview = interview_make(who, 2);
    configure("follow_ups", (struct interview_input){.follow_ups = 1});
    return 0;
}

#undef TEST
#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, stage_close)

static struct session_state *begin(struct id *session)
{
    struct session_state *x = NULL;
    *session = candidate_make(interview, "sam@example.org")->session_id;
    ok(candidacy_start(s, *session, arena, &x, &err));
    return x;
}

static const struct answer_state *last_of(const struct session_state *x)
{
    return (const struct answer_state *)x->answers.items + x->answers.count - 1;
}

static struct session_state *write_answer(struct id session, struct id answer, int follow_up, const char *text)
{
    struct session_state *x = NULL;
    ok(candidacy_text_answer(s, session, answer, follow_up, text, arena, &x, &err));
    return x;
}

static struct conduct_plan *plan_of(struct id session)
{
    struct conduct_plan *p = NULL;
    ok(conduct_load(s, session, arena, &p, &err));
    return p;
}

static void an_answer_that_leaves_a_point_out_goes_on(void **state)
{
    (void)state;
    struct id session;
    struct session_state *x = begin(&session);
    const struct id first = last_of(x)->id;
    assert_int_equal(last_of(x)->follow_up, 0);
    x = write_answer(session, first, 0, LEAVES_OUT);
    assert_int_equal(x->answers.count, 1);
    assert_int_equal(last_of(x)->status, ANSWER_OPEN);
    assert_int_equal(last_of(x)->follow_up, 1);
    assert_string_equal(last_of(x)->question_text, "Could you tell me a little about names a tool?");
    stage_reopen();
    const struct conduct_plan *p = plan_of(session);
    assert_int_equal(p->position, 1);
    assert_int_equal(p->n_asked, 1);
    assert_string_equal(p->asked[0].point, "names a tool");
    assert_true(p->follow_up_open && p->open_answer_typed && !p->open_answer_spoken);
    assert_string_equal(p->open_answer_text, LEAVES_OUT);
    assert_int_equal(p->open_answer_heard_ms, 0);
    x = write_answer(session, first, 1, SAYS_MORE);
    assert_int_equal(x->answers.count, 2);
    assert_int_equal(last_of(x)->follow_up, 0);
    assert_int_equal(answer_of(first)->status, ANSWER_ENDED);
    assert_int_equal(answer_of(first)->mode, ANSWER_BY_TEXT);
    assert_string_equal(answer_of(first)->text, LEAVES_OUT "\n" SAYS_MORE);
    assert_string_equal(answer_of(first)->question_text, "Question 1?");
}

/* A reply that was lost: the same text comes again. */
static void what_comes_twice_is_taken_once(void **state)
{
    (void)state;
    struct id session;
    struct session_state *x = begin(&session);
    const struct id first = last_of(x)->id;
    write_answer(session, first, 0, LEAVES_OUT);
    fails(candidacy_text_answer(s, session, first, 0, LEAVES_OUT, arena, &x, &err), STATUS_CONFLICT,
          "follow_up_answered");
    assert_string_equal(plan_of(session)->open_answer_text, LEAVES_OUT);
    assert_int_equal(plan_of(session)->n_asked, 1);
}

static void nothing_left_out_nothing_asked(void **state)
{
    (void)state;
    struct id session;
    struct session_state *x = begin(&session);
    x = write_answer(session, last_of(x)->id, 0, "One names a tool, the hammer, and says how it ended.");
    assert_int_equal(x->answers.count, 2);
}

static void an_interview_without_them_has_none(void **state)
{
    (void)state;
    struct id session;
    configure("follow_ups", (struct interview_input){.follow_ups = 0});
    struct session_state *x = begin(&session);
    x = write_answer(session, last_of(x)->id, 0, LEAVES_OUT);
    assert_int_equal(x->answers.count, 2);
}

/* Of the question's two minutes half a one must be left, and two of the interview's. */
static void only_while_there_is_time(void **state)
{
    (void)state;
    struct id session;
    struct session_state *x = begin(&session);
    clock_fake_advance(&fake, 100000);
    x = write_answer(session, last_of(x)->id, 0, LEAVES_OUT);
    assert_int_equal(x->answers.count, 2);
    struct conduct_plan p = {.started_at = 1000, .time_to_finish_s = 600};
    assert_true(conduct_time_for_more(&p, -1, 1000 + 479000));
    assert_false(conduct_time_for_more(&p, -1, 1000 + 480000));
    p.paused_ms = 60000;
    assert_true(conduct_time_for_more(&p, -1, 1000 + 480000));
    assert_true(conduct_time_for_more(&p, 30000, 1000));
    assert_false(conduct_time_for_more(&p, 29999, 1000));
    p.time_to_finish_s = 0;
    assert_true(conduct_time_for_more(&p, -1, INT64_C(1) << 50));
}

static void each_point_is_asked_about_once(void **state)
{
    (void)state;
    const char *points[] = {"names a tool", "says how it ended"};
    const struct conduct_question q = {.text = "Question 1?", .points = {points, 2}};
    struct conduct_follow_up asked[CONDUCT_FOLLOW_UPS_MAX] = {{0}};
    for (int n = 0; n < 2; n++) {
        ok(conduct_choose(&q, asked, n, LEAVES_OUT, engines.embed, arena, &asked[n], &err));
        assert_string_equal(asked[n].point, points[n]);
    }
    struct conduct_follow_up more = {0};
    ok(conduct_choose(&q, asked, 2, LEAVES_OUT, engines.embed, arena, &more, &err));
    assert_null(more.text);
    ok(conduct_choose(&q, asked, 0, "  ", engines.embed, arena, &more, &err));
    assert_null(more.text);
}

/* Nobody answers it, and the interview's time is over: what was said before it is kept and judged. */
static void an_interview_is_closed_within_a_follow_up(void **state)
{
    (void)state;
    struct id session;
    struct session_state *x = begin(&session);
    struct report *r = NULL;
    const struct id first = last_of(x)->id;
    write_answer(session, first, 0, LEAVES_OUT);
    clock_fake_advance(&fake, (TIME_TO_FINISH_S + 1) * INT64_C(1000));
    ok(conduct_close_overdue(s, session, &err));
    assert_true(session_of(session)->partial);
    assert_int_equal(answer_of(first)->status, ANSWER_ENDED);
    assert_int_equal(answer_of(first)->mode, ANSWER_BY_TEXT);
    assert_string_equal(answer_of(first)->text, LEAVES_OUT);
    ok(report_make(s, session, &err));
    ok(report_find(s->db, session, arena, &r, &err));
    const struct report_question *q = r->questions.items;
    assert_int_equal(q->follow_ups.count, 1);
    assert_null(q->speech); /* none of it was spoken */
}

/* Spoken over the socket: a follow-up lies between two pieces, and is part of no text. */
static void the_report_judges_both_parts_together(void **state)
{
    (void)state;
    struct id session, id;
    struct session_state *x = begin(&session);
    struct report *r = NULL;
    const char *text = NULL;
    const struct id first = last_of(x)->id;
    const struct conduct_piece asked = {5000, 8000,        "Could you tell me a little about names a tool?",
                                        NULL, (double)NAN, .follow_up = "names a tool"};
    ok(conduct_add_utterance(s, first, SPEAKER_CANDIDATE, 100, 4000, LEAVES_OUT, &id, &err));
    ok(conduct_put_utterance(s, first, id_new(), SPEAKER_INTERVIEWER, &asked, &err));
    ok(conduct_add_utterance(s, first, SPEAKER_CANDIDATE, 9000, 12000, SAYS_MORE, &id, &err));
    ok(conduct_end_answer(s, first, ANSWER_VOICE, NULL, arena, &text, &err));
    assert_string_equal(text, LEAVES_OUT " " SAYS_MORE);
    ok(candidacy_start(s, session, arena, &x, &err));
    write_answer(session, last_of(x)->id, 0, "One names a tool, the hammer, and says how it ended.");
    ok(report_make(s, session, &err));
    ok(report_find(s->db, session, arena, &r, &err));
    assert_int_equal(r->questions.count, 2);
    const struct report_question *q = r->questions.items;
    assert_int_equal(q[0].follow_ups.count, 1);
    assert_string_equal(q[0].follow_ups.items[0], asked.text);
    assert_int_equal(q[1].follow_ups.count, 0);
    const struct report_point *p = q[0].points.items;
    assert_int_not_equal(p->met, POINT_MISSED);
    assert_string_equal(p->quote, SAYS_MORE);
    assert_true(p->start_ms >= 9000 && p->end_ms <= 12000);
    assert_int_equal(q[0].speech->pauses, 0); /* waiting through a question is none */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(an_answer_that_leaves_a_point_out_goes_on),
        TEST(what_comes_twice_is_taken_once),
        TEST(nothing_left_out_nothing_asked),
        TEST(an_interview_without_them_has_none),
        TEST(only_while_there_is_time),
        TEST(each_point_is_asked_about_once),
        TEST(an_interview_is_closed_within_a_follow_up),
        TEST(the_report_judges_both_parts_together),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
