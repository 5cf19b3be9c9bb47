#ifndef VIVA_SERVICES_REPORT_ASSESS_H
#define VIVA_SERVICES_REPORT_ASSESS_H
/* A person decides: levels beside the machine's, and who stands behind a report. Whoever may read the session sets
 * levels (ACCESS_ASSESS); its owner and administrators sign off. Nothing is overwritten: each level stands in the
 * history with who, when, on which version, and why. While the version that stands is signed off no level changes; a
 * version made since is open again, and the sign-off goes on naming the one that was signed. All of it is recorded in
 * the audit log. */

#include "models/report_parts.h"
#include "services/actor.h"
#include "services/services.h"

/* STATUS_CONFLICT "report_not_ready" | "signed_off"; STATUS_NOT_FOUND for an answer that is not in the report. in NULL:
 * takes the level back (STATUS_NOT_FOUND "not_found" when none is set). */
enum status assess_override(struct services *s, struct actor who, struct id report, struct id answer,
                            const struct override_input *in, struct arena *a, struct report **ret,
                            struct error *err) must_check;
/* All that was set and taken back, the newest first. Items are struct score_override. */
enum status assess_history(struct services *s, struct actor who, struct id report, struct arena *a, struct list *ret,
                           struct error *err) must_check;
/* STATUS_CONFLICT "report_changed" when in->version is not the one that stands. One before is withdrawn. in NULL:
 * withdraws it (STATUS_NOT_FOUND when nobody has signed). */
enum status assess_sign_off(struct services *s, struct actor who, struct id report, const struct sign_off_input *in,
                            struct arena *a, struct report **ret, struct error *err) must_check;

#endif
