#include "live/session.h"

#include "base/log.h"
#include "live/script.h"

/* Sound waits here rather than in the connection's queue: what is queued cannot be taken back. */
#define QUEUED_MAX (256u << 10)
/* A fifth slower, as a person does who is asked to. */
#define SLOWER_SPEED 0.8
/* Longer than this nobody waits for the next part of a sound. */
#define PART_MAX_MS 20000

static void ready(void *u, int utterance, struct spoken *sound, bool last)
{
    struct session *s = u;
    session_post_spoken(s, utterance, sound != NULL ? spoken_ref(sound) : NULL);
    if (last)
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

void session_render_follow_up(struct session *s, const char *text)
{
    const char *now = s->plan->follow_up;
    s->plan->follow_up = text;
    s->plan->follow_up_position = s->engine.position;
    session_render_ahead(s, LINE_FOLLOW_UP, s->engine.position);
    s->plan->follow_up = now;
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
 * to none. How long it was is known when all of it was made, or nobody wants the rest. */
static void note_in_transcript(struct session *s)
{
    struct saying *y = &s->saying;
    struct said said = {y->line, y->position, y->at, y->duration_ms};
    if (!y->created || y->noted)
        return;
    y->noted = true;
    if (s->engine.follow != FOLLOW_NONE) { /* stored when it was asked */
        s->follow_up_at = said.at;
        s->follow_up_ms = said.duration_ms;
    }
    if (s->engine.follow != FOLLOW_NONE || said.line == LINE_FOLLOW_UP)
        return;
    if (said.line == LINE_FAREWELL || s->plan->practice)
        return;
    if (s->engine.answer_open)
        store_line(s, &said);
    else if (s->n_said < SESSION_SAID)
        s->said[s->n_said++] = said;
}

int64_t session_saying_ms(const struct session *s)
{
    return s->saying.duration_ms + (s->saying.sound != NULL ? PART_MAX_MS : 0);
}

static void tell_shown(struct session *s)
{
    session_event(s, (struct engine_event){
                         .type = EV_SHOWN, .utterance = s->saying.utterance, .duration_ms = session_saying_ms(s)});
}

/* The client learns of it, or of one more part of it. */
static void announce(struct session *s, const struct utterance_event *with)
{
    struct saying *y = &s->saying;
    struct utterance_event e = *with;
    e.utterance = y->utterance;
    y->duration_ms += e.duration_ms;
    y->samples += e.samples;
    if (y->created) {
        protocol_utterance_part(&s->out, &e);
        session_send(s);
        return;
    }
    script_line(&s->line, s->plan, y->line, y->position);
    bool question = y->line == LINE_QUESTION || y->line == LINE_QUESTION_AGAIN ||
                    y->line == LINE_QUESTION_OTHER_WORDS || y->line == LINE_FOLLOW_UP;
    e.line = y->line;
    e.position = y->position;
    e.text = buf_cstr(&s->line);
    e.question = question ? script_asked(s->plan, y->position) : NULL;
    e.follow_up = s->engine.answer_open ? s->engine.follow_ups + (s->engine.follow != FOLLOW_NONE) : 0;
    y->created = true;
    y->at = session_now(s);
    buf_clear(&s->last);
    buf_str(&s->last, e.text);
    if (s->listener != NULL)
        echo_begin(listener_echo(s->listener), e.sample_rate);
    protocol_utterance(&s->out, &e);
    session_send(s);
    tell_shown(s);
}

/* All of it was sent. */
static void sent(struct session *s)
{
    protocol_utterance_done(&s->out, s->saying.utterance, s->saying.samples);
    session_send(s);
    s->saying.part = NULL;
    s->saying.sound = spoken_unref(s->saying.sound);
    note_in_transcript(s);
    tell_shown(s);
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
    announce(s, &e);
    buf_free(&words);
    sent(s);
}

void session_spoken(struct session *s, int utterance, struct spoken *sound)
{
    struct saying *y = &s->saying;
    if (s->plan == NULL || utterance != y->utterance || (y->created && y->sound == NULL))
        return; /* cancelled, shown as text meanwhile, or sent already */
    if (sound == NULL) {
        session_say_text(s);
        return;
    }
    if (y->sound == NULL)
        y->sound = spoken_ref(sound);
    session_pump(s);
}

/* The part under way, as far as the connection takes it. */
static void send_part(struct session *s)
{
    uint8_t frame[PROTOCOL_AUDIO_HEADER + 2 * PROTOCOL_AUDIO_SAMPLES];
    struct saying *y = &s->saying;
    while (session_pumping(s) && s->conn->wire->queued(s->conn->ws) < QUEUED_MAX) {
        const int16_t *pcm = y->part->pcm + y->sent;
        size_t n = y->part->n_samples - y->sent;
        n = n > PROTOCOL_AUDIO_SAMPLES ? PROTOCOL_AUDIO_SAMPLES : n;
        size_t len = protocol_audio(frame, y->utterance, pcm, n);
        if (s->conn->wire->send_binary(s->conn->ws, frame, len) != STATUS_OK)
            return; /* full or closed; the next beat, or closed, follows */
        if (s->listener != NULL)
            echo_say(listener_echo(s->listener), pcm, n);
        y->sent += n;
    }
}

bool session_pumping(const struct session *s)
{
    return s->saying.part != NULL && s->saying.sent < s->saying.part->n_samples;
}

void session_pump(struct session *s)
{
    struct saying *y = &s->saying;
    if (y->sound == NULL || s->conn == NULL || y->held)
        return;
    bool made = atomic_load(&y->sound->state) != SPOKEN_GROWS;
    send_part(s);
    for (const struct spoken_part *p; !session_pumping(s) && (p = spoken_next(y->sound, y->part)) != NULL;) {
        y->part = p;
        y->sent = 0;
        announce(s, &(struct utterance_event){.sample_rate = y->sound->sample_rate,
                                              .samples = p->n_samples,
                                              .duration_ms = p->duration_ms,
                                              .phonemes = p->phonemes,
                                              .words = p->words});
        send_part(s);
    }
    if (made && !session_pumping(s))
        sent(s);
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
    else if (!hold)
        session_pump(s);
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
    note_in_transcript(s);
    spoken_unref(s->saying.sound);
    s->saying = (struct saying){0};
}
