#include "unit/services/people.h"

#include "services/user.h"

#include <pthread.h>

static struct user_update update_of(const char *field)
{
    struct user_update in = {.email = "new@example.org", .full_name = "Other", .role = ROLE_REVIEWER};
    in.presence.given = GIVEN(user_update_model, field);
    return in;
}

static struct actor the_admin(void)
{
    user_made("admin@example.org", ROLE_ADMIN);
    return caller_of(logged_in("admin@example.org"));
}

static struct user *changed_to(struct actor who, const struct user *u, struct user_update in)
{
    struct user *out = NULL;
    ok(user_service_update(s, who, u->id, &in, 0, arena, &out, &err));
    return out;
}

static void a_change_is_of_what_is_given(void **state)
{
    (void)state;
    const struct actor admin = the_admin();
    struct user *u = user_made(EMAIL, ROLE_RECRUITER), *got = NULL;
    got = changed_to(admin, u, update_of("full_name"));
    assert_string_equal(got->full_name, "Other");
    assert_true(got->role == ROLE_RECRUITER && got->is_active && !strcmp(got->email, EMAIL));
    got = changed_to(admin, u, update_of("email"));
    assert_string_equal(got->email, "new@example.org");
    struct user_update in = update_of("role");
    fails(user_service_update(s, admin, u->id, &in, T0, arena, &got, &err), STATUS_PRECONDITION, "changed_meanwhile");
    ok(user_service_update(s, admin, u->id, &in, got->updated_at, arena, &got, &err));
    assert_int_equal(got->role, ROLE_REVIEWER);
    assert_int_equal(audited("user.role"), 1);
    fails(user_service_update(s, admin, id_new(), &in, 0, arena, &got, &err), STATUS_NOT_FOUND, "not_found");
    user_made("b@example.org", ROLE_RECRUITER);
    in = update_of("email");
    in.email = "b@example.org";
    fails_at(user_service_update(s, admin, u->id, &in, 0, arena, &got, &err), STATUS_CONFLICT, "email_taken", "email");
}

static void a_role_holds_from_the_next_request_on(void **state)
{
    (void)state;
    const struct actor admin = the_admin();
    struct user *u = user_made(EMAIL, ROLE_ADMIN);
    struct tokens *t = logged_in(EMAIL);
    struct auth_caller who;
    changed_to(admin, u, update_of("role"));
    ok(auth_access(s, t->access_token, &who, &err));
    assert_int_equal(who.role, ROLE_REVIEWER);
}

static void a_disabled_account_is_out_at_once_and_for_all_its_log_ins(void **state)
{
    (void)state;
    const struct actor admin = the_admin();
    struct user *u = user_made(EMAIL, ROLE_RECRUITER);
    struct tokens *t = logged_in(EMAIL), *none = NULL;
    struct user_update in = update_of("is_active");
    assert_false(changed_to(admin, u, in)->is_active);
    assert_false(is_alive(t));
    assert_int_equal(audited("user.disable"), 1);
    in.is_active = true;
    assert_true(changed_to(admin, u, in)->is_active);
    assert_false(is_alive(t)); /* it ended; it does not come back */
    fails(auth_refresh(s, t->refresh_token, &here, arena, &none, &err), STATUS_UNAUTHENTICATED, "refresh_invalid");
    logged_in(EMAIL);
    assert_int_equal(audited("user.enable"), 1);
    fails(user_service_update(s, admin, admin.user_id, &(struct user_update){.presence = in.presence}, 0, arena, &u,
                              &err),
          STATUS_CONFLICT, "own_account");
}

static void the_last_administrator_stays_one(void **state)
{
    (void)state;
    const struct actor admin = the_admin();
    struct user *b = user_made(EMAIL, ROLE_ADMIN), *u = NULL;
    struct user_update demote = update_of("role"), disable = update_of("is_active");
    struct actor other = caller_of(logged_in(EMAIL));
    changed_to(admin, b, disable); /* there is one left, the caller */
    fails(user_service_update(s, admin, admin.user_id, &demote, 0, arena, &u, &err), STATUS_CONFLICT, "last_admin");
    fails(user_service_update(s, other, admin.user_id, &disable, 0, arena, &u, &err), STATUS_CONFLICT, "last_admin");
    fails(user_service_delete(s, other, admin.user_id, &err), STATUS_CONFLICT, "last_admin");
    ok(user_service_delete(s, admin, b->id, &err)); /* a disabled one may go */
    user_made("c@example.org", ROLE_ADMIN);
    ok(user_service_update(s, admin, admin.user_id, &demote, 0, arena, &u, &err));
    assert_int_equal(one_int(s->db, "SELECT COUNT(*) FROM users WHERE role = 'admin' AND is_active = 1"), 1);
}

