#include "services/retention.h"

#include "base/cleanup.h"
#include "repositories/audit_repository.h"
#include "repositories/recording_repository.h"
#include "repositories/retention_repository.h"
#include "services/audit.h"
#include "services/candidate.h"
#include "services/jobs.h"
#include "services/recording.h"
#include "services/settings.h"

#define DAY_MS      INT64_C(86400000)
#define BATCHES_MAX 50 /* of one run: jobs wait meanwhile */

static const struct id system_itself = {{0}};

/* In one transaction; another process may have done it meanwhile: STATUS_NOT_FOUND. */
static enum status expire_recordings(struct services *s, struct id session, struct error *err)
{
    cleanup(db_txn_end) struct db_txn t = {0};
    const struct audit_event e = {"session.recordings_expired", "session", session, NULL};
    enum status st = db_begin(s->db, &t, err);
    if (st == STATUS_OK)
        st = session_set_recordings_erased(s->db, session, clock_unix_ms(s->clock), err);
    if (st == STATUS_OK)
        st = segment_delete_of_session(s->db, session, err);
    if (st == STATUS_OK)
        st = recording_erase_later(s, session, err);
    if (st == STATUS_OK)
        st = audit_record_candidate(s, system_itself, &e, err);
    return st == STATUS_OK ? db_commit(&t, err) : st;
}

static enum status expire_candidate(struct services *s, struct id candidate, struct error *err)
{
    const struct actor system = {.is_admin = true};
    return candidate_erase_as(s, system, candidate, "candidate.expired", "candidate", candidate, err);
}

/* Batch after batch, until nothing is left that is older than `days`. */
static enum status expire_all(struct services *s, int64_t days,
                              enum status (*due)(struct db *, int64_t, struct id_batch *, struct error *),
                              enum status (*expire)(struct services *, struct id, struct error *), struct error *err)
{
    int64_t before = clock_unix_ms(s->clock) - days * DAY_MS;
    struct id_batch b = {.count = RETENTION_BATCH};
    enum status st = STATUS_OK;
    for (int i = 0; days > 0 && st == STATUS_OK && b.count == RETENTION_BATCH && i < BATCHES_MAX; i++) {
        st = due(s->db, before, &b, err);
        for (size_t k = 0; st == STATUS_OK && k < b.count; k++) {
            st = expire(s, b.ids[k], err);
            if (st == STATUS_NOT_FOUND)
                st = STATUS_OK;
        }
        if (st == STATUS_OK && b.count)
            jobs_wake(s->jobs); /* the files */
    }
    return st;
}

enum status retention_run(struct services *s, struct error *err)
{
    cleanup(arena_freep) struct arena *a = arena_new(1u << 19);
    struct settings *x = NULL;
    int64_t purged = 0;
    enum status st = a ? settings_get(s, a, &x, err) : arena_exhausted(err);
    if (st == STATUS_OK)
        st = expire_all(s, x->candidate_retention_days, retention_candidates, expire_candidate, err);
    if (st == STATUS_OK)
        st = expire_all(s, x->recording_retention_days, retention_recordings, expire_recordings, err);
    if (st == STATUS_OK)
        st = audit_purge(s->db, clock_unix_ms(s->clock) - x->audit_retention_days * DAY_MS, &purged, err);
    return st;
}
