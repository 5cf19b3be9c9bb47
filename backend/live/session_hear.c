/* The live session's side of live/listener.h: its recognitions run on the speech line and come back as mail. */
#include "live/session.h"

#include "base/cleanup.h"
#include "base/log.h"
#include "live/backchannel.h"
#include "providers/stopper.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define HOLD_MS            30000
#define CATCH_UP_MS        45000
#define CAUGHT_UP_MS       1000
#define ALIGN_MS           2000
#define CAPTIONS_SPARSE_MS 4000 /* between two live captions of one session while there is much to do */

/* ---- recognition ---- */

void hearing_job_free(struct hearing_job *j)
{
    if (j == NULL)
        return;
    listening_job_free(j->listening);
    session_unref(j->session);
    free(j->back);
    free(j);
}

/* The job goes to its session, with its reference. */
static void hand_back(struct hearing_job *j)
{
    struct session *s = session_ref(j->session);
    struct session_mail *m = j->back;
    j->back = NULL;
    m->job = j;
    session_mail_post(s, m);
    session_unref(s);
}

static void run(struct speech_job *job)
{
    struct hearing_job *j = (struct hearing_job *)(void *)job;
    const struct live_options *o = live_options_of(j->session->live);
    struct error err = {0};
    int64_t from = clock_mono_ms(o->clock);
    enum status st = listening_job_run(j->listening, o->engines, j->language, &err);
    if (st != STATUS_OK && !stopper_stopped(j->listening->stop))
        log_failure("live.transcribe", j->session->id_text, st, &err);
    j->listening->took_ms = clock_mono_ms(o->clock) - from;
    hand_back(j);
}

static void discard(struct speech_job *job)
{
    hand_back((struct hearing_job *)(void *)job);
}

/* A piece that was cut out of speech that goes on has time: no turn waits for it before the speech pauses. */
static enum speech_urgency urgency_of(const struct listening_job *j)
{
    if (j->kind == LISTENING_FINAL)
        return j->own_to_ms == INT64_MAX ? SPEECH_FINAL : SPEECH_AHEAD;
    return j->kind == LISTENING_GUESS ? SPEECH_GUESS : SPEECH_PARTIAL;
}

/* The speech pauses. */
static void hurry_cut_piece(struct session *s)
{
    if (s->cut != NULL)
        speech_line_raise(live_speech(s->live), &s->cut->job, SPEECH_FINAL);
    s->cut = NULL;
}

void session_language(const struct session *s, char *ret, size_t room)
{
    const char *language = s->plan->language != NULL ? s->plan->language : "";
    const size_t len = strcspn(language, "-_"); /* "en-US" -> "en" */
    memset(ret, 0, room);
    memcpy(ret, language, len < room ? len : 0);
}

static void on_recognise(void *u, struct listening_job *listening)
{
    struct session *s = u;
    struct hearing_job *j = calloc(1, sizeof(*j));
    struct session_mail *back = session_mail_new(MAIL_HEARD, 0);
    if (j == NULL || back == NULL) {
        log_event(LOG_ERROR, "live.no_memory", "session", s->id_text, NULL);
        free(j);
        free(back);
        listening->next = s->failed;
        s->failed = listening;
        return;
    }
    j->job = (struct speech_job){.urgency = urgency_of(listening), .run = run, .discard = discard};
    j->session = session_ref(s);
    j->back = back;
    j->listening = listening;
    j->epoch = s->epoch;
    session_language(s, j->language, sizeof(j->language));
    if (listening->kind == LISTENING_GUESS) {
        hurry_cut_piece(s);
        s->guess = j;
    } else if (listening->kind == LISTENING_CAPTION) {
        s->caption = j;
    } else if (j->job.urgency == SPEECH_AHEAD) {
        s->cut = j;
    }
    if (listening->kind != LISTENING_FINAL)
        listening->stop = stopper_new(); /* without one it runs to its end */
    speech_line_submit(live_speech(s->live), &j->job);
}

static void on_hurry(void *u, const struct listening_job *listening)
{
    struct session *s = u;
    (void)listening; /* there is one guess at a time */
    if (s->guess != NULL)
        speech_line_raise(live_speech(s->live), &s->guess->job, SPEECH_FINAL);
}

static void on_drop(void *u, const struct listening_job *listening)
{
    struct session *s = u;
    if (s->guess != NULL && s->guess->listening == listening)
        speech_line_drop(live_speech(s->live), &s->guess->job);
}

static void on_stop(void *u, const struct listening_job *listening)
{
    struct session *s = u;
    const struct hearing_job *j = s->guess != NULL && s->guess->listening == listening       ? s->guess
                                  : s->caption != NULL && s->caption->listening == listening ? s->caption
                                                                                             : NULL;
    if (j == NULL)
        return;
    stopper_stop(listening->stop);
    speech_line_drop(live_speech(s->live), &j->job);
}

