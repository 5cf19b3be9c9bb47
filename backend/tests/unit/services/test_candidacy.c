#include "unit/services/stage.h"

static struct actor owner;
static struct interview *interview;

static int setup(void **state)
{
    stage_open(state);
    owner = recruiter_make("ada@example.org");
    interview = interview_make(owner, 3);
    return 0;
}

#undef TEST
#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, stage_close)

static struct session_state *state_of_session(struct id session)
{
    struct session_state *x = NULL;
    ok(candidacy_state(s, session, arena, &x, &err));
    return x;
}

static const struct answer_state *last_answer(const struct session_state *x)
{
    assert_true(x->answers.count > 0);
    return (const struct answer_state *)x->answers.items + x->answers.count - 1;
}

static void set_status(enum interview_status to)
{
    struct interview *now = NULL;
    ok(interview_service_set_status(s, owner, any_version(interview->id), to, arena, &now, &err));
}

static void the_link_leads_to_open_interviews_only(void **state)
{
    (void)state;
    struct public_interview *p = NULL;
    const struct interview_input in = interview_input_make("Draft");
    struct interview *draft = NULL;
    const struct candidate_register who = registration("sam@example.org");
    struct register_result *r = NULL;
    ok(interview_service_create(s, owner, &in, arena, &draft, &err));
    ok(candidacy_interview(s, interview->link, arena, &p, &err));
    assert_string_equal(p->title, "Engineer, first round");
    assert_int_equal(p->question_count, 3);
    assert_string_equal(p->avatar_name, "Daniel");
    assert_false(p->engines_ready);
    p = NULL;
    static const char *const unknown[] = {"", "nowhere", "' OR '1'='1", "%", "../../etc/passwd"};
    for (size_t i = 0; i < COUNT(unknown); i++) {
        fails_at(candidacy_interview(s, unknown[i], arena, &p, &err), STATUS_NOT_FOUND, "link_unknown", "link");
        fails(candidacy_register(s, unknown[i], &who, arena, &r, &err), STATUS_NOT_FOUND, "link_unknown");
    }
    fails(candidacy_interview(s, draft->link, arena, &p, &err), STATUS_NOT_FOUND, "link_unknown");
    fails(candidacy_register(s, draft->link, &who, arena, &r, &err), STATUS_NOT_FOUND, "link_unknown");
    set_status(INTERVIEW_CLOSED);
    fails(candidacy_interview(s, interview->link, arena, &p, &err), STATUS_GONE, "interview_closed");
    fails(candidacy_register(s, interview->link, &who, arena, &r, &err), STATUS_GONE, "interview_closed");
    assert_null(p);
    assert_null(r);
    assert_int_equal(one_int(s->db, "SELECT COUNT(*) FROM candidates"), 0);
}

static void consent_is_needed_twice(void **state)
{
    (void)state;
    struct candidate_register in = registration("sam@example.org");
    struct register_result *r = NULL;
    in.consent_recording = false;
    fails_at(candidacy_register(s, interview->link, &in, arena, &r, &err), STATUS_INVALID, "consent_required",
             "consent_recording");
    in.consent_recording = true;
    in.consent_ai = false;
    fails_at(candidacy_register(s, interview->link, &in, arena, &r, &err), STATUS_INVALID, "consent_required",
             "consent_ai");
    assert_int_equal(one_int(s->db, "SELECT COUNT(*) FROM candidates"), 0);
    in.consent_ai = true;
    ok(candidacy_register(s, interview->link, &in, arena, &r, &err));
    assert_int_equal(
        one_int(s->db, "SELECT consent_recording_at = consent_ai_at AND consent_ai_at > 0 FROM candidates"), 1);
}

static void registering_again_is_the_same_session_with_a_fresh_token(void **state)
{
    (void)state;
    struct register_result *a = candidate_make(interview, "sam@example.org"),
                           *b = candidate_make(interview, "sam@example.org");
    struct register_result *other = candidate_make(interview, "kim@example.org");
    struct id who;
    assert_true(id_equal(a->session_id, b->session_id));
    assert_false(id_equal(a->session_id, other->session_id));
    assert_string_not_equal(a->session_token, b->session_token);
    assert_true(strlen(b->session_token) >= 43); /* 32 random bytes */
    ok(candidacy_authenticate(s, b->session_token, &who, &err));
    assert_true(id_equal(who, b->session_id));
    fails(candidacy_authenticate(s, a->session_token, &who, &err), STATUS_UNAUTHENTICATED, "token_invalid");
    fails(candidacy_authenticate(s, "", &who, &err), STATUS_UNAUTHENTICATED, "token_invalid");
    fails(candidacy_authenticate(s, "nonsense", &who, &err), STATUS_UNAUTHENTICATED, "token_invalid");
    struct interview *second = interview_make(owner, 1);
    assert_false(id_equal(candidate_make(second, "sam@example.org")->session_id, b->session_id));
    assert_int_equal(one_int(s->db, "SELECT COUNT(*) FROM candidates"), 3);
}

