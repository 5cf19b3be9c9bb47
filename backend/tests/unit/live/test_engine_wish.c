/* The candidate's wishes beside answering, and the clocks that depend on them. */
#include "scenario.h"

static void begin_thinking(int64_t limit)
{
    struct engine_config thoughtful = config;
    thoughtful.think_ms = 20000;
    begin_with(&thoughtful, (struct engine_resume){.position = 1});
    finish_speaking(LINE_GREETING);
    open_answer(limit);
}

static void the_question_in_other_words(void **state)
{
    (void)state;
    begin((struct engine_resume){.position = 1});
    finish_speaking(LINE_GREETING);
    on(.type = EV_REPHRASE); /* while it is being asked */
    must(ACTION_CANCEL);
    assert_int_equal(find(ACTION_SPEAK)->line, LINE_QUESTION_OTHER_WORDS);
    open_answer(0);
    say("What do you mean?");
    on(.type = EV_REPHRASE); /* and within the answer */
    must(ACTION_STOP_LISTENING);
    on(.type = EV_FLUSHED);
    finish_speaking(LINE_QUESTION_OTHER_WORDS);
    assert_true(find(ACTION_LISTEN)->resumed);
}

static void a_slower_voice_says_the_question_again(void **state)
{
    (void)state;
    begin((struct engine_resume){.position = 1});
    on(.type = EV_SLOWER); /* not the greeting */
    must_not(ACTION_SPEAK);
    finish_speaking(LINE_GREETING);
    on(.type = EV_SLOWER);
    assert_int_equal(find(ACTION_SPEAK)->line, LINE_QUESTION);
    open_answer(0);
    on(.type = EV_SLOWER); /* nothing said to it yet */
    on(.type = EV_FLUSHED);
    finish_speaking(LINE_QUESTION_AGAIN);
    say("We moved it and");
    on(.type = EV_SLOWER);
    must_not(ACTION_SPEAK);
    assert_int_equal(e.state, ENGINE_LISTENING);
}

static void a_question_is_skipped(void **state)
{
    (void)state;
    to_first_answer(0);
    say("I do not know and");
    on(.type = EV_SKIP);
    must(ACTION_STOP_LISTENING);
    on(.type = EV_FLUSHED);
    end_is_stored(END_SKIPPED);
    assert_int_equal(find(ACTION_SPEAK)->position, 2);
    on(.type = EV_SKIP); /* while it is being asked: opened and ended */
    must(ACTION_CANCEL);
    ok(OP_OPEN);
    must_not(ACTION_LISTEN);
    end_is_stored(END_SKIPPED);
    ok(OP_COMPLETE);
}

static void thinking_comes_before_the_clock(void **state)
{
    (void)state;
    begin_thinking(60000);
    assert_int_equal(e.think_until, now + 20000);
    assert_int_equal(engine_time_left(&e), 60000);
    silence(19900); /* no prompt either */
    assert_int_equal(e.utterance, 0);
    assert_int_equal(engine_time_left(&e), 60000);
    silence(100);
    assert_int_equal(e.think_until, 0);
    assert_int_equal(engine_time_left(&e), 60000);
    silence(9900);
    assert_int_equal(e.utterance, 0);
    silence(200);
    finish_speaking(LINE_TAKE_YOUR_TIME);
    assert_true(engine_time_left(&e) < 50000);
}

static void speaking_or_saying_so_ends_thinking(void **state)
{
    (void)state;
    begin_thinking(60000);
    on(.type = EV_READY);
    assert_int_equal(find(ACTION_TIME_LEFT)->ms, 60000);
    on(.type = EV_READY);
    must_not(ACTION_TIME_LEFT);
    begin_thinking(0);
    on(.type = EV_SPEECH_STARTED, .at_ms = audio);
    assert_int_equal(find(ACTION_TIME_LEFT)->ms, -1);
}

static void thinking_waits_while_the_question_is_said_again(void **state)
{
    (void)state;
    begin_thinking(0);
    silence(5000);
    on(.type = EV_REPEAT);
    on(.type = EV_FLUSHED);
    finish_speaking(LINE_QUESTION_AGAIN);
    assert_int_equal(find(ACTION_THINK)->ms, 15000);
}

