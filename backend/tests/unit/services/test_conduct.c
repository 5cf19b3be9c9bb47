#include "unit/services/stage.h"

static struct interview *interview;

static int setup(void **state)
{
    stage_open(state);
    interview = interview_make(recruiter_make("ada@example.org"), 3);
    return 0;
}

#undef TEST
#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, stage_close)

static struct conduct_plan *plan_of(struct id session)
{
    struct conduct_plan *p = NULL;
    ok(conduct_load(s, session, arena, &p, &err));
    return p;
}

static struct id say(struct id answer, enum speaker who, int64_t at, const char *text)
{
    struct id id;
    ok(conduct_add_utterance(s, answer, who, at, at + 500, text, &id, &err));
    return id;
}

static const char *end(struct id answer, enum answer_mode mode, const char *typed)
{
    const char *text = NULL;
    ok(conduct_end_answer(s, answer, mode, typed, arena, &text, &err));
    return text;
}

static struct id open_at(struct id session, int position)
{
    struct id answer;
    int64_t at = 0;
    ok(conduct_open_answer(s, session, position, 0, &answer, &at, &err));
    assert_int_equal(at, fake.unix_ms);
    return answer;
}

static void the_plan_holds_all_that_the_engine_needs(void **state)
{
    (void)state;
    struct id session = candidate_make(interview, "sam@example.org")->session_id;
    struct conduct_plan *p = plan_of(session), *none = NULL;
    assert_int_equal(p->status, CONDUCT_REGISTERED);
    assert_true(id_equal(p->interview_id, interview->id));
    assert_string_equal(p->interview_title, "Engineer, first round");
    assert_string_equal(p->candidate_name, "Sam Example");
    assert_string_equal(p->organisation, "");
    assert_string_equal(p->avatar, "daniel");
    assert_string_equal(p->voice, "en_US-joe-medium");
    assert_string_equal(p->language, "en");
    assert_int_equal(p->n_questions, 3);
    assert_string_equal(p->questions[2].text, "Question 3?");
    assert_int_equal(p->questions[2].position, 3);
    assert_int_equal(p->questions[2].time_limit_s, 120);
    assert_int_equal(p->position, 0);
    assert_true(id_is_zero(p->open_answer));
    assert_int_equal(p->started_at, 0);
    fails(conduct_load(s, id_new(), arena, &none, &err), STATUS_NOT_FOUND, "not_found");
    assert_null(none);
}

/* The database is closed and opened between any two calls: what a killed server leaves. */
static void how_much_of_the_rubric_words_cover(void **state)
{
    (void)state;
    const char *points[] = {"Restores the database from a backup", "Tells the manager at once"};
    const struct conduct_question q = {.text = "What went wrong?", .points = {points, 2}}, bare = {.text = "Why?"};
    const double none = conduct_covered(&q, "I prefer to work outside with dogs."),
                 one = conduct_covered(&q, "I restored the database from last night's backup."),
                 both =
                     conduct_covered(&q, "I told my manager at once, and then I restored the database from a backup.");
    assert_true(none == 0 && none < one && one < both && both <= 1);
    assert_true(isnan(conduct_covered(&bare, "I told my manager.")));
    assert_true(conduct_covered(&q, "") == 0);
}