static void session_tokens_are_kept_as_hashes_only(void **state)
{
    (void)state;
    cleanup(freep) char *file = NULL;
    size_t len = 0;
    struct register_result *r = candidate_make(interview, "sam@example.org");
    if (temp_mysql())
        return; /* its files are not ours to read */
    ok(db_exec(s->db, "PRAGMA wal_checkpoint(TRUNCATE)", &err));
    ok(file_read(temp_path("stage.db"), 64u << 20, &file, &len, &err));
    assert_null(memmem(file, len, r->session_token, strlen(r->session_token)));
    assert_non_null(memmem(file, len, "sam@example.org", 15));
}

static void a_typed_interview_goes_from_question_to_question_to_its_end(void **state)
{
    (void)state;
    struct register_result *r = candidate_make(interview, "sam@example.org");
    struct session_state *x = state_of_session(r->session_id);
    assert_int_equal(x->status, SESSION_REGISTERED);
    assert_int_equal(x->current_position, 0);
    assert_int_equal(x->answers.count, 0);
    ok(candidacy_start(s, r->session_id, arena, &x, &err));
    ok(candidacy_start(s, r->session_id, arena, &x, &err)); /* a reload */
    assert_int_equal(x->status, SESSION_IN_PROGRESS);
    assert_int_equal(x->current_position, 1);
    assert_int_equal(x->answers.count, 1);
    for (int position = 1; position <= 3; position++) {
        assert_int_equal(last_answer(x)->position, position);
        assert_int_equal(last_answer(x)->status, ANSWER_OPEN);
        ok(candidacy_text_answer(s, r->session_id, last_answer(x)->id, -1, "What I did.", arena, &x, &err));
        stage_reopen();
    }
    assert_int_equal(x->status, SESSION_COMPLETED);
    assert_int_equal(x->answers.count, 3);
    assert_int_equal(last_answer(x)->mode, ANSWER_BY_TEXT);
    assert_string_equal(last_answer(x)->text, "What I did.");
    assert_int_equal(jobs_of("report", "queued"), 1);
    ok(candidacy_complete(s, r->session_id, arena, &x, &err)); /* harmless */
    assert_int_equal(jobs_of("report", "queued"), 1);

    struct register_result *again = NULL;
    const struct candidate_register in = registration("sam@example.org");
    struct id who;
    fails_at(candidacy_register(s, interview->link, &in, arena, &again, &err), STATUS_CONFLICT, "session_completed",
             "email");
    fails(candidacy_start(s, r->session_id, arena, &x, &err), STATUS_GONE, "session_over");
    ok(candidacy_authenticate(s, r->session_token, &who, &err)); /* the refusal left the token: the receipt stays */
}

static void answers_are_typed_in_order_and_once(void **state)
{
    (void)state;
    struct session_state *x = NULL;
    struct id mine = candidate_make(interview, "sam@example.org")->session_id;
    struct id theirs = candidate_make(interview, "kim@example.org")->session_id;
    ok(candidacy_start(s, theirs, arena, &x, &err));
    struct id foreign = last_answer(x)->id;
    ok(candidacy_start(s, mine, arena, &x, &err));
    struct id first = last_answer(x)->id;
    fails(candidacy_text_answer(s, mine, foreign, -1, "x", arena, &x, &err), STATUS_NOT_FOUND, "not_found");
    fails(candidacy_text_answer(s, mine, id_new(), -1, "x", arena, &x, &err), STATUS_NOT_FOUND, "not_found");
    ok(candidacy_text_answer(s, mine, first, -1, "one", arena, &x, &err));
    fails(candidacy_text_answer(s, mine, first, -1, "again", arena, &x, &err), STATUS_CONFLICT, "answer_ended");
    x = state_of_session(mine);
    assert_int_equal(x->answers.count, 2);
    assert_string_equal(((struct answer_state *)x->answers.items)[0].text, "one");
    assert_int_equal(state_of_session(theirs)->current_position, 1);
}

