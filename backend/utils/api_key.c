#include "utils/api_key.h"

#include "utils/sha256.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>

struct api_keys {
    size_t count;
    uint8_t hashes[][SHA256_SIZE];
};

static void hash(const char *s, size_t n, uint8_t out[SHA256_SIZE])
{
    struct sha256 h;
    sha256_init(&h);
    sha256_update(&h, s, n);
    sha256_final(&h, out);
}

static enum status add(struct api_keys *k, const char *s, size_t n, struct error *err)
{
    if (n < API_KEY_MIN || n > API_KEY_MAX)
        return error_set(err, STATUS_INVALID, "api_key_weak", NULL, "a key must have %d to %d characters", API_KEY_MIN,
                         API_KEY_MAX);
    for (size_t i = 0; i < n; i++)
        if (s[i] <= ' ' || s[i] > '~')
            return error_set(err, STATUS_INVALID, "api_key_weak", NULL, "a key may have visible ASCII characters only");
    hash(s, n, k->hashes[k->count++]);
    return STATUS_OK;
}

enum status api_keys_new(const char *list, struct api_keys **ret, struct error *err)
{
    size_t most = 1;
    for (const char *s = list; *s != '\0'; s++)
        most += *s == ',';
    struct api_keys *k = calloc(1, sizeof(*k) + most * sizeof(k->hashes[0]));
    enum status st = k != NULL ? STATUS_OK : error_set(err, STATUS_NO_MEMORY, "no_memory", NULL, "Out of memory.");
    for (const char *s = list; st == STATUS_OK && *s != '\0';) {
        s += strspn(s, " \t");
        size_t end = strcspn(s, ","), n = end;
        while (n > 0 && (s[n - 1] == ' ' || s[n - 1] == '\t'))
            n--;
        if (n > 0)
            st = add(k, s, n, err);
        s += end + (s[end] == ',');
    }
    if (st == STATUS_OK)
        *ret = k;
    else
        api_keys_free(k);
    return st;
}

struct api_keys *api_keys_free(struct api_keys *k)
{
    free(k);
    return NULL;
}

bool api_keys_match(const struct api_keys *k, const char *given)
{
    uint8_t h[SHA256_SIZE];
    bool found = false;
    if (k == NULL)
        return false;
    hash(given, strlen(given), h);
    for (size_t i = 0; i < k->count; i++) /* all of them, so that the time does not tell which */
        found |= sodium_memcmp(h, k->hashes[i], sizeof(h)) == 0;
    return found;
}
