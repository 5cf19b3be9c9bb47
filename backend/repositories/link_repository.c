#include "repositories/link_repository.h"

#include "base/cleanup.h"
#include "repositories/query.h"

#define COLUMNS "SELECT id, user_id, kind, token_hash, created_at, expires_at, used_at FROM account_links "

enum status link_insert(struct db *db, const struct account_link *l, struct error *err)
{
    QUERY(s);
    enum status st = db_prepare(
        db,
        "INSERT INTO account_links (id, user_id, kind, token_hash, created_at, expires_at) VALUES (?, ?, ?, ?, ?, ?)",
        &s, err);
    if (st != STATUS_OK)
        return st;
    db_bind_id(s, 1, l->id);
    db_bind_id(s, 2, l->user_id);
    db_bind_text(s, 3, choice_value(link_kind_choices, (int)l->kind));
    db_bind_blob(s, 4, l->token_hash, sizeof l->token_hash);
    db_bind_time(s, 5, l->created_at);
    db_bind_time(s, 6, l->expires_at);
    return db_run(s, NULL, err);
}

/* The first row of COLUMNS. */
static enum status read_link(struct db_stmt *s, struct account_link *ret, struct error *err)
{
    cleanup(arena_freep) struct arena *a = arena_new(1024);
    bool row = false;
    enum status st = a ? db_step(s, &row, err) : arena_exhausted(err);
    if (st != STATUS_OK)
        return st;
    if (!row)
        return query_not_found(err);
    int kind = choice_index(link_kind_choices, db_text(s, 2, a));
    if (kind < 0)
        return error_set(err, STATUS_INTERNAL, "database_error", "kind", "A kind of link in the database is unknown");
    *ret = (struct account_link){
        .id = db_id(s, 0),
        .user_id = db_id(s, 1),
        .kind = (enum link_kind)kind,
        .created_at = db_int(s, 4),
        .expires_at = db_int(s, 5),
        .used_at = db_int(s, 6),
    };
    db_blob(s, 3, ret->token_hash, sizeof ret->token_hash);
    return STATUS_OK;
}

enum status link_find(struct db *db, struct id id, struct account_link *ret, struct error *err)
{
    QUERY(s);
    enum status st = db_prepare(db, COLUMNS "WHERE id = ?", &s, err);
    if (st != STATUS_OK)
        return st;
    db_bind_id(s, 1, id);
    return read_link(s, ret, err);
}

enum status link_find_by_hash(struct db *db, const uint8_t token_hash[32], struct account_link *ret, struct error *err)
{
    QUERY(s);
    enum status st = db_prepare(db, COLUMNS "WHERE token_hash = ?", &s, err);
    if (st != STATUS_OK)
        return st;
    db_bind_blob(s, 1, token_hash, 32);
    return read_link(s, ret, err);
}

enum status link_find_newest(struct db *db, struct id user, enum link_kind kind, struct account_link *ret,
                             struct error *err)
{
    QUERY(s);
    enum status st = db_prepare(
        db, COLUMNS "WHERE user_id = ? AND kind = ? AND used_at IS NULL ORDER BY created_at DESC LIMIT 1", &s, err);
    if (st != STATUS_OK)
        return st;
    db_bind_id(s, 1, user);
    db_bind_text(s, 2, choice_value(link_kind_choices, (int)kind));
    return read_link(s, ret, err);
}

enum status link_take(struct db *db, struct id id, int64_t now, bool *used, struct error *err)
{
    QUERY(s);
    int64_t n = 0;
    enum status st = db_prepare(
        db, "UPDATE account_links SET used_at = ? WHERE id = ? AND used_at IS NULL AND expires_at > ?", &s, err);
    if (st != STATUS_OK)
        return st;
    db_bind_time(s, 1, now);
    db_bind_id(s, 2, id);
    db_bind_int(s, 3, now);
    st = db_run(s, &n, err);
    if (st == STATUS_OK)
        *used = n == 1;
    return st;
}

enum status link_renew(struct db *db, struct id id, const uint8_t token_hash[32], int64_t expires_at, struct error *err)
{
    QUERY(s);
    enum status st = db_prepare(
        db, "UPDATE account_links SET token_hash = ?, expires_at = ? WHERE id = ? AND used_at IS NULL", &s, err);
    if (st != STATUS_OK)
        return st;
    db_bind_blob(s, 1, token_hash, 32);
    db_bind_time(s, 2, expires_at);
    db_bind_id(s, 3, id);
    return query_change(s, err);
}

enum status link_end(struct db *db, struct id user, enum link_kind kind, int64_t now, struct error *err)
{
    QUERY(s);
    enum status st = db_prepare(db,
                                "UPDATE account_links SET expires_at = ? WHERE user_id = ? AND kind = ? AND used_at "
                                "IS NULL AND expires_at > ?",
                                &s, err);
    if (st != STATUS_OK)
        return st;
    db_bind_time(s, 1, now);
    db_bind_id(s, 2, user);
    db_bind_text(s, 3, choice_value(link_kind_choices, (int)kind));
    db_bind_int(s, 4, now);
    return db_run(s, NULL, err);
}

enum status link_end_all(struct db *db, struct id user, int64_t now, struct error *err)
{
    QUERY(s);
    enum status st = db_prepare(
        db, "UPDATE account_links SET expires_at = ? WHERE user_id = ? AND used_at IS NULL AND expires_at > ?", &s,
        err);
    if (st != STATUS_OK)
        return st;
    db_bind_time(s, 1, now);
    db_bind_id(s, 2, user);
    db_bind_int(s, 3, now);
    return db_run(s, NULL, err);
}

enum status link_purge(struct db *db, int64_t before, int64_t *count, struct error *err)
{
    QUERY(s);
    enum status st = db_prepare(db, "DELETE FROM account_links WHERE expires_at < ?", &s, err);
    if (st != STATUS_OK)
        return st;
    db_bind_int(s, 1, before);
    return db_run(s, count, err);
}
