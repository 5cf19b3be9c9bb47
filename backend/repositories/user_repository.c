#include "repositories/user_repository.h"

#include "base/buf.h"
#include "base/cleanup.h"
#include "repositories/query.h"

#define SQL_MAX 2048

/* The one thing of an account that must be its own is its address. */
static enum status name_conflict(enum status st, const struct error *why, struct error *err)
{
    if (st == STATUS_CONFLICT)
        return error_set(err, st, "email_taken", "email", "There is an account with this e-mail address already.");
    if (st != STATUS_OK && err)
        *err = *why;
    return st;
}

enum status user_insert(struct db *db, const struct user *u, struct error *err)
{
    struct error why = {0};
    return name_conflict(row_insert(db, "users", &user_model, u, &why), &why, err);
}

enum status user_find(struct db *db, struct id id, struct arena *a, struct user **ret, struct error *err)
{
    return query_by_id(db, &user_model, "users", "WHERE id = ?", id, a, ret, err);
}

enum status user_find_by_email(struct db *db, const char *email, struct arena *a, struct user **ret, struct error *err)
{
    QUERY(s);
    enum status st = query_select_row(db, &user_model, "users", "WHERE email = ?", &s, err);
    if (st != STATUS_OK)
        return st;
    db_bind_text(s, 1, email);
    return query_one(s, &user_model, a, ret, err);
}

enum status user_logged_in_from(struct db *db, const char *email, const char *address, int64_t since, bool *ret,
                                struct error *err)
{
    QUERY(s);
    int64_t n = 0;
    enum status st = db_prepare(db,
                                "SELECT COUNT(*) FROM logins WHERE user_id = (SELECT id FROM users WHERE email = ?) "
                                "AND address = ? AND created_at >= ?",
                                &s, err);
    if (st != STATUS_OK)
        return st;
    db_bind_text(s, 1, email);
    db_bind_text(s, 2, address);
    db_bind_time(s, 3, since);
    st = query_int(s, &n, err);
    if (st == STATUS_OK)
        *ret = n > 0;
    return st;
}

/* There may be no user to lock: the row of the first migration is locked instead, which is always there. */
enum status user_lock_all(struct db *db, struct error *err)
{
    QUERY(s);
    bool row = false;
    if (!*query_lock(db))
        return STATUS_OK;
    enum status st = db_prepare(db, "SELECT version FROM schema_migrations WHERE version = 1 FOR UPDATE", &s, err);
    return st == STATUS_OK ? db_step(s, &row, err) : st;
}

enum status user_count(struct db *db, int64_t *ret, struct error *err)
{
    QUERY(s);
    enum status st = user_lock_all(db, err);
    if (st == STATUS_OK)
        st = db_prepare(db, "SELECT COUNT(*) FROM users", &s, err);
    return st == STATUS_OK ? query_int(s, ret, err) : st;
}

/* ---------------------------------------------------------------------------------------------------------------------
 * lists */

static bool searches(const struct user_filter *f)
{
    return f->search && f->search[0];
}

static void write_conditions(struct buf *b, const struct user_filter *f)
{
    const char *word = "WHERE";
    if (f->role >= 0) {
        buf_printf(b, " %s role = ?", word);
        word = "AND";
    }
    if (f->active >= 0) {
        buf_printf(b, " %s is_active = ?", word);
        word = "AND";
    }
    if (searches(f))
        buf_printf(b, " %s (LOWER(full_name) LIKE LOWER(?) ESCAPE '!' OR email LIKE LOWER(?) ESCAPE '!')", word);
}

/* Binds what write_conditions wrote; returns the next placeholder. */
static int bind_conditions(struct db_stmt *s, const struct user_filter *f, const char *like)
{
    int i = 1;
    if (f->role >= 0)
        db_bind_text(s, i++, choice_value(role_choices, f->role));
    if (f->active >= 0)
        db_bind_int(s, i++, f->active);
    if (searches(f))
        for (int k = 0; k < 2; k++)
            db_bind_text(s, i++, like);
    return i;
}

static enum status count_users(struct db *db, const struct user_filter *f, const char *like, int64_t *ret,
                               struct error *err)
{
    QUERY(s);
    cleanup(buf_free) struct buf b;
    buf_init(&b, SQL_MAX);
    buf_str(&b, "SELECT COUNT(*) FROM users");
    write_conditions(&b, f);
    enum status st = db_prepare(db, buf_cstr(&b), &s, err);
    if (st != STATUS_OK)
        return st;
    bind_conditions(s, f, like);
    return query_int(s, ret, err);
}

