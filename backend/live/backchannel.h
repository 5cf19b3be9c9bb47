#ifndef VIVA_LIVE_BACKCHANNEL_H
#define VIVA_LIVE_BACKCHANNEL_H
/* Does what was heard over the interviewer's speech mean to take the turn, or only that one listens? Rules on the words
 * as Whisper writes them. A pure function. */

#include <stdbool.h>

/* Nothing but "mhm", "okay", "right" and the like, what Whisper makes of coughs and clicks, or no words at all. */
bool backchannel(const char *text);
/* Three words or more that stand in what is said just now, one after the other. */
bool echoes(const char *said, const char *heard);

#endif
