/* What the interviewer says, and words over it: through the hub, over fake wires. */
#include "interview.h"
#include "live/session.h"

#include <math.h>

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

#define test(f) cmocka_unit_test_setup(f, world_reset)

int main(void)
{
    const struct CMUnitTest tests[] = {
        test(sound_arrives_whole),
        test(a_voice_that_fails_becomes_text),
        test(silence_is_prompted_and_speech_stops_the_prompt),
        test(repeat_asks_again),
        test(whoever_speaks_over_a_question_is_heard_from_the_first_word),
        test(a_back_channel_over_a_question_only_makes_it_wait),
        test(whoever_goes_on_after_the_end_gets_the_answer_back),
        test(what_is_said_begins_before_all_of_it_is_made),
        test(what_is_stopped_while_it_is_made_goes_on_with_its_rest),
        test(what_is_cancelled_while_it_is_made_is_sent_no_further),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
