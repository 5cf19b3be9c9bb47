/* Several threads with connections of their own do what only one of them may have, or what all of them must have, on
 * both engines: what a service decided by what it read is still so when it writes. What ordinary use does at the same
 * time is not refused as "busy" either. */
#include "unit/services/stage.h"

#include <pthread.h>

#define THREADS 4

struct runner {
    struct services services;
    struct arena *arena;
    pthread_t thread;
    size_t i;
    const void *with;
    enum status (*run)(struct runner *r, struct error *err);
    enum status st;
    struct error err;
    struct id id;     /* what it got */
    const char *text; /* or that */
};

static struct actor owner;
static struct interview *interview;
static pthread_barrier_t start;

static void *run_one(void *arg)
{
    struct runner *r = arg;
    pthread_barrier_wait(&start);
    r->st = r->run(r, &r->err);
    return NULL;
}

/* All of r[] at once. Those that failed must have failed with one of the codes; gives how many did not. */
static size_t race_with_codes(struct runner r[THREADS], enum status (*run)(struct runner *r, struct error *err),
                              const void *with, const char *code, const char *or_code)
{
    size_t won = 0;
    pthread_barrier_init(&start, NULL, THREADS);
    for (size_t i = 0; i < THREADS; i++) {
        r[i] = (struct runner){.services = second_connection(), .i = i, .run = run, .with = with};
        r[i].arena = arena_new(16u << 20);
        assert_int_equal(pthread_create(&r[i].thread, NULL, run_one, &r[i]), 0);
    }
    for (size_t i = 0; i < THREADS; i++)
        pthread_join(r[i].thread, NULL);
    pthread_barrier_destroy(&start);
    for (size_t i = 0; i < THREADS; i++) {
        if (r[i].st != STATUS_OK && strcmp(r[i].err.code, code) != 0 && strcmp(r[i].err.code, or_code) != 0)
            fail_msg("thread %zu: %s %s", i, r[i].err.code, r[i].err.message);
        won += r[i].st == STATUS_OK;
        db_close(r[i].services.db);
    }
    return won;
}

static size_t race(struct runner r[THREADS], enum status (*run)(struct runner *r, struct error *err), const void *with,
                   const char *code)
{
    return race_with_codes(r, run, with, code ? code : "", "");
}

static void race_over(struct runner r[THREADS])
{
    for (size_t i = 0; i < THREADS; i++)
        r[i].arena = arena_free(r[i].arena);
}

static int setup(void **state)
{
    stage_open(state);
    owner = recruiter_make("ada@example.org");
    interview = interview_make(owner, 3);
    return 0;
}

/* ---------------------------------------------------------------------------------------------------------------------
 * candidates */

static enum status register_same(struct runner *r, struct error *err)
{
    const struct candidate_register in = registration("sam@example.org");
    struct register_result *got = NULL;
    enum status st = candidacy_register(&r->services, interview->link, &in, r->arena, &got, err);
    if (st == STATUS_OK) {
        r->id = got->session_id;
        r->text = got->session_token;
    }
    return st;
}

static void one_candidate_who_registers_often_has_one_session(void **state)
{
    (void)state;
    struct runner r[THREADS];
    size_t valid = 0;
    assert_int_equal(race(r, register_same, NULL, NULL), THREADS);
    for (size_t i = 0; i < THREADS; i++) {
        struct id who;
        struct error why = {0};
        assert_true(id_equal(r[i].id, r[0].id));
        valid += candidacy_authenticate(s, r[i].text, &who, &why) == STATUS_OK;
    }
    assert_int_equal(valid, 1); /* the last token is the one that opens */
    assert_int_equal(one_int(s->db, "SELECT COUNT(*) FROM candidates"), 1);
    assert_int_equal(one_int(s->db, "SELECT COUNT(*) FROM interview_sessions"), 1);
    race_over(r);
}

static enum status register_other(struct runner *r, struct error *err)
{
    const char *email = arena_printf(r->arena, "sam%zu@example.org", r->i);
    const struct candidate_register in = registration(email);
    struct register_result *got = NULL;
    return candidacy_register(&r->services, interview->link, &in, r->arena, &got, err);
}

