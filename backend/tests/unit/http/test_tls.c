/* The same server behind TLS: requests, an early refusal written past libmicrohttpd, and a WebSocket through its socket
 * pair. */
#include "unit/http/harness.h"

#include <gnutls/gnutls.h>
#include <gnutls/x509.h>

static struct http_server *server;
static unsigned port;
static char cert_path[64], key_path[64];
static gnutls_certificate_credentials_t credentials;

static void write_pem(char path[64], const gnutls_datum_t *pem)
{
    strcpy(path, "/tmp/viva-tls-XXXXXX");
    int fd = mkstemp(path);
    assert_true(fd >= 0);
    assert_int_equal(write(fd, pem->data, pem->size), (ssize_t)pem->size);
    close(fd);
}

static void make_certificate(void)
{
    gnutls_x509_privkey_t key;
    gnutls_x509_crt_t crt;
    gnutls_datum_t pem;
    gnutls_x509_privkey_init(&key);
    assert_int_equal(
        gnutls_x509_privkey_generate(key, GNUTLS_PK_ECDSA, GNUTLS_CURVE_TO_BITS(GNUTLS_ECC_CURVE_SECP256R1), 0), 0);
    gnutls_x509_crt_init(&crt);
    gnutls_x509_crt_set_version(crt, 3);
    gnutls_x509_crt_set_serial(crt, "\x01", 1);
    gnutls_x509_crt_set_dn(crt, "CN=localhost", NULL);
    gnutls_x509_crt_set_activation_time(crt, time(NULL) - 60);
    gnutls_x509_crt_set_expiration_time(crt, time(NULL) + 3600);
    gnutls_x509_crt_set_key(crt, key);
    assert_int_equal(gnutls_x509_crt_sign2(crt, crt, key, GNUTLS_DIG_SHA256, 0), 0);
    assert_int_equal(gnutls_x509_crt_export2(crt, GNUTLS_X509_FMT_PEM, &pem), 0);
    write_pem(cert_path, &pem);
    gnutls_free(pem.data);
    assert_int_equal(gnutls_x509_privkey_export2(key, GNUTLS_X509_FMT_PEM, &pem), 0);
    write_pem(key_path, &pem);
    gnutls_free(pem.data);
    gnutls_x509_crt_deinit(crt);
    gnutls_x509_privkey_deinit(key);
}

static int setup(void **state)
{
    (void)state;
    static struct http_options o = {.tls_cert = cert_path, .tls_key = key_path};
    make_certificate();
    gnutls_certificate_allocate_credentials(&credentials);
    server = server_start(&o);
    port = http_port(server);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    server = http_stop(server, 1000);
    gnutls_certificate_free_credentials(credentials);
    unlink(cert_path);
    unlink(key_path);
    return 0;
}

struct tls {
    int fd;
    gnutls_session_t session;
};

static struct tls tls_open(void)
{
    struct tls t = {.fd = dial(port)};
    int rc;
    gnutls_init(&t.session, GNUTLS_CLIENT);
    gnutls_set_default_priority(t.session);
    gnutls_credentials_set(t.session, GNUTLS_CRD_CERTIFICATE, credentials);
    gnutls_transport_set_int(t.session, t.fd);
    do
        rc = gnutls_handshake(t.session);
    while (rc < 0 && !gnutls_error_is_fatal(rc));
    assert_int_equal(rc, 0);
    return t;
}

static void tls_close(struct tls *t)
{
    gnutls_deinit(t->session);
    close(t->fd);
}

static bool tls_say(struct tls *t, const void *data, size_t n)
{
    return gnutls_record_send(t->session, data, n) == (ssize_t)n;
}

static ssize_t tls_get(struct tls *t, char *out, size_t n)
{
    ssize_t rc;
    do
        rc = gnutls_record_recv(t->session, out, n);
    while (rc == GNUTLS_E_AGAIN || rc == GNUTLS_E_INTERRUPTED);
    return rc;
}

/* Reads until `until` stands in the text. */
static void tls_hear(struct tls *t, char *out, size_t size, const char *until)
{
    size_t n = 0;
    out[0] = '\0';
    while (n + 1 < size && strstr(out, until) == NULL) {
        ssize_t k = tls_get(t, out + n, size - 1 - n);
        if (k <= 0)
            fail_msg("ended (%zd) after: %s", k, out);
        n += (size_t)k;
        out[n] = '\0';
    }
}

