#ifndef VIVA_REPOSITORIES_RETENTION_REPOSITORY_H
#define VIVA_REPOSITORIES_RETENTION_REPOSITORY_H
/* What has been kept long enough, and what has gone on long enough. */

#include "repositories/repository.h"

#define RETENTION_BATCH 100

struct id_batch {
    struct id ids[RETENTION_BATCH];
    size_t count;
};

/* Sessions completed before, whose recordings were not erased for that reason yet; those completed first come first. */
enum status retention_recordings(struct db *db, int64_t completed_before, struct id_batch *ret,
                                 struct error *err) must_check;
enum status session_set_recordings_erased(struct db *db, struct id session, int64_t now, struct error *err) must_check;
/* Candidates whose session last changed before, whatever became of it. */
enum status retention_candidates(struct db *db, int64_t changed_before, struct id_batch *ret,
                                 struct error *err) must_check;

/* Sessions in progress whose interview gives them no more time: from their start, pauses left out. A pause may last as
 * long as the interview itself. Previews are not among them. */
enum status retention_overdue(struct db *db, int64_t now, struct id_batch *ret, struct error *err) must_check;
/* Whether this one is, or still is. */
enum status session_overdue(struct db *db, struct id session, int64_t now, bool *ret, struct error *err) must_check;

#endif
