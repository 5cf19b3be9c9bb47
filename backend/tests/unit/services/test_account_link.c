/* Links that work once: shown where there is no mail, sent by a job where there is. */
#include "unit/services/people.h"

#include "providers/mail/mail_backend.h"
#include "services/account_link.h"
#include "services/mail.h"
#include "services/user.h"

#define HOUR (60 * MINUTE)

static struct actor admin;

static int link_open(void **state)
{
    stage_open(state);
    user_made("admin@example.org", ROLE_ADMIN);
    admin = caller_of(logged_in("admin@example.org"));
    return 0;
}

static int mail_open(void **state)
{
    link_open(state);
    ok(mailer_new("fake", &(struct mail_config){"smtp://127.0.0.1:1", "viva@example.org"}, &stage.mailer, &err));
    return 0;
}

static int link_close(void **state)
{
    stage.mailer = mailer_free(stage.mailer);
    return stage_close(state);
}

static struct link_made *invited(const char *email)
{
    const struct user_invite in = {.email = email, .full_name = "Ada Example"};
    struct link_made *l = NULL;
    ok(account_invite(s, admin, &in, arena, &l, &err));
    return l;
}

static struct link_made *link_for(struct id user)
{
    struct link_made *l = NULL;
    ok(account_make_link(s, admin, user, false, arena, &l, &err));
    return l;
}

/* The secret part of an address. */
static const char *secret_of(const char *url)
{
    assert_non_null(url);
    return strrchr(url, '/') + 1;
}

static enum status use(const char *secret, const char *password, struct tokens **ret, struct error *e)
{
    return account_link_use(s, secret, password, &here, arena, ret, e);
}

#define is_shut(secret, status_, code_)                                                                                \
    do {                                                                                                               \
        struct tokens *none_ = NULL;                                                                                   \
        struct link_state *state_ = NULL;                                                                              \
        fails(account_link_state(s, (secret), arena, &state_, &err), (status_), (code_));                              \
        fails(use((secret), "another password", &none_, &err), (status_), (code_));                                    \
        assert_true(none_ == NULL && state_ == NULL);                                                                  \
    } while (0)

static void an_invitation_sets_the_first_password_once(void **state)
{
    (void)state;
    struct tokens *t = NULL;
    struct link_state *what = NULL;
    struct link_made *l = invited(EMAIL);
    assert_true(!l->mailed && l->kind == LINK_INVITATION && l->user->role == ROLE_RECRUITER && l->user->is_active);
    assert_true(l->expires_at == T0 + 7 * 24 * HOUR);
    assert_true(!strncmp(l->url, "https://viva.example.org/welcome/", 33));
    const char *secret = secret_of(l->url);
    assert_int_equal(strlen(secret), 43); /* 256 bits */
    fails(auth_login(s, EMAIL, "", &here, arena, &t, &err), STATUS_UNAUTHENTICATED, "login_failed");
    ok(account_link_state(s, secret, arena, &what, &err));
    assert_string_equal(what->email, "a***@example.org");
    assert_int_equal(what->kind, LINK_INVITATION);
    ok(use(secret, PASSWORD, &t, &err));
    assert_true(is_alive(t));
    assert_string_equal(t->user->email, EMAIL);
    logged_in(EMAIL);
    is_shut(secret, STATUS_GONE, "link_used");
    assert_true(is_alive(t));
    assert_true(audited("user.invite") == 1 && audited("auth.link_use") == 1);
    fails_at(account_invite(s, admin, &(struct user_invite){.email = EMAIL, .full_name = "x"}, arena, &l, &err),
             STATUS_CONFLICT, "email_taken", "email");
}

static void a_new_password_by_link_ends_every_log_in_and_link(void **state)
{
    (void)state;
    struct user *u = user_made(EMAIL, ROLE_RECRUITER);
    struct tokens *before = logged_in(EMAIL), *t = NULL;
    struct link_made *l = link_for(u->id);
    assert_true(l->kind == LINK_PASSWORD_RESET && l->expires_at == T0 + HOUR);
    assert_true(!strncmp(l->url, "https://viva.example.org/reset/", 31));
    assert_true(is_alive(before)); /* the link alone changes nothing */
    logged_in(EMAIL);
    ok(use(secret_of(l->url), "staple battery horse", &t, &err));
    assert_false(is_alive(before));
    assert_true(is_alive(t));
    fails(auth_login(s, EMAIL, PASSWORD, &here, arena, &t, &err), STATUS_UNAUTHENTICATED, "login_failed");
    ok(auth_login(s, EMAIL, "staple battery horse", &here, arena, &t, &err));
}

