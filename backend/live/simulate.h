#ifndef VIVA_LIVE_SIMULATE_H
#define VIVA_LIVE_SIMULATE_H
/* A whole interview with a candidate out of recordings: a client of the hub (live/live.h) on a wire of its own, in this
 * process. Everything behind the wire is the product's: session, engine, listener, speech line, storing. The clock is
 * moved in steps of 20 ms, each after what the one before brought about has been done; while an engine works a step
 * takes as long as on the wall, so that recognition takes as long on this clock as it took. Nobody listens to the
 * interviewer: the time that saves is what makes it faster than a real interview.
 *
 * The candidate begins to speak a moment after the answer opens, is silent after the recording, and presses "I'm done"
 * where nothing ended the answer for long; a question without a recording is passed over by the same button. Where the
 * answer was taken for over in one of its pauses the candidate goes on: the interviewer yields, and the answer goes on
 * with the recording, or the next question has been heard out, and what is left of the recording stays unsaid. */

#include "live/live.h"
#include "services/conduct.h"

struct simulate_sound {
    const char *name; /* of the file */
    const float *pcm; /* 16 kHz mono */
    size_t n;
};

#define SIMULATE_FOLLOW_UPS CONDUCT_FOLLOW_UPS_MAX

struct simulate_options {
    struct live_options live; /* clock and cache are set here */
    struct clock_fake *clock; /* also the clock of live.services_new's services; moved until the interview is over */
    struct id session;        /* of a candidate who has not finished */
    const struct simulate_sound *answers; /* to question 1, 2, ... */
    size_t n_answers;
    /* to the follow-ups of question 1, 2, ..., n_answers of them; without one (name NULL) it is passed over. NULL: none
     */
    const struct simulate_sound (*follow_ups)[SIMULATE_FOLLOW_UPS];
    bool instant; /* engines take no time on the clock: the same times on every machine */
};

struct simulate_event {
    double t;          /* seconds since the candidate came */
    const char *event; /* "connected", "utterance", "answer_started", "file", "skipped", "file_over", "done_pressed",
                          "speech_started", "speech_stopped", "partial", "final", "answer_ended", "rest_unspoken",
                          "utterance_paused", "utterance_resumed", "utterance_cancelled", "notice", "completed" */
    int position;      /* of the question; 0: none */
    int follow_up;     /* to it, from 1; 0: none */
    const char
        *kind; /* utterance: greeting, question, prompt, farewell; answer_ended: why; notice: its code; or NULL */
    const char *text; /* what was said or heard; the file's name; or NULL */
    double seconds;   /* utterance, file: how long it is; rest_unspoken: how much of it; else 0 */
};

/* Blocks until the interview is over. STATUS_UNAVAILABLE when the session cannot be gone on with or does not end. */
enum status simulate_run(const struct simulate_options *o, void (*on)(void *u, const struct simulate_event *e), void *u,
                         struct error *err) must_check;

#endif
