/* What is acknowledged is there, what is not is not there in part: whichever write, fsync or allocation of SQLite
 * fails, and when the process is killed. */
#include "unit/db/temp_db.h"

#include "base/cleanup.h"

#include <signal.h>
#include <sqlite3.h>
#include <sys/wait.h>

#define ROWS 3

/* ----------------------------------------------------------------------------------------- a file system that fails on
 * demand */

enum op { OP_WRITE, OP_SYNC, OP_READ };

static struct {
    bool armed;
    enum op op;
    int code, left; /* fails when left reaches 0 */
    int failed;
} fault;

static bool fails_now(enum op op)
{
    if (!fault.armed || fault.op != op || fault.left-- > 0)
        return false;
    fault.failed++;
    return true;
}

static sqlite3_vfs shim, *real;

struct shim_file {
    sqlite3_file base; /* the real file follows */
};

static sqlite3_file *inner_of(sqlite3_file *f)
{
    return (sqlite3_file *)((struct shim_file *)f + 1);
}

static int shim_write(sqlite3_file *f, const void *p, int n, sqlite3_int64 at)
{
    return fails_now(OP_WRITE) ? fault.code : inner_of(f)->pMethods->xWrite(inner_of(f), p, n, at);
}

static int shim_sync(sqlite3_file *f, int flags)
{
    return fails_now(OP_SYNC) ? fault.code : inner_of(f)->pMethods->xSync(inner_of(f), flags);
}

static int shim_read(sqlite3_file *f, void *p, int n, sqlite3_int64 at)
{
    return fails_now(OP_READ) ? fault.code : inner_of(f)->pMethods->xRead(inner_of(f), p, n, at);
}

#define PASS(name, params, args)                                                                                       \
    static int shim_##name params                                                                                      \
    {                                                                                                                  \
        return inner_of(f)->pMethods->name args;                                                                       \
    }
PASS(xClose, (sqlite3_file * f), (inner_of(f)))
PASS(xTruncate, (sqlite3_file * f, sqlite3_int64 n), (inner_of(f), n))
PASS(xFileSize, (sqlite3_file * f, sqlite3_int64 *n), (inner_of(f), n))
PASS(xLock, (sqlite3_file * f, int l), (inner_of(f), l))
PASS(xUnlock, (sqlite3_file * f, int l), (inner_of(f), l))
PASS(xCheckReservedLock, (sqlite3_file * f, int *r), (inner_of(f), r))
PASS(xFileControl, (sqlite3_file * f, int op, void *p), (inner_of(f), op, p))
PASS(xSectorSize, (sqlite3_file * f), (inner_of(f)))
PASS(xDeviceCharacteristics, (sqlite3_file * f), (inner_of(f)))
PASS(xShmMap, (sqlite3_file * f, int i, int n, int e, void volatile **p), (inner_of(f), i, n, e, p))
PASS(xShmLock, (sqlite3_file * f, int o, int n, int fl), (inner_of(f), o, n, fl))
PASS(xShmUnmap, (sqlite3_file * f, int d), (inner_of(f), d))

static void shim_xShmBarrier(sqlite3_file *f)
{
    inner_of(f)->pMethods->xShmBarrier(inner_of(f));
}

static const sqlite3_io_methods shim_methods = {
    .iVersion = 2,
    .xClose = shim_xClose,
    .xRead = shim_read,
    .xWrite = shim_write,
    .xTruncate = shim_xTruncate,
    .xSync = shim_sync,
    .xFileSize = shim_xFileSize,
    .xLock = shim_xLock,
    .xUnlock = shim_xUnlock,
    .xCheckReservedLock = shim_xCheckReservedLock,
    .xFileControl = shim_xFileControl,
    .xSectorSize = shim_xSectorSize,
    .xDeviceCharacteristics = shim_xDeviceCharacteristics,
    .xShmMap = shim_xShmMap,
    .xShmLock = shim_xShmLock,
    .xShmBarrier = shim_xShmBarrier,
    .xShmUnmap = shim_xShmUnmap,
};

