/* The parser of multipart/form-data, without a connection: every body is fed at once, byte by byte, and split at every
 * position, and must tell the same story. */
#include "unit/http/harness.h"

#include "http/multipart.h"

#define END "\r\n--B--\r\n"
#define FIELD_A                                                                                                        \
    "--B\r\n"                                                                                                          \
    "Content-Disposition: form-data; name=\"a\"\r\n"                                                                   \
    "\r\n"

static struct {
    char text[4096]; /* what was called back: name(file name|media type)=content; */
    size_t n;
    bool refuse_begin, refuse_data, refuse_end;
} story;

static void tell(const void *data, size_t n)
{
    assert_true(story.n + n < sizeof(story.text));
    memcpy(story.text + story.n, data, n);
    story.n += n;
    story.text[story.n] = '\0';
}

static enum status refused(struct error *err)
{
    return error_set(err, STATUS_CONFLICT, "refused", NULL, "Refused.");
}

static enum status on_begin(void *u, const struct multipart_part *p, struct error *err)
{
    (void)u;
    tell(p->name, strlen(p->name));
    if (p->is_file) {
        tell("(", 1);
        tell(p->file_name, strlen(p->file_name));
        tell("|", 1);
        tell(p->media_type, strlen(p->media_type));
        tell(")", 1);
    }
    tell("=", 1);
    return story.refuse_begin ? refused(err) : STATUS_OK;
}

static enum status on_data(void *u, const char *data, size_t n, struct error *err)
{
    (void)u;
    assert_true(n > 0);
    tell(data, n);
    return story.refuse_data ? refused(err) : STATUS_OK;
}

static enum status on_end(void *u, struct error *err)
{
    (void)u;
    tell(";", 1);
    return story.refuse_end ? refused(err) : STATUS_OK;
}

static const struct multipart_events events = {on_begin, on_data, on_end};

/* Each piece is a copy of exactly its size, so that the sanitizer sees a read past its end. */
static enum status feed_copy(struct multipart *m, const char *data, size_t n, struct error *err)
{
    char *exact = malloc(n != 0 ? n : 1);
    assert_non_null(exact);
    memcpy(exact, data, n);
    enum status st = multipart_feed(m, exact, n, err);
    free(exact);
    return st;
}

/* The body in pieces: [0, cut) as one, then pieces of `step` bytes. */
static enum status parse_cut(const char *boundary, const char *body, size_t n, size_t cut, size_t step,
                             struct error *err)
{
    static struct multipart m;
    story.n = 0;
    story.text[0] = '\0';
    multipart_init(&m, boundary, &events, NULL);
    enum status st = feed_copy(&m, body, cut, err);
    for (size_t at = cut; st == STATUS_OK && at < n; at += step)
        st = feed_copy(&m, body + at, at + step < n ? step : n - at, err);
    return st == STATUS_OK ? multipart_finish(&m, err) : st;
}

static enum status parse_every_way(const char *boundary, const char *body, size_t n, struct error *err)
{
    enum status first = parse_cut(boundary, body, n, n, 1, err);
    char want[sizeof(story.text)];
    memcpy(want, story.text, sizeof(want));
    for (size_t cut = 0; cut <= n; cut++) {
        for (size_t step = 1; step != 0; step = step == 1 ? n + 2 : 0) { /* byte by byte, and all the rest at once */
            struct error other = {0};
            enum status st = parse_cut(boundary, body, n, cut, step, &other);
            if (st != first || strcmp(story.text, want) != 0 ||
                (st != STATUS_OK && strcmp(other.message, err->message)))
                fail_msg("cut at %zu: %s \"%s\" instead of %s \"%s\"", cut, status_name(st), story.text,
                         status_name(first), want);
        }
    }
    memcpy(story.text, want, sizeof(want));
    return first;
}

static void expect(const char *body, const char *want)
{
    struct error err = {0};
    enum status st = parse_every_way("B", body, strlen(body), &err);
    if (st != STATUS_OK || strcmp(story.text, want) != 0)
        fail_msg("%s: %s (%s) \"%s\" instead of \"%s\"", body, status_name(st), err.message, story.text, want);
}

static void refuse(const char *body, const char *why)
{
    struct error err = {0};
    enum status st = parse_every_way("B", body, strlen(body), &err);
    if (st != STATUS_MALFORMED || strcmp(err.code, "form_malformed") != 0 || strstr(err.message, why) == NULL)
        fail_msg("%s: %s (%s) \"%s\"", body, status_name(st), err.message, story.text);
}

