#ifndef VIVA_MODELS_ADMIN_H
#define VIVA_MODELS_ADMIN_H
/* What administrators see of everybody's work, and what they send to move it. */

#include "models/field.h"

/* An interview with whose it is. */
struct admin_interview {
    struct presence presence;
    struct id id;
    const char *title, *job_role, *organisation;
    int status; /* enum interview_status */
    struct id owner_id;
    const char *owner_name, *owner_email; /* no columns of interview_configs */
    int64_t candidates;                   /* nor is this: who registered */
    int64_t archived_at, created_at, updated_at;
};
extern const struct model admin_interview_model;
extern const struct choice admin_interview_sort_choices[]; /* enum admin_interview_sort */
enum admin_interview_sort { ADMIN_INTERVIEW_BY_CREATED, ADMIN_INTERVIEW_BY_TITLE, ADMIN_INTERVIEW_BY_UPDATED };

struct interview_transfer {
    struct presence presence;
    struct id owner_id;
};
extern const struct model interview_transfer_model;

struct interviews_transfer {
    struct presence presence;
    struct id to;
};
extern const struct model interviews_transfer_model;

struct transfer_result {
    struct presence presence;
    int64_t transferred;
};
extern const struct model transfer_result_model;

#endif
