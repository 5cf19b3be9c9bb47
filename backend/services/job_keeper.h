#ifndef VIVA_SERVICES_JOB_KEEPER_H
#define VIVA_SERVICES_JOB_KEEPER_H
/* Keeps the leases of the jobs that this process runs. So a lease can be short, and what a killed server leaves behind
 * waits no longer than that, however long a job may take. Any thread. */

#include "base/clock.h"
#include "db/db.h"
#include "models/job.h"

struct job_keeper_options {
    void *(*services_new)(void *u); /* makes a struct services, for the keeper's own thread */
    void (*services_free)(void *services);
    void *u;
    const struct clock *clock;
    int64_t lease_ms; /* from each renewal on */
    int64_t every_ms; /* so often the thread looks; 0: there is none, job_keeper_renew alone renews */
    unsigned slots;   /* jobs at once */
};

struct job_keeper;

enum status job_keeper_new(const struct job_keeper_options *o, struct job_keeper **ret, struct error *err) must_check;
struct job_keeper *job_keeper_free(struct job_keeper *k); /* takes NULL */
/* The job was claimed just now; of a slot one at a time. */
void job_keeper_hold(struct job_keeper *k, unsigned slot, const struct job *job);
void job_keeper_let_go(struct job_keeper *k, unsigned slot);
/* Renews what is due for it. Before a look for leases that are over: after a machine's sleep all are, and nobody but us
 * knows better. */
enum status job_keeper_renew(struct job_keeper *k, struct db *db, struct error *err) must_check;

#endif
