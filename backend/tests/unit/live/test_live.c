/* The hub as a whole: whole interviews over fake wires. */
#include "client.h"
#include "live/session.h"

#include <math.h>
#include <poll.h>

static void free_hear(struct client *c, const char *kind)
{
    json_doc_free(client_hear(c, kind));
}

static void free_started(struct client *c)
{
    json_doc_free(client_answer_started(c));
}

static struct client *to_first_answer(struct live *l, int session)
{
    struct client *c = client_connect(l, session);
    client_await(c, "session.created");
    client_start(c);
    free_hear(c, "greeting");
    free_hear(c, "question");
    free_started(c);
    return c;
}

static void expect_ended(struct client *c, const char *reason, const char *text)
{
    struct json_doc *d = client_expect(c, "answer.ended");
    assert_string_equal(json_get_string(json_root(d), "reason", ""), reason);
    assert_string_equal(json_get_string(json_root(d), "text", "?"), text);
    json_doc_free(d);
}

static void speak_and_pause(struct client *c)
{
    client_sound(c, 300, false);
    client_sound(c, 1000, true);
    client_sound(c, 2000, false);
}

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

static void sound_arrives_whole(void **state)
{
    (void)state;
    struct live *l = world_start(10);
    struct client *c = client_connect(l, 1);
    client_start(c);
    struct json_doc *d = client_expect(c, "utterance.created"); /* not played: nothing comes after it */
    int64_t told = json_get_int(json_root(d), "samples", 0), ms = json_get_int(json_root(d), "duration_ms", 0);
    int parts = 1;
    for (const char *type = ""; strcmp(type, "utterance.audio.done") != 0;) {
        const struct json_val *times = json_get(json_root(d), "phonemes");
        if (strcmp(type, "utterance.part") == 0) { /* its times go on where the part before ended */
            assert_true(fabs(json_as_number(json_at(json_at(times, 0), 1), -1) - (double)ms / 1000) < 0.002);
            told += json_get_int(json_root(d), "samples", 0);
            ms += json_get_int(json_root(d), "duration_ms", 0);
            parts++;
        }
        assert_int_equal(json_len(times), 1);
        json_doc_free(d);
        d = client_next(c);
        type = json_get_string(json_root(d), "type", "");
    }
    assert_true(parts > 1);
    assert_int_equal(json_get_int(json_root(d), "samples", 0), told);
    assert_int_equal(ms, told / 16);
    pthread_mutex_lock(&c->lock);
    assert_int_equal(c->samples, told);
    pthread_mutex_unlock(&c->lock);
    json_doc_free(d);
    client_leave(c);
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

static void a_voice_that_fails_becomes_text(void **state)
{
    (void)state;
    world_tts_fails = true;
    struct live *l = world_start(10);
    struct client *c = client_connect(l, 1);
    client_start(c);
    struct json_doc *d = client_hear(c, "greeting");
    assert_int_equal(json_get_int(json_root(d), "samples", -1), 0);
    json_doc_free(d);
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
    assert_int_equal(live_sessions(l), 1);
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

static void captions_come_while_speaking(void **state)
{
    (void)state;
    struct live *l = world_start(10);
    struct client *c = to_first_answer(l, 1);
    client_sound(c, 1600, true);
    client_await(c, "input_audio_buffer.speech_started");
    atomic_fetch_add(&world_ms, 1300);
    struct json_doc *d = client_expect(c, "conversation.item.input_audio_transcription.delta");
    char item[64];
    snprintf(item, sizeof(item), "%s", json_get_string(json_root(d), "item_id", ""));
    json_doc_free(d);
    client_done(c);
    d = client_expect(c, "conversation.item.input_audio_transcription.completed");
    assert_string_equal(json_get_string(json_root(d), "item_id", ""), item);
    json_doc_free(d);
    client_leave(c);
    live_free(l);
}

static void silence_is_prompted_and_speech_stops_the_prompt(void **state)
{
    (void)state;
    struct live *l = world_start(10);
    struct client *c = to_first_answer(l, 1);
    client_sound(c, 5200, false);
    struct json_doc *d = client_expect(c, "utterance.created");
    assert_string_equal(json_get_string(json_root(d), "kind", ""), "prompt");
    json_doc_free(d);
    client_sound(c, 1000, true);
    client_await(c, "utterance.cancelled");
    client_done(c);
    client_await(c, "answer.ended");
    struct world_session w = world_read(1);
    const char *question = strstr(w.answers[1].asked, "What did you build?");
    assert_non_null(question); /* asked before the answer began, after the greeting */
    assert_ptr_equal(strstr(w.answers[1].asked, "Hello Ada"), w.answers[1].asked);
    assert_non_null(strstr(question, "Take your time. I am listening."));
    client_leave(c);
    live_free(l);
}

static void repeat_asks_again(void **state)
{
    (void)state;
    struct live *l = world_start(10);
    struct client *c = to_first_answer(l, 1);
    client_send(c, "{\"type\":\"question.repeat\"}");
    free_hear(c, "question");
    free_started(c);
    client_leave(c);
    live_free(l);
}

static void replicas_begin(struct live **here, struct live **there)
{
    static const uint8_t salt[32] = {1};
    struct cache_options o = {.salt = salt, .clock = &clock_system};
    struct error err;
    assert_int_equal(cache_new(&o, &world_cache, &err), STATUS_OK);
    *here = world_start(10);
    *there = world_start(10);
}

static void replicas_end(struct live *here, struct live *there)
{
    live_free(here);
    live_free(there);
    world_cache = cache_free(world_cache);
}

/* The client comes back at another replica: the old connection ends there with 4409, what it heard is stored, the new
 * one goes on; the old replica keeps nothing. */
static void another_replica_takes_a_session_over(void **state)
{
    (void)state;
    struct live *here, *there;
    replicas_begin(&here, &there);
    struct client *a = to_first_answer(here, 1);
    speak_and_pause(a);
    struct client *b = client_connect(there, 1);
    client_expect_close(a, 4409);
    client_leave(a);
    struct json_doc *d = client_expect(b, "session.created");
    assert_true(json_get_bool(json_root(d), "resumed", false));
    json_doc_free(d);
    client_start(b);
    free_started(b);
    for (int i = 0; live_sessions(here) > 0 && i < 4000; i++)
        poll(NULL, 0, 5);
    assert_int_equal(live_sessions(here), 0);
    assert_int_equal(world_read(1).answers[1].pieces, 1);
    assert_int_equal(live_sessions(there), 1);
    client_done(b);
    client_await(b, "answer.ended");
    client_leave(b);
    replicas_end(here, there);
}

/* A message that comes late tells of a connection older than the one that is here: it ends nothing. */
static void a_late_message_ends_no_newer_connection(void **state)
{
    (void)state;
    struct live *here, *there;
    char id[ID_TEXT_SIZE], message[128];
    replicas_begin(&here, &there);
    client_leave(client_connect(there, 1)); /* number 1 */
    struct client *a = to_first_answer(here, 1);
    id_format(world_id(1), id);
    snprintf(message, sizeof(message), "opened %s another 1", id);
    cache_publish(world_cache, "live", message);
    cache_publish(world_cache, "live", "nonsense");
    cache_publish(world_cache, "live", "opened x y 9");
    client_send(a, "{\"type\":\"ping\",\"t\":5}");
    client_await(a, "pong");
    snprintf(message, sizeof(message), "opened %s another 99", id);
    cache_publish(world_cache, "live", message);
    client_expect_close(a, 4409);
    client_leave(a);
    replicas_end(here, there);
}

static void an_answer_over_another_replica_s_rest_moves_the_conversation_on(void **state)
{
    (void)state;
    struct live *here, *there;
    replicas_begin(&here, &there);
    struct client *c = to_first_answer(here, 1);
    pthread_mutex_lock(&world_lock);
    world_db[1].answers[1].open = false;
    world_db[1].answers[1].ended = true;
    pthread_mutex_unlock(&world_lock);
    live_session_changed(there, world_id(1));
    struct json_doc *d = client_hear(c, "question");
    assert_int_equal(json_get_int(json_root(d), "position", 0), 2);
    json_doc_free(d);
    client_leave(c);
    replicas_end(here, there);
}

static void an_answer_over_rest_moves_the_conversation_on(void **state)
{
    (void)state;
    struct live *l = world_start(10);
    struct client *c = to_first_answer(l, 1);
    pthread_mutex_lock(&world_lock);
    world_db[1].answers[1].open = false;
    world_db[1].answers[1].ended = true;
    pthread_mutex_unlock(&world_lock);
    live_session_changed(l, world_id(1));
    struct json_doc *d = client_hear(c, "question");
    assert_int_equal(json_get_int(json_root(d), "position", 0), 2);
    json_doc_free(d);
    free_started(c);
    /* and without being told: the button finds it out */
    pthread_mutex_lock(&world_lock);
    world_db[1].answers[2].open = false;
    world_db[1].answers[2].ended = true;
    pthread_mutex_unlock(&world_lock);
    client_done(c);
    free_hear(c, "farewell");
    client_await(c, "session.completed");
    client_leave(c);
    live_free(l);
}

static void microphone(struct client *c, bool there, bool muted)
{
    client_send(c, "{\"type\":\"mic.state\",\"microphone\":%s,\"muted\":%s}", there ? "true" : "false",
                muted ? "true" : "false");
}

/* Everything up to here was worked through, and nothing of this type came of it. */
static void expect_none(struct client *c, const char *type)
{
    client_send(c, "{\"type\":\"ping\",\"t\":5}");
    for (bool pong = false; !pong;) {
        struct json_doc *d = client_next(c);
        const char *got = json_get_string(json_root(d), "type", "");
        if (strcmp(got, type) == 0)
            fail_msg("%s came", type);
        pong = strcmp(got, "pong") == 0;
        json_doc_free(d);
    }
}

/* The times of what is understood next. */
static void expect_said(struct client *c, int64_t start_ms, int64_t end_ms)
{
    struct json_doc *d = client_expect(c, "conversation.item.input_audio_transcription.completed");
    int64_t start = json_get_int(json_root(d), "start_ms", -1), end = json_get_int(json_root(d), "end_ms", -1);
    assert_in_range(start, start_ms - 40, start_ms + 40);
    assert_in_range(end, end_ms - 60, end_ms + 60);
    json_doc_free(d);
}

static void a_mute_is_no_pause_and_time_goes_on_in_it(void **state)
{
    (void)state;
    struct live *l = world_start(10);
    struct client *c = to_first_answer(l, 1);
    client_sound(c, 300, false);
    client_sound(c, 1000, true);
    microphone(c, true, true);
    client_sound(c, 3700, false);
    expect_said(c, 300, 1300); /* what came before the mute is not lost */
    expect_none(c, "answer.ended");
    client_sound(c, 5000, false);
    expect_none(c, "utterance.created"); /* nor a prompt */
    microphone(c, true, false);
    client_sound(c, 500, false);
    expect_none(c, "answer.ended");
    client_sound(c, 1000, true);
    client_sound(c, 1800, false);
    expect_said(c, 10500, 11500);
    client_await(c, "answer.ended");
    client_leave(c);
    live_free(l);
}

static void who_comes_back_muted_is_not_rushed(void **state)
{
    (void)state;
    struct live *l = world_start(10);
    struct client *c = to_first_answer(l, 1);
    microphone(c, true, true);
    client_leave(c);
    c = client_connect(l, 1);
    client_start(c);
    microphone(c, true, true);
    free_started(c);
    client_sound(c, 8000, false);
    expect_none(c, "utterance.created");
    client_leave(c);
    live_free(l);
}

static void a_microphone_that_was_lost_is_on_time_again(void **state)
{
    (void)state;
    struct live *l = world_start(10);
    struct client *c = to_first_answer(l, 1);
    client_sound(c, 300, false);
    client_sound(c, 1000, true);
    microphone(c, false, false);
    expect_said(c, 300, 1300);
    client_sound(c, 20, false); /* was still on its way */
    atomic_fetch_add(&world_ms, 60000);
    microphone(c, true, false);
    client_sound(c, 500, false);
    client_sound(c, 1000, true);
    client_sound(c, 700, false);
    expect_said(c, 60500, 61500);
    client_leave(c);
    live_free(l);
}

/* The recording's segments carry how long after the answer's start they begin, which the client works out from
 * answer.started's elapsed_ms. What is said must have its time on the same scale. */
static void times_are_the_answers_own_after_a_reload(void **state)
{
    (void)state;
    struct live *l = world_start(10);
    struct client *c = to_first_answer(l, 1);
    client_sound(c, 300, false);
    client_sound(c, 1000, true);
    client_sound(c, 800, false);
    expect_said(c, 300, 1300);
    for (int reload = 0; reload < 3; reload++) {
        client_leave(c);
        if (reload == 1) { /* the server too */
            live_free(l);
            l = world_start(10);
        }
        atomic_fetch_add(&world_ms, 7300);
        c = client_connect(l, 1);
        client_start(c);
        struct json_doc *d = client_answer_started(c);
        int64_t elapsed = json_get_int(json_root(d), "elapsed_ms", 0);
        assert_int_equal(elapsed, 7300 * (reload + 1) + 250 * reload);
        json_doc_free(d);
        atomic_fetch_add(&world_ms, 250); /* until the microphone is open */
        world_say("and then");
        client_sound(c, 300, false);
        client_sound(c, 1000, true);
        client_sound(c, 800, false);
        expect_said(c, elapsed + 250 + 300, elapsed + 250 + 1300);
    }
    client_leave(c);
    live_free(l);
}

static void who_stops_for_now_is_left_alone_and_comes_back(void **state)
{
    (void)state;
    struct live *l = world_start(10);
    struct client *c = to_first_answer(l, 1);
    world_say("The first half and");
    client_sound(c, 1000, true);
    client_await(c, "input_audio_buffer.speech_started");
    client_leave(c); /* in the middle of a word; it is kept for a while */
    while (world_read(1).answers[1].pieces == 0) {
        atomic_fetch_add(&world_ms, 100);
        sched_yield();
    }
    for (int minute = 0; minute < 30; minute++) {
        atomic_fetch_add(&world_ms, 60000);
        sched_yield();
    }
    assert_true(world_read(1).answers[1].open);
    struct world_session w = world_read(1);
    assert_null(strstr(w.answers[1].asked, "Take your time"));
    c = client_connect(l, 1);
    struct json_doc *d = client_expect(c, "session.created");
    assert_true(json_get_bool(json_root(d), "resumed", false));
    assert_int_equal(json_get_int(json_root(d), "position", 0), 1);
    json_doc_free(d);
    client_start(c);
    d = client_next(c);
    while (strcmp(json_get_string(json_root(d), "type", ""), "answer.started") != 0) {
        assert_string_not_equal(json_get_string(json_root(d), "type", ""), "utterance.created");
        json_doc_free(d);
        d = client_next(c);
    }
    assert_true(json_get_bool(json_root(d), "resumed", false));
    assert_true(json_get_int(json_root(d), "elapsed_ms", 0) >= 30 * 60000);
    json_doc_free(d);
    world_say("the second.");
    speak_and_pause(c);
    expect_ended(c, "endpoint", "The first half and the second.");
    client_leave(c);
    live_free(l);
}

static int64_t heard_until(struct client *c)
{
    struct json_doc *d = client_answer_started(c);
    int64_t heard = json_get_int(json_root(d), "heard_ms", -1);
    assert_true(json_get_bool(json_root(d), "resumed", false));
    json_doc_free(d);
    return heard;
}

static struct client *come_back(struct live *l)
{
    struct client *c = client_connect(l, 1);
    client_start(c);
    return c;
}

/* The client sends on what it kept from where the server heard it last: one piece, its times as it was said. */
static void a_word_that_the_network_cut_is_one_word(void **state)
{
    (void)state;
    struct live *l = world_start(10);
    struct client *c = to_first_answer(l, 1);
    client_sound(c, 300, false);
    client_sound(c, 1000, true);
    client_await(c, "input_audio_buffer.speech_started");
    client_leave(c);
    atomic_fetch_add(&world_ms, 10000);
    c = come_back(l);
    int64_t heard = heard_until(c);
    assert_int_equal(heard, 1300);
    client_send(c, "{\"type\":\"input_audio_buffer.position\",\"answer_id\":\"%s\",\"at_ms\":%d}", c->answer,
                (int)heard);
    client_sound(c, 1500, true);
    client_await(c, "input_audio_buffer.speech_started");
    client_sound(c, 800, false);
    expect_said(c, 300, 2800);
    assert_int_equal(world_read(1).answers[1].pieces, 1);
    client_leave(c);
    live_free(l);
}

/* Noted once each, and not for who leaves with a good-bye or comes in for the first time. */
static void a_lost_connection_is_noted(void **state)
{
    (void)state;
    struct live *l = world_start(10);
    struct client *c = to_first_answer(l, 1);
    client_leave(c);
    c = come_back(l);
    heard_until(c);
    c->closed = 1000;
    client_leave(c); /* a pause */
    c = come_back(l);
    heard_until(c);
    live_free(l);
    client_expect_close(c, 1012);
    client_leave(c);
    pthread_mutex_lock(&world_lock);
    assert_int_equal(world_noted, 3);
    assert_string_equal(world_notes[0], "");
    assert_string_equal(world_notes[1], "back");
    assert_string_equal(world_notes[2], "the server restarted");
    pthread_mutex_unlock(&world_lock);
}

/* What the client could not keep is missing, at its place. */
static void what_was_lost_in_a_long_drop_is_a_gap(void **state)
{
    (void)state;
    struct live *l = world_start(10);
    struct client *c = to_first_answer(l, 1);
    client_sound(c, 300, false);
    client_sound(c, 1000, true);
    client_await(c, "input_audio_buffer.speech_started");
    client_leave(c);
    c = come_back(l);
    assert_int_equal(heard_until(c), 1300);
    client_send(c, "{\"type\":\"input_audio_buffer.position\",\"answer_id\":\"%s\",\"at_ms\":31300}", c->answer);
    client_sound(c, 1000, true);
    client_sound(c, 800, false);
    expect_said(c, 300, 1300);
    expect_said(c, 31300, 32300);
    client_leave(c);
    live_free(l);
}

/* After a crash the database knows how far: what is stored is not said twice, what is not comes again. */
static void after_a_restart_sound_is_wanted_from_what_is_stored(void **state)
{
    (void)state;
    struct live *l = world_start(10);
    struct client *c = to_first_answer(l, 1);
    client_sound(c, 300, false);
    client_sound(c, 1000, true);
    client_sound(c, 800, false);
    expect_said(c, 300, 1300);
    client_leave(c);
    live_free(l);
    atomic_fetch_add(&world_ms, 9000);
    l = world_start(10);
    c = come_back(l);
    int64_t heard = heard_until(c);
    assert_in_range(heard, 1280, 1340);
    client_send(c, "{\"type\":\"input_audio_buffer.position\",\"answer_id\":\"%s\",\"at_ms\":2000}", c->answer);
    client_sound(c, 1000, true);
    client_sound(c, 800, false);
    expect_said(c, 2000, 3000);
    client_leave(c);
    live_free(l);
}

/* Silence in what comes late is not the end of the answer: nobody could be answered meanwhile. */
static void whoever_waited_for_the_network_is_not_cut_short(void **state)
{
    (void)state;
    struct live *l = world_start(10);
    struct client *c = to_first_answer(l, 1);
    client_sound(c, 300, false);
    client_sound(c, 1000, true);
    client_sound(c, 800, false);
    expect_said(c, 300, 1300);
    client_leave(c);
    atomic_fetch_add(&world_ms, 12000);
    c = come_back(l);
    client_send(c, "{\"type\":\"input_audio_buffer.position\",\"answer_id\":\"%s\",\"at_ms\":%d}", c->answer,
                (int)heard_until(c));
    client_sound(c, 8000, false);
    world_say("and more.");
    client_sound(c, 1000, true);
    client_sound(c, 700, false);
    expect_said(c, 10100, 11100);
    assert_true(world_read(1).answers[1].open);
    client_sound(c, 3000, false); /* now it is */
    client_await(c, "answer.ended");
    client_leave(c);
    live_free(l);
}

static void a_silent_client_is_taken_for_gone(void **state)
{
    (void)state;
    struct live *l = world_start(10);
    struct client *c = to_first_answer(l, 1);
    client_send(c, "{\"type\":\"ping\",\"t\":5}");
    client_await(c, "pong");
    atomic_fetch_add(&world_ms, 46000);
    client_expect_close(c, 1001);
    client_leave(c);
    live_free(l);
}

/* ---- over the interviewer's speech ---- */

/* The next utterance, of which a part has been heard. */
static int begin_to_hear(struct client *c, const char *kind)
{
    struct json_doc *d = client_expect(c, "utterance.created");
    assert_string_equal(json_get_string(json_root(d), "kind", ""), kind);
    int id = (int)json_get_int(json_root(d), "utterance_id", 0);
    json_doc_free(d);
    client_send(c, "{\"type\":\"playback.started\",\"utterance_id\":%d}", id);
    client_sound(c, 400, false);
    return id;
}

static void expect_of(struct client *c, const char *type, int utterance)
{
    struct json_doc *d = client_expect(c, type);
    assert_int_equal(json_get_int(json_root(d), "utterance_id", 0), utterance);
    json_doc_free(d);
}

static void whoever_speaks_over_a_question_is_heard_from_the_first_word(void **state)
{
    (void)state;
    struct live *l = world_start(10);
    struct client *c = client_connect(l, 1);
    client_start(c);
    free_hear(c, "greeting");
    int id = begin_to_hear(c, "question");
    for (int i = 0; i < 3; i++) /* a caption, the guess, and what more */
        world_say("I would say so.");
    client_sound(c, 1000, true);
    expect_of(c, "utterance.paused", id);
    atomic_fetch_add(&world_ms, 3000);
    client_sound(c, 800, false);
    expect_of(c, "utterance.cancelled", id);
    struct json_doc *d = client_answer_started(c);
    assert_false(json_get_bool(json_root(d), "resumed", true));
    assert_true(json_get_int(json_root(d), "elapsed_ms", 0) > 1000);
    json_doc_free(d);
    d = client_expect(c, "conversation.item.input_audio_transcription.completed");
    assert_string_equal(json_get_string(json_root(d), "transcript", ""), "I would say so.");
    assert_int_equal(json_get_int(json_root(d), "start_ms", -1), 300);
    json_doc_free(d);
    client_done(c);
    expect_ended(c, "done_button", "I would say so.");
    client_leave(c);
    live_free(l);
}

static void a_back_channel_over_a_question_only_makes_it_wait(void **state)
{
    (void)state;
    struct live *l = world_start(10);
    struct client *c = client_connect(l, 1);
    client_start(c);
    free_hear(c, "greeting");
    int id = begin_to_hear(c, "question");
    world_say("Mhm.");
    client_sound(c, 300, true);
    expect_of(c, "utterance.paused", id);
    client_sound(c, 800, false);
    expect_of(c, "utterance.resumed", id);
    client_send(c, "{\"type\":\"playback.finished\",\"utterance_id\":%d}", id);
    free_started(c);
    speak_and_pause(c);
    expect_ended(c, "endpoint", "We tested it.");
    client_leave(c);
    live_free(l);
}

static void whoever_goes_on_after_the_end_gets_the_answer_back(void **state)
{
    (void)state;
    struct live *l = world_start(10);
    struct client *c = to_first_answer(l, 1);
    speak_and_pause(c);
    expect_ended(c, "endpoint", "We tested it.");
    int id = begin_to_hear(c, "question");
    world_say("And then we shipped it.");
    client_sound(c, 1000, true);
    expect_of(c, "utterance.paused", id);
    client_sound(c, 800, false);
    expect_of(c, "utterance.cancelled", id);
    struct json_doc *d = client_expect(c, "answer.started");
    assert_true(json_get_bool(json_root(d), "resumed", false));
    assert_int_equal(json_get_int(json_root(d), "position", 0), 1);
    assert_string_equal(json_get_string(json_root(d), "answer_id", ""), c->answer);
    json_doc_free(d);
    client_sound(c, 2000, false);
    expect_ended(c, "endpoint", "We tested it. And then we shipped it.");
    d = client_hear(c, "question");
    assert_int_equal(json_get_int(json_root(d), "position", 0), 2);
    json_doc_free(d);
    free_started(c);
    client_leave(c);
    live_free(l);
    assert_int_equal(world_read(1).answers[1].reopened, 1);
}

static void says_in(struct client *c, const char *language)
{
    pthread_mutex_lock(&world_lock);
    snprintf(world_sounds_like, sizeof(world_sounds_like), "%s", language);
    pthread_mutex_unlock(&world_lock);
    world_say("We tested it and");
    client_sound(c, 3500, true);
    client_sound(c, 800, false);
    client_await(c, "conversation.item.input_audio_transcription.completed");
}

/* One piece may be a mistake, and nobody needs to be told twice. */
static void another_language_is_told_once_when_two_pieces_sound_so(void **state)
{
    (void)state;
    struct live *l = world_start(10);
    struct client *c = to_first_answer(l, 1);
    says_in(c, "de");
    expect_none(c, "error");
    says_in(c, "");
    says_in(c, "de");
    expect_none(c, "error");
    pthread_mutex_lock(&world_lock);
    snprintf(world_sounds_like, sizeof(world_sounds_like), "de");
    pthread_mutex_unlock(&world_lock);
    world_say("We tested it and");
    client_sound(c, 3500, true);
    client_sound(c, 800, false);
    struct json_doc *d = client_expect(c, "error");
    assert_string_equal(json_get_string(json_root(d), "code", ""), "other_language");
    assert_non_null(strstr(json_get_string(json_root(d), "message", ""), "sounded like German."));
    assert_non_null(strstr(json_get_string(json_root(d), "message", ""), "in English:"));
    assert_false(json_get_bool(json_root(d), "fatal", true));
    json_doc_free(d);
    says_in(c, "de");
    says_in(c, "");
    says_in(c, "fr");
    says_in(c, "fr");
    expect_none(c, "error");
    client_leave(c);
    live_free(l);
}

/* ---- while its rest is being made ---- */

/* The greeting's first sentence is heard, and no more of it is made. */
static struct client *hear_beginning(struct live *l, int *id)
{
    world_tts_hold(true, false);
    struct client *c = client_connect(l, 1);
    client_start(c);
    *id = begin_to_hear(c, "greeting");
    return c;
}

static void what_is_said_begins_before_all_of_it_is_made(void **state)
{
    (void)state;
    int id = 0;
    struct live *l = world_start(10);
    struct client *c = hear_beginning(l, &id);
    atomic_fetch_add(&world_ms, 8000); /* longer than the beginning lasts: the rest is waited for */
    client_sound(c, 400, false);
    expect_none(c, "state");
    world_tts_hold(false, false);
    expect_of(c, "utterance.part", id);
    expect_of(c, "utterance.audio.done", id);
    client_send(c, "{\"type\":\"playback.finished\",\"utterance_id\":%d}", id);
    free_hear(c, "question");
    free_started(c);
    assert_non_null(strstr(world_read(1).answers[1].asked, "Hello Ada"));
    client_leave(c);
    live_free(l);
}

static void what_is_stopped_while_it_is_made_goes_on_with_its_rest(void **state)
{
    (void)state;
    int id = 0;
    struct live *l = world_start(10);
    struct client *c = hear_beginning(l, &id);
    world_say("Mhm.");
    client_sound(c, 300, true);
    expect_of(c, "utterance.paused", id);
    world_tts_hold(false, false);
    expect_of(c, "utterance.part", id); /* kept by the client for when it goes on */
    client_sound(c, 800, false);
    expect_of(c, "utterance.resumed", id);
    client_send(c, "{\"type\":\"playback.finished\",\"utterance_id\":%d}", id);
    free_hear(c, "question");
    client_leave(c);
    live_free(l);
}

static void what_is_cancelled_while_it_is_made_is_sent_no_further(void **state)
{
    (void)state;
    struct live *l = world_start(10);
    struct client *c = client_connect(l, 1);
    client_start(c);
    free_hear(c, "greeting");
    free_hear(c, "question");
    free_started(c);
    client_await(c, "state"); /* listening: what is rendered ahead is asked for */
    assert_true(speech_line_wait_idle(live_speech(l), 20000));
    world_tts_hold(true, false);
    client_send(c, "{\"type\":\"question.rephrase\"}");
    int id = begin_to_hear(c, "question");
    client_send(c, "{\"type\":\"question.rephrase\"}"); /* anew */
    expect_of(c, "utterance.cancelled", id);
    int again = begin_to_hear(c, "question");
    assert_int_not_equal(again, id);
    world_tts_hold(false, false);
    expect_of(c, "utterance.part", again);
    expect_of(c, "utterance.audio.done", again);
    client_leave(c);
    live_free(l);
}

/* ---- follow-ups ---- */

static void expect_number(const struct json_doc *d, const char *name, int64_t wanted)
{
    assert_int_equal(json_get_int(json_root(d), name, -1), wanted);
}

/* The world's point is missed until the answer says "ended". */
static void what_was_left_out_is_asked_within_the_answer(void **state)
{
    (void)state;
    world_follow_ups = 1;
    struct live *l = world_start(10);
    struct client *c = to_first_answer(l, 1);
    speak_and_pause(c);
    struct json_doc *d = client_hear(c, "question");
    assert_string_equal(json_get_string(json_root(d), "question", ""), WORLD_FOLLOW_UP);
    assert_string_equal(json_get_string(json_root(d), "text", ""), "Thank you. " WORLD_FOLLOW_UP);
    expect_number(d, "position", 1);
    expect_number(d, "follow_up", 1);
    json_doc_free(d);
    d = client_expect(c, "answer.started");
    assert_string_equal(json_get_string(json_root(d), "answer_id", ""), c->answer);
    assert_true(json_get_bool(json_root(d), "resumed", false));
    expect_number(d, "follow_up", 1);
    json_doc_free(d);
    world_say("It ended there.");
    speak_and_pause(c);
    expect_ended(c, "endpoint", "We tested it. It ended there.");
    d = client_hear(c, "question");
    assert_string_equal(json_get_string(json_root(d), "question", ""), "What went wrong?");
    expect_number(d, "follow_up", 0);
    json_doc_free(d);
    free_started(c);
    client_leave(c);
    live_free(l);
    struct world_session w = world_read(1);
    assert_int_equal(w.answers[1].n_asked, 1);
    assert_int_equal(w.answers[1].mode, ANSWER_VOICE);
    assert_non_null(strstr(w.answers[1].asked, WORLD_FOLLOW_UP));
    assert_int_equal(world_choices, 1); /* what was chosen ahead holds; where there may be no more, none is chosen */
}

static void what_leaves_nothing_out_is_not_followed_up(void **state)
{
    (void)state;
    world_follow_ups = 1;
    struct live *l = world_start(10);
    struct client *c = to_first_answer(l, 1);
    world_say("It ended there.");
    speak_and_pause(c);
    expect_ended(c, "endpoint", "It ended there.");
    client_leave(c);
    live_free(l);
    assert_int_equal(world_read(1).answers[1].n_asked, 0);
    assert_true(world_choices > 0);
}

/* Both parts are kept in their order, the follow-up between them. */
static void what_is_typed_is_followed_up_too(void **state)
{
    (void)state;
    world_follow_ups = 1;
    struct live *l = world_start(10);
    struct client *c = to_first_answer(l, 1);
    client_send(c, "{\"type\":\"answer.text\",\"answer_id\":\"%s\",\"text\":\"We built it.\"}", c->answer);
    client_await(c, "conversation.item.input_audio_transcription.completed"); /* it is stored */
    free_hear(c, "question");
    client_await(c, "answer.started");
    client_send(c, "{\"type\":\"answer.text\",\"answer_id\":\"%s\",\"text\":\"In May.\"}", c->answer);
    expect_ended(c, "text", "We built it.\nIn May.");
    client_leave(c);
    live_free(l);
    assert_int_equal(world_read(1).answers[1].mode, ANSWER_TEXT);
    assert_int_equal(world_read(1).answers[1].n_asked, 1);
}

/* Its place in the transcript is where it would have been said. */
static void what_is_typed_before_the_follow_up_is_said_comes_after_it(void **state)
{
    (void)state;
    world_follow_ups = 1;
    struct live *l = world_start(10);
    struct client *c = to_first_answer(l, 1);
    client_await(c, "state"); /* listening: what is rendered ahead is asked for */
    assert_true(speech_line_wait_idle(live_speech(l), 20000));
    world_tts_hold(false, true);
    client_send(c, "{\"type\":\"answer.text\",\"answer_id\":\"%s\",\"text\":\"We built it.\"}", c->answer);
    struct json_doc *d = client_expect(c, "state");
    while (strcmp(json_get_string(json_root(d), "state", ""), "asking") != 0) {
        json_doc_free(d);
        d = client_expect(c, "state");
    }
    json_doc_free(d);
    client_send(c, "{\"type\":\"answer.text\",\"answer_id\":\"%s\",\"text\":\"In May.\"}", c->answer);
    expect_ended(c, "text", "We built it.\nIn May.");
    world_tts_hold(false, false);
    client_leave(c);
    live_free(l);
    struct world_session w = world_read(1);
    assert_int_equal(w.answers[1].n_asked, 1);
    assert_true(w.answers[1].asked_ms >= 0);
}

static void whoever_goes_on_takes_the_follow_up_back(void **state)
{
    (void)state;
    world_follow_ups = 1;
    struct live *l = world_start(10);
    struct client *c = to_first_answer(l, 1);
    speak_and_pause(c);
    int id = begin_to_hear(c, "question");
    world_say("And in the end it ended there.");
    client_sound(c, 1000, true);
    expect_of(c, "utterance.paused", id);
    client_sound(c, 800, false);
    expect_of(c, "utterance.cancelled", id);
    struct json_doc *d = client_expect(c, "answer.started");
    expect_number(d, "follow_up", 0);
    json_doc_free(d);
    client_sound(c, 2000, false);
    expect_ended(c, "endpoint", "We tested it. And in the end it ended there.");
    client_leave(c);
    live_free(l);
    assert_int_equal(world_read(1).answers[1].n_asked, 0);
}

/* After a restart it is asked again when nothing was said to it yet, and counts once. */
static void a_restart_within_a_follow_up_loses_nothing(void **state)
{
    (void)state;
    world_follow_ups = 1;
    struct live *l = world_start(10);
    struct client *c = to_first_answer(l, 1);
    speak_and_pause(c);
    free_hear(c, "question");
    client_await(c, "answer.started");
    live_free(l);
    client_expect_close(c, 1012);
    client_leave(c);
    l = world_start(10);
    c = client_connect(l, 1);
    client_start(c);
    struct json_doc *d = client_hear(c, "question");
    assert_string_equal(json_get_string(json_root(d), "question", ""), WORLD_FOLLOW_UP);
    expect_number(d, "follow_up", 1);
    json_doc_free(d);
    free_started(c);
    world_say("Well enough.");
    speak_and_pause(c);
    expect_ended(c, "endpoint", "We tested it. Well enough.");
    client_leave(c);
    live_free(l);
    assert_int_equal(world_read(1).answers[1].n_asked, 1);
}

static void a_repeated_follow_up_is_the_follow_up(void **state)
{
    (void)state;
    world_follow_ups = 1;
    struct live *l = world_start(10);
    struct client *c = to_first_answer(l, 1);
    speak_and_pause(c);
    free_hear(c, "question");
    client_await(c, "answer.started");
    client_send(c, "{\"type\":\"question.repeat\"}");
    struct json_doc *d = client_hear(c, "question");
    assert_string_equal(json_get_string(json_root(d), "text", ""), WORLD_FOLLOW_UP);
    json_doc_free(d);
    client_await(c, "answer.started");
    client_send(c, "{\"type\":\"question.rephrase\"}");
    d = client_hear(c, "question");
    assert_non_null(strstr(json_get_string(json_root(d), "text", ""), "A few words are enough."));
    json_doc_free(d);
    client_await(c, "answer.started");
    client_done(c);
    expect_ended(c, "done_button", "We tested it.");
    client_leave(c);
    live_free(l);
    assert_int_equal(world_read(1).answers[1].n_asked, 1);
}

#define test(f) cmocka_unit_test_setup(f, world_reset)

int main(void)
{
    const struct CMUnitTest tests[] = {
        test(an_interview_from_greeting_to_farewell),
        test(sound_arrives_whole),
        test(many_interviews_side_by_side),
        test(a_new_connection_replaces_the_old_one),
        test(a_restart_of_the_server_loses_nothing),
        test(a_dropped_question_is_asked_again_without_greeting),
        test(without_engines_answers_are_typed_and_questions_read),
        test(a_voice_that_fails_becomes_text),
        test(too_many_interviews_are_refused),
        test(malformed_messages_are_answered_then_end_it),
        test(a_flood_ends_the_connection),
        test(storing_that_fails_is_tried_again),
        test(a_finished_interview_is_over),
        test(an_interview_that_is_closed_meanwhile_is_over),
        test(captions_come_while_speaking),
        test(silence_is_prompted_and_speech_stops_the_prompt),
        test(repeat_asks_again),
        test(another_replica_takes_a_session_over),
        test(a_late_message_ends_no_newer_connection),
        test(an_answer_over_another_replica_s_rest_moves_the_conversation_on),
        test(an_answer_over_rest_moves_the_conversation_on),
        test(a_mute_is_no_pause_and_time_goes_on_in_it),
        test(who_comes_back_muted_is_not_rushed),
        test(a_microphone_that_was_lost_is_on_time_again),
        test(times_are_the_answers_own_after_a_reload),
        test(who_stops_for_now_is_left_alone_and_comes_back),
        test(a_word_that_the_network_cut_is_one_word),
        test(a_lost_connection_is_noted),
        test(what_was_lost_in_a_long_drop_is_a_gap),
        test(after_a_restart_sound_is_wanted_from_what_is_stored),
        test(whoever_waited_for_the_network_is_not_cut_short),
        test(a_silent_client_is_taken_for_gone),
        test(whoever_speaks_over_a_question_is_heard_from_the_first_word),
        test(a_back_channel_over_a_question_only_makes_it_wait),
        test(whoever_goes_on_after_the_end_gets_the_answer_back),
        test(another_language_is_told_once_when_two_pieces_sound_so),
        test(what_is_said_begins_before_all_of_it_is_made),
        test(what_is_stopped_while_it_is_made_goes_on_with_its_rest),
        test(what_is_cancelled_while_it_is_made_is_sent_no_further),
        test(what_was_left_out_is_asked_within_the_answer),
        test(what_leaves_nothing_out_is_not_followed_up),
        test(what_is_typed_is_followed_up_too),
        test(what_is_typed_before_the_follow_up_is_said_comes_after_it),
        test(whoever_goes_on_takes_the_follow_up_back),
        test(a_restart_within_a_follow_up_loses_nothing),
        test(a_repeated_follow_up_is_the_follow_up),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
