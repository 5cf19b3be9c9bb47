/* Access, bodies, rates, slow clients, stopping. */
#include "unit/http/harness.h"

static struct http_server *server;
static unsigned port;

static int setup(void **state)
{
    (void)state;
    static const char *const origins[] = {"https://app.example.org", NULL};
    static struct http_options o = {.cors_origins = origins, .trust_proxy = true};
    server = server_start(&o);
    port = http_port(server);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    server = http_stop(server, 1000);
    return 0;
}

#define BEARER(t) "Authorization: Bearer " t "\r\n"

static void test_access_matrix(void **state)
{
    (void)state;
    static const char *const tokens[] = {NULL, "reviewer", "recruiter", "admin", "candidate", "ticket", "wrong"};
    static const struct {
        const char *line;
        int status[7];
    } rows[] = {
        {"GET /api/hello", {200, 200, 200, 200, 200, 200, 200}},
        {"GET /api/items/7", {401, 200, 200, 200, 403, 403, 401}},
        {"PATCH /api/items/7", {401, 403, 422, 422, 403, 403, 401}},
        {"DELETE /api/items/7", {401, 403, 403, 200, 403, 403, 401}},
        {"GET /api/maybe", {200, 403, 403, 200, 403, 403, 401}},
        {"GET /api/sessions/" SESSION, {401, 403, 403, 403, 200, 403, 401}},
        {"GET /api/sessions/" OTHER, {401, 403, 403, 403, 403, 403, 401}},
        {"GET /api/sessions/x", {401, 403, 403, 403, 403, 403, 401}},
        {"GET /api/media", {401, 403, 200, 200, 403, 403, 401}},
        {"GET /api/media?ticket=ticket", {200, 403, 200, 200, 403, 403, 401}},
        {"GET /api/media?ticket=admin", {403, 403, 200, 200, 403, 403, 401}},
        {"GET /api/items/7?ticket=admin", {401, 200, 200, 200, 403, 403, 401}},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
        for (size_t t = 0; t < 7; t++) {
            char header[80] = "";
            if (tokens[t] != NULL)
                snprintf(header, sizeof(header), "Authorization: Bearer %s\r\n", tokens[t]);
            struct reply r = ask_f(port, "%s HTTP/1.1\r\nHost: a\r\n%s\r\n", rows[i].line, header);
            if (r.status != rows[i].status[t])
                fail_msg("%s as %s: %d instead of %d", rows[i].line, tokens[t] != NULL ? tokens[t] : "nobody", r.status,
                         rows[i].status[t]);
            char value[512];
            assert_true((head_value(&r, "WWW-Authenticate", value) != NULL) == (r.status == 401));
            reply_free(&r);
        }
}

static void test_authorization_forms(void **state)
{
    (void)state;
    expect_error(port, GET("/api/items/7", "Authorization: Basic YWRtaW46eA==\r\n"), 401, "token_missing");
    expect_error(port, GET("/api/items/7", "Authorization: Bearer\r\n"), 401, "token_missing");
    expect_error(port, GET("/api/items/7", "Authorization: Bearer nope\r\n"), 401, "token_invalid");
    expect_status(port, GET("/api/items/7", "Authorization: bearer   admin\r\n"), 200);
}

static void test_params_and_query(void **state)
{
    (void)state;
    struct reply r = ask(port, GET("/api/items/a%20b%2Bc+d%C3%A9?q=x%26y+z&q=2", BEARER("admin")));
    assert_non_null(strstr(r.body, "\"param\":\"a b+c+d\xC3\xA9\",\"query\":\"x&y z\""));
    reply_free(&r);
    static const char *const bad[] = {
        "/api/items/a%2Fb",    "/api/items/%2e%2e",  "/api/items/..",     "/api/items/%00", "/api/items/%ff",
        "/api/items/%",        "/api/items/%4",      "/api//items",       "/api/./hello",   "/api/items/a%5Cb",
        "/api/items/a%0d%0ab", "/api/items/7?q=%00", "/api/items/7?%ff=1"};
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        r = ask_f(port, "GET %s HTTP/1.1\r\nHost: a\r\n" BEARER("admin") "\r\n", bad[i]);
        if (r.status != 400)
            fail_msg("%s: %d", bad[i], r.status);
        reply_free(&r);
    }
    expect_error(port, GET("/api/items/", BEARER("admin")), 404, "not_found");
    expect_error(port, GET("/api/items/%252e", ""), 401,
                 "token_missing"); /* decoded once: "%2e" is a name like any other */
    r = ask(port, GET("/api/items/options", ""));
    assert_non_null(strstr(r.body, "{\"items\":[{\"name\":\"one\""));
    assert_non_null(strstr(r.body, "],\"total\":12,\"page\":2,\"page_size\":2}"));
    reply_free(&r);
}

