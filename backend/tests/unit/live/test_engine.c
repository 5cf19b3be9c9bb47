/* The course of a conversation: who comes and goes, what is said and stored, and in which order. */
#include "scenario.h"

static void whole_interview(void **state)
{
    (void)state;
    to_first_answer(0);
    say("We moved the service.");
    silence(1400);
    assert_int_equal(e.state, ENGINE_LISTENING);
    silence(200);
    end_is_stored(END_ENDPOINT);
    assert_int_equal(find(ACTION_SPEAK)->position, 2);
    open_answer(0);
    on(.type = EV_ANSWER_DONE);
    end_is_stored(END_DONE_BUTTON);
    ok(OP_COMPLETE);
    assert_int_equal(e.state, ENGINE_FAREWELL);
    finish_speaking(LINE_FAREWELL);
    must(ACTION_COMPLETED);
    assert_int_equal(e.state, ENGINE_DONE);
}

static void closing_waits_for_the_last_piece(void **state)
{
    (void)state;
    to_first_answer(0);
    on(.type = EV_SPEECH_STARTED, .at_ms = 0);
    on(.type = EV_ANSWER_DONE);
    must(ACTION_STOP_LISTENING);
    on(.type = EV_PIECE);
    must(ACTION_TRANSCRIBE);
    on(.type = EV_FLUSHED);
    assert_int_equal(e.op, OP_NONE);
    on(.type = EV_TRANSCRIPT, .result = RESULT_OK, .text = "Last words");
    assert_int_equal(e.op, OP_STORE);
    ok(OP_STORE);
    end_is_stored(END_DONE_BUTTON);
}

static void storing_is_retried_and_the_trouble_told(void **state)
{
    (void)state;
    to_first_answer(0);
    on(.type = EV_ANSWER_TEXT);
    on(.type = EV_FLUSHED);
    for (int i = 1; i <= 5; i++) {
        on(.type = EV_OP_RESULT, .op = OP_END, .result = RESULT_FAILED);
        assert_int_equal(find(ACTION_TROUBLE) != NULL, i == 3);
        assert_true(engine_deadline(&e) > now && engine_deadline(&e) <= now + 5000);
        now = engine_deadline(&e);
        on(.type = EV_TICK);
        assert_int_equal(find(ACTION_STORE)->op, OP_END);
    }
    ok(OP_END);
    assert_int_equal(find(ACTION_ANSWER_ENDED)->end, END_TEXT);
}

static void time_does_not_run_while_nobody_is_there(void **state)
{
    (void)state;
    to_first_answer(60000);
    now += 10000;
    on(.type = EV_CLIENT_GONE);
    on(.type = EV_FLUSHED);
    now += 3600000;
    on(.type = EV_TICK);
    on(.type = EV_CLIENT_STARTED, .microphone = true);
    assert_true(find(ACTION_LISTEN)->resumed);
    assert_int_equal(engine_deadline(&e), now + 50000);
}

static void unheard_playback_has_a_fallback(void **state)
{
    (void)state;
    begin((struct engine_resume){.position = 1});
    on(.type = EV_SHOWN, .utterance = e.utterance, .duration_ms = 2000);
    assert_int_equal(engine_deadline(&e), now + 5000);
    now += 4999;
    on(.type = EV_TICK);
    assert_int_equal(e.state, ENGINE_GREETING);
    now += 1;
    on(.type = EV_TICK);
    assert_int_equal(e.state, ENGINE_ASKING);
}

static void slow_synthesis_becomes_text(void **state)
{
    (void)state;
    begin((struct engine_resume){.position = 1});
    now = engine_deadline(&e);
    on(.type = EV_TICK);
    must(ACTION_SHOW);
    on(.type = EV_SHOWN, .utterance = e.utterance, .duration_ms = 3000);
    assert_int_equal(engine_deadline(&e), now + 6000);
}

static void stale_playback_reports_are_ignored(void **state)
{
    (void)state;
    begin((struct engine_resume){.position = 1});
    int greeting = e.utterance;
    finish_speaking(LINE_GREETING);
    on(.type = EV_PLAYED, .utterance = greeting);
    assert_int_equal(e.state, ENGINE_ASKING);
    assert_int_equal(e.op, OP_NONE);
}

static void broken_question_is_asked_again_greeting_is_not(void **state)
{
    (void)state;
    begin((struct engine_resume){.position = 1});
    on(.type = EV_CLIENT_GONE);
    on(.type = EV_CLIENT_STARTED, .microphone = true);
    assert_int_equal(e.line, LINE_QUESTION);
    on(.type = EV_CLIENT_GONE);
    on(.type = EV_CLIENT_STARTED, .microphone = true);
    assert_int_equal(e.line, LINE_QUESTION_AGAIN);
    open_answer(0);
}

