/* The engine's promises under random legal orders of events: a simulated database, client, recogniser and crashes,
 * seeded. A failure names its seed. */
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
#define RUNS      4000
#define STEPS     400

#define PIECES 64

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

static unsigned rnd(unsigned n)
{
    w.random = w.random * 6364136223846793005ULL + 1442695040888963407ULL;
    return (unsigned)(w.random >> 33) % n;
}

static void feed(struct engine_event ev);

static bool whole_speech(enum engine_line l)
{
    return l != LINE_TAKE_YOUR_TIME && l != LINE_GO_ON;
}

static const char *const texts[] = {
    "", "Um.", "Mhm.", "We moved it and", "We moved it.", "That's all.", "Could you repeat the question?"};

static void piece(bool answers)
{
    check(w.n_pieces < PIECES);
    w.pieces[w.n_pieces++] = (struct speech){w.guess != NULL ? w.guess : texts[rnd(7)], w.guess != NULL, answers};
    w.guess = NULL; /* ended in the pause that it was made in: the piece says just that */
    w.speaking_user = false;
    feed((struct engine_event){.type = EV_PIECE});
}

static void pop(void)
{
    check(w.n_pieces > 0);
    memmove(w.pieces, w.pieces + 1, sizeof(w.pieces[0]) * (size_t)(--w.n_pieces));
}

static void on_drop(const struct engine_action *a)
{
    check(!w.pieces[0].answers || a->lost || w.pieces[0].text[0] == '\0');
    pop();
}

static int follow_ups(void) /* at most, to a question */
{
    return (int)(w.seed % 3);
}

static bool question(enum engine_line l)
{
    return l == LINE_QUESTION || l == LINE_QUESTION_AGAIN || l == LINE_QUESTION_OTHER_WORDS;
}

static void on_speak(const struct engine_action *a)
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
static void on_closing(void)
{
    if (w.e.end != END_ENDPOINT)
        return;
    check(w.microphone && !w.muted);
    bool said_so = w.guess != NULL ? w.e.guess.opinion.verdict == ENDPOINT_DONE : w.e.opinion.verdict == ENDPOINT_DONE;
    check(said_so || (w.heard_from >= 0 && w.heard_to - w.heard_from >= 700));
}

static void on_store(const struct engine_action *a)
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

static void on_stop_listening(bool *flush)
{
    check(w.listening || w.overhearing);
    *flush = true;
}

static void carry_out(const struct engine_action *a, bool *flush)
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

static void note_hearing(const struct engine_event *ev)
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

static void feed(struct engine_event ev)
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

static void apply_op(enum engine_op op, struct engine_event *ev)
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

static void op_event(bool may_fail)
{
    struct engine_event ev = {.type = EV_OP_RESULT, .op = w.op, .result = RESULT_OK};
    if (may_fail && rnd(5) == 0)
        ev.result = RESULT_FAILED;
    else
        apply_op(w.op, &ev);
    w.op = OP_NONE;
    feed(ev);
}

static void transcript_event(bool may_fail)
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

static void start(void)
{
    w.connected = true;
    feed((struct engine_event){.type = EV_CLIENT_STARTED, .microphone = rnd(4) != 0, .muted = rnd(8) == 0});
}

static void interrupted(void)
{
    if (w.playing != 0)
        w.allowed[w.db.position]++;
    w.playing = 0;
    w.paused = false;
}

static void crash(void)
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

static void play_event(void)
{
    if (w.playing == 0 || (w.paused && rnd(8) != 0)) /* "finished" may cross "paused" */
        return;
    struct engine_event ev = {.utterance = w.playing, .duration_ms = 1000};
    if (!w.shown) {
        ev.type = EV_SHOWN;
        w.shown = true;
    } else if (rnd(3) == 0) {
        ev.type = EV_PLAY_STARTED;
    } else {
        ev.type = EV_PLAYED;
        if (question(w.line))
            w.heard_whole[w.db.position]++;
        w.playing = 0;
    }
    feed(ev);
}

/* A pause within a piece, with what was made out up to it. */
static void guess_event(void)
{
    int64_t at = w.audio;
    w.audio += 300;
    feed((struct engine_event){.type = EV_AUDIO, .at_ms = w.audio, .quiet_at = at});
    if (!w.speaking_user)
        return;
    w.guess = texts[rnd(6)];
    feed((struct engine_event){
        .type = EV_GUESS, .at_ms = at, .text = w.guess, .signs = {.judged = rnd(2) == 0, .turn = rnd(11) / 10.0}});
    w.audio += 100 * rnd(20);
    if (w.speaking_user)
        feed((struct engine_event){.type = EV_AUDIO, .at_ms = w.audio, .quiet_at = at});
    if (w.speaking_user)
        feed((struct engine_event){.type = EV_AUDIO, .at_ms = w.audio += 100, .quiet_at = -1}); /* goes on */
    w.guess = NULL;
}

/* A voice begins, and becomes speech or does not. */
static void voice_event(void)
{
    feed((struct engine_event){.type = EV_VOICE, .at_ms = w.audio});
    w.audio += 100;
    feed((struct engine_event){.type = EV_AUDIO, .at_ms = w.audio, .quiet_at = -1});
    w.speaking_user = rnd(3) != 0 && (w.listening || w.overhearing);
    feed((struct engine_event){.type = w.speaking_user ? EV_SPEECH_STARTED : EV_VOICE_GONE, .at_ms = w.audio});
}