static struct reply post(const char *path, const char *type, const char *body)
{
    return ask_f(port, "POST %s HTTP/1.1\r\nHost: a\r\nContent-Type: %s\r\nContent-Length: %zu\r\n\r\n%s", path, type,
                 strlen(body), body);
}

static void test_bodies(void **state)
{
    (void)state;
    static const struct {
        const char *path, *type, *body;
        int status;
        const char *has;
    } rows[] = {
        {"/api/echo", "application/json", "{\"name\":\"Ada\",\"count\":3}", 201, "\"name\":\"Ada\""},
        {"/api/echo", "application/json; charset=utf-8", "{\"name\":\"Ada\"}", 201, "Ada"},
        {"/api/echo", "Application/JSON", "{\"name\":\"Ada\"}", 201, "Ada"},
        {"/api/echo", "text/plain", "{\"name\":\"Ada\"}", 415, "media_unsupported"},
        {"/api/echo", "application/x-www-form-urlencoded", "name=Ada", 415, "media_unsupported"},
        {"/api/echo", "application/json", "{\"name\":", 400, "json_malformed"},
        {"/api/echo", "application/json", "", 422, "field_required"},
        {"/api/echo", "application/json", "{\"name\":\"A\",\"x\":1}", 422, "\"field\":\"x\""},
        {"/api/form", "application/x-www-form-urlencoded", "name=Ada+B&count=4", 200, "\"name\":\"Ada B\""},
        {"/api/form", "application/json", "{\"name\":\"Ada\"}", 200, "Ada"},
        {"/api/form", "multipart/form-data; boundary=x", "--x--", 422, "field_required"},
        {"/api/form", "multipart/mixed; boundary=x", "--x--", 415, "media_unsupported"},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct reply r = post(rows[i].path, rows[i].type, rows[i].body);
        if (r.status != rows[i].status || strstr(r.body, rows[i].has) == NULL)
            fail_msg("%s %s: %d %s", rows[i].type, rows[i].body, r.status, r.body);
        reply_free(&r);
    }
}

static void test_error_replies(void **state)
{
    (void)state;
    char value[512];
    struct reply r = ask(port, GET("/api/broken", ""));
    assert_int_equal(r.status, 500);
    assert_null(strstr(r.body, "secret"));
    assert_non_null(strstr(r.body, "\"code\":\"internal\""));
    assert_null(head_value(&r, "Content-Disposition", value));
    reply_free(&r);
    expect_error(port, GET("/api/nothing", ""), 500, "internal");
    r = ask(port, GET("/api/conflict", ""));
    assert_int_equal(r.status, 409);
    assert_non_null(strstr(r.body, "{\"code\":\"chunk_gap\",\"field\":\"seq\",\"details\":{\"expected\":3}}"));
    reply_free(&r);
}

