#ifndef VIVA_SERVICES_REPORT_FIGURES_H
#define VIVA_SERVICES_REPORT_FIGURES_H
/* Figures over many reports: how scores move, and how alike people and the machine judge. Of the interviews that the
 * actor may read, as the filter says. */

#include "models/report_figures.h"
#include "repositories/report_figures_repository.h"
#include "services/actor.h"
#include "services/services.h"

enum status report_service_drift(struct services *s, struct actor who, const struct report_filter *f, int period,
                                 struct arena *a, struct score_drift **ret, struct error *err) must_check;
enum status report_service_agreement(struct services *s, struct actor who, const struct report_filter *f,
                                     struct arena *a, struct level_agreement **ret, struct error *err) must_check;

#define FIGURES_ARENA (64u << 20) /* for the rows; results live in the caller's arena */

/* The figures alone. scores: struct scored_report by time; levels: struct set_level as figures_levels() orders them. */
enum status drift_of(const struct list *scores, int period, struct arena *a, struct score_drift **ret,
                     struct error *err) must_check;
enum status agreement_of(const struct list *levels, struct arena *a, struct level_agreement **ret,
                         struct error *err) must_check;

#endif
