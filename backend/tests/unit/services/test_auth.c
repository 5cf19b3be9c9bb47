#include "unit/services/people.h"

#include "repositories/token_repository.h"

#include <pthread.h>

static const struct actor nobody = {0}, administrator = {.is_admin = true};

static struct user *first_user(void)
{
    const struct user_create in = create_of(EMAIL);
    struct user *u = NULL;
    ok(auth_register(s, nobody, &in, arena, &u, &err));
    return u;
}

static struct tokens *log_in(void)
{
    return logged_in(EMAIL);
}

static void set_access(struct user *u, enum role role, bool active)
{
    u->role = role;
    u->is_active = active;
    ok(user_update(s->db, u, &err));
}

static struct tokens *refresh(const char *token)
{
    struct tokens *t = NULL;
    ok(auth_refresh(s, token, &here, arena, &t, &err));
    return t;
}

#define refused(token, code)                                                                                           \
    do {                                                                                                               \
        struct tokens *none_ = NULL;                                                                                   \
        fails_at(auth_refresh(s, (token), &here, arena, &none_, &err), STATUS_UNAUTHENTICATED, (code),                 \
                 "refresh_token");                                                                                     \
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
    ok(auth_register(s, nobody, &wants_less, arena, &u, &err));
    assert_int_equal(u->role, ROLE_ADMIN);
    assert_null(u->password_hash); /* not handed to whoever prints it */
    ok(auth_needs_first_user(s, &first, &err));
    assert_false(first);
    u = NULL;
    fails(auth_register(s, nobody, &second, arena, &u, &err), STATUS_FORBIDDEN, "registration_closed");
    assert_null(u);
}

static void an_administrator_makes_accounts_of_any_role(void **state)
{
    (void)state;
    struct user *u = NULL;
    first_user();
    const struct user_create plain = create_of("b@example.org"),
                             reviewer = create_with_role("c@example.org", ROLE_REVIEWER);
    ok(auth_register(s, administrator, &plain, arena, &u, &err));
    assert_int_equal(u->role, ROLE_RECRUITER);
    ok(auth_register(s, administrator, &reviewer, arena, &u, &err));
    assert_int_equal(u->role, ROLE_REVIEWER);
    fails_at(auth_register(s, administrator, &plain, arena, &u, &err), STATUS_CONFLICT, "email_taken", "email");
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
    r->st = auth_register(&r->services, nobody, &in, a, &u, &r->err);
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
    struct auth_caller who;
    ok(auth_login(s, "Ada@EXAMPLE.org", PASSWORD, &here, arena, &t, &err)); /* addresses have no case */
    assert_string_equal(t->token_type, "bearer");
    assert_int_equal(t->expires_in, 900);
    assert_string_equal(t->user->email, EMAIL);
    ok(auth_access(s, t->access_token, &who, &err));
    assert_true(id_equal(who.user_id, u->id));
    assert_int_equal(who.role, ROLE_ADMIN);
    ok(account_me(s, (struct actor){.user_id = who.user_id}, arena, &me, &err));
    assert_string_equal(me->email, EMAIL);
    assert_int_equal(one_int(s->db, "SELECT COUNT(*) FROM refresh_tokens"), 1);
}

static void a_wrong_password_and_an_unknown_address_look_alike(void **state)
{
    (void)state;
    struct tokens *t = NULL;
    struct error wrong = {0}, unknown = {0};
    first_user();
    assert_int_equal(auth_login(s, EMAIL, "correct horse batterx", &here, arena, &t, &wrong), STATUS_UNAUTHENTICATED);
    assert_int_equal(auth_login(s, "b@example.org", PASSWORD, &here, arena, &t, &unknown), STATUS_UNAUTHENTICATED);
    assert_string_equal(wrong.code, "login_failed");
    assert_memory_equal(&wrong, &unknown, sizeof wrong);
    fails(auth_login(s, "", "", &here, arena, &t, &err), STATUS_UNAUTHENTICATED, "login_failed");
    fails(auth_login(s, "' OR 1=1 --", PASSWORD, &here, arena, &t, &err), STATUS_UNAUTHENTICATED, "login_failed");
    assert_null(t);
}

