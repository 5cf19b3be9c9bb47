#include "services/user.h"

#include "base/cleanup.h"
#include "repositories/link_repository.h"
#include "repositories/login_repository.h"
#include "services/account.h"
#include "services/audit.h"
#include "services/version.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define USER_ARENA (64u << 10)

static enum status note(struct services *s, struct actor who, const char *action, struct id user, const char *details,
                        struct error *err)
{
    const struct audit_event e = {.action = action, .subject_kind = "user", .subject_id = user, .details = details};
    return audit_record(s, who, &e, err);
}

enum status user_service_list(struct services *s, const struct user_filter *f, struct sort order, struct paging p,
                              struct arena *a, struct page *ret, struct error *err)
{
    return user_list(s->db, f, order, p, a, ret, err);
}

enum status user_service_get(struct services *s, struct id id, struct arena *a, struct user **ret, struct error *err)
{
    enum status st = user_find(s->db, id, a, ret, err);
    return st == STATUS_NOT_FOUND ? error_set(err, st, "not_found", NULL, "There is no such account") : st;
}

/* Within the transaction that then takes u away from the administrators. */
static enum status keep_an_admin(struct services *s, const struct user *u, struct error *err)
{
    int64_t others = 0;
    if (u->role != ROLE_ADMIN || !u->is_active)
        return STATUS_OK;
    enum status st = user_count_other_admins(s->db, u->id, &others, err);
    if (st == STATUS_OK && others == 0)
        st = error_set(err, STATUS_CONFLICT, "last_admin", NULL,
                       "This is the last administrator who can log in. Make somebody else one first");
    return st;
}

static bool gives(const struct user_update *in, const char *field)
{
    return model_given(&user_update_model, in, field);
}

/* What u becomes. */
static struct user changed(const struct user *u, const struct user_update *in)
{
    struct user to = *u;
    if (gives(in, "email"))
        to.email = in->email;
    if (gives(in, "full_name"))
        to.full_name = in->full_name;
    if (gives(in, "role"))
        to.role = in->role;
    if (gives(in, "is_active"))
        to.is_active = in->is_active;
    return to;
}

static enum status may_change(struct services *s, struct actor who, const struct user *from, const struct user *to,
                              struct error *err)
{
    if (from->is_active && !to->is_active && id_equal(from->id, who.user_id))
        return error_set(err, STATUS_CONFLICT, "own_account", "is_active", "Nobody disables their own account");
    return to->role != ROLE_ADMIN || !to->is_active ? keep_an_admin(s, from, err) : STATUS_OK;
}

/* What the account may no longer do. */
static enum status end_what_is_over(struct services *s, const struct user *from, const struct user *to, int64_t now,
                                    struct error *err)
{
    enum status st = STATUS_OK;
    if (!to->is_active)
        st = login_revoke_others(s->db, to->id, (struct id){0}, now, NULL, err);
    if (st == STATUS_OK && (!to->is_active || strcmp(from->email, to->email) != 0))
        st = link_end_all(s->db, to->id, now, err);
    return st;
}

static enum status note_change(struct services *s, struct actor who, const struct user *from, const struct user *to,
                               const struct user_update *in, struct arena *a, struct error *err)
{
    const char *fields = account_changed_fields(&user_update_model, in, a);
    if (!fields)
        return arena_exhausted(err);
    enum status st = note(s, who, "user.update", to->id, fields, err);
    if (st == STATUS_OK && from->is_active != to->is_active)
        st = note(s, who, to->is_active ? "user.enable" : "user.disable", to->id, NULL, err);
    if (st == STATUS_OK && from->role != to->role) {
        const char *role = arena_printf(a, "{\"from\":\"%s\",\"to\":\"%s\"}", choice_value(role_choices, from->role),
                                        choice_value(role_choices, to->role));
        st = role ? note(s, who, "user.role", to->id, role, err) : arena_exhausted(err);
    }
    return st;
}

enum status user_service_update(struct services *s, struct actor who, struct id id, const struct user_update *in,
                                int64_t version, struct arena *a, struct user **ret, struct error *err)
{
    cleanup(db_txn_end) struct db_txn t = {0};
    struct user *from = NULL, *to = arena_new_of(a, struct user);
    int64_t now = clock_unix_ms(s->clock);
    enum status st = to ? db_begin(s->db, &t, err) : arena_exhausted(err);
    if (st == STATUS_OK)
        st = user_lock_all(s->db, err);
    if (st == STATUS_OK)
        st = user_service_get(s, id, a, &from, err);
    if (st == STATUS_OK)
        st = version_check(from->updated_at, version, err);
    if (st != STATUS_OK)
        return st;
    *to = changed(from, in);
    to->updated_at = version_next(from->updated_at, now);
    st = may_change(s, who, from, to, err);
    if (st == STATUS_OK)
        st = user_update(s->db, to, err);
    if (st == STATUS_OK)
        st = end_what_is_over(s, from, to, now, err);
    if (st == STATUS_OK)
        st = note_change(s, who, from, to, in, a, err);
    if (st == STATUS_OK)
        st = db_commit(&t, err);
    if (st == STATUS_OK)
        *ret = to;
    return st;
}

