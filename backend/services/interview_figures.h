#ifndef VIVA_SERVICES_INTERVIEW_FIGURES_H
#define VIVA_SERVICES_INTERVIEW_FIGURES_H
/* An interview in figures, and its sessions as a table. For whoever may read it. */

#include "models/figures.h"
#include "services/actor.h"
#include "services/services.h"

enum status interview_figures_get(struct services *s, struct actor who, struct id interview, struct arena *a,
                                  struct interview_figures **ret, struct error *err) must_check;
/* CSV (base/csv.h): a row for each session, oldest first: scores overall, of each question by its position and of each
 * competency; people's levels beside them; why there is none; the sign-off; what was noted. Recorded in the audit log.
 */
enum status interview_export(struct services *s, struct actor who, struct id interview, struct buf *out,
                             struct error *err) must_check;

#endif
