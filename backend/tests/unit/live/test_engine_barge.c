/* Words while the interviewer has the turn: over what is said, and after an end. */
#include "scenario.h"

/* ---- over the interviewer's speech ---- */

static void to_first_question(void)
{
    begin((struct engine_resume){.position = 1});
    finish_speaking(LINE_GREETING);
    on(.type = EV_SHOWN, .utterance = e.utterance, .duration_ms = 4000);
    on(.type = EV_PLAY_STARTED, .utterance = e.utterance, .duration_ms = 4000);
    hear(1000);
}

/* A voice that has become speech, so long ago. */
static void voice(int64_t ms)
{
    on(.type = EV_VOICE, .at_ms = audio);
    on(.type = EV_SPEECH_STARTED, .at_ms = audio);
    hear(ms);
}

static void voice_ends(const char *text)
{
    on(.type = EV_PIECE);
    must(ACTION_TRANSCRIBE);
    on(.type = EV_SPEECH_STOPPED, .at_ms = audio);
    on(.type = EV_TRANSCRIPT, .result = RESULT_OK, .text = text);
}

static void opened_by_barging_in(void)
{
    assert_int_equal(e.op, OP_OPEN);
    on(.type = EV_OP_RESULT, .op = OP_OPEN, .result = RESULT_OK, .elapsed_ms = 1800);
    must(ACTION_LISTEN);
    assert_false(find(ACTION_LISTEN)->resumed);
    assert_int_equal(e.state, ENGINE_LISTENING);
}

static void a_voice_stops_the_question_and_its_words_begin_the_answer(void **state)
{
    (void)state;
    to_first_question();
    int64_t from = audio;
    on(.type = EV_VOICE, .at_ms = audio);
    must(ACTION_PAUSE);
    assert_int_equal(find(ACTION_PAUSE)->utterance, e.utterance);
    on(.type = EV_SPEECH_STARTED, .at_ms = audio);
    hear(600);
    on(.type = EV_CAPTION, .text = "I would say");
    must(ACTION_CANCEL);
    assert_int_equal(find(ACTION_STORE)->since_ms, from - 300);
    opened_by_barging_in();
    voice_ends("I would say that it works.");
    ok(OP_STORE);
    silence(1600);
    end_is_stored(END_ENDPOINT);
}

static void what_was_over_before_its_words_were_known_is_stored_all_the_same(void **state)
{
    (void)state;
    to_first_question();
    voice(700);
    voice_ends("We moved it.");
    must(ACTION_CANCEL);
    opened_by_barging_in();
    must(ACTION_TRANSCRIBE); /* asked for again, now that there is an answer */
    on(.type = EV_TRANSCRIPT, .result = RESULT_OK, .text = "We moved it.");
    ok(OP_STORE);
    assert_int_equal(e.words, 3);
}

static void a_long_voice_needs_no_words(void **state)
{
    (void)state;
    to_first_question();
    voice(1900);
    assert_int_equal(e.op, OP_NONE);
    hear(200);
    opened_by_barging_in();
}

static void back_channels_only_make_it_wait(void **state)
{
    (void)state;
    static const char *const said[] = {"Mhm.", "Yeah, okay.", "Right.", "(coughs)", "", "Uh-huh.", "[BLANK_AUDIO]"};
    for (size_t i = 0; i < sizeof(said) / sizeof(said[0]); i++) {
        to_first_question();
        int64_t deadline = e.utterance_deadline;
        voice(300);
        voice_ends(said[i]);
        must(ACTION_DROP_PIECE);
        must(ACTION_RESUME);
        assert_int_equal(e.utterance_deadline, deadline + 300);
        assert_int_equal(e.state, ENGINE_ASKING);
        on(.type = EV_PLAYED, .utterance = e.utterance);
        assert_int_equal(find(ACTION_STORE)->since_ms, -1);
    }
}

/* A hum is written down as "Thumb." or "Muffin.", and the recogniser is not sure of it. */
static void a_short_word_that_may_be_none_takes_no_turn(void **state)
{
    (void)state;
    to_first_question();
    voice(700);
    on(.type = EV_CAPTION, .text = "Thumb", .confidence = 0.2);
    audio += 300;
    on(.type = EV_AUDIO, .at_ms = audio, .quiet_at = audio);
    on(.type = EV_GUESS, .text = "Thumb.", .confidence = 0.2, .at_ms = e.pause_at);
    must(ACTION_RESUME);
    to_first_question();
    voice(700);
    on(.type = EV_CAPTION, .text = "No", .confidence = 0.51);
    opened_by_barging_in();
    to_first_question();
    voice(700);
    on(.type = EV_CAPTION, .text = "We moved it over", .confidence = 0.2); /* many words are somebody's */
    opened_by_barging_in();
}

