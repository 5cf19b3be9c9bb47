/* Mail as it leaves: headers that nothing can add to, text that any reader gets back as it was. */
#include "unit/base/check.h"

#include "base/cleanup.h"
#include "providers/mail/mail_backend.h"

#include <string.h>

#define FROM "viva@example.org"

#define ok(call)                                                                                                       \
    do {                                                                                                               \
        struct error err = {0};                                                                                        \
        if ((call) != STATUS_OK)                                                                                       \
            fail_msg("%s: %s %s", #call, err.code, err.message);                                                       \
    } while (0)
#define fails(call, status_, code_)                                                                                    \
    do {                                                                                                               \
        struct error err = {0};                                                                                        \
        assert_status(call, status_);                                                                                  \
        assert_string_equal(err.code, code_);                                                                          \
    } while (0)

static struct mail_message message(const char *subject, const char *text)
{
    struct mail_message m = {.to = "ada@example.org", .subject = subject, .text = text, .date = INT64_C(1700000000000)};
    memset(m.id.b, 7, sizeof m.id.b);
    return m;
}

static const char *composed(struct buf *b, const char *subject, const char *text)
{
    const struct mail_message m = message(subject, text);
    buf_init(b, 1 << 20);
    ok(mail_compose(FROM, &m, b, &err));
    return buf_cstr(b);
}

static void the_headers_are_there(void **state)
{
    (void)state;
    cleanup(buf_free) struct buf b;
    const char *mail = composed(&b, "A new password", "Hello.\n");
    assert_string_equal(mail, "Date: Tue, 14 Nov 2023 22:13:20 +0000\r\n"
                              "From: <viva@example.org>\r\n"
                              "To: <ada@example.org>\r\n"
                              "Subject: A new password\r\n"
                              "Message-ID: <07070707-0707-0707-0707-070707070707@example.org>\r\n"
                              "MIME-Version: 1.0\r\n"
                              "Content-Type: text/plain; charset=utf-8\r\n"
                              "Content-Transfer-Encoding: quoted-printable\r\n"
                              "Auto-Submitted: auto-generated\r\n"
                              "\r\n"
                              "Hello.\r\n");
}

static void nothing_adds_a_header(void **state)
{
    (void)state;
    static const char *const subjects[] = {
        "", "x\r\nBcc: eve@example.org", "x\nBcc: e", "x\rB", "tab\there", "\x7f", "broken \xff"};
    static const char *const addresses[] = {"ada@example.org\r\nBcc: eve@example.org",
                                            "ada@example.org> SIZE=1",
                                            "<ada@example.org>",
                                            "ada@example.org,eve@example.org",
                                            "\"a b\"@example.org",
                                            "ada @example.org",
                                            "ada@b@example.org",
                                            "ada",
                                            "@example.org",
                                            "ada@",
                                            "",
                                            "\xc3\xa4@example.org"};
    for (size_t i = 0; i < sizeof subjects / sizeof *subjects; i++) {
        cleanup(buf_free) struct buf b;
        const struct mail_message m = message(subjects[i], "x");
        buf_init(&b, 1 << 20);
        fails(mail_compose(FROM, &m, &b, &err), STATUS_INVALID, "mail_header");
    }
    for (size_t i = 0; i < sizeof addresses / sizeof *addresses; i++) {
        cleanup(buf_free) struct buf b;
        struct mail_message m = message("x", "x");
        buf_init(&b, 1 << 20);
        assert_false(mail_is_address(addresses[i]));
        fails(mail_compose(addresses[i], &m, &b, &err), STATUS_INVALID, "mail_header");
        m.to = addresses[i];
        fails(mail_compose(FROM, &m, &b, &err), STATUS_INVALID, "mail_header");
    }
    assert_true(mail_is_address("a.b+c@mail.example.org"));
}

static void text_survives_any_line(void **state)
{
    (void)state;
    cleanup(buf_free) struct buf b, text;
    buf_init(&text, 10000);
    for (int i = 0; i < 200; i++)
        buf_str(&text, "x=\xc3\xa9 ");
    buf_str(&text, "\n.\nends with a space \nlast");
    const char *body = strstr(composed(&b, "x", buf_cstr(&text)), "\r\n\r\n") + 4;
    assert_non_null(strstr(body, "\r\n.\r\nends with a space=20\r\nlast\r\n")); /* the dot is doubled on the way */
    for (const char *line = body, *end; (end = strstr(line, "\r\n")) != NULL; line = end + 2)
        assert_true(end - line <= 76);
    for (const char *p = body; *p; p++)
        assert_true((unsigned char)*p < 0x80 && (*p >= 0x20 || *p == '\r' || *p == '\n'));
    assert_true(!strncmp(body, "x=3D=C3=A9 x=3D", 15));
}

static void a_subject_of_any_language_is_in_words_of_75(void **state)
{
    (void)state;
    cleanup(buf_free) struct buf b;
    const char *mail =
        composed(&b,
                 "\xd0\x92\xd0\xb0\xd1\x88\xd0\xb0 \xd1\x83\xd1\x87\xd1\x91\xd1\x82\xd0\xbd\xd0\xb0\xd1\x8f "
                 "\xd0\xb7\xd0\xb0\xd0\xbf\xd0\xb8\xd1\x81\xd1\x8c \xd0\xb2 "
                 "\xd0\xbe\xd1\x80\xd0\xb3\xd0\xb0\xd0\xbd\xd0\xb8\xd0\xb7\xd0\xb0\xd1\x86\xd0\xb8\xd0\xb8",
                 "x");
    const char *subject = strstr(mail, "Subject: ") + strlen("Subject: "), *end = strstr(mail, "Message-ID:");
    int words = 0;
    for (const char *line = subject; line < end; line = strstr(line, "\r\n") + 2, words++) {
        line += *line == ' ';
        assert_true(!strncmp(line, "=?UTF-8?B?", 10));
        assert_true(strstr(line, "\r\n") - line <= 75);
    }
    assert_true(words >= 2);
}

static void settings_are_checked_when_it_starts(void **state)
{
    (void)state;
    static const char *const urls[] = {"",
                                       "http://mail.example.org",
                                       "mail.example.org",
                                       "smtp://",
                                       "smtp://user@mail.example.org",
                                       "smtp://mail.example.org/path",
                                       "smtp://mail.example.org?x=1",
                                       "smtp://mail.example.org:99999",
                                       "smtp://mail example.org"};
    struct mailer *m = NULL;
    for (size_t i = 0; i < sizeof urls / sizeof *urls; i++) {
        struct error why = {0};
        assert_int_equal(mailer_new("smtp", &(struct mail_config){urls[i], FROM}, &m, &why), STATUS_INVALID);
        assert_string_equal(why.field, "SMTP_URL");
        assert_null(strstr(why.message, "example"));
        assert_null(m);
    }
    static const char *const good[] = {"smtp://mail.example.org", "smtps://user:p%40ss%2Fword@mail.example.org:465/",
                                       "smtp://[::1]:2525", "smtp://127.0.0.1:1"};
    for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
        ok(mailer_new("smtp", &(struct mail_config){good[i], FROM}, &m, &err));
        m = mailer_free(m);
    }
    struct error why = {0};
    assert_int_equal(mailer_new("smtp", &(struct mail_config){good[0], "nonsense"}, &m, &why), STATUS_INVALID);
    assert_string_equal(why.field, "MAIL_FROM");
    assert_int_equal(mailer_new("pigeon", &(struct mail_config){good[0], FROM}, &m, &why), STATUS_INVALID);
    assert_string_equal(why.field, "MAIL_PROVIDER");
}

static void a_server_that_is_down_is_for_later(void **state)
{
    (void)state;
    struct mailer *m = NULL;
    const struct mail_message msg = message("x", "x");
    ok(mailer_new("smtp", &(struct mail_config){"smtp://127.0.0.1:1", FROM}, &m, &err));
    fails(mail_send(m, &msg, &err), STATUS_UNAVAILABLE, "mail_unreachable");
    mailer_free(m);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_headers_are_there),
        cmocka_unit_test(nothing_adds_a_header),
        cmocka_unit_test(text_survives_any_line),
        cmocka_unit_test(a_subject_of_any_language_is_in_words_of_75),
        cmocka_unit_test(settings_are_checked_when_it_starts),
        cmocka_unit_test(a_server_that_is_down_is_for_later),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
