#include "live/session.h"

#include "base/cleanup.h"
#include "base/log.h"
#include "live/heard.h"
#include "models/languages.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ANSWER_ARENA   (8u << 20)
#define FOREIGN_PIECES 2

enum engine_result session_result_of(enum status st)
{
    switch (st) {
    case STATUS_OK:
        return RESULT_OK;
    case STATUS_GONE:
        return RESULT_OVER;
    case STATUS_CONFLICT:
    case STATUS_NOT_FOUND:
        return RESULT_STALE;
    default:
        return RESULT_FAILED;
    }
}

static enum status open_answer(struct session *s, const struct engine_action *a, struct engine_event *ev,
                               struct error *err)
{
    int64_t started_at = 0, ago = a->since_ms >= 0 ? session_now(s) - s->ears_base - a->since_ms : 0;
    enum status st =
        conduct_open_answer(s->services, s->id, a->position, ago > 0 ? ago : 0, &s->answer, &started_at, err);
    if (st != STATUS_OK)
        return st;
    int64_t elapsed = clock_unix_ms(live_options_of(s->live)->clock) - started_at;
    s->answer_base = session_now(s) - (elapsed > 0 ? elapsed : 0);
    s->zero_ms = a->since_ms >= 0 ? a->since_ms : s->answer_base - s->ears_base;
    s->time_limit_s = conduct_limit_at(s->plan, a->position);
    s->heard_ms = 0;
    s->extended_s = 0;
    s->spoke = s->wrote = false;
    s->written = (struct id){0};
    s->plan->n_asked = 0;
    session_forget_choice(s);
    free(s->typed);
    s->typed = NULL;
    session_store_said(s);
    ev->elapsed_ms = session_elapsed(s);
    ev->time_limit_ms = s->time_limit_s * 1000;
    return STATUS_OK;
}

/* Said once an interview, when two pieces in a row sounded so: one may be a mistake. */
static void tell_language(struct session *s, const char *language)
{
    char message[256];
    s->foreign = language[0] != '\0' ? s->foreign + 1 : s->foreign < FOREIGN_PIECES ? 0 : s->foreign;
    if (language[0] == '\0' || s->foreign != FOREIGN_PIECES)
        return;
    snprintf(message, sizeof message,
             "That sounded like %s. This interview is in %s: what you say in another language is written down wrongly.",
             language_name(language), language_name(s->plan->language));
    session_error(s, "other_language", message, false);
}

static enum status store_piece(struct session *s, struct error *err)
{
    const struct piece *p = s->listener != NULL ? listener_oldest(s->listener) : NULL;
    if (p == NULL)
        return STATUS_OK;
    if (id_is_zero(s->piece))
        s->piece = id_new();
    const int64_t from = session_in_answer(s, p->start_ms), to = session_in_answer(s, p->end_ms);
    cleanup(freep) char *words = heard_words_moved(&p->heard, -s->zero_ms);
    const struct conduct_piece piece = {from, to, p->text, words, p->heard.confidence, p->heard.language};
    enum status st = conduct_put_utterance(s->services, s->answer, s->piece, SPEAKER_CANDIDATE, &piece, err);
    if (st != STATUS_OK)
        return st;
    session_second_pass_add(s, p, s->piece);
    s->piece = (struct id){0};
    s->spoke = true;
    tell_language(s, p->heard.language);
    protocol_transcription(&s->out, s->answer, from, p->text, to, p->heard.language);
    session_send(s);
    listener_pop(s->listener);
    return STATUS_OK;
}

static enum status end_answer(struct session *s, struct error *err)
{
    enum answer_mode mode = s->spoke ? ANSWER_VOICE : s->typed != NULL || s->wrote ? ANSWER_TEXT : ANSWER_NONE;
    arena_free(s->ended_arena);
    s->ended_text = NULL;
    s->ended_arena = arena_new(ANSWER_ARENA);
    if (s->ended_arena == NULL)
        return arena_exhausted(err);
    if (s->engine.end == END_SKIPPED)
        return conduct_skip_answer(s->services, s->answer, s->spoke ? ANSWER_VOICE : ANSWER_NONE, s->ended_arena,
                                   &s->ended_text, err);
    return conduct_end_answer(s->services, s->answer, mode, s->typed, s->ended_arena, &s->ended_text, err);
}

