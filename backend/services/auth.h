#ifndef VIVA_SERVICES_AUTH_H
#define VIVA_SERVICES_AUTH_H
/* Log-ins: argon2id passwords, short access tokens (JWT), refresh tokens that rotate (random, kept as a hash; a used
 * one that comes again ends the log-in). A log-in is a row: ending it ends at once all that it gave out, and it ends at
 * its expires_at however often it was refreshed. */

#include "models/account.h"
#include "services/actor.h"
#include "services/services.h"

/* Where a log-in comes from. */
struct auth_client {
    const char *user_agent, *address; /* NULL: unknown */
    const char *request_id;           /* NULL: none */
};

/* Who is behind a token. */
struct auth_caller {
    struct id user_id, login_id;
    enum role role; /* as it is now, not as it was when the token was made */
};

enum status auth_needs_first_user(struct services *s, bool *ret, struct error *err) must_check;
/* by: an administrator who makes the account; anybody else makes only the first one, an administrator's
 * (STATUS_FORBIDDEN "registration_closed"). STATUS_CONFLICT "email_taken". */
enum status auth_register(struct services *s, struct actor by, const struct user_create *in, struct arena *a,
                          struct user **ret, struct error *err) must_check;
/* STATUS_UNAUTHENTICATED "login_failed", taking as long for an unknown address as for a wrong password. */
enum status auth_login(struct services *s, const char *email, const char *password, const struct auth_client *from,
                       struct arena *a, struct tokens **ret, struct error *err) must_check;
/* A log-in for somebody who has proved who they are. Within the caller's transaction. */
enum status auth_open_login(struct services *s, struct user *u, const struct auth_client *from, struct arena *a,
                            struct tokens **ret, struct error *err) must_check;
/* STATUS_UNAUTHENTICATED "refresh_invalid", "refresh_expired" or "refresh_reused" (the log-in is then ended). */
enum status auth_refresh(struct services *s, const char *refresh_token, const struct auth_client *from, struct arena *a,
                         struct tokens **ret, struct error *err) must_check;
/* Ends the log-in; an unknown token is fine. */
enum status auth_logout(struct services *s, const char *refresh_token, const struct auth_client *from,
                        struct error *err) must_check;
/* Who an access token belongs to; log-in and account must still be active. */
enum status auth_access(struct services *s, const char *token, struct auth_caller *ret, struct error *err) must_check;
/* A ticket for one media path, for <video src>; it ends with the log-in of whom it was made for. */
enum status auth_media_ticket(struct services *s, struct actor who, const char *path, struct arena *a, const char **ret,
                              struct error *err) must_check;
enum status auth_media_check(struct services *s, const char *ticket, const char *path, struct auth_caller *ret,
                             struct error *err) must_check;

#endif