static void no_more_register_than_there_are_places(void **state)
{
    (void)state;
    struct runner r[THREADS];
    ok(db_exec(s->db, "UPDATE interview_configs SET max_sessions = 2", &err));
    assert_int_equal(race(r, register_other, NULL, "interview_full"), 2);
    assert_int_equal(one_int(s->db, "SELECT COUNT(*) FROM interview_sessions"), 2);
    race_over(r);
}

/* A whole typed interview each, of the same interview, from the registration to the report's job. */
static enum status sit_through(struct runner *r, struct error *err)
{
    const char *email = arena_printf(r->arena, "sam%zu@example.org", r->i);
    const struct candidate_register in = registration(email);
    struct register_result *got = NULL;
    struct session_state *x = NULL;
    enum status st = candidacy_register(&r->services, interview->link, &in, r->arena, &got, err);
    if (st == STATUS_OK)
        st = candidacy_start(&r->services, got->session_id, r->arena, &x, err);
    while (st == STATUS_OK && x->status == SESSION_IN_PROGRESS) {
        const struct answer_state *answers = x->answers.items;
        st = candidacy_text_answer(&r->services, got->session_id, answers[x->answers.count - 1].id, -1, "An answer.",
                                   r->arena, &x, err);
    }
    return st;
}

static void interviews_at_the_same_time_do_not_refuse_each_other(void **state)
{
    (void)state;
    for (int round = 0; round < 3; round++) {
        struct runner r[THREADS];
        ok(db_exec(s->db, "UPDATE candidates SET email = REPLACE(email, 'sam', 'before-sam')", &err));
        assert_int_equal(race(r, sit_through, NULL, NULL), THREADS);
        race_over(r);
    }
    assert_int_equal(one_int(s->db, "SELECT COUNT(*) FROM interview_sessions WHERE status = 'completed'"), THREADS * 3);
    assert_int_equal(jobs_of("report", "queued"), THREADS * 3);
}

/* ------------------------------------------------------------------------------------------------------------------
 * one session, several tabs */

static enum status open_first(struct runner *r, struct error *err)
{
    int64_t started_at = 0;
    return conduct_open_answer(&r->services, *(const struct id *)r->with, 1, 0, &r->id, &started_at, err);
}

static void an_answer_is_opened_once(void **state)
{
    (void)state;
    struct runner r[THREADS];
    struct id session = candidate_make(interview, "sam@example.org")->session_id;
    ok(conduct_begin(s, session, &err));
    assert_int_equal(race(r, open_first, &session, NULL), THREADS);
    for (size_t i = 1; i < THREADS; i++)
        assert_true(id_equal(r[i].id, r[0].id));
    assert_int_equal(one_int(s->db, "SELECT COUNT(*) FROM responses"), 1);
    race_over(r);
}

static enum status speak(struct runner *r, struct error *err)
{
    enum status st = STATUS_OK;
    for (int k = 0; st == STATUS_OK && k < 8; k++)
        st = conduct_add_utterance(&r->services, *(const struct id *)r->with, SPEAKER_CANDIDATE, k, k + 1, "word",
                                   &r->id, err);
    return st;
}

static void what_is_said_at_once_is_all_kept_in_one_order(void **state)
{
    (void)state;
    struct runner r[THREADS];
    struct id answer;
    session_started(interview, "sam@example.org", &answer);
    assert_int_equal(race(r, speak, &answer, NULL), THREADS);
    assert_int_equal(one_int(s->db, "SELECT COUNT(*) FROM utterances"), THREADS * 8);
    assert_int_equal(one_int(s->db, "SELECT MAX(seq) FROM utterances"), THREADS * 8 - 1);
    race_over(r);
}

static enum status speak_or_end(struct runner *r, struct error *err)
{
    if (r->i > 0)
        return speak(r, err);
    return conduct_end_answer(&r->services, *(const struct id *)r->with, ANSWER_VOICE, NULL, r->arena, &r->text, err);
}

