#include "repositories/resume_repository.h"

#include "base/cleanup.h"
#include "repositories/query.h"

enum status resume_store(struct db *db, const struct resume *r, struct error *err)
{
    cleanup(db_txn_end) struct db_txn t = {0};
    enum status st = db_begin(db, &t, err);
    if (st == STATUS_OK)
        st = resume_delete(db, r->candidate_id, err);
    if (st == STATUS_OK || st == STATUS_NOT_FOUND)
        st = row_insert(db, "resumes", &resume_model, r, err);
    if (st == STATUS_CONFLICT) /* with the old one gone, only the candidate can be missing */
        st = query_not_found(err);
    return st == STATUS_OK ? db_commit(&t, err) : st;
}

enum status resume_find(struct db *db, struct id candidate, struct arena *a, struct resume **ret, struct error *err)
{
    return query_by_id(db, &resume_model, "resumes", "WHERE candidate_id = ?", candidate, a, ret, err);
}

enum status resume_key_used(struct db *db, const char *media_key, bool *ret, struct error *err)
{
    QUERY(q);
    int64_t n = 0;
    enum status st = db_prepare(db, "SELECT COUNT(*) FROM resumes WHERE media_key = ?", &q, err);
    if (st != STATUS_OK)
        return st;
    db_bind_text(q, 1, media_key);
    st = query_int(q, &n, err);
    if (st == STATUS_OK)
        *ret = n > 0;
    return st;
}

enum status resume_delete(struct db *db, struct id candidate, struct error *err)
{
    QUERY(q);
    enum status st = db_prepare(db, "DELETE FROM resumes WHERE candidate_id = ?", &q, err);
    if (st != STATUS_OK)
        return st;
    db_bind_id(q, 1, candidate);
    return query_change(q, err);
}
