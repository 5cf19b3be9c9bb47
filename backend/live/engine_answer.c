#include "live/endpoint.h"
#include "live/engine_internal.h"

#include <string.h>

#define TRANSCRIBE_TRIES 3
#define PAUSE_LEAST_MS   224 /* shorter ones are within speech, whatever was made out in them */

/* ---- hearing ---- */

bool engine_can_hear(const struct engine *e)
{
    return e->microphone && !e->muted;
}

/* Silence counts from the first sound after a mute or a lost microphone; "that's all", said before it, is not
 * taken at its word any more. */
void engine_microphone(struct engine *e, bool microphone, bool muted)
{
    bool before = engine_can_hear(e);
    e->microphone = microphone;
    e->muted = muted;
    if (before || !engine_can_hear(e))
        return;
    e->audio_at = e->quiet_since = -1;
    e->guess.at = -1;
    if (e->opinion.verdict == ENDPOINT_DONE)
        e->opinion.verdict = ENDPOINT_FINISHED;
}

/* What was made out of the open piece at a pause; it holds as long as that pause does. */
static void guessed(struct engine *e, const struct engine_event *ev)
{
    char whole[ENGINE_TAIL];
    memcpy(whole, e->tail, sizeof whole);
    engine_tail_append(whole, ev->text);
    e->guess.at = ev->at_ms;
    e->guess.opinion = endpoint_words(ev->text) > 0 ? endpoint_judge(whole, ev->text, &ev->signs)
                                                    : (struct endpoint_opinion){.verdict = ENDPOINT_NONE};
}

static bool may_be_over(const struct endpoint_opinion *o)
{
    return (o->verdict == ENDPOINT_FINISHED || o->verdict == ENDPOINT_UNCLEAR) && o->over >= ENDPOINT_UNDECIDED;
}

/* The candidate goes on after a pause that might have been the end. */
static void went_on(struct engine *e, const struct engine_event *ev)
{
    if (e->late || !engine_can_hear(e))
        return;
    if (ev->type == EV_AUDIO && e->speech && e->pause_at >= 0 && ev->quiet_at != e->pause_at &&
        e->guess.at == e->pause_at && ev->at_ms - e->pause_at >= PAUSE_LEAST_MS && may_be_over(&e->guess.opinion))
        pauses_add(&e->pauses, ev->at_ms - e->pause_at);
    else if (ev->type == EV_SPEECH_STARTED && engine_outstanding(e) == 0 && e->quiet_since >= 0 &&
             e->said_at == e->quiet_since && may_be_over(&e->opinion))
        pauses_add(&e->pauses, ev->at_ms - e->quiet_since);
}

/* How long it has been quiet, of an answer that is listened to. */
int64_t engine_silent_ms(const struct engine *e)
{
    int64_t since = e->speech && e->pause_at > e->quiet_since ? e->pause_at : e->quiet_since;
    return since >= 0 && e->audio_at > since ? e->audio_at - since : 0;
}

void engine_heard(struct run *r, const struct engine_event *ev)
{
    struct engine *e = r->e;
    if (e->overhearing)
        engine_overheard(r, ev);
    if (!e->listening || e->overhearing)
        return;
    went_on(e, ev);
    if (ev->type == EV_AUDIO) {
        e->audio_at = ev->at_ms;
        e->in_word = ev->in_word;
        e->late = ev->late;
        e->pause_at = ev->quiet_at;
        if (e->quiet_since < 0 || e->late) /* nobody is hurried for having waited until we were back */
            e->quiet_since = ev->at_ms;
    } else if (ev->type == EV_SPEECH_STARTED) {
        e->speech = true;
        engine_hush(r); /* never talk over the candidate */
        engine_enough_thought(r);
    } else if (ev->type == EV_GUESS) {
        guessed(e, ev);
    } else if (ev->type == EV_SPEECH_STOPPED) {
        e->speech = e->in_word = false;
        if (e->quiet_since >= 0 && ev->at_ms > e->quiet_since) /* it may lie before an unmute */
            e->quiet_since = ev->at_ms;
    }
}

/* Appends to a tail of fixed size, cutting bytes off its front. */
void engine_tail_append(char tail[ENGINE_TAIL], const char *text)
{
    size_t have = strlen(tail), n = strlen(text);
    if (n >= ENGINE_TAIL) {
        text += n - (ENGINE_TAIL - 1);
        n = ENGINE_TAIL - 1;
    }
    if (have + 1 + n >= ENGINE_TAIL) {
        size_t drop = have + 2 + n - ENGINE_TAIL;
        drop = drop > have ? have : drop;
        memmove(tail, tail + drop, have - drop);
        have -= drop;
    }
    if (have > 0 && have + 1 + n < ENGINE_TAIL)
        tail[have++] = ' ';
    memcpy(tail + have, text, n);
    tail[have + n] = '\0';
}

void engine_piece_over(struct engine *e)
{
    e->transcribing = false;
    e->transcribe_failures = 0;
    e->pieces_done++;
}

