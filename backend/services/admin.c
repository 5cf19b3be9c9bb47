#include "services/admin.h"

#include "base/cleanup.h"
#include "repositories/report_repository.h"
#include "repositories/user_repository.h"
#include "services/audit.h"
#include "services/jobs.h"
#include "services/report.h"

#include <string.h>

enum status admin_interviews(struct services *s, const struct admin_interview_filter *f, struct paging p,
                             struct arena *a, struct page *ret, struct error *err)
{
    return admin_interview_list(s->db, f, p, a, ret, err);
}

/* --------------------------------------------------------------------------------------------------------------------
 * transfer */

/* Inside the transaction that transfers, so that nobody is disabled in between. */
static enum status check_owner(struct services *s, struct id owner, const char *field, struct arena *a,
                               struct error *err)
{
    struct user *u = NULL;
    enum status st = user_find(s->db, owner, a, &u, err);
    if (st == STATUS_NOT_FOUND || (st == STATUS_OK && (!u->is_active || u->role == ROLE_REVIEWER)))
        return error_set(err, STATUS_INVALID, "owner_unfit", field,
                         "The new owner must be a recruiter or an administrator whose account is active");
    return st;
}

static const char *details(const char *key1, struct id one, const char *key2, struct id two, struct arena *a)
{
    char x[ID_TEXT_SIZE], y[ID_TEXT_SIZE];
    id_format(one, x);
    id_format(two, y);
    return arena_printf(a, "{\"%s\":\"%s\",\"%s\":\"%s\"}", key1, x, key2, y);
}

enum status admin_transfer(struct services *s, struct actor who, struct id interview, struct id owner, struct arena *a,
                           struct admin_interview **ret, struct error *err)
{
    cleanup(db_txn_end) struct db_txn t = {0};
    struct admin_interview *i = NULL;
    enum status st = db_begin(s->db, &t, err);
    if (st == STATUS_OK)
        st = admin_interview_find(s->db, interview, a, &i, err);
    if (st == STATUS_OK)
        st = check_owner(s, owner, "owner_id", a, err);
    if (st != STATUS_OK)
        return st;
    const struct audit_event e = {"interview.transfer", "interview", interview,
                                  details("from", i->owner_id, "to", owner, a)};
    if (!e.details)
        return arena_exhausted(err);
    st = interview_set_owner(s->db, interview, owner, clock_unix_ms(s->clock), err);
    if (st == STATUS_OK)
        st = reviewer_remove_owner(s->db, owner, err);
    if (st == STATUS_OK)
        st = audit_record(s, who, &e, err);
    if (st == STATUS_OK)
        st = db_commit(&t, err);
    return st == STATUS_OK ? admin_interview_find(s->db, interview, a, ret, err) : st;
}

enum status admin_transfer_all(struct services *s, struct actor who, struct id from, struct id to, struct arena *a,
                               int64_t *count, struct error *err)
{
    cleanup(db_txn_end) struct db_txn t = {0};
    struct user *u = NULL;
    char target[ID_TEXT_SIZE];
    int64_t n = 0;
    enum status st = db_begin(s->db, &t, err);
    if (st == STATUS_OK)
        st = user_find(s->db, from, a, &u, err);
    if (st == STATUS_OK && id_equal(from, to))
        st = error_set(err, STATUS_INVALID, "owner_unfit", "to", "The interviews are this user's already");
    if (st == STATUS_OK)
        st = check_owner(s, to, "to", a, err);
    if (st == STATUS_OK)
        st = interview_set_owner_of_all(s->db, from, to, clock_unix_ms(s->clock), &n, err);
    if (st == STATUS_OK)
        st = reviewer_remove_owner(s->db, to, err);
    if (st != STATUS_OK)
        return st;
    id_format(to, target);
    const struct audit_event e = {"user.transfer_interviews", "user", from,
                                  arena_printf(a, "{\"to\":\"%s\",\"interviews\":%lld}", target, (long long)n)};
    st = e.details ? audit_record(s, who, &e, err) : arena_exhausted(err);
    if (st == STATUS_OK)
        st = db_commit(&t, err);
    if (st == STATUS_OK)
        *count = n;
    return st;
}

/* ------------------------------------------------------------------------------------------------------------------
 * audit log, jobs */

enum status admin_audit(struct services *s, const struct audit_filter *f, struct paging p, struct arena *a,
                        struct page *ret, struct error *err)
{
    return audit_list(s->db, f, p, a, ret, err);
}

enum status admin_audit_export(struct services *s, const struct audit_filter *f, struct arena *a, struct list *ret,
                               struct error *err)
{
    return audit_export(s->db, f, AUDIT_EXPORT_MAX, a, ret, err);
}

enum status admin_jobs(struct services *s, const struct job_filter *f, struct paging p, struct arena *a,
                       struct page *ret, struct error *err)
{
    return job_list(s->db, f, p, a, ret, err);
}

enum status admin_job_retry(struct services *s, struct actor who, struct id id, struct arena *a, struct job **ret,
                            struct error *err)
{
    cleanup(db_txn_end) struct db_txn t = {0};
    struct job *j = NULL;
    int64_t now = clock_unix_ms(s->clock);
    enum status st = db_begin(s->db, &t, err);
    if (st == STATUS_OK)
        st = job_find(s->db, id, a, &j, err);
    if (st == STATUS_OK)
        st = job_retry(s->db, id, now, err);
    if (st != STATUS_OK)
        return st;
    const struct audit_event e = {"job.retry", "job", id, arena_printf(a, "{\"kind\":\"%s\"}", j->kind)};
    if (!strcmp(j->kind, "report") || !strcmp(j->kind, REPORT_JUDGE_JOB)) /* it says again that it is being made */
        st = report_request(s->db, j->subject_id, REPORT_NEXT_REQUESTED, now, err);
    if (st == STATUS_OK)
        st = e.details ? audit_record(s, who, &e, err) : arena_exhausted(err);
    if (st == STATUS_OK)
        st = db_commit(&t, err);
    if (st != STATUS_OK)
        return st;
    jobs_wake(s->jobs);
    return job_find(s->db, id, a, ret, err);
}