/* Ids grow with the time they were made at. */
static void write_order(struct buf *b, struct sort order)
{
    static const char *const columns[] = {
        [USER_SORT_NAME] = "full_name, ", [USER_SORT_EMAIL] = "email, ", [USER_SORT_LAST_LOGIN] = "last_login_at, "};
    static const char *const downwards[] = {[USER_SORT_NAME] = "full_name DESC, ",
                                            [USER_SORT_EMAIL] = "email DESC, ",
                                            [USER_SORT_LAST_LOGIN] = "last_login_at DESC, "};
    const char *first = order.key == USER_SORT_CREATED ? ""
                        : order.descending             ? downwards[order.key]
                                                       : columns[order.key];
    buf_printf(b, " ORDER BY %sid%s LIMIT ? OFFSET ?", first, order.descending ? " DESC" : "");
}

enum status user_list(struct db *db, const struct user_filter *f, struct sort order, struct paging p, struct arena *a,
                      struct page *ret, struct error *err)
{
    QUERY(s);
    cleanup(buf_free) struct buf b;
    struct page page = {0};
    const char *like = query_like(searches(f) ? f->search : "", a);
    enum status st = like ? count_users(db, f, like, &page.total, err) : arena_exhausted(err);
    if (st != STATUS_OK)
        return st;
    buf_init(&b, SQL_MAX);
    write_conditions(&b, f);
    write_order(&b, order);
    st = query_select(db, &user_model, "users", buf_cstr(&b), &s, err);
    if (st != STATUS_OK)
        return st;
    query_bind_paging(s, bind_conditions(s, f, like), p);
    st = row_list(s, &user_model, a, &page.items, err);
    if (st == STATUS_OK)
        *ret = page;
    return st;
}

/* SQLite's write transactions come one after the other anyway. */
enum status user_count_other_admins(struct db *db, struct id except, int64_t *ret, struct error *err)
{
    QUERY(s);
    enum status st =
        db_prepare(db,
                   db_engine(db) == DB_MYSQL
                       ? "SELECT COUNT(*) FROM users WHERE role = 'admin' AND is_active = 1 AND id <> ? FOR UPDATE"
                       : "SELECT COUNT(*) FROM users WHERE role = 'admin' AND is_active = 1 AND id <> ?",
                   &s, err);
    if (st != STATUS_OK)
        return st;
    db_bind_id(s, 1, except);
    return query_int(s, ret, err);
}

enum status user_count_interviews(struct db *db, struct id owner, int64_t *ret, struct error *err)
{
    QUERY(s);
    enum status st = db_prepare(db, "SELECT COUNT(*) FROM interview_configs WHERE owner_id = ?", &s, err);
    if (st != STATUS_OK)
        return st;
    db_bind_id(s, 1, owner);
    return query_int(s, ret, err);
}

/* ------------------------------------------------------------------------------------------------------------------
 * changing */

enum status user_update(struct db *db, const struct user *u, struct error *err)
{
    QUERY(s);
    struct error why = {0};
    enum status st = db_prepare(
        db, "UPDATE users SET email = ?, full_name = ?, role = ?, is_active = ?, updated_at = ? WHERE id = ?", &s, err);
    if (st != STATUS_OK)
        return st;
    db_bind_text(s, 1, u->email);
    db_bind_text(s, 2, u->full_name);
    db_bind_text(s, 3, choice_value(role_choices, u->role));
    db_bind_int(s, 4, u->is_active);
    db_bind_time(s, 5, u->updated_at);
    db_bind_id(s, 6, u->id);
    return name_conflict(query_change(s, &why), &why, err);
}

enum status user_set_password_hash(struct db *db, struct id id, const char *hash, int64_t now, struct error *err)
{
    QUERY(s);
    enum status st = db_prepare(db, "UPDATE users SET password_hash = ?, updated_at = ? WHERE id = ?", &s, err);
    if (st != STATUS_OK)
        return st;
    db_bind_text(s, 1, hash);
    db_bind_time(s, 2, now);
    db_bind_id(s, 3, id);
    return query_change(s, err);
}

enum status user_set_last_login(struct db *db, struct id id, int64_t now, struct error *err)
{
    QUERY(s);
    enum status st = db_prepare(db, "UPDATE users SET last_login_at = ? WHERE id = ?", &s, err);
    if (st != STATUS_OK)
        return st;
    db_bind_time(s, 1, now);
    db_bind_id(s, 2, id);
    return query_change(s, err);
}

enum status user_delete(struct db *db, struct id id, struct error *err)
{
    QUERY(s);
    enum status st = db_prepare(db, "DELETE FROM users WHERE id = ?", &s, err);
    if (st != STATUS_OK)
        return st;
    db_bind_id(s, 1, id);
    return query_change(s, err);
}
