#ifndef VIVA_SERVICES_AUTH_H
#define VIVA_SERVICES_AUTH_H
/* Accounts and log-ins: argon2id passwords, short access tokens (JWT), refresh tokens that rotate (random, kept as a
 * hash; a used one that comes again revokes all that descends from that log-in). */

#include "models/user.h"
#include "services/services.h"

enum status auth_needs_first_user(struct services *s, bool *ret, struct error *err) must_check;
/* by_admin: an administrator makes the account; else only the first user may register and becomes administrator
 * (STATUS_FORBIDDEN "registration_closed"). STATUS_CONFLICT "email_taken". */
enum status auth_register(struct services *s, const struct user_create *in, bool by_admin, struct arena *a,
                          struct user **ret, struct error *err) must_check;
/* STATUS_UNAUTHENTICATED "login_failed", taking as long for an unknown address as for a wrong password. */
enum status auth_login(struct services *s, const char *email, const char *password, struct arena *a,
                       struct tokens **ret, struct error *err) must_check;
/* STATUS_UNAUTHENTICATED "refresh_invalid", "refresh_expired" or "refresh_reused" (the family is then revoked). */
enum status auth_refresh(struct services *s, const char *refresh_token, struct arena *a, struct tokens **ret,
                         struct error *err) must_check;
/* Revokes the family; an unknown token is fine. */
enum status auth_logout(struct services *s, const char *refresh_token, struct error *err) must_check;
enum status auth_me(struct services *s, struct id user, struct arena *a, struct user **ret,
                    struct error *err) must_check;
/* Who an access token belongs to; the account must still be active (its role is read from the database, not the token).
 */
enum status auth_access(struct services *s, const char *token, struct id *user, enum role *role,
                        struct error *err) must_check;
/* A ticket for one media path, for <video src>. */
enum status auth_media_ticket(struct services *s, struct id user, const char *path, struct arena *a, const char **ret,
                              struct error *err) must_check;
enum status auth_media_check(struct services *s, const char *ticket, const char *path, struct id *user,
                             struct error *err) must_check;

#endif
