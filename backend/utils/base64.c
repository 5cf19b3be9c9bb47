#include "utils/base64.h"

#include <sodium.h>

char *base64_encode(struct arena *a, const void *data, size_t n)
{
    const size_t size = sodium_base64_encoded_len(n, sodium_base64_VARIANT_ORIGINAL);
    char *out = arena_alloc(a, size);
    return out != NULL ? sodium_bin2base64(out, size, data, n, sodium_base64_VARIANT_ORIGINAL) : NULL;
}
