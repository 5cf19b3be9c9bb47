/* Tokens from anywhere: nobody without the secret makes one that is accepted. The input is tried as it is, and as
 * header and payload under a signature made without the key. */
#include "utils/token.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void refuse(const struct token_keys *keys, const char *text, size_t len)
{
    struct token_claims c;
    struct error err = {0};
    if (token_verify(keys, text, len, "access", 1800000000, &c, &err) != STATUS_UNAUTHENTICATED || err.code[0] == '\0')
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct token_keys *keys; /* of a secret that the fuzzer does not see */
    if (keys == NULL) {
        char secret[44];
        random_token(secret, sizeof(secret), 32);
        keys = token_keys_new(secret, strlen(secret));
    }
    if (keys == NULL)
        return 0;
    refuse(keys, (const char *)data, size);

    char text[2048];
    const uint8_t *middle = memchr(data, '\n', size);
    if (middle == NULL || size > 700)
        return 0;
    size_t head = (size_t)(middle - data);
    sodium_bin2base64(text, sizeof(text), data, head, sodium_base64_VARIANT_URLSAFE_NO_PADDING);
    strcat(text, ".");
    size_t n = strlen(text);
    sodium_bin2base64(text + n, sizeof(text) - n, middle + 1, size - head - 1,
                      sodium_base64_VARIANT_URLSAFE_NO_PADDING);
    strcat(text, ".");
    refuse(keys, text, strlen(text));
    strcat(text, "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA");
    refuse(keys, text, strlen(text));
    return 0;
}
