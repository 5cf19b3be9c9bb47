#include "app/first_admin.h"

#include "base/cleanup.h"
#include "services/auth.h"

#include <stdio.h>
#include <string.h>

#define PASSWORD_BYTES 12

enum status account_make(struct services *s, const char *email, const char *name, const char *role,
                         const char *password, struct arena *a, struct user **ret, struct error *err)
{
    cleanup(buf_free) struct buf b;
    struct json j;
    struct user_create create;
    buf_init(&b, 1 << 16);
    json_init(&j, &b);
    json_object_begin(&j);
    json_kv_string(&j, "email", email);
    json_kv_string(&j, "full_name", name);
    json_kv_string(&j, "role", role);
    json_kv_string(&j, "password", password);
    json_object_end(&j);
    if (!buf_ok(&b))
        return arena_exhausted(err);
    enum status st = model_parse(&user_create_model, PARSE_CREATE, b.data, b.len, a, &create, err);
    return st == STATUS_OK ? auth_register(s, (struct actor){.is_admin = true}, &create, a, ret, err) : st;
}

/* The settings are what an operator knows, not the fields of the API. */
static enum status name_setting(enum status st, struct error *err)
{
    if (st != STATUS_INVALID || !err)
        return st;
    const struct error why = *err;
    const char *name = !strcmp(why.field, "password") ? "ADMIN_PASSWORD" : "ADMIN_EMAIL";
    return error_set(err, st, "setting_invalid", name, "%s is not accepted: %s", name, why.message);
}

enum status first_admin_ensure(struct services *s, const struct config *c, bool random_password, struct arena *a,
                               struct error *err)
{
    const char *email = *c->admin_email ? c->admin_email : "admin@viva.localhost";
    struct user *u = NULL;
    char made[64];
    bool first = false;
    enum status st = auth_needs_first_user(s, &first, err);
    if (st != STATUS_OK || !first)
        return st;
    if (!random_password && (!*c->admin_email || !*c->admin_password))
        return STATUS_OK;
    random_token(made, sizeof made, PASSWORD_BYTES);
    st = account_make(s, email, "Administrator", "admin", *c->admin_password ? c->admin_password : made, a, &u, err);
    if (st != STATUS_OK)
        return name_setting(st, err);
    printf("Administrator: %s\n", u->email);
    if (*c->admin_password)
        puts("Password: as set in ADMIN_PASSWORD");
    else
        printf("Password (shown once, keep it): %s\n", made);
    return STATUS_OK;
}
