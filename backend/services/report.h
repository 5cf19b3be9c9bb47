#ifndef VIVA_SERVICES_REPORT_H
#define VIVA_SERVICES_REPORT_H
/* A session's report: made by a durable job after the interview, and again on request.
 *
 * Where a language model is set, the first version is made without it, so that no report waits for a slow one, and is
 * ready; what the model says makes the next version, by a job with a thread of its own (services/jobs.h). Later
 * versions are made with it at once: until then the one before is read. */

#include "models/report.h"
#include "models/report_export.h"
#include "repositories/report_repository.h"
#include "services/interview.h"

/* Puts the report (back) to pending and enqueues the job. STATUS_CONFLICT "session_running" before the end. */
enum status report_service_request(struct services *s, struct actor who, struct id session, struct arena *a,
                                   struct report **ret, struct error *err) must_check;

enum status report_service_regenerate(struct services *s, struct actor who, struct id report, struct arena *a,
                                      struct report **ret, struct error *err) must_check;

/* Reading: what an actor may not read is STATUS_NOT_FOUND (services/access.h). */
enum status report_service_list(struct services *s, struct actor who, const struct report_filter *f, struct paging p,
                                struct arena *a, struct page *ret, struct error *err) must_check;
/* version 0: the one that stands. With what is said beside it (services/report_view.h). */
enum status report_service_get(struct services *s, struct actor who, struct id report, int64_t version, struct arena *a,
                               struct report **ret, struct error *err) must_check;
enum status report_service_of_session(struct services *s, struct actor who, struct id session, int64_t version,
                                      struct arena *a, struct report **ret, struct error *err) must_check;
/* Newest first. Items are struct report_edition. */
enum status report_service_versions(struct services *s, struct actor who, struct id report, struct arena *a,
                                    struct list *ret, struct error *err) must_check;
enum status report_service_statistics(struct services *s, struct actor who, const struct report_filter *f,
                                      struct arena *a, struct report_statistics **ret, struct error *err) must_check;
/* Everything a report rests on, in one document. Recorded in the audit log; so is the next. */
enum status report_service_export(struct services *s, struct actor who, struct id report, struct arena *a,
                                  struct report_export **ret, struct error *err) must_check;
/* The version (0: the one that stands) as a PDF (services/report_pdf.h). STATUS_CONFLICT "report_not_ready" when none
 * was made yet. */
enum status report_service_pdf(struct services *s, struct actor who, struct id report, int64_t version, bool hide_names,
                               struct arena *a, struct buf *out, struct error *err) must_check;
/* All that the filter lets through, as struct report_summary. STATUS_TOO_LARGE "export_too_large" beyond
 * REPORT_EXPORT_MAX. */
#define REPORT_EXPORT_MAX 5000
enum status report_service_export_list(struct services *s, struct actor who, const struct report_filter *f,
                                       struct arena *a, struct list *ret, struct error *err) must_check;

/* Job "report", subject: the session. */
enum status report_make(struct services *s, struct id session, struct error *err) must_check;
/* Job REPORT_JUDGE_JOB, likewise: with the language model, if one is set. */
#define REPORT_JUDGE_JOB "judge"
enum status report_make_judged(struct services *s, struct id session, struct error *err) must_check;
enum status report_give_up(struct services *s, struct id session, const struct error *why,
                           struct error *err) must_check;

#endif
