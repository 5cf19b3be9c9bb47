#ifndef VIVA_MODELS_JOB_H
#define VIVA_MODELS_JOB_H
/* Work kept in the database until it is done. Shown to administrators. */

#include "models/field.h"

enum job_state { JOB_QUEUED, JOB_RUNNING, JOB_DONE, JOB_FAILED };
extern const struct choice job_state_choices[];

struct job {
    struct presence presence;
    struct id id;
    const char *kind;     /* "report", "remux", ...: the service's word */
    struct id subject_id; /* at most one job of a kind is queued or running for it */
    const char *payload;  /* JSON */
    int state;            /* enum job_state */
    int64_t attempts, max_attempts;
    int64_t run_after;   /* Unix ms */
    int64_t lease_until; /* 0 unless running */
    const char *last_error;
    int64_t priority; /* 0 comes first; JOB_BACKGROUND: behind what people wait for */
    int64_t created_at, updated_at;
};
#define JOB_BACKGROUND 1
extern const struct model job_model;

#endif
