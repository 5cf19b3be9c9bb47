#ifndef VIVA_UTILS_BASE64_H
#define VIVA_UTILS_BASE64_H
/* RFC 4648 base64, with padding. */

#include "base/arena.h"

/* NULL when the arena is exhausted. */
char *base64_encode(struct arena *a, const void *data, size_t n);

#endif
