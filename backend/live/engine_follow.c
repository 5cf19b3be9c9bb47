/* Follow-ups: whether an answer that seems over is followed up, and the follow-up's way to being a part of it. Nothing
 * of one is stored until it was asked: one that is taken back, or lost with the connection, has left no trace. */
#include "live/engine_internal.h"

/* More is asked of who said something since they were asked last. */
enum engine_op engine_closing_op(const struct engine *e)
{
    bool meant = e->end == END_ENDPOINT || e->end == END_DONE_BUTTON || e->end == END_TEXT;
    bool said = e->end == END_TEXT || e->words > e->words_then;
    if (e->follow != FOLLOW_NONE)
        return OP_ASKED; /* what was typed answers it */
    return meant && said && !e->followed_enough && e->follow_ups < e->cfg.follow_ups ? OP_CHOOSE : OP_END;
}

void engine_choose_none(struct run *r)
{
    if (r->e->op != OP_CHOOSE)
        return;
    r->e->op = OP_NONE;
    engine_act(r, ACTION_CHOOSE_NONE);
}

void engine_chosen(struct run *r, bool follow_up)
{
    struct engine *e = r->e;
    if (!follow_up) {
        e->followed_enough = true;
        return;
    }
    e->follow = FOLLOW_CHOSEN;
    e->reopenable = e->end == END_ENDPOINT && e->connected;
    e->end = END_NONE;
    engine_time_stops(e);
    if (e->connected)
        engine_ask(r, LINE_FOLLOW_UP);
    else
        e->state = ENGINE_ASKING;
}

void engine_follow_up_asked(struct run *r)
{
    r->e->follow = FOLLOW_ASKED;
    engine_follow_settle(r);
}

void engine_follow_settle(struct run *r)
{
    if (r->e->follow == FOLLOW_ASKED && r->e->op == OP_NONE)
        engine_store(r, OP_ASKED);
}

void engine_follow_up_stored(struct run *r)
{
    struct engine *e = r->e;
    e->follow_ups++;
    e->words_then = e->words;
    engine_follow_up_dropped(e);
    if (e->state == ENGINE_ASKING && e->connected && e->utterance == 0) /* a pause has it said again */
        engine_listen_anew(r, true);
}

void engine_follow_up_dropped(struct engine *e)
{
    e->follow = FOLLOW_NONE;
    e->reopenable = false;
}