static void a_crash_between_any_two_calls_loses_nothing(void **state)
{
    (void)state;
    struct id session = candidate_make(interview, "sam@example.org")->session_id, answer;
    stage_reopen();
    ok(conduct_begin(s, session, &err));
    stage_reopen();
    assert_int_equal(plan_of(session)->status, CONDUCT_IN_PROGRESS);
    assert_int_equal(plan_of(session)->started_at, T0);
    assert_int_equal(plan_of(session)->position, 0);
    for (int position = 1; position <= 3; position++) {
        clock_fake_advance(&fake, 1000);
        answer = open_at(session, position);
        stage_reopen();
        struct conduct_plan *p = plan_of(session);
        assert_int_equal(p->position, position);
        assert_true(id_equal(p->open_answer, answer));
        assert_int_equal(p->open_answer_started_at, fake.unix_ms);
        assert_string_equal(p->open_answer_text, "");
        say(answer, SPEAKER_INTERVIEWER, 0, "Take your time.");
        say(answer, SPEAKER_CANDIDATE, 100, "First part,");
        stage_reopen();
        assert_string_equal(plan_of(session)->open_answer_text, "First part,");
        say(answer, SPEAKER_CANDIDATE, 900, "second part.");
        stage_reopen();
        assert_string_equal(plan_of(session)->open_answer_text, "First part, second part.");
        assert_string_equal(end(answer, ANSWER_VOICE, NULL), "First part, second part.");
        stage_reopen();
        p = plan_of(session);
        assert_int_equal(p->position, position + 1);
        assert_true(id_is_zero(p->open_answer));
    }
    ok(conduct_complete(s, session, &err));
    stage_reopen();
    struct conduct_plan *p = NULL;
    fails(conduct_load(s, session, arena, &p, &err), STATUS_GONE, "session_over");
    assert_int_equal(session_of(session)->status, SESSION_COMPLETED);
    assert_int_equal(jobs_of("report", "queued"), 1);
}

static void opening_again_gives_the_same_answer_back(void **state)
{
    (void)state;
    struct id answer, again;
    int64_t first = 0, second = 0;
    struct id session = session_started(interview, "sam@example.org", &answer);
    first = answer_of(answer)->started_at;
    clock_fake_advance(&fake, 5000);
    ok(conduct_open_answer(s, session, 1, 0, &again, &second, &err));
    assert_true(id_equal(answer, again));
    assert_int_equal(first, second);
    assert_string_equal(answer_of(answer)->question_text, "Question 1?");
    assert_int_equal(answer_of(answer)->points.count, 2);
    assert_int_equal(session_of(session)->position, 1);
}

static void the_last_answer_s_end_can_be_taken_back(void **state)
{
    (void)state;
    struct id answer, second;
    struct id session = session_started(interview, "sam@example.org", &answer);
    say(answer, SPEAKER_CANDIDATE, 0, "We moved it");
    end(answer, ANSWER_VOICE, NULL);
    assert_int_equal(plan_of(session)->position, 2);
    ok(conduct_reopen_answer(s, answer, &err));
    ok(conduct_reopen_answer(s, answer, &err)); /* it may not be known that it was done */
    stage_reopen();
    struct conduct_plan *p = plan_of(session);
    assert_int_equal(p->position, 1);
    assert_true(id_equal(p->open_answer, answer));
    assert_string_equal(p->open_answer_text, "We moved it");
    assert_int_equal(answer_of(answer)->mode, ANSWER_NONE);
    say(answer, SPEAKER_CANDIDATE, 900, "and tested it.");
    assert_string_equal(end(answer, ANSWER_VOICE, NULL), "We moved it and tested it.");
    second = open_at(session, 2);
    fails(conduct_reopen_answer(s, answer, &err), STATUS_CONFLICT, "answer_followed");
    end(second, ANSWER_NONE, NULL);
    fails(conduct_reopen_answer(s, answer, &err), STATUS_CONFLICT, "answer_followed");
    ok(conduct_reopen_answer(s, second, &err));
    end(second, ANSWER_NONE, NULL);
    fails(conduct_reopen_answer(s, id_new(), &err), STATUS_NOT_FOUND, "not_found");
    end(open_at(session, 3), ANSWER_NONE, NULL);
    ok(conduct_complete(s, session, &err));
    fails(conduct_reopen_answer(s, second, &err), STATUS_GONE, "session_over");
}

static void an_answer_may_have_begun_before_it_was_opened(void **state)
{
    (void)state;
    struct id answer;
    int64_t at = 0;
    struct id session = candidate_make(interview, "sam@example.org")->session_id;
    ok(conduct_begin(s, session, &err));
    ok(conduct_open_answer(s, session, 1, 1500, &answer, &at, &err));
    assert_int_equal(at, fake.unix_ms - 1500);
    assert_int_equal(answer_of(answer)->started_at, at);
}

