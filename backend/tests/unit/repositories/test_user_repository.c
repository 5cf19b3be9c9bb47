#include "unit/repositories/world.h"

#include "repositories/link_repository.h"
#include "repositories/login_repository.h"
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
    ok(user_list(db, &USER_FILTER_ANY, (struct sort){.key = USER_SORT_CREATED},
                 (struct paging){.page = 2, .page_size = 2}, arena, &page, &err));
    assert_int_equal(page.total, 3);
    assert_int_equal(page.items.count, 1);
    assert_string_equal(((struct user *)page.items.items)[0].email, "c@example.org");
}

static const char *listed(struct user_filter f, struct sort order)
{
    struct page page = {0};
    const char *out = "";
    ok(user_list(db, &f, order, (struct paging){1, 100}, arena, &page, &err));
    assert_int_equal(page.total, page.items.count);
    for (size_t i = 0; i < page.items.count; i++)
        out = arena_printf(arena, "%s%.1s", out, ((struct user *)page.items.items)[i].email);
    return out;
}

static void test_lists(void **state)
{
    (void)state;
    struct user *c = user_make("c@example.org", ROLE_ADMIN), *b = user_make("b%d@example.org", ROLE_REVIEWER);
    b->full_name = "Zoe Example";
    b->is_active = false;
    ok(user_update(db, b, &err));
    ok(user_set_last_login(db, c->id, T0, &err));
    const struct user_filter any = USER_FILTER_ANY;
    assert_string_equal(listed(any, (struct sort){USER_SORT_CREATED, false}), "acb");
    assert_string_equal(listed(any, (struct sort){USER_SORT_CREATED, true}), "bca");
    assert_string_equal(listed(any, (struct sort){USER_SORT_EMAIL, false}), "abc");
    assert_string_equal(listed(any, (struct sort){USER_SORT_EMAIL, true}), "cba");
    assert_string_equal(listed(any, (struct sort){USER_SORT_NAME, true}), "bca");
    assert_string_equal(listed(any, (struct sort){USER_SORT_NAME, false}), "acb");
    assert_string_equal(listed(any, (struct sort){USER_SORT_LAST_LOGIN, true}), "cba");
    assert_string_equal(listed(any, (struct sort){USER_SORT_LAST_LOGIN, false}), "abc");
    const struct sort by_email = {USER_SORT_EMAIL, false};
    assert_string_equal(listed((struct user_filter){.role = ROLE_ADMIN, .active = -1}, by_email), "c");
    assert_string_equal(listed((struct user_filter){.role = -1, .active = 0}, by_email), "b");
    assert_string_equal(listed((struct user_filter){.role = ROLE_REVIEWER, .active = 1}, by_email), "");
    assert_string_equal(listed((struct user_filter){.role = -1, .active = -1, .search = "ZOE"}, by_email), "b");
    assert_string_equal(listed((struct user_filter){.role = -1, .active = -1, .search = "%d@"}, by_email), "b");
    assert_string_equal(listed((struct user_filter){.role = -1, .active = 1, .search = "example"}, by_email), "ac");
}

static void test_changes(void **state)
{
    (void)state;
    struct user *u = NULL, stranger = *owner;
    int64_t n = 0;
    ok(user_set_password_hash(db, owner->id, "new", T0 + 5, &err));
    ok(user_find(db, owner->id, arena, &u, &err));
    assert_string_equal(u->password_hash, "new");
    u->role = ROLE_ADMIN;
    u->is_active = false;
    u->full_name = "Other";
    u->updated_at = T0 + 6;
    ok(user_update(db, u, &err));
    ok(user_set_last_login(db, u->id, T0 + 7, &err));
    ok(user_find(db, owner->id, arena, &u, &err));
    assert_int_equal(u->role, ROLE_ADMIN);
    assert_string_equal(u->full_name, "Other");
    assert_false(u->is_active);
    assert_true(u->updated_at == T0 + 6 && u->created_at == T0 && u->last_login_at == T0 + 7);
    struct user *b = user_make("b@example.org", ROLE_ADMIN);
    ok(user_count_other_admins(db, b->id, &n, &err)); /* the other is disabled */
    assert_int_equal(n, 0);
    ok(user_count_other_admins(db, u->id, &n, &err));
    assert_int_equal(n, 1);
    b->email = owner->email;
    fails(user_update(db, b, &err), STATUS_CONFLICT, "email_taken");
    stranger.id = id_new();
    stranger.email = "s@example.org";
    fails(user_update(db, &stranger, &err), STATUS_NOT_FOUND, "not_found");
    fails(user_set_password_hash(db, id_new(), "x", T0, &err), STATUS_NOT_FOUND, "not_found");
    fails(user_set_last_login(db, id_new(), T0, &err), STATUS_NOT_FOUND, "not_found");
}