static void an_inactive_account_is_shut_out_everywhere(void **state)
{
    (void)state;
    struct user *u = first_user();
    struct tokens *t = log_in(), *none = NULL;
    struct auth_caller who;
    const char *ticket = NULL;
    ok(auth_media_ticket(s, caller_of(t), "/m", arena, &ticket, &err));
    set_access(u, ROLE_ADMIN, false);
    fails(auth_login(s, EMAIL, PASSWORD, &here, arena, &none, &err), STATUS_UNAUTHENTICATED, "login_failed");
    fails(auth_access(s, t->access_token, &who, &err), STATUS_UNAUTHENTICATED, "token_invalid");
    fails(auth_media_check(s, ticket, "/m", &who, &err), STATUS_UNAUTHENTICATED, "token_invalid");
    refused(t->refresh_token, "refresh_invalid");
    /* ... and the refusal did not use the token up */
    set_access(u, ROLE_ADMIN, true);
    refresh(t->refresh_token);
}

static void a_role_is_read_from_the_database_not_from_the_token(void **state)
{
    (void)state;
    struct user *u = first_user();
    struct tokens *t = log_in();
    struct auth_caller who;
    set_access(u, ROLE_REVIEWER, true);
    ok(auth_access(s, t->access_token, &who, &err));
    assert_int_equal(who.role, ROLE_REVIEWER);
}

static void access_tokens_end(void **state)
{
    (void)state;
    struct auth_caller who;
    first_user();
    struct tokens *t = log_in();
    clock_fake_advance(&fake, 899 * 1000);
    ok(auth_access(s, t->access_token, &who, &err));
    clock_fake_advance(&fake, 1000);
    fails(auth_access(s, t->access_token, &who, &err), STATUS_UNAUTHENTICATED, "token_expired");
}

static void refresh_tokens_rotate(void **state)
{
    (void)state;
    struct auth_caller who;
    first_user();
    struct tokens *first = log_in();
    clock_fake_advance(&fake, 20 * MINUTE);
    struct tokens *second = refresh(first->refresh_token);
    assert_string_not_equal(first->refresh_token, second->refresh_token);
    ok(auth_access(s, second->access_token, &who, &err));
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
    ok(auth_refresh(&other, first->refresh_token, &here, arena, &t, &err));
    refused(first->refresh_token, "refresh_reused");
    refused(t->refresh_token, "refresh_invalid");
    db_close(other.db);
}

/* Fourteen days after it began, however often it was refreshed. */
static void a_log_in_ends_at_its_time(void **state)
{
    (void)state;
    struct auth_caller who;
    first_user();
    const int64_t end = T0 + 14 * 86400 * INT64_C(1000);
    struct tokens *t = log_in(), *used = t;
    for (int day = 1; day < 14; day++) {
        used = t;
        fake.unix_ms = T0 + day * 86400 * INT64_C(1000);
        t = refresh(t->refresh_token);
        assert_int_equal(t->expires_in, 900);
    }
    fake.unix_ms = end - 60000;
    used = t;
    t = refresh(t->refresh_token);
    assert_int_equal(t->expires_in, 60); /* what it gives out ends with it */
    fake.unix_ms = end - 1000;
    ok(auth_access(s, t->access_token, &who, &err));
    fake.unix_ms = end;
    fails(auth_access(s, t->access_token, &who, &err), STATUS_UNAUTHENTICATED, "token_expired");
    refused(t->refresh_token, "refresh_expired");
    refused(used->refresh_token, "refresh_reused"); /* used and expired: still a replay */
}

