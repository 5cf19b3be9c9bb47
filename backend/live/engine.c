#include "live/endpoint.h"
#include "live/engine_internal.h"

#include <string.h>

/* What a client gets beyond the sound's length before its silence about it is taken for "played". */
#define PLAY_GRACE_MS 3000
/* Synthesis that takes longer is given up for the text alone. */
#define SYNTHESIS_MAX_MS 20000
#define RETURN_MS        45000
/* An answer "opened" that began longer ago than this was open already. */
#define RESUMED_MS    1000
#define TROUBLE_AFTER 3

struct engine_action *engine_act(struct run *r, enum engine_action_type type)
{
    struct engine_action *a =
        &r->out->list[r->out->count < ENGINE_ACTIONS_MAX ? r->out->count++ : ENGINE_ACTIONS_MAX - 1];
    *a = (struct engine_action){.type = type, .state = r->e->state, .position = r->e->position, .since_ms = -1};
    return a;
}

static void enter(struct run *r, enum engine_state s)
{
    if (r->e->state == s)
        return;
    r->e->state = s;
    engine_act(r, ACTION_STATE);
}

void engine_speak(struct run *r, enum engine_line line)
{
    struct engine *e = r->e;
    e->utterance = ++e->utterances;
    e->line = line;
    e->shown = e->paused = false;
    e->play_at = -1;
    e->utterance_deadline = e->now + SYNTHESIS_MAX_MS;
    struct engine_action *a = engine_act(r, ACTION_SPEAK);
    a->utterance = e->utterance;
    a->line = line;
    engine_yield(r);
}

void engine_hush(struct run *r)
{
    if (r->e->utterance == 0)
        return;
    engine_act(r, ACTION_CANCEL)->utterance = r->e->utterance;
    r->e->utterance = 0;
    r->e->paused = false;
}

void engine_store(struct run *r, enum engine_op op)
{
    struct engine *e = r->e;
    if (e->op != op)
        e->op_failures = 0;
    e->op = op;
    e->op_retry_at = -1;
    struct engine_action *a = engine_act(r, ACTION_STORE);
    a->op = op;
    a->since_ms = op == OP_OPEN ? e->since_ms : -1;
}

void engine_open_answer(struct run *r, int64_t since_ms)
{
    r->e->since_ms = since_ms;
    r->e->reopenable = false;
    engine_store(r, OP_OPEN);
}

static void ask(struct run *r)
{
    struct engine *e = r->e;
    enter(r, ENGINE_ASKING);
    engine_overhear(r);
    if (e->barge == BARGE_TAKEN)
        return; /* the answer before goes on */
    engine_speak(r, e->asked_before ? LINE_QUESTION_AGAIN : LINE_QUESTION);
    e->asked_before = true;
}

/* What was overheard until now is heard for the answer. */
void engine_listen(struct run *r, bool resumed)
{
    struct engine *e = r->e;
    if (!e->overhearing) {
        e->speech = e->in_word = false;
        e->audio_at = e->pause_at = -1;
    }
    e->listening = true;
    e->late = false;
    e->overhearing = false;
    engine_barge_adopt(e);
    e->quiet_since = e->audio_at;
    e->prompts = 0;
    e->followed_enough = e->follow_again = false;
    e->guess.at = e->said_at = -1;
    engine_time_runs(r);
    struct engine_action *a = engine_act(r, ACTION_LISTEN);
    a->resumed = resumed;
    a->ms = engine_time_left(e);
    if (e->think_until != 0)
        engine_act(r, ACTION_THINK)->ms = e->think_until - e->now;
    enter(r, ENGINE_LISTENING);
}

void engine_listen_anew(struct run *r, bool resumed)
{
    r->e->opinion = (struct endpoint_opinion){.verdict = ENDPOINT_NONE};
    engine_listen(r, resumed);
}

/* hold: the client may come back and go on within a word. */
static void deafen(struct run *r, bool hold)
{
    struct engine *e = r->e;
    if (!e->listening && !e->overhearing)
        return;
    bool answers = e->op == OP_OPEN || e->op == OP_REOPEN || (e->answer_open && e->op != OP_END);
    if (answers)
        engine_barge_adopt(e);
    e->flush_overheard = !answers;
    e->barge = BARGE_NONE;
    e->listening = e->overhearing = false;
    e->speech = e->in_word = false;
    e->flushing = true;
    engine_act(r, ACTION_STOP_LISTENING)->hold = hold && answers;
}

static void say_farewell(struct run *r)
{
    enter(r, ENGINE_FAREWELL);
    if (r->e->barge != BARGE_TAKEN)
        engine_speak(r, LINE_FAREWELL);
}

