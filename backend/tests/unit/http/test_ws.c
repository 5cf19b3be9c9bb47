/* WebSockets, frame by frame. */
#include "unit/http/harness.h"

static struct http_server *server;
static unsigned port;

static int setup(void **state)
{
    (void)state;
    static const char *const origins[] = {"https://app.example.org", NULL};
    static struct http_options o = {.cors_origins = origins, .public_url = "https://viva.example.org/"};
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

static int before(void **state)
{
    (void)state;
    ws_seen_reset();
    return 0;
}

#define HANDSHAKE(path, more)                                                                                          \
    "GET " path " HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: keep-alive, Upgrade\r\n"            \
    "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n" more "\r\n"
#define ECHO "Sec-WebSocket-Protocol: echo.v1\r\n"

struct frame {
    int opcode;
    bool fin;
    size_t len;
    uint8_t *data;
};

static bool get(int fd, void *out, size_t n)
{
    for (uint8_t *p = out; n > 0;) {
        ssize_t k = recv(fd, p, n, 0);
        if (k <= 0)
            return false;
        p += k;
        n -= (size_t)k;
    }
    return true;
}

/* opcode -1: the connection ended */
static struct frame frame_get(int fd)
{
    struct frame f = {.opcode = -1};
    uint8_t h[2], more[8];
    if (!get(fd, h, 2))
        return f;
    f.fin = h[0] & 0x80;
    assert_int_equal(h[0] & 0x70, 0);
    assert_int_equal(h[1] & 0x80, 0); /* a server does not mask */
    f.len = h[1] & 0x7F;
    if (f.len >= 126) {
        size_t n = f.len == 126 ? 2 : 8;
        assert_true(get(fd, more, n));
        f.len = 0;
        for (size_t i = 0; i < n; i++)
            f.len = f.len << 8 | more[i];
    }
    f.data = calloc(1, f.len + 1);
    if (!get(fd, f.data, f.len)) {
        free(f.data);
        return (struct frame){.opcode = -1};
    }
    f.opcode = h[0] & 0x0F;
    return f;
}

static size_t frame_make(uint8_t *out, int first, bool masked, const void *data, size_t n)
{
    static const uint8_t mask[4] = {0x12, 0x34, 0x56, 0x78};
    size_t at = 0;
    out[at++] = (uint8_t)first;
    if (n < 126) {
        out[at++] = (uint8_t)((masked ? 0x80 : 0) | n);
    } else if (n < 65536) {
        out[at++] = (uint8_t)((masked ? 0x80 : 0) | 126);
        out[at++] = (uint8_t)(n >> 8);
        out[at++] = (uint8_t)n;
    } else {
        out[at++] = (uint8_t)((masked ? 0x80 : 0) | 127);
        for (int i = 7; i >= 0; i--)
            out[at++] = (uint8_t)((uint64_t)n >> (8 * i));
    }
    if (masked) {
        memcpy(out + at, mask, 4);
        at += 4;
    }
    for (size_t i = 0; i < n; i++)
        out[at + i] = ((const uint8_t *)data)[i] ^ (masked ? mask[i & 3] : 0);
    return at + n;
}

static bool frame_put(int fd, int first, bool masked, const void *data, size_t n)
{
    uint8_t *out = malloc(n + 16);
    bool ok = put(fd, out, frame_make(out, first, masked, data, n));
    free(out);
    return ok;
}

#define expect_close(fd, code) expect_close_at(__LINE__, (fd), (code))

static void expect_frame(int fd, int opcode, const void *data, size_t n)
{
    struct frame f = frame_get(fd);
    if (f.opcode != opcode || f.len != n || memcmp(f.data, data, n) != 0)
        fail_msg("frame %d of %zu bytes instead of %d of %zu", f.opcode, f.len, opcode, n);
    free(f.data);
}

static void expect_close_at(int line, int fd, int code)
{
    struct frame f = frame_get(fd);
    bool bare = f.opcode == 8 && f.len == 0 && code == 1002; /* wslay gives no code when the frame itself is broken */
    if (bare) {
        free(f.data);
        return;
    }
    if (f.opcode != 8 || f.len < 2 || (f.data[0] << 8 | f.data[1]) != code)
        fail_msg("line %d: frame %d, code %d instead of a close with %d", line, f.opcode,
                 f.opcode == 8 && f.len >= 2 ? f.data[0] << 8 | f.data[1] : 0, code);
    free(f.data);
}

static int open_ws_with(const char *handshake, int receive_buffer)
{
    int fd = dial_with(port, receive_buffer);
    char value[512];
    assert_true(say(fd, handshake));
    struct reply r = hear(fd);
    assert_int_equal(r.status, 101);
    assert_string_equal(head_value(&r, "Sec-WebSocket-Accept", value), "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
    assert_string_equal(head_value(&r, "Sec-WebSocket-Protocol", value), "echo.v1");
    reply_free(&r);
    expect_frame(fd, 1, "welcome", 7);
    return fd;
}

static int open_ws(void)
{
    return open_ws_with(HANDSHAKE("/api/ws", ECHO), 0);
}

static void expect_closed_at(int line, int fd, int code)
{
    assert_true(at_end(fd));
    close(fd);
    assert_true(ws_wait(&ws_seen.closed, 1));
    if (ws_seen.closed != 1 || ws_seen.code != code)
        fail_msg("line %d: closed %d times, with %d instead of %d", line, ws_seen.closed, ws_seen.code, code);
}

#define expect_closed(fd, code) expect_closed_at(__LINE__, (fd), (code))

static void test_echo(void **state)
{
    (void)state;
    int fd = open_ws();
    uint8_t *big = malloc(262144);
    for (size_t i = 0; i < 262144; i++)
        big[i] = (uint8_t)(i * 7);
    static const size_t sizes[] = {0, 1, 125, 126, 127, 65535, 65536, 262144};
    for (size_t i = 0; i < 8; i++) {
        assert_true(frame_put(fd, 0x82, true, big, sizes[i]));
        expect_frame(fd, 2, big, sizes[i]);
    }
    assert_true(frame_put(fd, 0x81, true, "h\xC3\xA9", 3));
    expect_frame(fd, 1, "h\xC3\xA9", 3);
    assert_true(frame_put(fd, 0x88, true,
                          "\x03\xE8"
                          "bye",
                          5));
    expect_close(fd, 1000);
    expect_closed(fd, 1000);
    free(big);
}

static void test_handshake_refused(void **state)
{
    (void)state;
    expect_error(port, GET("/api/ws", ""), 426, "websocket_only");
    expect_error(port, HANDSHAKE("/api/ws", ""), 400, "websocket_protocol");
    expect_error(port, HANDSHAKE("/api/ws", "Sec-WebSocket-Protocol: other\r\n"), 400, "websocket_protocol");
    expect_error(port, HANDSHAKE("/api/ws?refuse=1", ECHO), 410, "session_over");
    expect_error(port,
                 GET("/api/ws", "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 8\r\n"
                                "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n" ECHO),
                 400, "websocket_handshake");
    expect_error(port,
                 GET("/api/ws", "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
                                "Sec-WebSocket-Key: short\r\n" ECHO),
                 400, "websocket_handshake");
    expect_status(port, "HEAD /api/ws HTTP/1.1\r\nHost: a\r\n\r\n", 405);
    assert_int_equal(ws_seen.opened, 0);
    assert_int_equal(ws_seen.closed, 0);
}

static void test_origin(void **state)
{
    (void)state;
    static const char *const good[] = {"http://localhost", "https://localhost", "https://app.example.org",
                                       "https://viva.example.org"};
    static const char *const bad[] = {"http://evil.com",
                                      "http://localhost.evil.com",
                                      "http://localhost:81",
                                      "null",
                                      "https://viva.example.org.evil.com",
                                      "https://viva.example",
                                      "https://app.example.org:8443"};
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        struct reply r = ask_f(port, HANDSHAKE("/api/ws", ECHO "Origin: %s\r\n"), bad[i]);
        if (r.status != 403)
            fail_msg("%s: %d", bad[i], r.status);
        reply_free(&r);
    }
    for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
        struct reply r = ask_f(port, HANDSHAKE("/api/ws", ECHO "Origin: %s\r\n"), good[i]);
        if (r.status != 101)
            fail_msg("%s: %d", good[i], r.status);
        reply_free(&r);
    }
    assert_true(ws_wait(&ws_seen.closed, (int)(sizeof(good) / sizeof(good[0]))));
}

