#include "live/session.h"

#include "base/log.h"
#include "live/script.h"

#include <stdlib.h>
#include <string.h>

#define PLAN_ARENA  (4u << 20)
#define RELOADS_MAX 5

/* Says why and ends the connection. The client comes back by itself unless the interview is over. */
static void refuse(struct session *s, enum status st, const struct error *err)
{
    bool over = st == STATUS_GONE || st == STATUS_NOT_FOUND;
    if (!over)
        log_failure("live.load", s->id_text, st, err);
    if (s->conn == NULL)
        return;
    if (over)
        session_error(s, "session_over", "This interview is over. What you said is kept.", true);
    else
        session_error(s, "unavailable", "The interview cannot be opened just now. Trying again.", true);
    conn_close(s->conn, over ? CLOSE_OVER : CLOSE_BUSY, over ? "session over" : "unavailable");
}

static void forget(struct session *s)
{
    session_hush(s);
    session_forget_hearing(s);
    s->events_in = s->events_out = 0;
    s->n_said = 0;
    session_forget_practice(s);
    free(s->typed);
    s->typed = NULL;
    s->written = (struct id){0};
    session_forget_choice(s);
    session_forget_second_pass(s);
    s->plan = NULL;
    s->arena = arena_free(s->arena);
}

static enum status fetch(struct session *s, struct arena **arena, struct conduct_plan **plan, struct error *err)
{
    *arena = arena_new(PLAN_ARENA);
    enum status st = *arena != NULL ? conduct_load(s->services, s->id, *arena, plan, err) : arena_exhausted(err);
    if (st != STATUS_OK)
        *arena = arena_free(*arena);
    return st;
}

static void adopt(struct session *s, struct arena *arena, struct conduct_plan *p)
{
    const struct live_options *o = live_options_of(s->live);
    int position = p->position < 1 ? 1 : p->position;
    bool open = !id_is_zero(p->open_answer);
    int64_t now = clock_unix_ms(o->clock);
    int64_t elapsed = open ? now - p->open_answer_started_at : 0;
    if (elapsed < p->open_answer_heard_ms)
        elapsed = p->open_answer_heard_ms; /* the clock was set back */
    /* of its time: not what a pause took, the one under way included */
    int64_t halted = p->paused_at != 0 && now > p->paused_at ? now - p->paused_at : 0;
    int64_t used = open ? elapsed - p->open_answer_paused_ms - halted : 0;
    int utterances = s->engine.utterances; /* their numbers are unique per connection */
    forget(s);
    s->arena = arena;
    s->plan = p;
    s->answer = p->open_answer;
    s->answer_base = session_now(s) - elapsed;
    s->ears_base = s->answer_base; /* new ears: what was said before they were there may come late */
    s->zero_ms = 0;
    s->heard_ms = p->open_answer_heard_ms;
    s->time_limit_s = open ? conduct_limit_at(p, position) : 0;
    s->extended_s = open ? p->open_answer_extended_s : 0;
    s->spoke = open && p->open_answer_spoken;
    s->wrote = open && p->open_answer_typed;
    p->follow_up = open && p->n_asked > 0 ? p->asked[p->n_asked - 1].text : NULL;
    p->follow_up_position = position;
    /* What the settings say is the usual patience; an interview may have less, or more. */
    const struct patience *own = patience_named(p->patience);
    bool usual = own == NULL || strcmp(p->patience, "normal") == 0;
    struct engine_config c = {(int)p->n_questions, usual ? o->patience : *own, p->think_time_s * 1000,
                              p->practice ? 0 : p->follow_ups};
    struct engine_resume r = {.position = position,
                              .greeted = p->practice || p->status == CONDUCT_IN_PROGRESS || p->started_at != 0,
                              .answer_open = open,
                              .elapsed_ms = used > 0 ? used : 0,
                              .time_limit_ms = (s->time_limit_s > 0 ? s->time_limit_s + s->extended_s : 0) * 1000,
                              .text = p->open_answer_text,
                              .follow_ups = open ? p->n_asked : 0,
                              .follow_up_open = open && p->follow_up_open,
                              .halted = p->paused_at != 0,
                              .halt_ms = session_pause_left(s)};
    engine_init(&s->engine, &c, &r);
    s->engine.utterances = utterances;
}

static enum status load(struct session *s, bool practice, struct error *err)
{
    struct arena *arena = NULL;
    struct conduct_plan *plan = NULL;
    enum status st = fetch(s, &arena, &plan, err);
    if (st == STATUS_OK && practice && (st = session_rehearse(plan, arena, err)) != STATUS_OK)
        arena = arena_free(arena);
    if (st == STATUS_OK)
        adopt(s, arena, plan);
    return st;
}

/* Does the database stand where the engine does? It may not when an answer came over REST. */
static bool agrees(const struct session *s, const struct conduct_plan *p)
{
    int position = p->position < 1 ? 1 : p->position;
    return position == s->engine.position && (p->paused_at != 0) == s->engine.halted &&
           !id_is_zero(p->open_answer) == s->engine.answer_open &&
           (!s->engine.answer_open || (id_equal(p->open_answer, s->answer) && p->n_asked == s->engine.follow_ups));
}

/* *changed: the engine began anew. What is still to be stored is stored first, and finds out by itself. */
static enum status agree(struct session *s, bool *changed, struct error *err)
{
    struct arena *arena = NULL;
    struct conduct_plan *plan = NULL;
    *changed = false;
    if (s->plan != NULL && !s->plan->practice && !s->engine.inert &&
        (s->engine.state == ENGINE_DONE || s->engine.state == ENGINE_FAREWELL || s->engine.op != OP_NONE ||
         (s->listener != NULL && listener_oldest(s->listener) != NULL)))
        return STATUS_OK;
    enum status st = fetch(s, &arena, &plan, err);
    if (st != STATUS_OK)
        return st;
    *changed = s->plan == NULL || s->plan->practice || s->engine.inert || !agrees(s, plan);
    if (*changed && s->listener != NULL && listener_held(s->listener)) {
        *changed = false;
        session_release(s);
    }
    if (*changed)
        adopt(s, arena, plan);
    else
        arena_free(arena);
    return STATUS_OK;
}

