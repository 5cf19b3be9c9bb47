/* Hearing an answer, and when it is over. */
#include "scenario.h"

static void hanging_words_get_more_time(void **state)
{
    (void)state;
    to_first_answer(0);
    say("We moved the service because");
    silence(3900);
    assert_int_equal(e.state, ENGINE_LISTENING);
    silence(200);
    assert_int_equal(e.state, ENGINE_CLOSING);
}

static void done_phrase_ends_at_once(void **state)
{
    (void)state;
    to_first_answer(0);
    say("We moved the service. That's all.");
    assert_int_equal(e.state, ENGINE_CLOSING);
    end_is_stored(END_ENDPOINT);
}

static void repeat_phrase_asks_again_in_the_same_answer(void **state)
{
    (void)state;
    to_first_answer(0);
    say("Could you repeat the question?");
    assert_int_equal(e.state, ENGINE_ASKING);
    must(ACTION_STOP_LISTENING);
    on(.type = EV_FLUSHED);
    finish_speaking(LINE_QUESTION_AGAIN);
    assert_true(find(ACTION_LISTEN)->resumed);
    say("Now I know.");
    silence(1600);
    end_is_stored(END_ENDPOINT);
}

/* What may be a first word is known for one 160 ms later. */
static void who_may_have_begun_to_speak_is_waited_for(void **state)
{
    (void)state;
    to_first_answer(0);
    say("We moved the service and");
    silence(3900);
    assert_int_equal(e.state, ENGINE_LISTENING);
    for (int i = 0; i < 5; i++) {
        now += 32;
        audio += 32;
        on(.type = EV_AUDIO, .at_ms = audio, .in_word = true);
        assert_int_equal(e.state, ENGINE_LISTENING); /* the silence of one who hangs is over meanwhile */
    }
    silence(100); /* it was a noise */
    end_is_stored(END_ENDPOINT);
}

static void silence_is_prompted_twice_and_never_cut(void **state)
{
    (void)state;
    to_first_answer(0);
    silence(10100);
    finish_speaking(LINE_TAKE_YOUR_TIME);
    silence(20100);
    finish_speaking(LINE_GO_ON);
    silence(600000);
    assert_int_equal(e.state, ENGINE_LISTENING);
    assert_int_equal(e.utterance, 0);
}

static void thinking_aloud_is_not_an_answer(void **state)
{
    (void)state;
    to_first_answer(0);
    say("Um, good question, let me think.");
    silence(9900);
    assert_int_equal(e.state, ENGINE_LISTENING);
    silence(300);
    finish_speaking(LINE_TAKE_YOUR_TIME);
}

static void a_muted_microphone_is_not_prompted(void **state)
{
    (void)state;
    to_first_answer(0);
    silence(9000);
    on(.type = EV_MICROPHONE, .microphone = true, .muted = true);
    silence(60000);
    assert_int_equal(e.utterance, 0);
    on(.type = EV_MICROPHONE, .microphone = true);
    silence(9900); /* whatever was silent before does not count */
    assert_int_equal(e.utterance, 0);
    silence(300);
    finish_speaking(LINE_TAKE_YOUR_TIME);
}

static void a_muted_answer_does_not_end(void **state)
{
    (void)state;
    to_first_answer(0);
    say("We moved the service.");
    silence(1000);
    on(.type = EV_MICROPHONE, .microphone = true, .muted = true);
    silence(60000);
    assert_int_equal(e.state, ENGINE_LISTENING);
    on(.type = EV_MICROPHONE, .microphone = true);
    silence(1400);
    assert_int_equal(e.state, ENGINE_LISTENING);
    silence(200);
    end_is_stored(END_ENDPOINT);
}

static void muted_within_a_sentence(void **state)
{
    (void)state;
    to_first_answer(0);
    on(.type = EV_SPEECH_STARTED, .at_ms = 0);
    silence(1000);
    on(.type = EV_MICROPHONE, .microphone = true, .muted = true);
    silence(200);
    on(.type = EV_MICROPHONE, .microphone = true);
    silence(400);
    on(.type = EV_PIECE);
    on(.type = EV_SPEECH_STOPPED, .at_ms = 1000); /* before the unmute at 1200 */
    on(.type = EV_TRANSCRIPT, .result = RESULT_OK, .text = "We moved the service.");
    ok(OP_STORE);
    silence(1100); /* up to 2700: 1500 after the unmute, whose first sound is at 1300 */
    assert_int_equal(e.state, ENGINE_LISTENING);
    silence(100);
    assert_int_equal(e.state, ENGINE_CLOSING);
}