void session_heard(struct session *s, struct hearing_job *j)
{
    if (s->guess == j)
        s->guess = NULL;
    if (s->cut == j)
        s->cut = NULL;
    if (s->caption == j)
        s->caption = NULL;
    if (j->epoch != s->epoch || s->listener == NULL)
        return;
    struct listening_job *listening = j->listening;
    j->listening = NULL;
    listener_result(s->listener, listening, session_now(s));
}

/* ---- what the listener tells ---- */

/* Late sound comes faster than it was said, until it is as far as now. */
static bool late(struct session *s, int64_t at_ms)
{
    if (s->catching_up_until != 0 &&
        (session_elapsed(s) - session_in_answer(s, at_ms) < CAUGHT_UP_MS || session_now(s) > s->catching_up_until))
        s->catching_up_until = 0;
    return s->catching_up_until != 0;
}

#define COMPARE_ARENA (4u << 20)

/* How much of the rubric is covered, should the answer end with these words: a sign of whether it does. */
static void compare(struct session *s, struct engine_event *ev)
{
    cleanup(arena_freep) struct arena *a = arena_new(COMPARE_ARENA);
    const struct conduct_question *q = conduct_question_at(s->plan, s->engine.position);
    const char *before = "";
    struct error ignored = {0};
    if (a == NULL || q == NULL || q->points.count == 0 || ev->text == NULL || ev->text[0] == '\0' ||
        conduct_answer_text(s->services, s->answer, a, &before, &ignored) != STATUS_OK)
        return;
    const char *whole = arena_printf(a, "%s %s", before, ev->text);
    if (whole != NULL && ev->type == EV_GUESS)
        session_choose_ahead(s, whole);
    double covered = whole != NULL ? conduct_covered(q, whole) : NAN;
    ev->signs.compared = !isnan(covered);
    ev->signs.covered = ev->signs.compared ? covered : 0;
}

static void on_event(void *u, struct engine_event ev)
{
    struct session *s = u;
    if (ev.type == EV_AUDIO)
        ev.late = late(s, ev.at_ms);
    if (ev.type == EV_GUESS || (ev.type == EV_TRANSCRIPT && ev.signs.written))
        compare(s, &ev);
    ev.ours = ev.text != NULL && s->engine.overhearing && echoes(buf_cstr(&s->last), ev.text);
    session_event(s, ev);
}

static void on_speech(void *u, bool started, int64_t at_ms)
{
    struct session *s = u;
    if (!started)
        hurry_cut_piece(s);
    if (!s->engine.listening)
        return;
    protocol_speech(&s->out, s->answer, started, session_in_answer(s, at_ms));
    session_send(s);
}

static void on_caption(void *u, int64_t start_ms, const char *text)
{
    struct session *s = u;
    if (!s->engine.answer_open)
        return;
    protocol_transcription(&s->out, s->answer, session_in_answer(s, start_ms), text, -1, "");
    session_send(s);
}

static void on_lost(void *u, const char *code, const char *message)
{
    session_error(u, code, message, false);
}

/* Captions are the first to give way when there is much to do. */
static bool on_idle(void *u)
{
    struct session *s = u;
    int64_t now = session_now(s);
    enum captions level = live_captions(s->live);
    if (s->conn == NULL || level == CAPTIONS_AT_PAUSES ||
        (level == CAPTIONS_SPARSE && now - s->caption_at < CAPTIONS_SPARSE_MS) ||
        !speech_line_idle(live_speech(s->live)))
        return false;
    s->caption_at = now;
    return true;
}

static bool on_busy(void *u)
{
    const struct session *s = u;
    return live_captions(s->live) != CAPTIONS_USUAL;
}

static bool on_roomy(void *u)
{
    const struct session *s = u;
    return live_roomy(s->live);
}

static void tell_of_captions(struct session *s)
{
    enum captions level = live_captions(s->live);
    bool degraded = level != CAPTIONS_USUAL;
    if (degraded != (s->captions != CAPTIONS_USUAL)) {
        protocol_captions(&s->out, degraded);
        session_send(s);
    }
    s->captions = level;
}

/* ---- listening ---- */