static void completing_needs_every_answer(void **state)
{
    (void)state;
    struct session_state *x = NULL;
    struct id session = candidate_make(interview, "sam@example.org")->session_id;
    fails(candidacy_complete(s, session, arena, &x, &err), STATUS_CONFLICT, "answers_missing");
    ok(candidacy_start(s, session, arena, &x, &err));
    fails(candidacy_complete(s, session, arena, &x, &err), STATUS_CONFLICT, "answers_missing");
    ok(candidacy_text_answer(s, session, last_answer(x)->id, -1, "one", arena, &x, &err));
    ok(candidacy_text_answer(s, session, last_answer(x)->id, -1, "two", arena, &x, &err));
    fails(candidacy_complete(s, session, arena, &x, &err), STATUS_CONFLICT, "answers_missing");
    assert_int_equal(jobs_of("report", "queued"), 0);
}

/* A server that died between ending the last answer and completing: the candidate's page asks again. */
static void what_a_crash_left_open_is_completed(void **state)
{
    (void)state;
    struct session_state *x = NULL;
    const char *text = NULL;
    struct id session = candidate_make(interview, "sam@example.org")->session_id;
    ok(candidacy_start(s, session, arena, &x, &err));
    ok(conduct_end_answer(s, last_answer(x)->id, ANSWER_TEXT, "one", arena, &text, &err));
    stage_reopen();
    ok(candidacy_start(s, session, arena, &x, &err)); /* goes on at the second */
    assert_int_equal(x->current_position, 2);
    ok(candidacy_text_answer(s, session, last_answer(x)->id, -1, "two", arena, &x, &err));
    ok(conduct_end_answer(s, last_answer(x)->id, ANSWER_TEXT, "three", arena, &text, &err));
    stage_reopen();
    ok(candidacy_complete(s, session, arena, &x, &err));
    assert_int_equal(x->status, SESSION_COMPLETED);
    assert_int_equal(jobs_of("report", "queued"), 1);
}

static void whoever_is_in_may_finish_after_the_link_was_closed(void **state)
{
    (void)state;
    struct session_state *x = NULL;
    struct id running = candidate_make(interview, "sam@example.org")->session_id;
    struct id waiting = candidate_make(interview, "kim@example.org")->session_id;
    ok(candidacy_start(s, running, arena, &x, &err));
    set_status(INTERVIEW_CLOSED);
    answer_everything(running, "done");
    assert_int_equal(state_of_session(running)->status, SESSION_COMPLETED);
    struct interview *now = NULL;
    ok(interview_service_set_questions(s, owner, any_version(interview->id), NULL, 0, arena, &now, &err));
    fails(candidacy_start(s, waiting, arena, &x, &err), STATUS_CONFLICT, "no_questions");
    fails(candidacy_complete(s, waiting, arena, &x, &err), STATUS_CONFLICT, "answers_missing");
    assert_int_equal(jobs_of("report", "queued"), 1); /* nothing was completed that had no question */
}

static void withdrawing_erases_and_ends(void **state)
{
    (void)state;
    struct id answer, who;
    struct session_state *x = NULL;
    struct segment_state *seg = NULL;
    struct register_result *r = candidate_make(interview, "sam@example.org");
    struct id session = session_started(interview, "sam@example.org", &answer);
    const struct segment_ref ref = {session, answer, 0};
    open_segment(&ref, "video/webm");
    ok(put_bytes(s, &ref, 0, "bytes", 5, &seg, &err));
    assert_true(session_has_files(session));
    ok(candidacy_withdraw(s, session, &err));
    assert_false(session_has_files(session));
    assert_int_equal(one_int(s->db, "SELECT COUNT(*) FROM recording_segments"), 0);
    assert_int_equal(one_int(s->db, "SELECT COUNT(*) FROM recording_chunks"), 0);
    ok(candidacy_withdraw(s, session, &err)); /* twice is once */
    assert_int_equal(state_of_session(session)->status, SESSION_WITHDRAWN);
    fails(candidacy_text_answer(s, session, answer, -1, "after", arena, &x, &err), STATUS_GONE, "session_over");
    fails(candidacy_start(s, session, arena, &x, &err), STATUS_GONE, "session_over");
    fails(put_bytes(s, &ref, 1, "bytes", 5, &seg, &err), STATUS_GONE, "session_over");
    fails(recording_open(s, &ref, "video/webm", 0, arena, &seg, &err), STATUS_GONE, "session_over");
    fails(recording_finish(s, &ref, 1, arena, &seg, &err), STATUS_GONE, "session_over");
    assert_false(session_has_files(session));
    assert_string_equal(answer_of(answer)->text, "");
    const struct candidate_register in = registration("sam@example.org");
    struct register_result *again = NULL;
    fails(candidacy_register(s, interview->link, &in, arena, &again, &err), STATUS_CONFLICT, "session_completed");
    (void)r, (void)who;
}

