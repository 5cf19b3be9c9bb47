#include "live/patience.h"

#include <stddef.h>
#include <string.h>

static const struct {
    const char *name;
    struct patience patience;
} named[] = {
    {"quick", {450, 900, 2500, 9000}},
    {"normal", {600, 1400, 4500, 12000}},
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

/* Words and voice are two witnesses: who agree are believed at once; a sentence whose voice goes on waits like one that
 * hangs. Words that break off are believed whatever the voice does: a speaker who stops to think lets it fall as well.
 */
int64_t patience_wait(const struct patience *p, enum endpoint_verdict v, bool judged, double turn)
{
    switch (v) {
    case ENDPOINT_DONE:
        return 0;
    case ENDPOINT_FINISHED:
        if (!judged)
            return p->finished_ms;
        return turn >= 0.5 ? between(p->finished_ms, p->sure_ms, (turn - 0.5) * 2)
                           : between(p->hanging_ms, p->finished_ms, turn * 2);
    case ENDPOINT_UNCLEAR:
        return judged && turn >= 0.5 ? between(p->hanging_ms, p->finished_ms, (turn - 0.5) * 2) : p->hanging_ms;
    case ENDPOINT_HANGING:
        return p->hanging_ms;
    default:
        return INT64_MAX;
    }
}
