/* Follow-ups. */
#include "scenario.h"

static struct engine_config with(int follow_ups)
{
    struct engine_config c = config;
    c.follow_ups = follow_ups;
    return c;
}

static void choose(bool follow_up)
{
    assert_int_equal(e.op, OP_CHOOSE);
    on(.type = EV_OP_RESULT, .op = OP_CHOOSE, .result = RESULT_OK, .follow_up = follow_up);
}

static void starts(enum engine_line line)
{
    assert_int_not_equal(e.utterance, 0);
    assert_int_equal(e.line, line);
    on(.type = EV_SHOWN, .utterance = e.utterance, .duration_ms = 2000);
    on(.type = EV_PLAY_STARTED, .utterance = e.utterance, .duration_ms = 2000);
}

static void heard_out(enum engine_line line)
{
    starts(line);
    hear(2000);
    on(.type = EV_PLAYED, .utterance = e.utterance);
}

static void opens(int64_t limit)
{
    heard_out(e.line);
    assert_int_equal(e.op, OP_OPEN);
    on(.type = EV_OP_RESULT, .op = OP_OPEN, .result = RESULT_OK, .time_limit_ms = limit);
    must(ACTION_LISTEN);
    on(.type = EV_AUDIO, .at_ms = audio);
}

static void to_answer(int follow_ups, int64_t limit)
{
    const struct engine_config c = with(follow_ups);
    begin_with(&c, (struct engine_resume){.position = 1});
    heard_out(LINE_GREETING);
    opens(limit);
}

/* Speaks, and is silent until the answer is taken to be over. */
static void answer(const char *text)
{
    say(text);
    silence(1600);
    assert_int_equal(e.state, ENGINE_CLOSING);
    if (e.flushing)
        on(.type = EV_FLUSHED);
}

/* Words over what the interviewer says. */
static void interrupt(void)
{
    on(.type = EV_VOICE, .at_ms = audio);
    on(.type = EV_SPEECH_STARTED, .at_ms = audio);
    hear(300);
    on(.type = EV_CAPTION, .text = "And the load balancer was");
}

static void both_are_one_answer(void **state)
{
    (void)state;
    to_answer(1, 0);
    answer("We moved the service.");
    choose(true);
    must_not(ACTION_ANSWER_ENDED);
    assert_int_equal(e.position, 1);
    heard_out(LINE_FOLLOW_UP);
    ok(OP_ASKED);
    assert_true(find(ACTION_LISTEN)->resumed);
    assert_int_equal(e.follow_ups, 1);
    answer("Nobody noticed it.");
    end_is_stored(END_ENDPOINT); /* one is the most here */
    assert_int_equal(find(ACTION_SPEAK)->line, LINE_QUESTION);
    assert_int_equal(find(ACTION_SPEAK)->position, 2);
}

static void nothing_is_left_out(void **state)
{
    (void)state;
    to_answer(1, 0);
    answer("We moved the service.");
    choose(false);
    end_is_stored(END_ENDPOINT);
}

static void the_button_is_followed_up_too(void **state)
{
    (void)state;
    to_answer(1, 0);
    say("We moved the service.");
    on(.type = EV_ANSWER_DONE);
    on(.type = EV_FLUSHED);
    choose(true);
    must(ACTION_OVERHEAR);
    heard_out(LINE_FOLLOW_UP);
    ok(OP_ASKED);
    on(.type = EV_ANSWER_DONE);
    end_is_stored(END_DONE_BUTTON);
}

/* Within three seconds of its beginning: nothing of it was stored, and it may come again. */
static void who_goes_on_as_it_begins_takes_it_back(void **state)
{
    (void)state;
    to_answer(1, 0);
    answer("We moved the service.");
    choose(true);
    starts(LINE_FOLLOW_UP);
    hear(1000);
    interrupt();
    must(ACTION_CANCEL);
    must(ACTION_LISTEN);
    assert_int_equal(e.op, OP_NONE);
    assert_int_equal(e.follow_ups, 0);
    on(.type = EV_PIECE);
    on(.type = EV_SPEECH_STOPPED, .at_ms = audio);
    on(.type = EV_TRANSCRIPT, .result = RESULT_OK, .text = "And the load balancer was new.");
    ok(OP_STORE);
    silence(4000); /* this candidate pauses long */
    on(.type = EV_FLUSHED);
    choose(true);
    heard_out(LINE_FOLLOW_UP);
    ok(OP_ASKED);
    assert_int_equal(e.follow_ups, 1);
}