static void an_answer_holds_all_that_was_said_before_its_end(void **state)
{
    (void)state;
    for (int round = 0; round < 5; round++) {
        struct runner r[THREADS];
        struct id answer;
        session_started(interview, arena_printf(arena, "sam%d@example.org", round), &answer);
        race(r, speak_or_end, &answer, "answer_ended");
        assert_int_equal(r[0].st, STATUS_OK);
        const char *again = NULL;
        ok(conduct_answer_text(s, answer, arena, &again, &err));
        assert_string_equal(again, answer_of(answer)->text); /* nothing came in behind it */
        race_over(r);
    }
}

static enum status complete(struct runner *r, struct error *err)
{
    return conduct_complete(&r->services, *(const struct id *)r->with, err);
}

static void a_session_is_completed_once(void **state)
{
    (void)state;
    struct runner r[THREADS];
    struct id session, answer;
    session = session_started(interview, "sam@example.org", &answer);
    assert_int_equal(race(r, complete, &session, NULL), THREADS);
    assert_int_equal(one_int(s->db, "SELECT COUNT(*) FROM reports"), 1);
    assert_int_equal(jobs_of("report", "queued"), 1);
    race_over(r);
}

/* Two of each: withdrawn, or an answer more. */
static enum status withdraw_or_go_on(struct runner *r, struct error *err)
{
    int64_t started_at = 0;
    return r->i % 2 ? candidacy_withdraw(&r->services, *(const struct id *)r->with, err)
                    : conduct_open_answer(&r->services, *(const struct id *)r->with, 1, 0, &r->id, &started_at, err);
}

static void nothing_is_opened_after_a_withdrawal(void **state)
{
    (void)state;
    for (int round = 0; round < 5; round++) {
        struct runner r[THREADS];
        struct id session = candidate_make(interview, arena_printf(arena, "sam%d@example.org", round))->session_id;
        ok(conduct_begin(s, session, &err));
        race(r, withdraw_or_go_on, &session, "session_over");
        assert_true(r[1].st == STATUS_OK && r[3].st == STATUS_OK);
        assert_int_equal(session_of(session)->status, SESSION_WITHDRAWN);
        race_over(r);
    }
}

/* ---------------------------------------------------------------------------------------------------------------------
 * recordings */

static enum status put_other_bytes(struct runner *r, struct error *err)
{
    struct segment_state *x = NULL;
    const char *text = arena_printf(r->arena, "bytes of %zu", r->i);
    struct bytes b = bytes_of(text, strlen(text));
    const struct chunk_upload up = {0, b.sha256, b.sha256, b.fd, b.size};
    enum status st = recording_chunk(&r->services, r->with, &up, r->arena, &x, err);
    close(b.fd);
    r->text = text;
    return st;
}

static void of_other_bytes_under_one_number_one_are_kept(void **state)
{
    (void)state;
    for (int round = 0; round < 5; round++) {
        struct runner r[THREADS];
        struct id answer;
        struct id session = session_started(interview, arena_printf(arena, "sam%d@example.org", round), &answer);
        const struct segment_ref ref = {session, answer, 0};
        char key[RECORDING_KEY_MAX], path[STORAGE_PATH_MAX];
        cleanup(freep) char *file = NULL;
        size_t len = 0;
        open_segment(&ref, "video/webm");
        assert_int_equal(race(r, put_other_bytes, &ref, "chunk_differs"), 1);
        recording_chunk_key(&ref, 0, key);
        ok(storage_path(s->storage, key, path, &err));
        ok(file_read(path, 4096, &file, &len, &err));
        for (size_t i = 0; i < THREADS; i++)
            if (r[i].st == STATUS_OK)
                assert_string_equal(file, r[i].text); /* whose hash is in the database */
        race_over(r);
    }
}

/* -------------------------------------------------------------------------------------------------------------------
 * staff */

static enum status log_in(struct runner *r, struct error *err)
{
    const struct auth_client from = {.address = "127.0.0.1"};
    struct tokens *t = NULL;
    enum status st = STATUS_OK;
    for (int k = 0; st == STATUS_OK && k < 3; k++)
        st = auth_login(&r->services, "ada@example.org", "correct horse battery", &from, r->arena, &t, err);
    return st;
}

