#include "repositories/user_repository.h"

#include "base/cleanup.h"
#include "repositories/query.h"

enum status user_insert(struct db *db, const struct user *u, struct error *err)
{
    struct error why = {0};
    enum status st = row_insert(db, "users", &user_model, u, &why);
    if (st == STATUS_CONFLICT)
        return error_set(err, st, "email_taken", "email", "There is an account with this e-mail address already.");
    if (st != STATUS_OK && err)
        *err = why;
    return st;
}

enum status user_find(struct db *db, struct id id, struct arena *a, struct user **ret, struct error *err)
{
    return query_by_id(db, &user_model, "users", "WHERE id = ?", id, a, ret, err);
}

enum status user_find_by_email(struct db *db, const char *email, struct arena *a, struct user **ret, struct error *err)
{
    QUERY(s);
    enum status st = query_select(db, &user_model, "users", "WHERE email = ?", &s, err);
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

enum status user_count(struct db *db, int64_t *ret, struct error *err)
{
    QUERY(s);
    enum status st = db_prepare(db, "SELECT COUNT(*) FROM users", &s, err);
    return st == STATUS_OK ? query_int(s, ret, err) : st;
}

enum status user_list(struct db *db, struct paging p, struct arena *a, struct page *ret, struct error *err)
{
    QUERY(s);
    struct page page = {0};
    enum status st = user_count(db, &page.total, err);
    if (st == STATUS_OK)
        st = query_select(db, &user_model, "users", "ORDER BY id LIMIT ? OFFSET ?", &s, err);
    if (st != STATUS_OK)
        return st;
    query_bind_paging(s, 1, p);
    st = row_list(s, &user_model, a, &page.items, err);
    if (st == STATUS_OK)
        *ret = page;
    return st;
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

enum status user_set_access(struct db *db, struct id id, enum role role, bool is_active, int64_t now, struct error *err)
{
    QUERY(s);
    enum status st = db_prepare(db, "UPDATE users SET role = ?, is_active = ?, updated_at = ? WHERE id = ?", &s, err);
    if (st != STATUS_OK)
        return st;
    db_bind_text(s, 1, choice_value(role_choices, (int)role));
    db_bind_int(s, 2, is_active);
    db_bind_time(s, 3, now);
    db_bind_id(s, 4, id);
    return query_change(s, err);
}