static void who_answers_before_its_end_was_asked(void **state)
{
    (void)state;
    to_answer(1, 0);
    answer("We moved the service.");
    choose(true);
    starts(LINE_FOLLOW_UP);
    hear(3200);
    interrupt();
    must(ACTION_CANCEL);
    must_not(ACTION_LISTEN);
    ok(OP_ASKED);
    must(ACTION_LISTEN);
    assert_int_equal(e.overheard, 0); /* what was heard over it belongs to the answer */
    assert_int_equal(e.follow_ups, 1);
}

/* Its sound is not there yet. */
static void who_goes_on_before_it_is_heard_is_not_asked(void **state)
{
    (void)state;
    to_answer(1, 0);
    say("We moved the service.");
    on(.type = EV_ANSWER_DONE);
    on(.type = EV_FLUSHED);
    choose(true);
    hear(500);
    interrupt();
    must(ACTION_CANCEL);
    must(ACTION_LISTEN);
    assert_int_equal(e.op, OP_NONE);
    assert_int_equal(e.follow_ups, 0);
}

/* "Mhm" lets it go on. */
static void a_back_channel_does_not_stop_it(void **state)
{
    (void)state;
    to_answer(1, 0);
    answer("We moved the service.");
    choose(true);
    starts(LINE_FOLLOW_UP);
    on(.type = EV_VOICE, .at_ms = audio);
    must(ACTION_PAUSE);
    on(.type = EV_SPEECH_STARTED, .at_ms = audio);
    hear(200);
    on(.type = EV_PIECE);
    on(.type = EV_SPEECH_STOPPED, .at_ms = audio);
    on(.type = EV_TRANSCRIPT, .result = RESULT_OK, .text = "Mhm.");
    must(ACTION_RESUME);
    on(.type = EV_PLAYED, .utterance = e.utterance);
    ok(OP_ASKED);
}

static void who_goes_on_while_it_is_chosen_is_not_asked(void **state)
{
    (void)state;
    to_answer(1, 0);
    answer("We moved the service.");
    assert_int_equal(e.op, OP_CHOOSE);
    interrupt();
    must(ACTION_LISTEN);
    must(ACTION_CHOOSE_NONE);
    assert_int_equal(e.op, OP_NONE);
    on(.type = EV_OP_RESULT, .op = OP_CHOOSE, .result = RESULT_OK, .follow_up = true); /* crossed it */
    assert_int_equal(e.state, ENGINE_LISTENING);
    assert_int_equal(e.utterance, 0);
    on(.type = EV_PIECE);
    on(.type = EV_SPEECH_STOPPED, .at_ms = audio);
    on(.type = EV_TRANSCRIPT, .result = RESULT_OK, .text = "And the load balancer was new.");
    ok(OP_STORE);
    silence(4000); /* this candidate pauses long */
    on(.type = EV_FLUSHED);
    choose(false);
    end_is_stored(END_ENDPOINT);
}

static void who_presses_done_while_it_is_asked_has_done(void **state)
{
    (void)state;
    to_answer(1, 0);
    answer("We moved the service.");
    choose(true);
    starts(LINE_FOLLOW_UP);
    on(.type = EV_ANSWER_DONE);
    must(ACTION_CANCEL);
    end_is_stored(END_DONE_BUTTON);
    assert_int_equal(find(ACTION_SPEAK)->position, 2);
}

/* The question was answered. */
static void a_skipped_follow_up_skips_no_question(void **state)
{
    (void)state;
    to_answer(1, 0);
    answer("We moved the service.");
    choose(true);
    starts(LINE_FOLLOW_UP);
    on(.type = EV_SKIP);
    end_is_stored(END_DONE_BUTTON);
    opens(0);
    answer("The backup.");
    choose(true);
    heard_out(LINE_FOLLOW_UP);
    ok(OP_ASKED);
    on(.type = EV_SKIP);
    end_is_stored(END_DONE_BUTTON);
}

static void no_time_no_follow_up(void **state)
{
    (void)state;
    to_answer(1, 60000);
    say("We moved the service because");
    now += 60000;
    on(.type = EV_TICK);
    end_is_stored(END_TIME_LIMIT);
    heard_out(LINE_TIME_UP);
    opens(0);
    say("The backup.");
    on(.type = EV_SKIP);
    end_is_stored(END_SKIPPED);
}

