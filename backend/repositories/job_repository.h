#ifndef VIVA_REPOSITORIES_JOB_REPOSITORY_H
#define VIVA_REPOSITORIES_JOB_REPOSITORY_H
/* Work queue: enqueue inside the transaction that causes the work. A claimed job is leased; when its worker dies, the
 * lease runs out and job_requeue_expired gives it to another. */

#include "models/job.h"
#include "repositories/repository.h"

/* *queued (may be NULL) is false when one of this kind waits or runs for the subject already; one that runs is then run
 * again, since it may have read what it works on before the change that enqueues. payload: JSON, NULL for {}. */
enum status job_enqueue(struct db *db, const char *kind, struct id subject, const char *payload, int64_t run_after,
                        int64_t max_attempts, int64_t now, bool *queued, struct error *err) must_check;
/* Behind what people wait for (JOB_BACKGROUND). One that waits so already is put off to the new time. */
enum status job_enqueue_background(struct db *db, const char *kind, struct id subject, int64_t run_after,
                                   int64_t max_attempts, int64_t now, struct error *err) must_check;
/* Somebody waits for it now: one that waits in the background does so no longer. Harmless without one. */
enum status job_hurry(struct db *db, const char *kind, struct id subject, int64_t now, struct error *err) must_check;
/* Which jobs a worker takes. */
struct job_lane {
    const char *kind; /* NULL: all */
    bool others;      /* all but those of that kind */
};
/* The lane's next due job (by priority), running, attempts counted, leased for lease_ms; *ret is NULL when there is
 * none. lane NULL: of all. A job whose attempts are now more than its max_attempts took its worker with it each time:
 * give it up (job_fail without retry), do not run it. */
enum status job_claim(struct db *db, const struct job_lane *lane, int64_t now, int64_t lease_ms, struct arena *a,
                      struct job **ret, struct error *err) must_check;
/* Its lease lasts until then, if it is still this attempt's. */
enum status job_keep(struct db *db, const struct job *j, int64_t until, struct error *err) must_check;
/* STATUS_CONFLICT "job_lost" when the lease ran out and it was given to another attempt. */
enum status job_complete(struct db *db, const struct job *j, int64_t now, struct error *err) must_check;
/* Queued again after 1 s, 2 s, 4 s, ... (at most 5 minutes), or failed for good after max_attempts or when !retry:
 * *final. */
enum status job_fail(struct db *db, const struct job *j, bool retry, const char *why, int64_t now, bool *final,
                     struct error *err) must_check;
/* Running jobs whose lease ran out are queued again, at once. */
enum status job_requeue_expired(struct db *db, int64_t now, int64_t *count, struct error *err) must_check;
/* When to look next: the earliest run_after in the lane or any lease's end; 0 when nothing waits or runs. */
enum status job_next_due(struct db *db, const struct job_lane *lane, int64_t *ret, struct error *err) must_check;
enum status job_find(struct db *db, struct id id, struct arena *a, struct job **ret, struct error *err) must_check;
struct job_filter {
    const char *kind; /* NULL: any */
    int state;        /* enum job_state; -1: any */
};
/* Newest first, for an administrator. Items are struct job. */
enum status job_list(struct db *db, const struct job_filter *f, struct paging p, struct arena *a, struct page *ret,
                     struct error *err) must_check;
/* failed -> queued, due at once, its attempts counted anew. STATUS_CONFLICT "job_state" when it has not failed,
 * "job_pending" when another of its kind waits or runs for the subject. */
enum status job_retry(struct db *db, struct id id, int64_t now, struct error *err) must_check;
/* Deletes done and failed jobs last touched before the given time. */
enum status job_purge(struct db *db, int64_t before, int64_t *count, struct error *err) must_check;

#endif
