#ifndef VIVA_SERVICES_REPORT_MODEL_H
#define VIVA_SERVICES_REPORT_MODEL_H
/* From the features of an answer to a share of the full mark: boosted trees that never fall when a feature rises,
 * fitted once on answers that people had graded (bench/grading/fit.py) and frozen in report_trees.h. Pure. */

#include "services/report_cover.h"

/* 0..1. */
double report_model_share(const double features[COVER_FEATURES]);
/* "rubric-2-" and the hash of the trees. */
const char *report_model_version(void);

#endif
