#include "repositories/candidate_repository.h"

#include "base/cleanup.h"
#include "repositories/query.h"

enum status candidate_find(struct db *db, struct id id, struct arena *a, struct candidate **ret, struct error *err)
{
    return query_by_id(db, &candidate_model, "candidates", "WHERE id = ?", id, a, ret, err);
}

enum status candidate_find_by_email(struct db *db, struct id interview, const char *email, struct arena *a,
                                    struct candidate **ret, struct error *err)
{
    QUERY(s);
    enum status st = query_select(db, &candidate_model, "candidates", "WHERE interview_id = ? AND email = ?", &s, err);
    if (st != STATUS_OK)
        return st;
    db_bind_id(s, 1, interview);
    db_bind_text(s, 2, email);
    return query_one(s, &candidate_model, a, ret, err);
}

/* Insert first and look afterwards: of two at the same time one inserts, and the other finds. */
enum status candidate_register(struct db *db, const struct candidate *c, struct arena *a, struct candidate **ret,
                               bool *created, struct error *err)
{
    struct error why = {0};
    enum status st = row_insert(db, "candidates", &candidate_model, c, &why);
    if (st != STATUS_OK && st != STATUS_CONFLICT) {
        if (err)
            *err = why;
        return st;
    }
    bool is_new = st == STATUS_OK;
    st = candidate_find_by_email(db, c->interview_id, c->email, a, ret, err);
    if (st == STATUS_OK)
        *created = is_new;
    return st;
}

enum status candidate_delete(struct db *db, struct id id, struct error *err)
{
    QUERY(s);
    enum status st = db_prepare(db, "DELETE FROM candidates WHERE id = ?", &s, err);
    if (st != STATUS_OK)
        return st;
    db_bind_id(s, 1, id);
    return query_change(s, err);
}
