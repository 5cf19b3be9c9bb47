/* What only an engine behind a network has: connections that end, replies that are lost. Between the two sits a relay
 * that can swallow a reply, so that what the server did and what was heard of it are different things. */
#include "unit/db/temp_db.h"

#include "db/mysql_internal.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>
#include <sys/socket.h>
#include <sys/time.h>

/* ------------------------------------------------------------------------------------------------------------------
 * relay */

static struct {
    pthread_t thread;
    int listener, port, server_port;
    atomic_int swallow; /* replies to be dropped, and the connection with them */
    atomic_bool over;
} relay;

static int dial(int port)
{
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    struct sockaddr_in at = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
    at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    assert_int_equal(connect(fd, (struct sockaddr *)&at, sizeof at), 0);
    return fd;
}

/* One direction of what is ready; false at its end. */
static bool pass(int from, int to, bool drop)
{
    char bytes[16384];
    ssize_t n = recv(from, bytes, sizeof bytes, 0);
    if (n <= 0 || drop)
        return false;
    return send(to, bytes, (size_t)n, MSG_NOSIGNAL) == n;
}

static void *carry(void *arg)
{
    int client = (int)(intptr_t)arg, server = dial(relay.server_port);
    struct pollfd both[2] = {{.fd = client, .events = POLLIN}, {.fd = server, .events = POLLIN}};
    bool open = true;
    while (open && !relay.over) {
        if (poll(both, 2, 50) <= 0)
            continue;
        if (both[0].revents)
            open = pass(client, server, false);
        if (open && both[1].revents) {
            bool drop = relay.swallow > 0;
            if (drop)
                relay.swallow--;
            open = pass(server, client, drop);
        }
    }
    close(client);
    close(server);
    return NULL;
}

static void *listen_on(void *arg)
{
    pthread_t carriers[64];
    size_t n = 0;
    struct pollfd p = {.fd = relay.listener, .events = POLLIN};
    (void)arg;
    while (!relay.over)
        if (poll(&p, 1, 50) > 0) {
            int client = accept(relay.listener, NULL, NULL);
            assert_true(client >= 0 && n < 64);
            pthread_create(&carriers[n++], NULL, carry, (void *)(intptr_t)client);
        }
    while (n > 0)
        pthread_join(carriers[--n], NULL);
    return NULL;
}

static void relay_start(void)
{
    struct sockaddr_in at = {.sin_family = AF_INET};
    socklen_t len = sizeof at;
    const char *port = strrchr(getenv("VIVA_TEST_MYSQL_URL"), ':');
    relay.server_port = atoi(port + 1);
    at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    relay.listener = socket(AF_INET, SOCK_STREAM, 0);
    assert_int_equal(bind(relay.listener, (struct sockaddr *)&at, sizeof at), 0);
    assert_int_equal(getsockname(relay.listener, (struct sockaddr *)&at, &len), 0);
    assert_int_equal(listen(relay.listener, 16), 0);
    relay.port = ntohs(at.sin_port);
    assert_int_equal(pthread_create(&relay.thread, NULL, listen_on, NULL), 0);
}

static struct db *direct, *through;

static int setup(void **state)
{
    (void)state;
    char url[400];
    temp_make();
    relay.over = false;
    relay.swallow = 0;
    relay_start();
    direct = temp_open("relayed.db");
    ok(db_exec(direct, "DROP TABLE IF EXISTS t; CREATE TABLE t (n BIGINT PRIMARY KEY, text LONGTEXT)", &err));
    const char *whole = temp_url("relayed.db"), *host = strstr(whole, "@127.0.0.1:");
    snprintf(url, sizeof url, "%.*s@127.0.0.1:%d%s", (int)(host - whole), whole, relay.port, strrchr(whole, '/'));
    ok(db_open(url, false, &through, &err));
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    through = db_close(through);
    direct = db_close(direct);
    relay.over = true;
    pthread_join(relay.thread, NULL);
    close(relay.listener);
    temp_remove();
    return 0;
}