void session_opened(struct session *s, struct conn *c)
{
    bool changed = false;
    struct error err = {0};
    if (s->conn != NULL) {
        if (s->started)
            session_event(s, (struct engine_event){.type = EV_CLIENT_GONE});
        session_hush(s);
        conn_close(s->conn, CLOSE_REPLACED, "replaced by another connection");
        conn_unref(s->conn);
    }
    s->conn = conn_ref(c);
    s->started = s->pinged = s->leaving = false;
    s->malformed = s->reloads = 0;
    s->waiting = 0;
    s->captions = CAPTIONS_USUAL;
    s->heard_of_at = session_now(s);
    enum status st = agree(s, &changed, &err);
    if (st != STATUS_OK) {
        refuse(s, st, &err);
        return;
    }
    struct conduct_plan now = *s->plan;
    now.position = s->engine.position;
    now.status = s->engine.state == ENGINE_DONE ? CONDUCT_COMPLETED
                 : s->engine.begun              ? CONDUCT_IN_PROGRESS
                                                : s->plan->status;
    protocol_created(&s->out, &now, s->engine.begun || s->engine.greeted, script_avatar_name(s->plan));
    session_send(s);
    session_render_ahead(s, s->engine.greeted ? LINE_QUESTION_AGAIN : LINE_GREETING, s->engine.position);
    if (!s->engine.greeted)
        session_render_ahead(s, LINE_QUESTION, s->engine.position);
}

static void tell_missing(struct session *s)
{
    const struct engines *e = live_options_of(s->live)->engines;
    s->can_hear = e->stt != NULL && e->vad != NULL;
    if (e->tts == NULL) {
        protocol_engine_unavailable(&s->out, "tts", "I cannot speak in this interview. Please read the questions.");
        session_send(s);
    }
    if (!s->can_hear) {
        protocol_engine_unavailable(&s->out, "stt", "I cannot hear you in this interview. Please type your answers.");
        session_send(s);
    }
}

/* Who has begun goes on, whatever the crowd. */
static bool may_begin(struct session *s, unsigned *position)
{
    int64_t now = session_now(s);
    if (s->engine.greeted && !s->plan->practice && atomic_load(&s->admitted_at) == 0)
        atomic_store(&s->admitted_at, now > 0 ? now : 1);
    return atomic_load(&s->admitted_at) != 0 || live_admit(s->live, s->id, position);
}

static void begin(struct session *s)
{
    s->waiting = 0;
    tell_missing(s);
    session_event(s, (struct engine_event){
                         .type = EV_CLIENT_STARTED, .microphone = s->microphone && s->can_hear, .muted = s->muted});
}

void session_ask_to_begin(struct session *s)
{
    char message[256];
    unsigned position = 0;
    if (may_begin(s, &position)) {
        begin(s);
        return;
    }
    s->ask_at = session_now(s) + CROWD_ASK_AGAIN_MS;
    if (position == s->waiting)
        return;
    s->waiting = position;
    crowd_message(position, message, sizeof(message));
    protocol_busy(&s->out, position, CROWD_RETRY_AFTER_S, message);
    session_send(s);
}

/* Practice begins anew each time it is asked for, and leaves nothing behind for the interview. False: refused. */
static bool choose_plan(struct session *s, bool practice)
{
    struct error err = {0};
    if (practice && !session_may_practise(s)) {
        session_error(s, "practice_over", "The interview has begun: there is no more practice.", false);
        return false;
    }
    enum status st = practice || s->plan->practice ? load(s, practice, &err) : STATUS_OK;
    if (st != STATUS_OK)
        refuse(s, st, &err);
    return st == STATUS_OK;
}

void session_started(struct session *s, bool microphone, bool practice)
{
    if (s->plan == NULL || !choose_plan(s, practice))
        return; /* refused */
    s->started = true;
    s->microphone = microphone;
    s->muted = false;
    session_ask_to_begin(s);
}

/* The engine began anew under a client who is there: one who waited may find the interview begun elsewhere. */
static void go_on(struct session *s, bool microphone, bool muted)
{
    if (s->waiting > 0)
        session_ask_to_begin(s);
    else if (s->started)
        session_event(s, (struct engine_event){.type = EV_CLIENT_STARTED, .microphone = microphone, .muted = muted});
}

/* The engine found that the database is elsewhere. */
void session_reload(struct session *s)
{
    struct error err = {0};
    bool microphone = s->engine.microphone, muted = s->engine.muted;
    enum status st = ++s->reloads > RELOADS_MAX
                         ? error_set(&err, STATUS_INTERNAL, "reloads", NULL, "The interview does not settle.")
                         : load(s, false, &err);
    if (st != STATUS_OK)
        refuse(s, st, &err);
    else
        go_on(s, microphone, muted);
}

void session_changed(struct session *s)
{
    struct error err = {0};
    bool changed = false, microphone = s->engine.microphone, muted = s->engine.muted;
    if (s->plan == NULL || s->plan->practice)
        return; /* what the interview is, is read when it begins */
    enum status st = agree(s, &changed, &err);
    if (st != STATUS_OK)
        refuse(s, st, &err);
    else if (changed)
        go_on(s, microphone, muted);
}