static void more_time_is_added(void **state)
{
    (void)state;
    to_first_answer(60000);
    silence(50000);
    if (e.utterance != 0)
        finish_speaking(e.line);
    int64_t left = engine_time_left(&e);
    on(.type = EV_EXTEND, .duration_ms = 120000);
    assert_int_equal(find(ACTION_TIME_LEFT)->ms, left + 120000);
    now += left + 119900;
    on(.type = EV_TICK);
    assert_int_equal(e.state, ENGINE_LISTENING);
    now += 200;
    on(.type = EV_TICK);
    assert_int_equal(e.state, ENGINE_CLOSING);
    on(.type = EV_EXTEND, .duration_ms = 120000); /* too late, and harmless */
    on(.type = EV_FLUSHED);
    end_is_stored(END_TIME_LIMIT);
}

static void a_pause_stops_everything(void **state)
{
    (void)state;
    to_first_answer(60000);
    say("We moved it and");
    int64_t left = engine_time_left(&e);
    on(.type = EV_HALT, .duration_ms = 600000);
    must(ACTION_STOP_LISTENING);
    assert_int_equal(find(ACTION_HALTED)->ms, 600000);
    on(.type = EV_FLUSHED);
    now += 300000;
    on(.type = EV_TICK);
    on(.type = EV_ANSWER_DONE);
    on(.type = EV_SKIP);
    on(.type = EV_REPHRASE);
    assert_int_equal(out.count, 0);
    on(.type = EV_CLIENT_STARTED, .microphone = true); /* reloaded */
    assert_int_equal(find(ACTION_HALTED)->ms, 300000);
    must_not(ACTION_LISTEN);
    on(.type = EV_GO_ON);
    finish_speaking(LINE_QUESTION_AGAIN);
    assert_true(find(ACTION_LISTEN)->resumed);
    assert_int_equal(engine_time_left(&e), left);
    assert_int_equal(e.words, 4);
}

static void a_pause_ends_by_itself(void **state)
{
    (void)state;
    begin((struct engine_resume){.position = 1});
    finish_speaking(LINE_GREETING);
    on(.type = EV_HALT, .duration_ms = 600000); /* while the question is asked */
    must(ACTION_CANCEL);
    assert_int_equal(engine_deadline(&e), now + 600000);
    now += 600000;
    on(.type = EV_TICK);
    must(ACTION_HALT_OVER);
    now += 5000; /* it could not be stored */
    on(.type = EV_TICK);
    must(ACTION_HALT_OVER);
    on(.type = EV_GO_ON, .by_itself = true);
    finish_speaking(LINE_PAUSE_OVER);
    open_answer(0);
}

static void a_pause_outlives_the_server(void **state)
{
    (void)state;
    now = 1000;
    engine_init(
        &e, &config,
        &(struct engine_resume){
            .position = 2, .greeted = true, .answer_open = true, .text = "words", .halted = true, .halt_ms = 7000});
    assert_int_equal(engine_deadline(&e), INT64_MAX); /* nobody is there to go on with */
    on(.type = EV_CLIENT_STARTED, .microphone = true);
    assert_int_equal(find(ACTION_HALTED)->ms, 7000);
    must_not(ACTION_STORE);
    on(.type = EV_GO_ON);
    finish_speaking(LINE_QUESTION_AGAIN);
    must(ACTION_LISTEN);
}

static void no_pause_at_the_end(void **state)
{
    (void)state;
    to_first_answer(0);
    assert_true(engine_may_halt(&e));
    on(.type = EV_ANSWER_DONE);
    assert_true(engine_may_halt(&e));
    on(.type = EV_FLUSHED);
    end_is_stored(END_DONE_BUTTON);
    open_answer(0);
    on(.type = EV_ANSWER_DONE);
    assert_false(engine_may_halt(&e));
    on(.type = EV_HALT, .duration_ms = 600000);
    must_not(ACTION_HALTED);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_question_in_other_words),
        cmocka_unit_test(a_slower_voice_says_the_question_again),
        cmocka_unit_test(a_question_is_skipped),
        cmocka_unit_test(thinking_comes_before_the_clock),
        cmocka_unit_test(speaking_or_saying_so_ends_thinking),
        cmocka_unit_test(thinking_waits_while_the_question_is_said_again),
        cmocka_unit_test(more_time_is_added),
        cmocka_unit_test(a_pause_stops_everything),
        cmocka_unit_test(a_pause_ends_by_itself),
        cmocka_unit_test(a_pause_outlives_the_server),
        cmocka_unit_test(no_pause_at_the_end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
