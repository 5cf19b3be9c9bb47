/* Guessing gets slow; owners are never kept out by strangers. Time is the test's. */
#include "unit/services/stage.h"

#include "services/login_guard.h"

#define OWNER "ada@example.org"
#define HOME  "192.0.2.1"

static struct cache *cache;

static int guard_open(void **state)
{
    static const uint8_t salt[32] = {1};
    int rc = stage_open(state);
    struct cache_options o = {.url = "", .salt = salt, .clock = &stage_clock};
    ok(cache_new(&o, &cache, &err));
    stage.cache = cache;
    settings.login_back_off = true;
    return rc;
}

static int guard_close(void **state)
{
    cache = cache_free(cache);
    return stage_close(state);
}

/* 0: let in; else the wait in ms. */
static int64_t begin(const char *email, const char *address)
{
    int64_t wait = 0;
    struct error why = {0};
    enum status st = login_guard_begin(s, email, address, &wait, &why);
    if (st == STATUS_OK)
        return 0;
    assert_int_equal(st, STATUS_RATE_LIMITED);
    assert_string_equal(why.code, "rate_limited");
    assert_true(wait > 0);
    return wait;
}

/* A try with a wrong password. */
static int64_t guess(const char *email, const char *address)
{
    int64_t wait = begin(email, address);
    if (wait == 0)
        login_guard_end(s, email, address, false);
    return wait;
}

static void log_in_from(const char *email, const char *address)
{
    assert_int_equal(begin(email, address), 0);
    login_guard_end(s, email, address, true);
}

static void a_guesser_waits_twice_as_long_each_time(void **state)
{
    (void)state;
    for (int i = 0; i < 5; i++)
        assert_int_equal(guess(OWNER, HOME), 0);
    int64_t expected = 1000;
    for (int i = 0; i < 14; i++) {
        assert_int_equal(guess(OWNER, HOME), 0);
        assert_int_equal(guess(OWNER, HOME), expected);
        clock_fake_advance(&fake, expected - 1);
        assert_int_equal(guess(OWNER, HOME), 1);
        clock_fake_advance(&fake, 1);
        expected = expected * 2 < 900000 ? expected * 2 : 900000;
    }
    assert_int_equal(guess("other@example.org", HOME), 0);
}

static void refused_tries_do_not_lengthen_the_wait(void **state)
{
    (void)state;
    for (int i = 0; i < 6; i++)
        guess(OWNER, HOME);
    for (int i = 0; i < 100; i++)
        assert_int_equal(guess(OWNER, HOME), 1000);
    clock_fake_advance(&fake, 1000);
    assert_int_equal(guess(OWNER, HOME), 0);
    assert_int_equal(guess(OWNER, HOME), 2000);
}

static void a_log_in_or_an_hour_forgets(void **state)
{
    (void)state;
    for (int i = 0; i < 6; i++)
        guess(OWNER, HOME);
    clock_fake_advance(&fake, 1000);
    log_in_from(OWNER, HOME);
    for (int i = 0; i < 6; i++)
        assert_int_equal(guess(OWNER, HOME), 0);
    assert_true(guess(OWNER, HOME) > 0);
    clock_fake_advance(&fake, 60 * MINUTE);
    for (int i = 0; i < 6; i++)
        assert_int_equal(guess(OWNER, HOME), 0);
}

static void spelling_and_the_rest_of_an_ipv6_address_make_no_difference(void **state)
{
    (void)state;
    for (int i = 0; i < 6; i++) {
        char address[40];
        snprintf(address, sizeof address, "2001:db8::%d", i + 1);
        assert_int_equal(guess(i % 2 ? "ADA@example.org" : OWNER, address), 0);
    }
    assert_int_equal(guess("Ada@Example.ORG", "2001:db8::ff"), 1000);
    assert_int_equal(guess(OWNER, "2001:db8:0:1::1"), 0);
}