static void one_person_logs_in_on_many_machines(void **state)
{
    (void)state;
    struct runner r[THREADS];
    char hash[PASSWORD_HASH_SIZE];
    ok(password_hash("correct horse battery", &settings.password_cost, hash, &err));
    ok(user_set_password_hash(s->db, owner.user_id, hash, T0, &err));
    assert_int_equal(race(r, log_in, NULL, NULL), THREADS);
    race_over(r);
}

static enum status refresh(struct runner *r, struct error *err)
{
    const struct auth_client from = {.address = "127.0.0.1"};
    struct tokens *t = NULL;
    return auth_refresh(&r->services, r->with, &from, r->arena, &t, err);
}

static void a_refresh_token_is_used_once(void **state)
{
    (void)state;
    const struct auth_client from = {.address = "127.0.0.1"};
    for (int round = 0; round < 3; round++) {
        struct runner r[THREADS];
        struct tokens *t = NULL;
        char hash[PASSWORD_HASH_SIZE];
        ok(password_hash("correct horse battery", &settings.password_cost, hash, &err));
        ok(user_set_password_hash(s->db, owner.user_id, hash, T0, &err));
        ok(auth_login(s, "ada@example.org", "correct horse battery", &from, arena, &t, &err));
        size_t won = race_with_codes(r, refresh, t->refresh_token, "refresh_reused", "refresh_invalid");
        assert_true(won <= 1); /* at most: whoever was late ended the log-in for all */
        race_over(r);
    }
}

static enum status rename_it(struct runner *r, struct error *err)
{
    struct interview_input in = {.title = arena_printf(r->arena, "By %zu", r->i)};
    struct interview *i = NULL;
    in.presence.given = 1ull << (model_field(&interview_update_model, "title") - interview_update_model.fields);
    const struct interview_ref ref = {interview->id, *(const int64_t *)r->with};
    return interview_service_update(&r->services, owner, ref, &in, r->arena, &i, err);
}

static void of_changes_to_one_version_one_is_made(void **state)
{
    (void)state;
    struct runner r[THREADS];
    const int64_t version = interview->updated_at;
    assert_int_equal(race(r, rename_it, &version, "changed_meanwhile"), 1);
    race_over(r);
}

static enum status redraft(struct runner *r, struct error *err)
{
    struct interview *i = NULL;
    static const char *points[] = {"a point"};
    struct question_input q[4];
    for (size_t k = 0; k < 4; k++)
        q[k] = (struct question_input){.text = arena_printf(r->arena, "%zu by %zu?", k, r->i),
                                       .category = CATEGORY_TECHNICAL,
                                       .points = {points, 1}};
    return interview_service_set_questions(&r->services, owner, any_version(interview->id), q, 4, r->arena, &i, err);
}

static void questions_are_one_persons_all_of_them(void **state)
{
    (void)state;
    struct runner r[THREADS];
    assert_int_equal(race(r, redraft, NULL, NULL), THREADS);
    assert_int_equal(one_int(s->db, "SELECT COUNT(*) FROM questions"), 4);
    assert_int_equal(one_int(s->db, "SELECT COUNT(*) FROM rubric_points"), 4);
    assert_int_equal(one_int(s->db, "SELECT COUNT(DISTINCT SUBSTR(text, 3)) FROM questions"), 1);
    race_over(r);
}

#undef TEST
#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, stage_close)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(one_candidate_who_registers_often_has_one_session),
        TEST(no_more_register_than_there_are_places),
        TEST(interviews_at_the_same_time_do_not_refuse_each_other),
        TEST(an_answer_is_opened_once),
        TEST(what_is_said_at_once_is_all_kept_in_one_order),
        TEST(an_answer_holds_all_that_was_said_before_its_end),
        TEST(a_session_is_completed_once),
        TEST(nothing_is_opened_after_a_withdrawal),
        TEST(of_other_bytes_under_one_number_one_are_kept),
        TEST(one_person_logs_in_on_many_machines),
        TEST(a_refresh_token_is_used_once),
        TEST(of_changes_to_one_version_one_is_made),
        TEST(questions_are_one_persons_all_of_them),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