static void test_token(void **state)
{
    (void)state;
#define LIVE(id, token) HANDSHAKE("/api/sessions/" id "/live", "Sec-WebSocket-Protocol: echo.v1, " token "\r\n")
    expect_error(port, HANDSHAKE("/api/sessions/" SESSION "/live", ECHO), 401, "token_missing");
    expect_error(port, LIVE(SESSION, "token.wrong"), 401, "token_invalid");
    expect_error(port, LIVE(SESSION, "token.admin"), 403, "forbidden");
    expect_error(port, LIVE(OTHER, "token.candidate"), 403, "forbidden");
    int fd = open_ws_with(LIVE(SESSION, "token.candidate"), 0);
    close(fd);
    assert_true(ws_wait(&ws_seen.closed, 1));
    assert_int_equal(ws_seen.code, 1006);
}

static void test_fragments(void **state)
{
    (void)state;
    int fd = open_ws();
    assert_true(frame_put(fd, 0x01, true, "h\xC3", 2)); /* a character cut in two */
    assert_true(frame_put(fd, 0x89, true, "in between", 10));
    assert_true(frame_put(fd, 0x00, true, "\xA9", 1));
    assert_true(frame_put(fd, 0x80, true, "llo", 3));
    expect_frame(fd, 10, "in between", 10);
    expect_frame(fd, 1, "h\xC3\xA9llo", 6);
    assert_int_equal(ws_seen.texts, 1);
    close(fd);
    assert_true(ws_wait(&ws_seen.closed, 1));
}

