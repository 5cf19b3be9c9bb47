#include "unit/db/temp_db.h"

#include "base/cleanup.h"
#include "db/db_internal.h"

#include <sys/stat.h>

static int setup(void **state)
{
    (void)state;
    temp_make();
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    temp_remove();
    return 0;
}

static struct db *with_table(const char *name)
{
    struct db *db = temp_open(name);
    if (temp_mysql()) {
        ok(db_exec(
            db,
            "CREATE TABLE parent (id BIGINT PRIMARY KEY);"
            "CREATE TABLE t (id VARBINARY(16) PRIMARY KEY, name VARCHAR(255) COLLATE utf8mb4_bin, n BIGINT CHECK (n < "
            "100), x DOUBLE, data BLOB, parent BIGINT REFERENCES parent (id), a BIGINT, b BIGINT, "
            "UNIQUE KEY name (name), UNIQUE KEY b (a, b))",
            &err));
        return db;
    }
    ok(db_exec(db,
               "CREATE TABLE parent (id INTEGER PRIMARY KEY) STRICT;"
               "CREATE TABLE t (id BLOB PRIMARY KEY, name TEXT UNIQUE, n INTEGER CHECK (n < 100), x REAL, data BLOB, "
               "parent INTEGER "
               "REFERENCES parent (id), a INTEGER, b INTEGER, UNIQUE (a, b)) STRICT;",
               &err));
    return db;
}

static enum status insert(struct db *db, const char *name, int64_t n, struct error *err)
{
    cleanup(db_stmt_done) struct db_stmt *s = NULL;
    enum status st = db_prepare(db, "INSERT INTO t (id, name, n) VALUES (?, ?, ?)", &s, err);
    if (st != STATUS_OK)
        return st;
    db_bind_id(s, 1, id_new());
    db_bind_text(s, 2, name);
    db_bind_int(s, 3, n);
    return db_run(s, NULL, err);
}

/* What is SQLite's alone. */
#define SQLITE_ONLY()                                                                                                  \
    do {                                                                                                               \
        if (temp_mysql())                                                                                              \
            return;                                                                                                    \
    } while (0)

static int64_t count(struct db *db)
{
    return one_int(db, "SELECT COUNT(*) FROM t");
}

/* ----------------------------------------------------------------------------------------------------------------------
 * open */

static void test_urls(void **state)
{
    (void)state;
    struct db *db = NULL;
    char url[400];
    fails(db_open("mysql://u:p@127.0.0.1:1/viva", false, &db, &err), STATUS_UNAVAILABLE, "database_unreachable");
    fails(db_open("mysql://localhost/viva", false, &db, &err), STATUS_INVALID, "database_url");
    fails(db_open("postgres://localhost/viva", false, &db, &err), STATUS_INVALID, "database_url");
    fails(db_open("sqlite:///", true, &db, &err), STATUS_INVALID, "database_url");
    fails(db_open("", true, &db, &err), STATUS_INVALID, "database_url");
    snprintf(url, sizeof url, "sqlite:///%s", temp_path("absent.db"));
    fails(db_open(url, false, &db, &err), STATUS_UNAVAILABLE, "database_unreachable");
    assert_false(file_exists(temp_path("absent.db")));
    snprintf(url, sizeof url, "sqlite:///%s/no/such/dir.db", temp_dir);
    fails(db_open(url, true, &db, &err), STATUS_UNAVAILABLE, "database_unreachable");
    assert_null(db);
    ok(db_open("sqlite://:memory:", false, &db, &err));
    assert_int_equal(db_engine(db), DB_SQLITE);
    assert_null(db_close(db));
    assert_null(db_close(NULL));
}

static void test_relative_path(void **state)
{
    (void)state;
    SQLITE_ONLY();
    char old[4096];
    struct db *db = NULL;
    assert_non_null(getcwd(old, sizeof old));
    assert_int_equal(chdir(temp_dir), 0);
    ok(db_open("sqlite:///relative.db", true, &db, &err));
    db_close(db);
    assert_int_equal(chdir(old), 0);
    assert_true(file_exists(temp_path("relative.db")));
}