static void speech_event(void)
{
    if (!w.listening && !w.overhearing)
        return;
    w.audio += 100;
    if (!w.speaking_user && rnd(3) == 0) {
        voice_event();
    } else if (w.speaking_user && rnd(4) == 0) {
        guess_event();
    } else if (w.speaking_user && rnd(6) == 0) {
        feed((struct engine_event){.type = EV_CAPTION, .text = texts[rnd(6)]});
    } else if (w.speaking_user && rnd(2) == 0) {
        piece(w.listening);
        if (w.listening || w.overhearing)
            feed((struct engine_event){.type = EV_SPEECH_STOPPED, .at_ms = w.audio});
    } else {
        w.audio += rnd(4) == 0 ? 3000 : 100;
        feed((struct engine_event){
            .type = EV_AUDIO, .at_ms = w.audio, .in_word = rnd(4) == 0, .quiet_at = w.speaking_user ? -1 : w.audio});
    }
}

/* Beside answering. What is said again is said as often as it was wanted. */
static void other_wish(void)
{
    static const enum engine_event_type wishes[] = {EV_REPHRASE, EV_SLOWER, EV_READY, EV_EXTEND, EV_SKIP};
    enum engine_event_type t = wishes[rnd(rnd(4) == 0 ? 5 : 4)];
    int p = w.db.position;
    if (t == EV_SKIP && w.connected && !w.halted)
        w.skipped[p] = true;
    if (t == EV_REPHRASE || t == EV_SLOWER)
        w.allowed[p]++;
    feed((struct engine_event){.type = t, .duration_ms = 30000});
}

static void pause_event(void)
{
    if (w.halted) {
        w.halted = false;
        w.allowed[w.db.position]++;
        feed((struct engine_event){.type = EV_GO_ON, .by_itself = rnd(2) == 0});
    } else if (engine_may_halt(&w.e)) {
        interrupted();
        w.playing = w.e.utterance; /* it is taken back by the engine */
        feed((struct engine_event){.type = EV_HALT, .duration_ms = 60000});
        check(w.halted);
    }
}

static void wish_event(void)
{
    if (rnd(3) == 0) {
        other_wish();
        return;
    }
    if (rnd(6) == 0) {
        pause_event();
        return;
    }
    static const enum engine_event_type wishes[] = {EV_ANSWER_DONE, EV_ANSWER_TEXT, EV_REPEAT, EV_MICROPHONE};
    enum engine_event_type t = wishes[rnd(4)];
    if (t == EV_REPEAT && w.listening)
        w.allowed[w.db.position]++;
    feed((struct engine_event){.type = t, .microphone = rnd(3) != 0, .muted = rnd(3) == 0});
}

static void tick_event(void)
{
    int64_t due = engine_deadline(&w.e);
    w.now += rnd(2000);
    if (due != INT64_MAX && rnd(3) == 0 && due > w.now)
        w.now = due;
    if (w.playing != 0 && !w.paused && w.now >= w.e.utterance_deadline &&
        w.shown) { /* the fallback takes it for played */
        if (question(w.line))
            w.heard_whole[w.db.position]++;
        w.playing = 0;
    } else if (w.playing != 0 && !w.paused && w.now >= w.e.utterance_deadline) {
        w.shown = w.e.shown = true; /* as ACTION_SHOW would have it, then the next deadline */
        w.e.utterance_deadline = w.now + 5000;
    }
    feed((struct engine_event){.type = EV_TICK});
}

static void connection_event(void)
{
    if (rnd(60) == 0) {
        crash();
    } else if (!w.connected) {
        start();
    } else if (rnd(6) == 0) {
        interrupted();
        if (rnd(2) == 0) {
            start();
        } else {
            w.connected = false;
            feed((struct engine_event){.type = EV_CLIENT_GONE});
        }
    }
}

static void random_event(void)
{
    unsigned k = rnd(20);
    if (k < 4 && w.op != OP_NONE)
        op_event(true);
    else if (k < 7 && w.transcribe)
        transcript_event(true);
    else if (k < 10)
        play_event();
    else if (k < 14)
        speech_event();
    else if (k < 15)
        wish_event();
    else if (k < 18)
        tick_event();
    else if (k < 19)
        connection_event();
    else
        feed((struct engine_event){.type = EV_PLAYED, .utterance = w.e.utterance - 1});
}

/* From here the client behaves and nothing fails: the interview must come to its end. */
static void behave(void)
{
    for (int i = 0; i < 4000 && !w.completed_told; i++) {
        w.now += 10;
        if (w.speaking_user)
            speech_event();
        if (!w.connected)
            start();
        if (w.halted)
            pause_event();
        if (w.op != OP_NONE)
            op_event(false);
        else if (w.transcribe)
            transcript_event(false);
        else if (w.playing != 0 && !w.paused)
            play_event();
        else if (w.listening)
            feed((struct engine_event){.type = EV_ANSWER_DONE});
        else
            tick_event();
    }
    check(w.completed_told);
    for (int p = 1; p <= QUESTIONS; p++)
        check(w.db.ended[p] == 1 && w.asked[p] >= 1);
    for (int i = 0; i < w.n_pieces; i++)
        check(!w.pieces[i].answers);
}

static void one_run(unsigned seed)
{
    memset(&w, 0, sizeof(w));
    w.seed = seed;
    w.random = seed * 7919ULL + 13;
    w.db.position = 1;
    w.now = 1000;
    for (int p = 0; p < QUESTIONS + 2; p++)
        w.allowed[p] = 1;
    crash();
    for (int i = 0; i < STEPS && !w.completed_told; i++)
        random_event();
    behave();
}

static void promises_hold(void **state)
{
    (void)state;
    for (unsigned seed = 1; seed <= RUNS; seed++)
        one_run(seed);
    printf("%d barge-ins, %d ends taken back, %d follow-ups, %d of them taken back\n", barges, reopenings, followed,
           taken_back);
    assert_true(reopenings > RUNS / 100 && barges > RUNS / 100 && followed > RUNS / 4 && taken_back > RUNS / 100);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(promises_hold)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
