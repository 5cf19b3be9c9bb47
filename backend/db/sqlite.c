/* SQLite behind db.h. A commit is durable when it returns: WAL with synchronous=FULL fsyncs the log on each. */
#include "db/db_internal.h"

#include "base/cleanup.h"
#include "base/log.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define BUSY_TIMEOUT_MS 5000

struct sqlite_db {
    struct db db;
    sqlite3 *handle;
};

struct sqlite_stmt {
    struct db_stmt stmt;
    sqlite3_stmt *handle;
};

static sqlite3 *handle_of(struct db *db)
{
    return ((struct sqlite_db *)db)->handle;
}

static sqlite3_stmt *stmt_of(struct db_stmt *s)
{
    return ((struct sqlite_stmt *)s)->handle;
}

/* --------------------------------------------------------------------------------------------------------------------
 * errors */

/* "UNIQUE constraint failed: candidates.interview_id, candidates.email" -> "email": the last one is what the caller
 * gave. */
static void unique_column(const char *message, char out[64])
{
    const char *dot = strrchr(message, '.');
    size_t n = dot ? strspn(dot + 1, "abcdefghijklmnopqrstuvwxyz_0123456789") : 0;
    out[0] = '\0';
    if (n > 0 && n < 64) {
        memcpy(out, dot + 1, n);
        out[n] = '\0';
    }
}

static enum status constraint_error(int code, const char *message, struct error *err)
{
    char column[64];
    switch (code) {
    case SQLITE_CONSTRAINT_UNIQUE:
    case SQLITE_CONSTRAINT_PRIMARYKEY:
    case SQLITE_CONSTRAINT_ROWID:
        unique_column(message, column);
        return error_set(err, STATUS_CONFLICT, "unique_violation", column, "There is one with the same %s already.",
                         column[0] ? column : "key");
    case SQLITE_CONSTRAINT_FOREIGNKEY:
        return error_set(err, STATUS_CONFLICT, "foreign_key_violation", NULL,
                         "Something this refers to is not there, or something still refers to it.");
    default: /* CHECK, NOT NULL, type: should have been refused before it came here */
        log_event(LOG_ERROR, "database_constraint", "message", message, NULL);
        return error_set(err, STATUS_INTERNAL, "database_error", NULL, "The database refused a value.");
    }
}

static enum status other_error(int code, const char *message, struct error *err)
{
    switch (code & 0xFF) {
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
    case SQLITE_INTERRUPT:
        return error_set(err, STATUS_UNAVAILABLE, "database_busy", NULL, "The database is busy. Please try again.");
    case SQLITE_NOMEM:
        return error_set(err, STATUS_NO_MEMORY, "out_of_memory", NULL, "Out of memory.");
    case SQLITE_TOOBIG:
        return error_set(err, STATUS_TOO_LARGE, "value_too_large", NULL, "A value is too large for the database.");
    default:
        break;
    }
    log_event(LOG_ERROR, "database", "code", sqlite3_errstr(code), "message", message, NULL);
    switch (code & 0xFF) {
    case SQLITE_CANTOPEN:
        return error_set(err, STATUS_UNAVAILABLE, "database_unreachable", NULL, "The database file cannot be opened.");
    case SQLITE_FULL:
        return error_set(err, STATUS_IO, "database_full", NULL, "There is no space left for the database.");
    case SQLITE_IOERR:
    case SQLITE_READONLY:
    case SQLITE_PERM:
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
        return error_set(err, STATUS_IO, "database_io", NULL, "The database file cannot be read or written.");
    default:
        return error_set(err, STATUS_INTERNAL, "database_error", NULL, "The database could not do this.");
    }
}

static enum status sqlite_error(sqlite3 *h, struct error *err)
{
    int code = h ? sqlite3_extended_errcode(h) : SQLITE_NOMEM;
    const char *message = h ? sqlite3_errmsg(h) : "";
    if (code == SQLITE_IOERR_NOMEM)
        code = SQLITE_NOMEM;
    return (code & 0xFF) == SQLITE_CONSTRAINT ? constraint_error(code, message, err) : other_error(code, message, err);
}

/* ------------------------------------------------------------------------------------------------------- scripts,
 * transactions */

