#include "unit/base/check.h"

#include "utils/password.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

static const struct password_cost *const fast = &password_cost_for_tests;
static struct error err;

static void the_right_password_matches_and_no_other(void **state)
{
    (void)state;
    char hash[PASSWORD_HASH_SIZE];
    assert_ok(password_hash("correct horse", fast, hash, &err));
    assert_true(strncmp(hash, "$argon2id$v=19$", 15) == 0);
    assert_true(password_verify("correct horse", hash, fast));
    assert_false(password_verify("correct horsf", hash, fast));
    assert_false(password_verify("correct horse ", hash, fast));
    assert_false(password_verify("Correct horse", hash, fast));
    assert_false(password_verify("", hash, fast));
}

static void two_hashes_of_one_password_differ(void **state)
{
    (void)state;
    char a[PASSWORD_HASH_SIZE], b[PASSWORD_HASH_SIZE];
    assert_ok(password_hash("x", fast, a, &err));
    assert_ok(password_hash("x", fast, b, &err));
    assert_string_not_equal(a, b);
    assert_true(password_verify("x", b, fast));
}

/* Beyond 72 bytes, where bcrypt would stop looking. */
static void every_byte_counts(void **state)
{
    (void)state;
    char hash[PASSWORD_HASH_SIZE], text[PASSWORD_BYTES_MAX + 2];
    memset(text, 'a', sizeof(text));
    text[PASSWORD_BYTES_MAX] = '\0';
    assert_ok(password_hash(text, fast, hash, &err));
    assert_true(password_verify(text, hash, fast));
    text[PASSWORD_BYTES_MAX - 1] = 'b';
    assert_false(password_verify(text, hash, fast));
    text[PASSWORD_BYTES_MAX] = 'a';
    text[PASSWORD_BYTES_MAX + 1] = '\0';
    assert_status(password_hash(text, fast, hash, &err), STATUS_TOO_LARGE);
    assert_string_equal(err.field, "password");
    assert_false(password_verify(text, hash, fast));
}

static void a_changed_hash_does_not_match(void **state)
{
    (void)state;
    char hash[PASSWORD_HASH_SIZE];
    assert_ok(password_hash("x", fast, hash, &err));
    size_t len = strlen(hash), checked = 0;
    for (size_t i = len - 43; i < len - 1; i += 7, checked++) { /* the digest's characters */
        char changed[PASSWORD_HASH_SIZE];
        memcpy(changed, hash, sizeof(changed));
        changed[i] = changed[i] == 'A' ? 'B' : 'A';
        assert_false(password_verify("x", changed, fast));
    }
    assert_int_equal(checked, 6);
}

static void imported_bcrypt_hashes_are_verified(void **state)
{
    (void)state;
    static const char *const hashes[] = {"$2a$05$abcdefghijklmnopqrstuuHNbAKRhpaujgo33bRWs.NLUTJO3lOy2",
                                         "$2b$05$abcdefghijklmnopqrstuuHNbAKRhpaujgo33bRWs.NLUTJO3lOy2",
                                         "$2y$05$abcdefghijklmnopqrstuuHNbAKRhpaujgo33bRWs.NLUTJO3lOy2"};
    for (size_t i = 0; i < COUNT(hashes); i++) {
        assert_true(password_verify("correct horse", hashes[i], fast));
        assert_false(password_verify("correct horsf", hashes[i], fast));
        assert_true(password_needs_rehash(hashes[i], fast));
    }
}

static void unknown_hashes_never_match(void **state)
{
    (void)state;
    static const char *const hashes[] = {NULL,
                                         "",
                                         "x",
                                         "correct horse",
                                         "$argon2id$",
                                         "$argon2i$v=19$m=8,t=1,p=1$c29tZXNhbHQ$x",
                                         "$2b$",
                                         "$2b$05$short",
                                         "$2x$05$abcdefghijklmnopqrstuuMYiXCFuVpCBS0XcYKaYUDcYzFkf5tSi",
                                         "$1$abc$def",
                                         "*0",
                                         "$6$salt$hash"};
    for (size_t i = 0; i < COUNT(hashes); i++) {
        assert_false(password_verify("correct horse", hashes[i], fast));
        assert_false(password_verify("", hashes[i], fast));
    }
    assert_false(password_verify_dummy("anything", fast));
}

static void rehash_is_due_when_the_cost_changed(void **state)
{
    (void)state;
    char hash[PASSWORD_HASH_SIZE];
    struct password_cost more = {fast->operations + 1, fast->memory_bytes},
                         wider = {fast->operations, fast->memory_bytes * 2};
    assert_ok(password_hash("x", fast, hash, &err));
    assert_false(password_needs_rehash(hash, fast));
    assert_true(password_needs_rehash(hash, &more));
    assert_true(password_needs_rehash(hash, &wider));
}

static void memory_that_is_not_there_is_said(void **state)
{
    (void)state;
    char hash[PASSWORD_HASH_SIZE] = "untouched";
    struct password_cost absurd = {1, 1ull << 62};
    assert_status(password_hash("x", &absurd, hash, &err), STATUS_NO_MEMORY);
    assert_string_equal(hash, "untouched");
}

static double seconds_of(bool (*call)(const struct password_cost *), const struct password_cost *cost)
{
    struct timespec a, b;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &a);
    for (int i = 0; i < 5; i++)
        assert_false(call(cost));
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &b);
    return (double)(b.tv_sec - a.tv_sec) + (double)(b.tv_nsec - a.tv_nsec) / 1e9;
}

static char real_hash[PASSWORD_HASH_SIZE];

static bool wrong_password(const struct password_cost *cost)
{
    return password_verify("wrong", real_hash, cost);
}

static bool no_account(const struct password_cost *cost)
{
    return password_verify("wrong", NULL, cost);
}

/* Not the same time, which a busy machine cannot show, but the same order of work: without the dummy it would be a
 * thousandth. CPU time of this thread alone. */
static void an_unknown_account_costs_as_much(void **state)
{
    (void)state;
    struct password_cost cost = {2, 4 << 20};
    assert_ok(password_hash("right", &cost, real_hash, &err));
    double wrong = seconds_of(wrong_password, &cost), none = seconds_of(no_account, &cost);
    assert_true(none > wrong / 5 && none < wrong * 5);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_right_password_matches_and_no_other),
        cmocka_unit_test(two_hashes_of_one_password_differ),
        cmocka_unit_test(every_byte_counts),
        cmocka_unit_test(a_changed_hash_does_not_match),
        cmocka_unit_test(imported_bcrypt_hashes_are_verified),
        cmocka_unit_test(unknown_hashes_never_match),
        cmocka_unit_test(rehash_is_due_when_the_cost_changed),
        cmocka_unit_test(memory_that_is_not_there_is_said),
        cmocka_unit_test(an_unknown_account_costs_as_much),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