struct rival {
    struct services services;
    struct actor who;
    struct id victim;
    pthread_barrier_t *start;
    enum status st;
    struct error err;
};

static void *strike(void *arg)
{
    struct rival *r = arg;
    cleanup(arena_freep) struct arena *a = arena_new(1u << 20);
    const struct user_update demote = update_of("role");
    struct user *u = NULL;
    pthread_barrier_wait(r->start);
    r->st = user_service_update(&r->services, r->who, r->victim, &demote, 0, a, &u, &r->err);
    return NULL;
}

static void two_administrators_who_demote_each_other_leave_one(void **state)
{
    (void)state;
    struct user *u[2] = {user_made(EMAIL, ROLE_ADMIN), user_made("b@example.org", ROLE_ADMIN)};
    struct rival r[2] = {0};
    pthread_t threads[2];
    pthread_barrier_t start;
    pthread_barrier_init(&start, NULL, 2);
    for (int i = 0; i < 2; i++) {
        r[i] = (struct rival){.services = second_connection(),
                              .who = {.user_id = u[i]->id, .is_admin = true},
                              .victim = u[1 - i]->id,
                              .start = &start};
        assert_int_equal(pthread_create(&threads[i], NULL, strike, &r[i]), 0);
    }
    for (int i = 0; i < 2; i++) {
        pthread_join(threads[i], NULL);
        db_close(r[i].services.db);
    }
    pthread_barrier_destroy(&start);
    assert_true((r[0].st == STATUS_OK) != (r[1].st == STATUS_OK));
    assert_string_equal(r[r[0].st == STATUS_OK].err.code, "last_admin");
}

static void deleting_waits_until_the_interviews_are_somebody_elses(void **state)
{
    (void)state;
    const struct actor admin = the_admin();
    const struct actor owner = recruiter_make(EMAIL);
    struct error why = {0};
    interview_make(owner, 1);
    interview_make(owner, 0);
    assert_int_equal(user_service_delete(s, admin, owner.user_id, &why), STATUS_CONFLICT);
    assert_string_equal(why.code, "owns_interviews");
    assert_string_equal(why.details, "{\"interviews\": 2}");
    ok(db_exec(s->db, "UPDATE interview_configs SET owner_id = (SELECT id FROM users WHERE role = 'admin')", &err));
    ok(user_service_delete(s, admin, owner.user_id, &err));
    fails(user_service_delete(s, admin, owner.user_id, &err), STATUS_NOT_FOUND, "not_found");
    assert_int_equal(one_int(s->db, "SELECT COUNT(*) FROM logins"), 1); /* the administrator's */
    assert_int_equal(audited("user.delete"), 1);
    fails(user_service_delete(s, admin, admin.user_id, &err), STATUS_CONFLICT, "own_account");
}

static void a_forced_log_out_ends_every_log_in(void **state)
{
    (void)state;
    const struct actor admin = the_admin();
    struct user *u = user_made(EMAIL, ROLE_RECRUITER);
    struct tokens *one = logged_in(EMAIL), *two = logged_in(EMAIL);
    ok(user_service_logout(s, admin, u->id, &err));
    assert_false(is_alive(one) || is_alive(two));
    logged_in(EMAIL); /* the door is not shut */
    fails(user_service_logout(s, admin, id_new(), &err), STATUS_NOT_FOUND, "not_found");
    assert_int_equal(audited("user.logout"), 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_change_is_of_what_is_given),
        TEST(a_role_holds_from_the_next_request_on),
        TEST(a_disabled_account_is_out_at_once_and_for_all_its_log_ins),
        TEST(the_last_administrator_stays_one),
        TEST(two_administrators_who_demote_each_other_leave_one),
        TEST(deleting_waits_until_the_interviews_are_somebody_elses),
        TEST(a_forced_log_out_ends_every_log_in),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
