/* Slow clients, rates, full queues, stopping. Timeouts are short by option; what is waited for is the connection's end.
 */
#include "unit/http/harness.h"

#include <pthread.h>

static void test_slow_headers(void **state)
{
    (void)state;
    struct http_options o = {.header_timeout_s = 1, .body_idle_timeout_s = 1};
    struct http_server *s = server_start(&o);
    int silent = dial(http_port(s)), half = dial(http_port(s)), again = dial(http_port(s)), good = dial(http_port(s));
    int64_t began = now_ms();
    say(half, "GET /api/hello HTTP/1.1\r\nHost: a\r\nX-Sl");
    say(again, GET("/api/hello", ""));
    struct reply r = hear(again);
    assert_int_equal(r.status, 200);
    reply_free(&r);
    say(again, "GET /api/he"); /* the second request of a kept connection has no more time than the first */
    assert_true(at_end(silent));
    assert_true(at_end(half));
    assert_true(at_end(again));
    assert_in_range(now_ms() - began, 900, 4000);
    assert_true(say(good, "")); /* opened at the same time, and gone for the same reason */
    assert_true(at_end(good));
    close(silent), close(half), close(again), close(good);
    http_stop(s, 100);
}

/* One byte now and then keeps libmicrohttpd's own timeout from ever running out. */
static void test_dripped_headers(void **state)
{
    (void)state;
    struct http_options o = {.header_timeout_s = 1, .body_idle_timeout_s = 1};
    struct http_server *s = server_start(&o);
    int fd = dial(http_port(s));
    int64_t began = now_ms();
    say(fd, "GET /api/hello HTTP/1.1\r\nHost: a\r\nX: ");
    struct pollfd p = {.fd = fd, .events = POLLIN};
    while (poll(&p, 1, 50) == 0 && now_ms() - began < 10000)
        say(fd, "x");
    assert_true(at_end(fd));
    assert_in_range(now_ms() - began, 900, 4000);
    close(fd);
    http_stop(s, 100);
}

static void test_slow_bodies(void **state)
{
    (void)state;
    struct http_options o = {.header_timeout_s = 1, .body_idle_timeout_s = 1};
    struct http_server *s = server_start(&o);
    int stalled = dial(http_port(s)), dripping = dial(http_port(s));
    int64_t began = now_ms();
    say(stalled, "PUT /api/upload HTTP/1.1\r\nHost: a\r\nContent-Length: 1000\r\n\r\nabc");
    say(dripping, "PUT /api/upload HTTP/1.1\r\nHost: a\r\nContent-Length: 1000\r\n\r\n");
    struct pollfd p = {.fd = dripping, .events = POLLIN};
    while (poll(&p, 1, 50) == 0 && now_ms() - began < 10000)
        say(dripping, "x");
    assert_true(at_end(dripping));
    assert_true(at_end(stalled));
    assert_in_range(now_ms() - began, 900, 5000);
    close(stalled), close(dripping);
    http_stop(s, 100);
}

static unsigned connections(struct http_server *s)
{
    pthread_mutex_lock(&s->conns.lock);
    unsigned n = 0;
    for (struct conn *c = s->conns.list; c != NULL; c = c->next)
        n++;
    pthread_mutex_unlock(&s->conns.lock);
    return n;
}

static void test_slow_reader(void **state)
{
    (void)state;
    struct http_options o = {.header_timeout_s = 1, .body_idle_timeout_s = 1};
    struct http_server *s = server_start(&o);
    int slow = dial_with(http_port(s), 4096), fast = dial(http_port(s));
    say(slow, GET("/api/big", ""));
    int64_t began = now_ms();
    struct pollfd p = {.fd = slow};
    while (connections(s) > 1 || now_ms() - began < 500) { /* `fast` idles; `slow` takes a byte now and then */
        char c;
        assert_true(now_ms() - began < 15000);
        (void)!recv(slow, &c, 1, MSG_DONTWAIT);
        poll(&p, 0, 50);
        if (connections(s) == 0)
            break;
    }
    assert_in_range(now_ms() - began, 900, 8000);
    close(fast);
    fast = dial(http_port(s)); /* one that reads gets all */
    say(fast, GET("/api/big", ""));
    struct reply r = hear(fast);
    assert_int_equal(r.body_len, BIG_SIZE);
    reply_free(&r);
    close(slow), close(fast);
    http_stop(s, 100);
}