/* The server dies after the withdrawal was committed and before the files were gone: a job finds them. */
static void a_crash_in_a_withdrawal_leaves_no_recording(void **state)
{
    (void)state;
    struct id answer;
    struct segment_state *seg = NULL;
    struct job *job = NULL;
    struct id session = session_started(interview, "sam@example.org", &answer);
    const struct segment_ref ref = {session, answer, 0};
    open_segment(&ref, "video/webm");
    ok(put_bytes(s, &ref, 0, "bytes", 5, &seg, &err));
    struct services dying = stage;
    ok(storage_new(temp_path("elsewhere"), &dying.storage, &err)); /* erases nothing of ours */
    ok(candidacy_withdraw(&dying, session, &err));
    storage_free(dying.storage);
    assert_true(session_has_files(session));
    stage_reopen();
    ok(job_claim(s->db, NULL, fake.unix_ms, MINUTE, arena, &job, &err));
    assert_string_equal(job->kind, "erase");
    assert_true(id_equal(job->subject_id, session));
    ok(recording_erase_files(s, job->subject_id, &err));
    assert_false(session_has_files(session));
}

static void a_completed_session_cannot_be_withdrawn(void **state)
{
    (void)state;
    struct id session = candidate_make(interview, "sam@example.org")->session_id;
    answer_everything(session, "done");
    fails(candidacy_withdraw(s, session, &err), STATUS_CONFLICT, "session_status");
    fails(candidacy_withdraw(s, id_new(), &err), STATUS_NOT_FOUND, "not_found");
}

static void the_state_tells_which_segment_comes_next(void **state)
{
    (void)state;
    struct id answer;
    struct id session = session_started(interview, "sam@example.org", &answer);
    assert_int_equal(state_of_session(session)->next_segment_of_open_answer, 0);
    for (int64_t k = 0; k < 3; k++)
        open_segment(&(struct segment_ref){session, answer, k}, "video/webm");
    assert_int_equal(state_of_session(session)->next_segment_of_open_answer, 3);
    const char *text = NULL;
    ok(conduct_end_answer(s, answer, ANSWER_NONE, NULL, arena, &text, &err));
    assert_int_equal(state_of_session(session)->next_segment_of_open_answer, 0);
}

static void whoever_comes_back_into_an_answer_sees_what_was_said(void **state)
{
    (void)state;
    struct id answer, piece;
    struct id session = session_started(interview, "sam@example.org", &answer);
    assert_string_equal(last_answer(state_of_session(session))->text, "");
    ok(conduct_add_utterance(s, answer, SPEAKER_CANDIDATE, 0, 900, "First part,", &piece, &err));
    ok(conduct_add_utterance(s, answer, SPEAKER_INTERVIEWER, 900, 1500, "Take your time.", &piece, &err));
    ok(conduct_add_utterance(s, answer, SPEAKER_CANDIDATE, 2000, 2900, "second part.", &piece, &err));
    assert_string_equal(last_answer(state_of_session(session))->text, "First part, second part.");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(the_link_leads_to_open_interviews_only),
        TEST(consent_is_needed_twice),
        TEST(registering_again_is_the_same_session_with_a_fresh_token),
        TEST(session_tokens_are_kept_as_hashes_only),
        TEST(a_typed_interview_goes_from_question_to_question_to_its_end),
        TEST(answers_are_typed_in_order_and_once),
        TEST(completing_needs_every_answer),
        TEST(what_a_crash_left_open_is_completed),
        TEST(whoever_is_in_may_finish_after_the_link_was_closed),
        TEST(withdrawing_erases_and_ends),
        TEST(a_crash_in_a_withdrawal_leaves_no_recording),
        TEST(a_completed_session_cannot_be_withdrawn),
        TEST(the_state_tells_which_segment_comes_next),
        TEST(whoever_comes_back_into_an_answer_sees_what_was_said),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
