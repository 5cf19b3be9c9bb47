/* What is heard of the candidate, with mutes and losses of the network in it: through the hub, over fake wires. */
#include "interview.h"

static void await_revision(void)
{
    pthread_mutex_lock(&world_lock);
    while (world_revisions == 0)
        pthread_cond_wait(&world_changed, &world_lock);
    pthread_mutex_unlock(&world_lock);
}

/* Two pieces, a pause of a second between them. */
static void say_in_two_pieces(struct client *c)
{
    client_sound(c, 300, false);
    client_sound(c, 1000, true);
    client_sound(c, 700, false);
    json_doc_free(client_expect(c, "conversation.item.input_audio_transcription.completed"));
    client_sound(c, 300, false);
    client_sound(c, 1000, true);
    client_sound(c, 2000, false);
    json_doc_free(client_expect(c, "conversation.item.input_audio_transcription.completed"));
}

static void an_answer_that_has_ended_is_heard_once_more_as_a_whole(void **state)
{
    (void)state;
    struct live *l = world_start(10);
    struct client *c = to_first_answer(l, 1);
    world_say_surely("Reply the", 0.5);
    world_say_surely("key did.", 0.5);
    world_say_surely("Replied he who did.", 0.8);
    say_in_two_pieces(c);
    expect_ended(c, "endpoint", "Reply the key did.");
    await_revision();
    assert_string_equal(world_read(1).answers[1].said, "Replied he who did.");
    assert_int_equal(world_transcriptions, 3);
    client_leave(c);
    live_free(l);
}

static void what_is_believed_less_as_a_whole_stays(void **state)
{
    (void)state;
    struct live *l = world_start(10);
    struct client *c = to_first_answer(l, 1);
    world_say_surely("We moved", 0.8);
    world_say_surely("all of it.", 0.8);
    world_say_surely("We moved on, alas.", 0.7);
    say_in_two_pieces(c);
    free_hear(c, "question");
    free_started(c);
    world_say("It failed.");
    say_in_two_pieces(c);
    assert_int_equal(world_revisions, 0);
    assert_string_equal(world_read(1).answers[1].said, "We moved all of it.");
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

static void microphone(struct client *c, bool there, bool muted)
{
    client_send(c, "{\"type\":\"mic.state\",\"microphone\":%s,\"muted\":%s}", there ? "true" : "false",
                muted ? "true" : "false");
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

#define test(f) cmocka_unit_test_setup(f, world_reset)

int main(void)
{
    const struct CMUnitTest tests[] = {
        test(an_answer_that_has_ended_is_heard_once_more_as_a_whole),
        test(what_is_believed_less_as_a_whole_stays),
        test(captions_come_while_speaking),
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
        test(another_language_is_told_once_when_two_pieces_sound_so),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
