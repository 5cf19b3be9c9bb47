/* Files: ranges, conditions, compression, the application's own addresses, and no way out of the directory. */
#include "unit/http/harness.h"

#include <fcntl.h>
#include <sys/stat.h>

static struct http_server *server;
static unsigned port;
static char dir[64];

static void write_file(const char *name, const char *text)
{
    char path[256];
    snprintf(path, sizeof(path), "%s/%s", dir, name);
    FILE *f = fopen(path, "w");
    assert_non_null(f);
    fputs(text, f);
    fclose(f);
}

static int setup(void **state)
{
    (void)state;
    static struct http_options o = {.static_dir = dir};
    char path[256];
    strcpy(dir, "/tmp/viva-static-XXXXXX");
    if (mkdtemp(dir) == NULL)
        return -1;
    static const char *const folders[] = {"site", "site/assets", "site/api-docs", "site/assets/deep"};
    for (size_t i = 0; i < 4; i++) {
        snprintf(path, sizeof(path), "%s/%s", dir, folders[i]);
        mkdir(path, 0700);
    }
    write_file("secret.txt", "secret");
    write_file("site/index.html", "<!doctype html>index");
    write_file("site/index.html.br", "brotli index");
    write_file("site/favicon.svg", "<svg/>");
    write_file("site/.hidden", "secret");
    write_file("site/assets/app-1234.js", "plain script");
    write_file("site/assets/app-1234.js.br", "brotli script");
    write_file("site/assets/app-1234.js.gz", "gzip script");
    write_file("site/assets/deep/x.woff2", "font");
    write_file("site/api-docs/index.html", "docs page");
    snprintf(path, sizeof(path), "%s/site/link.txt", dir);
    (void)!symlink("../secret.txt", path);
    snprintf(path, sizeof(path), "%s/site/up", dir);
    (void)!symlink("..", path);
    snprintf(path, sizeof(path), "%s/site/pipe", dir);
    mkfifo(path, 0600);
    strcat(dir, "/site");
    server = server_start(&o);
    dir[strlen(dir) - 5] = '\0';
    port = http_port(server);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    struct error err;
    server = http_stop(server, 1000);
    return dir_remove(dir, &err) == STATUS_OK ? 0 : -1;
}

static void expect_header(const char *request, int status, const char *name, const char *want)
{
    char value[512];
    struct reply r = ask(port, request);
    const char *got = r.status != 0 ? head_value(&r, name, value) : NULL;
    if (r.status != status || (want == NULL) != (got == NULL) || (want != NULL && strcmp(got, want) != 0))
        fail_msg("%.60s: %d, %s: %s instead of %d, %s", request, r.status, name, got != NULL ? got : "none", status,
                 want != NULL ? want : "none");
    reply_free(&r);
}

static void expect_body(const char *request, int status, const char *want)
{
    struct reply r = ask(port, request);
    if (r.status != status || strcmp(r.body, want) != 0)
        fail_msg("%.80s: %d %.60s instead of %d %s", request, r.status, r.body, status, want);
    reply_free(&r);
}

static void test_ranges(void **state)
{
    (void)state;
    static const struct {
        const char *range;
        int status;
        size_t first, length;
    } rows[] = {
        {"bytes=0-9", 206, 0, 10},
        {"bytes=10-19", 206, 10, 10},
        {"bytes=99990-", 206, 99990, 10},
        {"bytes=-10", 206, 99990, 10},
        {"bytes=0-", 206, 0, FILE_SIZE},
        {"bytes=-200000", 206, 0, FILE_SIZE},
        {"bytes=99999-100005", 206, 99999, 1},
        {"bytes=0-99999999999999999999999", 206, 0, FILE_SIZE},
        {"bytes=0-9, 20-29", 200, 0, FILE_SIZE},
        {"bytes=9-0", 200, 0, FILE_SIZE},
        {"items=0-9", 200, 0, FILE_SIZE},
        {"bytes=a-b", 200, 0, FILE_SIZE},
        {"bytes=100000-", 416, 0, 0},
        {"bytes=-0", 416, 0, 0},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct reply r = ask_f(port, "GET /api/file HTTP/1.1\r\nHost: a\r\nRange: %s\r\n\r\n", rows[i].range);
        char value[512], want[96];
        if (r.status != rows[i].status)
            fail_msg("%s: %d", rows[i].range, r.status);
        if (r.status == 416) {
            assert_string_equal(head_value(&r, "Content-Range", value), "bytes */100000");
            assert_non_null(strstr(r.body, "range_unsatisfiable"));
        } else {
            assert_int_equal(r.body_len, rows[i].length);
            snprintf(want, sizeof(want), "%09zu", rows[i].first / 10 * 10);
            if (rows[i].first % 10 == 0 && memcmp(r.body, want, 9) != 0)
                fail_msg("%s: begins %.9s", rows[i].range, r.body);
            assert_string_equal(head_value(&r, "Accept-Ranges", value), "bytes");
        }
        snprintf(want, sizeof(want), "bytes %zu-%zu/100000", rows[i].first, rows[i].first + rows[i].length - 1);
        if (r.status == 206)
            assert_string_equal(head_value(&r, "Content-Range", value), want);
        reply_free(&r);
    }
}