static void test_settings(void **state)
{
    (void)state;
    SQLITE_ONLY();
    struct db *db = temp_open("settings.db");
    cleanup(arena_freep) struct arena *a = arena_new(4096);
    struct db_stmt *s = NULL;
    bool row = false;
    struct stat info;
    assert_int_equal(one_int(db, "PRAGMA synchronous"), 2); /* FULL */
    assert_int_equal(one_int(db, "PRAGMA foreign_keys"), 1);
    assert_int_equal(one_int(db, "PRAGMA busy_timeout"), 5000);
    ok(db_prepare(db, "PRAGMA journal_mode", &s, &err));
    ok(db_step(s, &row, &err));
    assert_string_equal(db_text(s, 0, a), "wal");
    assert_int_equal(stat(temp_path("settings.db"), &info), 0);
    assert_int_equal(info.st_mode & 0777, 0600);
    db_close(db); /* with a statement that still has rows */
}

static void test_not_a_database(void **state)
{
    (void)state;
    SQLITE_ONLY();
    struct db *db = NULL;
    char url[400], text[5000];
    memset(text, 'x', sizeof text - 1);
    text[sizeof text - 1] = '\0';
    write_file(temp_path("text.db"), text);
    snprintf(url, sizeof url, "sqlite:///%s", temp_path("text.db"));
    fails(db_open(url, true, &db, &err), STATUS_IO, "database_io");
    assert_null(db);
}

/* --------------------------------------------------------------------------------------------------------------------
 * values */

static void test_values_round_trip(void **state)
{
    (void)state;
    struct db *db = with_table("values.db");
    cleanup(arena_freep) struct arena *a = arena_new(65536);
    struct db_stmt *s = NULL;
    struct id id = id_new();
    uint8_t blob[40], back[40] = {0};
    bool row = false;
    for (size_t i = 0; i < sizeof blob; i++)
        blob[i] = (uint8_t)(i * 7);
    ok(db_prepare(db, "INSERT INTO t (id, name, n, x, data, a) VALUES (?, ?, ?, ?, ?, ?)", &s, &err));
    db_bind_id(s, 1, id);
    db_bind_text(s, 2, "Zoë — 面接");
    db_bind_int(s, 3, INT64_MIN);
    db_bind_number(s, 4, 0.1);
    db_bind_blob(s, 5, blob, sizeof blob);
    db_bind_time(s, 6, 0);
    int64_t changed = 0;
    ok(db_run(s, &changed, &err));
    assert_int_equal(changed, 1);
    ok(db_prepare(db, "SELECT id, name, n, x, data, a FROM t WHERE id = ?", &s, &err));
    db_bind_id(s, 1, id);
    ok(db_step(s, &row, &err));
    assert_true(row);
    assert_true(id_equal(db_id(s, 0), id));
    assert_string_equal(db_text(s, 1, a), "Zoë — 面接");
    assert_true(db_int(s, 2) == INT64_MIN);
    assert_true(db_number(s, 3) == 0.1);
    assert_int_equal(db_blob(s, 4, back, sizeof back), sizeof blob);
    assert_memory_equal(blob, back, sizeof blob);
    assert_int_equal(db_blob(s, 4, back, 3), 3);
    assert_true(db_is_null(s, 5));
    assert_null(db_text(s, 5, a));
    assert_true(id_is_zero(db_id(s, 5)));
    ok(db_step(s, &row, &err));
    assert_false(row);
    db_close(db);
}

static void test_empty_is_not_null(void **state)
{
    (void)state;
    struct db *db = with_table("empty.db");
    cleanup(arena_freep) struct arena *a = arena_new(4096);
    struct db_stmt *s = NULL;
    bool row = false;
    ok(db_prepare(db, "SELECT ?, ?, ?, ?", &s, &err));
    db_bind_text(s, 1, "");
    db_bind_blob(s, 2, NULL, 0);
    db_bind_text(s, 3, NULL);
    db_bind_id(s, 4, (struct id){0});
    ok(db_step(s, &row, &err));
    assert_string_equal(db_text(s, 0, a), "");
    assert_false(db_is_null(s, 1));
    assert_true(db_is_null(s, 2));
    assert_true(db_is_null(s, 3));
    db_close(db);
}

