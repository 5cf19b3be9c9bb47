#ifndef VIVA_SERVICES_USER_H
#define VIVA_SERVICES_USER_H
/* Accounts, as administrators see them. who is an administrator: the route has asked. There is always one left:
 * STATUS_CONFLICT "last_admin" where a change would take the last one that can log in. */

#include "models/account.h"
#include "repositories/user_repository.h"
#include "services/actor.h"
#include "services/services.h"

enum status user_service_list(struct services *s, const struct user_filter *f, struct sort order, struct paging p,
                              struct arena *a, struct page *ret, struct error *err) must_check;
enum status user_service_get(struct services *s, struct id id, struct arena *a, struct user **ret,
                             struct error *err) must_check;
/* Disabling ends every log-in and link of the account (STATUS_CONFLICT "own_account" for the caller's own); another
 * address ends the links. STATUS_CONFLICT "email_taken", STATUS_PRECONDITION "changed_meanwhile". */
enum status user_service_update(struct services *s, struct actor who, struct id id, const struct user_update *in,
                                int64_t version, struct arena *a, struct user **ret, struct error *err) must_check;
/* For the command line: a password that was not asked of its owner. Ends every log-in and link of the account. */
enum status user_service_set_password(struct services *s, struct actor who, struct id id, const char *password,
                                      struct error *err) must_check;
/* STATUS_CONFLICT "own_account", or "owns_interviews" (details: how many) until these are somebody else's. */
enum status user_service_delete(struct services *s, struct actor who, struct id id, struct error *err) must_check;
/* Ends every log-in of the account. */
enum status user_service_logout(struct services *s, struct actor who, struct id id, struct error *err) must_check;

#endif
