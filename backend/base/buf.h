#ifndef VIVA_BASE_BUF_H
#define VIVA_BASE_BUF_H
/* Growing byte buffer with a maximum. Failure is sticky: append freely, check buf_ok() once at the end. */

#include "base/status.h"

#include <stdbool.h>
#include <stdint.h>

struct buf {
    char *data; /* NUL-terminated when len > 0 or after buf_cstr(); owned */
    size_t len, cap, max;
    bool failed; /* out of memory or over max */
};

void buf_init(struct buf *b, size_t max);
void buf_free(struct buf *b);  /* also for cleanup() */
void buf_clear(struct buf *b); /* keeps the memory */
void buf_append(struct buf *b, const void *p, size_t n);
void buf_str(struct buf *b, const char *s);
void buf_char(struct buf *b, char c);
void buf_printf(struct buf *b, const char *fmt, ...) printf_like(2, 3);
const char *buf_cstr(struct buf *b); /* "" when empty or failed */
bool buf_ok(const struct buf *b);
char *buf_take(struct buf *b,
               size_t *len); /* hands the memory over (malloc'd); NULL when failed; b is empty afterwards */

#endif
