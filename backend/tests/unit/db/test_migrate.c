#include "unit/db/temp_db.h"

#include "base/cleanup.h"
#include "db/migrate.h"

#include <pthread.h>

static struct db *db;

static int setup(void **state)
{
    (void)state;
    temp_make();
    ok(dir_make(temp_path("m"), &err));
    db = temp_open("test.db");
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    db = db_close(db);
    temp_remove();
    return 0;
}

static void put(const char *name, const char *text)
{
    char file[120];
    snprintf(file, sizeof file, "m/%s", name);
    write_file(temp_path(file), text);
}

static void two_migrations(void)
{
    put("0001_first.up.sql", "CREATE TABLE one (id INTEGER PRIMARY KEY);");
    put("0001_first.down.sql", "DROP TABLE one;");
    put("0002_second.up.sql", "CREATE TABLE two (id INTEGER PRIMARY KEY); INSERT INTO two VALUES (7);");
    put("0002_second.down.sql", "DROP TABLE two;");
}

static int64_t tables(void)
{
    return one_int(db,
                   "SELECT COUNT(*) FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%' AND name <> "
                   "'schema_migrations'");
}

#define DIR temp_path("m")

static void test_up_down_up(void **state)
{
    (void)state;
    cleanup(arena_freep) struct arena *a = arena_new(65536);
    struct migration *list = NULL;
    size_t n = 0;
    int count = -1;
    two_migrations();
    ok(migrate_status(db, DIR, a, &list, &n, &err));
    assert_int_equal(n, 2);
    assert_false(list[0].applied);
    ok(migrate_up(db, DIR, &count, &err));
    assert_int_equal(count, 2);
    assert_int_equal(tables(), 2);
    ok(migrate_up(db, DIR, &count, &err));
    assert_int_equal(count, 0);
    ok(migrate_down(db, DIR, 1, &count, &err));
    assert_int_equal(count, 1);
    ok(migrate_status(db, DIR, a, &list, &n, &err));
    assert_string_equal(list[0].name, "0001_first");
    assert_true(list[0].applied && list[0].applied_at > 0);
    assert_int_equal(list[1].version, 2);
    assert_true(!list[1].applied && list[1].applied_at == 0);
    ok(migrate_down(db, DIR, -1, &count, &err));
    assert_int_equal(count, 1);
    assert_int_equal(tables(), 0);
    ok(migrate_up(db, DIR, &count, &err));
    assert_int_equal(count, 2);
    assert_int_equal(one_int(db, "PRAGMA foreign_keys"), 1);
}

static void test_status_changes_nothing(void **state)
{
    (void)state;
    cleanup(arena_freep) struct arena *a = arena_new(65536);
    struct migration *list = NULL;
    size_t n = 0;
    two_migrations();
    ok(migrate_status(db, DIR, a, &list, &n, &err));
    assert_int_equal(one_int(db, "SELECT COUNT(*) FROM sqlite_master"), 0);
}

static void test_changed_is_refused(void **state)
{
    (void)state;
    int count = 0;
    struct error why = {0};
    two_migrations();
    ok(migrate_up(db, DIR, &count, &err));
    put("0001_first.down.sql", "DROP TABLE IF EXISTS one;");
    assert_int_equal(migrate_up(db, DIR, &count, &why), STATUS_CONFLICT);
    assert_string_equal(why.code, "migration_changed");
    assert_non_null(strstr(why.message, "0001_first"));
    fails(migrate_down(db, DIR, -1, &count, &err), STATUS_CONFLICT, "migration_changed");
    assert_int_equal(tables(), 2);
    assert_int_equal(one_int(db, "PRAGMA foreign_keys"), 1);
}

