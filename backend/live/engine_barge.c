#include "live/backchannel.h"
#include "live/endpoint.h"
#include "live/engine_internal.h"

#include <stddef.h>

/* So much voice without a pause is no "mhm" and no cough, whether or not its words are known yet. */
#define SURE_MS 2000
/* Whoever goes on so soon after the interviewer has begun had not finished. */
#define REOPEN_MS 3000
/* Longer nobody is waited for; that is a radio, or a recogniser that is stuck. */
#define HOLD_MS 10000
/* The answer begins so long before its first voice, as a piece of speech does. */
#define LEAD_MS 300

/* A hum is heard as some short word, and the recogniser is not sure of it: of 18 that espeak-ng hums
 * (bench/live/interrupt.py) what is heard as a word is under it; of what a clear voice says in one to three words,
 * nothing (from 0.48 on). */
#define UNSURE       0.33
#define UNSURE_WORDS 3

/* ---- whose turn it may be ---- */

static bool in_grace(const struct engine *e, int64_t t)
{
    return e->reopenable && (e->play_at < 0 || t <= e->play_at + REOPEN_MS);
}

/* Words that began at t may take the turn. Over the greeting there is nothing to answer yet. */
static bool claimable(const struct engine *e, int64_t t)
{
    if (!e->connected)
        return false;
    switch (e->state) {
    case ENGINE_ASKING:
        return e->line != LINE_TIME_UP && e->line != LINE_PAUSE_OVER;
    case ENGINE_CLOSING:
        return e->end == END_ENDPOINT;
    case ENGINE_FAREWELL:
        return in_grace(e, t);
    default:
        return false;
    }
}

/* The interviewer stops for a voice. */
static bool yields(const struct engine *e)
{
    return engine_can_hear(e) && (e->state == ENGINE_GREETING ? e->connected : claimable(e, e->now));
}

/* ---- the interviewer's speech ---- */

static void pause(struct run *r)
{
    struct engine *e = r->e;
    if (e->utterance == 0 || e->paused)
        return;
    e->paused = true;
    e->paused_at = e->now;
    engine_act(r, ACTION_PAUSE)->utterance = e->utterance;
}

static void resume(struct run *r)
{
    struct engine *e = r->e;
    if (e->utterance == 0 || !e->paused)
        return;
    e->paused = false;
    e->utterance_deadline += e->now - e->paused_at;
    if (e->play_at >= 0)
        e->play_at += e->now - e->paused_at;
    engine_act(r, ACTION_RESUME)->utterance = e->utterance;
}

void engine_yield(struct run *r)
{
    if (r->e->barge == BARGE_MAYBE)
        pause(r);
}

static void wait_for(struct run *r, int64_t voice_at)
{
    struct engine *e = r->e;
    e->barge = BARGE_MAYBE;
    e->voice_at = voice_at;
    e->voice_since = e->now;
    pause(r);
}

static void refuse(struct run *r, enum engine_barge as)
{
    r->e->barge = as;
    resume(r);
}

/* ---- taking the turn ---- */

/* The pause was no end: this candidate pauses so long. */
static void learn_the_pause(struct engine *e)
{
    pauses_add(&e->pauses, e->closed_silent_ms + (e->voice_since - e->closed_at));
}

/* Whoever goes on as it begins had not finished, and whoever has not heard of it does not answer it: it is taken back.
 * Else it was understood, and this answers it. */
static void take_over_follow_up(struct run *r)
{
    struct engine *e = r->e;
    bool unfinished = in_grace(e, e->voice_since), unheard = e->utterance != 0 && !e->shown;
    engine_hush(r);
    if (unfinished)
        learn_the_pause(e);
    if (unfinished || unheard) {
        engine_follow_up_dropped(e);
        engine_listen(r, true);
    } else {
        e->cut_short = true;
        engine_follow_up_asked(r);
    }
}

/* When the database is busy with something else, engine_barge_settle comes back to it. */
static void take(struct run *r)
{
    struct engine *e = r->e;
    e->barge = BARGE_TAKEN;
    if (e->state == ENGINE_CLOSING && e->op != OP_END) {
        e->end = END_NONE;
        learn_the_pause(e);
        engine_choose_none(r);
        engine_listen(r, true);
    } else if (e->op != OP_NONE) {
        return;
    } else if (e->follow != FOLLOW_NONE) {
        take_over_follow_up(r);
    } else if (in_grace(e, e->voice_since)) {
        learn_the_pause(e);
        engine_hush(r);
        engine_store(r, OP_REOPEN);
    } else if (e->answer_open) {
        engine_hush(r);
        e->cut_short = true;
        engine_listen(r, true);
    } else if (e->state == ENGINE_ASKING) {
        engine_hush(r);
        e->cut_short = true;
        engine_open_answer(r, e->voice_at > LEAD_MS ? e->voice_at - LEAD_MS : 0);
    } else {
        refuse(r, BARGE_IGNORED);
    }
}

void engine_barge_adopt(struct engine *e)
{
    e->overheard = 0;
    e->barge = BARGE_NONE;
}

static bool unsure(const struct engine_event *ev)
{
    return ev->confidence > 0 && ev->confidence < UNSURE && endpoint_words(ev->text) <= UNSURE_WORDS;
}