/* 200 addresses, four tries each: the account is slow for strangers, and open for its owner at home. */
static void strangers_cannot_lock_the_owner_out(void **state)
{
    (void)state;
    log_in_from(OWNER, HOME);
    int through = 0;
    for (int i = 0; i < 800; i++) {
        char address[40];
        snprintf(address, sizeof address, "198.51.100.%d", i % 200);
        through += guess(OWNER, address) == 0;
    }
    assert_int_equal(through, 19); /* the owner's was the first of the twenty */
    assert_in_range(guess(OWNER, "203.0.113.9"), 1, 60000);
    log_in_from(OWNER, HOME);
    for (int i = 0; i < 4; i++)
        assert_int_equal(guess(OWNER, HOME), 0); /* mistyping, too */
    log_in_from(OWNER, HOME);
    clock_fake_advance(&fake, MINUTE);
    assert_int_equal(guess(OWNER, "203.0.113.9"), 0); /* one a minute */
    assert_true(guess(OWNER, "203.0.113.10") > 0);
    assert_int_equal(guess("other@example.org", "203.0.113.9"), 0);
}

/* What the cache forgot (a restart, a Redis that was emptied) the database still knows. */
static void the_database_knows_the_owner_s_place_too(void **state)
{
    (void)state;
    struct user u = {.id = id_new(), .email = OWNER, .full_name = "Ada", .password_hash = "none", .is_active = true};
    u.created_at = u.updated_at = T0;
    ok(user_insert(s->db, &u, &err));
    char sql[400], id[ID_TEXT_SIZE], hex[33];
    id_format(u.id, id);
    size_t k = 0;
    for (const char *p = id; *p; p++)
        if (*p != '-')
            hex[k++] = *p;
    hex[k] = '\0';
    snprintf(sql, sizeof sql,
             "INSERT INTO logins (id, user_id, address, created_at, last_used_at, expires_at) "
             "VALUES (x'%s', x'%s', '" HOME "', %lld, 0, 0)",
             hex, hex, (long long)T0);
    ok(db_exec(s->db, sql, &err));
    for (int i = 0; i < 25; i++) {
        char address[40];
        snprintf(address, sizeof address, "198.51.100.%d", i);
        guess(OWNER, address);
    }
    assert_true(guess(OWNER, "203.0.113.9") > 0);
    assert_int_equal(begin(OWNER, HOME), 0);
    fake.unix_ms += INT64_C(30) * 24 * 60 * MINUTE + 1;
    assert_true(begin(OWNER, HOME) > 0); /* that was too long ago */
}

static void one_address_that_fails_everywhere_is_slowed_down(void **state)
{
    (void)state;
    log_in_from(OWNER, HOME);
    for (int i = 0; i < 51; i++) {
        char email[40];
        snprintf(email, sizeof email, "user%d@example.org", i);
        assert_int_equal(guess(email, HOME), 0);
    }
    assert_int_equal(guess("next@example.org", HOME), 1000);
    clock_fake_advance(&fake, 1000);
    assert_int_equal(guess("next@example.org", HOME), 0);
    assert_int_equal(guess("another@example.org", HOME), 2000);
    log_in_from(OWNER, HOME); /* shares the address, and is known there */
    assert_int_equal(guess("another@example.org", "192.0.2.2"), 0);
}

static void it_can_be_switched_off(void **state)
{
    (void)state;
    settings.login_back_off = false;
    for (int i = 0; i < 500; i++)
        assert_int_equal(guess(OWNER, HOME), 0);
    settings.login_back_off = true;
    stage.cache = NULL;
    for (int i = 0; i < 500; i++)
        assert_int_equal(guess(OWNER, HOME), 0);
}

#undef TEST
#define TEST(f) cmocka_unit_test_setup_teardown(f, guard_open, guard_close)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_guesser_waits_twice_as_long_each_time),
        TEST(refused_tries_do_not_lengthen_the_wait),
        TEST(a_log_in_or_an_hour_forgets),
        TEST(spelling_and_the_rest_of_an_ipv6_address_make_no_difference),
        TEST(strangers_cannot_lock_the_owner_out),
        TEST(the_database_knows_the_owner_s_place_too),
        TEST(one_address_that_fails_everywhere_is_slowed_down),
        TEST(it_can_be_switched_off),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
