/* Interviews that nobody finishes: closed when their time is over, once, with what was said. */
#include "unit/services/stage.h"

#include "services/background.h"

#define LIMIT_S 3600
#define LIMIT   (LIMIT_S * INT64_C(1000))

static struct interview *interview;
static struct actor who;

static void limit(int64_t seconds)
{
    struct interview_input in = {.time_to_finish_s = seconds};
    in.presence.given =
        1ull << (model_field(&interview_update_model, "time_to_finish_s") - interview_update_model.fields);
    ok(interview_service_update(s, who, any_version(interview->id), &in, arena, &interview, &err));
}

static int setup(void **state)
{
    stage_open(state);
    who = recruiter_make("ada@example.org");
    interview = interview_make(who, 3);
    limit(LIMIT_S);
    ok(conduct_close_all_overdue(s, &err)); /* another test's clock is forgotten */
    clock_fake_advance(&fake, 600000);
    ok(conduct_close_all_overdue(s, &err));
    return 0;
}

#undef TEST
#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, stage_close)

static void run(void)
{
    ok(conduct_close_all_overdue(s, &err));
}

static void say(struct id answer, int64_t at, const char *text)
{
    struct id id;
    ok(conduct_add_utterance(s, answer, SPEAKER_CANDIDATE, at, at + 500, text, &id, &err));
}

static const struct session_view *view_of(struct id session)
{
    struct session_view *v = NULL;
    ok(session_detail(s->db, session, arena, &v, &err));
    return v;
}

static void expect_running(struct id session)
{
    assert_int_equal(session_of(session)->status, SESSION_IN_PROGRESS);
    assert_int_equal(jobs_of("report", "queued"), 0);
}

static void an_interview_left_in_the_middle_is_closed_as_partial(void **state)
{
    (void)state;
    struct id answer, none, session = session_started(interview, "sam@example.org", &answer);
    say(answer, 0, "We moved it");
    say(answer, 1000, "to the cloud.");
    clock_fake_advance(&fake, LIMIT);
    run();
    expect_running(session); /* to the millisecond */
    clock_fake_advance(&fake, 1);
    run();
    const struct session *x = session_of(session);
    assert_int_equal(x->status, SESSION_COMPLETED);
    assert_true(x->partial && view_of(session)->partial);
    assert_int_equal(x->completed_at, fake.unix_ms);
    assert_int_equal(answer_of(answer)->status, ANSWER_ENDED);
    assert_int_equal(answer_of(answer)->mode, ANSWER_BY_VOICE);
    assert_string_equal(answer_of(answer)->text, "We moved it to the cloud.");
    assert_int_equal(view_of(session)->answered_count, 1);
    assert_int_equal(view_of(session)->question_count, 3);
    assert_int_equal(jobs_of("report", "queued"), 1);
    assert_int_equal(one_int(s->db, "SELECT COUNT(*) FROM reports WHERE status = 'pending'"), 1);
    assert_int_equal(one_int(s->db, "SELECT COUNT(*) FROM audit_log WHERE action = 'session.time_over' AND details = "
                                    "'{\"answered\":1,\"questions\":3}'"),
                     1);
    fails(conduct_add_utterance(s, answer, SPEAKER_CANDIDATE, 0, 1, "late", &none, &err), STATUS_CONFLICT,
          "answer_ended");
    fails(conduct_begin(s, session, &err), STATUS_GONE, "session_over");
}

static void twice_is_as_once(void **state)
{
    (void)state;
    struct id answer, session = session_started(interview, "sam@example.org", &answer);
    clock_fake_advance(&fake, LIMIT + 1);
    run();
    int64_t at = session_of(session)->completed_at;
    clock_fake_advance(&fake, MINUTE);
    stage_reopen();
    run();
    ok(conduct_close_overdue(s, session, &err));
    assert_int_equal(session_of(session)->completed_at, at);
    assert_int_equal(jobs_of("report", "queued"), 1);
    assert_int_equal(one_int(s->db, "SELECT COUNT(*) FROM audit_log WHERE action = 'session.time_over'"), 1);
    assert_int_equal(answer_of(answer)->mode, ANSWER_BY_NONE); /* nothing was said in it */
}