/* -------------------------------------------------------------------------------------------------------------------
 * helpers */

static enum status insert(struct db *db, int64_t n, struct error *err)
{
    cleanup(db_stmt_done) struct db_stmt *s = NULL;
    enum status st = db_prepare(db, "INSERT INTO t (n) VALUES (?)", &s, err);
    if (st != STATUS_OK)
        return st;
    db_bind_int(s, 1, n);
    return db_run(s, NULL, err);
}

static int64_t count(struct db *db)
{
    return one_int(db, "SELECT COUNT(*) FROM t");
}

/* Ends the connection from the server's side, and waits until it has ended. */
static void end_connection(struct db *db)
{
    char sql[200];
    int64_t id = (int64_t)mysql_thread_id(((struct maria_db *)db)->handle);
    snprintf(sql, sizeof sql, "KILL %lld", (long long)id);
    ok(db_exec(direct, sql, &err));
    snprintf(sql, sizeof sql, "SELECT COUNT(*) FROM information_schema.processlist WHERE id = %lld", (long long)id);
    while (one_int(direct, sql) > 0)
        ;
}

/* ---------------------------------------------------------------------------------------------------------------------
 * tests */

static void test_idle_connection_ends(void **state)
{
    (void)state;
    unsigned before = ((struct maria_db *)through)->generation;
    assert_int_equal(count(through), 0);
    ok(insert(through, 1, &err));
    end_connection(through);
    assert_int_equal(count(through), 1); /* prepared again, although in the cache */
    end_connection(through);
    ok(insert(through, 2, &err)); /* known to be gone before it was sent: no risk to do it twice */
    end_connection(through);
    struct db_txn t = {0};
    ok(db_begin(through, &t, &err));
    ok(insert(through, 3, &err));
    ok(db_commit(&t, &err));
    assert_int_equal(count(direct), 3);
    assert_int_equal(((struct maria_db *)through)->generation, before + 3);
}

static void test_transaction_ends_with_its_connection(void **state)
{
    (void)state;
    struct db_txn t = {0};
    ok(db_begin(through, &t, &err));
    ok(insert(through, 1, &err));
    end_connection(through);
    fails(insert(through, 2, &err), STATUS_UNAVAILABLE, "database_unreachable");
    fails(insert(through, 3, &err), STATUS_UNAVAILABLE,
          "database_unreachable"); /* not by itself on another connection */
    struct error why = {0};
    assert_int_equal(db_commit(&t, &why), STATUS_UNAVAILABLE);
    assert_int_equal(count(direct), 0);
    ok(insert(through, 4, &err)); /* and the next is good again */
    assert_int_equal(count(direct), 1);
}

static void test_lost_reply_of_a_write(void **state)
{
    (void)state;
    ok(insert(through, 1, &err)); /* prepared */
    relay.swallow = 1;
    fails(insert(through, 2, &err), STATUS_UNAVAILABLE, "database_unreachable");
    assert_int_equal(count(direct), 2); /* it was done: once */
    ok(insert(through, 3, &err));
    assert_int_equal(count(through), 3);
}

static void test_lost_reply_of_a_read(void **state)
{
    (void)state;
    ok(insert(through, 1, &err));
    assert_int_equal(count(through), 1);
    relay.swallow = 1;
    assert_int_equal(count(through), 1);
    assert_int_equal(relay.swallow, 0);
}

static void test_lost_reply_of_a_commit(void **state)
{
    (void)state;
    struct db_txn t = {0};
    ok(insert(through, 1, &err));
    ok(db_begin(through, &t, &err));
    ok(insert(through, 2, &err));
    relay.swallow = 1;
    fails(db_commit(&t, &err), STATUS_UNAVAILABLE, "database_unreachable");
    assert_int_equal(count(direct), 2); /* unknown to the caller; not half, not twice */
    ok(db_begin(through, &t, &err));
    ok(insert(through, 3, &err));
    ok(db_commit(&t, &err));
}

