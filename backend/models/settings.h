#ifndef VIVA_MODELS_SETTINGS_H
#define VIVA_MODELS_SETTINGS_H
/* What administrators set while the server runs (table settings: one value each). What the process itself is told at
 * its start is app/config.h's. */

#include "models/field.h"

struct settings {
    struct presence presence;
    const char *organisation_name;                              /* where an interview names none; "" */
    const char *privacy_notice;                                 /* shown before a candidate consents; "" */
    const char *support_email;                                  /* whom candidates may ask; NULL */
    int64_t recording_retention_days, candidate_retention_days; /* 0: kept */
    int64_t audit_retention_days;
    int default_avatar, default_voice, default_language; /* of new interviews */
    int64_t default_time_limit_s;                        /* of drafted questions; 0: what the bank suggests */
    bool ask_background;                                 /* candidates, after the interview, of their own will */
    int64_t small_group_min;                             /* figures of groups with fewer people are withheld */
    int64_t updated_at;
};
extern const struct model settings_model;        /* as shown */
extern const struct model settings_update_model; /* as changed, and as stored */
extern const struct settings settings_default;

#endif