/* Two processes look at the same time: the second finds it done. */
static void another_process_may_do_it_too(void **state)
{
    (void)state;
    struct services other = second_connection();
    struct id answer, session = session_started(interview, "sam@example.org", &answer);
    clock_fake_advance(&fake, LIMIT + 1);
    ok(conduct_close_overdue(s, session, &err));
    ok(conduct_close_overdue(&other, session, &err));
    ok(conduct_close_all_overdue(&other, &err));
    assert_int_equal(jobs_of("report", "queued"), 1);
    db_close(other.db);
}

static void who_answered_everything_finished(void **state)
{
    (void)state;
    struct id session = candidate_make(interview, "sam@example.org")->session_id, answer;
    const char *text = NULL;
    int64_t at = 0;
    ok(conduct_begin(s, session, &err));
    for (int i = 1; i <= 3; i++) {
        ok(conduct_open_answer(s, session, i, 0, &answer, &at, &err));
        ok(conduct_end_answer(s, answer, ANSWER_TEXT, "typed", arena, &text, &err));
    }
    clock_fake_advance(&fake, LIMIT + 1); /* gone before the last word */
    run();
    assert_int_equal(session_of(session)->status, SESSION_COMPLETED);
    assert_false(session_of(session)->partial);
}

static void set_pause(struct id session, int64_t paused_at, int64_t paused_ms)
{
    assert_int_equal(one_int(s->db, "SELECT COUNT(*) FROM interview_sessions"), 1);
    assert_false(id_is_zero(session));
    ok(db_exec(s->db,
               paused_at ? arena_printf(arena, "UPDATE interview_sessions SET paused_at = %lld", (long long)paused_at)
                         : arena_printf(arena, "UPDATE interview_sessions SET paused_at = NULL, paused_ms = %lld",
                                        (long long)paused_ms),
               &err));
}

static void pauses_do_not_count(void **state)
{
    (void)state;
    struct id answer, session = session_started(interview, "sam@example.org", &answer);
    clock_fake_advance(&fake, LIMIT - MINUTE);
    set_pause(session, fake.unix_ms, 0);
    clock_fake_advance(&fake, LIMIT);
    run();
    expect_running(session);
    set_pause(session, 0, LIMIT);
    clock_fake_advance(&fake, MINUTE);
    run();
    expect_running(session);
    clock_fake_advance(&fake, 1);
    run();
    assert_true(session_of(session)->partial);
}

static void a_pause_without_end_ends(void **state)
{
    (void)state;
    struct id answer, session = session_started(interview, "sam@example.org", &answer);
    set_pause(session, fake.unix_ms, 0);
    clock_fake_advance(&fake, LIMIT);
    run();
    expect_running(session);
    clock_fake_advance(&fake, 1);
    run();
    assert_true(session_of(session)->partial);
}

static void who_is_left_alone(void **state)
{
    (void)state;
    struct id answer, withdrawn = session_started(interview, "wil@example.org", &answer);
    struct id registered = candidate_make(interview, "reg@example.org")->session_id;
    ok(candidacy_withdraw(s, withdrawn, &err));
    limit(0);
    struct id free_of_limit = session_started(interview, "sam@example.org", &answer);
    clock_fake_advance(&fake, 100 * LIMIT);
    run();
    expect_running(free_of_limit);
    limit(LIMIT_S);
    run();
    assert_true(session_of(free_of_limit)->partial);
    assert_int_equal(session_of(registered)->status, SESSION_REGISTERED); /* never began */
    assert_int_equal(session_of(withdrawn)->status, SESSION_WITHDRAWN);
}