static void test_missing_unknown_and_late_are_refused(void **state)
{
    (void)state;
    int count = 0;
    two_migrations();
    ok(migrate_up(db, DIR, &count, &err));
    assert_int_equal(unlink(temp_path("m/0002_second.down.sql")), 0);
    fails(migrate_up(db, DIR, &count, &err), STATUS_INVALID, "migration_missing");
    assert_int_equal(unlink(temp_path("m/0002_second.up.sql")), 0);
    fails(migrate_up(db, DIR, &count, &err), STATUS_CONFLICT, "migration_missing");
    two_migrations();
    put("0002_other.up.sql", "SELECT 1;");
    put("0002_other.down.sql", "SELECT 1;");
    fails(migrate_up(db, DIR, &count, &err), STATUS_INVALID, "migration_name");
    assert_int_equal(unlink(temp_path("m/0002_other.up.sql")), 0);
    assert_int_equal(unlink(temp_path("m/0002_other.down.sql")), 0);
    put("notes.txt", "x");
    fails(migrate_up(db, DIR, &count, &err), STATUS_INVALID, "migration_name");
    assert_int_equal(unlink(temp_path("m/notes.txt")), 0);
    put(".hidden", "editors leave such things");
    ok(migrate_up(db, DIR, &count, &err));
    put("0000_late.up.sql", "SELECT 1;");
    put("0000_late.down.sql", "SELECT 1;");
    fails(migrate_up(db, DIR, &count, &err), STATUS_CONFLICT, "migration_order");
    fails(migrate_up(db, temp_path("absent"), &count, &err), STATUS_NOT_FOUND, "migration_missing");
}

static void test_failure_leaves_the_version_before(void **state)
{
    (void)state;
    int count = -1;
    struct error why = {0};
    two_migrations();
    put("0002_second.up.sql", "CREATE TABLE two (id INTEGER); INSERT INTO nowhere VALUES (1);");
    assert_int_equal(migrate_up(db, DIR, &count, &why), STATUS_INTERNAL);
    assert_string_equal(why.code, "migration_failed");
    assert_non_null(strstr(why.message, "0002_second"));
    assert_non_null(strstr(why.details, "nowhere")); /* the engine's words, for who runs it */
    assert_int_equal(count, 1);
    assert_int_equal(tables(), 1); /* "two" is not there, "one" is */
    assert_int_equal(one_int(db, "SELECT MAX(version) FROM schema_migrations"), 1);
    two_migrations();
    ok(migrate_up(db, DIR, &count, &err));
    assert_int_equal(tables(), 2);
    /* a script that ends the transaction by itself is caught */
    put("0003_third.up.sql", "CREATE TABLE three (id INTEGER); ROLLBACK;");
    put("0003_third.down.sql", "DROP TABLE three;");
    struct error ended = {0};
    assert_int_not_equal(migrate_up(db, DIR, &count, &ended), STATUS_OK);
    assert_int_equal(tables(), 2);
    assert_int_equal(one_int(db, "SELECT MAX(version) FROM schema_migrations"), 2);
}

static void test_dangling_references_are_refused(void **state)
{
    (void)state;
    int count = 0;
    put("0001_first.up.sql",
        "CREATE TABLE p (id INTEGER PRIMARY KEY); CREATE TABLE c (p INTEGER REFERENCES p (id)); INSERT INTO p "
        "VALUES (1); INSERT INTO c VALUES (1);");
    put("0001_first.down.sql", "DROP TABLE c; DROP TABLE p;");
    ok(migrate_up(db, DIR, &count, &err));
    put("0002_second.up.sql", "DELETE FROM p;");
    put("0002_second.down.sql", "SELECT 1;");
    fails(migrate_up(db, DIR, &count, &err), STATUS_CONFLICT, "migration_failed");
    assert_int_equal(one_int(db, "SELECT COUNT(*) FROM p"), 1);
    /* while rebuilding a table that others refer to is fine */
    put("0002_second.up.sql",
        "CREATE TABLE p2 (id INTEGER PRIMARY KEY, x TEXT); INSERT INTO p2 (id) SELECT id FROM p; DROP TABLE p; "
        "ALTER TABLE p2 RENAME TO p;");
    ok(migrate_up(db, DIR, &count, &err));
    assert_int_equal(one_int(db, "SELECT COUNT(*) FROM c JOIN p ON p.id = c.p WHERE x IS NULL"), 1);
}

struct runner {
    pthread_t thread;
    char dir[300];
    int count;
    enum status st;
    struct error err;
};

