#include "models/user.h"

#include "models/tables.h"

const struct choice role_choices[] = {
    {"admin", "Administrator"},
    {"recruiter", "Recruiter"},
    {"reviewer", "Reviewer"},
    {NULL, NULL},
};

static const struct field user_fields[] = {
    FIELD(struct user, id, FIELD_ID, .flags = OUT),
    FIELD(struct user, email, FIELD_EMAIL, .flags = OUT, .doc = "Lower case.", .example = "ada@example.org"),
    FIELD(struct user, full_name, FIELD_STRING, .flags = OUT, .example = "Ada Example"),
    FIELD(struct user, password_hash, FIELD_STRING, .flags = STORED, .max = 255),
    FIELD(struct user, role, FIELD_ENUM, .flags = OUT, .choices = role_choices),
    FIELD(struct user, is_active, FIELD_BOOL, .flags = OUT, .doc = "Inactive accounts cannot log in."),
    FIELD(struct user, last_login_at, FIELD_TIME, .flags = OUT_NULL),
    FIELD(struct user, created_at, FIELD_TIME, .flags = OUT),
    FIELD(struct user, updated_at, FIELD_TIME, .flags = OUT),
};
const struct model user_model = MODEL("User", struct user, user_fields, "An account.");

static const struct field reviewer_fields[] = {
    FIELD(struct user, id, FIELD_ID, .flags = OUT),
    FIELD(struct user, full_name, FIELD_STRING, .flags = OUT, .example = "Rob Example"),
    FIELD(struct user, email, FIELD_EMAIL, .flags = OUT, .example = "rob@example.org"),
    FIELD(struct user, role, FIELD_ENUM, .flags = OUT, .choices = role_choices),
    FIELD(struct user, is_active, FIELD_BOOL, .flags = OUT),
};
const struct model reviewer_model =
    MODEL("Reviewer", struct user, reviewer_fields, "A colleague with whom an interview is shared.");

static const struct field user_create_fields[] = {
    FIELD(struct user_create, email, FIELD_EMAIL, .flags = FIELD_REQUIRED, .example = "ada@example.org"),
    FIELD(struct user_create, password, FIELD_SECRET, .flags = FIELD_REQUIRED, .min = 10, .max = 256,
          .doc = "At least 10 characters.", .example = "correct horse battery"),
    FIELD(struct user_create, full_name, FIELD_STRING, .flags = FIELD_REQUIRED, .min = 1, .max = 120,
          .example = "Ada Example"),
    FIELD(struct user_create, role, FIELD_ENUM, .choices = role_choices,
          .doc = "Recruiter unless given. The first account is always an administrator.", .example = "recruiter"),
};
const struct model user_create_model = MODEL("UserCreate", struct user_create, user_create_fields, "A new account.");

static const struct field user_invite_fields[] = {
    FIELD(struct user_invite, email, FIELD_EMAIL, .flags = FIELD_REQUIRED, .example = "ada@example.org"),
    FIELD(struct user_invite, full_name, FIELD_STRING, .flags = FIELD_REQUIRED, .min = 1, .max = 120,
          .example = "Ada Example"),
    FIELD(struct user_invite, role, FIELD_ENUM, .choices = role_choices, .doc = "Recruiter unless given.",
          .example = "recruiter"),
};
const struct model user_invite_model =
    MODEL("UserInvite", struct user_invite, user_invite_fields, "A new account that chooses its own password.");

static const struct field user_update_fields[] = {
    FIELD(struct user_update, email, FIELD_EMAIL, .doc = "Links that were sent to the address before end.",
          .example = "ada@example.org"),
    FIELD(struct user_update, full_name, FIELD_STRING, .min = 1, .max = 120, .example = "Ada Example"),
    FIELD(struct user_update, role, FIELD_ENUM, .choices = role_choices, .doc = "Holds from the next request on.",
          .example = "reviewer"),
    FIELD(struct user_update, is_active, FIELD_BOOL, .doc = "false ends every log-in and link of the account.",
          .example = "true"),
};
const struct model user_update_model =
    MODEL("UserUpdate", struct user_update, user_update_fields, "What an administrator changes of an account.");

const struct choice user_sort_choices[] = {{"created_at", "Made"},
                                           {"full_name", "Name"},
                                           {"email", "E-mail address"},
                                           {"last_login_at", "Last log-in"},
                                           {NULL, NULL}};

static const struct field login_fields[] = {
    FIELD(struct login, username, FIELD_STRING, .flags = FIELD_REQUIRED, .min = 1, .max = 254,
          .doc = "The e-mail address.", .example = "ada@example.org"),
    FIELD(struct login, password, FIELD_SECRET, .flags = FIELD_REQUIRED, .min = 1, .max = 1024,
          .example = "correct horse battery"),
    FIELD(struct login, grant_type, FIELD_STRING, .max = 32, .doc = "\"password\" when given (OAuth2).",
          .example = "password"),
    FIELD(struct login, scope, FIELD_STRING, .doc = "OAuth2 clients send it; not looked at.", .example = ""),
    FIELD(struct login, client_id, FIELD_STRING, .doc = "The same.", .example = ""),
    FIELD(struct login, client_secret, FIELD_SECRET, .doc = "The same.", .example = ""),
};
const struct model login_model = MODEL("Login", struct login, login_fields, "OAuth2 password grant, as form or JSON.");

static const struct field token_refresh_fields[] = {
    FIELD(struct token_refresh, refresh_token, FIELD_SECRET, .flags = FIELD_REQUIRED, .min = 1, .max = 1024),
};
const struct model token_refresh_model =
    MODEL("TokenRefresh", struct token_refresh, token_refresh_fields, "A refresh token, to be exchanged or revoked.");

static const struct field tokens_fields[] = {
    FIELD(struct tokens, access_token, FIELD_STRING, .flags = OUT, .max = 4096, .doc = "Bearer token, short-lived."),
    FIELD(struct tokens, refresh_token, FIELD_STRING, .flags = OUT, .max = 4096,
          .doc = "Good for one refresh; using it twice ends the log-in."),
    FIELD(struct tokens, token_type, FIELD_STRING, .flags = OUT, .example = "bearer"),
    FIELD(struct tokens, expires_in, FIELD_INT, .flags = OUT, .doc = "Seconds the access token is valid.",
          .example = "900"),
    FIELD(struct tokens, user, FIELD_OBJECT, .flags = OUT, .model = &user_model),
};
const struct model tokens_model = MODEL("Tokens", struct tokens, tokens_fields, "What a log-in or a refresh gives.");

static const struct field setup_state_fields[] = {
    FIELD(struct setup_state, needs_first_user, FIELD_BOOL, .flags = OUT,
          .doc = "There is no account yet: registering makes the first administrator."),
};
const struct model setup_state_model =
    MODEL("SetupState", struct setup_state, setup_state_fields, "Whether the installation awaits its first account.");