void engine_transcript(struct run *r, const struct engine_event *ev)
{
    struct engine *e = r->e;
    if (!e->transcribing)
        return;
    if (ev->result != RESULT_OK && ++e->transcribe_failures < TRANSCRIBE_TRIES) {
        engine_act(r, ACTION_TRANSCRIBE);
        return;
    }
    if (engine_overheard_text(r, ev))
        return;
    const char *text = ev->result == RESULT_OK && ev->text != NULL ? ev->text : "";
    int words = endpoint_words(text);
    if (words == 0) {
        engine_act(r, ACTION_DROP_PIECE)->lost = ev->result != RESULT_OK;
        engine_piece_over(e);
        return;
    }
    e->transcribing = false;
    e->pending[0] = '\0';
    engine_tail_append(e->pending, text);
    e->pending_words = words;
    e->pending_at = ev->at_ms;
    e->pending_signs = ev->signs;
    engine_store(r, OP_STORE);
}

void engine_piece_stored(struct engine *e)
{
    engine_tail_append(e->tail, e->pending);
    e->words += e->pending_words;
    e->opinion = endpoint_judge(e->tail, e->pending, &e->pending_signs);
    e->said_at = e->pending_at;
    if (e->opinion.verdict != ENDPOINT_NONE && e->opinion.verdict != ENDPOINT_THINKING)
        e->cut_short = false;
    engine_piece_over(e);
}

/* ---- deciding ---- */

static void silence_without_words(struct run *r, int64_t silent)
{
    struct engine *e = r->e;
    int64_t patience = e->cfg.patience.prompt_ms;
    if (e->utterance != 0)
        return;
    if (e->cut_short && silent >= e->cfg.patience.hanging_ms) {
        e->cut_short = false; /* it was no answer, and the question was not heard to its end */
        engine_repeat(r);
    } else if (e->prompts == 0 && silent >= patience) {
        e->prompts = 1;
        engine_speak(r, LINE_TAKE_YOUR_TIME);
    } else if (e->prompts == 1 && silent >= 2 * patience) {
        e->prompts = 2;
        engine_speak(r, LINE_GO_ON);
    } else if (e->prompts == 2 && silent >= patience && e->words > 0) {
        engine_close_answer(r, END_ENDPOINT);
    }
}

/* Within a piece that is still open: a guess of what it says is as good as its text, as long as the pause it was made
 * in lasts. Asking for the question again waits for the piece. */
static void endpoint_in_pause(struct run *r)
{
    struct engine *e = r->e;
    if (e->guess.at < 0 || e->guess.at != e->pause_at || !engine_can_hear(e))
        return;
    int64_t since = e->pause_at > e->quiet_since ? e->pause_at : e->quiet_since; /* not what a mute made quiet */
    const struct patience patience = patience_for(&e->cfg.patience, &e->pauses);
    if (e->audio_at - since >= patience_wait(&patience, &e->guess.opinion))
        engine_close_answer(r, END_ENDPOINT);
}

/* Of speech before a mute or a prompt how it sounded says little. */
static int64_t patience(const struct engine *e)
{
    const struct patience p = patience_for(&e->cfg.patience, &e->pauses);
    int64_t wait = patience_wait(&p, &e->opinion);
    return e->said_at != e->quiet_since && wait < p.finished_ms ? p.finished_ms : wait;
}

static void endpoint_in_silence(struct run *r)
{
    struct engine *e = r->e;
    int64_t silent = e->audio_at - e->quiet_since;
    enum endpoint_verdict v = e->opinion.verdict;
    if (v == ENDPOINT_REPEAT)
        engine_repeat(r);
    else if (!engine_can_hear(e) || e->in_word) /* who may have begun to speak is neither prompted nor cut */
        return;
    else if (v == ENDPOINT_NONE || v == ENDPOINT_THINKING)
        silence_without_words(r, silent);
    else if (v == ENDPOINT_DONE || silent >= patience(e))
        engine_close_answer(r, END_ENDPOINT);
}

/* Silence is measured on the audio's own clock: a network that stalls is not a pause. */
void engine_endpoint(struct run *r)
{
    struct engine *e = r->e;
    if (!e->listening || e->late || e->think_until != 0 || e->audio_at < 0 || e->op != OP_NONE ||
        engine_outstanding(e) > 0)
        return;
    if (e->speech)
        endpoint_in_pause(r);
    else
        endpoint_in_silence(r);
}

/* When the time limit ends the answer, as things stand: not within a sentence, and then not within a word. */
int64_t engine_limit_deadline(const struct engine *e)
{
    if (e->time_up_at == INT64_MAX)
        return INT64_MAX;
    if (e->in_word)
        return e->time_up_at + ENGINE_LIMIT_LAST_MS;
    return e->time_up_at + (e->speech ? ENGINE_LIMIT_GRACE_MS : 0);
}

void engine_time_limit(struct run *r)
{
    struct engine *e = r->e;
    if (e->state == ENGINE_LISTENING && e->connected && e->now >= engine_limit_deadline(e))
        engine_close_answer(r, END_TIME_LIMIT);
}
