#ifndef VIVA_SERVICES_INTERVIEW_INTERNAL_H
#define VIVA_SERVICES_INTERVIEW_INTERNAL_H
/* How every change of an interview goes, whichever file it is in: locked, looked at, checked against the version it is
 * meant for, changed, recorded, committed, read again. */

#include "services/interview.h"

struct interview_change {
    struct db_txn txn;
    struct interview *i; /* as it is, with its questions */
    int64_t now;         /* the updated_at that the change gives it */
};
void interview_change_end(struct interview_change *c); /* rolls back what was not committed; for cleanup() */

/* STATUS_NOT_FOUND and STATUS_FORBIDDEN as services/access.h says, STATUS_PRECONDITION "changed_meanwhile". */
enum status interview_change_begin(struct services *s, struct actor who, struct interview_ref ref, struct arena *a,
                                   struct interview_change *c, struct error *err) must_check;
/* details: a JSON object for the audit log, or NULL. */
enum status interview_change_commit(struct services *s, struct actor who, struct interview_change *c,
                                    const char *action, const char *details, struct error *err) must_check;

struct question_input question_as_input(const struct question *q);

#endif
