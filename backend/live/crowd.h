#ifndef VIVA_LIVE_CROWD_H
#define VIVA_LIVE_CROWD_H
/* How many interviews at once, and who waits: so that those under way stay quick. Pure; times are given (monotonic ms).
 * Of one process: each replica has a queue of its own. One owner at a time (the hub, under its lock). */

#include "base/id.h"

#include <stdbool.h>
#include <stdint.h>

#define CROWD_WAITING_MAX   256
#define CROWD_NEWCOMER_MS   60000 /* until its candidate has talked for LOAD_SECONDS, its load is not measured */
#define CROWD_ASK_AGAIN_MS  1000  /* who waits on a socket asks so often */
#define CROWD_RETRY_AFTER_S 10    /* who waits over HTTP is told to */
#define CROWD_PRESENT_MS    15000 /* who has not asked for so long is passed over, */
#define CROWD_KEPT_MS       60000 /* and loses the place after so long */

struct crowd_state {
    unsigned under_way, newcomers; /* newcomers: of those under way, began less than CROWD_NEWCOMER_MS ago */
    double utilisation;            /* live/load.h */
    bool late;
    bool lean; /* captions have given way, and with them guesses at short pauses: there is no more to be saved */
};

#define CROWD_ROOMY 0.2 /* utilisation: up to it guesses are made sooner than they have to be */

/* Whether one more fits. max 0: as many as the measured load allows; else so many. One alone always does. */
bool crowd_fits(unsigned max, const struct crowd_state *s);

/* First come, first served. */
struct crowd {
    struct {
        struct id who;
        int64_t asked_at;
    } waiting[CROWD_WAITING_MAX];
    unsigned n;
};

/* Asks to begin; who must wait asks again. True: begins now. Else *position is the place in the queue, from 1. */
bool crowd_ask(struct crowd *c, struct id who, int64_t now, bool fits, unsigned *position);
unsigned crowd_waiting(struct crowd *c, int64_t now);

/* What is said to one who waits. */
void crowd_message(unsigned position, char *out, unsigned size);

/* Live captions give way before turns do. */
enum captions {
    CAPTIONS_USUAL,
    CAPTIONS_SPARSE,   /* every few seconds */
    CAPTIONS_AT_PAUSES /* only what is recognised for the turn's sake */
};
enum captions crowd_captions(enum captions before, double utilisation, bool late);

#endif
