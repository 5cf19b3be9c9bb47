/* What the candidate may want beside answering. A pause and more time are stored before the engine hears of them: what
 * was acknowledged holds after any crash. */
#include "live/session.h"

#include "base/log.h"

#define EXTEND_S   120
#define EXTENSIONS 2

static void refused(struct session *s, const char *what, enum status st, const struct error *err)
{
    if (st != STATUS_CONFLICT)
        log_failure(what, s->id_text, st, err);
    session_error(s, st == STATUS_CONFLICT ? err->code : "storing_failed", err->message, false);
}

void session_tell_time(struct session *s, int64_t left_ms)
{
    int left = left_ms < 0 ? 0 : EXTENSIONS - (int)(s->extended_s / EXTEND_S);
    protocol_answer_time(&s->out, s->answer, left_ms, left);
    session_send(s);
}

static void extend(struct session *s, struct id answer)
{
    struct error err = {0};
    if (!s->engine.answer_open || !s->engine.limited || !id_equal(answer, s->answer)) {
        session_error(s, "answer_not_open", "This answer is not open (any more).", false);
        return;
    }
    enum status st = conduct_extend(s->services, s->answer, EXTEND_S, (int64_t)EXTENSIONS * EXTEND_S, &err);
    if (st != STATUS_OK) {
        refused(s, "live.extend", st, &err);
        return;
    }
    s->extended_s += EXTEND_S;
    session_event(s, (struct engine_event){.type = EV_EXTEND, .duration_ms = EXTEND_S * 1000});
}

static void set_rate(struct session *s, bool slower)
{
    struct error err = {0};
    bool before = s->plan->slower;
    enum status st = before == slower ? STATUS_OK : conduct_set_slower(s->services, s->id, slower, &err);
    if (st != STATUS_OK) {
        refused(s, "live.rate", st, &err);
        return;
    }
    s->plan->slower = slower;
    protocol_rate(&s->out, slower);
    session_send(s);
    if (slower && !before)
        session_event(s, (struct engine_event){.type = EV_SLOWER});
}

/* ---- a pause ---- */

int64_t session_pause_left(const struct session *s)
{
    const struct live_options *o = live_options_of(s->live);
    int64_t now = clock_unix_ms(o->clock), since = s->plan->paused_at != 0 ? now - s->plan->paused_at : 0;
    int64_t left = o->pause_max_ms - s->plan->paused_ms - (since > 0 ? since : 0);
    return left > 0 ? left : 0;
}

static void pause_interview(struct session *s)
{
    struct error err = {0};
    if (!s->plan->allow_pause || !engine_may_halt(&s->engine) || s->events_in != s->events_out) {
        session_error(s, "no_pause", "The interview cannot be paused now.", false);
        return;
    }
    int64_t left = session_pause_left(s);
    enum status st = conduct_pause(s->services, s->id, live_options_of(s->live)->pause_max_ms, &err);
    if (st != STATUS_OK) {
        refused(s, "live.pause", st, &err);
        return;
    }
    s->plan->paused_at = clock_unix_ms(live_options_of(s->live)->clock);
    session_event(s, (struct engine_event){.type = EV_HALT, .duration_ms = left});
}

static void go_on(struct session *s, bool by_itself)
{
    struct error err = {0};
    enum status st = conduct_go_on(s->services, s->id, &s->plan->paused_ms, &err);
    if (st != STATUS_OK) {
        refused(s, "live.go_on", st, &err);
        return;
    }
    s->plan->paused_at = 0;
    protocol_resumed(&s->out);
    session_send(s);
    session_event(s, (struct engine_event){.type = EV_GO_ON, .by_itself = by_itself});
}

void session_act_wish(struct session *s, const struct engine_action *a)
{
    if (a->type == ACTION_TIME_LEFT) {
        session_tell_time(s, a->ms);
    } else if (a->type == ACTION_HALT_OVER) {
        go_on(s, true);
    } else if (a->type == ACTION_THINK) {
        protocol_think(&s->out, s->answer, a->ms);
        session_send(s);
    } else if (a->type == ACTION_HALTED) {
        protocol_paused(&s->out, a->ms);
        session_send(s);
    }
}

void session_wish(struct session *s, const struct client_message *m)
{
    switch (m->type) {
    case MSG_REPHRASE:
        session_event(s, (struct engine_event){.type = EV_REPHRASE});
        break;
    case MSG_RATE:
        set_rate(s, m->slower);
        break;
    case MSG_SKIP:
        if (s->plan->allow_skip)
            session_event(s, (struct engine_event){.type = EV_SKIP});
        else
            session_error(s, "no_skip", "Questions cannot be skipped in this interview.", false);
        break;
    case MSG_READY:
        session_event(s, (struct engine_event){.type = EV_READY});
        break;
    case MSG_EXTEND:
        extend(s, m->answer);
        break;
    case MSG_PAUSE:
        pause_interview(s);
        break;
    case MSG_RESUME:
        if (s->engine.halted)
            go_on(s, false);
        break;
    default:
        break;
    }
}
