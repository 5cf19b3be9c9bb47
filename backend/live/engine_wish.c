/* What the candidate may want beside answering, and the clocks that depend on it: the answer's limit and the time to
 * think run only while somebody is listened to, a pause's while somebody is there. */
#include "live/engine_internal.h"

#define HALT_RETRY_MS 5000

/* ---- time ---- */

int64_t engine_time_left(const struct engine *e)
{
    if (!e->limited)
        return -1;
    int64_t left = e->time_up_at != INT64_MAX ? e->time_up_at - e->now : e->time_left_ms;
    return left > 0 ? left : 0;
}

/* Of an answer that began elapsed_ms ago. How long was thought is not known any more: as long as there was time to. */
int64_t engine_time_at(const struct engine_config *c, int64_t limit_ms, int64_t elapsed_ms)
{
    return limit_ms - (elapsed_ms > c->think_ms ? elapsed_ms - c->think_ms : 0);
}

void engine_time_runs(struct run *r)
{
    struct engine *e = r->e;
    if (e->think_until == 0 && e->think_left_ms > 0)
        e->think_until = e->now + e->think_left_ms;
    else if (e->think_until == 0 && e->limited && e->time_up_at == INT64_MAX)
        e->time_up_at = e->now + e->time_left_ms;
}

void engine_time_stops(struct engine *e)
{
    if (e->think_until != 0)
        e->think_left_ms = e->think_until > e->now ? e->think_until - e->now : 0;
    if (e->time_up_at != INT64_MAX)
        e->time_left_ms = e->time_up_at > e->now ? e->time_up_at - e->now : 0;
    e->think_until = 0;
    e->time_up_at = INT64_MAX;
}

/* Silence counts from here: what was thought about is no pause in an answer. */
void engine_enough_thought(struct run *r)
{
    struct engine *e = r->e;
    if (e->think_until == 0)
        return;
    e->think_until = e->think_left_ms = 0;
    e->quiet_since = e->audio_at;
    engine_time_runs(r);
    engine_act(r, ACTION_TIME_LEFT)->ms = engine_time_left(e);
}

static void extend(struct run *r, int64_t ms)
{
    struct engine *e = r->e;
    if (!e->answer_open || !e->limited)
        return;
    if (e->time_up_at != INT64_MAX)
        e->time_up_at += ms;
    else
        e->time_left_ms += ms;
    if (e->think_until == 0)
        engine_act(r, ACTION_TIME_LEFT)->ms = engine_time_left(e);
}

/* ---- the question ---- */

static bool asking(const struct engine *e)
{
    return e->state == ENGINE_ASKING && e->utterance != 0 &&
           (e->line == LINE_QUESTION || e->line == LINE_QUESTION_AGAIN || e->line == LINE_QUESTION_OTHER_WORDS ||
            e->line == LINE_FOLLOW_UP);
}

static void say_instead(struct run *r, enum engine_line line)
{
    engine_hush(r);
    engine_speak(r, line);
}

static void rephrase(struct run *r)
{
    if (asking(r->e))
        say_instead(r, LINE_QUESTION_OTHER_WORDS);
    else
        engine_say_question(r, LINE_QUESTION_OTHER_WORDS);
}

static void slower(struct run *r)
{
    struct engine *e = r->e;
    if (asking(e))
        say_instead(r, e->line);
    else if (e->words == 0 && !e->speech && engine_outstanding(e) == 0)
        engine_say_question(r, LINE_QUESTION_AGAIN);
}

/* Whoever will not have a follow-up has answered the question all the same. */
static void skip_answer(struct run *r)
{
    struct engine *e = r->e;
    bool follow_up = e->follow != FOLLOW_NONE || e->follow_ups > 0;
    if (e->state == ENGINE_CLOSING)
        return;
    engine_follow_up_dropped(e);
    e->followed_enough = follow_up;
    engine_close_answer(r, follow_up ? END_DONE_BUTTON : END_SKIPPED);
}

/* A question that is still being asked has no answer yet: it is opened, and ends at once. */
static void skip(struct run *r)
{
    struct engine *e = r->e;
    if (e->answer_open) {
        skip_answer(r);
        return;
    }
    bool opening = e->op == OP_OPEN;
    if (!opening && (!asking(e) || e->op != OP_NONE))
        return;
    e->skip = true;
    if (!opening) {
        engine_hush(r);
        engine_open_answer(r, -1);
    }
}

bool engine_skips(struct run *r)
{
    if (!r->e->skip)
        return false;
    r->e->skip = false;
    engine_close_answer(r, END_SKIPPED);
    return true;
}

/* ---- a pause ---- */

static void halt(struct run *r, int64_t ms)
{
    struct engine *e = r->e;
    if (e->halted || !engine_may_halt(e))
        return;
    engine_hush(r);
    engine_leave(r);
    e->halted = true;
    e->halt_until = e->now + ms;
    engine_act(r, ACTION_HALTED)->ms = ms;
}

void engine_halted_client(struct run *r)
{
    struct engine *e = r->e;
    if (e->halt_until == INT64_MAX)
        e->halt_until = e->now + e->halt_left_ms;
    engine_act(r, ACTION_HALTED)->ms = e->halt_until > e->now ? e->halt_until - e->now : 0;
}

/* The question is said again: it may be a while since. */
static void go_on(struct run *r, bool by_itself)
{
    struct engine *e = r->e;
    if (!e->halted)
        return;
    e->halted = false;
    e->halt_until = INT64_MAX;
    if (!e->here)
        return;
    if (!e->answer_open && !by_itself) {
        engine_attend(r);
        return;
    }
    e->connected = true;
    if (e->state != ENGINE_CLOSING && e->op != OP_OPEN && e->op != OP_REOPEN)
        engine_ask(r, by_itself ? LINE_PAUSE_OVER : LINE_QUESTION_AGAIN);
}

bool engine_may_halt(const struct engine *e)
{
    if (!e->connected || !e->begun || e->op == OP_BEGIN || e->op == OP_COMPLETE)
        return false;
    if (e->state == ENGINE_CLOSING || e->skip)
        return e->position < e->cfg.questions;
    return e->state == ENGINE_GREETING || e->state == ENGINE_ASKING || e->state == ENGINE_LISTENING;
}

/* ---- all of them ---- */

void engine_wish(struct run *r, const struct engine_event *ev)
{
    struct engine *e = r->e;
    if (ev->type == EV_GO_ON)
        go_on(r, ev->by_itself);
    else if (ev->type == EV_EXTEND)
        extend(r, ev->duration_ms);
    else if (ev->type == EV_HALT)
        halt(r, ev->duration_ms);
    else if (!e->connected || e->op == OP_END)
        return;
    else if (ev->type == EV_REPHRASE)
        rephrase(r);
    else if (ev->type == EV_SLOWER)
        slower(r);
    else if (ev->type == EV_SKIP)
        skip(r);
    else if (ev->type == EV_READY)
        engine_enough_thought(r);
}

void engine_wish_settle(struct run *r)
{
    struct engine *e = r->e;
    if (e->think_until != 0 && e->now >= e->think_until)
        engine_enough_thought(r);
    if (e->halted && e->here && e->now >= e->halt_until) {
        e->halt_until = e->now + HALT_RETRY_MS;
        engine_act(r, ACTION_HALT_OVER);
    }
}

int64_t engine_wish_deadline(const struct engine *e)
{
    if (e->halted)
        return e->here ? e->halt_until : INT64_MAX;
    return e->think_until != 0 ? e->think_until : INT64_MAX;
}
