#include "unit/db/temp_db.h"

#include "base/cleanup.h"
#include "db/migrate.h"

#include <pthread.h>
#include <signal.h>
#include <sys/wait.h>
#include <time.h>

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
    if (temp_mysql())
        temp_drop_all(); /* each begins with an empty database */
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
    return one_int(db, temp_mysql()
                           ? "SELECT COUNT(*) FROM information_schema.tables WHERE table_schema = DATABASE() AND "
                             "table_name <> 'schema_migrations'"
                           : "SELECT COUNT(*) FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%' AND "
                             "name <> 'schema_migrations'");
}

/* What a migration switches off is on again. */
static void references_are_checked(void)
{
    if (!temp_mysql())
        assert_int_equal(one_int(db, "PRAGMA foreign_keys"), 1);
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
    references_are_checked();
}

static void test_status_changes_nothing(void **state)
{
    (void)state;
    cleanup(arena_freep) struct arena *a = arena_new(65536);
    struct migration *list = NULL;
    size_t n = 0;
    two_migrations();
    ok(migrate_status(db, DIR, a, &list, &n, &err));
    assert_int_equal(one_int(db, temp_mysql() ? "SELECT COUNT(*) FROM information_schema.tables WHERE table_schema = "
                                                "DATABASE()"
                                              : "SELECT COUNT(*) FROM sqlite_master"),
                     0);
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
    references_are_checked();
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
    if (temp_mysql())
        return; /* no transaction takes DDL back there: see the tests of interruption */
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
    if (temp_mysql())
        return; /* no transaction takes DDL back there: see the tests of interruption */
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
    r->st = db_open(temp_url("test.db"), true, &own, &r->err);
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

/* ------------------------------------------------------------------------------------------------- the product's own
 */

/* Rows of version 1. */
static void insert_first(void)
{
    ok(db_exec(
        db,
        "INSERT INTO users (id, email, full_name, password_hash, role, is_active, created_at, updated_at) VALUES "
        "(x'00000000000000000000000000000001', 'a@example.org', 'A', 'h', 'admin', 1, 1, 1);"
        "INSERT INTO interview_configs (id, owner_id, title, job_role, interview_type, difficulty, question_count, "
        "avatar, voice, language, status, link, created_at, updated_at) VALUES "
        "(x'00000000000000000000000000000002', x'00000000000000000000000000000001', 't', 'r', 'mixed', 'mid', 5, "
        "'daniel', 'v', 'en', 'open', '01234567890123456789012345678901', 1, 1);"
        "INSERT INTO candidates (id, interview_id, full_name, email, consent_recording_at, consent_ai_at, created_at) "
        "VALUES (x'00000000000000000000000000000003', x'00000000000000000000000000000002', 'C', "
        "'c@example.org', 1, 1, 5);"
        "INSERT INTO interview_sessions (id, interview_id, candidate_id, status, token_hash, created_at, updated_at) "
        "VALUES (x'00000000000000000000000000000004', x'00000000000000000000000000000002', "
        "x'00000000000000000000000000000003', 'registered', "
        "x'0000000000000000000000000000000000000000000000000000000000000000', 1, 1);"
        "INSERT INTO questions (id, interview_id, position, text, category, points) VALUES "
        "(x'00000000000000000000000000000005', x'00000000000000000000000000000002', 1, 'Q?', 'technical', "
        "'[\"says \\\"why\\\"\", \"é\"]'), "
        "(x'00000000000000000000000000000006', x'00000000000000000000000000000002', 2, 'R?', 'closing', '[]');"
        "INSERT INTO refresh_tokens (id, user_id, family_id, token_hash, created_at, expires_at, revoked_at) VALUES "
        "(x'00000000000000000000000000000007', x'00000000000000000000000000000001', "
        "x'00000000000000000000000000000008', "
        "x'0000000000000000000000000000000000000000000000000000000000000001', 10, 20, 15);",
        &err));
}

/* Up with data of version 1, back with it, up again; then down to nothing, with data in every table that there is. */
static void test_own_migrations(void **state)
{
    (void)state;
    int up = 0, down = 0;
    ok(migrate_up(db, MIGRATIONS, &up, &err));
    assert_true(up >= 2);
    ok(migrate_down(db, MIGRATIONS, up - 1, &down, &err));
    insert_first();
    for (int round = 0; round < 2; round++) {
        ok(migrate_up(db, MIGRATIONS, &up, &err));
        assert_int_equal(up, down);
        assert_int_equal(one_int(db, "SELECT updated_at FROM candidates"), 5);
        assert_int_equal(one_int(db, "SELECT revoked_at FROM logins WHERE id = x'00000000000000000000000000000008'"),
                         15);
        assert_int_equal(one_int(db, "SELECT COUNT(*) FROM rubric_points"), 2);
        assert_int_equal(one_int(db, "SELECT COUNT(*) FROM rubric_points WHERE position = 1 AND text = 'says \"why\"'"),
                         1);
        assert_int_equal(one_int(db, "SELECT COUNT(*) FROM rubric_points WHERE position = 2 AND text = 'é'"), 1);
        assert_int_equal(one_int(db, "SELECT COUNT(*) FROM interview_sessions"), 1);
        assert_int_equal(temp_dangling(db), 0);
        ok(migrate_down(db, MIGRATIONS, up, &down, &err));
        assert_int_equal(one_int(db, "SELECT revoked_at FROM refresh_tokens"), 15);
        assert_int_equal(one_int(db, "SELECT COUNT(*) FROM questions WHERE points LIKE '%why%' OR points = '[]'"), 2);
    }
    ok(migrate_up(db, MIGRATIONS, &up, &err));
    ok(migrate_down(db, MIGRATIONS, -1, &down, &err));
    assert_int_equal(down, up + 1);
    assert_int_equal(tables(), 0);
    assert_int_equal(one_int(db, "SELECT COUNT(*) FROM schema_migrations"), 0);
    ok(migrate_up(db, MIGRATIONS, &up, &err));
    assert_int_equal(up, down);
}

/* ------------------------------------------------------------------------------------------------------------------
 * interrupted, on MySQL: any statement may be the last that was run, and it may have been done or not */

static const char *const up_statements[] = {
    "CREATE TABLE two (id INTEGER PRIMARY KEY, note VARCHAR(20))",
    "INSERT INTO two VALUES (7, 'semi;colon')",
    "ALTER TABLE two ADD COLUMN more INTEGER NOT NULL DEFAULT 1",
    "INSERT INTO two VALUES (8, 'later', 2)",
    "ALTER TABLE two ADD KEY two_more (more)",
};
static const char *const down_statements[] = {
    "ALTER TABLE two DROP KEY two_more",
    "DELETE FROM two WHERE id = 8",
    "ALTER TABLE two DROP COLUMN more",
    "DROP TABLE two",
};
#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

static void put_interrupted(void)
{
    put("0001_first.up.sql", "CREATE TABLE one (id INTEGER PRIMARY KEY);");
    put("0001_first.down.sql", "DROP TABLE one;");
    put("0002_second.up.sql",
        "-- a comment; with a semicolon\n"
        "CREATE TABLE two (id INTEGER PRIMARY KEY, note VARCHAR(20)); /* ; */ INSERT INTO two VALUES (7, "
        "'semi;colon');\n"
        "ALTER TABLE two ADD COLUMN more INTEGER NOT NULL DEFAULT 1; INSERT INTO two VALUES (8, 'later', 2);"
        "ALTER TABLE two ADD KEY two_more (more);");
    put("0002_second.down.sql", "ALTER TABLE two DROP KEY two_more; DELETE FROM two WHERE id = 8; "
                                "ALTER TABLE two DROP COLUMN more; DROP TABLE two;");
}

static bool is_schema(const char *sql)
{
    return strncmp(sql, "INSERT", 6) != 0 && strncmp(sql, "DELETE", 6) != 0;
}

/* As a process leaves it that is killed at statement k; done: after the server did it, before that was recorded. */
static void interrupt(const char *const *statements, const char *way, size_t k, bool done)
{
    char sql[200];
    for (size_t i = 0; i < k + done; i++)
        ok(db_exec(db, statements[i], &err));
    snprintf(sql, sizeof sql, "UPDATE schema_migrations SET direction = '%s', steps = %zu WHERE version = 2", way,
             2 * k + 1);
    ok(db_exec(db, sql, &err));
}

static void test_interrupted_up(void **state)
{
    (void)state;
    int count = 0;
    if (!temp_mysql())
        return;
    put_interrupted();
    ok(migrate_up(db, DIR, &count, &err));
    for (size_t k = 0; k < COUNT(up_statements); k++)
        for (int done = 0; done < 2 && is_schema(up_statements[k]); done++) {
            cleanup(arena_freep) struct arena *a = arena_new(65536);
            struct migration *list = NULL;
            size_t n = 0;
            ok(db_exec(db, "DROP TABLE two", &err));
            interrupt(up_statements, "up", k, done);
            ok(migrate_status(db, DIR, a, &list, &n, &err));
            assert_true(list[0].applied && !list[1].applied); /* a server does not start on it */
            ok(migrate_up(db, DIR, &count, &err));
            assert_int_equal(count, 1);
            assert_int_equal(one_int(db, "SELECT SUM(more) FROM two"), 3);
            ok(migrate_up(db, DIR, &count, &err));
            assert_int_equal(count, 0);
        }
}

static void test_interrupted_down(void **state)
{
    (void)state;
    int count = 0;
    if (!temp_mysql())
        return;
    put_interrupted();
    for (size_t k = 0; k < COUNT(down_statements); k++)
        for (int done = 0; done < 2 && is_schema(down_statements[k]); done++) {
            ok(migrate_up(db, DIR, &count, &err));
            interrupt(down_statements, "down", k, done);
            ok(migrate_down(db, DIR, 1, &count, &err)); /* the one that was under way, not another one */
            assert_int_equal(count, 1);
            assert_int_equal(tables(), 1);
            ok(migrate_up(db, DIR, &count, &err));
            assert_int_equal(count, 1);
            interrupt(down_statements, "down", k, done);
            ok(migrate_up(db, DIR, &count, &err)); /* back first, then forward */
            assert_int_equal(count, 1);
            assert_int_equal(one_int(db, "SELECT SUM(more) FROM two"), 3);
        }
}

/* A statement that is refused was not done: what comes before it stays, and the next call goes on with it. */
static void test_refused_statement(void **state)
{
    (void)state;
    int count = -1;
    struct error why = {0};
    if (!temp_mysql())
        return;
    put_interrupted();
    ok(db_exec(db, "CREATE TABLE two (id INTEGER PRIMARY KEY)", &err)); /* in its way */
    for (int i = 0; i < 2; i++) {
        assert_int_equal(migrate_up(db, DIR, &count, &why), STATUS_INTERNAL);
        assert_string_equal(why.code, "migration_failed");
        assert_non_null(strstr(why.message, "nothing of it stays"));
        assert_non_null(strstr(why.details, "already exists"));
        assert_int_equal(one_int(db, "SELECT COUNT(*) FROM schema_migrations"), 1);
    }
    ok(db_exec(db, "DROP TABLE two", &err));
    put("0002_second.up.sql", "CREATE TABLE two (id INTEGER PRIMARY KEY); INSERT INTO needed VALUES (1);");
    put("0002_second.down.sql", "DROP TABLE two;");
    for (int i = 0; i < 2; i++) {
        assert_int_equal(migrate_up(db, DIR, &count, &why), STATUS_INTERNAL);
        assert_non_null(strstr(why.message, "stopped at statement 2 of 2"));
        assert_int_equal(tables(), 2);
    }
    put("0002_second.down.sql", "DROP TABLE IF EXISTS two;");
    fails(migrate_up(db, DIR, &count, &err), STATUS_CONFLICT, "migration_changed");
    put("0002_second.down.sql", "DROP TABLE two;");
    ok(db_exec(db, "CREATE TABLE needed (id INTEGER)", &err));
    ok(migrate_up(db, DIR, &count, &err));
    assert_int_equal(one_int(db, "SELECT COUNT(*) FROM needed"), 1);
}

/* The process is killed at any moment; the next one finishes, as if nothing had been. */
static void test_killed(void **state)
{
    (void)state;
    int count = 0;
    for (int round = 0; round < 4; round++) {
        pid_t pid = fork();
        if (pid == 0) {
            struct db *own = temp_open("test.db");
            struct error why = {0};
            _exit(migrate_up(own, MIGRATIONS, &count, &why) == STATUS_OK ? 0 : 1);
        }
        assert_true(pid > 0);
        struct timespec some = {.tv_nsec = 20000000L + 70000000L * round};
        nanosleep(&some, NULL);
        kill(pid, SIGKILL);
        assert_int_equal(waitpid(pid, NULL, 0), pid);
        ok(migrate_up(db, MIGRATIONS, &count, &err));
        assert_int_equal(one_int(db, "SELECT COUNT(*) FROM audit_log"), 0); /* the last table that is made */
        ok(migrate_down(db, MIGRATIONS, -1, &count, &err));
        assert_int_equal(tables(), 0);
    }
}

static void test_new(void **state)
{
    (void)state;
    cleanup(arena_freep) struct arena *a = arena_new(1u << 16);
    const char *files[MIGRATE_NEW_FILES], *none[MIGRATE_NEW_FILES];
    cleanup(freep) char *text = NULL;
    size_t len = 0;
    ok(dir_make(temp_path("m/sqlite"), &err));
    ok(dir_make(temp_path("m/mysql"), &err));
    put("mysql/0007_before.up.sql", "SELECT 1;");
    ok(migrate_new(DIR, "shorter_names", a, files, &err));
    assert_string_equal(files[0], temp_path("m/sqlite/0008_shorter_names.up.sql"));
    assert_string_equal(files[3], temp_path("m/mysql/0008_shorter_names.down.sql"));
    ok(file_read(files[2], 4096, &text, &len, &err));
    assert_non_null(strstr(text, "-- shorter_names (mysql, up)"));
    ok(migrate_new(DIR, "more", a, files, &err));
    assert_non_null(strstr(files[0], "0009_more"));
    static const char *const wrong[] = {
        "",    "With Spaces", "../up",
        "a.b", "UPPER",       "a_name_that_goes_on_and_on_and_on_and_on_and_on_and_on_and_on_and_on"};
    for (size_t i = 0; i < COUNT(wrong); i++)
        fails(migrate_new(DIR, wrong[i], a, none, &err), STATUS_INVALID, "migration_name");
    fails(migrate_new(temp_path("absent"), "x", a, none, &err), STATUS_NOT_FOUND, "migration_missing");
    int count = 0;
    ok(unlink(temp_path("m/mysql/0007_before.up.sql")) == 0 ? STATUS_OK : STATUS_IO);
    const char *engine = temp_mysql() ? temp_path("m/mysql") : temp_path("m/sqlite");
    ok(migrate_up(db, engine, &count, &err)); /* comments only: nothing to do, and no error */
    assert_int_equal(count, 2);
    ok(migrate_down(db, engine, -1, &count, &err));
    assert_int_equal(count, 2);
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
        TEST(test_interrupted_up),
        TEST(test_interrupted_down),
        TEST(test_refused_statement),
        TEST(test_killed),
        TEST(test_new),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
