#ifndef VIVA_MODELS_DASHBOARD_H
#define VIVA_MODELS_DASHBOARD_H
/* The first page after logging in. */

#include "models/field.h"

struct engine_health {
    struct presence presence;
    bool ready;
    const char *name, *engine, *model, *message;
    int64_t calls;
    double latency_ms; /* NAN (null): no call yet */
};
extern const struct model engine_health_model;

struct engines_health {
    struct presence presence;
    struct engine_health *stt, *tts, *vad;
};
extern const struct model engines_health_model;

struct dashboard_data {
    struct presence presence;
    int64_t interviews_open, sessions_in_progress, sessions_completed;
    struct list awaiting_review, running, recent; /* struct session_view (summaries) */
    struct engines_health *engines;
};
extern const struct model dashboard_data_model;

#endif