static int shim_open(sqlite3_vfs *v, const char *name, sqlite3_file *f, int flags, int *out)
{
    (void)v;
    sqlite3_file *in = inner_of(f);
    int rc = real->xOpen(real, name, in, flags, out);
    f->pMethods = in->pMethods ? &shim_methods : NULL;
    return rc;
}

/* ------------------------------------------------------------------------------------------------ memory that fails on
 * demand */

static sqlite3_mem_methods real_memory;
static int memory_left = -1; /* -1: never fails */

static bool memory_fails(void)
{
    if (memory_left < 0)
        return false;
    return memory_left-- == 0;
}

static void *memory_malloc(int n)
{
    return memory_fails() ? NULL : real_memory.xMalloc(n);
}

static void *memory_realloc(void *p, int n)
{
    return memory_fails() ? NULL : real_memory.xRealloc(p, n);
}

/* ---------------------------------------------------------------------------------------------------------------------
 * tests */

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

static struct db *fresh(const char *name)
{
    struct db *db = temp_open(name);
    ok(db_exec(db, "CREATE TABLE t (batch INTEGER, n INTEGER, text TEXT)", &err));
    return db;
}

/* ROWS rows that belong together. */
static enum status write_batch(struct db *db, int64_t batch, struct error *err)
{
    cleanup(db_txn_end) struct db_txn t = {0};
    cleanup(db_stmt_done) struct db_stmt *s = NULL;
    enum status st = db_begin(db, &t, err);
    if (st == STATUS_OK)
        st = db_prepare(db, "INSERT INTO t (batch, n, text) VALUES (?, ?, ?)", &s, err);
    for (int i = 0; st == STATUS_OK && i < ROWS; i++) {
        char text[3000];
        memset(text, 'x', sizeof text - 1);
        text[sizeof text - 1] = '\0';
        db_bind_int(s, 1, batch);
        db_bind_int(s, 2, i);
        db_bind_text(s, 3, text);
        st = db_run(s, NULL, err);
    }
    return st == STATUS_OK ? db_commit(&t, err) : st;
}

static int64_t rows_of(struct db *db, int64_t batch)
{
    char sql[80];
    snprintf(sql, sizeof sql, "SELECT COUNT(*) FROM t WHERE batch = %lld", (long long)batch);
    return one_int(db, sql);
}

/* Fails the first, second, third ... of its kind, until a batch goes through without meeting one. */
static void each_fault(const char *name, enum op op, int code, enum status status, const char *error_code)
{
    struct db *db = fresh(name);
    int seen = 0;
    for (int nth = 0;; nth++) {
        struct error why = {0};
        fault.op = op;
        fault.code = code;
        fault.left = nth;
        fault.failed = 0;
        fault.armed = true;
        enum status st = write_batch(db, nth, &why);
        fault.armed = false;
        int64_t here = rows_of(db, nth); /* and the connection works again */
        if (st == STATUS_OK) {
            assert_int_equal(here, ROWS);
            if (fault.failed == 0)
                break;
        } else {
            assert_int_equal(st, status);
            assert_string_equal(why.code, error_code);
            assert_int_equal(here, 0);
            seen++;
        }
        db = db_close(db); /* and another finds the same */
        db = temp_open(name);
        assert_int_equal(rows_of(db, nth), st == STATUS_OK ? ROWS : 0);
        assert_true(nth < 1000);
    }
    assert_true(seen >= 1);
    assert_int_equal(one_int(db, "SELECT COUNT(*) FROM pragma_integrity_check WHERE integrity_check <> 'ok'"), 0);
    db_close(db);
}

static void test_failing_writes(void **state)
{
    (void)state;
    each_fault("write.db", OP_WRITE, SQLITE_IOERR_WRITE, STATUS_IO, "database_io");
}