/* By the same field table as everywhere. */
static enum status check_password(const char *password, struct arena *a, struct error *err)
{
    cleanup(buf_free) struct buf b;
    struct json j;
    struct link_use ignored;
    buf_init(&b, 1u << 14);
    json_init(&j, &b);
    json_object_begin(&j);
    json_kv_string(&j, "password", password);
    json_object_end(&j);
    return buf_ok(&b) ? model_parse(&link_use_model, PARSE_CREATE, b.data, b.len, a, &ignored, err)
                      : arena_exhausted(err);
}

enum status user_service_set_password(struct services *s, struct actor who, struct id id, const char *password,
                                      struct error *err)
{
    cleanup(arena_freep) struct arena *a = arena_new(USER_ARENA);
    cleanup(db_txn_end) struct db_txn t = {0};
    char hash[PASSWORD_HASH_SIZE];
    int64_t now = clock_unix_ms(s->clock);
    enum status st = a ? check_password(password, a, err) : arena_exhausted(err);
    if (st == STATUS_OK)
        st = password_hash(password, &s->settings->password_cost, hash, err);
    if (st == STATUS_OK)
        st = db_begin(s->db, &t, err);
    if (st == STATUS_OK)
        st = user_set_password_hash(s->db, id, hash, now, err);
    if (st == STATUS_OK)
        st = login_revoke_others(s->db, id, (struct id){0}, now, NULL, err);
    if (st == STATUS_OK)
        st = link_end_all(s->db, id, now, err);
    if (st == STATUS_OK)
        st = note(s, who, "user.password", id, NULL, err);
    return st == STATUS_OK ? db_commit(&t, err) : st;
}

static enum status owns_nothing(struct services *s, struct id id, struct error *err)
{
    int64_t n = 0;
    enum status st = user_count_interviews(s->db, id, &n, err);
    if (st != STATUS_OK || n == 0)
        return st;
    st = error_set(err, STATUS_CONFLICT, "owns_interviews", NULL,
                   "%" PRId64 " interviews are this account's. Transfer them to somebody else first", n);
    if (err)
        snprintf(err->details, sizeof err->details, "{\"interviews\": %" PRId64 "}", n);
    return st;
}

enum status user_service_delete(struct services *s, struct actor who, struct id id, struct error *err)
{
    cleanup(arena_freep) struct arena *a = arena_new(USER_ARENA);
    cleanup(db_txn_end) struct db_txn t = {0};
    struct user *u = NULL;
    if (id_equal(id, who.user_id))
        return error_set(err, STATUS_CONFLICT, "own_account", NULL, "Nobody deletes their own account");
    enum status st = a ? db_begin(s->db, &t, err) : arena_exhausted(err);
    if (st == STATUS_OK)
        st = user_lock_all(s->db, err);
    if (st == STATUS_OK)
        st = user_service_get(s, id, a, &u, err);
    if (st == STATUS_OK)
        st = keep_an_admin(s, u, err);
    if (st == STATUS_OK)
        st = owns_nothing(s, id, err);
    if (st == STATUS_OK)
        st = user_delete(s->db, id, err);
    if (st == STATUS_OK)
        st = note(s, who, "user.delete", id, NULL, err);
    return st == STATUS_OK ? db_commit(&t, err) : st;
}

enum status user_service_logout(struct services *s, struct actor who, struct id id, struct error *err)
{
    cleanup(arena_freep) struct arena *a = arena_new(USER_ARENA);
    cleanup(db_txn_end) struct db_txn t = {0};
    struct user *u = NULL;
    enum status st = a ? db_begin(s->db, &t, err) : arena_exhausted(err);
    if (st == STATUS_OK)
        st = user_service_get(s, id, a, &u, err);
    if (st == STATUS_OK)
        st = login_revoke_others(s->db, id, (struct id){0}, clock_unix_ms(s->clock), NULL, err);
    if (st == STATUS_OK)
        st = note(s, who, "user.logout", id, NULL, err);
    return st == STATUS_OK ? db_commit(&t, err) : st;
}