static void test_bad_binding_is_reported(void **state)
{
    (void)state;
    struct db *db = with_table("binding.db");
    struct db_stmt *s = NULL;
    bool row = false;
    ok(db_prepare(db, "SELECT ?", &s, &err));
    db_bind_int(s, 1, 1);
    db_bind_int(s, 2, 2); /* there is no second */
    fails(db_step(s, &row, &err), STATUS_INTERNAL, "database_error");
    db_reset(s);
    db_bind_int(s, 1, 1);
    ok(db_step(s, &row, &err)); /* forgotten by the reset */
    db_close(db);
}

/* --------------------------------------------------------------------------------------------------------------------
 * errors */

static void test_constraints(void **state)
{
    (void)state;
    struct db *db = with_table("constraints.db");
    struct error why = {0};
    ok(insert(db, "a", 1, &err));
    assert_int_equal(insert(db, "a", 2, &why), STATUS_CONFLICT);
    assert_string_equal(why.code, "unique_violation");
    assert_string_equal(why.field, "name");
    ok(db_exec(db, "INSERT INTO t (id, a, b) VALUES (x'01', 1, 2)", &err));
    assert_int_equal(db_exec(db, "INSERT INTO t (id, a, b) VALUES (x'02', 1, 2)", &why), STATUS_CONFLICT);
    assert_string_equal(why.field, "b"); /* the last of several */
    fails(db_exec(db, "INSERT INTO t (id, parent) VALUES (x'03', 77)", &err), STATUS_CONFLICT, "foreign_key_violation");
    fails(insert(db, "b", 100, &err), STATUS_INTERNAL, "database_error"); /* CHECK */
    fails(db_exec(db, "SELEC 1", &err), STATUS_INTERNAL, "database_error");
    struct db_stmt *s = NULL;
    assert_int_equal(db_prepare(db, "SELECT secret_column FROM t", &s, &why), STATUS_INTERNAL);
    assert_null(strstr(why.message, "secret_column")); /* no SQL in what a caller may show */
    assert_int_equal(count(db), 2);
    db_close(db);
}

static void test_busy(void **state)
{
    (void)state;
    struct db *one = with_table("busy.db"), *two = temp_open("busy.db");
    struct db_txn t = {0}, u = {0};
    temp_do_not_wait(two);
    ok(db_begin(one, &t, &err));
    ok(insert(one, "a", 1, &err));
    if (temp_mysql()) { /* only who wants the same waits */
        ok(db_begin(two, &u, &err));
        ok(insert(two, "b", 1, &err));
        fails(insert(two, "a", 1, &err), STATUS_UNAVAILABLE, "database_busy");
        fails(insert(two, "c", 1, &err), STATUS_UNAVAILABLE, "transaction_lost"); /* not committed by itself */
        fails(db_commit(&u, &err), STATUS_UNAVAILABLE, "transaction_lost");
    } else {
        fails(db_begin(two, &u, &err), STATUS_UNAVAILABLE, "database_busy");
    }
    assert_null(u.db);
    fails(insert(two, "a", 1, &err), STATUS_UNAVAILABLE, "database_busy");
    assert_int_equal(count(two), 0); /* readers go on, and see what was committed */
    ok(db_commit(&t, &err));
    ok(insert(two, "b", 1, &err));
    assert_int_equal(count(one), 2);
    db_close(one);
    db_close(two);
}

