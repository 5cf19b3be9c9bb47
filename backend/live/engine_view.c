/* What an owner may ask of an engine. */
#include "live/engine_internal.h"

unsigned engine_outstanding(const struct engine *e)
{
    return e->pieces_in - e->pieces_done;
}

static int64_t earlier(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

int64_t engine_deadline(const struct engine *e)
{
    int64_t at = INT64_MAX;
    if (e->inert)
        return at;
    if (e->utterance != 0)
        at = earlier(at, e->paused ? at : e->utterance_deadline);
    at = earlier(at, engine_barge_deadline(e));
    if (e->op != OP_NONE && e->op_retry_at >= 0)
        at = earlier(at, e->op_retry_at);
    at = earlier(at, engine_wish_deadline(e));
    if (e->state == ENGINE_LISTENING && e->connected && e->time_up_at != INT64_MAX)
        at = earlier(at, engine_limit_deadline(e));
    return at;
}

const char *engine_state_name(enum engine_state s)
{
    static const char *const names[] = {"idle", "greeting", "asking", "listening", "closing", "farewell", "done"};
    return names[s];
}

const char *engine_end_name(enum engine_end end)
{
    static const char *const names[] = {"none", "done_button", "endpoint", "text", "time_limit", "skipped"};
    return names[end];
}
