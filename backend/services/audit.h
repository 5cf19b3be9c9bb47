#ifndef VIVA_SERVICES_AUDIT_H
#define VIVA_SERVICES_AUDIT_H
/* Records who did what, in the caller's transaction: what is rolled back was not done. Actions are "<subject>.<verb>".
 * Details are a JSON object of ids, counts and names of fields, never of names, addresses or words of people. */

#include "services/actor.h"
#include "services/services.h"

struct audit_event {
    const char *action;       /* "interview.publish" */
    const char *subject_kind; /* "interview", "session", "candidate", "user", "settings", ...; NULL: none */
    struct id subject_id;     /* zero: none */
    const char *details;      /* NULL: {} */
};

/* A user's doing. */
enum status audit_record(struct services *s, struct actor who, const struct audit_event *e,
                         struct error *err) must_check;
/* A candidate's (session: theirs), or the system's own (zero session). */
enum status audit_record_candidate(struct services *s, struct id session, const struct audit_event *e,
                                   struct error *err) must_check;

#endif
