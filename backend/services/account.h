#ifndef VIVA_SERVICES_ACCOUNT_H
#define VIVA_SERVICES_ACCOUNT_H
/* What people do with their own account. who is whoever is logged in; who.login_id the log-in they ask by. */

#include "models/account.h"
#include "repositories/repository.h"
#include "services/actor.h"
#include "services/services.h"

enum status account_me(struct services *s, struct actor who, struct arena *a, struct user **ret,
                       struct error *err) must_check;
/* Another address takes the present password: STATUS_INVALID "password_wrong" (current_password) without it.
 * STATUS_CONFLICT "email_taken", STATUS_PRECONDITION "changed_meanwhile". */
enum status account_update_me(struct services *s, struct actor who, const struct account_update *in, int64_t version,
                              struct arena *a, struct user **ret, struct error *err) must_check;
/* Ends every other log-in, and the links that set a password. STATUS_INVALID "password_wrong". */
enum status account_change_password(struct services *s, struct actor who, const struct password_change *in,
                                    struct error *err) must_check;

/* Log-ins that have not ended, newest first. */
enum status account_logins(struct services *s, struct actor who, struct paging p, struct arena *a, struct page *ret,
                           struct error *err) must_check;
enum status account_end_login(struct services *s, struct actor who, struct id login, struct error *err) must_check;
/* All but the one that asks. */
enum status account_end_other_logins(struct services *s, struct actor who, struct error *err) must_check;

/* {"fields":["email","role"]} of what stood in the input, for the audit log; secrets are not named. */
const char *account_changed_fields(const struct model *m, const void *in, struct arena *a);

#endif
