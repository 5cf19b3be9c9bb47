#ifndef VIVA_SERVICES_REPORT_COMPETENCY_H
#define VIVA_SERVICES_REPORT_COMPETENCY_H
/* From the scores of answers to those of competencies and of the whole. A competency's score is the mean of its scored
 * answers. The overall score is the mean of the competencies by their weights; those without a score are left out.
 * Without weights of the interviewer's every scored answer counts the same; with some, a competency that has none
 * weighs 1. Pure. */

#include "models/report_parts.h"

/* questions: struct report_question; levels (may be NULL): a person's level for each, NAN where there is none, in place
 * of the machine's score. weights: struct competency_weight. *ret: struct report_competency, in the order of the
 * questions; *overall: to one decimal, NAN without a scored answer. */
enum status competencies_of(const struct list *questions, const double *levels, const struct list *weights,
                            struct arena *a, struct list *ret, double *overall, struct error *err) must_check;

#endif
