#ifndef VIVA_TESTS_LIVE_PROMISES_H
#define VIVA_TESTS_LIVE_PROMISES_H
/* What the engine's actions come to in a simulated database, player and recogniser, and the promises that they are held
 * to. Whatever is left open is decided by a seed, which a failure names. For one test program. */
#include "live/endpoint.h"
#include "live/engine.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define QUESTIONS 3
#define PIECES    64

/* A piece of speech, handed over in this life and not yet stored or dropped. */
struct speech {
    const char *text;
    bool adopted; /* a guess: never fails */
    bool answers; /* was said in an answer, or has taken the turn */
};

/* What would be in the database. */
struct database {
    bool begun, completed;
    int position; /* next or open */
    bool open;
    int words[QUESTIONS + 2]; /* stored pieces with words */
    int ended[QUESTIONS + 2];
    int followed[QUESTIONS + 2]; /* follow-ups that were asked */
};

struct world {
    struct database db;
    struct engine e;
    enum engine_state was; /* before the event under way */
    uint64_t random;
    unsigned seed;
    int64_t now, audio;
    bool connected, listening, overhearing, speaking_user, paused, completed_told;
    bool microphone, muted, halted;
    bool skipped[QUESTIONS + 2];
    int64_t heard_from, heard_to; /* sound since the candidate could last be heard; -1: none yet */
    bool flushing, flush_answers;
    bool ears_heard; /* sound came since the ears were opened */
    int64_t since;   /* of OP_OPEN */
    int greetings;   /* in this life */
    int playing;     /* utterance */
    enum engine_line line;
    bool shown;
    enum engine_op op; /* asked for, not answered */
    bool transcribe;
    struct speech pieces[PIECES];
    int n_pieces;
    const char *text, *guess; /* text: of the piece being stored */
    int asked[QUESTIONS + 2], allowed[QUESTIONS + 2], heard_whole[QUESTIONS + 2], told_ended[QUESTIONS + 2];
};

static struct world w;
static int reopenings, barges, followed, taken_back; /* over all runs */

