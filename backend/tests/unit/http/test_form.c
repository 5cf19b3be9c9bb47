/* multipart/form-data over a connection: fields by the route's table, the file into a temporary, every limit. */
#include "unit/http/harness.h"

#include "http/multipart.h"

static unsigned port;
static struct http_server *server;

static int start(void **state)
{
    (void)state;
    struct http_options o = {0};
    server = server_start(&o);
    port = http_port(server);
    return 0;
}

static int stop(void **state)
{
    (void)state;
    server = http_stop(server, 5000);
    return 0;
}

#define PART(name)       "--B\r\nContent-Disposition: form-data; name=\"" name "\"\r\n\r\n"
#define FILE_PART(named) "--B\r\nContent-Disposition: form-data; name=\"file\"; filename=\"" named "\"\r\n"
#define END              "\r\n--B--\r\n"

static void expect(const char *path, const char *type, const char *body, int status, const char *has)
{
    struct reply r = ask_f(port, "POST %s HTTP/1.1\r\nHost: a\r\nContent-Type: %s\r\nContent-Length: %zu\r\n\r\n%s",
                           path, type, strlen(body), body);
    if (r.status != status || r.body == NULL || strstr(r.body, has) == NULL)
        fail_msg("%s %s: %d %s instead of %d %s", path, body, r.status, r.body != NULL ? r.body : "", status, has);
    reply_free(&r);
}

static void form(const char *path, const char *body, int status, const char *has)
{
    expect(path, "multipart/form-data; boundary=B", body, status, has);
}

static void test_fields(void **state)
{
    (void)state;
    form("/api/form", PART("name") "Ada \xC3\xA9\r\n" PART("count") "4" END, 200,
         "\"name\":\"Ada \xC3\xA9\",\"count\":4");
    form("/api/form", PART("count") "4" END, 422, "\"field_required\",\"field\":\"name\"");
    form("/api/form", PART("name") "Ada\r\n" PART("count") "many" END, 422, "\"field_type\",\"field\":\"count\"");
    form("/api/form", PART("name") "\xFF" END, 422, "\"field\":\"name\"");
    form("/api/form", PART("name") "a\r\n" PART("name") "b" END, 422, "\"field_format\",\"field\":\"name\"");
    form("/api/form", PART("name") "a\r\n" PART("other") "b" END, 422, "\"field_unknown\",\"field\":\"other\"");
    form("/api/form", PART("name") "a\r\n" FILE_PART("x") "\r\nx" END, 422, "\"field_unknown\",\"field\":\"file\"");
    form("/api/form", "--B\r\nContent-Disposition: form-data; name=name; filename=x\r\n\r\nx" END, 422,
         "\"field_type\",\"field\":\"name\"");
}

static void test_file(void **state)
{
    (void)state;
    form("/api/attach", PART("name") "Ada\r\n" FILE_PART("C:\\a\\v.wav") "Content-Type: Audio/WAV; x=y\r\n\r\nabc" END,
         200,
         "{\"size\":3,\"sha256\":\"ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad\","
         "\"media_type\":\"audio/wav\",\"first\":\"abc\",\"file_name\":\"v.wav\",\"name\":\"Ada\"}");
    form("/api/attach", PART("file") "abc\r\n" PART("name") "Ada" END, 200,
         "\"media_type\":\"\",\"first\":\"abc\",\"file_name\":\"\"");
    form("/api/attach", FILE_PART("x") "\r\n\r\n" PART("name") "Ada" END, 200, "{\"size\":0,");
    form("/api/attach", PART("name") "Ada" END, 422, "\"field_required\",\"field\":\"file\"");
    form("/api/attach", FILE_PART("") "\r\n\r\n" PART("name") "Ada" END, 422, "\"field_required\",\"field\":\"file\"");
    form("/api/attach", FILE_PART("x") "\r\nabc" END, 422, "\"field_required\",\"field\":\"name\"");
    form("/api/attach", FILE_PART("x") "\r\nabc\r\n" FILE_PART("y") "\r\nabc" END, 422,
         "\"field_format\",\"field\":\"file\"");
    form("/api/attach-perhaps", FILE_PART("x") "\r\nabc" END, 200,
         "\"first\":\"abc\",\"file_name\":\"x\",\"name\":null");
    form("/api/attach-perhaps", "--B--", 200, "no file");
    form("/api/attach-perhaps", FILE_PART("") "\r\n" END, 200, "no file");
    form("/api/attach-perhaps", PART("name") "Ada" END, 422, "\"field_unknown\",\"field\":\"name\"");
}