static void open_ears(struct session *s)
{
    const struct listener_owner owner = {.event = on_event,
                                         .speech = on_speech,
                                         .caption = on_caption,
                                         .lost = on_lost,
                                         .recognise = on_recognise,
                                         .hurry = on_hurry,
                                         .drop = on_drop,
                                         .stop = on_stop,
                                         .busy = on_busy,
                                         .roomy = on_roomy,
                                         .idle = on_idle,
                                         .u = s};
    struct error err = {0};
    if (s->listener == NULL && s->can_hear) {
        enum status st = listener_new(live_options_of(s->live)->engines->vad, &owner, &s->listener, &err);
        if (st != STATUS_OK) {
            log_failure("live.hearing", s->id_text, st, &err);
            protocol_engine_unavailable(&s->out, "vad", "I cannot hear you just now. Please type your answer.");
            session_send(s);
        }
    }
    if (s->listener != NULL)
        listener_open(s->listener);
}

void session_overhear(struct session *s)
{
    open_ears(s);
}

void session_listen(struct session *s, bool resumed)
{
    open_ears(s);
    s->catching_up_until = 0;
    s->aligned = false;
    int64_t heard = s->listener != NULL ? listener_heard_ms(s->listener) : -1;
    heard = heard >= 0 ? heard - s->zero_ms : -1; /* -1: these ears have heard nothing yet, whatever time it is */
    protocol_answer_started(&s->out, s->answer, s->engine.position, session_elapsed(s),
                            heard > s->heard_ms ? heard : s->heard_ms, resumed, s->time_limit_s, s->engine.follow_ups);
    session_send(s);
    if (s->engine.speech)
        on_speech(s, true, s->engine.voice_at);
    int next = s->engine.position + 1;
    session_render_ahead(s, next > (int)s->plan->n_questions ? LINE_FAREWELL : LINE_QUESTION, next);
    session_render_ahead(s, LINE_TAKE_YOUR_TIME, s->engine.position);
    session_render_ahead(s, LINE_QUESTION_AGAIN, s->engine.position);
}

/* Of a client that is gone a piece is held for as long as the client keeps its sound. */
void session_stop_listening(struct session *s, bool hold)
{
    if (s->listener == NULL) {
        session_event(s, (struct engine_event){.type = EV_FLUSHED});
    } else if (hold && !s->leaving) {
        listener_hold(s->listener);
        s->held_until = session_now(s) + HOLD_MS;
    } else {
        listener_close(s->listener);
    }
}

void session_release(struct session *s)
{
    if (s->listener != NULL)
        listener_release(s->listener);
}

/* Sound that goes on from before the answer tells where the client's clock of it stands. */
static bool align(struct session *s, int64_t at_ms)
{
    int64_t zero = listener_heard_ms(s->listener) - at_ms;
    bool first = !s->aligned;
    s->aligned = true;
    if (!first || !listener_hears(s->listener) || llabs(zero - s->zero_ms) > ALIGN_MS)
        return false;
    s->zero_ms = zero;
    return true;
}

void session_sound_at(struct session *s, int64_t at_ms)
{
    if (s->listener == NULL || !s->engine.answer_open)
        return;
    if (!align(s, at_ms))
        listener_position(s->listener, s->zero_ms + (at_ms > s->heard_ms ? at_ms : s->heard_ms));
    if (session_elapsed(s) - at_ms > CAUGHT_UP_MS)
        s->catching_up_until = session_now(s) + CATCH_UP_MS;
}

/* While muted the client sends silence, and the sound's clock goes on. From a microphone that is gone nothing comes:
 * what was said is complete, and the first sound afterwards says anew how late it is. */
void session_microphone(struct session *s, bool microphone, bool muted)
{
    if (s->listener != NULL && microphone != s->engine.microphone)
        listener_microphone_lost(s->listener);
    session_event(s, (struct engine_event){.type = EV_MICROPHONE, .microphone = microphone, .muted = muted});
}

/* A packet began 20 ms before it was whole. */
void session_sound(struct session *s, const uint8_t *data, size_t n)
{
    if (s->listener != NULL)
        listener_packet(s->listener, data, n, session_now(s) - s->ears_base - 20, session_now(s));
}

/* All that failed goes the same way back, on the next beat: the listener waits for each of them. */
static void hand_back_failed(struct session *s)
{
    struct listening_job *j = s->failed;
    s->failed = NULL; /* what is tried again may fail again */
    while (j != NULL) {
        struct listening_job *next = j->next;
        listener_result(s->listener, j, session_now(s));
        j = next;
    }
}

void session_listener_tick(struct session *s)
{
    if (s->listener == NULL)
        return;
    tell_of_captions(s);
    if (listener_held(s->listener) && s->conn == NULL && session_now(s) >= s->held_until)
        listener_release(s->listener);
    hand_back_failed(s);
    listener_tick(s->listener, session_now(s));
}

void session_forget_hearing(struct session *s)
{
    s->epoch++; /* what is on its way is void */
    s->listener = listener_free(s->listener);
    while (s->failed != NULL) {
        struct listening_job *j = s->failed;
        s->failed = j->next;
        listening_job_free(j);
    }
}
