#ifndef VIVA_APP_FIRST_ADMIN_H
#define VIVA_APP_FIRST_ADMIN_H
/* The first administrator, where there is no user yet. */

#include "app/config.h"
#include "models/user.h"
#include "services/services.h"

/* An account through the same field table as the API, so that the same rules hold. */
enum status account_make(struct services *s, const char *email, const char *name, const char *role,
                         const char *password, struct arena *a, struct user **ret, struct error *err) must_check;

/* Makes it out of ADMIN_EMAIL and ADMIN_PASSWORD. random_password: with a random one, printed once, where
 * ADMIN_PASSWORD is empty; else nothing is made without both settings. */
enum status first_admin_ensure(struct services *s, const struct config *c, bool random_password, struct arena *a,
                               struct error *err) must_check;

#endif
