#ifndef VIVA_REPOSITORIES_COMPETENCY_REPOSITORY_H
#define VIVA_REPOSITORIES_COMPETENCY_REPOSITORY_H
/* How much each competency of an interview counts, as far as the interviewer has said so. */

#include "models/report_parts.h"
#include "repositories/repository.h"

/* In their order. Items are struct competency_weight. */
enum status competency_weights(struct db *db, struct id interview, struct arena *a, struct list *ret,
                               struct error *err) must_check;
/* STATUS_NOT_FOUND without such an interview. */
enum status competency_replace(struct db *db, struct id interview, const struct list *weights,
                               struct error *err) must_check;

#endif