static void test_rates(void **state)
{
    (void)state;
    struct http_options o = {.rate_scale = 0.25, .trust_proxy = true}; /* log-ins: five at once */
    struct http_server *s = server_start(&o);
    int passed = 0;
    for (int i = 0; i < 12; i++) {
        struct reply r = ask(http_port(s), GET("/api/limited", "X-Forwarded-For: 203.0.113.1\r\n"));
        char value[512];
        passed += r.status == 200;
        if (r.status != 200) {
            assert_int_equal(r.status, 429);
            assert_true(atoi(head_value(&r, "Retry-After", value)) >= 1);
        }
        reply_free(&r);
    }
    assert_in_range(passed, 5, 8);
    expect_status(http_port(s), GET("/api/limited", "X-Forwarded-For: 203.0.113.2\r\n"), 200);
    int v6 = 0;
    for (int i = 0; i < 12; i++) { /* another address of the same subscriber */
        struct reply r =
            ask_f(http_port(s), "GET /api/limited HTTP/1.1\r\nHost: a\r\nX-Forwarded-For: 2001:db8:1:2::%d\r\n\r\n", i);
        v6 += r.status == 200;
        reply_free(&r);
    }
    assert_in_range(v6, 5, 8);
    expect_status(http_port(s), GET("/api/hello", "X-Forwarded-For: 203.0.113.1\r\n"), 200);
    http_stop(s, 100);
}

static int enter_slow(unsigned port)
{
    int fd = dial(port);
    say(fd, GET("/api/slow", ""));
    while (sem_wait(&slow_entered) != 0)
        ;
    return fd;
}

static void *stop_server(void *s)
{
    http_stop(s, 10000);
    return NULL;
}

/* A request in flight is finished and answered; a new connection is not taken; one that waits for a worker gets 503. */
static const struct route limited_routes[] = {
    ROUTE(HTTP_GET, "/api/heavy", ACCESS_USER | ACCESS_CANDIDATE, h_hello, .rate = RATE_HEAVY),
    ROUTE(HTTP_PUT, "/api/heavy", ACCESS_USER, h_upload, .rate = RATE_HEAVY, .body_kind = BODY_STREAM,
          .reply_media = "text/plain"),
    ROUTE(HTTP_GET, "/api/open", ACCESS_PUBLIC, h_hello, .rate = RATE_LOGIN), ROUTES_END};
static const struct route *const limited_tables[] = {limited_routes, NULL};

static struct http_server *limited_server(struct http_options *o)
{
    struct http_server *s = NULL;
    struct error err = {0};
    o->host = "127.0.0.1";
    o->tables = limited_tables;
    o->title = "Test";
    o->version = "1";
    o->authenticate = test_authenticate;
    if (http_start(o, &s, &err) != STATUS_OK)
        fail_msg("http_start: %s", err.message);
    return s;
}

static int status_of_heavy(unsigned port, int address, const char *token)
{
    struct reply r = ask_f(port,
                           "GET /api/heavy HTTP/1.1\r\nHost: a\r\nX-Forwarded-For: 203.0.113.%d\r\n"
                           "Authorization: Bearer %s\r\n\r\n",
                           address, token);
    int status = r.status;
    reply_free(&r);
    return status;
}

