#include "live/session.h"

#include "base/log.h"
#include "live/script.h"

/* Sound waits here rather than in the connection's queue: what is queued cannot be taken back. */
#define QUEUED_MAX (256u << 10)
/* A fifth slower, as a person does who is asked to. */
#define SLOWER_SPEED 0.8

static void ready(void *u, int utterance, struct spoken *sound)
{
    struct session *s = u;
    session_post_result(s, MAIL_SPOKEN, utterance, sound != NULL ? spoken_ref(sound) : NULL, NULL);
    session_unref(s);
}

/* Of the line just written. */
static struct wording wording(struct session *s)
{
    return (struct wording){s->plan->voice != NULL ? s->plan->voice : "", buf_cstr(&s->line),
                            s->plan->slower ? SLOWER_SPEED : 1.0};
}

void session_render_ahead(struct session *s, enum engine_line line, int position)
{
    if (position > (int)s->plan->n_questions && line != LINE_FAREWELL)
        return;
    script_line(&s->line, s->plan, line, position);
    const struct wording what = wording(s);
    speech_cache_get(live_cache(s->live), &what, SPEECH_AHEAD, NULL, NULL, 0);
}

void session_say(struct session *s, const struct engine_action *a)
{
    session_hush(s);
    s->saying = (struct saying){.utterance = a->utterance, .line = a->line, .position = a->position};
    if (live_options_of(s->live)->engines->tts == NULL) {
        session_say_text(s);
        return;
    }
    script_line(&s->line, s->plan, a->line, a->position);
    const struct wording what = wording(s);
    speech_cache_get(live_cache(s->live), &what, SPEECH_NOW, ready, session_ref(s), a->utterance);
}

/* Not worth stopping for when it fails. */
static void store_line(struct session *s, const struct said *said)
{
    struct id stored;
    struct error err = {0};
    int64_t at = said->at - s->answer_base;
    script_line(&s->line, s->plan, said->line, said->position);
    enum status st = conduct_add_utterance(s->services, s->answer, SPEAKER_INTERVIEWER, at, at + said->duration_ms,
                                           buf_cstr(&s->line), &stored, &err);
    if (st != STATUS_OK)
        log_failure("live.note", s->id_text, st, &err);
}

void session_store_said(struct session *s)
{
    for (int i = 0; i < s->n_said; i++)
        store_line(s, &s->said[i]);
    s->n_said = 0;
}

/* What the interviewer says belongs to the transcript of the answer that is open, or of the next. The good-bye belongs
 * to none. */
static void note_in_transcript(struct session *s, int64_t duration_ms)
{
    struct said said = {s->saying.line, s->saying.position, session_now(s), duration_ms};
    if (said.line == LINE_FAREWELL || s->plan->practice)
        return;
    if (s->engine.answer_open)
        store_line(s, &said);
    else if (s->n_said < SESSION_SAID)
        s->said[s->n_said++] = said;
}

static void created(struct session *s, const struct utterance_event *with)
{
    struct utterance_event e = *with;
    script_line(&s->line, s->plan, s->saying.line, s->saying.position);
    bool question = s->saying.line == LINE_QUESTION || s->saying.line == LINE_QUESTION_AGAIN ||
                    s->saying.line == LINE_QUESTION_OTHER_WORDS;
    e.utterance = s->saying.utterance;
    e.line = s->saying.line;
    e.position = s->saying.position;
    e.text = buf_cstr(&s->line);
    e.question = question ? script_question(s->plan, s->saying.position) : NULL;
    s->saying.created = true;
    buf_clear(&s->last);
    buf_str(&s->last, e.text);
    if (s->listener != NULL)
        echo_begin(listener_echo(s->listener), e.sample_rate);
    s->saying.duration_ms = e.duration_ms;
    protocol_utterance(&s->out, &e);
    session_send(s);
    note_in_transcript(s, e.duration_ms);
    session_event(s, (struct engine_event){.type = EV_SHOWN, .utterance = e.utterance, .duration_ms = e.duration_ms});
}

