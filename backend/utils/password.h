#ifndef VIVA_UTILS_PASSWORD_H
#define VIVA_UTILS_PASSWORD_H
/* Password hashes: argon2id (libsodium's encoded form) for everything new; bcrypt ($2a$, $2b$, $2y$) is verified for
 *  imported accounts and then due for rehashing. Slow on purpose (about 0.1 s and 64 MiB; as many run at once as there
 * are cores, at most 4, the rest wait): call from workers only.
 * Thread-safe. */

#include "base/status.h"

#include <stdbool.h>
#include <stdint.h>

#define PASSWORD_HASH_SIZE 128  /* of the encoded hash with its NUL */
#define PASSWORD_BYTES_MAX 1024 /* longer passwords are refused: nobody types them, and hashing them is work */

struct password_cost {
    uint64_t operations;
    uint64_t memory_bytes;
};

extern const struct password_cost password_cost_default;   /* OWASP's: 2 passes over 64 MiB */
extern const struct password_cost password_cost_for_tests; /* the least libsodium takes; for tests only */

/* STATUS_TOO_LARGE over PASSWORD_BYTES_MAX, STATUS_NO_MEMORY when the memory is not there. */
enum status password_hash(const char *password, const struct password_cost *cost, char out[PASSWORD_HASH_SIZE],
                          struct error *err) must_check;

/* true when the password matches. A hash of unknown form, NULL or "" never matches, and costs as much as a wrong
 * password. */
bool password_verify(const char *password, const char *hash, const struct password_cost *cost);

/* For an account that does not exist: takes as long as password_verify() and is always false, so that the time of a
 * reply does not tell which addresses have an account. */
bool password_verify_dummy(const char *password, const struct password_cost *cost);

/* true when a hash that just matched should be replaced: another algorithm, or made with another cost. */
bool password_needs_rehash(const char *hash, const struct password_cost *cost);

#endif
