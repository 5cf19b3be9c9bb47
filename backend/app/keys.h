#ifndef VIVA_APP_KEYS_H
#define VIVA_APP_KEYS_H
/* The keys that tokens are signed with: JWT_SECRET and, to verify only, JWT_SECRETS_OLD; or, where JWT_SECRET is empty,
 * DATA_DIR/jwt.secret, one secret a line, of which the first signs. It is made at the first start. */

#include "app/config.h"
#include "utils/token.h"

enum status keys_load(const struct config *c, struct token_keys **ret, struct error *err) must_check;

/* A new secret on top of the file; the newest KEYS_OLD_MAX others stay below it, to verify. STATUS_INVALID where the
 * keys come from the settings. A server that runs goes on with what it has read at its start. */
#define KEYS_OLD_MAX 3
enum status keys_rotate(const struct config *c, struct error *err) must_check;
/* Only the secret that signs stays in the file. */
enum status keys_retire(const struct config *c, struct error *err) must_check;

#endif
