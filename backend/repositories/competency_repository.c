#include "repositories/competency_repository.h"

#include "base/cleanup.h"
#include "repositories/query.h"

enum status competency_weights(struct db *db, struct id interview, struct arena *a, struct list *ret, struct error *err)
{
    return query_list_by_id(db, &competency_weight_model, "interview_competencies",
                            "WHERE interview_id = ? ORDER BY position", interview, a, ret, err);
}

static enum status clear(struct db *db, struct id interview, struct error *err)
{
    QUERY(q);
    enum status st = db_prepare(db, "DELETE FROM interview_competencies WHERE interview_id = ?", &q, err);
    if (st != STATUS_OK)
        return st;
    db_bind_id(q, 1, interview);
    return db_run(q, NULL, err);
}

static enum status insert(struct db *db, struct id interview, int64_t position, const struct competency_weight *w,
                          struct error *err)
{
    QUERY(q);
    enum status st = db_prepare(
        db, "INSERT INTO interview_competencies (interview_id, position, name, weight) VALUES (?, ?, ?, ?)", &q, err);
    if (st != STATUS_OK)
        return st;
    db_bind_id(q, 1, interview);
    db_bind_int(q, 2, position);
    db_bind_text(q, 3, w->name);
    db_bind_number(q, 4, w->weight);
    st = db_run(q, NULL, err);
    return st == STATUS_CONFLICT ? query_not_found(err) : st; /* its only conflict: there is no such interview */
}

enum status competency_replace(struct db *db, struct id interview, const struct list *weights, struct error *err)
{
    cleanup(db_txn_end) struct db_txn t = {0};
    const struct competency_weight *w = weights->items;
    enum status st = db_begin_locking(db, &t, err);
    if (st == STATUS_OK)
        st = query_lock_row(db, "interview_configs", interview, err);
    if (st == STATUS_OK)
        st = clear(db, interview, err);
    for (size_t i = 0; st == STATUS_OK && i < weights->count; i++)
        st = insert(db, interview, (int64_t)i + 1, &w[i], err);
    return st == STATUS_OK ? db_commit(&t, err) : st;
}
