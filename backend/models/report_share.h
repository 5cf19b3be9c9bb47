#ifndef VIVA_MODELS_REPORT_SHARE_H
#define VIVA_MODELS_REPORT_SHARE_H
/* A link by which a report is read without an account. */

#include "models/field.h"

/* A row of report_shares without the hash of its secret. The columns stand as the fields do. */
struct report_share {
    struct presence presence;
    struct id id, report_id;
    bool hide_names; /* of the candidate and of those who reviewed */
    bool recordings; /* can be heard and seen */
    int64_t created_at, expires_at;
    int64_t revoked_at, last_used_at; /* 0: not */
    const char *url;                  /* no column: only in the reply that makes it */
};
extern const struct model report_share_model;

#define REPORT_SHARE_DAYS_MAX 365
struct report_share_create {
    struct presence presence;
    int64_t days; /* that it works */
    bool hide_names, recordings;
};
extern const struct model report_share_create_model;

#endif
