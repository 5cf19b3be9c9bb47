#ifndef VIVA_SERVICES_ADMIN_H
#define VIVA_SERVICES_ADMIN_H
/* What administrators do with everybody's work: see all interviews and give them to somebody else, look at the audit
 * log, mend the queue. The route lets nobody else in. What changes something is in the audit log. */

#include "models/job.h"
#include "repositories/admin_interview_repository.h"
#include "repositories/audit_repository.h"
#include "repositories/job_repository.h"
#include "services/actor.h"
#include "services/services.h"

enum status admin_interviews(struct services *s, const struct admin_interview_filter *f, struct paging p,
                             struct arena *a, struct page *ret, struct error *err) must_check;
/* To an active recruiter or administrator: STATUS_INVALID "owner_unfit" (field owner_id) for anybody else. */
enum status admin_transfer(struct services *s, struct actor who, struct id interview, struct id owner, struct arena *a,
                           struct admin_interview **ret, struct error *err) must_check;
/* All of a user's, archived ones too, so that the account can be deleted. STATUS_NOT_FOUND when there is no such user,
 * STATUS_INVALID "owner_unfit" (field to), also for the same user. */
enum status admin_transfer_all(struct services *s, struct actor who, struct id from, struct id to, struct arena *a,
                               int64_t *count, struct error *err) must_check;

enum status admin_audit(struct services *s, const struct audit_filter *f, struct paging p, struct arena *a,
                        struct page *ret, struct error *err) must_check;
/* The newest AUDIT_EXPORT_MAX, for a file. */
#define AUDIT_EXPORT_MAX 10000
enum status admin_audit_export(struct services *s, const struct audit_filter *f, struct arena *a, struct list *ret,
                               struct error *err) must_check;

enum status admin_jobs(struct services *s, const struct job_filter *f, struct paging p, struct arena *a,
                       struct page *ret, struct error *err) must_check;
/* A job that failed for good is tried again, at once. STATUS_CONFLICT "job_state" | "job_pending". */
enum status admin_job_retry(struct services *s, struct actor who, struct id job, struct arena *a, struct job **ret,
                            struct error *err) must_check;

#endif