static void test_lost_reply_of_begin_and_prepare(void **state)
{
    (void)state;
    struct db_txn t = {0};
    relay.swallow = 1;
    ok(insert(through, 1, &err)); /* its preparation was lost: nothing was done yet */
    assert_int_equal(relay.swallow, 0);
    relay.swallow = 1;
    ok(db_begin(through, &t, &err));
    assert_int_equal(relay.swallow, 0);
    ok(insert(through, 2, &err));
    ok(db_commit(&t, &err));
    assert_int_equal(count(direct), 2);
}

static void test_rows_go_with_their_connection(void **state)
{
    (void)state;
    struct db_stmt *s = NULL;
    bool row = false;
    ok(insert(through, 1, &err));
    ok(insert(through, 2, &err));
    ok(db_prepare(through, "SELECT n FROM t ORDER BY n", &s, &err));
    ok(db_step(s, &row, &err));
    end_connection(through);
    ok(db_step(s, &row, &err)); /* they are here already */
    assert_int_equal(db_int(s, 0), 2);
    db_reset(s);
    ok(db_prepare(through, "SELECT n FROM t ORDER BY n", &s, &err));
    ok(db_step(s, &row, &err));
    end_connection(through);
    assert_int_equal(count(through), 2);
    fails(db_step(s, &row, &err), STATUS_UNAVAILABLE, "database_unreachable"); /* not "no more rows" */
}

static void test_server_away(void **state)
{
    (void)state;
    ok(insert(through, 1, &err));
    relay.over = true;
    pthread_join(relay.thread, NULL);
    close(relay.listener);
    struct db_txn t = {0};
    struct db_stmt *s = NULL;
    for (int i = 0; i < 2; i++) {
        fails(db_prepare(through, "SELECT COUNT(*) FROM t", &s, &err), STATUS_UNAVAILABLE, "database_unreachable");
        fails(db_begin(through, &t, &err), STATUS_UNAVAILABLE, "database_unreachable");
        fails(insert(through, 2, &err), STATUS_UNAVAILABLE, "database_unreachable");
    }
    assert_null(t.db);
    relay.over = false;
    relay_start();
    ((struct maria_db *)through)->url.port = (unsigned)relay.port; /* it came back, at another address */
    ok(insert(through, 2, &err));
    assert_int_equal(count(through), 2);
}

/* Texts longer than a buffer, between short ones, in rows and in statements that are used again. */
static void test_long_texts(void **state)
{
    (void)state;
    static const size_t lengths[] = {0, 1, 63, 64, 65, 5000, 3, 1u << 20, 64, 100000};
    cleanup(arena_freep) struct arena *a = arena_new(16u << 20);
    struct db_stmt *s = NULL;
    bool row = false;
    for (size_t i = 0; i < sizeof lengths / sizeof lengths[0]; i++) {
        char *text = arena_alloc(a, lengths[i] + 1);
        memset(text, 'a' + (int)i, lengths[i]);
        text[lengths[i]] = '\0';
        ok(db_prepare(through, "INSERT INTO t (n, text) VALUES (?, ?)", &s, &err));
        db_bind_int(s, 1, (int64_t)i);
        db_bind_text(s, 2, text);
        ok(db_run(s, NULL, &err));
    }
    for (int round = 0; round < 2; round++) {
        ok(db_prepare(through, "SELECT text, n, text FROM t ORDER BY n", &s, &err));
        for (size_t i = 0; i < sizeof lengths / sizeof lengths[0]; i++) {
            ok(db_step(s, &row, &err));
            assert_true(row);
            const char *text = db_text(s, 0, a), *again = db_text(s, 2, a);
            assert_int_equal(strlen(text), lengths[i]);
            assert_string_equal(text, again);
            assert_true(lengths[i] == 0 || (text[0] == 'a' + (int)i && text[lengths[i] - 1] == 'a' + (int)i));
        }
        ok(db_step(s, &row, &err));
        assert_false(row);
        db_reset(s);
    }
    fails(db_exec(through, "INSERT INTO t (n) VALUES (NULL)", &err), STATUS_INTERNAL, "database_error");
}