static void *run_up(void *arg)
{
    struct runner *r = arg;
    struct db *own = NULL;
    char url[400];
    snprintf(url, sizeof url, "sqlite:///%s/test.db", temp_dir);
    r->st = db_open(url, true, &own, &r->err);
    if (r->st == STATUS_OK)
        r->st = migrate_up(own, r->dir, &r->count, &r->err);
    db_close(own);
    return NULL;
}

static void test_two_at_once(void **state)
{
    (void)state;
    struct runner r[4] = {0};
    int total = 0;
    two_migrations();
    for (int i = 3; i < 20; i++) {
        char name[64], sql[100];
        snprintf(name, sizeof name, "%04d_more.up.sql", i);
        snprintf(sql, sizeof sql, "CREATE TABLE more_%d (id INTEGER);", i);
        put(name, sql);
        snprintf(name, sizeof name, "%04d_more.down.sql", i);
        snprintf(sql, sizeof sql, "DROP TABLE more_%d;", i);
        put(name, sql);
    }
    for (size_t i = 0; i < 4; i++) {
        snprintf(r[i].dir, sizeof r[i].dir, "%s", DIR);
        assert_int_equal(pthread_create(&r[i].thread, NULL, run_up, &r[i]), 0);
    }
    for (size_t i = 0; i < 4; i++) {
        assert_int_equal(pthread_join(r[i].thread, NULL), 0);
        if (r[i].st != STATUS_OK)
            fail_msg("%s: %s", r[i].err.code, r[i].err.message);
        total += r[i].count;
    }
    assert_int_equal(total, 19); /* each applied once, by whom does not matter */
    assert_int_equal(tables(), 19);
}

/* The product's own: up, down with data in it, up. */
static void test_own_migrations(void **state)
{
    (void)state;
    int up = 0, down = 0;
    ok(migrate_up(db, MIGRATIONS, &up, &err));
    assert_true(up >= 1);
    ok(db_exec(
        db,
        "INSERT INTO users (id, email, full_name, password_hash, role, is_active, created_at, updated_at) VALUES "
        "(x'00000000000000000000000000000001', 'a@example.org', 'A', 'h', 'admin', 1, 1, 1);"
        "INSERT INTO interview_configs (id, owner_id, title, job_role, interview_type, difficulty, question_count, "
        "avatar, voice, language, status, link, created_at, updated_at) VALUES "
        "(x'00000000000000000000000000000002', x'00000000000000000000000000000001', 't', 'r', 'mixed', 'mid', 5, "
        "'daniel', 'v', 'en', 'open', '01234567890123456789012345678901', 1, 1);"
        "INSERT INTO candidates (id, interview_id, full_name, email, consent_recording_at, consent_ai_at, created_at, "
        "updated_at) VALUES (x'00000000000000000000000000000003', x'00000000000000000000000000000002', 'C', "
        "'c@example.org', 1, 1, 1, 1);"
        "INSERT INTO interview_sessions (id, interview_id, candidate_id, status, token_hash, created_at, updated_at) "
        "VALUES (x'00000000000000000000000000000004', x'00000000000000000000000000000002', "
        "x'00000000000000000000000000000003', 'registered', "
        "x'0000000000000000000000000000000000000000000000000000000000000000', 1, 1);",
        &err));
    assert_int_equal(one_int(db, "SELECT COUNT(*) FROM pragma_integrity_check WHERE integrity_check <> 'ok'"), 0);
    ok(migrate_down(db, MIGRATIONS, -1, &down, &err));
    assert_int_equal(up, down);
    assert_int_equal(tables(), 0);
    ok(migrate_up(db, MIGRATIONS, &up, &err));
    assert_int_equal(up, down);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_up_down_up),
        TEST(test_status_changes_nothing),
        TEST(test_changed_is_refused),
        TEST(test_missing_unknown_and_late_are_refused),
        TEST(test_failure_leaves_the_version_before),
        TEST(test_dangling_references_are_refused),
        TEST(test_two_at_once),
        TEST(test_own_migrations),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