static void links_end(void **state)
{
    (void)state;
    struct user *u = user_made(EMAIL, ROLE_RECRUITER), *got = NULL;
    const char *first = secret_of(link_for(u->id)->url), *second = secret_of(link_for(u->id)->url);
    struct link_state *what = NULL;
    is_shut(first, STATUS_GONE, "link_expired"); /* a newer one took its place */
    fake.unix_ms = T0 + HOUR - 1;
    ok(account_link_state(s, second, arena, &what, &err));
    fake.unix_ms = T0 + HOUR;
    is_shut(second, STATUS_GONE, "link_expired");
    is_shut("nonsense", STATUS_NOT_FOUND, "link_unknown");
    is_shut("", STATUS_NOT_FOUND, "link_unknown");
    /* a disabled account, another address, another password */
    struct user_update change = {.email = "new@example.org"};
    const char *third = secret_of(link_for(u->id)->url);
    change.presence.given = GIVEN(user_update_model, "is_active");
    ok(user_service_update(s, admin, u->id, &change, 0, arena, &got, &err));
    is_shut(third, STATUS_GONE, "link_expired");
    struct link_made *none = NULL;
    fails(account_make_link(s, admin, u->id, false, arena, &none, &err), STATUS_CONFLICT, "account_disabled");
    change.is_active = true;
    ok(user_service_update(s, admin, u->id, &change, 0, arena, &got, &err));
    is_shut(third, STATUS_GONE, "link_expired"); /* it does not come back */
    const char *fourth = secret_of(link_for(u->id)->url);
    change.presence.given = GIVEN(user_update_model, "email");
    ok(user_service_update(s, admin, u->id, &change, 0, arena, &got, &err));
    is_shut(fourth, STATUS_GONE, "link_expired");
    const char *fifth = secret_of(link_for(u->id)->url);
    ok(user_service_set_password(s, admin, u->id, "by hand, by hand", &err));
    is_shut(fifth, STATUS_GONE, "link_expired");
    fails(account_make_link(s, admin, id_new(), false, arena, &none, &err), STATUS_NOT_FOUND, "not_found");
}

static void secrets_are_kept_as_hashes_only(void **state)
{
    (void)state;
    cleanup(freep) char *file = NULL;
    size_t len = 0;
    const char *secret = secret_of(invited(EMAIL)->url);
    if (temp_mysql())
        return; /* its files are not ours to read */
    ok(db_exec(s->db, "PRAGMA wal_checkpoint(TRUNCATE)", &err));
    ok(file_read(temp_path("stage.db"), 64u << 20, &file, &len, &err));
    assert_null(memmem(file, len, secret, strlen(secret)));
}

static void without_mail_a_request_changes_nothing_and_says_so(void **state)
{
    (void)state;
    bool by_mail = true;
    user_made(EMAIL, ROLE_RECRUITER);
    ok(account_request_reset(s, EMAIL, &here, &by_mail, &err));
    assert_false(by_mail);
    ok(account_request_reset(s, "nobody@example.org", &here, &by_mail, &err));
    assert_int_equal(one_int(s->db, "SELECT COUNT(*) FROM account_links"), 0);
    assert_int_equal(audited("auth.reset_request"), 2);
}

/* ---- with mail ---- */

static struct id the_job(void)
{
    cleanup(db_stmt_done) struct db_stmt *q = NULL;
    bool row = false;
    ok(db_prepare(s->db, "SELECT subject_id FROM jobs WHERE kind = 'mail' ORDER BY id DESC LIMIT 1", &q, &err));
    ok(db_step(q, &row, &err));
    assert_true(row);
    return db_id(q, 0);
}

/* The secret out of the mail, its soft line breaks taken out. */
static const char *mailed_secret(void)
{
    char *text = arena_alloc(arena, sizeof mail_fake_state.data), *out = text;
    for (const char *p = mail_fake_state.data; *p; p++)
        if (!strncmp(p, "=\r\n", 3))
            p += 2;
        else
            *out++ = *p;
    char *at = strstr(text, "https://viva.example.org/");
    assert_non_null(at);
    at[strcspn(at, "\r\n ")] = '\0';
    return secret_of(at);
}

static void with_mail_a_link_is_sent_and_shown_to_nobody(void **state)
{
    (void)state;
    struct tokens *t = NULL;
    struct link_made *l = invited(EMAIL);
    assert_true(l->mailed && l->url == NULL);
    assert_int_equal(jobs_of("mail", "queued"), 1);
    ok(mail_link_send(s, the_job(), &err));
    assert_int_equal(mail_fake_state.count, 1);
    assert_string_equal(mail_fake_state.to, EMAIL);
    assert_non_null(strstr(mail_fake_state.data, "Hello Ada Example,"));
    assert_non_null(strstr(mail_fake_state.data, "/welcome/"));
    ok(use(mailed_secret(), PASSWORD, &t, &err));
    ok(mail_link_send(s, the_job(), &err)); /* run again after a crash: it is used, nothing is sent */
    assert_int_equal(mail_fake_state.count, 1);
}