static void test_parts(void **state)
{
    (void)state;
    expect(FIELD_A "one" END, "a=one;");
    expect(FIELD_A END, "a=;");
    expect("--B--", "");
    expect("--B--\r\n", "");
    expect(FIELD_A "1\r\n--B\r\ncontent-disposition:FORM-DATA;NAME=b\r\n\r\n2" END, "a=1;b=2;");
    expect(FIELD_A "1\r\n--B \t \r\nContent-Disposition: form-data ; name=b ;\r\n\r\n2\r\n--B-- \t\r\n", "a=1;b=2;");
    expect(
        "--B\r\nX-Other: yes\r\nContent-Length: 3\r\nContent-Transfer-Encoding: 8BIT\r\n"
        "Content-Type: text/plain; charset=utf-8\r\nContent-Disposition: form-data; name=\"f\"; filename=\"x.wav\"\r\n"
        "\r\nabc" END,
        "f(x.wav|text/plain)=abc;");
    expect("--B\r\nContent-Disposition: form-data; filename=\"\"; name=f\r\nContent-Type: Application/Octet-Stream\r\n"
           "\r\n" END,
           "f(|application/octet-stream)=;");
    expect("--B\r\nContent-Disposition: form-data; name=\"f\"; filename*=UTF-8''a.txt\r\n\r\n" END, "f(|)=;");
    expect("--B\r\nContent-Disposition: form-data; name=\"say \\\"\\\\ \xC3\xA9;=\"\r\n\r\n" END,
           "say \"\\ \xC3\xA9;==;");
}

static void test_almost_boundaries(void **state)
{
    (void)state;
    expect(FIELD_A "\r\n-" END, "a=\r\n-;");
    expect(FIELD_A "\r\n--" END, "a=\r\n--;");
    expect(FIELD_A "\r\n--\r\n" END, "a=\r\n--\r\n;");
    expect(FIELD_A "\r\r\n\r\r\n--C\n--B\r--B" END, "a=\r\r\n\r\r\n--C\n--B\r--B;");
    expect(FIELD_A "--B--" END, "a=--B--;");
    expect(FIELD_A "\r\n\r\n-\r\n--A" END, "a=\r\n\r\n-\r\n--A;");
    struct error err = {0};
    static const char long_one[] =
        "--0--0\r\nContent-Disposition: form-data; name=a\r\n\r\n\r\n--0-\r\n--0--\r\n--0--0--";
    assert_int_equal(parse_every_way("0--0", long_one, sizeof(long_one) - 1, &err), STATUS_OK);
    assert_string_equal(story.text, "a=\r\n--0-\r\n--0--;");
}

static void test_binary_content(void **state)
{
    (void)state;
    struct error err = {0};
    static const char body[] = FIELD_A "\0\xFF\0\r\n\0" END;
    assert_int_equal(parse_every_way("B", body, sizeof(body) - 1, &err), STATUS_OK);
    assert_memory_equal(story.text, "a=\0\xFF\0\r\n\0;", 9);
}

#define PART(headers) "--B\r\n" headers "\r\n\r\nx" END

