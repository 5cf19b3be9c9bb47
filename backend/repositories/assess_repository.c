#include "repositories/assess_repository.h"

#include "base/cleanup.h"
#include "repositories/query.h"

/* ---- levels ---- */

enum status override_insert(struct db *db, struct id report, const struct score_override *o, struct error *err)
{
    QUERY(q);
    enum status st = db_prepare(db,
                                "INSERT INTO score_overrides (id, report_id, response_id, author_id, version, "
                                "machine_score, level, reason, created_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
                                &q, err);
    if (st != STATUS_OK)
        return st;
    db_bind_id(q, 1, o->id);
    db_bind_id(q, 2, report);
    db_bind_id(q, 3, o->answer_id);
    db_bind_id(q, 4, o->author_id);
    db_bind_int(q, 5, o->version);
    db_bind_number(q, 6, o->machine_score);
    db_bind_number(q, 7, o->level);
    db_bind_text(q, 8, o->reason);
    db_bind_time(q, 9, o->created_at);
    st = db_run(q, NULL, err);
    return st == STATUS_CONFLICT ? query_not_found(err) : st;
}

/* The columns stand as the fields of score_override_model do. */
enum status override_list(struct db *db, struct id report, int64_t version, struct arena *a, struct list *ret,
                          struct error *err)
{
    QUERY(q);
    enum status st = db_prepare(db,
                                "SELECT o.id, o.response_id, o.author_id, u.full_name, o.version, o.machine_score, "
                                "o.level, o.reason, o.created_at FROM score_overrides o LEFT JOIN users u ON u.id = "
                                "o.author_id WHERE o.report_id = ? AND o.version <= ? ORDER BY o.id",
                                &q, err);
    if (st != STATUS_OK)
        return st;
    db_bind_id(q, 1, report);
    db_bind_int(q, 2, version);
    return row_list(q, &score_override_model, a, ret, err);
}

/* ---- sign-offs ---- */

enum status sign_off_insert(struct db *db, struct id report, const struct report_sign_off *x, struct error *err)
{
    QUERY(q);
    enum status st = db_prepare(db,
                                "INSERT INTO report_sign_offs (id, report_id, version, author_id, outcome, "
                                "overall_score, created_at) VALUES (?, ?, ?, ?, ?, ?, ?)",
                                &q, err);
    if (st != STATUS_OK)
        return st;
    db_bind_id(q, 1, x->id);
    db_bind_id(q, 2, report);
    db_bind_int(q, 3, x->version);
    db_bind_id(q, 4, x->author_id);
    db_bind_text(q, 5, choice_value(sign_off_outcome_choices, x->outcome));
    db_bind_number(q, 6, x->overall_score);
    db_bind_time(q, 7, x->created_at);
    st = db_run(q, NULL, err);
    return st == STATUS_CONFLICT ? query_not_found(err) : st;
}

/* The columns stand as the fields of report_sign_off_model do. */
enum status sign_off_find(struct db *db, struct id report, struct arena *a, struct report_sign_off **ret,
                          struct error *err)
{
    QUERY(q);
    struct list all = {0};
    enum status st =
        db_prepare(db,
                   "SELECT x.id, x.author_id, u.full_name, x.version, x.outcome, x.overall_score, "
                   "x.created_at, x.withdrawn_at FROM report_sign_offs x LEFT JOIN users u ON u.id = "
                   "x.author_id WHERE x.report_id = ? AND x.withdrawn_at IS NULL ORDER BY x.id DESC LIMIT 1",
                   &q, err);
    if (st != STATUS_OK)
        return st;
    db_bind_id(q, 1, report);
    st = row_list(q, &report_sign_off_model, a, &all, err);
    if (st == STATUS_OK && all.count == 0)
        st = query_not_found(err);
    if (st == STATUS_OK)
        *ret = all.items;
    return st;
}

enum status sign_off_withdraw(struct db *db, struct id id, int64_t now, struct error *err)
{
    QUERY(q);
    enum status st =
        db_prepare(db, "UPDATE report_sign_offs SET withdrawn_at = ? WHERE id = ? AND withdrawn_at IS NULL", &q, err);
    if (st != STATUS_OK)
        return st;
    db_bind_time(q, 1, now);
    db_bind_id(q, 2, id);
    return query_change(q, err);
}