/* The recogniser of a starved machine: the interviewer goes on, and stops when the words are there. */
static void words_that_come_very_late_take_the_turn_still(void **state)
{
    (void)state;
    to_first_question();
    voice(1200);
    on(.type = EV_PIECE);
    must(ACTION_TRANSCRIBE);
    on(.type = EV_SPEECH_STOPPED, .at_ms = audio);
    now += 10100;
    on(.type = EV_TICK);
    must(ACTION_RESUME);
    on(.type = EV_TRANSCRIPT, .result = RESULT_OK, .text = "There is more to it.");
    must(ACTION_CANCEL);
    opened_by_barging_in();
    must(ACTION_TRANSCRIBE);
}

static void a_click_is_over_before_it_was_speech(void **state)
{
    (void)state;
    to_first_question();
    on(.type = EV_VOICE, .at_ms = audio);
    must(ACTION_PAUSE);
    on(.type = EV_VOICE_GONE);
    must(ACTION_RESUME);
}

static void what_follows_a_back_channel_without_a_break_is_heard(void **state)
{
    (void)state;
    to_first_question();
    voice(300);
    audio += 300;
    on(.type = EV_AUDIO, .at_ms = audio, .quiet_at = audio);
    on(.type = EV_GUESS, .text = "Yeah.", .at_ms = e.pause_at);
    must(ACTION_RESUME);
    hear(100);
    must_not(ACTION_RESUME);
    assert_true(e.paused);
    on(.type = EV_CAPTION, .text = "Yeah, I know that one");
    opened_by_barging_in();
}

static void an_answer_that_was_none_gets_the_question_again(void **state)
{
    (void)state;
    to_first_question();
    voice(2100);
    opened_by_barging_in();
    voice_ends("");
    must(ACTION_DROP_PIECE);
    silence(4200);
    assert_int_equal(e.state, ENGINE_ASKING);
    assert_int_equal(e.line, LINE_QUESTION_AGAIN);
    assert_true(e.answer_open);
}

static void over_the_greeting_it_waits_and_goes_on(void **state)
{
    (void)state;
    begin((struct engine_resume){.position = 1});
    on(.type = EV_SHOWN, .utterance = e.utterance, .duration_ms = 4000);
    voice(900);
    on(.type = EV_CAPTION, .text = "Hello, good to meet you");
    on(.type = EV_PIECE);
    must(ACTION_DROP_PIECE);
    must_not(ACTION_TRANSCRIBE);
    on(.type = EV_SPEECH_STOPPED, .at_ms = audio);
    assert_int_equal(e.state, ENGINE_GREETING);
    assert_false(e.paused);
}

static void nobody_waits_for_a_radio(void **state)
{
    (void)state;
    begin((struct engine_resume){.position = 1});
    on(.type = EV_SHOWN, .utterance = e.utterance, .duration_ms = 4000);
    voice(1000);
    assert_true(e.paused);
    assert_true(engine_deadline(&e) <= now + 10000);
    hear(9500);
    assert_false(e.paused);
    hear(5000);
    assert_false(e.paused);
}

/* ---- an end that is taken back ---- */

static void to_second_question(void)
{
    to_first_answer(0);
    say("We moved the service.");
    silence(1600);
    end_is_stored(END_ENDPOINT);
}

static void reopened(int position)
{
    ok(OP_REOPEN);
    must(ACTION_LISTEN);
    assert_true(find(ACTION_LISTEN)->resumed);
    assert_int_equal(e.position, position);
    assert_true(e.answer_open);
    assert_int_equal(e.words, 4);
}

static void who_goes_on_after_the_end_gets_the_answer_back(void **state)
{
    (void)state;
    to_second_question();
    on(.type = EV_SHOWN, .utterance = e.utterance, .duration_ms = 4000);
    on(.type = EV_PLAY_STARTED, .utterance = e.utterance, .duration_ms = 4000);
    hear(1500);
    voice(500);
    assert_true(e.paused);
    on(.type = EV_CAPTION, .text = "and then we tested it");
    must(ACTION_CANCEL);
    reopened(1);
    voice_ends("And then we tested it.");
    ok(OP_STORE);
    silence(2800);
    end_is_stored(END_ENDPOINT);
    assert_int_equal(find(ACTION_SPEAK)->line, LINE_QUESTION);
    assert_int_equal(find(ACTION_SPEAK)->position, 2);
}

/* Taken back after 1.6 s of silence and 0.6 of our question: 2.2 s, so 2.75 are waited for, who is "finished" after 1.5
 * otherwise. */
static void whose_end_was_taken_back_is_waited_for_longer(void **state)
{
    (void)state;
    to_second_question();
    on(.type = EV_SHOWN, .utterance = e.utterance, .duration_ms = 4000);
    on(.type = EV_PLAY_STARTED, .utterance = e.utterance, .duration_ms = 4000);
    hear(600);
    voice(500);
    on(.type = EV_CAPTION, .text = "and then we tested it");
    reopened(1);
    voice_ends("And then we tested it.");
    ok(OP_STORE);
    silence(2600);
    assert_int_equal(e.state, ENGINE_LISTENING);
    silence(200);
    end_is_stored(END_ENDPOINT);
}

