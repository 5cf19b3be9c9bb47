/* The hub as a whole: whole interviews over fake wires. */
#include "interview.h"

static void whole_interview(struct live *l, int session)
{
    struct client *c = to_first_answer(l, session);
    speak_and_pause(c);
    client_await(c, "input_audio_buffer.speech_started");
    client_await(c, "input_audio_buffer.speech_stopped");
    struct json_doc *d = client_expect(c, "conversation.item.input_audio_transcription.completed");
    assert_string_equal(json_get_string(json_root(d), "transcript", ""), "We tested it.");
    int64_t start = json_get_int(json_root(d), "start_ms", -1), end = json_get_int(json_root(d), "end_ms", -1);
    assert_in_range(start, 280, 340);
    assert_in_range(end, 1260, 1360);
    json_doc_free(d);
    expect_ended(c, "endpoint", "We tested it.");
    d = client_hear(c, "question");
    assert_string_equal(json_get_string(json_root(d), "question", ""), "What went wrong?");
    assert_non_null(strstr(json_get_string(json_root(d), "text", ""), "What went wrong?"));
    json_doc_free(d);
    free_started(c);
    client_send(c, "{\"type\":\"answer.text\",\"answer_id\":\"%s\",\"text\":\"Nothing \xc3\xa9lse.\"}", c->answer);
    expect_ended(c, "text", "Nothing \xc3\xa9lse.");
    free_hear(c, "farewell");
    client_await(c, "session.completed");
    client_expect_close(c, 1000);
    client_leave(c);
    struct world_session w = world_read(session);
    assert_true(w.completed && w.answers[1].ended && w.answers[2].ended);
    assert_int_equal(w.answers[1].mode, ANSWER_VOICE);
    assert_int_equal(w.answers[2].mode, ANSWER_TEXT);
}

static void an_interview_from_greeting_to_farewell(void **state)
{
    (void)state;
    struct live *l = world_start(10);
    whole_interview(l, 1);
    live_free(l);
}

static void *one_interview(void *arg)
{
    void **a = arg;
    whole_interview(a[0], (int)(intptr_t)a[1]);
    return NULL;
}

static void many_interviews_side_by_side(void **state)
{
    (void)state;
    enum { N = 12 };
    struct live *l = world_start(N);
    pthread_t threads[N];
    void *args[N][2];
    for (int i = 0; i < N; i++) {
        args[i][0] = l;
        args[i][1] = (void *)(intptr_t)(i + 1);
        assert_int_equal(pthread_create(&threads[i], NULL, one_interview, args[i]), 0);
    }
    for (int i = 0; i < N; i++)
        pthread_join(threads[i], NULL);
    pthread_mutex_lock(&world_lock);
    assert_true(world_syntheses <= 8); /* the same words are made once */
    pthread_mutex_unlock(&world_lock);
    live_free(l);
}

static void a_new_connection_replaces_the_old_one(void **state)
{
    (void)state;
    struct live *l = world_start(10);
    struct client *a = to_first_answer(l, 1);
    speak_and_pause(a);
    world_say("We tested it and");
    client_sound(a, 1000, true); /* goes on; not over when the connection changes */
    client_await(a, "conversation.item.input_audio_transcription.completed");
    struct client *b = client_connect(l, 1);
    client_expect_close(a, 4409);
    client_leave(a);
    struct json_doc *d = client_expect(b, "session.created");
    assert_true(json_get_bool(json_root(d), "resumed", false));
    json_doc_free(d);
    client_start(b);
    d = client_answer_started(b);
    assert_true(json_get_bool(json_root(d), "resumed", false));
    assert_int_equal(json_get_int(json_root(d), "position", 0), 1);
    json_doc_free(d);
    client_done(b);
    client_await(b, "answer.ended");
    assert_int_equal(world_read(1).answers[1].pieces, 2);
    client_leave(b);
    live_free(l);
}

static void a_restart_of_the_server_loses_nothing(void **state)
{
    (void)state;
    struct live *l = world_start(10);
    struct client *c = to_first_answer(l, 1);
    world_say("First part and");
    client_sound(c, 1000, true);
    client_sound(c, 800, false);
    client_await(c, "conversation.item.input_audio_transcription.completed");
    world_say("the second");
    client_sound(c, 1000, true); /* open when the server stops */
    client_await(c, "input_audio_buffer.speech_started");
    live_free(l);
    client_expect_close(c, 1012);
    client_leave(c);
    assert_string_equal(world_read(1).answers[1].said, "First part and the second");

    atomic_fetch_add(&world_ms, 60000);
    l = world_start(10);
    c = client_connect(l, 1);
    client_start(c);
    struct json_doc *d = client_answer_started(c);
    assert_true(json_get_bool(json_root(d), "resumed", false));
    assert_true(json_get_int(json_root(d), "elapsed_ms", 0) >= 60000);
    json_doc_free(d);
    client_done(c);
    expect_ended(c, "done_button", "First part and the second");
    client_leave(c);
    live_free(l);
}

static void a_dropped_question_is_asked_again_without_greeting(void **state)
{
    (void)state;
    struct live *l = world_start(10);
    struct client *c = client_connect(l, 1);
    client_start(c);
    client_await(c, "utterance.created");
    client_leave(c);
    c = client_connect(l, 1);
    client_start(c);
    free_hear(c, "question");
    free_started(c);
    client_leave(c);
    live_free(l);
}

