#include "live/patience.h"

#include <stddef.h>
#include <string.h>

/* endpoint_opinion's over, from which the silence is the shortest, and up to which it is the longest. With
 * ENDPOINT_UNDECIDED between them the silence grows about as the odds against an end do: of pauses whose lengths lie
 * evenly on a logarithmic scale, that cuts the fewest for the time that is waited (curve in bench/README.md). */
#define SURE  0.75
#define HANGS 0.3

static const struct {
    const char *name;
    struct patience patience;
} named[] = {
    {"quick", {450, 900, 2500, 9000}},
    {"normal", {500, 2000, 4500, 12000}},
    {"patient", {1000, 3000, 7000, 20000}},
};

const struct patience *patience_named(const char *name)
{
    for (size_t i = 0; i < sizeof(named) / sizeof(named[0]); i++)
        if (strcmp(named[i].name, name) == 0)
            return &named[i].patience;
    return NULL;
}

#define LONGEST_MS 3000 /* a longer pause is thought, not habit */

void pauses_add(struct pauses *s, int64_t silent_ms)
{
    int64_t ms = silent_ms < LONGEST_MS ? silent_ms : LONGEST_MS;
    s->usual_ms = ms > s->usual_ms ? ms : s->usual_ms - (s->usual_ms - ms) / 4;
}

static int64_t clamp(int64_t x, int64_t low, int64_t high)
{
    return x < low ? low : x > high ? high : x;
}

struct patience patience_for(const struct patience *p, const struct pauses *s)
{
    struct patience ret = *p;
    int64_t wanted = s->usual_ms + s->usual_ms / 4;
    ret.sure_ms = clamp(wanted, p->sure_ms, p->finished_ms);
    ret.finished_ms = clamp(wanted, p->finished_ms, (p->finished_ms + p->hanging_ms) / 2);
    return ret;
}

static int64_t between(int64_t from, int64_t to, double share)
{
    return from + (int64_t)((double)(to - from) * share);
}

int64_t patience_wait(const struct patience *p, const struct endpoint_opinion *o)
{
    if (o->verdict == ENDPOINT_DONE)
        return 0;
    if (o->verdict != ENDPOINT_FINISHED && o->verdict != ENDPOINT_UNCLEAR && o->verdict != ENDPOINT_HANGING)
        return INT64_MAX;
    if (o->over >= SURE)
        return p->sure_ms;
    if (o->over >= ENDPOINT_UNDECIDED)
        return between(p->finished_ms, p->sure_ms, (o->over - ENDPOINT_UNDECIDED) / (SURE - ENDPOINT_UNDECIDED));
    if (o->over > HANGS)
        return between(p->hanging_ms, p->finished_ms, (o->over - HANGS) / (ENDPOINT_UNDECIDED - HANGS));
    return p->hanging_ms;
}
