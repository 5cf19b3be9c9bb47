#ifndef VIVA_MODELS_DASHBOARD_H
#define VIVA_MODELS_DASHBOARD_H
/* The first page after logging in. */

#include "models/field.h"

struct engine_state {
    struct presence presence;
    bool ready;
    const char *name, *message;
};
extern const struct model engine_state_model;

struct engines_state {
    struct presence presence;
    struct engine_state *stt, *tts, *vad;
};
extern const struct model engines_state_model;

struct dashboard_data {
    struct presence presence;
    int64_t interviews_open, sessions_in_progress, sessions_completed;
    struct list awaiting_review, running, recent; /* struct session_view (summaries) */
    struct engines_state *engines;
};
extern const struct model dashboard_data_model;

#endif