static void go_on_with_answer(struct run *r)
{
    if (r->e->follow != FOLLOW_NONE)
        engine_ask(r, LINE_FOLLOW_UP);
    else if (r->e->follow_again)
        engine_ask(r, LINE_QUESTION_AGAIN);
    else
        engine_listen_anew(r, true);
}

/* Whatever comes next for a client that is there: an open answer, a question, the end. */
static void proceed(struct run *r)
{
    struct engine *e = r->e;
    if ((e->op != OP_NONE && e->op != OP_STORE) || e->state == ENGINE_DONE)
        return;
    if (e->answer_open) {
        if (e->connected && e->state != ENGINE_CLOSING)
            go_on_with_answer(r);
    } else if (e->position > e->cfg.questions) {
        if (e->reopenable)
            say_farewell(r); /* completed when nobody goes on with the last answer */
        else
            engine_store(r, OP_COMPLETE);
    } else if (e->connected) {
        if (!e->greeted) {
            e->greeted = true;
            enter(r, ENGINE_GREETING);
            engine_overhear(r);
            engine_speak(r, LINE_GREETING);
        } else {
            ask(r);
        }
    }
}

void engine_close_answer(struct run *r, enum engine_end end)
{
    r->e->closed_at = r->e->now;
    r->e->closed_silent_ms = engine_silent_ms(r->e);
    engine_hush(r);
    deafen(r, false);
    r->e->end = end;
    r->e->think_until = r->e->think_left_ms = 0;
    enter(r, ENGINE_CLOSING);
    if (end == END_ENDPOINT)
        engine_overhear(r);
}

static void finish(struct run *r)
{
    enter(r, ENGINE_DONE);
    engine_act(r, ACTION_COMPLETED);
}

/* ---- the client ---- */

static void gone(struct run *r)
{
    struct engine *e = r->e;
    if (!e->connected)
        return;
    e->connected = e->reopenable = e->paused = false;
    e->utterance = 0;
    engine_time_stops(e);
    deafen(r, e->state != ENGINE_CLOSING);
    if (e->state == ENGINE_FAREWELL && e->completed)
        e->state = ENGINE_DONE;
    else if (e->state == ENGINE_FAREWELL) {
        e->state = ENGINE_ASKING; /* of what comes after the last question */
        proceed(r);
    }
}

/* Whoever comes back into an answer has a while, however long the connection was gone. */
static void returned(struct engine *e)
{
    if (e->answer_open && e->limited && e->time_left_ms < RETURN_MS)
        e->time_left_ms = RETURN_MS;
}

void engine_attend(struct run *r)
{
    struct engine *e = r->e;
    e->connected = true;
    if (e->state == ENGINE_DONE) {
        engine_act(r, ACTION_COMPLETED);
        return;
    }
    if (e->state != ENGINE_IDLE)
        engine_act(r, ACTION_STATE);
    if (!e->begun && e->op == OP_NONE)
        engine_store(r, OP_BEGIN);
    else
        proceed(r);
}

static void started(struct run *r, bool microphone, bool muted)
{
    struct engine *e = r->e;
    gone(r);
    e->here = true;
    e->microphone = microphone;
    e->muted = muted;
    returned(e);
    if (e->halted)
        engine_halted_client(r);
    else
        engine_attend(r);
}

/* ---- speaking ---- */

static void played(struct run *r)
{
    struct engine *e = r->e;
    e->utterance = 0;
    e->paused = false;
    switch (e->state) {
    case ENGINE_GREETING:
        ask(r);
        break;
    case ENGINE_ASKING:
        if (e->line == LINE_TIME_UP || e->line == LINE_PAUSE_OVER)
            ask(r);
        else if (e->follow != FOLLOW_NONE)
            engine_follow_up_asked(r);
        else if (e->answer_open)
            engine_listen_anew(r, true);
        else
            engine_open_answer(r, e->barge == BARGE_MAYBE ? e->voice_at : -1);
        break;
    case ENGINE_LISTENING:
        e->quiet_since = e->audio_at;
        break;
    case ENGINE_FAREWELL:
        if (e->completed)
            finish(r);
        break;
    default:
        break;
    }
}

static void speaking_event(struct run *r, const struct engine_event *ev)
{
    struct engine *e = r->e;
    if (ev->utterance == 0 || ev->utterance != e->utterance)
        return;
    if (ev->type == EV_PLAYED) {
        played(r);
        return;
    }
    e->shown = true;
    if (ev->type == EV_PLAY_STARTED && e->play_at < 0)
        e->play_at = e->now;
    e->utterance_deadline = e->now + ev->duration_ms + PLAY_GRACE_MS;
}