static void test_refused(void **state)
{
    (void)state;
    refuse("", "cut off");
    refuse("--B", "cut off");
    refuse("--B-", "cut off");
    refuse("--B\r\n", "cut off");
    refuse("--B--\r", "cut off");
    refuse(FIELD_A "text", "cut off");
    refuse(FIELD_A "text\r\n--B", "cut off");
    refuse(FIELD_A "text\r\n--B\r\n", "cut off");
    refuse("preamble\r\n--B--\r\n", "does not begin");
    refuse("\r\n--B--\r\n", "does not begin");
    refuse("--C\r\n", "does not begin");
    refuse("--B--\r\nmore", "goes on");
    refuse("--B--\r\n\r\n", "goes on");
    refuse("--B--x", "broken boundary");
    refuse("--B-\r\n", "broken boundary");
    refuse("--Bx\r\n", "broken boundary");
    refuse("--B\n", "broken boundary");
    refuse("--B\rx", "broken boundary");
    refuse(FIELD_A "text\r\n--Bx" END, "broken boundary");
    refuse("--B\r\n\r\nx" END, "without a name");
    refuse(PART("Content-Type: text/plain"), "without a name");
    refuse(PART("Content-Disposition: form-data"), "without a name");
    refuse(PART("Content-Disposition: attachment; name=a"), "not form-data");
    refuse(PART("Content-Disposition:"), "not form-data");
    refuse(PART("Content-Disposition: form-data; name=a; name=b"), "given twice");
    refuse(PART("Content-Disposition: form-data; name=a; filename=b; FileName=c"), "given twice");
    refuse(PART("Content-Disposition: form-data; name=a\r\nContent-Disposition: form-data; name=b"),
           "two Content-Disp");
    refuse(PART("Content-Disposition: form-data; name=\"\""), "field name");
    refuse(PART("Content-Disposition: form-data; name=\"\xFF\""), "field name");
    refuse(PART("Content-Disposition: form-data; name=\"a\tb\""), "field name");
    refuse(PART("Content-Disposition: form-data; name=\"a"), "broken Content-Disp");
    refuse(PART("Content-Disposition: form-data; name=\"a\\\""), "broken Content-Disp");
    refuse(PART("Content-Disposition: form-data; name="), "broken Content-Disp");
    refuse(PART("Content-Disposition: form-data; name"), "broken Content-Disp");
    refuse(PART("Content-Disposition: form-data; name=a b"), "broken Content-Disp");
    refuse(PART("Content-Disposition: form-data; name=\"a\"b"), "broken Content-Disp");
    refuse(PART("Content-Disposition: form-data; na me=a"), "broken Content-Disp");
    refuse(PART("Content-Disposition: form-data; name=a\r\n folded"), "broken header");
    refuse(PART("Content-Disposition : form-data; name=a"), "broken header");
    refuse(PART("nothing"), "broken header");
    refuse(PART("X: \x01"), "broken header");
    refuse(PART("X: a\nY: b"), "bare line end");
    refuse(PART("X: a\rY: b"), "bare line end");
    refuse(PART("Content-Disposition: form-data; name=a\r\nContent-Transfer-Encoding: base64"), "transfer encoding");
    refuse(PART("Content-Disposition: form-data; name=a\r\nContent-Type: a\r\nContent-Type: b"), "Content-Type");
    refuse(PART("Content-Disposition: form-data; name=a\r\nContent-Type: ;"), "Content-Type");
}

static void test_nul_in_headers(void **state)
{
    (void)state;
    struct error err = {0};
    static const char body[] = "--B\r\nX: a\0b\r\n\r\n" END;
    assert_int_equal(parse_every_way("B", body, sizeof(body) - 1, &err), STATUS_MALFORMED);
    assert_non_null(strstr(err.message, "NUL"));
}

static void test_limits(void **state)
{
    (void)state;
    struct error err = {0};
    struct buf b;
    buf_init(&b, 1u << 20);
    for (size_t i = 0; i < MULTIPART_PARTS_MAX; i++)
        buf_str(&b, FIELD_A "\r\n");
    buf_str(&b, "--B--");
    assert_int_equal(parse_cut("B", b.data, b.len, b.len, 1, &err), STATUS_OK);
    b.len -= 5;
    buf_str(&b, FIELD_A "\r\n--B--");
    assert_int_equal(parse_cut("B", b.data, b.len, b.len, 1, &err), STATUS_TOO_LARGE);
    assert_string_equal(err.code, "form_too_large");

    static const char start[] = "Content-Disposition: form-data; name=a\r\nX:";
    for (size_t over = 0; over < 2; over++) {
        buf_clear(&b);
        buf_printf(&b, "--B\r\n%s", start);
        for (size_t i = sizeof(start) - 1; i + 4 < MULTIPART_HEAD_MAX + over; i++)
            buf_char(&b, 'x');
        buf_str(&b, "\r\n\r\n" END);
        assert_int_equal(parse_cut("B", b.data, b.len, b.len, 1, &err), over ? STATUS_TOO_LARGE : STATUS_OK);
    }
    for (size_t last = 0; last < 2; last++) { /* blanks behind a boundary, without an end */
        buf_clear(&b);
        buf_str(&b, last ? "--B--" : "--B");
        for (size_t i = 0; i <= MULTIPART_HEAD_MAX; i++)
            buf_char(&b, ' ');
        assert_int_equal(parse_cut("B", b.data, b.len, b.len, 1, &err), STATUS_TOO_LARGE);
    }
    buf_clear(&b);
    buf_str(&b, "--B\r\nContent-Disposition: form-data; name=");
    for (size_t i = 0; i <= MULTIPART_NAME_MAX; i++)
        buf_char(&b, 'n');
    buf_str(&b, "\r\n\r\n" END);
    assert_int_equal(parse_cut("B", b.data, b.len, b.len, 1, &err), STATUS_MALFORMED);
    buf_free(&b);
}

