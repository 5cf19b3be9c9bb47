#ifndef VIVA_MODELS_AUDIT_H
#define VIVA_MODELS_AUDIT_H
/* Who did what. Ids only: neither names nor addresses of candidates, nor anything they said. */

#include "models/field.h"

enum audit_actor { AUDIT_USER, AUDIT_CANDIDATE, AUDIT_SYSTEM };
extern const struct choice audit_actor_choices[];

/* A row of audit_log, with the name of the user who did it beside. */
struct audit_entry {
    struct presence presence;
    struct id id;
    int64_t at;
    int actor_kind;           /* enum audit_actor */
    struct id actor_id;       /* zero: the system */
    const char *actor_name;   /* no column: of a user who is still there, else NULL */
    const char *action;       /* "interview.publish" */
    const char *subject_kind; /* "interview", "session", ...; "" for none */
    struct id subject_id;     /* zero: none */
    const char *request_id;   /* "" for none */
    const char *details;      /* a JSON object */
};
extern const struct model audit_entry_model;

#endif