static void a_log_in_is_a_row_that_says_where_from(void **state)
{
    (void)state;
    struct page page = {0};
    struct tokens *t = NULL;
    char long_name[600];
    struct user *u = first_user();
    memset(long_name, 'x', sizeof long_name);
    memcpy(long_name + 198, "\xc3\xa9", 2);
    memcpy(long_name, "\r\n\x1b[31m", 7);
    long_name[sizeof long_name - 1] = '\0';
    const struct auth_client strange = {.user_agent = long_name, .address = "2001:db8::1"},
                             bytes = {.user_agent = "caf\xe9\x01", .address = NULL};
    ok(auth_login(s, EMAIL, PASSWORD, &strange, arena, &t, &err));
    clock_fake_advance(&fake, 1000);
    ok(auth_login(s, EMAIL, PASSWORD, &bytes, arena, &t, &err));
    ok(account_logins(s, caller_of(t), (struct paging){1, 10}, arena, &page, &err));
    const struct login_session *l = page.items.items;
    assert_int_equal(page.total, 2);
    assert_string_equal(l[0].user_agent, "caf? ");
    assert_string_equal(l[0].address, "");
    assert_true(l[0].current && !l[1].current);
    assert_int_equal(strlen(l[1].user_agent), 200);
    assert_true(!strncmp(l[1].user_agent, "   [31m", 7) && !strcmp(l[1].user_agent + 198, "\xc3\xa9"));
    assert_string_equal(l[1].address, "2001:db8::1");
    assert_true(l[1].created_at == T0 && l[1].expires_at == T0 + 14 * 86400 * INT64_C(1000));
    ok(user_find(s->db, u->id, arena, &u, &err));
    assert_true(u->last_login_at == T0 + 1000 && u->updated_at == T0); /* a log-in is no change of the account */
    assert_int_equal(audited("auth.login"), 2);
}

static void failures_are_noted_without_the_address_that_was_tried(void **state)
{
    (void)state;
    struct tokens *t = NULL;
    struct user *u = first_user();
    fails(auth_login(s, EMAIL, "wrong", &here, arena, &t, &err), STATUS_UNAUTHENTICATED, "login_failed");
    fails(auth_login(s, "zed@example.org", "wrong", &here, arena, &t, &err), STATUS_UNAUTHENTICATED, "login_failed");
    assert_int_equal(audited("auth.login_failed"), 2);
    assert_int_equal(one_int(s->db, "SELECT COUNT(*) FROM audit_log WHERE action = 'auth.login_failed' AND "
                                    "subject_id = (SELECT id FROM users)"),
                     1);
    assert_int_equal(one_int(s->db, "SELECT COUNT(*) FROM audit_log WHERE details LIKE '%example%'"), 0);
    assert_int_equal(one_int(s->db, "SELECT COUNT(*) FROM logins"), 0);
    assert_non_null(u);
}

static void ending_a_log_in_ends_all_it_gave_at_once(void **state)
{
    (void)state;
    struct auth_caller who;
    const char *ticket = NULL;
    first_user();
    struct tokens *t = log_in(), *elsewhere = log_in();
    const struct actor me = caller_of(t);
    ok(auth_media_ticket(s, me, "/m", arena, &ticket, &err));
    ok(auth_media_check(s, ticket, "/m", &who, &err));
    struct tokens *next = refresh(t->refresh_token);
    ok(auth_logout(s, next->refresh_token, &here, &err));
    assert_false(is_alive(t));
    assert_false(is_alive(next));
    fails(auth_media_check(s, ticket, "/m", &who, &err), STATUS_UNAUTHENTICATED, "token_invalid");
    assert_true(is_alive(elsewhere));
    assert_int_equal(audited("auth.logout"), 1);
}