static void what_may_not_be_opened(void **state)
{
    (void)state;
    struct id answer, no;
    int64_t at = 0;
    struct id session = candidate_make(interview, "sam@example.org")->session_id;
    fails(conduct_open_answer(s, session, 1, 0, &no, &at, &err), STATUS_CONFLICT, "session_status"); /* not begun */
    fails(conduct_complete(s, session, &err), STATUS_CONFLICT, "session_status");
    ok(conduct_begin(s, session, &err));
    ok(conduct_begin(s, session, &err));
    answer = open_at(session, 1);
    fails(conduct_open_answer(s, session, 2, 0, &no, &at, &err), STATUS_CONFLICT, "answer_open");
    fails(conduct_open_answer(s, session, 4, 0, &no, &at, &err), STATUS_NOT_FOUND, "question_unknown");
    fails(conduct_open_answer(s, session, 0, 0, &no, &at, &err), STATUS_NOT_FOUND, "question_unknown");
    fails(conduct_open_answer(s, session, -1, 0, &no, &at, &err), STATUS_NOT_FOUND, "question_unknown");
    fails(conduct_open_answer(s, id_new(), 1, 0, &no, &at, &err), STATUS_NOT_FOUND, "not_found");
    end(answer, ANSWER_NONE, NULL);
    fails(conduct_open_answer(s, session, 1, 0, &no, &at, &err), STATUS_CONFLICT, "answer_ended");
    assert_int_equal(one_int(s->db, "SELECT COUNT(*) FROM responses"), 1);
}

static void an_answer_ends_once(void **state)
{
    (void)state;
    struct id answer, id;
    const char *text = NULL;
    session_started(interview, "sam@example.org", &answer);
    clock_fake_advance(&fake, 3000);
    assert_string_equal(end(answer, ANSWER_TEXT, "typed"), "typed");
    fails(conduct_end_answer(s, answer, ANSWER_TEXT, "again", arena, &text, &err), STATUS_CONFLICT, "answer_ended");
    fails(conduct_add_utterance(s, answer, SPEAKER_CANDIDATE, 0, 1, "late", &id, &err), STATUS_CONFLICT,
          "answer_ended");
    fails(conduct_end_answer(s, id_new(), ANSWER_TEXT, "x", arena, &text, &err), STATUS_NOT_FOUND, "not_found");
    fails(conduct_add_utterance(s, id_new(), SPEAKER_CANDIDATE, 0, 1, "x", &id, &err), STATUS_NOT_FOUND, "not_found");
    assert_null(text);
    assert_string_equal(answer_of(answer)->text, "typed");
    assert_int_equal(answer_of(answer)->mode, ANSWER_BY_TEXT);
    assert_int_equal(answer_of(answer)->duration_ms, 3000);
    assert_int_equal(one_int(s->db, "SELECT COUNT(*) FROM utterances"), 0);
}

static void spoken_comes_before_typed_and_the_interviewer_is_left_out(void **state)
{
    (void)state;
    struct id answer;
    session_started(interview, "sam@example.org", &answer);
    say(answer, SPEAKER_CANDIDATE, 0, "I said this.");
    say(answer, SPEAKER_INTERVIEWER, 600, "Mhm.");
    say(answer, SPEAKER_CANDIDATE, 1200, "");
    say(answer, SPEAKER_CANDIDATE, 1800, "And this.");
    assert_string_equal(end(answer, ANSWER_VOICE, "I typed\nthis."), "I said this. And this.\nI typed\nthis.");
    struct list l = {0};
    ok(utterance_list(s->db, answer, arena, &l, &err));
    const struct utterance *u = l.items;
    assert_int_equal(l.count, 4);
    for (size_t i = 0; i < 4; i++) {
        assert_int_equal(u[i].seq, i);
        assert_int_equal(u[i].start_ms, 600 * (int64_t)i);
    }
    assert_int_equal(u[1].speaker, UTTERANCE_INTERVIEWER);
}

