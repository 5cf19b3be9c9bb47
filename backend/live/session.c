#include "live/session.h"

#include "base/log.h"

#include <stdlib.h>
#include <string.h>

/* A client that pings and then falls silent for this long is gone (the network swallowed its good-bye). */
#define SILENT_MS     45000
#define MALFORMED_MAX 5
#define MESSAGE_MAX   (4u << 20)

/* ---- connections ---- */

struct conn *conn_ref(struct conn *c)
{
    atomic_fetch_add(&c->refs, 1);
    return c;
}

struct conn *conn_unref(struct conn *c)
{
    if (c == NULL || atomic_fetch_sub(&c->refs, 1) != 1)
        return NULL;
    c->wire->unref(c->ws);
    session_unref(c->session);
    live_unref(c->live);
    free(c);
    return NULL;
}

void conn_close(struct conn *c, int code, const char *reason)
{
    atomic_store(&c->deaf, true);
    c->wire->close(c->ws, code, reason);
}

/* ---- life ---- */

static void owner_ref(void *u)
{
    session_ref(u);
}

static void owner_unref(void *u)
{
    session_unref(u);
}

struct session *session_new(struct live *l, struct id id, struct pool *pool)
{
    struct session *s = calloc(1, sizeof(*s));
    if (s == NULL)
        return NULL;
    atomic_init(&s->refs, 1);
    s->live = l;
    s->id = id;
    s->ears_base = clock_mono_ms(live_options_of(l)->clock);
    id_format(id, s->id_text);
    atomic_init(&s->wake_at, INT64_MAX);
    atomic_init(&s->quiet, true);
    buf_init(&s->out, MESSAGE_MAX);
    buf_init(&s->line, MESSAGE_MAX);
    buf_init(&s->last, MESSAGE_MAX);
    struct strand_owner owner = {session_run, session_pause, owner_ref, owner_unref, s};
    strand_init(&s->strand, pool, &owner);
    return s;
}

struct session *session_ref(struct session *s)
{
    atomic_fetch_add(&s->refs, 1);
    return s;
}

struct session *session_unref(struct session *s)
{
    if (s == NULL || atomic_fetch_sub(&s->refs, 1) != 1)
        return NULL;
    strand_destroy(&s->strand);
    conn_unref(s->conn);
    session_forget_hearing(s);
    spoken_unref(s->saying.sound);
    arena_free(s->arena);
    arena_free(s->ended_arena);
    free(s->typed);
    session_forget_practice(s);
    session_forget_choice(s);
    session_forget_second_pass(s);
    buf_free(&s->out);
    buf_free(&s->line);
    buf_free(&s->last);
    free(s);
    return NULL;
}

int64_t session_now(const struct session *s)
{
    return clock_mono_ms(live_options_of(s->live)->clock);
}

int64_t session_elapsed(const struct session *s)
{
    int64_t ms = session_now(s) - s->answer_base;
    return ms > 0 ? ms : 0;
}

int64_t session_in_answer(const struct session *s, int64_t heard_ms)
{
    int64_t ms = heard_ms - s->zero_ms;
    return ms > 0 ? ms : 0;
}

/* ---- mail ---- */

static void mail_free(struct mail *m)
{
    struct session_mail *sm = (struct session_mail *)(void *)m;
    conn_unref(sm->conn);
    spoken_unref(sm->sound);
    hearing_job_free(sm->job);
    choosing_job_free(sm->choice);
    second_pass_job_free(sm->again);
    free(sm);
}

struct session_mail *session_mail_new(enum session_mail_type type, size_t n)
{
    struct session_mail *m = calloc(1, sizeof(*m) + n + 1);
    if (m == NULL)
        return NULL;
    m->mail.free = mail_free;
    m->type = type;
    m->n = n;
    m->mail.bytes = type == MAIL_TEXT || type == MAIL_BINARY ? sizeof(*m) + n : 0;
    return m;
}

void session_post(struct session *s, enum session_mail_type type, struct conn *conn, const void *data, size_t n)
{
    struct session_mail *m = session_mail_new(type, n);
    if (m == NULL) {
        log_event(LOG_ERROR, "live.no_memory", "session", s->id_text, NULL);
        conn_unref(conn);
        return;
    }
    m->conn = conn;
    if (n > 0)
        memcpy(m->data, data, n);
    strand_post(&s->strand, &m->mail);
}

void session_post_spoken(struct session *s, int utterance, struct spoken *sound)
{
    struct session_mail *m = session_mail_new(MAIL_SPOKEN, 0);
    if (m == NULL) {
        log_event(LOG_ERROR, "live.no_memory", "session", s->id_text, NULL);
        spoken_unref(sound);
        return;
    }
    m->tag = utterance;
    m->sound = sound;
    strand_post(&s->strand, &m->mail);
}

void session_mail_post(struct session *s, struct session_mail *m)
{
    strand_post(&s->strand, &m->mail);
}

/* ---- the engine ---- */

