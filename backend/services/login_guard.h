#ifndef VIVA_SERVICES_LOGIN_GUARD_H
#define VIVA_SERVICES_LOGIN_GUARD_H
/* Slows down whoever guesses passwords, without letting anybody lock an owner out. Counted in the cache, whether or not
 * there is such an account, so that nothing is told about that.
 *
 * An account from one subscriber: five tries, then a wait that doubles from 1 s to 15 min; forgotten after an hour
 * without a try, or by a log-in.
 * One subscriber, at whichever accounts: 50 failures in 15 min, then a wait that doubles likewise.
 * An account, from everywhere: 20 tries, then one a minute.
 *
 * The last two do not concern a subscriber from which that account logged in within the last 30 days: failures of
 * strangers elsewhere never keep an owner from their usual place. A subscriber is an IPv4 address or an IPv6 /64.
 * Replicas count together through Redis; without it, or while it is away, each by itself. */

#include "services/services.h"

/* Before the password is looked at; counts the try. STATUS_RATE_LIMITED "rate_limited" with the wait in *retry_after_ms
 * (rounded up to seconds it is the Retry-After). */
enum status login_guard_begin(struct services *s, const char *email, const char *address, int64_t *retry_after_ms,
                              struct error *err) must_check;
/* After it was looked at: whether it was right. */
void login_guard_end(struct services *s, const char *email, const char *address, bool right);

#endif
