#ifndef VIVA_SERVICES_INTERVIEW_COMPETENCIES_H
#define VIVA_SERVICES_INTERVIEW_COMPETENCIES_H
/* What the questions of an interview look at, and how much each counts in the overall score. */

#include "models/report_parts.h"
#include "services/interview.h"

/* Those of the questions in their order, then those that only have a weight. Items are struct competency. */
enum status competencies_service_get(struct services *s, struct actor who, struct id interview, struct arena *a,
                                     struct list *ret, struct error *err) must_check;
/* weights: struct competency_weight, the whole list. STATUS_INVALID "competency_repeated", "weights_all_zero". The
 * reports of the interview are made again. *version: the interview's afterwards. */
enum status competencies_service_set(struct services *s, struct actor who, struct interview_ref ref,
                                     const struct list *weights, struct arena *a, struct list *ret, int64_t *version,
                                     struct error *err) must_check;

/* Within a change of what answers are judged by: has the interview's reports made again, in the background and after a
 * while, so that several changes in a row make them once and candidates who have just finished do not wait behind them.
 * The reports that are there stay until then, and as earlier versions afterwards. The caller wakes the jobs after its
 * commit. */
enum status rubric_changed(struct services *s, struct id interview, struct arena *a, struct error *err) must_check;
/* Whether a list of questions (struct question) judges otherwise than the one before: wording, points, category or
 * competency of one that was there, or one less. */
bool rubric_differs(const struct list *before, const struct list *after);

#endif