static void speaking_late(struct run *r)
{
    struct engine *e = r->e;
    if (e->utterance == 0 || e->paused || e->now < e->utterance_deadline)
        return;
    if (e->shown) {
        played(r);
        return;
    }
    e->shown = true; /* the next deadline goes on in any case */
    e->utterance_deadline = e->now + SYNTHESIS_MAX_MS;
    engine_act(r, ACTION_SHOW)->utterance = e->utterance;
}

/* ---- storing ---- */

static void answer_opened(struct run *r, const struct engine_event *ev)
{
    struct engine *e = r->e;
    e->answer_open = true;
    e->words = e->words_then = e->follow_ups = 0;
    e->tail[0] = '\0';
    e->end = END_NONE;
    bool returning = e->since_ms < 0 && ev->elapsed_ms > RESUMED_MS;
    e->limited = ev->time_limit_ms > 0;
    e->think_left_ms = returning || e->since_ms >= 0 ? 0 : e->cfg.think_ms;
    e->time_left_ms = engine_time_at(&e->cfg, ev->time_limit_ms, ev->elapsed_ms);
    if (returning)
        returned(e);
    engine_barge_adopt(e);
    if (!engine_skips(r) && e->connected)
        engine_listen_anew(r, returning);
}

/* The end of the answer before is taken back: its words, and what they sounded like, are known still. */
static void answer_reopened(struct run *r)
{
    struct engine *e = r->e;
    e->position--;
    e->answer_open = e->asked_before = true;
    e->reopenable = false;
    engine_barge_adopt(e);
    if (e->connected)
        engine_listen(r, true);
}

static void answer_ended(struct run *r)
{
    struct engine *e = r->e;
    enum engine_end end = e->end;
    e->answer_open = e->asked_before = e->cut_short = e->followed_enough = false;
    engine_time_stops(e);
    e->think_left_ms = 0;
    e->reopenable = end == END_ENDPOINT && e->connected;
    e->play_at = -1;
    engine_act(r, ACTION_ANSWER_ENDED)->end = end;
    e->position++;
    e->end = END_NONE;
    if (end == END_TIME_LIMIT && e->connected && e->position <= e->cfg.questions) {
        enter(r, ENGINE_ASKING);
        engine_speak(r, LINE_TIME_UP);
        return;
    }
    if (!e->connected && e->position <= e->cfg.questions)
        e->state = ENGINE_ASKING;
    proceed(r);
}

static void completed(struct run *r)
{
    r->e->completed = true;
    if (!r->e->connected)
        r->e->state = ENGINE_DONE;
    else if (r->e->state != ENGINE_FAREWELL)
        say_farewell(r);
    else if (r->e->utterance == 0)
        finish(r);
}

static void op_failed(struct run *r)
{
    struct engine *e = r->e;
    int64_t wait = 250LL << (e->op_failures < 5 ? e->op_failures : 5);
    e->op_retry_at = e->now + (wait > 5000 ? 5000 : wait);
    if (++e->op_failures == TROUBLE_AFTER)
        engine_act(r, ACTION_TROUBLE);
}

static void op_result(struct run *r, const struct engine_event *ev)
{
    struct engine *e = r->e;
    if (ev->op != e->op || e->op == OP_NONE || e->op_retry_at >= 0)
        return;
    if (ev->result == RESULT_FAILED) {
        op_failed(r);
        return;
    }
    if (ev->result != RESULT_OK) {
        e->inert = true;
        engine_act(r, ev->result == RESULT_OVER ? ACTION_OVER : ACTION_RELOAD);
        return;
    }
    enum engine_op op = e->op;
    e->op = OP_NONE;
    e->op_failures = 0;
    if (op == OP_BEGIN) {
        e->begun = true;
        proceed(r);
    } else if (op == OP_OPEN) {
        answer_opened(r, ev);
    } else if (op == OP_STORE) {
        engine_piece_stored(e);
    } else if (op == OP_CHOOSE) {
        engine_chosen(r, ev->follow_up);
    } else if (op == OP_ASKED) {
        engine_follow_up_stored(r);
    } else if (op == OP_END) {
        answer_ended(r);
    } else if (op == OP_REOPEN) {
        answer_reopened(r);
    } else {
        completed(r);
    }
}

/* ---- the candidate's wishes ---- */

void engine_repeat(struct run *r)
{
    engine_say_question(r, LINE_QUESTION_AGAIN);
}

void engine_say_question(struct run *r, enum engine_line line)
{
    struct engine *e = r->e;
    if (e->state != ENGINE_LISTENING || !e->listening)
        return;
    engine_time_stops(e);
    engine_hush(r);
    deafen(r, false);
    engine_ask(r, line);
}

