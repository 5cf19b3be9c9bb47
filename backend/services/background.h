#ifndef VIVA_SERVICES_BACKGROUND_H
#define VIVA_SERVICES_BACKGROUND_H
/* The table of every kind of background job, for jobs_options.kinds. */

#include "services/jobs.h"

extern const struct job_kind background_jobs[];

#endif
