#ifndef VIVA_TESTS_PEOPLE_H
#define VIVA_TESTS_PEOPLE_H
/* Accounts with passwords, and log-ins, on the stage. */

#include "unit/services/stage.h"

#include "services/account.h"

#define EMAIL    "ada@example.org"
#define PASSWORD "correct horse battery"

static const struct auth_client here = {.user_agent = "cmocka", .address = "192.0.2.1"};

static inline struct user_create create_of(const char *email)
{
    return (struct user_create){.email = email, .password = PASSWORD, .full_name = "Ada Example"};
}

static inline struct user_create create_with_role(const char *email, int role)
{
    struct user_create in = create_of(email);
    in.role = role;
    in.presence.given = 1ull << (model_field(&user_create_model, "role") - user_create_model.fields);
    return in;
}

static inline struct user *user_made(const char *email, int role)
{
    const struct user_create in = create_with_role(email, role);
    struct user *u = NULL;
    ok(auth_register(s, (struct actor){.is_admin = true}, &in, arena, &u, &err));
    return u;
}

static inline struct tokens *logged_in(const char *email)
{
    struct tokens *t = NULL;
    ok(auth_login(s, email, PASSWORD, &here, arena, &t, &err));
    return t;
}

/* Whoever the access token belongs to. */
static inline struct actor caller_of(const struct tokens *t)
{
    struct auth_caller c;
    ok(auth_access(s, t->access_token, &c, &err));
    return (struct actor){.user_id = c.user_id, .login_id = c.login_id, .is_admin = c.role == ROLE_ADMIN};
}

/* Whether a log-in is alive; both its tokens must say the same. */
static inline bool is_alive(const struct tokens *t)
{
    struct auth_caller c;
    struct error why = {0};
    enum status st = auth_access(s, t->access_token, &c, &why);
    if (st != STATUS_OK)
        assert_string_equal(why.code, "token_invalid");
    return st == STATUS_OK;
}

static inline int64_t audited(const char *action)
{
    return one_int(s->db, arena_printf(arena, "SELECT COUNT(*) FROM audit_log WHERE action = '%s'", action));
}

/* Bit of a field, for the presence of a made-up body. */
#define GIVEN(model, name) (1ull << (model_field(&(model), (name)) - (model).fields))

#endif