/* An account has one bucket, from wherever it comes and whatever its token; a bad token takes nothing from it. */
static void test_rates_per_account(void **state)
{
    (void)state;
    struct http_options o = {.rate_scale = 0.25, .trust_proxy = true}; /* heavy: five at once */
    struct http_server *s = limited_server(&o);
    int passed = 0;
    for (int i = 0; i < 20; i++)
        assert_int_equal(status_of_heavy(http_port(s), i, "nobody"), 401);
    for (int i = 0; i < 12; i++)
        passed += status_of_heavy(http_port(s), i + 20, i % 2 ? "admin" : "recruiter") == 200; /* one user id here */
    assert_in_range(passed, 5, 8);
    assert_int_equal(status_of_heavy(http_port(s), 60, "admin"), 429);
    struct reply r = ask(http_port(s), "PUT /api/heavy HTTP/1.1\r\nHost: a\r\nX-Forwarded-For: 203.0.113.61\r\n"
                                       "Authorization: Bearer admin\r\nContent-Length: 100000\r\n\r\nabc");
    assert_int_equal(r.status, 429); /* before the body has come */
    reply_free(&r);
    http_stop(s, 100);
}

static atomic_int asked;
static atomic_bool shared_is_empty;

/* Replicas' buckets: those of accounts go by "account" in the key. */
static bool take_from_all(void *u, const char *key, double per_second, double burst, int64_t *retry_after_ms)
{
    assert_ptr_equal(u, &asked);
    assert_true(per_second > 0 && burst >= 1);
    atomic_fetch_add(&asked, 1);
    if (!atomic_load(&shared_is_empty) || strstr(key, "address") != NULL)
        return true;
    *retry_after_ms = 6500;
    return false;
}

static void test_rates_that_replicas_share(void **state)
{
    (void)state;
    struct http_options o = {.rate_scale = 100, .rate_take = take_from_all, .u = &asked};
    struct http_server *s = limited_server(&o);
    asked = 0;
    assert_int_equal(status_of_heavy(http_port(s), 1, "admin"), 200);
    assert_int_equal(asked, 2); /* address and account */
    assert_int_equal(status_of_heavy(http_port(s), 1, "nobody"), 401);
    assert_int_equal(asked, 3); /* no account */
    shared_is_empty = true;
    struct reply r = ask(http_port(s), GET("/api/heavy", "Authorization: Bearer candidate\r\n"));
    char value[512];
    assert_int_equal(r.status, 429);
    assert_string_equal(head_value(&r, "Retry-After", value), "7");
    reply_free(&r);
    expect_status(http_port(s), GET("/api/open", ""), 200);
    assert_int_equal(asked, 6);
    http_stop(s, 100);
    shared_is_empty = false;
}

