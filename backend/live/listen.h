#ifndef VIVA_LIVE_LISTEN_H
#define VIVA_LIVE_LISTEN_H
/* Recorded sound through exactly what a live answer goes through (hearing, segmenter, listener, recognition, engine) on
 * a simulated clock: a packet of 20 ms is heard every 20 ms of it, recognition takes as long on it as it took (one at a
 * time), storing and speaking take no time. Where one answer ends the next begins, so a recording may hold several.
 * After the sound comes silence until the answer has ended. Single-threaded; faster than real time where recognition
 * is. */

#include "live/listener.h"
#include "live/patience.h"
#include "models/field.h"
#include "providers/engines.h"

enum listen_event_type {
    LISTEN_SPEECH_STARTED,
    LISTEN_SPEECH_STOPPED,
    LISTEN_PARTIAL,      /* text: what was made out of the present stretch of speech so far, or its final words */
    LISTEN_GUESS,        /* guess, text: the whole answer should it end in this pause; only when wanted */
    LISTEN_ANSWER_ENDED, /* text: the whole answer, as it was made out while it lasted */
    LISTEN_REVISED       /* text, heard: other words for the final ones with that start; only when wanted */
};

/* What was thought of a pause. */
struct listen_guess {
    double since; /* where the speech ended, in seconds of the recording */
    struct endpoint_signs signs;
    struct endpoint_opinion opinion;
    int64_t wait_ms; /* of silence, for the answer to end; INT64_MAX: no answer yet */
};

struct listen_event {
    enum listen_event_type type;
    double t; /* seconds of the recording, when it was known */
    const char *text;
    const struct listen_guess *guess; /* of LISTEN_GUESS */
    const struct heard *heard;        /* of final words; NULL: of nothing else */
    double start;                     /* of final words: seconds of the recording */
};

struct listen_options {
    const struct engines *engines; /* stt and vad must be there; without turn the words alone decide */
    struct patience patience;
    const char *language;  /* ISO 639-1; NULL or "": detect */
    struct strings points; /* of the rubric, that every answer is held against; none: no matter */
    bool instant;          /* recognition takes no time on the simulated clock */
    bool guesses;          /* tell them */
    bool revised;          /* what was said is heard again after the answer, as in a live session */
    bool no_captions;      /* only guesses at pauses and final words are recognised */
};

/* pcm: mono float at 16 kHz. */
enum status listen_run(const struct listen_options *o, const float *pcm, size_t n,
                       void (*on)(void *u, const struct listen_event *e), void *u, struct error *err) must_check;

#endif