static void wish(struct run *r, enum engine_event_type type)
{
    struct engine *e = r->e;
    if (!e->answer_open || e->halted || e->op == OP_END)
        return;
    if (type == EV_REPEAT) {
        engine_repeat(r);
        return;
    }
    if (e->state == ENGINE_CLOSING)
        return;
    if (type == EV_ANSWER_DONE && e->follow != FOLLOW_NONE) {
        engine_follow_up_dropped(e); /* and the answer ends without it */
        e->followed_enough = true;
    }
    engine_close_answer(r, type == EV_ANSWER_TEXT ? END_TEXT : END_DONE_BUTTON);
}

void engine_leave(struct run *r)
{
    deafen(r, false);
    gone(r);
}

void engine_ask(struct run *r, enum engine_line line)
{
    enter(r, ENGINE_ASKING);
    engine_overhear(r);
    engine_speak(r, line);
}

/* What follows from where things stand, after every event. */
static void settle(struct run *r)
{
    struct engine *e = r->e;
    if (e->op != OP_NONE && e->op_retry_at >= 0 && e->now >= e->op_retry_at)
        engine_store(r, e->op);
    engine_barge_settle(r);
    engine_follow_settle(r);
    if (engine_outstanding(e) > 0 && !e->transcribing && e->op == OP_NONE) {
        e->transcribing = true;
        engine_act(r, ACTION_TRANSCRIBE);
    }
    speaking_late(r);
    engine_wish_settle(r);
    engine_time_limit(r);
    if (e->state == ENGINE_LISTENING)
        engine_endpoint(r);
    if (e->state == ENGINE_CLOSING && e->op == OP_NONE && !e->flushing && engine_outstanding(e) == e->overheard &&
        e->barge != BARGE_MAYBE)
        engine_store(r, engine_closing_op(e));
}

void engine_step(struct engine *e, const struct engine_event *ev, struct engine_actions *out)
{
    struct run r = {e, out};
    out->count = 0;
    if (e->inert)
        return;
    if (ev->now > e->now)
        e->now = ev->now;
    switch (ev->type) {
    case EV_CLIENT_STARTED:
        started(&r, ev->microphone, ev->muted);
        break;
    case EV_CLIENT_GONE:
        e->here = false;
        gone(&r);
        break;
    case EV_SHOWN:
    case EV_PLAY_STARTED:
    case EV_PLAYED:
        speaking_event(&r, ev);
        break;
    case EV_AUDIO:
    case EV_SPEECH_STARTED:
    case EV_SPEECH_STOPPED:
    case EV_CAPTION:
    case EV_GUESS:
        engine_heard(&r, ev);
        break;
    case EV_VOICE:
    case EV_VOICE_GONE:
        engine_voice(&r, ev);
        break;
    case EV_PIECE:
        e->pieces_in++;
        e->overheard += e->flushing ? e->flush_overheard : e->overhearing;
        break;
    case EV_FLUSHED:
        e->flushing = false;
        break;
    case EV_TRANSCRIPT:
        engine_transcript(&r, ev);
        break;
    case EV_OP_RESULT:
        op_result(&r, ev);
        break;
    case EV_ANSWER_DONE:
    case EV_ANSWER_TEXT:
    case EV_REPEAT:
        wish(&r, ev->type);
        break;
    case EV_MICROPHONE:
        engine_microphone(e, ev->microphone, ev->muted);
        break;
    default:
        engine_wish(&r, ev);
        break;
    }
    if (!e->inert)
        settle(&r);
}

void engine_init(struct engine *e, const struct engine_config *cfg, const struct engine_resume *r)
{
    *e = (struct engine){.cfg = *cfg,
                         .position = r->position < 1 ? 1 : r->position,
                         .greeted = r->greeted,
                         .answer_open = r->answer_open,
                         .follow_ups = r->follow_ups,
                         .follow_again = r->follow_up_open,
                         .asked_before = r->answer_open,
                         .limited = r->time_limit_ms > 0,
                         .time_left_ms = engine_time_at(cfg, r->time_limit_ms, r->elapsed_ms),
                         .time_up_at = INT64_MAX,
                         .halted = r->halted,
                         .begun = r->halted,
                         .halt_until = INT64_MAX,
                         .halt_left_ms = r->halt_ms,
                         .audio_at = -1,
                         .play_at = -1,
                         .since_ms = -1,
                         .quiet_since = -1,
                         .pause_at = -1,
                         .said_at = -1,
                         .guess = {.at = -1},
                         .opinion = {.verdict = ENDPOINT_NONE}};
    if (r->answer_open && r->elapsed_ms < cfg->think_ms && (r->text == NULL || r->text[0] == '\0'))
        e->think_left_ms = cfg->think_ms - r->elapsed_ms;
    if (r->answer_open && r->text != NULL) {
        engine_tail_append(e->tail, r->text);
        e->words = endpoint_words(r->text);
    }
    e->words_then = r->follow_up_open ? e->words : 0;
}