/* 413 from the announced size, before a byte of the body; and from the stream, once it has passed the limit. */
static void test_too_large(void **state)
{
    (void)state;
    expect_error(port,
                 "POST /api/echo HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: 1001\r\n\r\n",
                 413, "body_too_large");
    expect_error(port,
                 "PUT /api/upload HTTP/1.1\r\nHost: a\r\nContent-Length: 99999999999\r\nExpect: 100-continue\r\n\r\n",
                 413, "body_too_large");
    expect_error(port, "POST /api/hello HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n", 405, "method_not_allowed");

    int fd = dial(port);
    static char block[65536];
    memset(block, 'x', sizeof(block));
    assert_true(say(fd, "PUT /api/upload HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"));
    for (int i = 0; i < 17; i++) { /* 1 MiB is allowed */
        assert_true(say(fd, "10000\r\n"));
        assert_true(put(fd, block, sizeof(block)));
        assert_true(say(fd, "\r\n"));
    }
    struct reply r = hear(fd); /* although the body never ended */
    assert_int_equal(r.status, 413);
    char value[512];
    assert_string_equal(head_value(&r, "Connection", value), "close");
    assert_non_null(head_value(&r, "X-Request-Id", value));
    assert_non_null(strstr(r.body, "body_too_large"));
    reply_free(&r);
    assert_true(at_end(fd));
    close(fd);
}

/* A client that sends everything before it reads finds the reply, not a reset. */
static void test_too_large_is_read(void **state)
{
    (void)state;
    int fd = dial(port);
    static char block[65536];
    assert_true(say(fd, "PUT /api/upload HTTP/1.1\r\nHost: a\r\nContent-Length: 4194304\r\n\r\n"));
    for (int i = 0; i < 64; i++)
        assert_true(put(fd, block, sizeof(block)));
    struct reply r = hear(fd);
    assert_int_equal(r.status, 413);
    reply_free(&r);
    close(fd);
}

static void test_upload(void **state)
{
    (void)state;
    struct reply r = ask(
        port,
        "PUT /api/upload HTTP/1.1\r\nHost: a\r\nContent-Type: Video/WebM;codecs=vp8\r\nContent-Length: 3\r\n\r\nabc");
    assert_int_equal(r.status, 200);
    assert_non_null(strstr(r.body,
                           "\"size\":3,\"sha256\":\"ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad\","
                           "\"media_type\":\"video/webm\",\"first\":\"abc\""));
    reply_free(&r);
    r = ask(port,
            "PUT /api/upload HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n2\r\nbc\r\n0\r\n\r\n");
    assert_non_null(strstr(r.body, "ba7816bf"));
    reply_free(&r);
    expect_status(port, "PUT /api/upload HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n", 200);
}

/* Who may not upload is told so before the body, and nothing of it is kept. */
static void test_upload_needs_token_first(void **state)
{
    (void)state;
    int fd = dial(port);
    assert_true(say(fd, "PUT /api/private-upload HTTP/1.1\r\nHost: a\r\nContent-Length: 1000000\r\n\r\npart"));
    struct reply r = hear(fd);
    assert_int_equal(r.status, 401);
    reply_free(&r);
    assert_true(at_end(fd));
    close(fd);

    fd = dial(port);
    assert_true(say(fd, "PUT /api/private-upload HTTP/1.1\r\nHost: a\r\n" BEARER(
                            "admin") "Content-Length: 3\r\nExpect: 100-continue\r\n\r\n"));
    r = hear(fd);
    assert_int_equal(r.status, 100);
    reply_free(&r);
    assert_true(say(fd, "abc"));
    r = hear(fd);
    assert_int_equal(r.status, 200);
    assert_non_null(strstr(r.body, "ba7816bf"));
    reply_free(&r);
    assert_true(say(fd, GET("/api/hello", ""))); /* the connection is still good */
    r = hear(fd);
    assert_int_equal(r.status, 200);
    reply_free(&r);
    close(fd);
}

