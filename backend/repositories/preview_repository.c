#include "repositories/preview_repository.h"

#include "base/cleanup.h"
#include "repositories/query.h"

enum status preview_list(struct db *db, struct id interview, struct id ret[PREVIEWS_MAX], size_t *n, struct error *err)
{
    QUERY(q);
    bool row = false;
    size_t count = 0;
    enum status st =
        db_prepare(db, "SELECT id FROM interview_sessions WHERE interview_id = ? AND preview = 1", &q, err);
    if (st != STATUS_OK)
        return st;
    db_bind_id(q, 1, interview);
    while ((st = db_step(q, &row, err)) == STATUS_OK && row && count < PREVIEWS_MAX)
        ret[count++] = db_id(q, 0);
    if (st == STATUS_OK)
        *n = count;
    return st;
}