static struct login_session login_make(struct id user, int64_t expires_at)
{
    const struct login_session l = {.id = id_new(),
                                    .user_id = user,
                                    .user_agent = "Browser",
                                    .address = "192.0.2.1",
                                    .created_at = T0,
                                    .last_used_at = T0,
                                    .expires_at = expires_at};
    ok(login_insert(db, &l, &err));
    return l;
}

static void test_deleting(void **state)
{
    (void)state;
    int64_t n = 0;
    struct user *b = user_make("b@example.org", ROLE_RECRUITER);
    login_make(b->id, T0 + 1);
    ok(user_count_interviews(db, owner->id, &n, &err));
    assert_int_equal(n, 1);
    fails(user_delete(db, owner->id, &err), STATUS_CONFLICT, "foreign_key_violation");
    ok(user_count_interviews(db, b->id, &n, &err));
    assert_int_equal(n, 0);
    ok(user_delete(db, b->id, &err));
    assert_int_equal(peek("SELECT COUNT(*) FROM logins"), 0);
    fails(user_delete(db, b->id, &err), STATUS_NOT_FOUND, "not_found");
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
    struct id family = login_make(owner->id, T0 + 1000).id;
    struct refresh_token a = token_make(family, 1), b = token_make(family, 2), got;
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
    ok(refresh_token_use(db, b.id, T0 + 1000, &used, &err)); /* expired */
    assert_false(used);
    ok(refresh_token_use(db, b.id, T0 + 999, &used, &err));
    assert_true(used);
    ok(login_revoke(db, family, owner->id, T0 + 3, &err));
    ok(refresh_token_find(db, b.token_hash, &got, &err));
    assert_true(got.revoked_at == T0 + 3);
    memset(got.token_hash, 9, 32);
    fails(refresh_token_find(db, got.token_hash, &got, &err), STATUS_NOT_FOUND, "not_found");
    fails(refresh_token_insert(db, &a, &err), STATUS_CONFLICT, "unique_violation");
    ok(refresh_token_purge(db, T0 + 1000, &n, &err));
    assert_int_equal(n, 0);
    ok(refresh_token_purge(db, T0 + 1001, &n, &err));
    assert_int_equal(n, 2);
}

static void test_logins(void **state)
{
    (void)state;
    struct user *other = user_make("b@example.org", ROLE_REVIEWER);
    struct id first = login_make(owner->id, T0 + 1000).id, second = login_make(owner->id, T0 + 2000).id;
    struct id foreign = login_make(other->id, T0 + 2000).id;
    struct login_owner who = {0};
    struct page page = {0};
    int64_t n = 0;
    ok(login_find_owner(db, foreign, other->id, T0, &who, &err));
    assert_true(who.role == ROLE_REVIEWER && who.is_active);
    fails(login_find_owner(db, foreign, owner->id, T0, &who, &err), STATUS_NOT_FOUND, "not_found");
    ok(login_find_owner(db, first, owner->id, T0 + 999, &who, &err));
    fails(login_find_owner(db, first, owner->id, T0 + 1000, &who, &err), STATUS_NOT_FOUND, "not_found");
    ok(login_list(db, owner->id, T0, (struct paging){1, 10}, arena, &page, &err));
    assert_int_equal(page.total, 2);
    assert_true(id_equal(((struct login_session *)page.items.items)[0].id, second)); /* newest first */
    assert_string_equal(((struct login_session *)page.items.items)[1].user_agent, "Browser");
    ok(login_list(db, owner->id, T0 + 1000, (struct paging){1, 10}, arena, &page, &err));
    assert_int_equal(page.total, 1);
    ok(login_touch(db, second, T0 + 5, &err));
    fails(login_touch(db, first, T0 + 1000, &err), STATUS_NOT_FOUND, "not_found");
    fails(login_revoke(db, second, other->id, T0, &err), STATUS_NOT_FOUND, "not_found"); /* not theirs to end */
    ok(login_revoke_others(db, owner->id, second, T0 + 6, &n, &err));
    assert_int_equal(n, 1);
    ok(login_list(db, owner->id, T0, (struct paging){1, 10}, arena, &page, &err));
    assert_true(page.total == 1 && ((struct login_session *)page.items.items)[0].last_used_at == T0 + 5);
    ok(login_revoke_others(db, owner->id, (struct id){0}, T0 + 7, &n, &err));
    assert_int_equal(n, 1);
    fails(login_find_owner(db, second, owner->id, T0, &who, &err), STATUS_NOT_FOUND, "not_found");
    fails(login_revoke(db, second, owner->id, T0, &err), STATUS_NOT_FOUND, "not_found"); /* once */
    ok(login_find_owner(db, foreign, other->id, T0, &who, &err));
    ok(login_purge(db, T0 + 2000, &n, &err));
    assert_int_equal(n, 1);
}

