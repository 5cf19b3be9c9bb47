/* Scenarios, each a short script of events with what must come of them. */
#include "live/engine.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static struct engine e;
static struct engine_actions out;
static int64_t now;
static int64_t audio;

static const struct engine_config config = {
    .questions = 2, .patience = {.sure_ms = 700, .finished_ms = 1500, .hanging_ms = 4000, .prompt_ms = 10000}};

static const struct engine_action *find(enum engine_action_type type)
{
    for (int i = 0; i < out.count; i++)
        if (out.list[i].type == type)
            return &out.list[i];
    return NULL;
}

#define must(type)     assert_non_null(find(type))
#define must_not(type) assert_null(find(type))

static void step(struct engine_event ev)
{
    ev.now = now;
    engine_step(&e, &ev, &out);
}

#define on(...) step((struct engine_event){__VA_ARGS__})

static void ok(enum engine_op op)
{
    assert_int_equal(e.op, op);
    on(.type = EV_OP_RESULT, .op = op, .result = RESULT_OK);
}

static void finish_speaking(enum engine_line line)
{
    assert_int_not_equal(e.utterance, 0);
    assert_int_equal(e.line, line);
    on(.type = EV_SHOWN, .utterance = e.utterance, .duration_ms = 2000);
    now += 2000;
    on(.type = EV_PLAYED, .utterance = e.utterance);
}

static void begin(struct engine_resume r)
{
    now = 1000;
    audio = 0;
    engine_init(&e, &config, &r);
    on(.type = EV_CLIENT_STARTED, .microphone = true);
    ok(OP_BEGIN);
}

static void open_answer(int64_t limit)
{
    finish_speaking(e.line);
    assert_int_equal(e.op, OP_OPEN);
    on(.type = EV_OP_RESULT, .op = OP_OPEN, .result = RESULT_OK, .time_limit_ms = limit);
    must(ACTION_LISTEN);
    audio = 0;
    on(.type = EV_AUDIO, .at_ms = audio);
}

static void to_first_answer(int64_t limit)
{
    begin((struct engine_resume){.position = 1});
    finish_speaking(LINE_GREETING);
    open_answer(limit);
}

static void silence(int64_t ms)
{
    for (int64_t t = 0; t < ms && e.state == ENGINE_LISTENING; t += 100) {
        now += 100;
        audio += 100;
        on(.type = EV_AUDIO, .at_ms = audio);
    }
}

/* Speaks for a second; the transcript comes and is stored at once. */
static void say(const char *text)
{
    on(.type = EV_SPEECH_STARTED, .at_ms = audio);
    now += 1000;
    audio += 1000;
    on(.type = EV_PIECE);
    must(ACTION_TRANSCRIBE);
    on(.type = EV_SPEECH_STOPPED, .at_ms = audio);
    on(.type = EV_TRANSCRIPT, .result = RESULT_OK, .text = text, .at_ms = audio);
    if (e.op == OP_STORE)
        ok(OP_STORE);
}

/* Sound while the interviewer speaks; a voice in it if one has begun. */
static void hear(int64_t ms)
{
    for (int64_t t = 0; t < ms; t += 100) {
        now += 100;
        audio += 100;
        on(.type = EV_AUDIO, .at_ms = audio, .quiet_at = -1);
    }
}

static void end_is_stored(enum engine_end end)
{
    assert_int_equal(e.state, ENGINE_CLOSING);
    if (e.flushing)
        on(.type = EV_FLUSHED);
    ok(OP_END);
    must(ACTION_ANSWER_ENDED);
    assert_int_equal(find(ACTION_ANSWER_ENDED)->end, end);
}

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

/* ---- the candidate's wishes ---- */

static void begin_thinking(int64_t limit)
{
    struct engine_config thoughtful = config;
    thoughtful.think_ms = 20000;
    now = 1000;
    audio = 0;
    engine_init(&e, &thoughtful, &(struct engine_resume){.position = 1});
    on(.type = EV_CLIENT_STARTED, .microphone = true);
    ok(OP_BEGIN);
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
        cmocka_unit_test(whole_interview),
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
        cmocka_unit_test(closing_waits_for_the_last_piece),
        cmocka_unit_test(transcription_is_tried_three_times),
        cmocka_unit_test(storing_is_retried_and_the_trouble_told),
        cmocka_unit_test(time_limit_is_announced),
        cmocka_unit_test(the_time_limit_does_not_cut_a_word),
        cmocka_unit_test(a_sentence_that_ends_in_time_is_kept_whole),
        cmocka_unit_test(noise_without_gaps_ends_all_the_same),
        cmocka_unit_test(time_does_not_run_while_nobody_is_there),
        cmocka_unit_test(unheard_playback_has_a_fallback),
        cmocka_unit_test(slow_synthesis_becomes_text),
        cmocka_unit_test(stale_playback_reports_are_ignored),
        cmocka_unit_test(broken_question_is_asked_again_greeting_is_not),
        cmocka_unit_test(resumes_where_the_database_stands),
        cmocka_unit_test(late_silence_is_not_the_end),
        cmocka_unit_test(late_silence_is_not_the_end),
        cmocka_unit_test(second_client_replaces_the_first),
        cmocka_unit_test(end_while_gone_waits_with_the_next_question),
        cmocka_unit_test(last_answer_completes_without_a_client),
        cmocka_unit_test(the_database_knows_better),
        cmocka_unit_test(button_before_the_answer_is_ignored),
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
        cmocka_unit_test(pauses_within_an_answer_tell_how_long_to_wait),
        cmocka_unit_test(later_it_answers_the_new_question),
        cmocka_unit_test(before_the_end_is_stored_it_never_was),
        cmocka_unit_test(while_the_end_is_being_stored),
        cmocka_unit_test(an_end_by_the_button_is_one),
        cmocka_unit_test(the_last_answer_too_until_the_farewell_is_under_way),
        cmocka_unit_test(who_leaves_over_the_farewell_has_completed),
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
