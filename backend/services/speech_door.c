#include "services/speech_door.h"

#include "providers/gate.h"

#include <stdatomic.h>
#include <stdlib.h>

struct speech_door {
    struct gate gates[2]; /* by enum speech_engine */
    atomic_uint inside;
    unsigned most;
};

struct speech_door *speech_door_new(unsigned parallel, unsigned most)
{
    struct speech_door *d = calloc(1, sizeof *d);
    if (!d)
        return NULL;
    for (int i = 0; i < 2; i++)
        gate_init(&d->gates[i], parallel > 1 ? parallel - 1 : 1);
    d->most = most ? most : 1;
    return d;
}

struct speech_door *speech_door_free(struct speech_door *d)
{
    for (int i = 0; d && i < 2; i++)
        gate_destroy(&d->gates[i]);
    free(d);
    return NULL;
}

enum status speech_door_enter(struct speech_door *d, enum speech_engine at, struct error *err)
{
    if (!d)
        return STATUS_OK;
    if (atomic_fetch_add(&d->inside, 1) >= d->most) {
        atomic_fetch_sub(&d->inside, 1);
        return error_set(err, STATUS_UNAVAILABLE, "speech_busy", NULL,
                         "The speech engines are busy. Please try again in a moment.");
    }
    gate_enter(&d->gates[at]);
    return STATUS_OK;
}

void speech_door_leave(struct speech_door *d, enum speech_engine at)
{
    if (!d)
        return;
    gate_leave(&d->gates[at]);
    atomic_fetch_sub(&d->inside, 1);
}
