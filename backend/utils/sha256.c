#include "utils/sha256.h"

#include "base/cleanup.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

void sha256_init(struct sha256 *s)
{
    crypto_hash_sha256_init(&s->state);
}

void sha256_update(struct sha256 *s, const void *p, size_t n)
{
    crypto_hash_sha256_update(&s->state, p, n);
}

void sha256_final(struct sha256 *s, uint8_t out[SHA256_SIZE])
{
    crypto_hash_sha256_final(&s->state, out);
}

void sha256_bytes(const void *p, size_t n, uint8_t out[SHA256_SIZE])
{
    crypto_hash_sha256(out, p, n);
}

void sha256_hex(const uint8_t digest[SHA256_SIZE], char out[SHA256_HEX_SIZE])
{
    sodium_bin2hex(out, SHA256_HEX_SIZE, digest, SHA256_SIZE);
}

bool sha256_parse(const char *hex, uint8_t ret[SHA256_SIZE])
{
    uint8_t digest[SHA256_SIZE];
    size_t len = 0;
    const char *end = NULL;
    if (hex == NULL || strnlen(hex, SHA256_HEX_SIZE) != SHA256_HEX_SIZE - 1)
        return false;
    if (sodium_hex2bin(digest, sizeof(digest), hex, SHA256_HEX_SIZE - 1, NULL, &len, &end) != 0)
        return false;
    if (len != SHA256_SIZE || end != hex + SHA256_HEX_SIZE - 1)
        return false;
    memcpy(ret, digest, SHA256_SIZE);
    return true;
}

bool sha256_equal(const uint8_t a[SHA256_SIZE], const uint8_t b[SHA256_SIZE])
{
    return sodium_memcmp(a, b, SHA256_SIZE) == 0;
}

enum status sha256_file(const char *path, uint8_t ret[SHA256_SIZE], struct error *err)
{
    cleanup(fd_closep) int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
    if (fd < 0 && (errno == ENOENT || errno == ENOTDIR))
        return error_set(err, STATUS_NOT_FOUND, "file_missing", NULL, "There is no file %s.", path);
    struct sha256 s;
    sha256_init(&s);
    for (;;) {
        char chunk[65536], text[128];
        ssize_t got = fd < 0 ? -1 : read(fd, chunk, sizeof(chunk));
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return error_set(err, STATUS_IO, "file_failed", NULL, "Cannot read %s: %s.", path,
                             strerror_r(errno, text, sizeof(text)));
        if (got == 0)
            break;
        sha256_update(&s, chunk, (size_t)got);
    }
    sha256_final(&s, ret);
    return STATUS_OK;
}
