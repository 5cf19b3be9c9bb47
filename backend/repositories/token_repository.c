#include "repositories/token_repository.h"

#include "base/cleanup.h"
#include "repositories/query.h"

enum status refresh_token_insert(struct db *db, const struct refresh_token *t, struct error *err)
{
    QUERY(s);
    enum status st =
        db_prepare(db,
                   "INSERT INTO refresh_tokens (id, user_id, family_id, token_hash, created_at, expires_at, used_at) "
                   "VALUES (?, ?, ?, ?, ?, ?, ?)",
                   &s, err);
    if (st != STATUS_OK)
        return st;
    db_bind_id(s, 1, t->id);
    db_bind_id(s, 2, t->user_id);
    db_bind_id(s, 3, t->family_id);
    db_bind_blob(s, 4, t->token_hash, sizeof t->token_hash);
    db_bind_time(s, 5, t->created_at);
    db_bind_time(s, 6, t->expires_at);
    db_bind_time(s, 7, t->used_at);
    return db_run(s, NULL, err);
}

enum status refresh_token_find(struct db *db, const uint8_t token_hash[32], struct refresh_token *ret,
                               struct error *err)
{
    QUERY(s);
    bool row = false;
    enum status st =
        db_prepare(db,
                   "SELECT t.id, t.user_id, t.family_id, t.token_hash, t.created_at, t.expires_at, t.used_at, "
                   "l.revoked_at FROM refresh_tokens t JOIN logins l ON l.id = t.family_id WHERE t.token_hash = ?",
                   &s, err);
    if (st != STATUS_OK)
        return st;
    db_bind_blob(s, 1, token_hash, 32);
    st = db_step(s, &row, err);
    if (st != STATUS_OK)
        return st;
    if (!row)
        return query_not_found(err);
    *ret = (struct refresh_token){
        .id = db_id(s, 0),
        .user_id = db_id(s, 1),
        .family_id = db_id(s, 2),
        .created_at = db_int(s, 4),
        .expires_at = db_int(s, 5),
        .used_at = db_int(s, 6),
        .revoked_at = db_int(s, 7),
    };
    db_blob(s, 3, ret->token_hash, sizeof ret->token_hash);
    return STATUS_OK;
}

enum status refresh_token_use(struct db *db, struct id id, int64_t now, bool *used, struct error *err)
{
    QUERY(s);
    int64_t n = 0;
    enum status st = db_prepare(
        db, "UPDATE refresh_tokens SET used_at = ? WHERE id = ? AND used_at IS NULL AND expires_at > ?", &s, err);
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

enum status refresh_token_purge(struct db *db, int64_t before, int64_t *count, struct error *err)
{
    QUERY(s);
    enum status st = db_prepare(db, "DELETE FROM refresh_tokens WHERE expires_at < ?", &s, err);
    if (st != STATUS_OK)
        return st;
    db_bind_int(s, 1, before);
    return db_run(s, count, err);
}
