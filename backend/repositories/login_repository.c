#include "repositories/login_repository.h"

#include "base/cleanup.h"
#include "repositories/query.h"

#define ALIVE "revoked_at IS NULL AND expires_at > ?"

enum status login_insert(struct db *db, const struct login_session *l, struct error *err)
{
    return row_insert(db, "logins", &login_session_model, l, err);
}

static enum status read_owner(struct db_stmt *s, struct login_owner *ret, struct error *err)
{
    cleanup(arena_freep) struct arena *a = arena_new(1024);
    bool row = false;
    enum status st = a ? db_step(s, &row, err) : arena_exhausted(err);
    if (st != STATUS_OK)
        return st;
    if (!row)
        return query_not_found(err);
    int role = choice_index(role_choices, db_text(s, 0, a));
    if (role < 0)
        return error_set(err, STATUS_INTERNAL, "database_error", "role", "A role in the database is unknown");
    *ret = (struct login_owner){.role = (enum role)role, .is_active = db_int(s, 1) != 0};
    return STATUS_OK;
}

enum status login_find_owner(struct db *db, struct id id, struct id user, int64_t now, struct login_owner *ret,
                             struct error *err)
{
    QUERY(s);
    enum status st = db_prepare(db,
                                "SELECT u.role, u.is_active FROM logins l JOIN users u ON u.id = l.user_id "
                                "WHERE l.id = ? AND l.user_id = ? AND l.revoked_at IS NULL AND l.expires_at > ?",
                                &s, err);
    if (st != STATUS_OK)
        return st;
    db_bind_id(s, 1, id);
    db_bind_id(s, 2, user);
    db_bind_int(s, 3, now);
    return read_owner(s, ret, err);
}

static enum status count_alive(struct db *db, struct id user, int64_t now, int64_t *ret, struct error *err)
{
    QUERY(s);
    enum status st = db_prepare(db, "SELECT COUNT(*) FROM logins WHERE user_id = ? AND " ALIVE, &s, err);
    if (st != STATUS_OK)
        return st;
    db_bind_id(s, 1, user);
    db_bind_int(s, 2, now);
    return query_int(s, ret, err);
}

enum status login_list(struct db *db, struct id user, int64_t now, struct paging p, struct arena *a, struct page *ret,
                       struct error *err)
{
    QUERY(s);
    struct page page = {0};
    enum status st = count_alive(db, user, now, &page.total, err);
    if (st == STATUS_OK)
        st = query_select(db, &login_session_model, "logins",
                          "WHERE user_id = ? AND " ALIVE " ORDER BY id DESC LIMIT ? OFFSET ?", &s, err);
    if (st != STATUS_OK)
        return st;
    db_bind_id(s, 1, user);
    db_bind_int(s, 2, now);
    query_bind_paging(s, 3, p);
    st = row_list(s, &login_session_model, a, &page.items, err);
    if (st == STATUS_OK)
        *ret = page;
    return st;
}

enum status login_touch(struct db *db, struct id id, int64_t now, struct error *err)
{
    QUERY(s);
    enum status st = db_prepare(db, "UPDATE logins SET last_used_at = ? WHERE id = ? AND " ALIVE, &s, err);
    if (st != STATUS_OK)
        return st;
    db_bind_time(s, 1, now);
    db_bind_id(s, 2, id);
    db_bind_int(s, 3, now);
    return query_change(s, err);
}

enum status login_revoke(struct db *db, struct id id, struct id user, int64_t now, struct error *err)
{
    QUERY(s);
    enum status st =
        db_prepare(db, "UPDATE logins SET revoked_at = ? WHERE id = ? AND user_id = ? AND " ALIVE, &s, err);
    if (st != STATUS_OK)
        return st;
    db_bind_time(s, 1, now);
    db_bind_id(s, 2, id);
    db_bind_id(s, 3, user);
    db_bind_int(s, 4, now);
    return query_change(s, err);
}

enum status login_revoke_others(struct db *db, struct id user, struct id except, int64_t now, int64_t *count,
                                struct error *err)
{
    QUERY(s);
    enum status st =
        db_prepare(db, "UPDATE logins SET revoked_at = ? WHERE user_id = ? AND id <> ? AND " ALIVE, &s, err);
    if (st != STATUS_OK)
        return st;
    db_bind_time(s, 1, now);
    db_bind_id(s, 2, user);
    db_bind_blob(s, 3, except.b, sizeof except.b); /* also the zero id, which no log-in has, must not become NULL */
    db_bind_int(s, 4, now);
    return db_run(s, count, err);
}

enum status login_purge(struct db *db, int64_t before, int64_t *count, struct error *err)
{
    QUERY(s);
    enum status st = db_prepare(db, "DELETE FROM logins WHERE expires_at < ?", &s, err);
    if (st != STATUS_OK)
        return st;
    db_bind_int(s, 1, before);
    return db_run(s, count, err);
}
