#include "unit/services/stage.h"

#include "repositories/token_repository.h"

#include <pthread.h>

#define EMAIL    "ada@example.org"
#define PASSWORD "correct horse battery"

static struct user_create create_of(const char *email)
{
    return (struct user_create){.email = email, .password = PASSWORD, .full_name = "Ada Example"};
}

static struct user_create create_with_role(const char *email, int role)
{
    struct user_create in = create_of(email);
    in.role = role;
    in.presence.given = 1ull << (model_field(&user_create_model, "role") - user_create_model.fields);
    return in;
}

static struct user *first_user(void)
{
    const struct user_create in = create_of(EMAIL);
    struct user *u = NULL;
    ok(auth_register(s, &in, false, arena, &u, &err));
    return u;
}

static struct tokens *log_in(void)
{
    struct tokens *t = NULL;
    ok(auth_login(s, EMAIL, PASSWORD, arena, &t, &err));
    return t;
}

static struct tokens *refresh(const char *token)
{
    struct tokens *t = NULL;
    ok(auth_refresh(s, token, arena, &t, &err));
    return t;
}

#define refused(token, code)                                                                                           \
    do {                                                                                                               \
        struct tokens *none_ = NULL;                                                                                   \
        fails_at(auth_refresh(s, (token), arena, &none_, &err), STATUS_UNAUTHENTICATED, (code), "refresh_token");      \
        assert_null(none_);                                                                                            \
    } while (0)

static void the_first_user_is_an_administrator_and_the_door_then_shuts(void **state)
{
    (void)state;
    bool first = false;
    struct user *u = NULL;
    const struct user_create wants_less = create_with_role(EMAIL, ROLE_REVIEWER), second = create_of("b@example.org");
    ok(auth_needs_first_user(s, &first, &err));
    assert_true(first);
    ok(auth_register(s, &wants_less, false, arena, &u, &err));
    assert_int_equal(u->role, ROLE_ADMIN);
    assert_null(u->password_hash); /* not handed to whoever prints it */
    ok(auth_needs_first_user(s, &first, &err));
    assert_false(first);
    u = NULL;
    fails(auth_register(s, &second, false, arena, &u, &err), STATUS_FORBIDDEN, "registration_closed");
    assert_null(u);
}

static void an_administrator_makes_accounts_of_any_role(void **state)
{
    (void)state;
    struct user *u = NULL;
    first_user();
    const struct user_create plain = create_of("b@example.org"),
                             reviewer = create_with_role("c@example.org", ROLE_REVIEWER);
    ok(auth_register(s, &plain, true, arena, &u, &err));
    assert_int_equal(u->role, ROLE_RECRUITER);
    ok(auth_register(s, &reviewer, true, arena, &u, &err));
    assert_int_equal(u->role, ROLE_REVIEWER);
    fails_at(auth_register(s, &plain, true, arena, &u, &err), STATUS_CONFLICT, "email_taken", "email");
}

struct racer {
    struct services services;
    char email[32];
    pthread_barrier_t *start;
    enum status st;
    struct error err;
};

static void *race(void *arg)
{
    struct racer *r = arg;
    cleanup(arena_freep) struct arena *a = arena_new(1u << 20);
    const struct user_create in = create_of(r->email);
    struct user *u = NULL;
    pthread_barrier_wait(r->start);
    r->st = auth_register(&r->services, &in, false, a, &u, &r->err);
    return NULL;
}