/* What both have read, one of them writes: as if one had gone first. */
static void test_serial(void **state)
{
    (void)state;
    struct db *one = with_table("serial.db"), *two = temp_open("serial.db");
    struct db_txn t = {0}, u = {0};
    temp_do_not_wait(two);
    ok(db_begin(one, &t, &err));
    assert_int_equal(count(one), 0);
    if (temp_mysql()) {
        ok(db_begin(two, &u, &err));
        assert_int_equal(count(two), 0);
        fails(insert(two, "b", 1, &err), STATUS_UNAVAILABLE, "database_busy");
        db_txn_end(&u);
    } else {
        fails(db_begin(two, &u, &err), STATUS_UNAVAILABLE, "database_busy");
    }
    ok(insert(one, "a", 1, &err));
    ok(db_commit(&t, &err));
    assert_int_equal(count(two), 1);
    db_close(one);
    db_close(two);
}

static void test_full(void **state)
{
    (void)state;
    SQLITE_ONLY();
    struct db *db = with_table("full.db");
    char sql[64], *big = malloc(200001);
    struct db_txn t = {0};
    assert_non_null(big);
    memset(big, 'x', 200000);
    big[200000] = '\0';
    snprintf(sql, sizeof sql, "PRAGMA max_page_count = %d", (int)one_int(db, "PRAGMA page_count") + 2);
    ok(db_exec(db, sql, &err));
    ok(insert(db, "small", 1, &err));
    ok(db_begin(db, &t, &err));
    ok(insert(db, "also small", 1, &err));
    fails(insert(db, big, 1, &err), STATUS_IO, "database_full");
    db_txn_end(&t);
    assert_int_equal(count(db), 1);
    free(big);
    db_close(db);
}

/* --------------------------------------------------------------------------------------------------------------
 * transactions */

static void test_commit_and_rollback(void **state)
{
    (void)state;
    struct db *db = with_table("txn.db"), *other = temp_open("txn.db");
    struct db_txn t = {0};
    ok(db_begin(db, &t, &err));
    ok(insert(db, "a", 1, &err));
    assert_int_equal(count(other), 0);
    ok(db_commit(&t, &err));
    assert_int_equal(count(other), 1);
    db_txn_end(&t); /* harmless after the commit */
    assert_int_equal(count(other), 1);
    {
        cleanup(db_txn_end) struct db_txn u = {0};
        ok(db_begin(db, &u, &err));
        ok(insert(db, "b", 1, &err));
        assert_int_equal(count(db), 2);
    }
    assert_int_equal(count(db), 1);
    db_close(db);
    db_close(other);
}

static enum status nested(struct db *db, const char *name, bool commit, struct error *err)
{
    cleanup(db_txn_end) struct db_txn t = {0};
    enum status st = db_begin(db, &t, err);
    if (st == STATUS_OK)
        st = insert(db, name, 1, err);
    return st == STATUS_OK && commit ? db_commit(&t, err) : st;
}

static void test_nesting(void **state)
{
    (void)state;
    struct db *db = with_table("nesting.db"), *other = temp_open("nesting.db");
    struct db_txn t = {0};
    ok(db_begin(db, &t, &err));
    ok(nested(db, "a", true, &err));
    assert_int_equal(count(other), 0); /* only the outermost commits */
    ok(nested(db, "b", true, &err));
    ok(db_commit(&t, &err));
    assert_int_equal(count(other), 2);

    ok(db_begin(db, &t, &err));
    ok(insert(db, "c", 1, &err));
    ok(nested(db, "d", false, &err));
    ok(insert(db, "e", 1, &err)); /* still inside: must not be kept either */
    fails(db_commit(&t, &err), STATUS_INTERNAL, "transaction_rolled_back");
    assert_int_equal(count(other), 2);
    ok(nested(db, "f", true, &err)); /* and the connection is good again */
    assert_int_equal(count(other), 3);
    db_close(db);
    db_close(other);
}

