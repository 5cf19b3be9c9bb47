/* Scenarios for the engine: short scripts of events with what must come of them. Included by one test program at a
 * time. */
#ifndef VIVA_TESTS_LIVE_SCENARIO_H
#define VIVA_TESTS_LIVE_SCENARIO_H

#include "live/engine.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static struct engine e;
static struct engine_actions out; /* of the last event */
static int64_t now, audio;

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

static inline void finish_speaking(enum engine_line line)
{
    assert_int_not_equal(e.utterance, 0);
    assert_int_equal(e.line, line);
    on(.type = EV_SHOWN, .utterance = e.utterance, .duration_ms = 2000);
    now += 2000;
    on(.type = EV_PLAYED, .utterance = e.utterance);
}

static inline void begin_with(const struct engine_config *c, struct engine_resume r)
{
    now = 1000;
    audio = 0;
    engine_init(&e, c, &r);
    on(.type = EV_CLIENT_STARTED, .microphone = true);
    ok(OP_BEGIN);
}

static inline void begin(struct engine_resume r)
{
    begin_with(&config, r);
}

static inline void open_answer(int64_t limit)
{
    finish_speaking(e.line);
    assert_int_equal(e.op, OP_OPEN);
    on(.type = EV_OP_RESULT, .op = OP_OPEN, .result = RESULT_OK, .time_limit_ms = limit);
    must(ACTION_LISTEN);
    audio = 0;
    on(.type = EV_AUDIO, .at_ms = audio);
}

static inline void to_first_answer(int64_t limit)
{
    begin((struct engine_resume){.position = 1});
    finish_speaking(LINE_GREETING);
    open_answer(limit);
}

static inline void silence(int64_t ms)
{
    for (int64_t t = 0; t < ms && e.state == ENGINE_LISTENING; t += 100) {
        now += 100;
        audio += 100;
        on(.type = EV_AUDIO, .at_ms = audio);
    }
}

/* Sound that is heard; a voice in it if one has begun. */
static inline void hear(int64_t ms)
{
    for (int64_t t = 0; t < ms; t += 100) {
        now += 100;
        audio += 100;
        on(.type = EV_AUDIO, .at_ms = audio, .quiet_at = -1);
    }
}

/* Speaks for a second; the transcript comes and is stored at once. */
static inline void say(const char *text)
{
    on(.type = EV_SPEECH_STARTED, .at_ms = audio);
    hear(1000);
    on(.type = EV_PIECE);
    must(ACTION_TRANSCRIBE);
    on(.type = EV_SPEECH_STOPPED, .at_ms = audio);
    on(.type = EV_TRANSCRIPT, .result = RESULT_OK, .text = text, .at_ms = audio);
    ok(OP_STORE);
}

static inline void end_is_stored(enum engine_end end)
{
    assert_int_equal(e.state, ENGINE_CLOSING);
    if (e.flushing)
        on(.type = EV_FLUSHED);
    ok(OP_END);
    must(ACTION_ANSWER_ENDED);
    assert_int_equal(find(ACTION_ANSWER_ENDED)->end, end);
}

#endif