static void test_cors(void **state)
{
    (void)state;
    char value[512];
    struct reply r = ask(port, "OPTIONS /api/items/7 HTTP/1.1\r\nHost: a\r\nOrigin: https://app.example.org\r\n"
                               "Access-Control-Request-Method: PATCH\r\n\r\n");
    assert_int_equal(r.status, 204);
    assert_string_equal(head_value(&r, "Access-Control-Allow-Origin", value), "https://app.example.org");
    assert_string_equal(head_value(&r, "Access-Control-Allow-Methods", value), "GET, HEAD, PATCH, DELETE, OPTIONS");
    assert_non_null(strstr(head_value(&r, "Access-Control-Allow-Headers", value), "Authorization"));
    reply_free(&r);
    static const char *const foreign[] = {
        "https://app.example.org.evil.com", "http://app.example.org", "null", "https://evil.com",
        "https://app.example.org:444",      "https://APP.example.org"};
    for (size_t i = 0; i < sizeof(foreign) / sizeof(foreign[0]); i++) {
        r = ask_f(port, "GET /api/hello HTTP/1.1\r\nHost: a\r\nOrigin: %s\r\n\r\n", foreign[i]);
        assert_int_equal(r.status, 200);
        assert_null(head_value(&r, "Access-Control-Allow-Origin", value));
        assert_string_equal(head_value(&r, "Vary", value), "Origin");
        reply_free(&r);
    }
    r = ask(port, GET("/api/absent", "Origin: https://app.example.org\r\n")); /* errors too must be readable there */
    assert_string_equal(head_value(&r, "Access-Control-Allow-Origin", value), "https://app.example.org");
    reply_free(&r);
    expect_error(port, "OPTIONS /api/absent HTTP/1.1\r\nHost: a\r\n\r\n", 404, "not_found");
}

static void test_security_headers(void **state)
{
    (void)state;
    static const char *const requests[] = {GET("/api/hello", ""), GET("/api/absent", ""), GET("/api/broken", ""),
                                           "PUT /api/upload HTTP/1.1\r\nHost: a\r\nContent-Length: 99999999\r\n\r\n"};
    char value[512];
    for (size_t i = 0; i < 4; i++) {
        struct reply r = ask(port, requests[i]);
        assert_string_equal(head_value(&r, "X-Content-Type-Options", value), "nosniff");
        assert_string_equal(head_value(&r, "Referrer-Policy", value), "same-origin");
        assert_string_equal(head_value(&r, "Cache-Control", value), "no-store");
        assert_non_null(strstr(head_value(&r, "Content-Security-Policy", value), "frame-ancestors 'none'"));
        assert_non_null(head_value(&r, "X-Request-Id", value));
        assert_null(head_value(&r, "Strict-Transport-Security", value));
        reply_free(&r);
    }
}

static void test_forwarded_for(void **state)
{
    (void)state;
    struct reply r = ask(port, GET("/api/maybe", "X-Forwarded-For: 1.2.3.4, 203.0.113.9\r\n"));
    assert_non_null(
        strstr(r.body, "\"remote\":\"203.0.113.9\"")); /* what our proxy added, not what the client claims */
    reply_free(&r);
    r = ask(port, GET("/api/maybe", "X-Forwarded-For: <bad>\r\n"));
    assert_non_null(strstr(r.body, "\"remote\":\"127.0.0.1\""));
    reply_free(&r);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_access_matrix),
        cmocka_unit_test(test_authorization_forms),
        cmocka_unit_test(test_params_and_query),
        cmocka_unit_test(test_bodies),
        cmocka_unit_test(test_error_replies),
        cmocka_unit_test(test_too_large),
        cmocka_unit_test(test_too_large_is_read),
        cmocka_unit_test(test_upload),
        cmocka_unit_test(test_upload_needs_token_first),
        cmocka_unit_test(test_cors),
        cmocka_unit_test(test_security_headers),
        cmocka_unit_test(test_forwarded_for),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
