#ifndef VIVA_SERVICES_BACKGROUND_H
#define VIVA_SERVICES_BACKGROUND_H
/* The tables of every kind of background job and of what recurs, for jobs_options. */

#include "services/jobs.h"

extern const struct job_kind background_jobs[];
extern const struct recurring background_recurring[];

/* Deletes what nobody needs any more: log-ins and refresh tokens (a day after they expired, in which they are
 * told apart from unknown ones), one-time links (30 days after), jobs done or failed a week ago, temporaries that a
 * crash left six hours ago. */
enum status background_purge(struct services *s, struct error *err) must_check;

#endif