static void test_what_is_no_form(void **state)
{
    (void)state;
    expect("/api/attach", "application/json", "{\"name\":\"Ada\"}", 415, "media_unsupported");
    expect("/api/attach", "multipart/form-data", "--B--", 400, "form_malformed");
    expect("/api/attach", "multipart/form-data; boundary=\"", "--B--", 400, "form_malformed");
    form("/api/attach", "", 400, "form_malformed");
    form("/api/attach", PART("name") "Ada", 400, "form_malformed");
    form("/api/form", PART("name") "Ada\r\n--B", 400, "form_malformed");
    struct reply r = ask(port, "POST /api/attach HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n");
    assert_int_equal(r.status, 422);
    reply_free(&r);
}

/* A file of nothing but CRs, the parser's worst case, comes through whole, in whatever pieces the socket gives. */
static void test_large_file(void **state)
{
    (void)state;
    static const char start[] = PART("name") "Ada\r\n" FILE_PART("x") "\r\n";
    const size_t size = 900000;
    char *file = malloc(size), *want = NULL, hex[65];
    uint8_t digest[SHA256_SIZE];
    struct sha256 sha;
    assert_non_null(file);
    for (size_t i = 0; i < size; i++)
        file[i] = i < size / 2 ? '\r' : (char)i;
    sha256_init(&sha);
    sha256_update(&sha, file, size);
    sha256_final(&sha, digest);
    sha256_hex(digest, hex);
    assert_true(asprintf(&want, "{\"size\":%zu,\"sha256\":\"%s\"", size, hex) > 0);
    int fd = dial(port);
    char head[256];
    snprintf(head, sizeof(head),
             "POST /api/attach HTTP/1.1\r\nHost: a\r\nContent-Type: multipart/form-data; boundary=B\r\n"
             "Content-Length: %zu\r\n\r\n",
             sizeof(start) - 1 + size + sizeof(END) - 1);
    assert_true(say(fd, head) && say(fd, start) && put(fd, file, size) && say(fd, END));
    struct reply r = hear(fd);
    assert_int_equal(r.status, 200);
    assert_non_null(strstr(r.body, want));
    reply_free(&r);
    assert_true(say(fd, GET("/api/hello", ""))); /* and the connection goes on */
    r = hear(fd);
    assert_int_equal(r.status, 200);
    reply_free(&r);
    close(fd);
    free(file);
    free(want);
}

/* 413 in the middle of the body: the whole beyond the route's limit, the text beyond that of forms, too many parts. */
static void test_too_large(void **state)
{
    (void)state;
    static const char *const starts[] = {FILE_PART("x") "\r\n", PART("name"), PART("name")};
    static const char *const codes[] = {"body_too_large", "The text of the form", "too many parts"};
    static char block[65536];
    for (int i = 0; i < 3; i++) {
        int fd = dial(port);
        size_t filled = 0;
        memset(block, 'x', sizeof(block));
        for (; i == 2 && filled + sizeof(PART("file")) < 20000; filled += sizeof("\r\n" PART("count")) - 1)
            memcpy(block + filled, "\r\n" PART("count"), sizeof("\r\n" PART("count")) - 1);
        assert_true(say(fd, "POST /api/attach HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n"
                            "Content-Type: multipart/form-data; boundary=B\r\n\r\n"));
        char size[32];
        snprintf(size, sizeof(size), "%zx\r\n", strlen(starts[i]));
        assert_true(say(fd, size) && say(fd, starts[i]) && say(fd, "\r\n"));
        for (int k = 0; k < 17; k++)
            if (!say(fd, "10000\r\n") || !put(fd, block, sizeof(block)) || !say(fd, "\r\n"))
                break;
        struct reply r = hear(fd);
        if (r.status != 413 || strstr(r.body, codes[i]) == NULL)
            fail_msg("%d: %d %s", i, r.status, r.body != NULL ? r.body : "");
        reply_free(&r);
        close(fd);
    }
}

/* A mistake in an early part is told before the rest of the body was read. */
static void test_refused_early(void **state)
{
    (void)state;
    int fd = dial(port);
    assert_true(say(fd, "POST /api/attach HTTP/1.1\r\nHost: a\r\nContent-Length: 500000\r\n"
                        "Content-Type: multipart/form-data; boundary=B\r\n\r\n" PART("role") "admin"));
    struct reply r = hear(fd);
    assert_int_equal(r.status, 422);
    assert_non_null(strstr(r.body, "\"field_unknown\",\"field\":\"role\""));
    reply_free(&r);
    close(fd);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_fields),     cmocka_unit_test(test_file),      cmocka_unit_test(test_what_is_no_form),
        cmocka_unit_test(test_large_file), cmocka_unit_test(test_too_large), cmocka_unit_test(test_refused_early),
    };
    return cmocka_run_group_tests(tests, start, stop);
}