static void each_try_has_a_new_secret_and_a_full_life(void **state)
{
    (void)state;
    struct tokens *t = NULL;
    struct user *u = user_made(EMAIL, ROLE_RECRUITER);
    link_for(u->id);
    struct id job = the_job();
    ok(mail_link_send(s, job, &err));
    const char *lost = mailed_secret();
    mail_fake_state.fail = STATUS_UNAVAILABLE;
    fake.unix_ms += HOUR - MINUTE;
    fails(mail_link_send(s, job, &err), STATUS_UNAVAILABLE, "mail_fake");
    mail_fake_state.fail = STATUS_OK;
    ok(mail_link_send(s, job, &err));
    is_shut(lost, STATUS_NOT_FOUND, "link_unknown");
    fake.unix_ms += HOUR - MINUTE;
    ok(use(mailed_secret(), PASSWORD, &t, &err));
    struct error why = {.code = "mail_refused"};
    ok(mail_link_give_up(s, job, &why, &err));
    assert_int_equal(audited("mail.give_up"), 1);
    assert_int_equal(one_int(s->db, "SELECT COUNT(*) FROM audit_log WHERE details LIKE '%example%'"), 0);
}

static void a_request_mails_once_in_two_minutes_and_only_to_accounts(void **state)
{
    (void)state;
    bool by_mail = false;
    struct user *u = user_made(EMAIL, ROLE_RECRUITER), *off = user_made("off@example.org", ROLE_RECRUITER), *got = NULL;
    struct user_update change = {.is_active = false};
    change.presence.given = GIVEN(user_update_model, "is_active");
    ok(user_service_update(s, admin, off->id, &change, 0, arena, &got, &err));
    static const char *const others[] = {"nobody@example.org", "off@example.org"};
    for (size_t i = 0; i < COUNT(others); i++) {
        ok(account_request_reset(s, others[i], &here, &by_mail, &err));
        assert_true(by_mail); /* the same answer */
    }
    assert_int_equal(jobs_of("mail", "queued"), 0);
    for (int i = 0; i < 3; i++)
        ok(account_request_reset(s, EMAIL, &here, &by_mail, &err));
    assert_int_equal(jobs_of("mail", "queued"), 1);
    ok(mail_link_send(s, the_job(), &err));
    assert_non_null(strstr(mail_fake_state.data, "/reset/"));
    clock_fake_advance(&fake, 2 * MINUTE);
    ok(account_request_reset(s, EMAIL, &here, &by_mail, &err));
    assert_int_equal(jobs_of("mail", "queued"), 2);
    assert_int_equal(audited("auth.reset_request"), 6);
    /* who never had a password gets the invitation again */
    struct link_made *l = invited("b@example.org");
    clock_fake_advance(&fake, 2 * MINUTE);
    ok(account_request_reset(s, "b@example.org", &here, &by_mail, &err));
    ok(mail_link_send(s, the_job(), &err));
    assert_non_null(strstr(mail_fake_state.data, "/welcome/"));
    assert_true(l->mailed && u != NULL);
}

static void a_name_cannot_write_headers(void **state)
{
    (void)state;
    const struct user_invite in = {.email = EMAIL, .full_name = "Eve\r\nBcc: all@example.org\r\n\r\nBuy"};
    struct link_made *l = NULL;
    ok(account_invite(s, admin, &in, arena, &l, &err)); /* past the field table, which refuses it */
    ok(mail_link_send(s, the_job(), &err));
    const char *head_end = strstr(mail_fake_state.data, "\r\n\r\n");
    const char *bcc = strstr(mail_fake_state.data, "Bcc");
    assert_true(bcc > head_end);
    assert_string_equal(mail_fake_state.to, EMAIL);
}

#define LINK_TEST(f) cmocka_unit_test_setup_teardown(f, link_open, link_close)
#define MAIL_TEST(f) cmocka_unit_test_setup_teardown(f, mail_open, link_close)

int main(void)
{
    const struct CMUnitTest tests[] = {
        LINK_TEST(an_invitation_sets_the_first_password_once),
        LINK_TEST(a_new_password_by_link_ends_every_log_in_and_link),
        LINK_TEST(links_end),
        LINK_TEST(secrets_are_kept_as_hashes_only),
        LINK_TEST(without_mail_a_request_changes_nothing_and_says_so),
        MAIL_TEST(with_mail_a_link_is_sent_and_shown_to_nobody),
        MAIL_TEST(each_try_has_a_new_secret_and_a_full_life),
        MAIL_TEST(a_request_mails_once_in_two_minutes_and_only_to_accounts),
        MAIL_TEST(a_name_cannot_write_headers),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