static void resumes_where_the_database_stands(void **state)
{
    (void)state;
    begin((struct engine_resume){
        .position = 2, .greeted = true, .answer_open = true, .elapsed_ms = 9000, .text = "We moved it"});
    assert_true(find(ACTION_LISTEN)->resumed);
    assert_int_equal(e.words, 3);
    on(.type = EV_AUDIO, .at_ms = 9500);
    audio = 9500;
    silence(30000);
    assert_int_equal(e.line, LINE_TAKE_YOUR_TIME);
    begin((struct engine_resume){.position = 2, .greeted = true});
    assert_int_equal(e.line, LINE_QUESTION);
    begin((struct engine_resume){.position = 3, .greeted = true});
    assert_int_equal(e.op, OP_COMPLETE);
}

static void second_client_replaces_the_first(void **state)
{
    (void)state;
    to_first_answer(0);
    on(.type = EV_SPEECH_STARTED, .at_ms = 100);
    on(.type = EV_CLIENT_STARTED, .microphone = true);
    must(ACTION_STOP_LISTENING);
    must(ACTION_LISTEN);
    on(.type = EV_PIECE);
    on(.type = EV_FLUSHED);
    on(.type = EV_CLIENT_GONE);
    on(.type = EV_FLUSHED);
    on(.type = EV_TRANSCRIPT, .result = RESULT_OK, .text = "One");
    on(.type = EV_CLIENT_STARTED, .microphone = true); /* while the piece is being stored */
    must(ACTION_LISTEN);
    ok(OP_STORE);
    on(.type = EV_ANSWER_DONE);
    end_is_stored(END_DONE_BUTTON);
}

static void end_while_gone_waits_with_the_next_question(void **state)
{
    (void)state;
    to_first_answer(0);
    on(.type = EV_ANSWER_DONE);
    on(.type = EV_CLIENT_GONE);
    end_is_stored(END_DONE_BUTTON);
    must_not(ACTION_SPEAK);
    on(.type = EV_CLIENT_STARTED, .microphone = true);
    assert_int_equal(find(ACTION_SPEAK)->position, 2);
    assert_int_equal(e.line, LINE_QUESTION);
}

static void last_answer_completes_without_a_client(void **state)
{
    (void)state;
    begin((struct engine_resume){.position = 2, .greeted = true});
    open_answer(0);
    on(.type = EV_ANSWER_DONE);
    on(.type = EV_CLIENT_GONE);
    end_is_stored(END_DONE_BUTTON);
    ok(OP_COMPLETE);
    assert_int_equal(e.state, ENGINE_DONE);
    on(.type = EV_CLIENT_STARTED, .microphone = true);
    must(ACTION_COMPLETED);
}

static void the_database_knows_better(void **state)
{
    (void)state;
    begin((struct engine_resume){.position = 1, .greeted = true});
    finish_speaking(LINE_QUESTION);
    on(.type = EV_OP_RESULT, .op = OP_OPEN, .result = RESULT_STALE);
    must(ACTION_RELOAD);
    on(.type = EV_ANSWER_DONE);
    assert_int_equal(out.count, 0);
    begin((struct engine_resume){.position = 1, .greeted = true});
    finish_speaking(LINE_QUESTION);
    on(.type = EV_OP_RESULT, .op = OP_OPEN, .result = RESULT_OVER);
    must(ACTION_OVER);
}

static void button_before_the_answer_is_ignored(void **state)
{
    (void)state;
    begin((struct engine_resume){.position = 1});
    on(.type = EV_ANSWER_DONE);
    on(.type = EV_REPEAT);
    on(.type = EV_ANSWER_TEXT);
    assert_int_equal(out.count, 0);
    assert_int_equal(e.state, ENGINE_GREETING);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(whole_interview),
        cmocka_unit_test(closing_waits_for_the_last_piece),
        cmocka_unit_test(storing_is_retried_and_the_trouble_told),
        cmocka_unit_test(time_does_not_run_while_nobody_is_there),
        cmocka_unit_test(unheard_playback_has_a_fallback),
        cmocka_unit_test(slow_synthesis_becomes_text),
        cmocka_unit_test(stale_playback_reports_are_ignored),
        cmocka_unit_test(broken_question_is_asked_again_greeting_is_not),
        cmocka_unit_test(resumes_where_the_database_stands),
        cmocka_unit_test(second_client_replaces_the_first),
        cmocka_unit_test(end_while_gone_waits_with_the_next_question),
        cmocka_unit_test(last_answer_completes_without_a_client),
        cmocka_unit_test(the_database_knows_better),
        cmocka_unit_test(button_before_the_answer_is_ignored),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