static void that_is_all_before_a_mute_is_reconsidered(void **state)
{
    (void)state;
    to_first_answer(0);
    on(.type = EV_SPEECH_STARTED, .at_ms = 0);
    on(.type = EV_MICROPHONE, .microphone = true, .muted = true);
    on(.type = EV_PIECE);
    on(.type = EV_SPEECH_STOPPED, .at_ms = 0);
    on(.type = EV_TRANSCRIPT, .result = RESULT_OK, .text = "We moved it. That's all.");
    ok(OP_STORE);
    silence(5000);
    assert_int_equal(e.state, ENGINE_LISTENING);
    on(.type = EV_MICROPHONE, .microphone = true);
    silence(1400);
    assert_int_equal(e.state, ENGINE_LISTENING);
    say("Oh, and we tested it.");
    silence(1600);
    end_is_stored(END_ENDPOINT);
}

static void time_goes_on_while_muted(void **state)
{
    (void)state;
    to_first_answer(60000);
    on(.type = EV_MICROPHONE, .microphone = true, .muted = true);
    silence(59900);
    assert_int_equal(e.state, ENGINE_LISTENING);
    silence(200);
    on(.type = EV_FLUSHED);
    end_is_stored(END_TIME_LIMIT);
}

static void a_client_that_comes_back_muted_is_muted(void **state)
{
    (void)state;
    to_first_answer(0);
    say("We moved the service.");
    on(.type = EV_CLIENT_GONE);
    on(.type = EV_FLUSHED);
    on(.type = EV_CLIENT_STARTED, .microphone = true);
    on(.type = EV_MICROPHONE, .microphone = true, .muted = true);
    silence(60000);
    assert_int_equal(e.state, ENGINE_LISTENING);
    assert_int_equal(e.utterance, 0);
    on(.type = EV_CLIENT_STARTED, .microphone = true); /* and one that does not say so is not */
    silence(10100);
    assert_int_not_equal(e.utterance, 0);
}

static void speech_stops_the_prompt(void **state)
{
    (void)state;
    to_first_answer(0);
    silence(10100);
    on(.type = EV_SPEECH_STARTED, .at_ms = audio);
    must(ACTION_CANCEL);
    assert_int_equal(e.utterance, 0);
}

static void no_end_while_a_transcript_is_outstanding(void **state)
{
    (void)state;
    to_first_answer(0);
    say("We moved the service.");
    on(.type = EV_SPEECH_STARTED, .at_ms = audio);
    now += 500;
    audio += 500;
    on(.type = EV_PIECE);
    on(.type = EV_SPEECH_STOPPED, .at_ms = audio);
    silence(20000);
    assert_int_equal(e.state, ENGINE_LISTENING);
    on(.type = EV_TRANSCRIPT, .result = RESULT_OK, .text = "And then it worked.");
    ok(OP_STORE);
    assert_int_equal(e.state, ENGINE_CLOSING);
}

static void a_stalled_network_is_not_silence(void **state)
{
    (void)state;
    to_first_answer(0);
    say("We moved the service.");
    now += 30000;
    on(.type = EV_TICK);
    assert_int_equal(e.state, ENGINE_LISTENING);
}

static void transcription_is_tried_three_times(void **state)
{
    (void)state;
    to_first_answer(0);
    on(.type = EV_SPEECH_STARTED, .at_ms = 0);
    on(.type = EV_PIECE);
    on(.type = EV_TRANSCRIPT, .result = RESULT_FAILED);
    must(ACTION_TRANSCRIBE);
    on(.type = EV_TRANSCRIPT, .result = RESULT_FAILED);
    must(ACTION_TRANSCRIBE);
    on(.type = EV_TRANSCRIPT, .result = RESULT_FAILED);
    assert_true(find(ACTION_DROP_PIECE)->lost);
    assert_int_equal(engine_outstanding(&e), 0);
}

static void time_limit_is_announced(void **state)
{
    (void)state;
    to_first_answer(60000);
    say("We moved the service because");
    on(.type = EV_SPEECH_STARTED, .at_ms = audio);
    now += 60000;
    on(.type = EV_TICK);
    assert_int_equal(e.state, ENGINE_LISTENING); /* may finish the sentence */
    now += 9000;
    on(.type = EV_TICK);
    assert_int_equal(e.state, ENGINE_CLOSING);
    on(.type = EV_PIECE);
    on(.type = EV_FLUSHED);
    on(.type = EV_TRANSCRIPT, .result = RESULT_OK, .text = "it was old");
    ok(OP_STORE);
    end_is_stored(END_TIME_LIMIT);
    finish_speaking(LINE_TIME_UP);
    finish_speaking(LINE_QUESTION);
}