#define check(c)                                                                                                       \
    do {                                                                                                               \
        if (!(c))                                                                                                      \
            fail_msg("seed %u: %s (line %d)", w.seed, #c, __LINE__);                                                   \
    } while (0)

static inline unsigned rnd(unsigned n)
{
    w.random = w.random * 6364136223846793005ULL + 1442695040888963407ULL;
    return (unsigned)(w.random >> 33) % n;
}

static inline void feed(struct engine_event ev);

static inline bool whole_speech(enum engine_line l)
{
    return l != LINE_TAKE_YOUR_TIME && l != LINE_GO_ON;
}

static const char *const texts[] = {
    "", "Um.", "Mhm.", "We moved it and", "We moved it.", "That's all.", "Could you repeat the question?"};

static inline void piece(bool answers)
{
    check(w.n_pieces < PIECES);
    w.pieces[w.n_pieces++] = (struct speech){w.guess != NULL ? w.guess : texts[rnd(7)], w.guess != NULL, answers};
    w.guess = NULL; /* ended in the pause that it was made in: the piece says just that */
    w.speaking_user = false;
    feed((struct engine_event){.type = EV_PIECE});
}

static inline void pop(void)
{
    check(w.n_pieces > 0);
    memmove(w.pieces, w.pieces + 1, sizeof(w.pieces[0]) * (size_t)(--w.n_pieces));
}

static inline void on_drop(const struct engine_action *a)
{
    check(!w.pieces[0].answers || a->lost || w.pieces[0].text[0] == '\0');
    pop();
}

static inline int follow_ups(void) /* at most, to a question */
{
    return (int)(w.seed % 3);
}

static inline bool question(enum engine_line l)
{
    return l == LINE_QUESTION || l == LINE_QUESTION_AGAIN || l == LINE_QUESTION_OTHER_WORDS;
}

static inline void on_speak(const struct engine_action *a)
{
    check(w.connected && !w.halted);
    check(w.playing == 0);
    check(!(w.listening && whole_speech(a->line)));
    w.playing = a->utterance;
    w.line = a->line;
    w.shown = w.paused = false;
    if (question(a->line)) {
        check(a->position == w.db.position);
        check(++w.asked[a->position] <= w.allowed[a->position]);
    }
    if (a->line == LINE_FOLLOW_UP)
        check(w.db.open && a->position == w.db.position && w.db.followed[a->position] < follow_ups());
    if (!whole_speech(a->line)) { /* a prompt */
        check(w.microphone && !w.muted);
        check(w.heard_from >= 0 && w.heard_to - w.heard_from >= 10000);
    }
    if (a->line == LINE_GREETING)
        check(++w.greetings == 1);
    if (a->line == LINE_FAREWELL)
        check(w.db.position == QUESTIONS + 1 && !w.db.open);
}

/* By itself an answer ends only after a pause that could be heard. */
static inline void on_closing(void)
{
    if (w.e.end != END_ENDPOINT)
        return;
    check(w.microphone && !w.muted);
    bool said_so = w.guess != NULL ? w.e.guess.opinion.verdict == ENDPOINT_DONE : w.e.opinion.verdict == ENDPOINT_DONE;
    check(said_so || (w.heard_from >= 0 && w.heard_to - w.heard_from >= 700));
}

static inline void on_store(const struct engine_action *a)
{
    check(w.op == OP_NONE);
    w.op = a->op;
    w.since = a->since_ms;
    if (a->op == OP_STORE) {
        check(w.n_pieces > 0 && w.pieces[0].text[0] != '\0');
        w.text = w.pieces[0].text;
    }
    if (a->op == OP_OPEN)
        check(a->since_ms >= 0 ? w.asked[w.db.position] > 0 : w.heard_whole[w.db.position] > 0 || w.e.skip);
    if (a->op == OP_REOPEN)
        check(w.db.position > 1 && !w.db.open && w.told_ended[w.db.position - 1] == 1);
    if (a->op == OP_CHOOSE)
        check(w.db.open && !w.listening && w.db.followed[w.db.position] < follow_ups());
    if (a->op == OP_ASKED)
        check(w.db.open && !w.listening &&
              (w.e.follow != FOLLOW_NONE || w.e.op_failures > 0)); /* one that was asked is stored */
    if (a->op == OP_END) {
        check(w.db.open && !w.listening && w.text == NULL);
        for (int i = 0; i < w.n_pieces; i++)
            check(!w.pieces[i].answers);
        if (w.e.end == END_ENDPOINT)
            check(w.db.words[w.db.position] > 0);
    }
    if (a->op == OP_COMPLETE)
        check(w.db.position == QUESTIONS + 1);
}

static inline void on_stop_listening(bool *flush)
{
    check(w.listening || w.overhearing);
    *flush = true;
}

static inline void carry_out(const struct engine_action *a, bool *flush)
{
    switch (a->type) {
    case ACTION_STATE:
        if (a->state == ENGINE_CLOSING && w.was != ENGINE_CLOSING) /* it is told again to who comes back */
            on_closing();
        break;
    case ACTION_SPEAK:
        on_speak(a);
        break;
    case ACTION_PAUSE:
    case ACTION_RESUME:
        check(a->utterance == w.playing && w.paused == (a->type == ACTION_RESUME));
        w.paused = a->type == ACTION_PAUSE;
        break;
    case ACTION_CANCEL:
        check(a->utterance == w.playing);
        if (question(w.line) || w.line == LINE_FOLLOW_UP)
            w.allowed[w.db.position]++; /* broken off by the candidate */
        w.playing = 0;
        break;
    case ACTION_SHOW:
        check(a->utterance == w.playing);
        break;
    case ACTION_STORE:
        on_store(a);
        break;
    case ACTION_CHOOSE_NONE:
        check(w.op == OP_CHOOSE || w.op == OP_NONE); /* asked for, or to be tried again */
        w.op = OP_NONE;
        break;
    case ACTION_OVERHEAR:
        check(w.connected && !w.listening && !w.overhearing);
        w.overhearing = true;
        w.ears_heard = false;
        break;
    case ACTION_LISTEN:
        check(w.connected && !w.halted && w.db.open && w.playing == 0 && !w.listening);
        w.heard_from = w.overhearing && w.ears_heard ? w.heard_to : -1;
        w.listening = true;
        w.overhearing = false;
        for (int i = 0; i < w.n_pieces; i++)
            w.pieces[i].answers = true;
        break;
    case ACTION_STOP_LISTENING:
        on_stop_listening(flush);
        break;
    case ACTION_TRANSCRIBE:
        check(!w.transcribe && w.n_pieces > 0);
        w.transcribe = true;
        break;
    case ACTION_DROP_PIECE:
        on_drop(a);
        break;
    case ACTION_ANSWER_ENDED:
        check(++w.told_ended[a->position] == 1);
        check(w.db.ended[a->position] == 1);
        break;
    case ACTION_THINK:
        check(w.listening && a->ms > 0 && a->ms <= 20000);
        break;
    case ACTION_TIME_LEFT:
        check(w.db.open && (a->ms >= 0) == (w.db.position == 2));
        break;
    case ACTION_HALTED:
        check(w.connected && w.playing == 0 && !w.listening && !w.db.completed);
        w.halted = true;
        break;
    case ACTION_HALT_OVER:
        check(w.halted && w.connected);
        break;
    case ACTION_COMPLETED:
        check(w.db.completed);
        w.completed_told = true;
        break;
    case ACTION_RELOAD:
    case ACTION_OVER:
        check(false);
        break;
    default:
        break;
    }
}

static inline void note_hearing(const struct engine_event *ev)
{
    bool before = w.microphone && !w.muted;
    if (ev->type == EV_CLIENT_STARTED || ev->type == EV_MICROPHONE) {
        w.microphone = ev->microphone;
        w.muted = ev->muted;
        if (!before && w.microphone && !w.muted)
            w.heard_from = -1;
    } else if (ev->type == EV_AUDIO) {
        w.heard_from = w.heard_from < 0 ? ev->at_ms : w.heard_from;
        w.heard_to = ev->at_ms;
        w.ears_heard = true;
    }
}

static inline void feed(struct engine_event ev)
{
    struct engine_actions out;
    bool flush = false, following = w.e.follow != FOLLOW_NONE;
    int asked = w.e.follow_ups;
    ev.now = w.now;
    note_hearing(&ev);
    w.was = w.e.state;
    engine_step(&w.e, &ev, &out);
    check(out.count < ENGINE_ACTIONS_MAX);
    for (int i = 0; i < out.count; i++) {
        bool answers = w.listening;
        carry_out(&out.list[i], &flush);
        if (!flush)
            continue;
        /* what the listener tells is looked at after this list; nothing in it depends on the rest of the list */
        check(!w.flushing);
        w.flushing = true;
        w.flush_answers = answers;
        w.listening = w.overhearing = flush = false;
    }
    taken_back += following && w.e.follow == FOLLOW_NONE && w.e.follow_ups == asked && w.listening;
    if (!w.flushing)
        return;
    w.flushing = false;
    if (w.speaking_user)
        piece(w.flush_answers);
    feed((struct engine_event){.type = EV_FLUSHED});
}

static inline void apply_op(enum engine_op op, struct engine_event *ev)
{
    int p = w.db.position;
    ev->time_limit_ms = p == 2 ? 60000 : 0;
    switch (op) {
    case OP_BEGIN:
        w.db.begun = true;
        break;
    case OP_OPEN:
        check(!w.db.open && w.db.ended[p] == 0);
        w.db.open = true;
        barges += w.since >= 0;
        break;
    case OP_STORE:
        check(w.db.open && w.text != NULL);
        w.db.words[p]++;
        w.text = NULL;
        pop();
        break;
    case OP_CHOOSE:
        ev->follow_up = rnd(2) == 0;
        break;
    case OP_ASKED:
        check(w.db.open && ++w.db.followed[p] <= follow_ups());
        followed++;
        break;
    case OP_REOPEN:
        check(!w.db.open && w.db.ended[p - 1]-- == 1);
        w.told_ended[p - 1]--;
        w.db.position--;
        w.db.open = true;
        reopenings++;
        break;
    case OP_END:
        check(++w.db.ended[p] == 1);
        w.db.open = false;
        w.db.position++;
        break;
    default:
        w.db.completed = true;
        break;
    }
}

static inline void op_event(bool may_fail)
{
    struct engine_event ev = {.type = EV_OP_RESULT, .op = w.op, .result = RESULT_OK};
    if (may_fail && rnd(5) == 0)
        ev.result = RESULT_FAILED;
    else
        apply_op(w.op, &ev);
    w.op = OP_NONE;
    feed(ev);
}

static inline void transcript_event(bool may_fail)
{
    struct engine_event ev = {.type = EV_TRANSCRIPT, .result = RESULT_OK};
    const struct speech *p = &w.pieces[0];
    w.transcribe = false;
    if (may_fail && !p->adopted && rnd(5) == 0) {
        ev.result = RESULT_FAILED;
    } else {
        ev.text = p->text;
        w.pieces[0].adopted = true; /* asked again it is the same */
        if (strstr(ev.text, "repeat") != NULL)
            w.allowed[w.db.position]++;
    }
    feed(ev);
}

static inline void start(void)
{
    w.connected = true;
    feed((struct engine_event){.type = EV_CLIENT_STARTED, .microphone = rnd(4) != 0, .muted = rnd(8) == 0});
}

static inline void interrupted(void)
{
    if (w.playing != 0)
        w.allowed[w.db.position]++;
    w.playing = 0;
    w.paused = false;
}

static inline void crash(void)
{
    interrupted();
    struct database db = w.db;
    w.connected = w.listening = w.overhearing = w.speaking_user = w.transcribe = false;
    w.op = OP_NONE;
    w.greetings = 0;
    w.n_pieces = 0;
    w.text = w.guess = NULL;
    memset(w.told_ended, 0, sizeof(w.told_ended));
    struct engine_config c = {QUESTIONS, {700, 1500, 4000, 10000}, w.seed % 2 ? 20000 : 0, follow_ups()};
    struct engine_resume r = {.position = db.position, .greeted = db.begun, .answer_open = db.open, .elapsed_ms = 7000};
    r.text = db.words[db.position] > 0 ? "words" : "";
    r.time_limit_ms = db.open && db.position == 2 ? 60000 : 0;
    if (!db.open) /* the question's whole hearing was not stored: it is asked again */
        w.allowed[db.position] += w.heard_whole[db.position] > 0 && w.allowed[db.position] == w.asked[db.position];
    r.follow_ups = db.open ? db.followed[db.position] : 0;
    r.follow_up_open = r.follow_ups > 0 && rnd(2) == 0;
    if (r.follow_up_open) /* said again, it was asked already */
        w.allowed[db.position]++;
    r.halted = w.halted;
    r.halt_ms = 60000;
    if (w.halted) /* said again after it */
        w.allowed[db.position]++;
    engine_init(&w.e, &c, &r);
}

#endif