static void test_conditions(void **state)
{
    (void)state;
    expect_header(GET("/api/file", ""), 200, "ETag", "\"v1\"");
    expect_body(GET("/api/file", "If-None-Match: \"v1\"\r\n"), 304, "");
    expect_body(GET("/api/file", "If-None-Match: \"v0\", W/\"v1\"\r\n"), 304, "");
    expect_body(GET("/api/file", "If-None-Match: *\r\n"), 304, "");
    expect_header(GET("/api/file", "If-None-Match: \"v2\"\r\n"), 200, "Content-Length", "100000");
    expect_header(GET("/api/file", "If-None-Match: v1\r\n"), 200, "Content-Length", "100000");
    expect_header(GET("/api/file", "Range: bytes=0-9\r\nIf-Range: \"v1\"\r\n"), 206, "Content-Length", "10");
    expect_header(GET("/api/file", "Range: bytes=0-9\r\nIf-Range: \"v2\"\r\n"), 200, "Content-Length", "100000");
    expect_header(GET("/api/file", "Range: bytes=0-9\r\nIf-Range: W/\"v1\"\r\n"), 200, "Content-Length", "100000");
    expect_header("HEAD /api/file HTTP/1.1\r\nHost: a\r\n\r\n", 200, "Content-Length", "100000");
    expect_header(GET("/api/file?download=a%22b%0d%0aX:%20y", ""), 200, "Content-Disposition",
                  "attachment; filename=\"a_b__X: y\"; filename*=UTF-8''a%22b%0D%0AX%3A%20y");
    expect_header(GET("/api/file?download=pl%C3%A4in%22.webm", ""), 200, "Content-Disposition",
                  "attachment; filename=\"pl__in_.webm\"; filename*=UTF-8''pl%C3%A4in%22.webm");
    int fd = dial(port); /* after a file the connection goes on */
    say(fd, GET("/api/file", "Range: bytes=0-9\r\n") GET("/api/hello", ""));
    struct reply r = hear(fd);
    assert_int_equal(r.status, 206);
    reply_free(&r);
    r = hear(fd);
    assert_int_equal(r.status, 200);
    reply_free(&r);
    close(fd);
}

static void test_compression(void **state)
{
    (void)state;
    expect_body(GET("/assets/app-1234.js", ""), 200, "plain script");
    expect_body(GET("/assets/app-1234.js", "Accept-Encoding: gzip, deflate, br, zstd\r\n"), 200, "brotli script");
    expect_body(GET("/assets/app-1234.js", "Accept-Encoding: gzip\r\n"), 200, "gzip script");
    expect_body(GET("/assets/app-1234.js", "Accept-Encoding: br;q=0, gzip;q=0.5\r\n"), 200, "gzip script");
    expect_body(GET("/assets/app-1234.js", "Accept-Encoding: br;q=0.0, *;q=0\r\n"), 200, "plain script");
    expect_body(GET("/assets/app-1234.js", "Accept-Encoding: *\r\n"), 200, "brotli script");
    expect_body(GET("/assets/app-1234.js", "Accept-Encoding: identity\r\n"), 200, "plain script");
    expect_header(GET("/assets/app-1234.js", "Accept-Encoding: br\r\n"), 200, "Content-Encoding", "br");
    expect_header(GET("/assets/app-1234.js", "Accept-Encoding: br\r\n"), 200, "Content-Type",
                  "text/javascript; charset=utf-8");
    expect_header(GET("/assets/app-1234.js", ""), 200, "Vary", "Accept-Encoding");
    expect_header(GET("/favicon.svg", "Accept-Encoding: br\r\n"), 200, "Content-Encoding", NULL);
}

static void test_caching(void **state)
{
    (void)state;
    expect_header(GET("/assets/app-1234.js", ""), 200, "Cache-Control", "public, max-age=31536000, immutable");
    expect_header(GET("/assets/deep/x.woff2", ""), 200, "Content-Type", "font/woff2");
    expect_header(GET("/", ""), 200, "Cache-Control", "no-cache");
    expect_header(GET("/favicon.svg", ""), 200, "Content-Type", "image/svg+xml");
    char plain[512], brotli[512];
    struct reply r = ask(port, GET("/", ""));
    assert_non_null(head_value(&r, "ETag", plain));
    reply_free(&r);
    r = ask(port, GET("/", "Accept-Encoding: br\r\n"));
    assert_string_equal(r.body, "brotli index");
    assert_non_null(head_value(&r, "ETag", brotli));
    reply_free(&r);
    assert_string_not_equal(plain, brotli);
    r = ask_f(port, "GET / HTTP/1.1\r\nHost: a\r\nIf-None-Match: %s\r\n\r\n", plain);
    assert_int_equal(r.status, 304);
    reply_free(&r);
    r = ask_f(port, "GET / HTTP/1.1\r\nHost: a\r\nAccept-Encoding: br\r\nIf-None-Match: %s\r\n\r\n", plain);
    assert_int_equal(r.status, 200);
    reply_free(&r);
}

