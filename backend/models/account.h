#ifndef VIVA_MODELS_ACCOUNT_H
#define VIVA_MODELS_ACCOUNT_H
/* What people do with an account of their own: name, password, log-ins, and the links that work once. */

#include "models/user.h"

struct account_update {
    struct presence presence;
    const char *full_name, *email, *current_password; /* the password is asked for when the address changes */
};
extern const struct model account_update_model;

struct password_change {
    struct presence presence;
    const char *current_password, *new_password;
};
extern const struct model password_change_model;

/* A row of logins. */
struct login_session {
    struct presence presence;
    struct id id; /* also the family of its refresh tokens */
    struct id user_id;
    const char *user_agent, *address; /* "" when unknown */
    bool current;                     /* no column: the one that asks */
    int64_t created_at, last_used_at, expires_at, revoked_at;
};
extern const struct model login_session_model;

enum link_kind { LINK_INVITATION, LINK_PASSWORD_RESET };
extern const struct choice link_kind_choices[];

/* A row of account_links; never shown. Only the hash of the secret part is kept. */
struct account_link {
    struct id id, user_id;
    enum link_kind kind;
    uint8_t token_hash[32];
    int64_t created_at, expires_at, used_at; /* used_at 0: not */
};

/* What whoever holds a link is told before using it. */
struct link_state {
    struct presence presence;
    int kind;          /* enum link_kind */
    const char *email; /* all but its first letter and the domain hidden */
    const char *full_name;
    int64_t expires_at;
};
extern const struct model link_state_model;

/* What an administrator gets who made one. */
struct link_made {
    struct presence presence;
    struct user *user;
    int kind;
    bool mailed;
    const char *url; /* NULL when it goes by mail */
    int64_t expires_at;
};
extern const struct model link_made_model;

struct link_use {
    struct presence presence;
    const char *password;
};
extern const struct model link_use_model;

struct reset_request {
    struct presence presence;
    const char *email;
};
extern const struct model reset_request_model;

struct reset_requested {
    struct presence presence;
    bool by_mail;
};
extern const struct model reset_requested_model;

#endif