/* What arrives in the same packet as the handshake is not lost. */
static void test_early_frames(void **state)
{
    (void)state;
    char *all = malloc(2048);
    size_t n = strlen(HANDSHAKE("/api/ws", ECHO));
    memcpy(all, HANDSHAKE("/api/ws", ECHO), n);
    n += frame_make((uint8_t *)all + n, 0x81, true, "early", 5);
    n += frame_make((uint8_t *)all + n, 0x82, true, "bird", 4);
    int fd = dial(port);
    assert_true(put(fd, all, n));
    struct reply r = hear(fd);
    assert_int_equal(r.status, 101);
    reply_free(&r);
    expect_frame(fd, 1, "welcome", 7);
    expect_frame(fd, 1, "early", 5);
    expect_frame(fd, 2, "bird", 4);
    close(fd);
    assert_true(ws_wait(&ws_seen.closed, 1));
    free(all);
}

static void violate_at(int line, int first, bool masked, const void *data, size_t n, int code)
{
    ws_seen_reset();
    int fd = open_ws();
    frame_put(fd, first, masked, data, n);
    frame_put(fd, 0x81, true, "more", 4); /* not looked at any more */
    expect_close_at(line, fd, code);
    assert_int_equal(ws_seen.texts, 0);
    shutdown(fd, SHUT_WR);
    expect_closed_at(line, fd, code);
}

#define violate(...) violate_at(__LINE__, __VA_ARGS__)

static void test_violations(void **state)
{
    (void)state;
    char *big = calloc(1, 300000);
    violate(0x81, false, "unmasked", 8, 1002);
    violate(0xC1, true, "rsv1", 4, 1002);
    violate(0x83, true, "opcode 3", 8, 1002);
    violate(0x80, true, "continues nothing", 17, 1002);
    violate(0x09, true, "fragmented ping", 15, 1002);
    violate(0x89, true, big, 126, 1002);
    violate(0x81, true, "\xFF\xFE", 2, 1007);
    violate(0x81, true, "\xED\xA0\x80", 3, 1007);
    violate(0x88, true, "\x03\xEC", 2, 1002); /* 1004 is reserved */
    violate(0x82, true, big, 262145, 1009);
    memset(big, 'a', 65537);
    violate(0x81, true, big, 65537, 1009);
    free(big);
}

static void test_fragment_flood(void **state)
{
    (void)state;
    int fd = open_ws();
    frame_put(fd, 0x02, true, "", 0);
    for (int i = 0; i < 2000 && frame_put(fd, 0x00, true, "", 0); i++)
        ;
    expect_close(fd, 1008);
    shutdown(fd, SHUT_WR);
    expect_closed(fd, 1008);
    ws_seen_reset();
    fd = open_ws(); /* pieces that only together are too large */
    char *piece = calloc(1, 60000);
    frame_put(fd, 0x02, true, piece, 60000);
    for (int i = 0; i < 5; i++)
        frame_put(fd, 0x00, true, piece, 60000);
    expect_close(fd, 1009);
    shutdown(fd, SHUT_WR);
    expect_closed(fd, 1009);
    free(piece);
}