void session_say_text(struct session *s)
{
    struct buf words;
    if (s->saying.utterance == 0 || s->saying.created)
        return;
    s->saying.text_only = s->saying.held;
    if (s->saying.held)
        return;
    buf_init(&words, 1u << 20);
    script_line(&s->line, s->plan, s->saying.line, s->saying.position);
    struct utterance_event e = {.phonemes = "[]"};
    e.duration_ms = protocol_reading_times(&words, buf_cstr(&s->line));
    e.words = buf_cstr(&words);
    created(s, &e);
    buf_free(&words);
    protocol_utterance_done(&s->out, s->saying.utterance);
    session_send(s);
}

void session_spoken(struct session *s, int utterance, struct spoken *sound)
{
    if (s->plan == NULL || utterance != s->saying.utterance || s->saying.created)
        return; /* cancelled, or shown as text meanwhile */
    if (sound == NULL) {
        session_say_text(s);
        return;
    }
    if (s->saying.sound == NULL)
        s->saying.sound = spoken_ref(sound);
    if (s->saying.held)
        return;
    struct utterance_event e = {.sample_rate = sound->sample_rate,
                                .samples = sound->n_samples,
                                .duration_ms = sound->duration_ms,
                                .phonemes = sound->phonemes,
                                .words = sound->words};
    created(s, &e);
    session_pump(s);
}

void session_pump(struct session *s)
{
    uint8_t frame[PROTOCOL_AUDIO_HEADER + 2 * PROTOCOL_AUDIO_SAMPLES];
    struct spoken *sound = s->saying.sound;
    if (sound == NULL || s->conn == NULL || !s->saying.created)
        return;
    while (s->saying.sent < sound->n_samples && s->conn->wire->queued(s->conn->ws) < QUEUED_MAX) {
        size_t n = sound->n_samples - s->saying.sent;
        n = n > PROTOCOL_AUDIO_SAMPLES ? PROTOCOL_AUDIO_SAMPLES : n;
        size_t len = protocol_audio(frame, s->saying.utterance, sound->pcm + s->saying.sent, n);
        if (s->conn->wire->send_binary(s->conn->ws, frame, len) != STATUS_OK)
            return; /* full or closed; the next beat, or closed, follows */
        if (s->listener != NULL)
            echo_say(listener_echo(s->listener), sound->pcm + s->saying.sent, n);
        s->saying.sent += n;
    }
    if (s->saying.sent < sound->n_samples)
        return;
    protocol_utterance_done(&s->out, s->saying.utterance);
    session_send(s);
    s->saying.sound = spoken_unref(sound);
}

/* What was not sent yet is not sent; else the client stops and goes on where it was. */
void session_hold(struct session *s, bool hold)
{
    if (s->saying.utterance == 0)
        return;
    if (s->saying.created) {
        protocol_utterance_paused(&s->out, s->saying.utterance, hold);
        session_send(s);
        if (hold)
            session_plays(s, s->saying.utterance, false, 0);
        return;
    }
    s->saying.held = hold;
    if (!hold && s->saying.text_only)
        session_say_text(s);
    else if (!hold && s->saying.sound != NULL)
        session_spoken(s, s->saying.utterance, s->saying.sound);
}

void session_plays(struct session *s, int utterance, bool plays, int64_t from_ms)
{
    if (s->listener == NULL || utterance != s->saying.utterance)
        return;
    int64_t now = session_now(s) - s->ears_base;
    if (plays)
        echo_played(listener_echo(s->listener), now, from_ms);
    else
        echo_stopped(listener_echo(s->listener), now);
}

void session_hush(struct session *s)
{
    session_plays(s, s->saying.utterance, false, 0);
    spoken_unref(s->saying.sound);
    s->saying = (struct saying){0};
}