/* The engine's own words go into details here: scripts are migrations, written by us and shown to operators. */
static enum status exec_script(struct db *db, const char *script, struct error *err)
{
    sqlite3 *h = handle_of(db);
    if (sqlite3_exec(h, script, NULL, NULL, NULL) == SQLITE_OK)
        return STATUS_OK;
    char message[160];
    strncpy(message, sqlite3_errmsg(h), sizeof message - 1);
    message[sizeof message - 1] = '\0';
    enum status st = sqlite_error(h, err);
    if (err) {
        for (char *c = message; *c; c++) /* into a JSON string */
            if (*c == '"' || *c == '\\' || (unsigned char)*c < 0x20)
                *c = '\'';
        size_t at = 0;
        const char *parts[] = {"{\"engine\": \"", message, "\"}"};
        for (size_t i = 0; i < 3; i++) {
            size_t n = strlen(parts[i]);
            memcpy(err->details + at, parts[i], n + 1);
            at += n;
        }
    }
    return st;
}

static enum status simple(struct db *db, const char *sql, struct error *err)
{
    sqlite3 *h = handle_of(db);
    return sqlite3_exec(h, sql, NULL, NULL, NULL) == SQLITE_OK ? STATUS_OK : sqlite_error(h, err);
}

static enum status begin(struct db *db, bool locking, struct error *err)
{
    (void)locking; /* one writer at a time, whatever it reads */
    return simple(db, "BEGIN IMMEDIATE", err);
}

static enum status commit(struct db *db, struct error *err)
{
    return simple(db, "COMMIT", err);
}

static bool in_transaction(struct db *db)
{
    return sqlite3_get_autocommit(handle_of(db)) == 0;
}

static void rollback(struct db *db)
{
    if (in_transaction(db))
        sqlite3_exec(handle_of(db), "ROLLBACK", NULL, NULL,
                     NULL); /* its only failure is that there is nothing to undo */
}

static void close_connection(struct db *db)
{
    sqlite3_close(handle_of(db)); /* every statement was finalised, so it closes */
    free(db);
}

/* ----------------------------------------------------------------------------------------------------------------
 * statements */

static enum status prepare(struct db *db, const char *sql, struct db_stmt **ret, struct error *err)
{
    sqlite3 *h = handle_of(db);
    struct sqlite_stmt *s = calloc(1, sizeof *s);
    if (!s)
        return error_set(err, STATUS_NO_MEMORY, "out_of_memory", NULL, "Out of memory.");
    if (sqlite3_prepare_v3(h, sql, -1, SQLITE_PREPARE_PERSISTENT, &s->handle, NULL) != SQLITE_OK) {
        free(s);
        return sqlite_error(h, err);
    }
    *ret = &s->stmt;
    return STATUS_OK;
}

static void finalize(struct db_stmt *s)
{
    sqlite3_finalize(stmt_of(s));
    free(s);
}

static bool bind_null(struct db_stmt *s, int i)
{
    return sqlite3_bind_null(stmt_of(s), i) == SQLITE_OK;
}

static bool bind_int(struct db_stmt *s, int i, int64_t v)
{
    return sqlite3_bind_int64(stmt_of(s), i, v) == SQLITE_OK;
}

static bool bind_number(struct db_stmt *s, int i, double v)
{
    return sqlite3_bind_double(stmt_of(s), i, v) == SQLITE_OK;
}

static bool bind_text(struct db_stmt *s, int i, const char *v)
{
    return sqlite3_bind_text64(stmt_of(s), i, v, strlen(v), SQLITE_STATIC, SQLITE_UTF8) == SQLITE_OK;
}

/* Ids come by value from db_bind_id: they are copied. */
static bool bind_blob(struct db_stmt *s, int i, const void *v, size_t n)
{
    void (*owner)(void *) = n <= sizeof(struct id) ? SQLITE_TRANSIENT : SQLITE_STATIC;
    return sqlite3_bind_blob64(stmt_of(s), i, v ? v : "", n, owner) == SQLITE_OK;
}

