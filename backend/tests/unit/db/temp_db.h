#ifndef VIVA_TESTS_TEMP_DB_H
#define VIVA_TESTS_TEMP_DB_H
/* A directory of its own for each test program, with databases in it. */

#include "base/file.h"
#include "db/db.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define MIGRATIONS VIVA_SOURCE_DIR "/database/migrations/sqlite"

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
    static char path[4][300];
    static unsigned k;
    char *p = path[k++ % 4];
    snprintf(p, sizeof path[0], "%s/%s", temp_dir, name);
    return p;
}

static inline struct db *temp_open(const char *name)
{
    char url[400];
    struct db *db = NULL;
    snprintf(url, sizeof url, "sqlite:///%s", temp_path(name)); /* temp_path is absolute: four slashes in all */
    ok(db_open(url, true, &db, &err));
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

static inline void write_file(const char *path, const char *text)
{
    FILE *f = fopen(path, "w");
    assert_non_null(f);
    assert_true(fputs(text, f) >= 0);
    assert_int_equal(fclose(f), 0);
}

#endif