static void later_it_answers_the_new_question(void **state)
{
    (void)state;
    to_second_question();
    on(.type = EV_SHOWN, .utterance = e.utterance, .duration_ms = 9000);
    on(.type = EV_PLAY_STARTED, .utterance = e.utterance, .duration_ms = 9000);
    hear(3200);
    voice(500);
    on(.type = EV_CAPTION, .text = "what went wrong was");
    opened_by_barging_in();
    assert_int_equal(e.position, 2);
    assert_int_equal(e.words, 0);
}

static void before_the_end_is_stored_it_never_was(void **state)
{
    (void)state;
    to_first_answer(0);
    say("We moved the service.");
    silence(1600);
    assert_int_equal(e.state, ENGINE_CLOSING);
    must(ACTION_OVERHEAR);
    on(.type = EV_VOICE, .at_ms = audio);
    on(.type = EV_FLUSHED);
    assert_int_equal(e.op, OP_NONE); /* it waits */
    on(.type = EV_SPEECH_STARTED, .at_ms = audio);
    hear(700);
    on(.type = EV_CAPTION, .text = "and also");
    assert_int_equal(e.state, ENGINE_LISTENING);
    voice_ends("And also the tests.");
    ok(OP_STORE);
    assert_int_equal(e.words, 8);
}

static void while_the_end_is_being_stored(void **state)
{
    (void)state;
    to_first_answer(0);
    say("We moved the service.");
    silence(1600);
    on(.type = EV_FLUSHED);
    assert_int_equal(e.op, OP_END);
    voice(500);
    on(.type = EV_CAPTION, .text = "and also");
    ok(OP_END);
    must(ACTION_ANSWER_ENDED);
    must_not(ACTION_SPEAK);
    reopened(1);
}

static void an_end_by_the_button_is_one(void **state)
{
    (void)state;
    to_first_answer(0);
    say("We moved the service.");
    on(.type = EV_ANSWER_DONE);
    end_is_stored(END_DONE_BUTTON);
    voice(500);
    on(.type = EV_CAPTION, .text = "and then we tested it");
    assert_int_equal(e.op, OP_OPEN);
}

static void the_last_answer_too_until_the_farewell_is_under_way(void **state)
{
    (void)state;
    for (int late = 0; late < 2; late++) {
        begin((struct engine_resume){.position = 2, .greeted = true});
        open_answer(0);
        say("We moved the service.");
        silence(1600);
        end_is_stored(END_ENDPOINT);
        assert_int_equal(e.state, ENGINE_FAREWELL);
        assert_int_equal(e.op, OP_NONE);
        on(.type = EV_SHOWN, .utterance = e.utterance, .duration_ms = 6000);
        on(.type = EV_PLAY_STARTED, .utterance = e.utterance, .duration_ms = 6000);
        hear(late ? 3100 : 1500);
        if (!late) {
            voice(500);
            on(.type = EV_CAPTION, .text = "and then we tested it");
            reopened(2);
            continue;
        }
        ok(OP_COMPLETE);
        voice(2500);
        assert_false(e.paused);
        on(.type = EV_PLAYED, .utterance = e.utterance);
        must(ACTION_COMPLETED);
    }
}

static void who_leaves_over_the_farewell_has_completed(void **state)
{
    (void)state;
    begin((struct engine_resume){.position = 2, .greeted = true});
    open_answer(0);
    say("We moved the service.");
    silence(1600);
    end_is_stored(END_ENDPOINT);
    on(.type = EV_CLIENT_GONE);
    ok(OP_COMPLETE);
    assert_int_equal(e.state, ENGINE_DONE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_voice_stops_the_question_and_its_words_begin_the_answer),
        cmocka_unit_test(what_was_over_before_its_words_were_known_is_stored_all_the_same),
        cmocka_unit_test(a_long_voice_needs_no_words),
        cmocka_unit_test(back_channels_only_make_it_wait),
        cmocka_unit_test(a_short_word_that_may_be_none_takes_no_turn),
        cmocka_unit_test(words_that_come_very_late_take_the_turn_still),
        cmocka_unit_test(a_click_is_over_before_it_was_speech),
        cmocka_unit_test(what_follows_a_back_channel_without_a_break_is_heard),
        cmocka_unit_test(an_answer_that_was_none_gets_the_question_again),
        cmocka_unit_test(over_the_greeting_it_waits_and_goes_on),
        cmocka_unit_test(nobody_waits_for_a_radio),
        cmocka_unit_test(who_goes_on_after_the_end_gets_the_answer_back),
        cmocka_unit_test(whose_end_was_taken_back_is_waited_for_longer),
        cmocka_unit_test(later_it_answers_the_new_question),
        cmocka_unit_test(before_the_end_is_stored_it_never_was),
        cmocka_unit_test(while_the_end_is_being_stored),
        cmocka_unit_test(an_end_by_the_button_is_one),
        cmocka_unit_test(the_last_answer_too_until_the_farewell_is_under_way),
        cmocka_unit_test(who_leaves_over_the_farewell_has_completed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
