#ifndef VIVA_SERVICES_JOBS_H
#define VIVA_SERVICES_JOBS_H
/* Durable background work. A job is a row, enqueued (job_repository) in the transaction that caused it; runner threads
 * claim rows with a lease that is kept as long as they run (job_keeper.h), run the handler of their kind, and complete
 * or put off with back-off. A process that dies in the middle loses its lease and the job runs again: handlers are
 * idempotent. A job that took its process with it at
 * every attempt is given up unseen. Beside jobs, runners do what recurs (jobs_options.recurring). */

#include "services/services.h"

struct job_kind {
    const char *kind; /* "remux", "report" */
    /* subject: the row that the job is about. Runs on a runner thread with its own struct services. */
    enum status (*run)(struct services *s, struct id subject, struct error *err);
    /* Called when the last attempt failed, so that the subject can say so; in the transaction that marks the job as
     * failed, so that there is no crash between the two. May be NULL. */
    enum status (*give_up)(struct services *s, struct id subject, const struct error *why, struct error *err);
    /* It may wait long for others. A thread more runs these and nothing else, one at a time, so that no other job waits
     * for them. Of one kind at most. */
    bool apart;
};

/* What is done again and again, on a runner thread, by one runner of this process at a time; for the first time at
 * once. Other processes do it too: it must be harmless twice. */
struct recurring {
    const char *name;
    int64_t every_ms;
    enum status (*run)(struct services *s, struct error *err);
};
#define RECURRING_MAX 8

struct jobs_options {
    void *(*services_new)(void *u); /* makes a struct services for a runner thread */
    void (*services_free)(void *services);
    void *u;
    const struct clock *clock;
    const struct job_kind *kinds;      /* ends with .kind NULL; borrowed */
    const struct recurring *recurring; /* ends with .name NULL; at most RECURRING_MAX; borrowed; NULL: none */
    struct cache *cache;               /* wakes the runners of other replicas too; may be NULL */
    unsigned threads;
    int64_t lease_ms;
    int64_t keep_ms; /* so often leases are looked after while jobs run (job_keeper_options.every_ms) */
};

struct jobs;

/* *ret is set before the threads start, so that services_new may hand it out (and taken back when they cannot). */
enum status jobs_new(const struct jobs_options *o, struct jobs **ret, struct error *err) must_check;
struct jobs *jobs_free(struct jobs *j); /* waits for running jobs; takes NULL */
/* After a commit that enqueued: this replica's runners, and through the cache those of others (which look by themselves
 * every 30 s, should the message be lost). Takes NULL. */
void jobs_wake(struct jobs *j);

#endif