void session_event(struct session *s, struct engine_event ev)
{
    if (s->plan == NULL)
        return;
    if (s->events_in - s->events_out >= SESSION_EVENTS) {
        log_event(LOG_ERROR, "live.events_overflow", "session", s->id_text, NULL);
        return;
    }
    ev.now = session_now(s);
    s->events[s->events_in++ % SESSION_EVENTS] = ev;
}

static void drain(struct session *s)
{
    while (s->events_out != s->events_in) {
        struct engine_event ev = s->events[s->events_out++ % SESSION_EVENTS];
        struct engine_actions out;
        engine_step(&s->engine, &ev, &out);
        for (int i = 0; i < out.count; i++)
            session_act(s, &out.list[i]);
    }
}

/* ---- what a client says ---- */

void session_send(struct session *s)
{
    if (s->conn == NULL)
        return;
    if (!buf_ok(&s->out)) {
        log_event(LOG_ERROR, "live.message_too_long", "session", s->id_text, NULL);
        return;
    }
    if (s->conn->wire->send_text(s->conn->ws, buf_cstr(&s->out), s->out.len) != STATUS_OK)
        log_event(LOG_DEBUG, "live.send_failed", "session", s->id_text, NULL); /* closed follows */
}

void session_error(struct session *s, const char *code, const char *message, bool fatal)
{
    protocol_error(&s->out, code, message, fatal);
    session_send(s);
}

static void malformed(struct session *s, const struct error *err)
{
    bool last = ++s->malformed >= MALFORMED_MAX;
    session_error(s, err->code, err->message, last);
    if (last)
        conn_close(s->conn, CLOSE_POLICY, "too many malformed messages");
}

static void keep_typed(struct session *s, const char *text)
{
    size_t old = s->typed != NULL ? strlen(s->typed) : 0, n = strlen(text);
    char *p = realloc(s->typed, old + n + 2);
    if (p == NULL)
        return;
    if (old > 0)
        p[old++] = '\n';
    memcpy(p + old, text, n + 1);
    s->typed = p;
}

static void answer_message(struct session *s, const struct client_message *m)
{
    if (!s->engine.answer_open || !id_equal(m->answer, s->answer)) {
        session_error(s, "answer_not_open", "This answer is not open (any more).", false);
        return;
    }
    if (m->type == MSG_ANSWER_DONE) {
        session_event(s, (struct engine_event){.type = EV_ANSWER_DONE});
    } else if (s->engine.op == OP_END) {
        session_error(s, "answer_not_open", "This answer is being saved already.", false);
    } else {
        keep_typed(s, m->text);
        session_event(s, (struct engine_event){.type = EV_ANSWER_TEXT});
    }
}

static void play_message(struct session *s, const struct client_message *m)
{
    struct engine_event ev = {.type = m->type == MSG_PLAY_STARTED ? EV_PLAY_STARTED : EV_PLAYED,
                              .utterance = m->utterance};
    if (s->saying.utterance == m->utterance)
        ev.duration_ms = session_saying_ms(s); /* the sound itself may have gone out long ago */
    session_plays(s, m->utterance, m->type == MSG_PLAY_STARTED, m->at_ms);
    session_event(s, ev);
}

static void dispatch(struct session *s, const struct client_message *m)
{
    switch (m->type) {
    case MSG_START:
        session_note_connection(s, NULL);
        session_started(s, m->microphone, m->practice);
        return;
    case MSG_PING:
        s->pinged = true;
        protocol_pong(&s->out, m->t);
        session_send(s);
        return;
    default:
        break;
    }
    if (s->waiting > 0 && m->type == MSG_MIC) {
        s->microphone = m->microphone;
        s->muted = m->muted;
        return;
    }
    if (!s->started && m->type == MSG_MIC)
        return; /* session.start tells the same */
    if (!s->started) {
        session_error(s, "not_started", "Send session.start first.", false);
        return;
    }
    if (s->engine.halted && m->type != MSG_RESUME && m->type != MSG_MIC && m->type != MSG_RATE) {
        if (m->type == MSG_ANSWER_DONE || m->type == MSG_ANSWER_TEXT)
            session_error(s, "paused", "The interview is paused. Go on first.", false);
        return;
    }
    if (m->type == MSG_PLAY_STARTED || m->type == MSG_PLAY_FINISHED)
        play_message(s, m);
    else if (m->type == MSG_REPEAT)
        session_event(s, (struct engine_event){.type = EV_REPEAT});
    else if (m->type == MSG_MIC)
        session_microphone(s, m->microphone, m->muted);
    else if (m->type == MSG_SOUND_AT && id_equal(m->answer, s->answer))
        session_sound_at(s, m->at_ms);
    else if (m->type == MSG_SOUND_AT)
        return; /* of an answer that has ended: it crossed the news */
    else if (m->type == MSG_ANSWER_DONE || m->type == MSG_ANSWER_TEXT)
        answer_message(s, m);
    else
        session_wish(s, m);
}

static void text_message(struct session *s, const char *data, size_t n)
{
    struct client_message m;
    struct error err = {0};
    if (protocol_parse(data, n, &m, &err) != STATUS_OK) {
        malformed(s, &err);
        return;
    }
    dispatch(s, &m);
    json_doc_free(m.doc);
}