static void test_request(void **state)
{
    (void)state;
    char text[8192];
    struct tls t = tls_open();
    for (int i = 0; i < 2; i++) {
        assert_true(tls_say(&t, GET("/api/hello", ""), strlen(GET("/api/hello", ""))));
        tls_hear(&t, text, sizeof(text), "\"error\":null}");
        assert_non_null(strstr(text, "HTTP/1.1 200"));
        assert_non_null(strstr(text, "Strict-Transport-Security: max-age="));
    }
    tls_close(&t);
}

static void test_file(void **state)
{
    (void)state;
    static char text[FILE_SIZE + 8192];
    struct tls t = tls_open();
    assert_true(tls_say(&t, GET("/api/file", ""), strlen(GET("/api/file", ""))));
    tls_hear(&t, text, sizeof(text), "000099990\n");
    tls_close(&t);
}

static void test_refused_early(void **state)
{
    (void)state;
    static const char request[] = "PUT /api/upload HTTP/1.1\r\nHost: a\r\nContent-Length: 99999999\r\n\r\nsome of it";
    char text[8192];
    struct tls t = tls_open();
    assert_true(tls_say(&t, request, sizeof(request) - 1));
    tls_hear(&t, text, sizeof(text), "body_too_large");
    assert_non_null(strstr(text, "HTTP/1.1 413"));
    tls_close(&t);
}

static void test_websocket(void **state)
{
    (void)state;
    static const char request[] =
        "GET /api/ws HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
        "Sec-WebSocket-Protocol: echo.v1\r\nOrigin: https://localhost\r\n\r\n";
    static const char hello[] = "\x81\x85\0\0\0\0hello", bye[] = "\x88\x82\0\0\0\0\x03\xE8";
    char text[8192];
    ws_seen_reset();
    struct tls t = tls_open();
    assert_true(tls_say(&t, request, sizeof(request) - 1));
    tls_hear(&t, text, sizeof(text), "\x81\x07welcome");
    assert_non_null(strstr(text, "HTTP/1.1 101"));
    assert_true(tls_say(&t, hello, sizeof(hello) - 1));
    tls_hear(&t, text, sizeof(text), "\x81\x05hello");
    assert_true(tls_say(&t, bye, sizeof(bye) - 1));
    tls_hear(&t, text, sizeof(text), "\x88\x02\x03\xE8");
    assert_true(ws_wait(&ws_seen.closed, 1));
    assert_int_equal(ws_seen.code, 1000);
    assert_true(tls_get(&t, text, sizeof(text)) <= 0);
    tls_close(&t);
}

static void test_websocket_at_stop(void **state)
{
    (void)state;
    static const char request[] =
        "GET /api/ws HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
        "Sec-WebSocket-Protocol: echo.v1\r\n\r\n";
    struct http_options o = {.tls_cert = cert_path, .tls_key = key_path};
    char text[8192];
    unsigned saved = port;
    ws_seen_reset();
    struct http_server *s = server_start(&o);
    port = http_port(s);
    struct tls t = tls_open();
    assert_true(tls_say(&t, request, sizeof(request) - 1));
    tls_hear(&t, text, sizeof(text), "\x81\x07welcome");
    http_stop(s, 500);
    tls_hear(&t, text, sizeof(text), "\x03\xF4"); /* 1012 */
    assert_int_equal(ws_seen.closed, 1);
    assert_int_equal(ws_seen.code, 1012);
    tls_close(&t);
    port = saved;
}

static void test_bad_settings(void **state)
{
    (void)state;
    struct error err = {0};
    struct http_server *s = NULL;
    struct http_options no_key = {.host = "127.0.0.1", .tls_cert = cert_path};
    assert_int_equal(http_start(&no_key, &s, &err), STATUS_INVALID);
    struct http_options absent = {.host = "127.0.0.1", .tls_cert = "/nonexistent", .tls_key = key_path};
    assert_int_not_equal(http_start(&absent, &s, &err), STATUS_OK);
    struct http_options swapped = {.host = "127.0.0.1", .tls_cert = key_path, .tls_key = cert_path};
    assert_int_not_equal(http_start(&swapped, &s, &err), STATUS_OK);
    assert_non_null(strstr(err.message, "certificate"));
    assert_null(s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_request),           cmocka_unit_test(test_file),
        cmocka_unit_test(test_refused_early),     cmocka_unit_test(test_websocket),
        cmocka_unit_test(test_websocket_at_stop), cmocka_unit_test(test_bad_settings),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