static void test_numbers(void **state)
{
    (void)state;
    cleanup(arena_freep) struct arena *a = arena_new(65536);
    struct db_stmt *s = NULL;
    bool row = false;
    ok(insert(through, INT64_MAX, &err));
    ok(insert(through, -7, &err));
    ok(db_prepare(through, "SELECT MAX(n), SUM(n), AVG(CASE WHEN n < 0 THEN n END), NULL, 0.5e0, COUNT(*) FROM t", &s,
                  &err));
    ok(db_step(s, &row, &err));
    assert_true(db_int(s, 0) == INT64_MAX);
    assert_true(db_int(s, 1) == INT64_MAX - 7); /* a decimal */
    assert_true(db_number(s, 2) == -7.0);
    assert_true(db_is_null(s, 3) && db_int(s, 3) == 0 && db_is_null(s, 9));
    assert_true(db_number(s, 4) == 0.5 && db_int(s, 4) == 0);
    assert_true(db_number(s, 5) == 2.0);
    assert_string_equal(db_text(s, 5, a), "2");
    db_reset(s);
    fails(db_exec(through, "INSERT INTO t (n) VALUES (9223372036854775808)", &err), STATUS_INTERNAL, "database_error");
}

static void url_is(const char *url, const char *user, const char *password, const char *host, unsigned port,
                   const char *name)
{
    struct maria_url u;
    ok(maria_url_parse(url, &u, &err));
    assert_string_equal(u.user, user);
    assert_string_equal(u.password, password);
    assert_string_equal(u.host, host);
    assert_int_equal(u.port, port);
    assert_string_equal(u.name, name);
}

static void test_urls(void **state)
{
    (void)state;
    static const char *const wrong[] = {
        "mysql://",
        "mysql://u:p@h:3306",
        "mysql://u:p@h:3306/",
        "mysql://h/viva",
        "mysql://:p@h/viva",
        "mysql://u@h:0/viva",
        "mysql://u@h:65536/viva",
        "mysql://u@h:x/viva",
        "mysql://u@/viva",
        "mysql://u:%zz@h/viva",
        "mysql://u:%00@h/viva",
        "mysql://u:%4@h/viva",
        "mysql://u@h/viva?ssl=maybe",
        "mysql://u@h/viva?what=1",
        "mysql://u@h/viva?socket",
    };
    struct maria_url u;
    url_is("mysql://viva:secret@db.example:3307/viva", "viva", "secret", "db.example", 3307, "viva");
    url_is("mysql://viva@db.example/viva", "viva", "", "db.example", 3306, "viva");
    url_is("mysql://v%40va:p%3A%2F%40%25@[::1]:3307/my%2Ddb", "v@va", "p:/@%", "::1", 3307, "my-db");
    url_is("mysql://u:p:q@h/viva", "u", "p:q", "h", 3306, "viva");
    ok(maria_url_parse("mysql://u:p@/viva?socket=/run/mysqld/mysqld.sock&ssl=off", &u, &err));
    assert_string_equal(u.socket, "/run/mysqld/mysqld.sock");
    ok(maria_url_parse("mysql://u:p@h/viva?ssl=verify&ssl_ca=/etc/ca.pem", &u, &err));
    assert_true(u.tls == MARIA_TLS_VERIFY);
    assert_string_equal(u.ssl_ca, "/etc/ca.pem");
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++)
        fails(maria_url_parse(wrong[i], &u, &err), STATUS_INVALID, "database_url");
}