/* While it is asked the answer's time does not run. */
static void its_time_is_the_answers(void **state)
{
    (void)state;
    to_answer(1, 60000);
    say("We moved the service.");
    int64_t left = engine_time_left(&e);
    silence(1600);
    on(.type = EV_FLUSHED);
    choose(true);
    heard_out(LINE_FOLLOW_UP);
    ok(OP_ASKED);
    assert_true(find(ACTION_LISTEN)->ms >= left - 2000 && find(ACTION_LISTEN)->ms < left);
}

static void a_lost_connection_asks_it_again(void **state)
{
    (void)state;
    to_answer(1, 0);
    answer("We moved the service.");
    choose(true);
    starts(LINE_FOLLOW_UP);
    on(.type = EV_CLIENT_GONE);
    on(.type = EV_FLUSHED);
    assert_int_equal(e.follow_ups, 0);
    on(.type = EV_CLIENT_STARTED, .microphone = true);
    heard_out(LINE_FOLLOW_UP);
    ok(OP_ASKED);
    must(ACTION_LISTEN);
}

static void it_waits_for_who_was_gone_when_it_was_chosen(void **state)
{
    (void)state;
    to_answer(1, 0);
    say("We moved the service.");
    on(.type = EV_ANSWER_DONE);
    on(.type = EV_FLUSHED);
    on(.type = EV_CLIENT_GONE);
    choose(true);
    must_not(ACTION_SPEAK);
    on(.type = EV_CLIENT_STARTED, .microphone = true);
    heard_out(LINE_FOLLOW_UP);
    ok(OP_ASKED);
}

static void after_a_restart_the_open_one_is_said_again(void **state)
{
    (void)state;
    const struct engine_config c = with(1);
    begin_with(&c, (struct engine_resume){.position = 1,
                                          .greeted = true,
                                          .answer_open = true,
                                          .text = "We moved the service.",
                                          .follow_ups = 1,
                                          .follow_up_open = true});
    heard_out(LINE_QUESTION_AGAIN);
    must(ACTION_LISTEN);
    on(.type = EV_AUDIO, .at_ms = audio);
    answer("Nobody noticed it.");
    end_is_stored(END_ENDPOINT);
}

/* "I have nothing to say to that" is no reason for another one. */
static void after_a_restart_too_a_second_one_needs_words_in_between(void **state)
{
    (void)state;
    const struct engine_config two = with(2);
    for (int open = 0; open < 2; open++) {
        begin_with(&two, (struct engine_resume){.position = 1,
                                                .greeted = true,
                                                .answer_open = true,
                                                .text = "We moved the service.",
                                                .follow_ups = 1,
                                                .follow_up_open = open});
        if (open)
            heard_out(LINE_QUESTION_AGAIN);
        must(ACTION_LISTEN);
        on(.type = EV_ANSWER_DONE);
        on(.type = EV_FLUSHED);
        assert_int_equal(e.op, open ? OP_END : OP_CHOOSE);
    }
}

static void a_pause_asks_it_again(void **state)
{
    (void)state;
    to_answer(1, 0);
    answer("We moved the service.");
    choose(true);
    starts(LINE_FOLLOW_UP);
    on(.type = EV_HALT, .duration_ms = 60000);
    must(ACTION_HALTED);
    on(.type = EV_FLUSHED);
    on(.type = EV_GO_ON);
    heard_out(LINE_QUESTION_AGAIN);
    ok(OP_ASKED);
    assert_int_equal(e.follow_ups, 1);
}

static void it_is_put_another_way(void **state)
{
    (void)state;
    to_answer(1, 0);
    answer("We moved the service.");
    choose(true);
    starts(LINE_FOLLOW_UP);
    on(.type = EV_REPHRASE);
    must(ACTION_CANCEL);
    heard_out(LINE_QUESTION_OTHER_WORDS);
    ok(OP_ASKED);
    on(.type = EV_REPEAT);
    on(.type = EV_FLUSHED);
    heard_out(LINE_QUESTION_AGAIN);
    assert_int_equal(e.op, OP_NONE); /* asked once */
    must(ACTION_LISTEN);
}