static void without_engines_answers_are_typed_and_questions_read(void **state)
{
    (void)state;
    world_engines = (struct engines){0};
    struct live *l = world_start(10);
    struct client *c = client_connect(l, 1);
    client_start(c);
    struct json_doc *d = client_expect(c, "engine.unavailable");
    assert_string_equal(json_get_string(json_root(d), "engine", ""), "tts");
    json_doc_free(d);
    d = client_expect(c, "engine.unavailable");
    assert_string_equal(json_get_string(json_root(d), "engine", ""), "stt");
    json_doc_free(d);
    d = client_hear(c, "greeting");
    assert_int_equal(json_get_int(json_root(d), "samples", -1), 0);
    assert_true(json_len(json_get(json_root(d), "words")) > 10);
    assert_true(json_get_int(json_root(d), "duration_ms", 0) > 3000);
    json_doc_free(d);
    free_hear(c, "question");
    free_started(c);
    client_sound(c, 1000, true); /* harmless */
    client_send(c, "{\"type\":\"answer.text\",\"answer_id\":\"%s\",\"text\":\"typed\"}", c->answer);
    expect_ended(c, "text", "typed");
    client_leave(c);
    live_free(l);
}

static void too_many_interviews_are_refused(void **state)
{
    (void)state;
    struct live *l = world_start(1);
    struct client *a = to_first_answer(l, 1);
    struct client *b = client_connect(l, 2);
    struct json_doc *d = client_expect(b, "error");
    assert_true(json_get_bool(json_root(d), "fatal", false));
    json_doc_free(d);
    client_expect_close(b, 1013);
    client_leave(b);
    assert_int_equal(sessions_in(l), 1);
    client_leave(a);
    live_free(l);
}

static void malformed_messages_are_answered_then_end_it(void **state)
{
    static const char *const bad[] = {"{", "[]", "{\"type\":\"nonsense\"}", "{\"type\":\"answer.done\"}", "nul"};
    (void)state;
    struct live *l = world_start(10);
    struct client *c = client_connect(l, 1);
    for (int i = 0; i < 5; i++) {
        client_send(c, "%s", bad[i]);
        client_await(c, "error");
    }
    client_expect_close(c, 1008);
    client_leave(c);
    live_free(l);
}

static void a_flood_ends_the_connection(void **state)
{
    (void)state;
    struct live *l = world_start(10);
    struct client *c = client_connect(l, 1);
    pthread_mutex_lock(&world_lock); /* nothing is worked through meanwhile */
    client_start(c);
    client_sound(c, 40000, true);
    pthread_mutex_unlock(&world_lock);
    client_expect_close(c, 1008);
    client_leave(c);
    live_free(l);
}

static void storing_that_fails_is_tried_again(void **state)
{
    (void)state;
    world_fail_store = 4;
    struct live *l = world_start(10);
    struct client *c = to_first_answer(l, 1);
    speak_and_pause(c);
    client_await(c, "input_audio_buffer.speech_stopped");
    while (world_read(1).answers[1].pieces == 0) { /* the waits between the tries go by */
        atomic_fetch_add(&world_ms, 1);
        sched_yield();
    }
    struct json_doc *d = client_expect(c, "error");
    assert_string_equal(json_get_string(json_root(d), "code", ""), "storing_failed");
    json_doc_free(d);
    expect_ended(c, "endpoint", "We tested it.");
    client_leave(c);
    live_free(l);
}

static void a_finished_interview_is_over(void **state)
{
    (void)state;
    world_db[1].begun = world_db[1].completed = true;
    struct live *l = world_start(10);
    struct client *c = client_connect(l, 1);
    client_await(c, "error");
    client_expect_close(c, 4410);
    client_leave(c);
    live_free(l);
}

/* Its time was over, say, in another process. */
static void an_interview_that_is_closed_meanwhile_is_over(void **state)
{
    (void)state;
    struct live *l = world_start(10);
    struct client *c = to_first_answer(l, 1);
    pthread_mutex_lock(&world_lock);
    world_db[1].completed = true;
    pthread_mutex_unlock(&world_lock);
    live_session_changed(l, world_id(1));
    struct json_doc *d = client_expect(c, "error");
    assert_string_equal(json_get_string(json_root(d), "code", ""), "session_over");
    json_doc_free(d);
    client_expect_close(c, 4410);
    client_leave(c);
    live_free(l);
}

#define test(f) cmocka_unit_test_setup(f, world_reset)

int main(void)
{
    const struct CMUnitTest tests[] = {
        test(an_interview_from_greeting_to_farewell),
        test(many_interviews_side_by_side),
        test(a_new_connection_replaces_the_old_one),
        test(a_restart_of_the_server_loses_nothing),
        test(a_dropped_question_is_asked_again_without_greeting),
        test(without_engines_answers_are_typed_and_questions_read),
        test(too_many_interviews_are_refused),
        test(malformed_messages_are_answered_then_end_it),
        test(a_flood_ends_the_connection),
        test(storing_that_fails_is_tried_again),
        test(a_finished_interview_is_over),
        test(an_interview_that_is_closed_meanwhile_is_over),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