/* The engine rolls back by itself (here made to): what follows must not be committed one by one. */
static void test_engine_rolls_back(void **state)
{
    (void)state;
    struct db *db = with_table("lost.db");
    struct db_txn t = {0};
    ok(db_begin(db, &t, &err));
    ok(insert(db, "a", 1, &err));
    ok(db_exec(db, "ROLLBACK", &err));
    const enum status st = temp_mysql() ? STATUS_UNAVAILABLE : STATUS_IO;
    fails(insert(db, "b", 1, &err), st, "transaction_lost");
    fails(db_exec(db, "DELETE FROM t", &err), st, "transaction_lost");
    fails(db_commit(&t, &err), st, "transaction_lost");
    assert_int_equal(count(db), 0);
    ok(insert(db, "c", 1, &err));
    assert_int_equal(count(db), 1);
    db_close(db);
}

static void test_close_in_transaction(void **state)
{
    (void)state;
    struct db *db = with_table("closed.db");
    struct db_txn t = {0};
    ok(db_begin(db, &t, &err));
    ok(insert(db, "a", 1, &err));
    db_close(db);
    db = temp_open("closed.db");
    assert_int_equal(count(db), 0);
    ok(insert(db, "a", 1, &err)); /* and no lock stayed */
    db_close(db);
}

/* ---------------------------------------------------------------------------------------------------------------------
 * cache */

static void tick(void *u, struct db *db, const char *sql)
{
    (void)db;
    (void)sql;
    ++*(int *)u;
}

static void test_cache(void **state)
{
    (void)state;
    struct db *db = with_table("cache.db");
    struct db_stmt *s = NULL, *again = NULL;
    int compiled = 0;
    char text[32];
    db_on_prepare(db, tick, &compiled);
    snprintf(text, sizeof text, "SELECT ? + 0");
    ok(db_prepare(db, text, &s, &err));
    ok(db_prepare(db, "SELECT ? + 0", &again, &err)); /* by text, not by address */
    assert_ptr_equal(s, again);
    assert_int_equal(compiled, 1);
    for (int i = 0; i < DB_CACHE_MAX * 2; i++) {
        bool row = false;
        char sql[64];
        struct db_stmt *other = NULL;
        snprintf(sql, sizeof sql, "SELECT %d", i);
        ok(db_prepare(db, sql, &other, &err));
        ok(db_step(other, &row, &err));
        assert_int_equal(db_int(other, 0), i);
        db_reset(other);
    }
    assert_true(db->cached <= DB_CACHE_MAX);
    bool row = false;
    db_bind_int(s, 1, 42); /* held all the while: not thrown out */
    ok(db_step(s, &row, &err));
    assert_int_equal(db_int(s, 0), 42);
    db_reset(s);
    ok(db_step(s, &row, &err));
    assert_true(db_is_null(s, 0)); /* bindings do not outlive a reset */
    db_close(db);
}

static void test_early_return_leaves_no_reader(void **state)
{
    (void)state;
    struct db *db = with_table("reader.db"), *other = temp_open("reader.db");
    ok(insert(db, "a", 1, &err));
    ok(insert(db, "b", 1, &err));
    {
        cleanup(db_stmt_done) struct db_stmt *s = NULL;
        bool row = false;
        ok(db_prepare(db, "SELECT name FROM t", &s, &err));
        ok(db_step(s, &row, &err)); /* one of two rows, then out */
    }
    ok(insert(other, "c", 1, &err));
    assert_int_equal(count(db), 3); /* a reader left open would still see two */
    db_close(db);
    db_close(other);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_urls),
        cmocka_unit_test(test_relative_path),
        cmocka_unit_test(test_settings),
        cmocka_unit_test(test_not_a_database),
        cmocka_unit_test(test_values_round_trip),
        cmocka_unit_test(test_empty_is_not_null),
        cmocka_unit_test(test_bad_binding_is_reported),
        cmocka_unit_test(test_constraints),
        cmocka_unit_test(test_busy),
        cmocka_unit_test(test_serial),
        cmocka_unit_test(test_full),
        cmocka_unit_test(test_commit_and_rollback),
        cmocka_unit_test(test_nesting),
        cmocka_unit_test(test_engine_rolls_back),
        cmocka_unit_test(test_close_in_transaction),
        cmocka_unit_test(test_cache),
        cmocka_unit_test(test_early_return_leaves_no_reader),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
