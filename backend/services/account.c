#include "services/account.h"

#include "base/cleanup.h"
#include "repositories/link_repository.h"
#include "repositories/login_repository.h"
#include "repositories/user_repository.h"
#include "services/audit.h"
#include "services/login_guard.h"
#include "services/version.h"

#include <string.h>

#define ACCOUNT_ARENA (64u << 10)

static enum status note(struct services *s, struct actor who, const char *action, const char *details,
                        struct error *err)
{
    const struct audit_event e = {
        .action = action, .subject_kind = "user", .subject_id = who.user_id, .details = details};
    return audit_record(s, who, &e, err);
}

const char *account_changed_fields(const struct model *m, const void *in, struct arena *a)
{
    cleanup(buf_free) struct buf b;
    struct json j;
    buf_init(&b, 1024);
    json_init(&j, &b);
    json_object_begin(&j);
    json_key(&j, "fields");
    json_array_begin(&j);
    for (size_t i = 0; i < m->n_fields; i++)
        if (m->fields[i].type != FIELD_SECRET && model_given(m, in, m->fields[i].name))
            json_string(&j, m->fields[i].name);
    json_array_end(&j);
    json_object_end(&j);
    return buf_ok(&b) ? arena_strdup(a, buf_cstr(&b)) : NULL;
}

enum status account_me(struct services *s, struct actor who, struct arena *a, struct user **ret, struct error *err)
{
    return user_find(s->db, who.user_id, a, ret, err);
}

/* Whoever found a log-in open must not find out the password by trying here: the guard counts by log-in, so that the
 * owner, logging in anew, need not wait for them. */
static enum status check_password(struct services *s, struct actor who, const struct user *u, const char *password,
                                  struct error *err)
{
    char account[ID_TEXT_SIZE], login[ID_TEXT_SIZE];
    int64_t wait_ms = 0;
    id_format(u->id, account);
    id_format(who.login_id, login);
    enum status st = login_guard_begin(s, account, login, &wait_ms, err);
    if (st != STATUS_OK)
        return st;
    bool right = password_verify(password ? password : "", u->password_hash, &s->settings->password_cost);
    login_guard_end(s, account, login, right);
    if (right)
        return STATUS_OK;
    return error_set(err, STATUS_INVALID, "password_wrong", "current_password", "This is not your present password");
}

/* Before the transaction, for it takes long. */
static enum status may_change_address(struct services *s, struct actor who, const struct account_update *in,
                                      struct arena *a, struct error *err)
{
    struct user *u = NULL;
    if (!model_given(&account_update_model, in, "email"))
        return STATUS_OK;
    enum status st = user_find(s->db, who.user_id, a, &u, err);
    if (st == STATUS_OK && strcmp(u->email, in->email) != 0)
        st = check_password(s, who, u, in->current_password, err);
    return st;
}

/* Links went to the address before. */
static enum status end_links_of_address(struct services *s, const struct user *u, const struct account_update *in,
                                        int64_t now, struct error *err)
{
    if (!model_given(&account_update_model, in, "email") || !strcmp(u->email, in->email))
        return STATUS_OK;
    return link_end_all(s->db, u->id, now, err);
}

enum status account_update_me(struct services *s, struct actor who, const struct account_update *in, int64_t version,
                              struct arena *a, struct user **ret, struct error *err)
{
    cleanup(db_txn_end) struct db_txn t = {0};
    struct user *u = NULL;
    int64_t now = clock_unix_ms(s->clock);
    const char *fields = account_changed_fields(&account_update_model, in, a);
    enum status st = fields ? may_change_address(s, who, in, a, err) : arena_exhausted(err);
    if (st == STATUS_OK)
        st = db_begin(s->db, &t, err);
    if (st == STATUS_OK)
        st = user_find(s->db, who.user_id, a, &u, err);
    if (st == STATUS_OK)
        st = version_check(u->updated_at, version, err);
    if (st == STATUS_OK)
        st = end_links_of_address(s, u, in, now, err);
    if (st != STATUS_OK)
        return st;
    if (model_given(&account_update_model, in, "full_name"))
        u->full_name = in->full_name;
    if (model_given(&account_update_model, in, "email"))
        u->email = in->email;
    u->updated_at = version_next(u->updated_at, now);
    st = user_update(s->db, u, err);
    if (st == STATUS_OK)
        st = note(s, who, "user.update", fields, err);
    if (st == STATUS_OK)
        st = db_commit(&t, err);
    if (st == STATUS_OK)
        *ret = u;
    return st;
}

static enum status set_password(struct services *s, struct actor who, const char *hash, struct error *err)
{
    cleanup(db_txn_end) struct db_txn t = {0};
    int64_t now = clock_unix_ms(s->clock);
    enum status st = db_begin(s->db, &t, err);
    if (st == STATUS_OK)
        st = user_set_password_hash(s->db, who.user_id, hash, now, err);
    if (st == STATUS_OK)
        st = login_revoke_others(s->db, who.user_id, who.login_id, now, NULL, err);
    if (st == STATUS_OK)
        st = link_end_all(s->db, who.user_id, now, err);
    if (st == STATUS_OK)
        st = note(s, who, "auth.password_change", NULL, err);
    return st == STATUS_OK ? db_commit(&t, err) : st;
}

enum status account_change_password(struct services *s, struct actor who, const struct password_change *in,
                                    struct error *err)
{
    cleanup(arena_freep) struct arena *a = arena_new(ACCOUNT_ARENA);
    char hash[PASSWORD_HASH_SIZE];
    struct user *u = NULL;
    enum status st = a ? user_find(s->db, who.user_id, a, &u, err) : arena_exhausted(err);
    if (st == STATUS_OK)
        st = check_password(s, who, u, in->current_password, err);
    if (st == STATUS_OK)
        st = password_hash(in->new_password, &s->settings->password_cost, hash, err);
    return st == STATUS_OK ? set_password(s, who, hash, err) : st;
}

enum status account_logins(struct services *s, struct actor who, struct paging p, struct arena *a, struct page *ret,
                           struct error *err)
{
    struct page page = {0};
    enum status st = login_list(s->db, who.user_id, clock_unix_ms(s->clock), p, a, &page, err);
    struct login_session *l = page.items.items;
    for (size_t i = 0; st == STATUS_OK && i < page.items.count; i++)
        l[i].current = id_equal(l[i].id, who.login_id);
    if (st == STATUS_OK)
        *ret = page;
    return st;
}

enum status account_end_login(struct services *s, struct actor who, struct id login, struct error *err)
{
    cleanup(db_txn_end) struct db_txn t = {0};
    enum status st = db_begin(s->db, &t, err);
    if (st == STATUS_OK)
        st = login_revoke(s->db, login, who.user_id, clock_unix_ms(s->clock), err);
    if (st == STATUS_NOT_FOUND)
        return error_set(err, st, "not_found", NULL, "There is no such log-in");
    if (st == STATUS_OK)
        st = note(s, who, "auth.logout", NULL, err);
    return st == STATUS_OK ? db_commit(&t, err) : st;
}

enum status account_end_other_logins(struct services *s, struct actor who, struct error *err)
{
    cleanup(db_txn_end) struct db_txn t = {0};
    enum status st = db_begin(s->db, &t, err);
    if (st == STATUS_OK)
        st = login_revoke_others(s->db, who.user_id, who.login_id, clock_unix_ms(s->clock), NULL, err);
    if (st == STATUS_OK)
        st = note(s, who, "auth.logout_others", NULL, err);
    return st == STATUS_OK ? db_commit(&t, err) : st;
}