/* Best effort: the conversation does not depend on it. */
void session_note_connection(struct session *s, const char *lost)
{
    struct error err = {0};
    if (s->lost == (lost != NULL))
        return;
    s->lost = lost != NULL;
    enum status st = conduct_note_connection(s->services, s->id, lost, &err);
    if (st != STATUS_OK)
        log_failure("live.note", s->id_text, st, &err);
}

/* lost: why; NULL: it was not. */
static void closed(struct session *s, const char *lost)
{
    bool running = s->plan != NULL && !s->plan->practice && s->engine.begun && !s->engine.inert &&
                   s->engine.state < ENGINE_FAREWELL;
    if (s->started && running && lost != NULL)
        session_note_connection(s, lost);
    if (s->started)
        session_event(s, (struct engine_event){.type = EV_CLIENT_GONE});
    s->started = false;
    s->waiting = 0;
    session_hush(s);
    s->conn = conn_unref(s->conn);
}

/* Nobody comes back here: what is held is transcribed and stored. */
static void leave(struct session *s)
{
    s->leaving = true;
    session_release(s);
}

static void stopping(struct session *s)
{
    leave(s);
    if (s->conn != NULL) {
        conn_close(s->conn, CLOSE_RESTART, "the server restarts");
        closed(s, "the server restarted");
    }
}

/* What was heard so far is still transcribed and stored here. */
static void moved(struct session *s)
{
    atomic_store(&s->moved, true);
    leave(s);
    if (s->conn != NULL) {
        conn_close(s->conn, CLOSE_REPLACED, "replaced by another connection");
        closed(s, NULL);
    }
}

static void ticked(struct session *s)
{
    atomic_store(&s->ticking, false);
    if (s->conn != NULL && s->pinged && session_now(s) - s->heard_of_at > SILENT_MS)
        conn_close(s->conn, 1001, "nothing was heard of you");
    session_pump(s);
    if (s->waiting > 0 && session_now(s) >= s->ask_at)
        session_ask_to_begin(s);
    session_listener_tick(s);
    session_event(s, (struct engine_event){.type = EV_TICK});
}

static void client_mail(struct session *s, struct session_mail *m)
{
    if (m->type == MAIL_OPEN) {
        atomic_store(&s->moved, false);
        session_opened(s, m->conn);
        return;
    }
    if (m->type == MAIL_CLOSED)
        live_detached(s->live, s);
    if (m->conn != s->conn)
        return; /* of a connection that was replaced */
    s->heard_of_at = session_now(s);
    if (m->type == MAIL_CLOSED)
        closed(s, m->conn->code == CLOSE_DONE ? NULL : ""); /* who leaves with a good-bye (a pause, say) is not lost */
    else if (m->type == MAIL_TEXT)
        text_message(s, m->data, m->n);
    else
        session_sound(s, (const uint8_t *)m->data, m->n);
}

void session_run(void *u, struct mail *mail, void *worker_state)
{
    struct session *s = u;
    struct session_mail *m = (struct session_mail *)(void *)mail;
    s->services = worker_state;
    switch (m->type) {
    case MAIL_OPEN:
    case MAIL_TEXT:
    case MAIL_BINARY:
    case MAIL_CLOSED:
        client_mail(s, m);
        break;
    case MAIL_TICK:
        ticked(s);
        break;
    case MAIL_SPOKEN:
        session_spoken(s, m->tag, m->sound);
        break;
    case MAIL_HEARD:
        session_heard(s, m->job);
        break;
    case MAIL_CHOSEN:
        session_chosen(s, m->choice);
        break;
    case MAIL_HEARD_AGAIN:
        session_heard_again(s, m->again);
        m->again = NULL;
        break;
    case MAIL_CHANGED:
        session_changed(s);
        break;
    case MAIL_MOVED:
        moved(s);
        break;
    case MAIL_STOP:
        stopping(s);
        break;
    }
    drain(s);
}

/* When to be woken next. */
void session_pause(void *u, void *worker_state)
{
    struct session *s = u;
    (void)worker_state;
    int64_t at = s->plan != NULL ? engine_deadline(&s->engine) : INT64_MAX;
    int64_t now = session_now(s);
    if (session_pumping(s))
        at = now; /* the rest of the sound, at the next beat */
    if (s->conn != NULL && s->pinged && s->heard_of_at + SILENT_MS + 1 < at)
        at = s->heard_of_at + SILENT_MS + 1;
    if (s->failed != NULL)
        at = now;
    if (s->waiting > 0 && s->ask_at < at)
        at = s->ask_at;
    if (s->listener != NULL && listener_deadline(s->listener) < at)
        at = listener_deadline(s->listener);
    bool held = s->listener != NULL && listener_held(s->listener);
    bool pieces = held || (s->listener != NULL && listener_oldest(s->listener) != NULL);
    if (held && s->conn == NULL && s->held_until < at)
        at = s->held_until;
    atomic_store(&s->quiet, !pieces && s->engine.op == OP_NONE && s->events_in == s->events_out);
    atomic_store(&s->over, s->plan == NULL || s->engine.state == ENGINE_DONE || s->engine.inert);
    atomic_store(&s->wake_at, at);
}
