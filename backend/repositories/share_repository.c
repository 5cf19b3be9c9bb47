#include "repositories/share_repository.h"

#include "base/cleanup.h"
#include "repositories/query.h"

#define COLUMNS                                                                                                        \
    "SELECT id, report_id, hide_names, recordings, created_at, expires_at, revoked_at, last_used_at FROM "             \
    "report_shares "

enum status share_insert(struct db *db, const struct report_share *x, const uint8_t token_hash[32], struct id author,
                         struct error *err)
{
    QUERY(q);
    enum status st = db_prepare(db,
                                "INSERT INTO report_shares (id, report_id, created_by, token_hash, hide_names, "
                                "recordings, created_at, expires_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                                &q, err);
    if (st != STATUS_OK)
        return st;
    db_bind_id(q, 1, x->id);
    db_bind_id(q, 2, x->report_id);
    db_bind_id(q, 3, author);
    db_bind_blob(q, 4, token_hash, 32);
    db_bind_int(q, 5, x->hide_names);
    db_bind_int(q, 6, x->recordings);
    db_bind_time(q, 7, x->created_at);
    db_bind_time(q, 8, x->expires_at);
    return db_run(q, NULL, err);
}

enum status share_list(struct db *db, struct id report, struct arena *a, struct list *ret, struct error *err)
{
    QUERY(q);
    enum status st = db_prepare(db, COLUMNS "WHERE report_id = ? ORDER BY id DESC LIMIT 1000", &q, err);
    if (st != STATUS_OK)
        return st;
    db_bind_id(q, 1, report);
    return row_list(q, &report_share_model, a, ret, err);
}

enum status share_find_by_hash(struct db *db, const uint8_t token_hash[32], int64_t now, struct arena *a,
                               struct report_share **ret, struct error *err)
{
    QUERY(q);
    struct list all = {0};
    enum status st = db_prepare(db, COLUMNS "WHERE token_hash = ? AND revoked_at IS NULL AND expires_at > ?", &q, err);
    if (st != STATUS_OK)
        return st;
    db_bind_blob(q, 1, token_hash, 32);
    db_bind_int(q, 2, now);
    st = row_list(q, &report_share_model, a, &all, err);
    if (st == STATUS_OK && all.count == 0)
        st = query_not_found(err);
    if (st == STATUS_OK)
        *ret = all.items;
    return st;
}

enum status share_used(struct db *db, struct id id, int64_t now, struct error *err)
{
    QUERY(q);
    enum status st = db_prepare(db, "UPDATE report_shares SET last_used_at = ? WHERE id = ?", &q, err);
    if (st != STATUS_OK)
        return st;
    db_bind_time(q, 1, now);
    db_bind_id(q, 2, id);
    return db_run(q, NULL, err);
}

enum status share_revoke(struct db *db, struct id report, struct id id, int64_t now, struct error *err)
{
    QUERY(q);
    enum status st = db_prepare(
        db, "UPDATE report_shares SET revoked_at = ? WHERE id = ? AND report_id = ? AND revoked_at IS NULL", &q, err);
    if (st != STATUS_OK)
        return st;
    db_bind_time(q, 1, now);
    db_bind_id(q, 2, id);
    db_bind_id(q, 3, report);
    return query_change(q, err);
}
