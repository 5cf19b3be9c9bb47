#ifndef VIVA_BASE_ID_H
#define VIVA_BASE_ID_H
/* UUIDv7 (RFC 9562): 48 bits of Unix milliseconds, then randomness; monotonic within a process. binary(16) in the
 * database. */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define ID_TEXT_SIZE 37

struct id {
    uint8_t b[16];
};

struct id id_new(void); /* thread-safe */
bool id_is_zero(struct id a);
bool id_equal(struct id a, struct id b);
void id_format(struct id id, char out[ID_TEXT_SIZE]); /* lower-case hyphenated */
bool id_parse(const char *text, struct id *ret);      /* exactly 36 characters; *ret untouched on failure */

void random_bytes(void *out, size_t n); /* getrandom; aborts when the kernel has none */
void random_token(char *out, size_t out_size,
                  size_t n_bytes); /* base64url without padding of n_bytes random bytes, NUL-terminated */

#endif
