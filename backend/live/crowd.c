#include "live/crowd.h"

#include <stdio.h>
#include <string.h>

/* Of the speech workers. Beyond it waiting times grow faster than interviews (M/M/2: at 0.7 a job waits as long as it
 * runs); what is left over also takes what an interview needs at its busiest. */
#define FULL        0.70
#define SHARE_FIRST 0.07 /* of one interview, while none is measured: Whisper base on two workers */
#define SHARE_LEAST 0.02 /* measured while nobody happened to speak */

#define SAVED 0.5 /* of what is measured before captions give way; bench/live/README.md has 0.7 */

#define SPARSE_FROM 0.45
#define PAUSES_FROM 0.60
#define PAUSES_TO   0.50
#define USUAL_TO    0.13 /* what 0.45 becomes once guesses are made later: no to and fro */

bool crowd_fits(unsigned max, const struct crowd_state *s)
{
    if (s->under_way == 0)
        return true;
    if (max > 0)
        return s->under_way < max;
    unsigned measured = s->under_way > s->newcomers ? s->under_way - s->newcomers : 0;
    double needed = s->utilisation * (s->lean ? 1 : 1 - SAVED);
    double share = measured > 0 ? needed / measured : SHARE_FIRST;
    share = share < SHARE_LEAST ? SHARE_LEAST : share;
    return !s->late && needed + share * (s->newcomers + 1) <= FULL;
}

static void remove_at(struct crowd *c, unsigned i)
{
    c->n--;
    memmove(&c->waiting[i], &c->waiting[i + 1], (c->n - i) * sizeof c->waiting[0]);
}

static void forget_those_who_left(struct crowd *c, int64_t now)
{
    for (unsigned i = 0; i < c->n;)
        if (now - c->waiting[i].asked_at > CROWD_KEPT_MS)
            remove_at(c, i);
        else
            i++;
}

bool crowd_ask(struct crowd *c, struct id who, int64_t now, bool fits, unsigned *position)
{
    unsigned at = 0, present = 0;
    forget_those_who_left(c, now);
    for (; at < c->n && !id_equal(c->waiting[at].who, who); at++)
        present += now - c->waiting[at].asked_at <= CROWD_PRESENT_MS;
    if (fits && present == 0) {
        if (at < c->n)
            remove_at(c, at);
        return true;
    }
    if (at == c->n && c->n < CROWD_WAITING_MAX)
        c->n++;
    if (at < c->n) { /* else there is no place even to wait: behind all others until there is */
        c->waiting[at].who = who;
        c->waiting[at].asked_at = now;
    }
    *position = at + 1;
    return false;
}

unsigned crowd_waiting(struct crowd *c, int64_t now)
{
    forget_those_who_left(c, now);
    return c->n;
}

void crowd_message(unsigned position, char *out, unsigned size)
{
    snprintf(
        out, size,
        "Many interviews are under way just now. You are number %u in the queue; keep this page open, it starts by "
        "itself. Or come back later: your link stays valid.",
        position);
}

enum captions crowd_captions(enum captions before, double utilisation, bool late)
{
    if (late || utilisation > PAUSES_FROM)
        return CAPTIONS_AT_PAUSES;
    if (before == CAPTIONS_AT_PAUSES && utilisation > PAUSES_TO)
        return CAPTIONS_AT_PAUSES;
    if (utilisation > SPARSE_FROM || (before != CAPTIONS_USUAL && utilisation > USUAL_TO))
        return CAPTIONS_SPARSE;
    return CAPTIONS_USUAL;
}