static enum status step(struct db_stmt *s, bool *row, struct error *err)
{
    int code = sqlite3_step(stmt_of(s));
    if (code != SQLITE_ROW && code != SQLITE_DONE)
        return sqlite_error(sqlite3_db_handle(stmt_of(s)), err);
    *row = code == SQLITE_ROW;
    return STATUS_OK;
}

static void reset(struct db_stmt *s)
{
    sqlite3_reset(stmt_of(s)); /* repeats the error of the last step: reported there */
    sqlite3_clear_bindings(stmt_of(s));
}

static int64_t changes(struct db_stmt *s)
{
    return sqlite3_changes64(sqlite3_db_handle(stmt_of(s)));
}

static bool is_null(struct db_stmt *s, int c)
{
    return sqlite3_column_type(stmt_of(s), c) == SQLITE_NULL;
}

static int64_t column_int(struct db_stmt *s, int c)
{
    return sqlite3_column_int64(stmt_of(s), c);
}

static double column_number(struct db_stmt *s, int c)
{
    return sqlite3_column_double(stmt_of(s), c);
}

static struct db_bytes column_bytes(struct db_stmt *s, int c)
{
    if (is_null(s, c))
        return (struct db_bytes){NULL, 0};
    const void *p = sqlite3_column_blob(stmt_of(s), c); /* NULL for no bytes */
    return (struct db_bytes){p ? p : "", (size_t)sqlite3_column_bytes(stmt_of(s), c)};
}

static const struct db_driver sqlite_driver = {
    .close = close_connection,
    .exec = exec_script,
    .begin = begin,
    .commit = commit,
    .rollback = rollback,
    .in_transaction = in_transaction,
    .prepare = prepare,
    .finalize = finalize,
    .bind_null = bind_null,
    .bind_int = bind_int,
    .bind_number = bind_number,
    .bind_text = bind_text,
    .bind_blob = bind_blob,
    .step = step,
    .reset = reset,
    .changes = changes,
    .is_null = is_null,
    .column_int = column_int,
    .column_number = column_number,
    .column_bytes = column_bytes,
};

/* -------------------------------------------------------------------------------------------------------------------
 * opening */

/* SQLite gives the WAL beside it the file's mode: made here, so that nobody else on the machine reads candidates'
 * names. */
static enum status make_file(const char *path, struct error *err)
{
    cleanup(fd_closep) int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (fd >= 0)
        return STATUS_OK;
    return error_set(err, STATUS_UNAVAILABLE, "database_unreachable", "DATABASE_URL",
                     "The database file %s cannot be made: %s.", path, strerror(errno));
}

static enum status configure(struct db *db, struct error *err)
{
    sqlite3 *h = handle_of(db);
    sqlite3_extended_result_codes(h, 1);
    sqlite3_busy_timeout(h, BUSY_TIMEOUT_MS);
    sqlite3_db_config(h, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
    return simple(db,
                  "PRAGMA journal_mode = WAL;"
                  "PRAGMA synchronous = FULL;"
                  "PRAGMA foreign_keys = ON;"
                  "PRAGMA journal_size_limit = 67108864;",
                  err);
}

enum status sqlite_open(const char *path, bool create, struct db **ret, struct error *err)
{
    bool memory = strcmp(path, ":memory:") == 0;
    enum status st = create && !memory ? make_file(path, err) : STATUS_OK;
    if (st != STATUS_OK)
        return st;
    struct sqlite_db *d = calloc(1, sizeof *d);
    if (!d)
        return error_set(err, STATUS_NO_MEMORY, "out_of_memory", NULL, "Out of memory.");
    d->db.driver = &sqlite_driver;
    d->db.engine = DB_SQLITE;
    int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | (memory ? SQLITE_OPEN_CREATE : 0);
    if (sqlite3_open_v2(path, &d->handle, flags, NULL) != SQLITE_OK) {
        sqlite_error(d->handle, NULL);
        st = error_set(err, STATUS_UNAVAILABLE, "database_unreachable", "DATABASE_URL",
                       "The database file %s cannot be opened. Is it there? `viva migrate up` makes it.", path);
    } else {
        st = configure(&d->db, err);
    }
    if (st != STATUS_OK) {
        close_connection(&d->db);
        return st;
    }
    *ret = &d->db;
    return STATUS_OK;
}