static void test_drain(void **state)
{
    (void)state;
    struct http_options o = {.workers = 1};
    struct http_server *s = server_start(&o);
    unsigned port = http_port(s);
    int busy = enter_slow(port), kept = dial(port);
    say(kept,
        "OPTIONS /api/none HTTP/1.1\r\nHost: a\r\n\r\n"); /* answered without the worker: it is accepted from here on */
    struct reply r = hear(kept);
    assert_int_equal(r.status, 404);
    reply_free(&r);
    pthread_t stopping;
    pthread_create(&stopping, NULL, stop_server, s);
    struct pollfd p = {.fd = -1};
    int probe;
    for (int i = 0; i < 1000; i++) { /* until the listener is closed */
        probe = socket(AF_INET, SOCK_STREAM, 0);
        struct sockaddr_in to = {
            .sin_family = AF_INET, .sin_port = htons((uint16_t)port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
        int rc = connect(probe, (struct sockaddr *)&to, sizeof(to));
        close(probe);
        if (rc != 0)
            break;
        poll(&p, 0, 5);
        assert_true(i < 999);
    }
    say(kept, GET("/api/hello", ""));
    r = hear(kept);
    assert_int_equal(r.status, 503);
    reply_free(&r);
    sem_post(&slow_leave);
    r = hear(busy);
    assert_int_equal(r.status, 200);
    char value[512];
    assert_string_equal(head_value(&r, "Connection", value), "close");
    reply_free(&r);
    pthread_join(stopping, NULL);
    close(busy), close(kept);
}

static void *knock(void *arg)
{
    const unsigned *port = arg;
    struct sockaddr_in to = {
        .sin_family = AF_INET, .sin_port = htons((uint16_t)*port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    int rc = 0;
    while (rc == 0) { /* until it is refused */
        int fd = socket(AF_INET, SOCK_STREAM, 0);
        rc = connect(fd, (struct sockaddr *)&to, sizeof(to));
        close(fd);
    }
    return NULL;
}

/* Whatever its I/O threads are doing: refused from then on, and nothing hangs or aborts. */
static void test_stop_while_accepting(void **state)
{
    (void)state;
    for (int i = 0; i < 200; i++) {
        struct http_options o = {.workers = 1, .io_threads = 4};
        struct http_server *s = server_start(&o);
        unsigned port = http_port(s);
        pthread_t visitors[2];
        for (int k = 0; k < 2; k++)
            pthread_create(&visitors[k], NULL, knock, &port);
        http_stop(s, 0);
        for (int k = 0; k < 2; k++)
            pthread_join(visitors[k], NULL);
    }
}

/* When the time to drain is over, what still waits for a worker is told so; what runs is finished. */
static void test_stop_with_queue(void **state)
{
    (void)state;
    struct http_options o = {.workers = 1};
    struct http_server *s = server_start(&o);
    int busy = enter_slow(http_port(s)), waiting[8];
    for (int i = 0; i < 8; i++) {
        waiting[i] = dial(http_port(s));
        say(waiting[i], i % 2 ? GET("/api/hello", "")
                              : "PUT /api/private-upload HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabc");
    }
    struct pollfd p = {.fd = -1};
    for (int64_t began = now_ms(); pool_depth(s->pool) < 8 && now_ms() - began < 10000;)
        poll(&p, 0, 5);
    assert_int_equal(pool_depth(s->pool), 8);
    sem_post(&slow_leave); /* it will leave whenever it is looked at: the drain time is nothing */
    s = http_stop(s, 0);
    struct reply r = hear(busy);
    assert_int_equal(r.status, 200);
    reply_free(&r);
    for (int i = 0; i < 8; i++) {
        r = hear(waiting[i]);
        if (r.status != 503 && r.status != 200 && r.status != 401) /* the worker may have been quicker than the stop */
            fail_msg("waiting %d: %d", i, r.status);
        reply_free(&r);
        close(waiting[i]);
    }
    close(busy);
}

struct load {
    unsigned port;
    int requests, good;
};

static void *load(void *arg)
{
    struct load *l = arg;
    int fd = dial(l->port);
    for (int i = 0; i < l->requests; i++) {
        say(fd, i % 3 == 0   ? GET("/api/hello", "")
                : i % 3 == 1 ? "PATCH /api/items/7 HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer admin\r\nContent-Type: "
                               "application/json\r\nContent-Length: 11\r\n\r\n{\"count\":1}"
                             : "PUT /api/upload HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabc");
        struct reply r = hear(fd);
        l->good += r.status == 200;
        reply_free(&r);
    }
    close(fd);
    return NULL;
}

static void test_many_connections(void **state)
{
    (void)state;
    struct http_options o = {.workers = 8};
    struct http_server *s = server_start(&o);
    pthread_t threads[48];
    struct load loads[48];
    for (int i = 0; i < 48; i++) {
        loads[i] = (struct load){.port = http_port(s), .requests = 30};
        assert_int_equal(pthread_create(&threads[i], NULL, load, &loads[i]), 0);
    }
    for (int i = 0; i < 48; i++) {
        pthread_join(threads[i], NULL);
        assert_int_equal(loads[i].good, 30);
    }
    http_stop(s, 1000);
}

/* More connections than allowed wait; none is dropped. */
static void test_connection_limit(void **state)
{
    (void)state;
    struct http_options o = {.connections_max = 8};
    struct http_server *s = server_start(&o);
    int fd[24];
    for (int i = 0; i < 24; i++) {
        fd[i] = dial(http_port(s));
        say(fd[i], GET("/api/hello", "Connection: close\r\n"));
    }
    for (int i = 0; i < 24; i++) {
        struct reply r = hear(fd[i]);
        assert_int_equal(r.status, 200);
        reply_free(&r);
        close(fd[i]);
    }
    http_stop(s, 100);
}

static void test_client_gone_while_running(void **state)
{
    (void)state;
    struct http_options o = {.workers = 2};
    struct http_server *s = server_start(&o);
    int fd = enter_slow(http_port(s));
    close(fd);
    sem_post(&slow_leave);
    expect_status(http_port(s), GET("/api/hello", ""), 200);
    http_stop(s, 2000);
}

static void test_bad_tables(void **state)
{
    (void)state;
    static const struct route no_access[] = {ROUTE(HTTP_GET, "/api/x", 0, h_hello, NO_RATE), ROUTES_END};
    static const struct route no_handler[] = {ROUTE(HTTP_GET, "/api/x", ACCESS_PUBLIC, NULL, NO_RATE), ROUTES_END};
    static const struct route twice[] = {ROUTE(HTTP_GET, "/api/{a}/x", ACCESS_PUBLIC, h_hello, NO_RATE),
                                         ROUTE(HTTP_GET, "/api/{b}/x", ACCESS_PUBLIC, h_hello, NO_RATE), ROUTES_END};
    static const struct route params[] = {ROUTE(HTTP_GET, "/api/{a}/{a}", ACCESS_PUBLIC, h_hello, NO_RATE), ROUTES_END};
    static const struct route brace[] = {ROUTE(HTTP_GET, "/api/x{a}", ACCESS_PUBLIC, h_hello, NO_RATE), ROUTES_END};
    static const struct route model[] = {
        ROUTE(HTTP_POST, "/api/x", ACCESS_PUBLIC, h_hello, NO_RATE, .body_kind = BODY_JSON), ROUTES_END};
    static const struct {
        const struct route *table;
        const char *says;
    } rows[] = {{no_access, "no access"}, {no_handler, "handler"},  {twice, "twice"},
                {params, "same name"},    {brace, "whole segment"}, {model, "model"}};
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        const struct route *tables[] = {rows[i].table, NULL};
        struct http_options o = {.host = "127.0.0.1", .tables = tables};
        struct http_server *s = NULL;
        struct error err = {0};
        assert_int_not_equal(http_start(&o, &s, &err), STATUS_OK);
        assert_null(s);
        assert_non_null(strstr(err.message, rows[i].says));
        assert_non_null(strstr(err.message, "/api/"));
    }
}

static void test_port_in_use(void **state)
{
    (void)state;
    struct http_options o = {0}, second = {.host = "127.0.0.1", .tables = NULL};
    struct http_server *s = server_start(&o), *other = NULL;
    struct error err = {0};
    second.port = http_port(s);
    assert_int_equal(http_start(&second, &other, &err), STATUS_UNAVAILABLE);
    assert_non_null(strstr(err.message, "another program"));
    http_stop(s, 100);
    assert_null(http_stop(NULL, 0));
}

static int setup(void **state)
{
    (void)state;
    log_set_level(LOG_ERROR);
    return sem_init(&slow_entered, 0, 0) | sem_init(&slow_leave, 0, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_slow_headers),
        cmocka_unit_test(test_dripped_headers),
        cmocka_unit_test(test_slow_bodies),
        cmocka_unit_test(test_slow_reader),
        cmocka_unit_test(test_rates),
        cmocka_unit_test(test_rates_per_account),
        cmocka_unit_test(test_rates_that_replicas_share),
        cmocka_unit_test(test_drain),
        cmocka_unit_test(test_stop_while_accepting),
        cmocka_unit_test(test_stop_with_queue),
        cmocka_unit_test(test_many_connections),
        cmocka_unit_test(test_connection_limit),
        cmocka_unit_test(test_client_gone_while_running),
        cmocka_unit_test(test_bad_tables),
        cmocka_unit_test(test_port_in_use),
    };
    return cmocka_run_group_tests(tests, setup, NULL);
}
