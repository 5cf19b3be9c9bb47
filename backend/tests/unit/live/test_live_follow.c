/* Follow-ups: through the hub, over fake wires. */
#include "interview.h"
#include "live/session.h"

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

static void first_choice_is_stuck(bool stuck)
{
    pthread_mutex_lock(&world_lock);
    world_choice_stuck = stuck;
    pthread_cond_broadcast(&world_changed);
    pthread_mutex_unlock(&world_lock);
}

/* A machine that is slow to choose: what is said meanwhile is chosen for anew, and nothing waits for what is void. */
static void whoever_goes_on_while_it_is_chosen_is_heard_to_the_end(void **state)
{
    (void)state;
    world_follow_ups = 1;
    first_choice_is_stuck(true);
    struct live *l = world_start(10);
    struct client *c = to_first_answer(l, 1);
    speak_and_pause(c);
    client_await(c, "conversation.item.input_audio_transcription.completed"); /* it is chosen now */
    world_say("And then we shipped it and");
    client_sound(c, 1000, true);
    client_sound(c, 300, false);
    client_await(c, "answer.started"); /* goes on */
    world_say("And then we shipped it and it ended there.");
    client_sound(c, 1000, true);
    client_sound(c, 300, false);
    pthread_mutex_lock(&world_lock);
    while (world_choices < 2)
        pthread_cond_wait(&world_changed, &world_lock);
    pthread_mutex_unlock(&world_lock);
    first_choice_is_stuck(false);
    client_sound(c, 3000, false);
    expect_ended(c, "endpoint", "We tested it. And then we shipped it and it ended there.");
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
        test(what_was_left_out_is_asked_within_the_answer),
        test(what_leaves_nothing_out_is_not_followed_up),
        test(what_is_typed_is_followed_up_too),
        test(what_is_typed_before_the_follow_up_is_said_comes_after_it),
        test(whoever_goes_on_takes_the_follow_up_back),
        test(whoever_goes_on_while_it_is_chosen_is_heard_to_the_end),
        test(a_restart_within_a_follow_up_loses_nothing),
        test(a_repeated_follow_up_is_the_follow_up),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
