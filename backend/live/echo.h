#ifndef VIVA_LIVE_ECHO_H
#define VIVA_LIVE_ECHO_H
/* Our own sound in the candidate's microphone, where a browser's echo cancellation leaves it or is not there. What is
 * played and what is heard are compared by their energies in eight bands: which delay (up to 0.7 s: network, buffers,
 * room) makes the one follow the other, and how loud each band comes back. A frame that is no louder than that, in all
 * but one band at most, holds nobody else. Loudness follows a room's reverberation, a loudspeaker's distortion and a
 * canceller's leftovers well enough, which the signals themselves do not. How it comes back is learnt from the
 * first three seconds that are played, the greeting's, or, after a restart, whatever comes first. Until then nothing is
 * taken for a voice while ours sounds, unless none of it came back in its first 1.3 s (headphones, a canceller that
 * works); when ours is over, what comes 0.35 s and its reverberation later is. One owner at a time; times in ms on the
 * listener's clock. */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define ECHO_FRAME 512 /* samples at 16 kHz */

struct echo;
struct echo *echo_new(void);            /* NULL when out of memory */
struct echo *echo_free(struct echo *e); /* takes NULL, returns NULL */
/* Another utterance; then its sound as it goes out, at the rate it has. What does not fit into memory is not known. */
void echo_begin(struct echo *e, unsigned rate);
void echo_say(struct echo *e, const int16_t *pcm, size_t n);
/* It is heard from at_ms on, beginning from_ms into it; until it is stopped or over. */
void echo_played(struct echo *e, int64_t at_ms, int64_t from_ms);
void echo_stopped(struct echo *e, int64_t at_ms);
/* Every frame of the microphone in order, which ended at end_ms: whether it is our own sound and no more. */
bool echo_explains(struct echo *e, const float frame[ECHO_FRAME], int64_t end_ms);

#endif
