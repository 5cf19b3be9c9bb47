#ifndef VIVA_LIVE_HEARD_H
#define VIVA_LIVE_HEARD_H
/* What a recognition tells beside its text, as it is stored with an utterance (struct heard of live/listener.h). */

#include "live/listener.h"

/* from_ms: of the sound's first sample in the answer. Without memory for the words there are none. */
struct heard heard_of(const struct transcript *t, int64_t from_ms);
/* Leaves of the transcript what is said in own_from_ms..own_to_ms (by the middle of words; INT64_MIN, INT64_MAX: no
 * border): what comes before and after belongs to other pieces. from_ms: of the sound's first sample. Without times of
 * words nothing is known of that, and all stays. */
void heard_keep_own(struct transcript *t, int64_t from_ms, int64_t own_from_ms, int64_t own_to_ms);
void heard_clear(struct heard *h);
/* The words with their times moved; malloc'd, NULL when there are none. */
char *heard_words_moved(const struct heard *h, int64_t by_ms);
void heard_move(struct heard *to, struct heard *from); /* `to` is cleared before; `from` is empty then */

#endif