static void two_connections_make_one_first_user(void **state)
{
    (void)state;
    struct racer r[4] = {0};
    pthread_t threads[COUNT(r)];
    pthread_barrier_t start;
    size_t won = 0;
    pthread_barrier_init(&start, NULL, COUNT(r));
    for (size_t i = 0; i < COUNT(r); i++) {
        r[i].services = second_connection();
        r[i].start = &start;
        snprintf(r[i].email, sizeof r[i].email, "racer%zu@example.org", i);
        assert_int_equal(pthread_create(&threads[i], NULL, race, &r[i]), 0);
    }
    for (size_t i = 0; i < COUNT(r); i++) {
        pthread_join(threads[i], NULL);
        won += r[i].st == STATUS_OK;
        if (r[i].st != STATUS_OK)
            assert_string_equal(r[i].err.code, "registration_closed");
        db_close(r[i].services.db);
    }
    pthread_barrier_destroy(&start);
    assert_int_equal(won, 1);
    assert_int_equal(one_int(s->db, "SELECT COUNT(*) FROM users"), 1);
}

static void log_in_gives_tokens_that_tell_who(void **state)
{
    (void)state;
    struct user *u = first_user(), *me = NULL;
    struct tokens *t = NULL;
    struct id who;
    enum role role;
    ok(auth_login(s, "Ada@EXAMPLE.org", PASSWORD, arena, &t, &err)); /* addresses have no case */
    assert_string_equal(t->token_type, "bearer");
    assert_int_equal(t->expires_in, 900);
    assert_string_equal(t->user->email, EMAIL);
    ok(auth_access(s, t->access_token, &who, &role, &err));
    assert_true(id_equal(who, u->id));
    assert_int_equal(role, ROLE_ADMIN);
    ok(auth_me(s, who, arena, &me, &err));
    assert_string_equal(me->email, EMAIL);
    assert_int_equal(one_int(s->db, "SELECT COUNT(*) FROM refresh_tokens"), 1);
}

static void a_wrong_password_and_an_unknown_address_look_alike(void **state)
{
    (void)state;
    struct tokens *t = NULL;
    struct error wrong = {0}, unknown = {0};
    first_user();
    assert_int_equal(auth_login(s, EMAIL, "correct horse batterx", arena, &t, &wrong), STATUS_UNAUTHENTICATED);
    assert_int_equal(auth_login(s, "b@example.org", PASSWORD, arena, &t, &unknown), STATUS_UNAUTHENTICATED);
    assert_string_equal(wrong.code, "login_failed");
    assert_memory_equal(&wrong, &unknown, sizeof wrong);
    fails(auth_login(s, "", "", arena, &t, &err), STATUS_UNAUTHENTICATED, "login_failed");
    fails(auth_login(s, "' OR 1=1 --", PASSWORD, arena, &t, &err), STATUS_UNAUTHENTICATED, "login_failed");
    assert_null(t);
}

static void an_inactive_account_is_shut_out_everywhere(void **state)
{
    (void)state;
    struct user *u = first_user();
    struct tokens *t = log_in(), *none = NULL;
    struct id who;
    enum role role;
    const char *ticket = NULL;
    ok(auth_media_ticket(s, u->id, "/m", arena, &ticket, &err));
    ok(user_set_access(s->db, u->id, ROLE_ADMIN, false, T0, &err));
    fails(auth_login(s, EMAIL, PASSWORD, arena, &none, &err), STATUS_UNAUTHENTICATED, "login_failed");
    fails(auth_access(s, t->access_token, &who, &role, &err), STATUS_UNAUTHENTICATED, "token_invalid");
    fails(auth_media_check(s, ticket, "/m", &who, &err), STATUS_UNAUTHENTICATED, "token_invalid");
    refused(t->refresh_token, "refresh_invalid");
    /* ... and the refusal did not use the token up */
    ok(user_set_access(s->db, u->id, ROLE_ADMIN, true, T0, &err));
    refresh(t->refresh_token);
}

static void a_role_is_read_from_the_database_not_from_the_token(void **state)
{
    (void)state;
    struct user *u = first_user();
    struct tokens *t = log_in();
    struct id who;
    enum role role;
    ok(user_set_access(s->db, u->id, ROLE_REVIEWER, true, T0, &err));
    ok(auth_access(s, t->access_token, &who, &role, &err));
    assert_int_equal(role, ROLE_REVIEWER);
}

