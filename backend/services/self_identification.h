#ifndef VIVA_SERVICES_SELF_IDENTIFICATION_H
#define VIVA_SERVICES_SELF_IDENTIFICATION_H
/* The voluntary form after an interview. Asked for when an administrator has said so (models/settings.h); given, seen
 * and taken back by the candidate in the browser where it was given (STATUS_FORBIDDEN as candidacy_check_own), erased
 * with the candidate. Of who gave what nothing is logged or audited, and no route of the staff's
 * shows one person's. */

#include "models/self_identification.h"
#include "services/services.h"

enum status self_identification_get(struct services *s, struct id session, struct arena *a,
                                    struct self_identification **ret, struct error *err) must_check;
/* In place of what was given before. STATUS_CONFLICT "not_asked" | "session_running" (before the interview is over). */
enum status self_identification_set(struct services *s, struct id session, const struct self_identification *in,
                                    struct arena *a, struct self_identification **ret, struct error *err) must_check;
/* Also when nothing was given. */
enum status self_identification_take_back(struct services *s, struct id session, struct error *err) must_check;

#endif