static void what_was_stored_already_is_not_said_twice(void **state)
{
    (void)state;
    struct id answer;
    const struct id id = id_new();
    const struct conduct_piece once = {0, 10, "once", "[[\"once\",0,10,0.5]]", 0.5},
                               again = {10, 20, "again", NULL, NAN};
    const char *text = NULL;
    session_started(interview, "sam@example.org", &answer);
    for (int i = 0; i < 3; i++) /* its outcome was not heard of */
        ok(conduct_put_utterance(s, answer, id, SPEAKER_CANDIDATE, &once, &err));
    ok(conduct_put_utterance(s, answer, id_new(), SPEAKER_CANDIDATE, &again, &err));
    ok(conduct_end_answer(s, answer, ANSWER_VOICE, NULL, arena, &text, &err));
    assert_string_equal(text, "once again");
    struct list l = {0};
    ok(utterance_list(s->db, answer, arena, &l, &err));
    const struct utterance *u = l.items;
    assert_int_equal(l.count, 2);
    assert_string_equal(u[0].words, "[[\"once\",0,10,0.5]]");
    assert_float_equal(u[0].confidence, 0.5, 1e-9);
    assert_null(u[1].words);
    assert_true(isnan(u[1].confidence));
    fails(conduct_put_utterance(s, answer, id, SPEAKER_CANDIDATE, &once, &err), STATUS_CONFLICT, "answer_ended");
}

static void odd_times_and_bytes_cost_no_words(void **state)
{
    (void)state;
    struct id answer, id;
    session_started(interview, "sam@example.org", &answer);
    ok(conduct_add_utterance(s, answer, SPEAKER_CANDIDATE, -50, -10, "one", &id, &err));
    ok(conduct_add_utterance(s, answer, SPEAKER_CANDIDATE, 900, 100, "two", &id, &err));
    ok(conduct_add_utterance(s, answer, SPEAKER_CANDIDATE, 1000, 1100,
                             "th\x01ree \xff\xfe \xe2\x80\xa8 \xc3\xa9t\xc3\xa9", &id, &err));
    struct list l = {0};
    ok(utterance_list(s->db, answer, arena, &l, &err));
    const struct utterance *u = l.items;
    assert_int_equal(u[0].start_ms, 0);
    assert_int_equal(u[0].end_ms, 0);
    assert_int_equal(u[1].start_ms, 900);
    assert_int_equal(u[1].end_ms, 900);
    assert_string_equal(u[2].text, "th ree        \xc3\xa9t\xc3\xa9");
    assert_string_equal(end(answer, ANSWER_VOICE, "a\x1b[2Jb\tc\x7f"),
                        "one two th ree        \xc3\xa9t\xc3\xa9\na [2Jb\tc ");
}

static void an_endless_answer_is_refused_and_stays_open(void **state)
{
    (void)state;
    struct id answer;
    const char *text = NULL;
    session_started(interview, "sam@example.org", &answer);
    char *endless = arena_alloc(arena, (1u << 20) + 2);
    memset(endless, 'x', (1u << 20) + 1);
    fails_at(conduct_end_answer(s, answer, ANSWER_TEXT, endless, arena, &text, &err), STATUS_TOO_LARGE,
             "answer_too_long", "text");
    assert_int_equal(answer_of(answer)->status, ANSWER_OPEN);
    end(answer, ANSWER_TEXT, "short");
}

static void after_the_end_nothing_is_added(void **state)
{
    (void)state;
    struct id answer, id;
    const char *text = NULL;
    int64_t at = 0;
    struct id session = session_started(interview, "sam@example.org", &answer);
    say(answer, SPEAKER_CANDIDATE, 0, "before");
    ok(candidacy_withdraw(s, session, &err));
    fails(conduct_begin(s, session, &err), STATUS_GONE, "session_over");
    fails(conduct_open_answer(s, session, 1, 0, &id, &at, &err), STATUS_GONE, "session_over");
    fails(conduct_open_answer(s, session, 2, 0, &id, &at, &err), STATUS_GONE, "session_over");
    fails(conduct_add_utterance(s, answer, SPEAKER_CANDIDATE, 0, 1, "after", &id, &err), STATUS_GONE, "session_over");
    fails(conduct_end_answer(s, answer, ANSWER_TEXT, "after", arena, &text, &err), STATUS_GONE, "session_over");
    fails(conduct_complete(s, session, &err), STATUS_GONE, "session_over");
    assert_int_equal(one_int(s->db, "SELECT COUNT(*) FROM utterances"), 1);
    assert_int_equal(answer_of(answer)->status, ANSWER_OPEN);
    assert_int_equal(jobs_of("report", "queued"), 0);
}

