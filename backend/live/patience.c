#include "live/patience.h"

#include <stddef.h>
#include <string.h>

/* endpoint_opinion's over, from which the silence is the shortest, and up to which it is the longest. */
#define SURE  0.8
#define HANGS 0.2

static const struct {
    const char *name;
    struct patience patience;
} named[] = {
    {"quick", {450, 900, 2500, 9000}},
    {"normal", {550, 1400, 4500, 12000}},
    {"patient", {1000, 2200, 7000, 20000}},
};

const struct patience *patience_named(const char *name)
{
    for (size_t i = 0; i < sizeof(named) / sizeof(named[0]); i++)
        if (strcmp(named[i].name, name) == 0)
            return &named[i].patience;
    return NULL;
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
