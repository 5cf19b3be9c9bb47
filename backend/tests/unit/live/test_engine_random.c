/* The engine's promises under random legal orders of events: candidate, network and crashes, seeded. */
#include "promises.h"

#define RUNS  4000
#define STEPS 400

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