static void judge(struct run *r, const struct engine_event *ev, bool final)
{
    struct engine *e = r->e;
    if (e->barge == BARGE_TAKEN || !claimable(e, e->voice_since))
        return;
    bool words = ev->result == RESULT_OK && ev->text != NULL && !ev->ours && !backchannel(ev->text) && !unsure(ev);
    if (words)
        take(r);
    else if (final && e->barge == BARGE_MAYBE)
        refuse(r, e->speech ? BARGE_REFUSED : BARGE_NONE);
}

/* ---- hearing ---- */

void engine_overhear(struct run *r)
{
    struct engine *e = r->e;
    if (e->overhearing || !e->connected)
        return;
    e->overhearing = true;
    e->speech = e->in_word = false;
    e->audio_at = e->pause_at = -1;
    engine_act(r, ACTION_OVERHEAR);
}

void engine_voice(struct run *r, const struct engine_event *ev)
{
    struct engine *e = r->e;
    if (ev->type == EV_VOICE && e->listening)
        engine_hush(r); /* a prompt is not worth more */
    else if (ev->type == EV_VOICE && e->overhearing && e->barge == BARGE_NONE && yields(e))
        wait_for(r, ev->at_ms);
    else if (ev->type == EV_VOICE_GONE && e->barge == BARGE_MAYBE && !e->speech && e->overheard == 0)
        refuse(r, BARGE_NONE);
}

static void overheard_sound(struct run *r, const struct engine_event *ev)
{
    struct engine *e = r->e;
    bool sounds = e->speech && ev->quiet_at < 0;
    if (e->barge == BARGE_REFUSED && sounds && yields(e))
        wait_for(r, e->voice_at);
    else if (e->barge == BARGE_MAYBE && sounds && ev->at_ms - e->voice_at >= SURE_MS && claimable(e, e->voice_since))
        take(r);
}

void engine_overheard(struct run *r, const struct engine_event *ev)
{
    struct engine *e = r->e;
    switch (ev->type) {
    case EV_AUDIO:
        e->audio_at = ev->at_ms;
        e->in_word = ev->in_word;
        e->pause_at = ev->quiet_at;
        overheard_sound(r, ev);
        break;
    case EV_SPEECH_STARTED:
        e->speech = true;
        if (e->barge == BARGE_NONE && yields(e))
            wait_for(r, ev->at_ms);
        break;
    case EV_SPEECH_STOPPED:
        e->speech = e->in_word = false;
        if (e->barge == BARGE_REFUSED || e->barge == BARGE_IGNORED)
            e->barge = BARGE_NONE;
        else if (e->barge == BARGE_MAYBE && e->overheard == 0)
            refuse(r, BARGE_NONE);
        break;
    case EV_GUESS: /* one that came too late says little about what goes on */
        judge(r, ev, ev->at_ms == e->pause_at);
        break;
    case EV_CAPTION:
        judge(r, ev, false);
        break;
    default:
        break;
    }
}

static void piece_dropped(struct run *r, bool lost)
{
    struct engine *e = r->e;
    engine_act(r, ACTION_DROP_PIECE)->lost = lost;
    e->overheard--;
    engine_piece_over(e);
    if (e->barge == BARGE_MAYBE && e->overheard == 0 && !e->speech)
        refuse(r, BARGE_NONE);
}

bool engine_overheard_text(struct run *r, const struct engine_event *ev)
{
    struct engine *e = r->e;
    if (e->op != OP_NONE) { /* its answer is being opened: asked for again then */
        e->transcribing = false;
        return true;
    }
    if (e->overheard == 0 || engine_outstanding(e) != e->overheard)
        return false;
    judge(r, ev, false);
    e->transcribing = false; /* what takes the turn is asked for again when its answer is open */
    if (e->barge != BARGE_TAKEN && e->overheard > 0)
        piece_dropped(r, false);
    return true;
}

void engine_barge_settle(struct run *r)
{
    struct engine *e = r->e;
    if (e->barge == BARGE_MAYBE && e->now >= e->voice_since + HOLD_MS)
        refuse(r, BARGE_IGNORED);
    if (e->barge == BARGE_TAKEN && e->op == OP_NONE)
        take(r);
    while (e->overheard > 0 && engine_outstanding(e) == e->overheard && !e->transcribing && e->op == OP_NONE &&
           e->barge != BARGE_TAKEN && !claimable(e, e->voice_since))
        piece_dropped(r, false);
    if (e->state != ENGINE_FAREWELL || e->completed || e->op != OP_NONE || e->barge == BARGE_MAYBE ||
        e->barge == BARGE_TAKEN || (e->utterance != 0 && in_grace(e, e->now)))
        return;
    e->reopenable = false;
    engine_store(r, OP_COMPLETE);
}

int64_t engine_barge_deadline(const struct engine *e)
{
    if (e->barge == BARGE_MAYBE)
        return e->voice_since + HOLD_MS;
    if (e->state == ENGINE_FAREWELL && !e->completed && e->op == OP_NONE && e->play_at >= 0)
        return e->play_at + REOPEN_MS + 1;
    return INT64_MAX;
}