static void test_server_closes(void **state)
{
    (void)state;
    int fd = open_ws();
    frame_put(fd, 0x81, true, "close", 5);
    struct frame f = frame_get(fd);
    assert_int_equal(f.opcode, 8);
    assert_memory_equal(f.data,
                        "\x11\x3A"
                        "over",
                        6); /* 4410 */
    free(f.data);
    assert_int_equal(ws_seen.closed, 0); /* not before the peer has answered */
    frame_put(fd, 0x88, true, "\x11\x3A", 2);
    expect_closed(fd, 4410);
}

/* 13 MB to a client that does not read: cut off at 4 MiB, told why if it ever reads. */
static void test_slow_reader(void **state)
{
    (void)state;
    int fd = open_ws_with(HANDSHAKE("/api/ws", ECHO), 4096);
    frame_put(fd, 0x81, true, "flood", 5);
    assert_true(ws_wait(&ws_seen.closed, 1));
    assert_int_equal(ws_seen.code, 1013);
    assert_int_equal(ws_seen.closed, 1);
    close(fd);
}

static void test_ping_and_silence(void **state)
{
    (void)state;
    struct http_options o = {.ws_ping_ms = 60, .ws_silence_ms = 400};
    struct http_server *s = server_start(&o);
    unsigned saved = port;
    port = http_port(s);
    int fd = open_ws();
    int64_t began = now_ms();
    for (int i = 0; i < 12; i++) { /* who answers is kept, longer than the silence allowed */
        expect_frame(fd, 9, "", 0);
        assert_true(frame_put(fd, 0x8A, true, "", 0));
    }
    assert_true(now_ms() - began > 400);
    assert_int_equal(ws_seen.closed, 0);
    assert_true(ws_wait(&ws_seen.closed, 1)); /* who does not is dropped */
    assert_int_equal(ws_seen.code, 1006);
    close(fd);
    port = saved;
    http_stop(s, 100);
}

static void *stop_server(void *s)
{
    http_stop(s, 1000);
    return NULL;
}

static void test_shutdown(void **state)
{
    (void)state;
    struct http_options o = {0};
    struct http_server *s = server_start(&o);
    unsigned saved = port;
    port = http_port(s);
    int polite = open_ws(), silent = open_ws();
    pthread_t stopping;
    pthread_create(&stopping, NULL, stop_server, s);
    expect_close(polite, 1012);
    frame_put(polite, 0x88, true, "\x03\xF4", 2);
    assert_true(at_end(polite));
    expect_close(silent, 1012);
    pthread_join(stopping, NULL);
    assert_int_equal(ws_seen.closed, 2);
    assert_int_equal(ws_seen.code, 1012);
    close(polite), close(silent);
    port = saved;
}

struct talker {
    int messages, good;
};

static void *talk(void *arg)
{
    struct talker *t = arg;
    int fd = open_ws();
    char text[700];
    memset(text, 'x', sizeof(text));
    for (int i = 0; i < t->messages; i++) {
        snprintf(text, 20, "%d", i);
        frame_put(fd, 0x82, true, text, sizeof(text));
    }
    for (int i = 0; i < t->messages; i++) { /* in order, every one */
        struct frame f = frame_get(fd);
        t->good += f.opcode == 2 && f.len == sizeof(text) && atoi((char *)f.data) == i;
        free(f.data);
    }
    close(fd);
    return NULL;
}

static void test_many(void **state)
{
    (void)state;
    pthread_t threads[40];
    struct talker talkers[40];
    for (int i = 0; i < 40; i++) {
        talkers[i] = (struct talker){.messages = 200};
        assert_int_equal(pthread_create(&threads[i], NULL, talk, &talkers[i]), 0);
    }
    for (int i = 0; i < 40; i++) {
        pthread_join(threads[i], NULL);
        assert_int_equal(talkers[i].good, 200);
    }
    assert_true(ws_wait(&ws_seen.closed, 40));
    assert_int_equal(ws_seen.opened, 40);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(test_echo, before),
        cmocka_unit_test_setup(test_handshake_refused, before),
        cmocka_unit_test_setup(test_origin, before),
        cmocka_unit_test_setup(test_token, before),
        cmocka_unit_test_setup(test_fragments, before),
        cmocka_unit_test_setup(test_early_frames, before),
        cmocka_unit_test_setup(test_violations, before),
        cmocka_unit_test_setup(test_fragment_flood, before),
        cmocka_unit_test_setup(test_server_closes, before),
        cmocka_unit_test_setup(test_slow_reader, before),
        cmocka_unit_test_setup(test_ping_and_silence, before),
        cmocka_unit_test_setup(test_shutdown, before),
        cmocka_unit_test_setup(test_many, before),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
