#include "models/account.h"

#include "models/tables.h"

static const struct field account_update_fields[] = {
    FIELD(struct account_update, full_name, FIELD_STRING, .min = 1, .max = 120, .example = "Ada Example"),
    FIELD(struct account_update, email, FIELD_EMAIL, .doc = "Changing it takes the current password.",
          .example = "ada@example.org"),
    FIELD(struct account_update, current_password, FIELD_SECRET, .min = 1, .max = 1024,
          .example = "correct horse battery"),
};
const struct model account_update_model =
    MODEL("AccountUpdate", struct account_update, account_update_fields, "What people change of their own account.");

static const struct field password_change_fields[] = {
    FIELD(struct password_change, current_password, FIELD_SECRET, .flags = FIELD_REQUIRED, .min = 1, .max = 1024,
          .example = "correct horse battery"),
    FIELD(struct password_change, new_password, FIELD_SECRET, .flags = FIELD_REQUIRED, .min = 10, .max = 256,
          .doc = "At least 10 characters.", .example = "staple battery horse"),
};
const struct model password_change_model = MODEL("PasswordChange", struct password_change, password_change_fields,
                                                 "A new password, by whoever knows the present one.");

static const struct field login_session_fields[] = {
    FIELD(struct login_session, id, FIELD_ID, .flags = OUT),
    FIELD(struct login_session, user_id, FIELD_ID, .flags = STORED),
    FIELD(struct login_session, user_agent, FIELD_STRING, .flags = OUT, .doc = "What the browser calls itself.",
          .example = "Mozilla/5.0 (X11; Linux x86_64) Firefox/141.0"),
    FIELD(struct login_session, address, FIELD_STRING, .flags = OUT, .doc = "Where the log-in came from.",
          .example = "192.0.2.17"),
    FIELD(struct login_session, current, FIELD_BOOL, .flags = OUT_BESIDE, .doc = "The one that this request uses."),
    FIELD(struct login_session, created_at, FIELD_TIME, .flags = OUT),
    FIELD(struct login_session, last_used_at, FIELD_TIME, .flags = OUT,
          .doc = "When it last got new tokens, which is at least as often as an access token ends."),
    FIELD(struct login_session, expires_at, FIELD_TIME, .flags = OUT, .doc = "It ends then, however much it is used."),
    FIELD(struct login_session, revoked_at, FIELD_TIME, .flags = STORED_NULL),
};
const struct model login_session_model =
    MODEL("LoginSession", struct login_session, login_session_fields, "A log-in that has not ended.");

const struct choice link_kind_choices[] = {
    {"invitation", "Invitation"}, {"password_reset", "New password"}, {NULL, NULL}};

static const struct field link_state_fields[] = {
    FIELD(struct link_state, kind, FIELD_ENUM, .flags = OUT, .choices = link_kind_choices),
    FIELD(struct link_state, email, FIELD_STRING, .flags = OUT, .doc = "Of the account, mostly hidden.",
          .example = "a***@example.org"),
    FIELD(struct link_state, full_name, FIELD_STRING, .flags = OUT, .example = "Ada Example"),
    FIELD(struct link_state, expires_at, FIELD_TIME, .flags = OUT),
};
const struct model link_state_model =
    MODEL("LinkState", struct link_state, link_state_fields, "What a link that works once is for.");

static const struct field link_made_fields[] = {
    FIELD(struct link_made, user, FIELD_OBJECT, .flags = OUT, .model = &user_model),
    FIELD(struct link_made, kind, FIELD_ENUM, .flags = OUT, .choices = link_kind_choices),
    FIELD(struct link_made, mailed, FIELD_BOOL, .flags = OUT, .doc = "It is on its way to the account's address."),
    FIELD(struct link_made, url, FIELD_STRING, .flags = OUT_NULL, .max = 2048,
          .doc = "To be handed over; shown this once. null when it is mailed.",
          .example = "https://interviews.example.org/welcome/4fzM0pVJ8bq2rT5yX1cW9sKdLhGaNuEoQiZvBmRtYxU"),
    FIELD(struct link_made, expires_at, FIELD_TIME, .flags = OUT),
};
const struct model link_made_model =
    MODEL("LinkMade", struct link_made, link_made_fields, "A link that works once, for an account.");

static const struct field link_use_fields[] = {
    FIELD(struct link_use, password, FIELD_SECRET, .flags = FIELD_REQUIRED, .min = 10, .max = 256,
          .doc = "At least 10 characters.", .example = "correct horse battery"),
};
const struct model link_use_model = MODEL("LinkUse", struct link_use, link_use_fields, "The password to be.");

static const struct field reset_request_fields[] = {
    FIELD(struct reset_request, email, FIELD_EMAIL, .flags = FIELD_REQUIRED, .example = "ada@example.org"),
};
const struct model reset_request_model =
    MODEL("PasswordResetRequest", struct reset_request, reset_request_fields, "Whose password is forgotten.");

static const struct field reset_requested_fields[] = {
    FIELD(struct reset_requested, by_mail, FIELD_BOOL, .flags = OUT,
          .doc = "true: if the address has an account, a link is on its way to it. false: this installation sends no "
                 "mail; an administrator can make a link."),
};
const struct model reset_requested_model =
    MODEL("PasswordResetRequested", struct reset_requested, reset_requested_fields,
          "What happens now; the same for every address, known or not.");
