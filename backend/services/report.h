#ifndef VIVA_SERVICES_REPORT_H
#define VIVA_SERVICES_REPORT_H
/* A session's report: made by a durable job after the interview, and again on request. */

#include "models/report.h"
#include "services/interview.h"

/* Puts the report (back) to pending and enqueues the job. STATUS_CONFLICT "session_running" before the end. */
enum status report_service_request(struct services *s, struct actor who, struct id session, struct arena *a,
                                   struct report **ret, struct error *err) must_check;

/* Job "report", subject: the session. */
enum status report_make(struct services *s, struct id session, struct error *err) must_check;
enum status report_give_up(struct services *s, struct id session, const struct error *why,
                           struct error *err) must_check;

#endif
