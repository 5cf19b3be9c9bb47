#ifndef VIVA_SERVICES_INTERVIEW_SHARE_H
#define VIVA_SERVICES_INTERVIEW_SHARE_H
/* Sharing an interview with colleagues, who then read it and all below it (services/access.h). The owner's and
 * administrators' to do and to see. */

#include "services/interview.h"

/* Items are struct user. */
enum status interview_share_list(struct services *s, struct actor who, struct id interview, struct arena *a,
                                 struct list *ret, struct error *err) must_check;
/* STATUS_INVALID "field_required" when neither or both are named, "user_unknown" when there is no such active account,
 * "share_needless" when it reads the interview anyway (its owner, administrators). Harmless when it is shared already.
 */
enum status interview_share_add(struct services *s, struct actor who, struct interview_ref ref,
                                const struct interview_share *in, struct arena *a, struct list *ret,
                                struct error *err) must_check;
/* STATUS_NOT_FOUND when it is not shared with them. */
enum status interview_share_remove(struct services *s, struct actor who, struct interview_ref ref, struct id user,
                                   struct error *err) must_check;

#endif