static void access_tokens_end(void **state)
{
    (void)state;
    struct id who;
    enum role role;
    first_user();
    struct tokens *t = log_in();
    clock_fake_advance(&fake, 899 * 1000);
    ok(auth_access(s, t->access_token, &who, &role, &err));
    clock_fake_advance(&fake, 1000);
    fails(auth_access(s, t->access_token, &who, &role, &err), STATUS_UNAUTHENTICATED, "token_expired");
}

static void refresh_tokens_rotate(void **state)
{
    (void)state;
    struct id who;
    enum role role;
    first_user();
    struct tokens *first = log_in();
    clock_fake_advance(&fake, 20 * MINUTE);
    struct tokens *second = refresh(first->refresh_token);
    assert_string_not_equal(first->refresh_token, second->refresh_token);
    ok(auth_access(s, second->access_token, &who, &role, &err));
    struct tokens *third = refresh(second->refresh_token);
    assert_string_not_equal(second->refresh_token, third->refresh_token);
}

static void a_used_token_that_comes_again_ends_its_log_in_but_no_other(void **state)
{
    (void)state;
    first_user();
    struct tokens *first = log_in(), *elsewhere = log_in();
    struct tokens *second = refresh(first->refresh_token), *third = refresh(second->refresh_token);
    refused(first->refresh_token, "refresh_reused");
    refused(third->refresh_token, "refresh_invalid");
    refused(second->refresh_token, "refresh_invalid");
    refresh(elsewhere->refresh_token);
}

static void of_two_refreshes_at_once_one_wins_and_the_log_in_ends(void **state)
{
    (void)state;
    struct services other = second_connection();
    struct tokens *t = NULL;
    first_user();
    struct tokens *first = log_in();
    ok(auth_refresh(&other, first->refresh_token, arena, &t, &err));
    refused(first->refresh_token, "refresh_reused");
    refused(t->refresh_token, "refresh_invalid");
    db_close(other.db);
}

static void refresh_tokens_end(void **state)
{
    (void)state;
    first_user();
    struct tokens *t = log_in();
    fake.unix_ms = T0 + 14 * 86400 * INT64_C(1000) - 1;
    struct tokens *next = refresh(t->refresh_token);
    fake.unix_ms += 14 * 86400 * INT64_C(1000);
    refused(next->refresh_token, "refresh_expired");
    refused(t->refresh_token, "refresh_reused"); /* used and expired: still a replay */
}

static void nonsense_is_no_refresh_token(void **state)
{
    (void)state;
    first_user();
    struct tokens *t = log_in();
    refused("", "refresh_invalid");
    refused("nonsense", "refresh_invalid");
    refused(t->access_token, "refresh_invalid");
    char *flipped = arena_strdup(arena, t->refresh_token);
    flipped[0] = flipped[0] == 'A' ? 'B' : 'A';
    refused(flipped, "refresh_invalid");
    refresh(t->refresh_token);
}

static void log_out_ends_the_log_in(void **state)
{
    (void)state;
    first_user();
    struct tokens *t = log_in(), *elsewhere = log_in();
    struct tokens *next = refresh(t->refresh_token);
    ok(auth_logout(s, t->refresh_token, &err)); /* also with one that was used */
    refused(next->refresh_token, "refresh_invalid");
    refresh(elsewhere->refresh_token);
    ok(auth_logout(s, "nonsense", &err));
    ok(auth_logout(s, t->refresh_token, &err));
}

static void tokens_are_kept_as_hashes_only(void **state)
{
    (void)state;
    char sql[300];
    first_user();
    struct tokens *t = log_in();
    snprintf(sql, sizeof sql, "SELECT COUNT(*) FROM refresh_tokens WHERE instr(CAST(token_hash AS TEXT), '%s')",
             t->refresh_token);
    assert_int_equal(one_int(s->db, sql), 0);
    cleanup(freep) char *file = NULL;
    size_t len = 0;
    ok(db_exec(s->db, "PRAGMA wal_checkpoint(TRUNCATE)", &err));
    ok(file_read(temp_path("stage.db"), 64u << 20, &file, &len, &err));
    assert_null(memmem(file, len, t->refresh_token, strlen(t->refresh_token)));
    assert_null(memmem(file, len, PASSWORD, strlen(PASSWORD)));
    assert_non_null(memmem(file, len, EMAIL, strlen(EMAIL)));
}