static void store(struct session *s, const struct engine_action *a)
{
    struct error err = {0};
    struct engine_event ev = {.type = EV_OP_RESULT, .op = a->op};
    enum status st = STATUS_OK;
    if (s->plan->practice) {
        session_practice_store(s, a);
        session_event(s, ev);
        return;
    }
    switch (a->op) {
    case OP_BEGIN:
        st = conduct_begin(s->services, s->id, &err);
        break;
    case OP_OPEN:
        st = open_answer(s, a, &ev, &err);
        break;
    case OP_STORE:
        st = store_piece(s, &err);
        break;
    case OP_CHOOSE:
        session_choose(s);
        return;
    case OP_ASKED:
        st = session_asked(s, &err);
        break;
    case OP_END:
        st = end_answer(s, &err);
        if (st == STATUS_OK)
            session_second_pass_begin(s);
        break;
    case OP_REOPEN:
        st = conduct_reopen_answer(s->services, s->answer, &err);
        break;
    case OP_COMPLETE:
        st = conduct_complete(s->services, s->id, &err);
        break;
    case OP_NONE:
        return;
    }
    if (st != STATUS_OK)
        log_failure("live.store", s->id_text, st, &err);
    ev.result = session_result_of(st);
    session_event(s, ev);
}

static void drop_piece(struct session *s, bool lost)
{
    const struct piece *p = s->listener != NULL ? listener_oldest(s->listener) : NULL;
    if (p == NULL)
        return;
    if (lost)
        session_error(s, "piece_not_understood",
                      "A part of your answer could not be written down. It is in the recording.", false);
    if (s->engine.answer_open) { /* takes the captions so far back */
        protocol_transcription(&s->out, s->answer, session_in_answer(s, p->start_ms), "",
                               session_in_answer(s, p->end_ms), "");
        session_send(s);
    }
    listener_pop(s->listener);
    s->piece = (struct id){0};
}

static void answer_ended(struct session *s, const struct engine_action *a)
{
    protocol_answer_ended(&s->out, s->answer, a->position, a->end, s->ended_text != NULL ? s->ended_text : "");
    session_send(s);
    s->ended_text = NULL;
    s->ended_arena = arena_free(s->ended_arena);
    free(s->typed);
    s->typed = NULL;
}

static void over(struct session *s, bool completed)
{
    if (s->conn == NULL)
        return;
    if (completed && s->plan->practice) {
        protocol_practice_ended(&s->out, session_practised(s));
        session_send(s);
    } else if (completed) {
        protocol_completed(&s->out, s->id);
        session_send(s);
        conn_close(s->conn, CLOSE_DONE, "done");
    } else {
        session_error(s, "session_over", "This interview is over.", true);
        conn_close(s->conn, CLOSE_OVER, "session over");
    }
}

/* What the interviewer says. */
static void speak(struct session *s, const struct engine_action *a)
{
    switch (a->type) {
    case ACTION_SPEAK:
        session_say(s, a);
        break;
    case ACTION_SHOW:
        session_say_text(s);
        break;
    case ACTION_CANCEL:
        if (s->saying.created) {
            protocol_utterance_cancelled(&s->out, a->utterance);
            session_send(s);
        }
        session_hush(s);
        break;
    default:
        session_hold(s, a->type == ACTION_PAUSE);
        break;
    }
}

void session_act(struct session *s, const struct engine_action *a)
{
    if (s->plan == NULL)
        return; /* refused by an action before this one */
    switch (a->type) {
    case ACTION_STATE:
        protocol_state(&s->out, a->state);
        session_send(s);
        break;
    case ACTION_SPEAK:
    case ACTION_SHOW:
    case ACTION_PAUSE:
    case ACTION_RESUME:
    case ACTION_CANCEL:
        speak(s, a);
        break;
    case ACTION_STORE:
        store(s, a);
        break;
    case ACTION_CHOOSE_NONE:
        session_choose_none(s);
        break;
    case ACTION_OVERHEAR:
        session_overhear(s);
        break;
    case ACTION_LISTEN:
        session_follow_up_now(s);
        session_listen(s, a->resumed);
        session_tell_time(s, a->ms);
        break;
    case ACTION_STOP_LISTENING:
        session_stop_listening(s, a->hold);
        break;
    case ACTION_TRANSCRIBE:
        if (s->listener != NULL)
            listener_transcribe(s->listener);
        break;
    case ACTION_DROP_PIECE:
        drop_piece(s, a->lost);
        break;
    case ACTION_ANSWER_ENDED:
        answer_ended(s, a);
        break;
    case ACTION_COMPLETED:
        over(s, true);
        break;
    case ACTION_RELOAD:
        session_reload(s);
        break;
    case ACTION_OVER:
        over(s, false);
        break;
    case ACTION_TROUBLE:
        session_error(s, "storing_failed", "Saving does not work just now. Please keep this page open; we keep trying.",
                      false);
        break;
    default:
        session_act_wish(s, a);
        break;
    }
}