static void the_time_limit_does_not_cut_a_word(void **state)
{
    (void)state;
    to_first_answer(60000);
    now += 59900;
    on(.type = EV_AUDIO, .at_ms = 59900, .in_word = true); /* begins to speak, not yet believed */
    now += 200;
    on(.type = EV_TICK);
    assert_int_equal(e.state, ENGINE_LISTENING);
    on(.type = EV_SPEECH_STARTED, .at_ms = 59900);
    for (int64_t t = 60200; t <= 71000; t += 100) {
        now = 1000 + 4000 + t; /* two utterances were spoken before */
        on(.type = EV_AUDIO, .at_ms = t, .in_word = t % 1000 != 500);
        assert_int_equal(e.state, now < e.time_up_at + 10000 || t % 1000 != 500 ? ENGINE_LISTENING : ENGINE_CLOSING);
        if (e.state == ENGINE_CLOSING)
            break;
    }
    assert_int_equal(now - e.time_up_at, 10500); /* the first gap after ten seconds */
    on(.type = EV_PIECE);
    on(.type = EV_FLUSHED);
    on(.type = EV_TRANSCRIPT, .result = RESULT_OK, .text = "and then we moved it");
    ok(OP_STORE);
    end_is_stored(END_TIME_LIMIT);
}

static void a_sentence_that_ends_in_time_is_kept_whole(void **state)
{
    (void)state;
    to_first_answer(60000);
    on(.type = EV_SPEECH_STARTED, .at_ms = 0);
    now += 63000;
    on(.type = EV_AUDIO, .at_ms = 63000); /* a gap: no reason to stop yet */
    assert_int_equal(e.state, ENGINE_LISTENING);
    on(.type = EV_PIECE);
    on(.type = EV_SPEECH_STOPPED, .at_ms = 62400);
    assert_int_equal(e.state, ENGINE_CLOSING);
}

static void noise_without_gaps_ends_all_the_same(void **state)
{
    (void)state;
    to_first_answer(60000);
    on(.type = EV_SPEECH_STARTED, .at_ms = 0);
    on(.type = EV_AUDIO, .at_ms = 500, .in_word = true);
    assert_int_equal(engine_deadline(&e), e.time_up_at + 15000);
    now = engine_deadline(&e) - 1;
    on(.type = EV_TICK);
    assert_int_equal(e.state, ENGINE_LISTENING);
    now++;
    on(.type = EV_TICK);
    assert_int_equal(e.state, ENGINE_CLOSING);
}

/* What was said while the network was away comes late: silence in it ends nothing, and counts anew afterwards. */
static void late_silence_is_not_the_end(void **state)
{
    (void)state;
    to_first_answer(0);
    say("We moved the service.");
    on(.type = EV_CLIENT_GONE);
    assert_true(find(ACTION_STOP_LISTENING)->hold);
    on(.type = EV_FLUSHED);
    on(.type = EV_CLIENT_STARTED, .microphone = true);
    for (int ms = 0; ms <= 20000; ms += 20)
        on(.type = EV_AUDIO, .at_ms = audio + ms, .quiet_at = -1, .late = true);
    audio += 20000;
    assert_int_equal(e.state, ENGINE_LISTENING);
    assert_int_equal(e.utterance, 0);
    silence(500);
    assert_int_equal(e.state, ENGINE_LISTENING);
    say("It took a week.");
    silence(1600);
    end_is_stored(END_ENDPOINT);
}

static void pauses_within_an_answer_tell_how_long_to_wait(void **state)
{
    (void)state;
    to_first_answer(0);
    say("We moved the service.");
    silence(1400); /* 1.5 s end it */
    say("Then we tested it.");
    silence(1700);
    assert_int_equal(e.state, ENGINE_LISTENING);
    silence(100);
    end_is_stored(END_ENDPOINT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(hanging_words_get_more_time),
        cmocka_unit_test(done_phrase_ends_at_once),
        cmocka_unit_test(repeat_phrase_asks_again_in_the_same_answer),
        cmocka_unit_test(who_may_have_begun_to_speak_is_waited_for),
        cmocka_unit_test(silence_is_prompted_twice_and_never_cut),
        cmocka_unit_test(thinking_aloud_is_not_an_answer),
        cmocka_unit_test(a_muted_microphone_is_not_prompted),
        cmocka_unit_test(a_muted_answer_does_not_end),
        cmocka_unit_test(muted_within_a_sentence),
        cmocka_unit_test(that_is_all_before_a_mute_is_reconsidered),
        cmocka_unit_test(time_goes_on_while_muted),
        cmocka_unit_test(a_client_that_comes_back_muted_is_muted),
        cmocka_unit_test(speech_stops_the_prompt),
        cmocka_unit_test(no_end_while_a_transcript_is_outstanding),
        cmocka_unit_test(a_stalled_network_is_not_silence),
        cmocka_unit_test(transcription_is_tried_three_times),
        cmocka_unit_test(time_limit_is_announced),
        cmocka_unit_test(the_time_limit_does_not_cut_a_word),
        cmocka_unit_test(a_sentence_that_ends_in_time_is_kept_whole),
        cmocka_unit_test(noise_without_gaps_ends_all_the_same),
        cmocka_unit_test(late_silence_is_not_the_end),
        cmocka_unit_test(pauses_within_an_answer_tell_how_long_to_wait),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
