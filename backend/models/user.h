#ifndef VIVA_MODELS_USER_H
#define VIVA_MODELS_USER_H
/* Accounts and the tokens that prove them. */

#include "models/field.h"

enum role { ROLE_ADMIN, ROLE_RECRUITER, ROLE_REVIEWER };
extern const struct choice role_choices[];

/* A row of users, and what is shown of it (the hash never is). */
struct user {
    struct presence presence;
    struct id id;
    const char *email; /* lower case */
    const char *full_name;
    const char *password_hash; /* hidden */
    int role;                  /* enum role */
    bool is_active;
    int64_t last_login_at; /* 0: never */
    int64_t created_at, updated_at;
};
extern const struct model user_model;
extern const struct model reviewer_model; /* the same struct, what colleagues see of each other */

struct user_create {
    struct presence presence;
    const char *email, *password, *full_name;
    int role; /* enum role; ROLE_RECRUITER unless given (ask model_given) */
};
extern const struct model user_create_model;

/* Without a password: it is set by a one-time link. */
struct user_invite {
    struct presence presence;
    const char *email, *full_name;
    int role; /* as above */
};
extern const struct model user_invite_model;

/* What an administrator changes. */
struct user_update {
    struct presence presence;
    const char *email, *full_name;
    int role;
    bool is_active;
};
extern const struct model user_update_model;

enum user_sort { USER_SORT_CREATED, USER_SORT_NAME, USER_SORT_EMAIL, USER_SORT_LAST_LOGIN };
extern const struct choice user_sort_choices[];

/* The OAuth2 password form, or the same as JSON. */
struct login {
    struct presence presence;
    const char *username, *password, *grant_type, *scope, *client_id, *client_secret;
};
extern const struct model login_model;

/* Also the body of log-out. */
struct token_refresh {
    struct presence presence;
    const char *refresh_token;
};
extern const struct model token_refresh_model;

struct tokens {
    struct presence presence;
    const char *access_token, *refresh_token;
    const char *token_type; /* "bearer" */
    int64_t expires_in;     /* seconds, of the access token */
    struct user *user;
};
extern const struct model tokens_model;

struct setup_state {
    struct presence presence;
    bool needs_first_user;
};
extern const struct model setup_state_model;

/* A row of refresh_tokens; never shown. Tokens are kept as their SHA-256 only. */
struct refresh_token {
    struct id id, user_id, family_id; /* the family is a log-in */
    uint8_t token_hash[32];
    int64_t created_at, expires_at, used_at; /* used_at 0: not */
    int64_t revoked_at;                      /* of the log-in; 0: not */
};

#endif