/* The wall clock goes wrong by a day, and comes right again: nobody's interview has ended by it. */
static void a_clock_that_was_set_ends_nobody_s_interview(void **state)
{
    (void)state;
    struct id answer, session = session_started(interview, "sam@example.org", &answer);
    run();
    fake.unix_ms += 24 * LIMIT;
    run();
    clock_fake_advance(&fake, 5 * MINUTE);
    run();
    expect_running(session);
    fake.unix_ms -= 24 * LIMIT;
    run();
    clock_fake_advance(&fake, 11 * MINUTE);
    run();
    expect_running(session);
    fake.unix_ms += 24 * LIMIT; /* it stays so: it was wrong before */
    run();
    expect_running(session);
    clock_fake_advance(&fake, 10 * MINUTE);
    run();
    assert_true(session_of(session)->partial);
}

static void more_than_a_batch_are_closed_in_one_go(void **state)
{
    (void)state;
    struct id answer;
    for (int i = 0; i < 103; i++)
        session_started(interview, arena_printf(arena, "c%d@example.org", i), &answer);
    clock_fake_advance(&fake, LIMIT + 1);
    run();
    assert_int_equal(one_int(s->db, "SELECT COUNT(*) FROM interview_sessions WHERE partial = 1"), 103);
    assert_int_equal(jobs_of("report", "queued"), 103);
}

static char told[2][CACHE_MESSAGE_MAX];
static int n_told;

static void on_message(void *u, const char *message)
{
    (void)u;
    snprintf(told[n_told++ % 2], sizeof told[0], "%s", message);
}

static void whoever_holds_the_conversation_is_told(void **state)
{
    (void)state;
    struct id answer, session = session_started(interview, "sam@example.org", &answer);
    char id[ID_TEXT_SIZE];
    id_format(session, id);
    static const uint8_t salt[32] = {1};
    const struct cache_options o = {.salt = salt, .clock = &stage_clock};
    ok(cache_new(&o, &stage.cache, &err));
    ok(cache_subscribe(s->cache, CONDUCT_CHANNEL, on_message, NULL, &err));
    clock_fake_advance(&fake, LIMIT + 1);
    run();
    cache_unsubscribe(s->cache, on_message, NULL);
    stage.cache = cache_free(stage.cache);
    assert_int_equal(n_told, 1);
    assert_string_equal(told[0], arena_printf(arena, "changed %s services 0", id));
}

static void the_candidate_who_comes_later_is_told(void **state)
{
    (void)state;
    struct id answer, session = session_started(interview, "sam@example.org", &answer);
    const struct candidate_register in = registration("sam@example.org");
    struct register_result *r = NULL;
    struct session_state *x = NULL;
    clock_fake_advance(&fake, LIMIT + 1);
    run();
    ok(candidacy_state(s, session, arena, &x, &err));
    assert_int_equal(x->status, SESSION_COMPLETED);
    assert_true(x->partial);
    struct error why = {0};
    assert_int_equal(candidacy_register(s, interview->link, &in, arena, &r, &why), STATUS_CONFLICT);
    assert_string_equal(why.code, "session_completed");
    assert_non_null(strstr(why.message, "time for this interview is over"));
}

static void it_recurs(void **state)
{
    (void)state;
    for (const struct recurring *r = background_recurring; r->name; r++)
        if (r->run == conduct_close_all_overdue)
            return;
    fail_msg("nobody closes them");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(an_interview_left_in_the_middle_is_closed_as_partial),
        TEST(twice_is_as_once),
        TEST(another_process_may_do_it_too),
        TEST(who_answered_everything_finished),
        TEST(pauses_do_not_count),
        TEST(a_pause_without_end_ends),
        TEST(who_is_left_alone),
        TEST(a_clock_that_was_set_ends_nobody_s_interview),
        TEST(more_than_a_batch_are_closed_in_one_go),
        TEST(whoever_holds_the_conversation_is_told),
        TEST(the_candidate_who_comes_later_is_told),
        TEST(it_recurs),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
