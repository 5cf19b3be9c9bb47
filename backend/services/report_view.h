#ifndef VIVA_SERVICES_REPORT_VIEW_H
#define VIVA_SERVICES_REPORT_VIEW_H
/* What is said beside a report when it is read, and is of the moment: people's levels and the scores that come of them,
 * who stands behind it, how it lies among the interview's other candidates, and what happened around the answers. None
 * of it is kept with the report, and none goes into the machine's score. */

#include "models/report_parts.h"
#include "models/session.h"
#include "services/services.h"

/* Fills r->human, sign_off, comparison and integrity. */
enum status report_view_fill(struct services *s, struct report *r, struct arena *a, struct error *err) must_check;
/* With people's levels as they are at r->version; *ret NULL when there are none. */
enum status report_view_human(struct services *s, const struct report *r, struct arena *a, struct report_human **ret,
                              struct error *err) must_check;

/* Pure. scores: double, ascending, the own among them. *ret NULL: there is nobody else. */
enum status comparison_of(double own, const struct list *scores, struct arena *a, struct report_comparison **ret,
                          struct error *err) must_check;
/* Pure. events: struct session_event, answers: struct answer, both in their order. One note for each kind in each
 * answer. */
enum status integrity_of(const struct list *events, const struct list *answers, struct arena *a, struct list *ret,
                         struct error *err) must_check;

#endif