static void completing_twice_makes_one_report(void **state)
{
    (void)state;
    struct id answer;
    struct id session = session_started(interview, "sam@example.org", &answer);
    end(answer, ANSWER_NONE, NULL);
    ok(conduct_complete(s, session, &err));
    int64_t at = session_of(session)->completed_at;
    clock_fake_advance(&fake, 1000);
    ok(conduct_complete(s, session, &err));
    fails(conduct_begin(s, session, &err), STATUS_GONE, "session_over");
    assert_int_equal(session_of(session)->completed_at, at);
    assert_int_equal(jobs_of("report", "queued"), 1);
    assert_int_equal(one_int(s->db, "SELECT COUNT(*) FROM reports WHERE status = 'pending'"), 1);
}

/* The socket and the typed answers over REST are on two connections. */
static void two_connections_see_one_interview(void **state)
{
    (void)state;
    struct services other = second_connection();
    struct id answer, again, id;
    int64_t at = 0;
    const char *text = NULL;
    struct id session = session_started(interview, "sam@example.org", &answer);
    ok(conduct_open_answer(&other, session, 1, 0, &again, &at, &err));
    assert_true(id_equal(answer, again));
    say(answer, SPEAKER_CANDIDATE, 0, "spoken");
    ok(conduct_end_answer(&other, answer, ANSWER_TEXT, "typed", arena, &text, &err));
    assert_string_equal(text, "spoken\ntyped");
    fails(conduct_add_utterance(s, answer, SPEAKER_CANDIDATE, 0, 1, "late", &id, &err), STATUS_CONFLICT,
          "answer_ended");
    fails(conduct_end_answer(s, answer, ANSWER_VOICE, NULL, arena, &text, &err), STATUS_CONFLICT, "answer_ended");
    db_close(other.db);
}

/* A transaction of another connection holds the write lock (on MySQL: this session's), and the caller's time is up:
 * nothing half stored. */
static void a_busy_database_is_told_and_changes_nothing(void **state)
{
    (void)state;
    struct services other = second_connection();
    struct db_txn t = {0};
    struct id answer, id;
    struct error why = {0};
    session_started(interview, "sam@example.org", &answer);
    temp_do_not_wait(s->db);
    ok(db_begin(other.db, &t, &err));
    ok(db_exec(other.db, "UPDATE interview_sessions SET updated_at = updated_at", &err));
    assert_int_equal(conduct_add_utterance(s, answer, SPEAKER_CANDIDATE, 0, 1, "x", &id, &why), STATUS_UNAVAILABLE);
    assert_string_equal(why.code, "database_busy");
    db_txn_end(&t);
    say(answer, SPEAKER_CANDIDATE, 0, "x");
    assert_int_equal(one_int(s->db, "SELECT COUNT(*) FROM utterances"), 1);
    db_close(other.db);
}

/* A network that comes and goes fills nothing. */
static void notes_of_the_connection_have_an_end(void **state)
{
    (void)state;
    struct id answer, session = session_started(interview, "sam@example.org", &answer),
                      other = session_started(interview, "kim@example.org", &answer);
    for (int i = 0; i < CONDUCT_NOTES_MAX + 5; i++) {
        ok(conduct_note_connection(s, session, "", &err));
        ok(conduct_note_connection(s, session, NULL, &err));
        clock_fake_advance(&fake, 1000);
    }
    ok(conduct_note_connection(s, other, "the server restarted", &err));
    static const char count[] = "SELECT COUNT(*) FROM session_events WHERE kind = ";
    assert_int_equal(one_int(s->db, arena_printf(arena, "%s'connection_lost'", count)), CONDUCT_NOTES_MAX + 1);
    assert_int_equal(one_int(s->db, arena_printf(arena, "%s'connection_back'", count)), CONDUCT_NOTES_MAX);
    assert_int_equal(one_int(s->db, "SELECT MIN(at) FROM session_events"), T0);
    assert_int_equal(one_int(s->db, "SELECT COUNT(*) FROM session_events WHERE detail = 'the server restarted'"), 1);
}

static struct conduct_revision revision(struct id utterance, const char *text, const char *words)
{
    return (struct conduct_revision){utterance, text, words, 0.75};
}

