#ifndef VIVA_SERVICES_ACCOUNT_LINK_H
#define VIVA_SERVICES_ACCOUNT_LINK_H
/* Links that work once: to accept an invitation (7 days) or to set a new password (1 hour). The secret part is 32
 * random bytes; only its hash is kept, so that a link is shown once, when it is made. A newer one of a kind ends the
 * older. Where mail is set (services.mailer), links go to the account's address and are shown to nobody else; a job
 * makes their secret when it sends them (services/mail.h). */

#include "models/account.h"
#include "services/auth.h"

/* An account without a password, and the link to choose one. STATUS_CONFLICT "email_taken". */
enum status account_invite(struct services *s, struct actor who, const struct user_invite *in, struct arena *a,
                           struct link_made **ret, struct error *err) must_check;
/* A link for an account: an invitation again when it never had a password. STATUS_CONFLICT "account_disabled".
 * shown: handed to the caller although mail is set (for the command line). */
enum status account_make_link(struct services *s, struct actor who, struct id user, bool shown, struct arena *a,
                              struct link_made **ret, struct error *err) must_check;
/* Whoever forgot their password. Takes as long, and says the same, whether or not there is such an account; *by_mail
 * tells whether this installation sends mail at all. At most one mail in two minutes. */
enum status account_request_reset(struct services *s, const char *email, const struct auth_client *from, bool *by_mail,
                                  struct error *err) must_check;

/* STATUS_NOT_FOUND "link_unknown", STATUS_GONE "link_used" or "link_expired". */
enum status account_link_state(struct services *s, const char *token, struct arena *a, struct link_state **ret,
                               struct error *err) must_check;
/* Sets the password, ends every log-in and link of the account, and logs in. Errors as above. */
enum status account_link_use(struct services *s, const char *token, const char *password,
                             const struct auth_client *from, struct arena *a, struct tokens **ret,
                             struct error *err) must_check;

/* A new secret for a link: its hash is kept from now on, with the full life of its kind before it. The address to hand
 * over goes to *ret. STATUS_NOT_FOUND when the link was used or is gone. */
enum status account_link_renew(struct services *s, const struct account_link *l, struct arena *a, const char **ret,
                               int64_t *expires_at, struct error *err) must_check;

#endif
