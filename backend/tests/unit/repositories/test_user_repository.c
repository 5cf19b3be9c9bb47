#include "unit/repositories/world.h"

#include "repositories/token_repository.h"

static void test_users(void **state)
{
    (void)state;
    struct user *u = NULL;
    struct page page;
    int64_t n = 0;
    ok(user_find_by_email(db, "ada@example.org", arena, &u, &err));
    assert_true(id_equal(u->id, owner->id));
    assert_string_equal(u->password_hash, "hash");
    assert_int_equal(u->role, ROLE_RECRUITER);
    assert_true(u->is_active);
    fails(user_find_by_email(db, "nobody@example.org", arena, &u, &err), STATUS_NOT_FOUND, "not_found");
    fails(user_find(db, id_new(), arena, &u, &err), STATUS_NOT_FOUND, "not_found");
    struct user twice = *owner;
    twice.id = id_new();
    struct error why = {0};
    assert_int_equal(user_insert(db, &twice, &why), STATUS_CONFLICT);
    assert_string_equal(why.code, "email_taken");
    assert_string_equal(why.field, "email");
    twice.email = "Upper@example.org"; /* the caller must have lower-cased it */
    fails(user_insert(db, &twice, &err), STATUS_INTERNAL, "database_error");
    user_make("b@example.org", ROLE_ADMIN);
    user_make("c@example.org", ROLE_REVIEWER);
    ok(user_count(db, &n, &err));
    assert_int_equal(n, 3);
    ok(user_list(db, (struct paging){.page = 2, .page_size = 2}, arena, &page, &err));
    assert_int_equal(page.total, 3);
    assert_int_equal(page.items.count, 1);
    assert_string_equal(((struct user *)page.items.items)[0].email, "c@example.org");
}

static void test_changes(void **state)
{
    (void)state;
    struct user *u = NULL;
    ok(user_set_password_hash(db, owner->id, "new", T0 + 5, &err));
    ok(user_set_access(db, owner->id, ROLE_ADMIN, false, T0 + 6, &err));
    ok(user_find(db, owner->id, arena, &u, &err));
    assert_string_equal(u->password_hash, "new");
    assert_int_equal(u->role, ROLE_ADMIN);
    assert_false(u->is_active);
    assert_true(u->updated_at == T0 + 6 && u->created_at == T0);
    fails(user_set_password_hash(db, id_new(), "x", T0, &err), STATUS_NOT_FOUND, "not_found");
    fails(user_set_access(db, id_new(), ROLE_ADMIN, true, T0, &err), STATUS_NOT_FOUND, "not_found");
}

static struct refresh_token token_make(struct id family, uint8_t byte)
{
    struct refresh_token t = {
        .id = id_new(), .user_id = owner->id, .family_id = family, .created_at = T0, .expires_at = T0 + 1000};
    memset(t.token_hash, byte, sizeof t.token_hash);
    ok(refresh_token_insert(db, &t, &err));
    return t;
}

static void test_tokens(void **state)
{
    (void)state;
    struct id family = id_new();
    struct refresh_token a = token_make(family, 1), b = token_make(family, 2), other = token_make(id_new(), 3), got;
    bool used = false;
    int64_t n = 0;
    ok(refresh_token_find(db, a.token_hash, &got, &err));
    assert_memory_equal(got.token_hash, a.token_hash, 32);
    assert_true(id_equal(got.family_id, family) && id_equal(got.user_id, owner->id) && id_equal(got.id, a.id));
    assert_true(got.expires_at == T0 + 1000 && got.used_at == 0 && got.revoked_at == 0);
    ok(refresh_token_use(db, a.id, T0 + 1, &used, &err));
    assert_true(used);
    ok(refresh_token_use(db, a.id, T0 + 2, &used, &err)); /* replayed */
    assert_false(used);
    ok(refresh_token_find(db, a.token_hash, &got, &err));
    assert_true(got.used_at == T0 + 1);
    ok(refresh_family_revoke(db, family, T0 + 3, &err));
    ok(refresh_token_use(db, b.id, T0 + 4, &used, &err));
    assert_false(used);
    ok(refresh_token_use(db, other.id, T0 + 1000, &used, &err)); /* expired */
    assert_false(used);
    ok(refresh_token_use(db, other.id, T0 + 999, &used, &err));
    assert_true(used);
    ok(refresh_user_revoke(db, owner->id, T0 + 5, &err));
    ok(refresh_token_find(db, other.token_hash, &got, &err));
    assert_true(got.revoked_at == T0 + 5);
    ok(refresh_token_find(db, b.token_hash, &got, &err));
    assert_true(got.revoked_at == T0 + 3); /* the first revocation stays */
    memset(got.token_hash, 9, 32);
    fails(refresh_token_find(db, got.token_hash, &got, &err), STATUS_NOT_FOUND, "not_found");
    fails(refresh_token_insert(db, &a, &err), STATUS_CONFLICT, "unique_violation");
    ok(refresh_token_purge(db, T0 + 1000, &n, &err));
    assert_int_equal(n, 0);
    ok(refresh_token_purge(db, T0 + 1001, &n, &err));
    assert_int_equal(n, 3);
}

int main(void)
{
    const struct CMUnitTest tests[] = {TEST(test_users), TEST(test_changes), TEST(test_tokens)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
