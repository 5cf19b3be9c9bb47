#include "services/login_guard.h"

#include "repositories/user_repository.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

#define MINUTE_MS      INT64_C(60000)
#define DAY_MS         (24 * 60 * MINUTE_MS)
#define PAIR_FREE      5
#define PAIR_FORGET_MS (60 * MINUTE_MS)
#define ADDRESS_FREE   50
#define ADDRESS_MS     (15 * MINUTE_MS)
#define WAIT_FIRST_MS  1000
#define WAIT_LAST_MS   (15 * MINUTE_MS)
#define ACCOUNT_BURST  20
#define ACCOUNT_A_SEC  (1.0 / 60)
#define KNOWN_MS       (30 * DAY_MS)
#define ADDRESS_TEXT   64
#define ACCOUNT_TEXT   330 /* of an e-mail address */
#define KEY_MAX        (ACCOUNT_TEXT + ADDRESS_TEXT + 32)

struct attempt {
    char account[ACCOUNT_TEXT], from[ADDRESS_TEXT];
};

static struct attempt attempt_of(const char *email, const char *address)
{
    struct attempt t;
    snprintf(t.account, sizeof t.account, "%s", email);
    for (char *p = t.account; *p; p++)
        *p = (char)tolower((unsigned char)*p);
    ratelimit_subscriber(address, t.from, sizeof t.from);
    return t;
}

static const char *pair_key(const struct attempt *t, const char *kind, char out[KEY_MAX])
{
    snprintf(out, KEY_MAX, "login.%s:%s %s", kind, t->from, t->account);
    return out;
}

static const char *address_key(const struct attempt *t, const char *kind, char out[KEY_MAX])
{
    snprintf(out, KEY_MAX, "login.%s:%s", kind, t->from);
    return out;
}

/* 1 s for the first beyond what is free, then twice as much each. */
static int64_t wait_of(int64_t beyond)
{
    int64_t wait = WAIT_FIRST_MS;
    for (int64_t i = 1; i < beyond && wait < WAIT_LAST_MS; i++)
        wait *= 2;
    return wait < WAIT_LAST_MS ? wait : WAIT_LAST_MS;
}

/* Whether this account logged in from there lately: the cache knows, or the database. */
static bool is_known(struct services *s, const struct attempt *t, const char *address)
{
    char key[KEY_MAX];
    bool known = false;
    struct error ignored;
    if (cache_get(s->cache, pair_key(t, "known", key), NULL, NULL))
        return true;
    int64_t since = clock_unix_ms(s->clock) - KNOWN_MS;
    return user_logged_in_from(s->db, t->account, address, since, &known, &ignored) == STATUS_OK && known;
}

/* The try is counted before its password is looked at, so that many at once gain nothing; where it is beyond what is
 * free, one passes in each wait. */
static bool pair_lets_in(struct services *s, const struct attempt *t, int64_t *wait)
{
    char count[KEY_MAX], gate[KEY_MAX];
    if (cache_get(s->cache, pair_key(t, "pair_wait", gate), NULL, wait))
        return false;
    int64_t n = cache_add(s->cache, pair_key(t, "pair", count), PAIR_FORGET_MS);
    return n <= PAIR_FREE || cache_claim(s->cache, gate, "", wait_of(n - PAIR_FREE), wait);
}

enum status login_guard_begin(struct services *s, const char *email, const char *address, int64_t *retry_after_ms,
                              struct error *err)
{
    if (!s->cache || !s->settings->login_back_off)
        return STATUS_OK;
    struct attempt t = attempt_of(email, address);
    char gate[KEY_MAX], account[KEY_MAX];
    int64_t wait = 0;
    bool in = pair_lets_in(s, &t, &wait);
    snprintf(account, sizeof account, "login.account:%s", t.account);
    if (in && cache_get(s->cache, address_key(&t, "address_wait", gate), NULL, &wait))
        in = is_known(s, &t, address);
    if (in && !cache_take(s->cache, account, ACCOUNT_A_SEC, ACCOUNT_BURST, &wait))
        in = is_known(s, &t, address);
    if (in)
        return STATUS_OK;
    *retry_after_ms = wait;
    return error_set(err, STATUS_RATE_LIMITED, "rate_limited", NULL,
                     "Too many tries to log in. Please try again in %lld seconds", (long long)(wait + 999) / 1000);
}

static void count_failure(struct services *s, const struct attempt *t)
{
    char key[KEY_MAX];
    int64_t n = cache_add(s->cache, address_key(t, "address", key), ADDRESS_MS);
    if (n > ADDRESS_FREE)
        cache_put(s->cache, address_key(t, "address_wait", key), "", wait_of(n - ADDRESS_FREE));
}

void login_guard_end(struct services *s, const char *email, const char *address, bool right)
{
    if (!s->cache || !s->settings->login_back_off)
        return;
    struct attempt t = attempt_of(email, address);
    char key[KEY_MAX];
    if (!right) {
        count_failure(s, &t);
        return;
    }
    cache_remove(s->cache, pair_key(&t, "pair", key));
    cache_remove(s->cache, pair_key(&t, "pair_wait", key));
    cache_put(s->cache, pair_key(&t, "known", key), "", KNOWN_MS);
}
