#ifndef VIVA_BASE_CLOCK_H
#define VIVA_BASE_CLOCK_H
/* Time is injected: code that decides by time takes a struct clock so that tests can own it. */

#include <stdint.h>

struct clock {
    int64_t (*unix_ms)(void *u); /* wall clock, ms since 1970 UTC */
    int64_t (*mono_ms)(void *u); /* never goes back */
    void *u;
};

extern const struct clock clock_system;

struct clock_fake {
    int64_t unix_ms, mono_ms;
};
struct clock clock_fake_make(struct clock_fake *f); /* borrows f */
void clock_fake_advance(struct clock_fake *f, int64_t ms);

static inline int64_t clock_unix_ms(const struct clock *c)
{
    return c->unix_ms(c->u);
}
static inline int64_t clock_mono_ms(const struct clock *c)
{
    return c->mono_ms(c->u);
}

/* For measuring how long something took; nothing is decided by it, so it is not injected. */
int64_t clock_elapsed_us(void); /* never goes back */

/* "2026-11-22T23:59:59.123Z" <-> ms. */
void time_format(int64_t unix_ms, char out[32]);
int time_parse(const char *text, int64_t *ret); /* 0 on success; RFC 3339 */
/* The month (UTC) that the time lies in: its first ms, and that of the next. */
void time_month(int64_t unix_ms, int64_t *from, int64_t *to);

#endif