static void test_database_is_made(void **state)
{
    (void)state;
    struct db *db = NULL;
    struct error why = {0};
    char drop[64];
    const char *url = temp_url("not%60there");
    assert_int_equal(db_open(url, false, &db, &why), STATUS_UNAVAILABLE);
    assert_non_null(strstr(why.message, "migrate up"));
    assert_null(strstr(why.message, "password"));
    ok(db_open(url, true, &db, &err));
    assert_int_equal(one_int(db, "SELECT COUNT(*) FROM information_schema.schemata WHERE schema_name = DATABASE() AND "
                                 "default_character_set_name = 'utf8mb4' AND default_collation_name = 'utf8mb4_bin'"),
                     1);
    db_close(db);
    ok(db_open(url, false, &db, &err));
    snprintf(drop, sizeof drop, "DROP DATABASE `viva_%d_not``there`", (int)getpid());
    ok(db_exec(db, drop, &err));
    db_close(db);
}

static void test_socket(void **state)
{
    (void)state;
    cleanup(arena_freep) struct arena *a = arena_new(65536);
    struct db *db = NULL;
    struct db_stmt *s = NULL;
    bool row = false;
    const char *whole = temp_url("relayed.db"), *host = strstr(whole, "@127.0.0.1:");
    ok(db_prepare(direct, "SELECT @@socket", &s, &err));
    ok(db_step(s, &row, &err));
    const char *url =
        arena_printf(a, "%.*s@%s?socket=%s", (int)(host - whole), whole, strrchr(whole, '/'), db_text(s, 0, a));
    db_reset(s);
    ok(db_open(url, false, &db, &err));
    assert_int_equal(one_int(db, "SELECT CURRENT_USER() LIKE '%@localhost'"), 1);
    db_close(db);
}

/* The tests' server has no certificate: what was asked for is not left out for that. */
static void test_encryption_is_not_left_out(void **state)
{
    (void)state;
    struct db *db = NULL;
    char url[500];
    snprintf(url, sizeof url, "%s?ssl=on", temp_url("relayed.db"));
    fails(db_open(url, false, &db, &err), STATUS_UNAVAILABLE, "database_unreachable");
    snprintf(url, sizeof url, "%s?ssl=verify", temp_url("relayed.db"));
    fails(db_open(url, false, &db, &err), STATUS_UNAVAILABLE, "database_unreachable");
}

/* The server's settings are not ours to rely on. */
static void test_session(void **state)
{
    (void)state;
    assert_int_equal(one_int(through, "SELECT @@autocommit + @@foreign_key_checks"), 2);
    assert_int_equal(one_int(through, "SELECT @@innodb_lock_wait_timeout"), 5);
    assert_int_equal(one_int(through, "SELECT @@tx_isolation = 'READ-COMMITTED'"), 1);
    assert_int_equal(one_int(through, "SELECT 'a' || 'b' = 'ab'"), 1);
    assert_int_equal(one_int(through, "SELECT CHAR_LENGTH('\\n')"), 2);
    ok(insert(through, 5, &err));
    struct db_stmt *s = NULL;
    int64_t changed = 0;
    ok(db_prepare(through, "UPDATE t SET n = 5 WHERE n = 5", &s, &err));
    ok(db_run(s, &changed, &err));
    assert_int_equal(changed, 1); /* found, although nothing was altered */
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_idle_connection_ends),
        TEST(test_transaction_ends_with_its_connection),
        TEST(test_lost_reply_of_a_write),
        TEST(test_lost_reply_of_a_read),
        TEST(test_lost_reply_of_a_commit),
        TEST(test_lost_reply_of_begin_and_prepare),
        TEST(test_rows_go_with_their_connection),
        TEST(test_server_away),
        TEST(test_long_texts),
        TEST(test_numbers),
        TEST(test_database_is_made),
        TEST(test_socket),
        TEST(test_encryption_is_not_left_out),
        TEST(test_session),
    };
    const struct CMUnitTest anywhere[] = {cmocka_unit_test(test_urls)};
    return temp_mysql() ? cmocka_run_group_tests(tests, NULL, NULL) : cmocka_run_group_tests(anywhere, NULL, NULL);
}
