#ifndef VIVA_TESTS_TEMP_DB_H
#define VIVA_TESTS_TEMP_DB_H
/* A directory of its own for each test program, with databases in it. With VIVA_TEST_DATABASE=mysql the databases are
 * on the server of VIVA_TEST_MYSQL_URL instead (tests/servers.sh), named after the process, and dropped at its end: so
 * that one program says the same of both engines. */

#include "base/cleanup.h"
#include "base/file.h"
#include "db/db.h"
#include "db/migrate.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define MIGRATIONS                                                                                                     \
    (temp_mysql() ? VIVA_SOURCE_DIR "/database/migrations/mysql" : VIVA_SOURCE_DIR "/database/migrations/sqlite")

#define ok(call)                                                                                                       \
    do {                                                                                                               \
        struct error err = {0};                                                                                        \
        enum status st_ = (call);                                                                                      \
        if (st_ != STATUS_OK)                                                                                          \
            fail_msg("%s: %s %s (%s) %s", #call, status_name(st_), err.code, err.field, err.message);                  \
    } while (0)

#define fails(call, status_, code_)                                                                                    \
    do {                                                                                                               \
        struct error err = {0};                                                                                        \
        enum status st_ = (call);                                                                                      \
        if (st_ != (status_) || strcmp(err.code, (code_)) != 0)                                                        \
            fail_msg("%s: %s %s (%s) %s", #call, status_name(st_), err.code, err.field, err.message);                  \
    } while (0)

static char temp_dir[128];

static inline void temp_make(void)
{
    const char *base = getenv("TMPDIR");
    snprintf(temp_dir, sizeof temp_dir, "%s/viva-test-XXXXXX", base ? base : "/tmp");
    assert_non_null(mkdtemp(temp_dir));
}

static inline void temp_remove(void)
{
    ok(dir_remove(temp_dir, &err));
}

static inline const char *temp_path(const char *name)
{
    static _Thread_local char path[4][300];
    static _Thread_local unsigned k;
    char *p = path[k++ % 4];
    snprintf(p, sizeof path[0], "%s/%s", temp_dir, name);
    return p;
}

static inline bool temp_mysql(void)
{
    const char *engine = getenv("VIVA_TEST_DATABASE");
    return engine && strcmp(engine, "mysql") == 0;
}

static pid_t temp_owner; /* children that are forked meet the same databases */

/* Before any test: ctest takes 77 for "skipped". */
__attribute__((constructor)) static void temp_need_server(void)
{
    temp_owner = getpid();
    if (!temp_mysql() || getenv("VIVA_TEST_MYSQL_URL"))
        return;
    fputs("Skipped: VIVA_TEST_MYSQL_URL names no server (tests/run.sh starts one).\n", stderr);
    _exit(77);
}

/* "world.db" -> viva_<pid>_world on the server, <temp_dir>/world.db otherwise. */
static inline const char *temp_url(const char *name)
{
    static _Thread_local char url[4][400];
    static _Thread_local unsigned k;
    char *p = url[k++ % 4];
    const char *server = getenv("VIVA_TEST_MYSQL_URL");
    if (!temp_mysql())
        snprintf(p, sizeof url[0], "sqlite:///%s", temp_path(name)); /* absolute: four slashes in all */
    else
        snprintf(p, sizeof url[0], "%sviva_%d_%.*s", server ? server : "", (int)temp_owner, (int)strcspn(name, "."),
                 name);
    return p;
}

static char temp_made[32][40]; /* databases on the server */
static size_t temp_n_made;
static struct db *temp_server; /* for making and dropping them */

static inline void temp_drop_all(void)
{
    char sql[80];
    if (getpid() != temp_owner) /* a child that was forked */
        return;
    while (temp_n_made > 0) {
        snprintf(sql, sizeof sql, "DROP DATABASE IF EXISTS %s", temp_made[--temp_n_made]);
        if (db_exec(temp_server, sql, NULL) != STATUS_OK)
            fprintf(stderr, "%s: not done\n", sql);
    }
    temp_server = db_close(temp_server);
}

static inline bool temp_made_before(const char *database)
{
    for (size_t i = 0; i < temp_n_made; i++)
        if (strcmp(temp_made[i], database) == 0)
            return true;
    return false;
}

static inline struct db *temp_open(const char *name)
{
    struct db *db = NULL;
    const char *url = temp_url(name);
    ok(db_open(url, true, &db, &err));
    if (!temp_mysql() || temp_made_before(strrchr(url, '/') + 1))
        return db;
    if (!temp_server) {
        ok(db_open(url, true, &temp_server, &err));
        atexit(temp_drop_all);
    }
    assert_true(temp_n_made < sizeof temp_made / sizeof temp_made[0]);
    snprintf(temp_made[temp_n_made++], sizeof temp_made[0], "%s", strrchr(url, '/') + 1);
    return db;
}

/* Every row of every table but schema_migrations, which is faster than making the tables again. */
static inline void temp_clear(struct db *db)
{
    static const char list[] = "SELECT table_name FROM information_schema.tables WHERE table_schema = DATABASE() AND "
                               "table_name <> 'schema_migrations'";
    cleanup(arena_freep) struct arena *a = arena_new(1u << 16);
    cleanup(db_stmt_done) struct db_stmt *s = NULL;
    struct db_txn t = {0};
    bool row = false;
    ok(db_exec(db, "SET SESSION foreign_key_checks = 0", &err));
    ok(db_begin(db, &t, &err));
    ok(db_prepare(db, list, &s, &err));
    for (;;) {
        char sql[120];
        ok(db_step(s, &row, &err));
        if (!row)
            break;
        snprintf(sql, sizeof sql, "DELETE FROM %s", db_text(s, 0, a));
        ok(db_exec(db, sql, &err));
    }
    ok(db_commit(&t, &err));
    ok(db_exec(db, "SET SESSION foreign_key_checks = 1", &err));
}

/* With the product's tables, empty. */
static inline struct db *temp_open_migrated(const char *name)
{
    int count = 0;
    struct db *db = temp_open(name);
    if (temp_mysql())
        temp_clear(db);
    else
        ok(db_exec(db, "PRAGMA synchronous = OFF", &err)); /* nothing here outlives the process */
    ok(migrate_up(db, MIGRATIONS, &count, &err));
    return db;
}

static inline int64_t one_int(struct db *db, const char *sql)
{
    struct db_stmt *s = NULL;
    bool row = false;
    ok(db_prepare(db, sql, &s, &err));
    ok(db_step(s, &row, &err));
    assert_true(row);
    int64_t v = db_int(s, 0);
    db_reset(s);
    return v;
}

/* A lock that another connection holds is reported as soon as the engine can. */
static inline void temp_do_not_wait(struct db *db)
{
    ok(db_exec(db, temp_mysql() ? "SET SESSION innodb_lock_wait_timeout = 0" : "PRAGMA busy_timeout = 0", &err));
}

/* Rows that refer to what is not there: MySQL has none by construction. */
static inline int64_t temp_dangling(struct db *db)
{
    return temp_mysql() ? 0 : one_int(db, "SELECT COUNT(*) FROM pragma_foreign_key_check");
}

static inline void write_file(const char *path, const char *text)
{
    FILE *f = fopen(path, "w");
    assert_non_null(f);
    assert_true(fputs(text, f) >= 0);
    assert_int_equal(fclose(f), 0);
}

#endif
