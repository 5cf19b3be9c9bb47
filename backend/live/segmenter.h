#ifndef VIVA_LIVE_SEGMENTER_H
#define VIVA_LIVE_SEGMENTER_H
/* Cuts the sound of an answer into pieces of speech: 16 kHz mono samples -> 512-sample frames -> probabilities of
 * speech -> started/stopped with hysteresis. A piece is 300 ms before the speech to SEGMENTER_HANGOVER_MS after it, at
 * most 25 s: longer speech is cut where it was quietest in its last seconds, and its parts overlap. Times are ms from
 * the answer's start and go on across reconnects (segmenter_start). One owner at a time; memory is bounded by one piece
 * (0.8 MB). */

#include "base/status.h"

#include <stdbool.h>
#include <stdint.h>

#define SEGMENTER_RATE          16000
#define SEGMENTER_FRAME         512 /* samples, 32 ms */
#define SEGMENTER_PREROLL_MS    300
#define SEGMENTER_VOICE_MS      64 /* 2 frames: what may become speech is told, within 128 ms of its onset */
#define SEGMENTER_MIN_SPEECH_MS 160
#define SEGMENTER_HANGOVER_MS                                                                                          \
    608 /* 19 frames of silence end a piece: shorter pieces cost accuracy, not time (the turn waits longer) */
#define SEGMENTER_PIECE_MS    25000
#define SEGMENTER_CUT_FROM_MS 18000
#define SEGMENTER_OVERLAP_MS  992 /* 31 frames */
#define SEGMENTER_ON          0.5f
#define SEGMENTER_OFF         0.35f

struct segmenter_piece {
    const int16_t *pcm; /* borrowed for the call */
    size_t n;
    int64_t start_ms, end_ms; /* of the speech, without the silence around it */
    int64_t from_ms;          /* of the first sample */
    /* Where speech was cut, both sides hear a second of each other, so that no word is guessed at for want of its end:
     * words outside of these times are the neighbour's. INT64_MIN, INT64_MAX where nothing was cut. */
    int64_t own_from_ms, own_to_ms;
};

/* Called from segmenter_push and segmenter_flush, in the order started, (piece, piece ...), piece, stopped; before it
 * voice, which is taken back when it does not become speech. */
struct segmenter_events {
    void (*voice)(void *u, bool begun, int64_t at_ms); /* may be NULL */
    void (*started)(void *u, int64_t at_ms);
    void (*piece)(void *u, const struct segmenter_piece *p);
    void (*stopped)(void *u, int64_t at_ms);
    /* Probability 0..1 that the frame holds speech. A failure leaves the frame out of the decision. */
    enum status (*probability)(void *u, const float frame[SEGMENTER_FRAME], float *ret);
    void *u;
};

struct segmenter;

struct segmenter *
segmenter_new(const struct segmenter_events *events);  /* NULL when out of memory; borrows nothing but u */
struct segmenter *segmenter_free(struct segmenter *s); /* takes NULL, returns NULL */
/* Forgets what is not part of an open piece; the next sample is at base_ms. Call segmenter_flush before. */
void segmenter_start(struct segmenter *s, int64_t base_ms);
/* STATUS_NO_MEMORY when the piece cannot grow. */
enum status segmenter_push(struct segmenter *s, const float *pcm, size_t n) must_check;
/* n samples that never came, too many to conceal: the piece ends, time goes on. */
void segmenter_skip(struct segmenter *s, size_t n);
/* Ends the open piece, also one that is too short to be sure of. */
void segmenter_flush(struct segmenter *s);
int64_t segmenter_now_ms(const struct segmenter *s); /* where the next sample is */
/* How long it has been quiet, at most SEGMENTER_HANGOVER_MS; 0 while something sounds like speech. */
int64_t segmenter_pause_ms(const struct segmenter *s);
/* Where the present pause within a piece began; -1 while something sounds like speech, and outside pieces. The end of
 * the piece, if it ends in this pause. */
int64_t segmenter_quiet_at(const struct segmenter *s);
/* The open piece so far (n 0: none), valid until the next call. */
struct segmenter_piece segmenter_open_piece(const struct segmenter *s);

#endif