static void test_events_can_refuse(void **state)
{
    (void)state;
    bool *const flags[] = {&story.refuse_begin, &story.refuse_data, &story.refuse_end};
    static const char *const told[] = {"a=", "a=x", "a=x;"};
    static const char body[] = FIELD_A "x" END;
    for (size_t i = 0; i < 3; i++) {
        struct error err = {0};
        *flags[i] = true;
        assert_int_equal(parse_every_way("B", body, sizeof(body) - 1, &err), STATUS_CONFLICT);
        assert_string_equal(story.text, told[i]);
        *flags[i] = false;
    }
}

static void test_boundaries(void **state)
{
    (void)state;
    char b[MULTIPART_BOUNDARY_MAX + 1], type[256];
    static const char *const good[][2] = {
        {"multipart/form-data; boundary=x", "x"},
        {"Multipart/Form-Data;BOUNDARY=\"a b\"", "a b"},
        {"multipart/form-data; charset=utf-8; boundary=----WebKitFormBoundary0", "----WebKitFormBoundary0"},
        {"multipart/form-data; boundary='()+_,-./:=?", "'()+_,-./:=?"},
    };
    for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
        if (!multipart_boundary(good[i][0], b))
            fail_msg("%s is refused", good[i][0]);
        assert_string_equal(b, good[i][1]);
    }
    static const char *const bad[] = {"",
                                      "multipart/form-data",
                                      "multipart/mixed; boundary=x",
                                      "multipart/form-data; boundary=",
                                      "multipart/form-data; boundary=\"\"",
                                      "multipart/form-data; boundary=\"x",
                                      "multipart/form-data; boundary=\"x \"",
                                      "multipart/form-data; boundary=a*b",
                                      "multipart/form-data; boundary=a; boundary=b",
                                      "multipart/form-data; boundary=a b",
                                      "multipart/form-data boundary=a"};
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
        if (multipart_boundary(bad[i], b))
            fail_msg("%s is taken as %s", bad[i], b);
    for (int n = MULTIPART_BOUNDARY_MAX; n <= MULTIPART_BOUNDARY_MAX + 1; n++) {
        snprintf(type, sizeof(type), "multipart/form-data; boundary=%0*d", n, 0);
        assert_int_equal(multipart_boundary(type, b), n == MULTIPART_BOUNDARY_MAX);
    }
}

static void test_file_names(void **state)
{
    (void)state;
    char name[MULTIPART_FILE_NAME_MAX + 1], longer[400];
    static const char *const pairs[][2] = {
        {"r\xC3\xA9sum\xC3\xA9.pdf", "r\xC3\xA9sum\xC3\xA9.pdf"},
        {"C:\\fakepath\\cv.pdf", "cv.pdf"},
        {"../../etc/passwd", "passwd"},
        {"a/", ""},
        {"..", ""},
        {".", ""},
        {"a\x01\n\x7F"
         "b",
         "ab"},
        {"a\xFF"
         "b",
         "a_b"},
        {"gpj.\xE2\x80\xAE"
         "exe",
         "gpj.exe"}, /* U+202E would show it as exe.jpg */
        {"", ""},
    };
    for (size_t i = 0; i < sizeof(pairs) / sizeof(pairs[0]); i++) {
        multipart_file_name(pairs[i][0], name);
        assert_string_equal(name, pairs[i][1]);
    }
    for (size_t i = 0; i < sizeof(longer) - 1; i += 3)
        memcpy(longer + i, "\xE2\x82\xAC", 3);
    longer[399] = '\0';
    multipart_file_name(longer + 1, name); /* begins in the middle of a character: one byte is replaced twice */
    assert_int_equal(strlen(name), 2 + 84 * 3);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_parts),
        cmocka_unit_test(test_almost_boundaries),
        cmocka_unit_test(test_binary_content),
        cmocka_unit_test(test_refused),
        cmocka_unit_test(test_nul_in_headers),
        cmocka_unit_test(test_limits),
        cmocka_unit_test(test_events_can_refuse),
        cmocka_unit_test(test_boundaries),
        cmocka_unit_test(test_file_names),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