static void test_full_disk(void **state)
{
    (void)state;
    each_fault("full.db", OP_WRITE, SQLITE_FULL, STATUS_IO, "database_full");
}

static void test_failing_sync(void **state)
{
    (void)state;
    each_fault("sync.db", OP_SYNC, SQLITE_IOERR_FSYNC, STATUS_IO, "database_io");
}

static void test_failing_allocations(void **state)
{
    (void)state;
    int seen = 0;
    bool through = false;
    struct db *db = fresh("memory.db");
    for (int nth = 0; !through; nth++) {
        struct error why = {0};
        db = db_close(db); /* so that statements are compiled anew under the fault as well */
        db = temp_open("memory.db");
        memory_left = nth;
        enum status st = write_batch(db, nth, &why);
        through = memory_left >= 0;
        memory_left = -1;
        assert_int_equal(rows_of(db, nth), st == STATUS_OK ? ROWS : 0);
        if (st != STATUS_OK) {
            assert_int_equal(st, STATUS_NO_MEMORY);
            seen++;
        }
        assert_true(nth < 5000);
    }
    assert_true(seen >= 10);
    db_close(db);
}

static void child(int out)
{
    struct db *db = temp_open("killed.db");
    for (int64_t batch = 0;; batch++) {
        ok(write_batch(db, batch, &err));
        if (write(out, "k", 1) != 1) /* the acknowledgement */
            _exit(1);
    }
}

static void test_killed(void **state)
{
    (void)state;
    int64_t acknowledged = 0;
    for (int round = 0; round < 5; round++) {
        int fds[2], status = 0;
        char buffer[64];
        ssize_t n = 0;
        unlink(temp_path("killed.db"));
        unlink(temp_path("killed.db-wal"));
        unlink(temp_path("killed.db-shm"));
        db_close(fresh("killed.db"));
        assert_int_equal(pipe(fds), 0);
        pid_t pid = fork();
        assert_true(pid >= 0);
        if (pid == 0) {
            close(fds[0]);
            child(fds[1]);
            _exit(1);
        }
        close(fds[1]);
        for (acknowledged = 0; acknowledged < 20 + round * 7; acknowledged += n) {
            n = read(fds[0], buffer, sizeof buffer);
            assert_true(n > 0);
        }
        assert_int_equal(kill(pid, SIGKILL), 0);
        while ((n = read(fds[0], buffer, sizeof buffer)) > 0)
            acknowledged += n;
        assert_int_equal(waitpid(pid, &status, 0), pid);
        assert_true(WIFSIGNALED(status));
        close(fds[0]);
        struct db *db = temp_open("killed.db");
        int64_t whole = one_int(db, "SELECT COUNT(*) FROM (SELECT batch FROM t GROUP BY batch HAVING COUNT(*) = 3)");
        assert_int_equal(one_int(db, "SELECT COUNT(DISTINCT batch) FROM t"), whole);
        assert_true(whole >= acknowledged && whole <= acknowledged + 1);
        ok(write_batch(db, 100000, &err));
        db_close(db);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_failing_writes), cmocka_unit_test(test_full_disk),
        cmocka_unit_test(test_failing_sync),   cmocka_unit_test(test_failing_allocations),
        cmocka_unit_test(test_killed),
    };
    sqlite3_mem_methods memory;
    sqlite3_config(SQLITE_CONFIG_GETMALLOC, &real_memory);
    memory = real_memory;
    memory.xMalloc = memory_malloc;
    memory.xRealloc = memory_realloc;
    sqlite3_config(SQLITE_CONFIG_MALLOC, &memory);
    real = sqlite3_vfs_find(NULL);
    shim = *real;
    shim.zName = "shim";
    shim.szOsFile = (int)sizeof(struct shim_file) + real->szOsFile;
    shim.xOpen = shim_open;
    sqlite3_vfs_register(&shim, 1);
    return cmocka_run_group_tests(tests, setup, teardown);
}
