#include "models/job.h"

#include "models/tables.h"

const struct choice job_state_choices[] = {
    {"queued", "Queued"}, {"running", "Running"}, {"done", "Done"}, {"failed", "Failed"}, {NULL, NULL},
};

static const struct field job_fields[] = {
    FIELD(struct job, id, FIELD_ID, .flags = OUT),
    FIELD(struct job, kind, FIELD_STRING, .flags = OUT),
    FIELD(struct job, subject_id, FIELD_ID, .flags = OUT),
    FIELD(struct job, payload, FIELD_JSON, .flags = OUT),
    FIELD(struct job, state, FIELD_ENUM, .flags = OUT, .choices = job_state_choices),
    FIELD(struct job, attempts, FIELD_INT, .flags = OUT),
    FIELD(struct job, max_attempts, FIELD_INT, .flags = OUT),
    FIELD(struct job, run_after, FIELD_TIME, .flags = OUT),
    FIELD(struct job, lease_until, FIELD_TIME, .flags = OUT_NULL),
    FIELD(struct job, last_error, FIELD_TEXT, .flags = OUT_NULL),
    FIELD(struct job, priority, FIELD_INT, .flags = OUT, .doc = "0 comes first."),
    FIELD(struct job, created_at, FIELD_TIME, .flags = OUT),
    FIELD(struct job, updated_at, FIELD_TIME, .flags = OUT),
};
const struct model job_model = MODEL("Job", struct job, job_fields, "A row of jobs.");
