#ifndef VIVA_UTILS_SHA256_H
#define VIVA_UTILS_SHA256_H
/* SHA-256 over bytes as they arrive. A struct belongs to one thread at a time; needs no freeing. */

#include "base/status.h"

#include <sodium.h>
#include <stdbool.h>
#include <stdint.h>

#define SHA256_SIZE     32
#define SHA256_HEX_SIZE 65 /* with the NUL */

struct sha256 {
    crypto_hash_sha256_state state;
};

void sha256_init(struct sha256 *s);
void sha256_update(struct sha256 *s, const void *p, size_t n);
void sha256_final(struct sha256 *s, uint8_t out[SHA256_SIZE]); /* s must be initialised again before reuse */

void sha256_bytes(const void *p, size_t n, uint8_t out[SHA256_SIZE]);
void sha256_hex(const uint8_t digest[SHA256_SIZE], char out[SHA256_HEX_SIZE]); /* lower case */
bool sha256_parse(const char *hex, uint8_t ret[SHA256_SIZE]);                  /* exactly 64 hex digits, either case */
bool sha256_equal(const uint8_t a[SHA256_SIZE], const uint8_t b[SHA256_SIZE]); /* constant time */
/* Of a whole file, streamed. STATUS_NOT_FOUND "file_missing" or STATUS_IO. */
enum status sha256_file(const char *path, uint8_t ret[SHA256_SIZE], struct error *err) must_check;

#endif