/* One from before log-ins were rows, or signed by mistake: no log-in, no entry. */
static void a_token_without_a_log_in_is_none(void **state)
{
    (void)state;
    char text[TOKEN_TEXT_SIZE];
    struct auth_caller who;
    struct user *u = first_user();
    const struct tokens *t = log_in();
    struct token_claims c = {
        .subject = u->id, .audience = "access", .role = "admin", .issued_at = T0 / 1000, .expires_at = T0 / 1000 + 60};
    ok(token_sign(s->keys, &c, text, sizeof text, &err));
    fails(auth_access(s, text, &who, &err), STATUS_UNAUTHENTICATED, "token_invalid");
    /* nor does another's log-in do */
    struct user *b = user_made("b@example.org", ROLE_RECRUITER);
    c.subject = b->id;
    c.login_id = caller_of(t).login_id;
    ok(token_sign(s->keys, &c, text, sizeof text, &err));
    fails(auth_access(s, text, &who, &err), STATUS_UNAUTHENTICATED, "token_invalid");
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
    ok(auth_logout(s, t->refresh_token, &here, &err)); /* also with one that was used */
    refused(next->refresh_token, "refresh_invalid");
    refresh(elsewhere->refresh_token);
    ok(auth_logout(s, "nonsense", &here, &err));
    ok(auth_logout(s, t->refresh_token, &here, &err));
}

static void tokens_are_kept_as_hashes_only(void **state)
{
    (void)state;
    char sql[300];
    first_user();
    struct tokens *t = log_in();
    snprintf(sql, sizeof sql, "SELECT COUNT(*) FROM refresh_tokens WHERE instr(token_hash, '%s')", t->refresh_token);
    assert_int_equal(one_int(s->db, sql), 0);
    cleanup(freep) char *file = NULL;
    size_t len = 0;
    if (temp_mysql())
        return; /* its files are not ours to read */
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
    fails(auth_login(s, EMAIL, "wrong horse", &here, arena, &t, &err), STATUS_UNAUTHENTICATED, "login_failed");
    ok(user_find(s->db, u->id, arena, &now, &err));
    assert_string_equal(now->password_hash, bcrypt); /* only a good log-in rehashes */
    ok(auth_login(s, EMAIL, "correct horse", &here, arena, &t, &err));
    ok(user_find(s->db, u->id, arena, &now, &err));
    assert_true(!strncmp(now->password_hash, "$argon2id$", 10));
    ok(auth_login(s, EMAIL, "correct horse", &here, arena, &t, &err));
}

static void a_media_ticket_is_for_one_path_and_a_while(void **state)
{
    (void)state;
    static const char path[] = "/api/v1/sessions/1/answers/2/recordings/0/media";
    struct user *u = first_user();
    struct tokens *t = log_in();
    struct auth_caller who;
    const char *ticket = NULL;
    const struct actor me = caller_of(t);
    ok(auth_media_ticket(s, me, path, arena, &ticket, &err));
    ok(auth_media_check(s, ticket, path, &who, &err));
    assert_true(id_equal(who.user_id, u->id));
    fails(auth_media_check(s, ticket, "/api/v1/sessions/1/answers/2/recordings/1/media", &who, &err),
          STATUS_UNAUTHENTICATED, "token_invalid");
    fails(auth_media_check(s, ticket, "", &who, &err), STATUS_UNAUTHENTICATED, "token_invalid");
    /* neither kind of token stands for the other */
    fails(auth_media_check(s, t->access_token, path, &who, &err), STATUS_UNAUTHENTICATED, "token_invalid");
    fails(auth_access(s, ticket, &who, &err), STATUS_UNAUTHENTICATED, "token_invalid");
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
        TEST(a_log_in_ends_at_its_time),
        TEST(a_log_in_is_a_row_that_says_where_from),
        TEST(failures_are_noted_without_the_address_that_was_tried),
        TEST(ending_a_log_in_ends_all_it_gave_at_once),
        TEST(a_token_without_a_log_in_is_none),
        TEST(nonsense_is_no_refresh_token),
        TEST(log_out_ends_the_log_in),
        TEST(tokens_are_kept_as_hashes_only),
        TEST(imported_bcrypt_hashes_are_rehashed_at_the_log_in),
        TEST(a_media_ticket_is_for_one_path_and_a_while),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
