#ifndef VIVA_UTILS_TOKEN_H
#define VIVA_UTILS_TOKEN_H
/* Signed tokens (JWT, RFC 7519), pinned to HS256: any other algorithm, "none" included, is refused whatever the header
 * says. Claims on the wire: sub (uuid), sid (uuid, optional), aud, role, scope, iat, exp, nbf (read, never written),
 * jti (uuid); header: alg, typ, kid. The key is looked up by its id among those that were given, and never taken from
 * the token. Thread-safe, once all keys are there. */

#include "base/id.h"
#include "base/status.h"

#include <stdbool.h>
#include <stdint.h>

#define TOKEN_TEXT_SIZE  1024 /* enough for any token_sign() */
#define TOKEN_SECRET_MIN 32   /* bytes; RFC 7518 section 3.2 asks for at least the size of the hash */

struct token_keys;

struct token_claims {
    struct id subject;
    struct id login_id; /* the log-in it ends with; zero: none */
    char audience[16];  /* "access", "refresh", "media", "candidate" */
    char role[16];      /* "" allowed */
    char scope[64];     /* "" allowed; for example a session id or a path */
    int64_t issued_at;  /* Unix seconds */
    int64_t expires_at; /* Unix seconds; valid while now < expires_at */
    struct id token_id; /* zero: token_sign() makes one up */
};

/* NULL when out of memory or the secret is shorter than TOKEN_SECRET_MIN. The secret is copied. The key id is derived
 * from it and tells nothing about it. */
struct token_keys *token_keys_new(const char *secret, size_t len);
/* A key that verifies and does not sign: an earlier one. false when it is too short, there are TOKEN_KEYS_MAX, or
 * memory is out. */
#define TOKEN_KEYS_MAX 8
bool token_keys_add(struct token_keys *k, const char *secret, size_t len);
const char *token_keys_id(const struct token_keys *k, size_t index); /* 0: that signs; NULL past the last */
struct token_keys *token_keys_free(struct token_keys *k);            /* wipes; takes NULL, returns NULL */

/* A secret of TOKEN_DERIVED_SIZE bytes for another purpose, out of the signing key: the same in every replica. */
#define TOKEN_DERIVED_SIZE 32
void token_keys_derive(const struct token_keys *k, const char *label, uint8_t out[TOKEN_DERIVED_SIZE]);

/* Writes the token into out, NUL-terminated. STATUS_INTERNAL when it does not fit or a claim is missing. */
enum status token_sign(const struct token_keys *keys, const struct token_claims *claims, char *out, size_t out_size,
                       struct error *err) must_check;

/* STATUS_UNAUTHENTICATED "token_expired" when only its time is over, "token_invalid" for everything else (which part
 * was wrong is not told). Signatures are compared in constant time. *ret is untouched on failure. */
enum status token_verify(const struct token_keys *keys, const char *text, size_t len, const char *audience,
                         int64_t now_seconds, struct token_claims *ret, struct error *err) must_check;

#endif