static void imported_bcrypt_hashes_are_rehashed_at_the_log_in(void **state)
{
    (void)state;
    static const char bcrypt[] = "$2b$05$abcdefghijklmnopqrstuuHNbAKRhpaujgo33bRWs.NLUTJO3lOy2"; /* "correct horse" */
    struct user *u = first_user(), *now = NULL;
    struct tokens *t = NULL;
    ok(user_set_password_hash(s->db, u->id, bcrypt, T0, &err));
    fails(auth_login(s, EMAIL, "wrong horse", arena, &t, &err), STATUS_UNAUTHENTICATED, "login_failed");
    ok(user_find(s->db, u->id, arena, &now, &err));
    assert_string_equal(now->password_hash, bcrypt); /* only a good log-in rehashes */
    ok(auth_login(s, EMAIL, "correct horse", arena, &t, &err));
    ok(user_find(s->db, u->id, arena, &now, &err));
    assert_true(!strncmp(now->password_hash, "$argon2id$", 10));
    ok(auth_login(s, EMAIL, "correct horse", arena, &t, &err));
}

static void a_media_ticket_is_for_one_path_and_a_while(void **state)
{
    (void)state;
    static const char path[] = "/api/v1/sessions/1/answers/2/recordings/0/media";
    struct user *u = first_user();
    struct tokens *t = log_in();
    struct id who;
    enum role role;
    const char *ticket = NULL;
    ok(auth_media_ticket(s, u->id, path, arena, &ticket, &err));
    ok(auth_media_check(s, ticket, path, &who, &err));
    assert_true(id_equal(who, u->id));
    fails(auth_media_check(s, ticket, "/api/v1/sessions/1/answers/2/recordings/1/media", &who, &err),
          STATUS_UNAUTHENTICATED, "token_invalid");
    fails(auth_media_check(s, ticket, "", &who, &err), STATUS_UNAUTHENTICATED, "token_invalid");
    /* neither kind of token stands for the other */
    fails(auth_media_check(s, t->access_token, path, &who, &err), STATUS_UNAUTHENTICATED, "token_invalid");
    fails(auth_access(s, ticket, &who, &role, &err), STATUS_UNAUTHENTICATED, "token_invalid");
    clock_fake_advance(&fake, 7200 * 1000);
    fails(auth_media_check(s, ticket, path, &who, &err), STATUS_UNAUTHENTICATED, "token_expired");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(the_first_user_is_an_administrator_and_the_door_then_shuts),
        TEST(an_administrator_makes_accounts_of_any_role),
        TEST(two_connections_make_one_first_user),
        TEST(log_in_gives_tokens_that_tell_who),
        TEST(a_wrong_password_and_an_unknown_address_look_alike),
        TEST(an_inactive_account_is_shut_out_everywhere),
        TEST(a_role_is_read_from_the_database_not_from_the_token),
        TEST(access_tokens_end),
        TEST(refresh_tokens_rotate),
        TEST(a_used_token_that_comes_again_ends_its_log_in_but_no_other),
        TEST(of_two_refreshes_at_once_one_wins_and_the_log_in_ends),
        TEST(refresh_tokens_end),
        TEST(nonsense_is_no_refresh_token),
        TEST(log_out_ends_the_log_in),
        TEST(tokens_are_kept_as_hashes_only),
        TEST(imported_bcrypt_hashes_are_rehashed_at_the_log_in),
        TEST(a_media_ticket_is_for_one_path_and_a_while),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