static struct account_link link_make(enum link_kind kind, uint8_t byte, int64_t created_at)
{
    struct account_link l = {
        .id = id_new(), .user_id = owner->id, .kind = kind, .created_at = created_at, .expires_at = created_at + 1000};
    memset(l.token_hash, byte, sizeof l.token_hash);
    ok(link_insert(db, &l, &err));
    return l;
}

static void test_links(void **state)
{
    (void)state;
    struct account_link a = link_make(LINK_PASSWORD_RESET, 1, T0), b = link_make(LINK_PASSWORD_RESET, 2, T0 + 1),
                        c = link_make(LINK_INVITATION, 3, T0 + 2), got;
    uint8_t other[32] = {4};
    bool used = false;
    int64_t n = 0;
    ok(link_find_by_hash(db, a.token_hash, &got, &err));
    assert_true(id_equal(got.id, a.id) && got.kind == LINK_PASSWORD_RESET && got.used_at == 0);
    assert_true(got.expires_at == T0 + 1000 && id_equal(got.user_id, owner->id));
    fails(link_find_by_hash(db, other, &got, &err), STATUS_NOT_FOUND, "not_found");
    ok(link_find_newest(db, owner->id, LINK_PASSWORD_RESET, &got, &err));
    assert_true(id_equal(got.id, b.id));
    ok(link_take(db, b.id, T0 + 1001, &used, &err)); /* expired */
    assert_false(used);
    ok(link_take(db, b.id, T0 + 1000, &used, &err));
    assert_true(used);
    ok(link_take(db, b.id, T0 + 1000, &used, &err));
    assert_false(used);
    ok(link_find_newest(db, owner->id, LINK_PASSWORD_RESET, &got, &err));
    assert_true(id_equal(got.id, a.id));
    ok(link_renew(db, a.id, other, T0 + 5000, &err));
    fails(link_renew(db, b.id, other, T0 + 5000, &err), STATUS_NOT_FOUND, "not_found"); /* used */
    ok(link_find_by_hash(db, other, &got, &err));
    assert_true(id_equal(got.id, a.id) && got.expires_at == T0 + 5000);
    ok(link_end(db, owner->id, LINK_PASSWORD_RESET, T0 + 10, &err));
    ok(link_find(db, a.id, &got, &err));
    assert_true(got.expires_at == T0 + 10);
    ok(link_find(db, c.id, &got, &err));
    assert_true(got.expires_at == T0 + 1002);
    ok(link_end_all(db, owner->id, T0 + 20, &err));
    ok(link_find(db, c.id, &got, &err));
    assert_true(got.expires_at == T0 + 20);
    ok(link_find(db, a.id, &got, &err));
    assert_true(got.expires_at == T0 + 10); /* not lengthened */
    ok(link_purge(db, T0 + 20, &n, &err));
    assert_int_equal(n, 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {TEST(test_users),  TEST(test_lists),  TEST(test_changes), TEST(test_deleting),
                                       TEST(test_tokens), TEST(test_logins), TEST(test_links)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