static void test_single_page(void **state)
{
    (void)state;
    static const char *const own[] = {"/",         "/login", "/interviews/42", "/i/AbC_-9",  "/assets", "/interviews/",
                                      "/healthzz", "/up",    "/pipe",          "/.hidden2/x"};
    for (size_t i = 0; i < sizeof(own) / sizeof(own[0]); i++) {
        struct reply r = ask_f(port, "GET %s HTTP/1.1\r\nHost: a\r\n\r\n", own[i]);
        if (r.status != 200 || strcmp(r.body, "<!doctype html>index") != 0)
            fail_msg("%s: %d %s", own[i], r.status, r.body);
        reply_free(&r);
    }
    expect_error(port, GET("/missing.js", ""), 404, "not_found");
    expect_error(port, GET("/assets/missing-1.css", ""), 404, "not_found");
    expect_error(port, GET("/api/absent", ""), 404, "not_found");
    expect_error(port, GET("/api", ""), 404, "not_found");
    expect_error(port, GET("/healthz", ""), 404, "not_found");
    expect_error(port, "POST /login HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n", 405, "method_not_allowed");
    expect_header("HEAD /login HTTP/1.1\r\nHost: a\r\n\r\n", 200, "Content-Length", "20");
}

static void test_no_escape(void **state)
{
    (void)state;
    static const char *const paths[] = {"/../secret.txt",
                                        "/%2e%2e/secret.txt",
                                        "/assets/../../secret.txt",
                                        "/..%2fsecret.txt",
                                        "/assets/..%5c..%5csecret.txt",
                                        "/link.txt",
                                        "/up/secret.txt",
                                        "/.hidden",
                                        "//etc/passwd",
                                        "/assets/%00",
                                        "/./index.html",
                                        "/%252e%252e/secret.txt",
                                        "/up/site/index.html",
                                        "/..;/secret.txt"};
    for (size_t i = 0; i < sizeof(paths) / sizeof(paths[0]); i++) {
        struct reply r = ask_f(port, "GET %s HTTP/1.1\r\nHost: a\r\n\r\n", paths[i]);
        if (r.status != 404 && r.status != 400)
            fail_msg("%s: %d %s", paths[i], r.status, r.body);
        assert_null(strcmp(r.body, "secret") == 0 ? r.body : NULL);
        reply_free(&r);
    }
}

static void test_page_policy(void **state)
{
    (void)state;
    char value[512];
    struct reply r = ask(port, "GET / HTTP/1.1\r\nHost: viva.example.org:8000\r\n\r\n");
    const char *csp = head_value(&r, "Content-Security-Policy", value);
    static const char *const must[] = {"default-src 'self'",
                                       "frame-ancestors 'none'",
                                       "worker-src 'self' blob:",
                                       "object-src 'none'",
                                       "connect-src 'self' ws://viva.example.org:8000 wss://viva.example.org:8000;",
                                       "media-src 'self' blob: data:"};
    for (size_t i = 0; i < sizeof(must) / sizeof(must[0]); i++)
        if (strstr(csp, must[i]) == NULL)
            fail_msg("%s is not in %s", must[i], csp);
    assert_null(strstr(csp, "'unsafe-eval'"));
    assert_non_null(strstr(head_value(&r, "Permissions-Policy", value), "camera=(self), microphone=(self)"));
    assert_string_equal(head_value(&r, "Cross-Origin-Opener-Policy", value), "same-origin");
    reply_free(&r);
}

static void test_docs(void **state)
{
    (void)state;
    expect_body(GET("/api/docs", ""), 200, "docs page");
    expect_header(GET("/api/docs", ""), 200, "Content-Type", "text/html; charset=utf-8");
    struct reply r = ask(port, GET("/api/openapi.json", ""));
    assert_int_equal(r.status, 200);
    assert_non_null(strstr(r.body, "\"openapi\":\"3.1.0\""));
    assert_non_null(strstr(r.body, "\"/api/items/{id}\""));
    assert_non_null(strstr(r.body, "\"ErrorEnvelope\""));
    reply_free(&r);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_ranges),      cmocka_unit_test(test_conditions),  cmocka_unit_test(test_compression),
        cmocka_unit_test(test_caching),     cmocka_unit_test(test_single_page), cmocka_unit_test(test_no_escape),
        cmocka_unit_test(test_page_policy), cmocka_unit_test(test_docs),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
