#ifndef VIVA_BASE_UTF8_H
#define VIVA_BASE_UTF8_H
/* UTF-8 as RFC 3629 has it: no overlong forms, no surrogates, nothing beyond U+10FFFF. */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Bytes of the character at s (1 to 4), or 0 when n is 0 or the bytes are not one. ret (may be NULL) gets the code
 * point. */
size_t utf8_next(const char *s, size_t n, uint32_t *ret);
bool utf8_valid(const char *s, size_t n);
/* Code points in s; each byte that is not part of a valid character counts as one. */
size_t utf8_length(const char *s, size_t n);
/* Takes away the start of a character at the end of s, where a size limit cut through it. */
void utf8_trim_partial(char *s);

#endif