static void better_words_take_the_place_of_what_was_stored(void **state)
{
    (void)state;
    struct id answer, other;
    struct id session = session_started(interview, "sam@example.org", &answer);
    struct id first = say(answer, SPEAKER_CANDIDATE, 0, "Reply the"),
              second = say(answer, SPEAKER_CANDIDATE, 900, "key");
    const char *words = "[[\"Replied\",0,400,0.75]]";
    const struct conduct_revision open[] = {revision(first, "Replied", words)},
                                  both[] = {revision(first, "Replied", words), revision(second, "he\x01", NULL)},
                                  unknown[] = {revision(first, "No", NULL), revision(id_new(), "No", NULL)};
    ok(conduct_revise(s, answer, open, 1, &err));
    assert_string_equal(plan_of(session)->open_answer_text, "Replied key");
    assert_string_equal(end(answer, ANSWER_VOICE, "and typed"), "Replied key\nand typed");
    ok(conduct_revise(s, answer, both, 2, &err));
    assert_string_equal(answer_of(answer)->text, "Replied he \nand typed");
    assert_int_equal(one_int(s->db, "SELECT COUNT(*) FROM utterances WHERE confidence = 0.75"), 2);
    assert_int_equal(one_int(s->db, "SELECT COUNT(*) FROM utterances WHERE words LIKE '%Replied%'"), 1);
    assert_int_equal(one_int(s->db, "SELECT MAX(end_ms) FROM utterances"), 1400);
    fails(conduct_revise(s, answer, unknown, 2, &err), STATUS_NOT_FOUND, "utterance_unknown");
    other = open_at(session, 2);
    fails(conduct_revise(s, other, both, 2, &err), STATUS_NOT_FOUND, "utterance_unknown");
    assert_string_equal(answer_of(answer)->text, "Replied he \nand typed");
    end(other, ANSWER_NONE, NULL);
    end(open_at(session, 3), ANSWER_NONE, NULL);
    ok(conduct_complete(s, session, &err));
    fails(conduct_revise(s, answer, open, 1, &err), STATUS_GONE, "session_over");
}

/* Coming back by the link from the same browser is none, from another it is one; before it began it is none either. */
static void another_device_is_noted(void **state)
{
    (void)state;
    struct candidate_register in = registration("sam@example.org");
    struct register_result *first = candidate_make(interview, "sam@example.org"), *r = NULL;
    ok(candidacy_register(s, interview->link, &in, arena, &r, &err));
    assert_int_equal(one_int(s->db, "SELECT COUNT(*) FROM session_events"), 0);
    ok(conduct_begin(s, first->session_id, &err));
    in.session_token = r->session_token;
    ok(candidacy_register(s, interview->link, &in, arena, &r, &err));
    assert_int_equal(one_int(s->db, "SELECT COUNT(*) FROM session_events"), 0);
    in.session_token = NULL;
    ok(candidacy_register(s, interview->link, &in, arena, &r, &err));
    assert_int_equal(one_int(s->db, "SELECT COUNT(*) FROM session_events WHERE kind = 'other_device'"), 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(the_plan_holds_all_that_the_engine_needs),
        TEST(how_much_of_the_rubric_words_cover),
        TEST(a_crash_between_any_two_calls_loses_nothing),
        TEST(opening_again_gives_the_same_answer_back),
        TEST(the_last_answer_s_end_can_be_taken_back),
        TEST(an_answer_may_have_begun_before_it_was_opened),
        TEST(what_may_not_be_opened),
        TEST(an_answer_ends_once),
        TEST(spoken_comes_before_typed_and_the_interviewer_is_left_out),
        TEST(what_was_stored_already_is_not_said_twice),
        TEST(odd_times_and_bytes_cost_no_words),
        TEST(an_endless_answer_is_refused_and_stays_open),
        TEST(after_the_end_nothing_is_added),
        TEST(completing_twice_makes_one_report),
        TEST(two_connections_see_one_interview),
        TEST(a_busy_database_is_told_and_changes_nothing),
        TEST(notes_of_the_connection_have_an_end),
        TEST(another_device_is_noted),
        TEST(better_words_take_the_place_of_what_was_stored),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