/* What is typed while it is asked answers it; it is stored before. */
static void it_can_be_answered_in_writing(void **state)
{
    (void)state;
    to_answer(1, 0);
    on(.type = EV_ANSWER_TEXT);
    on(.type = EV_FLUSHED);
    choose(true);
    starts(LINE_FOLLOW_UP);
    on(.type = EV_ANSWER_TEXT);
    on(.type = EV_FLUSHED);
    ok(OP_ASKED);
    must_not(ACTION_LISTEN);
    end_is_stored(END_TEXT);
}

static void a_second_one_needs_words_in_between(void **state)
{
    (void)state;
    to_answer(2, 0);
    answer("We moved the service.");
    choose(true);
    heard_out(LINE_FOLLOW_UP);
    ok(OP_ASKED);
    answer("Nobody noticed it.");
    choose(true);
    heard_out(LINE_FOLLOW_UP);
    ok(OP_ASKED);
    answer("In May.");
    end_is_stored(END_ENDPOINT);
    opens(0);
    answer("The backup.");
    choose(true);
    heard_out(LINE_FOLLOW_UP);
    ok(OP_ASKED);
    on(.type = EV_ANSWER_DONE); /* nothing to say */
    end_is_stored(END_DONE_BUTTON);
}

/* After two prompts the interview goes on. */
static void silence_to_it_ends_the_answer(void **state)
{
    (void)state;
    to_answer(1, 0);
    answer("We moved the service.");
    choose(true);
    heard_out(LINE_FOLLOW_UP);
    ok(OP_ASKED);
    silence(10100);
    heard_out(LINE_TAKE_YOUR_TIME);
    silence(20100);
    heard_out(LINE_GO_ON);
    silence(10100);
    end_is_stored(END_ENDPOINT);
}

/* The end of an answer with a follow-up is taken back as any other is. */
static void an_answer_with_one_is_taken_up_again(void **state)
{
    (void)state;
    to_answer(1, 0);
    answer("We moved the service.");
    choose(true);
    heard_out(LINE_FOLLOW_UP);
    ok(OP_ASKED);
    answer("Nobody noticed it.");
    end_is_stored(END_ENDPOINT);
    starts(LINE_QUESTION);
    hear(1000);
    interrupt();
    ok(OP_REOPEN);
    must(ACTION_LISTEN);
    assert_int_equal(e.position, 1);
    assert_int_equal(e.follow_ups, 1);
}

static void choosing_that_fails_is_tried_again(void **state)
{
    (void)state;
    to_answer(1, 0);
    answer("We moved the service.");
    on(.type = EV_OP_RESULT, .op = OP_CHOOSE, .result = RESULT_FAILED);
    now = engine_deadline(&e);
    on(.type = EV_TICK);
    choose(true);
    starts(LINE_FOLLOW_UP);
}

static void off_is_off(void **state)
{
    (void)state;
    to_answer(0, 0);
    answer("We moved the service.");
    end_is_stored(END_ENDPOINT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(both_are_one_answer),
        cmocka_unit_test(nothing_is_left_out),
        cmocka_unit_test(the_button_is_followed_up_too),
        cmocka_unit_test(who_goes_on_as_it_begins_takes_it_back),
        cmocka_unit_test(who_answers_before_its_end_was_asked),
        cmocka_unit_test(who_goes_on_before_it_is_heard_is_not_asked),
        cmocka_unit_test(a_back_channel_does_not_stop_it),
        cmocka_unit_test(who_goes_on_while_it_is_chosen_is_not_asked),
        cmocka_unit_test(who_presses_done_while_it_is_asked_has_done),
        cmocka_unit_test(a_skipped_follow_up_skips_no_question),
        cmocka_unit_test(no_time_no_follow_up),
        cmocka_unit_test(its_time_is_the_answers),
        cmocka_unit_test(a_lost_connection_asks_it_again),
        cmocka_unit_test(it_waits_for_who_was_gone_when_it_was_chosen),
        cmocka_unit_test(after_a_restart_the_open_one_is_said_again),
        cmocka_unit_test(after_a_restart_too_a_second_one_needs_words_in_between),
        cmocka_unit_test(a_pause_asks_it_again),
        cmocka_unit_test(it_is_put_another_way),
        cmocka_unit_test(it_can_be_answered_in_writing),
        cmocka_unit_test(a_second_one_needs_words_in_between),
        cmocka_unit_test(silence_to_it_ends_the_answer),
        cmocka_unit_test(an_answer_with_one_is_taken_up_again),
        cmocka_unit_test(choosing_that_fails_is_tried_again),
        cmocka_unit_test(off_is_off),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
