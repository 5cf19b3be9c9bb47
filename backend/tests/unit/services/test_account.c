#include "unit/services/people.h"

static struct user *ada;

static void two_log_ins(struct tokens **one, struct tokens **two)
{
    ada = user_made(EMAIL, ROLE_RECRUITER);
    *one = logged_in(EMAIL);
    *two = logged_in(EMAIL);
}

static void a_name_is_changed_and_an_address_with_the_password(void **state)
{
    (void)state;
    struct tokens *here_now, *other;
    struct user *u = NULL;
    two_log_ins(&here_now, &other);
    const struct actor me = caller_of(here_now);
    struct account_update in = {.full_name = "Ada Other"};
    in.presence.given = GIVEN(account_update_model, "full_name");
    ok(account_update_me(s, me, &in, 0, arena, &u, &err));
    assert_string_equal(u->full_name, "Ada Other");
    assert_string_equal(u->email, EMAIL);
    in.email = "new@example.org";
    in.presence.given = GIVEN(account_update_model, "email");
    fails_at(account_update_me(s, me, &in, 0, arena, &u, &err), STATUS_INVALID, "password_wrong", "current_password");
    in.current_password = "nonsense";
    fails_at(account_update_me(s, me, &in, 0, arena, &u, &err), STATUS_INVALID, "password_wrong", "current_password");
    in.current_password = PASSWORD;
    ok(account_update_me(s, me, &in, 0, arena, &u, &err));
    assert_string_equal(u->email, "new@example.org");
    assert_string_equal(u->full_name, "Ada Other");
    logged_in("new@example.org");
    in.current_password = NULL; /* the same address again is no change */
    ok(account_update_me(s, me, &in, 0, arena, &u, &err));
    user_made("b@example.org", ROLE_ADMIN);
    in.email = "b@example.org";
    in.current_password = PASSWORD;
    fails_at(account_update_me(s, me, &in, 0, arena, &u, &err), STATUS_CONFLICT, "email_taken", "email");
    assert_int_equal(one_int(s->db, "SELECT COUNT(*) FROM audit_log WHERE details = '{\"fields\":[\"email\"]}'"), 2);
}

static void a_change_for_another_version_is_refused(void **state)
{
    (void)state;
    struct tokens *one, *two;
    struct user *u = NULL;
    two_log_ins(&one, &two);
    struct account_update in = {.full_name = "Ada Other"};
    in.presence.given = GIVEN(account_update_model, "full_name");
    ok(account_update_me(s, caller_of(one), &in, ada->updated_at, arena, &u, &err));
    assert_true(u->updated_at > ada->updated_at);
    fails(account_update_me(s, caller_of(two), &in, ada->updated_at, arena, &u, &err), STATUS_PRECONDITION,
          "changed_meanwhile");
}

static void a_new_password_ends_all_other_log_ins(void **state)
{
    (void)state;
    struct tokens *one, *two, *t = NULL;
    two_log_ins(&one, &two);
    struct password_change in = {.current_password = "nonsense", .new_password = "staple battery horse"};
    fails_at(account_change_password(s, caller_of(one), &in, &err), STATUS_INVALID, "password_wrong",
             "current_password");
    assert_true(is_alive(two));
    in.current_password = PASSWORD;
    ok(account_change_password(s, caller_of(one), &in, &err));
    assert_true(is_alive(one));
    assert_false(is_alive(two));
    fails(auth_login(s, EMAIL, PASSWORD, &here, arena, &t, &err), STATUS_UNAUTHENTICATED, "login_failed");
    ok(auth_login(s, EMAIL, "staple battery horse", &here, arena, &t, &err));
    assert_int_equal(audited("auth.password_change"), 1);
}

static void log_ins_are_listed_and_ended(void **state)
{
    (void)state;
    struct tokens *one, *two;
    struct page page = {0};
    two_log_ins(&one, &two);
    const struct actor me = caller_of(one), other = caller_of(two);
    user_made("b@example.org", ROLE_ADMIN);
    struct tokens *foreign = logged_in("b@example.org");
    ok(account_logins(s, me, (struct paging){1, 10}, arena, &page, &err));
    assert_int_equal(page.total, 2);
    fails(account_end_login(s, me, caller_of(foreign).login_id, &err), STATUS_NOT_FOUND, "not_found");
    assert_true(is_alive(foreign));
    ok(account_end_login(s, me, other.login_id, &err));
    assert_false(is_alive(two));
    fails(account_end_login(s, me, other.login_id, &err), STATUS_NOT_FOUND, "not_found");
    struct tokens *three = logged_in(EMAIL), *four = logged_in(EMAIL);
    ok(account_end_other_logins(s, me, &err));
    assert_true(is_alive(one) && is_alive(foreign));
    assert_false(is_alive(three) || is_alive(four));
    ok(account_logins(s, me, (struct paging){1, 10}, arena, &page, &err));
    assert_int_equal(page.total, 1);
    ok(account_end_login(s, me, me.login_id, &err)); /* one's own is a log-out */
    assert_false(is_alive(one));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_name_is_changed_and_an_address_with_the_password),
        TEST(a_change_for_another_version_is_refused),
        TEST(a_new_password_ends_all_other_log_ins),
        TEST(log_ins_are_listed_and_ended),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
