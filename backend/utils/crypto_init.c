#include "utils/crypto_init.h"

#include <sodium.h>
#include <stdlib.h>

void crypto_init(void)
{
    if (sodium_init() < 0)
        abort();
}
