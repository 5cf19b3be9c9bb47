#ifndef VIVA_DB_DB_H
#define VIVA_DB_DB_H
/* The one database interface: SQLite (WAL, synchronous=FULL, foreign keys on), or MySQL/MariaDB (prepared statements of
 * the binary protocol). A connection belongs to one thread at a time. Placeholders are `?`. Errors:
 * STATUS_CONFLICT "unique_violation" (field = the column when known) or "foreign_key_violation", STATUS_UNAVAILABLE
 * "database_busy" | "database_unreachable" | "transaction_lost", STATUS_IO "database_full" | "database_io",
 * STATUS_INTERNAL "database_error" (logged, no SQL in the message).
 *
 * A connection to a server that was lost is opened again by the next db_prepare or db_begin outside of a transaction. A
 * transaction ends with its connection: everything in it is refused from then on. What only reads is run again; what
 * writes never is, because the server may have done it: after "database_unreachable" from a write outside of a
 * transaction or from db_commit, it may have happened or not. */

#include "base/arena.h"
#include "base/id.h"
#include "base/status.h"

#include <stdbool.h>
#include <stdint.h>

struct db;
struct db_stmt; /* prepared and cached by the connection; borrowed; reset by the next db_prepare of the same text */

enum db_engine { DB_SQLITE, DB_MYSQL };

/* url: sqlite:///absolute/path or sqlite:///relative (three slashes: relative to the working directory, four: absolute,
 * as SQLAlchemy reads them), sqlite://:memory: for tests, mysql://user:password@host:port/name (see
 * database/README.md for options). Creates the file or the database when create is set. */
enum status db_open(const char *url, bool create, struct db **ret, struct error *err) must_check;
struct db *db_close(struct db *db); /* takes NULL, returns NULL; finalises every statement */
enum db_engine db_engine(const struct db *db);

enum status db_exec(struct db *db, const char *sql_script,
                    struct error *err) must_check; /* several statements; migrations */
enum status db_prepare(struct db *db, const char *sql, struct db_stmt **ret, struct error *err) must_check;

/* Binding by position from 1. Text and blobs are borrowed until the statement is stepped to its end or reset. */
void db_bind_null(struct db_stmt *s, int i);
void db_bind_int(struct db_stmt *s, int i, int64_t v);
void db_bind_number(struct db_stmt *s, int i, double v);
void db_bind_text(struct db_stmt *s, int i, const char *v); /* NULL -> NULL */
void db_bind_blob(struct db_stmt *s, int i, const void *v, size_t n);
void db_bind_id(struct db_stmt *s, int i, struct id v);       /* zero id -> NULL */
void db_bind_time(struct db_stmt *s, int i, int64_t unix_ms); /* 0 -> NULL */

/* *row says whether there is a row. A binding that failed is reported here. */
enum status db_step(struct db_stmt *s, bool *row, struct error *err) must_check;
void db_reset(struct db_stmt *s); /* ends it and forgets its bindings */
/* For cleanup(): resets, so that an early return leaves no read transaction open behind it. */
void db_stmt_done(struct db_stmt **s);
/* For statements without rows: step, reset; *changed (may be NULL) gets the number of rows changed. */
enum status db_run(struct db_stmt *s, int64_t *changed, struct error *err) must_check;

/* Columns from 0, valid until the next step. Text is copied into the arena. */
bool db_is_null(struct db_stmt *s, int c);
int64_t db_int(struct db_stmt *s, int c);
double db_number(struct db_stmt *s, int c);
char *db_text(struct db_stmt *s, int c, struct arena *a);        /* NULL for NULL */
size_t db_blob(struct db_stmt *s, int c, void *out, size_t cap); /* bytes copied */
struct id db_id(struct db_stmt *s, int c);                       /* zero for NULL */

/* Transactions nest by counting; only the outermost commits. They are as if one ran after the other: BEGIN IMMEDIATE on
 * SQLite, SERIALIZABLE on MySQL (where two that want the same rows in another order may both be under way: one is then
 * refused as "database_busy"). After db_rollback the whole is undone. Use: cleanup(db_txn_end) struct db_txn t = {0};
 * db_begin(db, &t, err); ...; db_commit(&t, err). */
struct db_txn {
    struct db *db;
};
enum status db_begin(struct db *db, struct db_txn *t, struct error *err) must_check;
/* The same for a transaction that begins by locking the row on which all hangs that it reads (repositories/query.h): on
 * MySQL it then needs no locks on what is not there, by which SERIALIZABLE would keep neighbours from adding theirs
 * (READ COMMITTED). Within another transaction it is part of that one. */
enum status db_begin_locking(struct db *db, struct db_txn *t, struct error *err) must_check;
enum status db_commit(struct db_txn *t, struct error *err) must_check; /* acknowledged only after this is STATUS_OK */
bool db_in_transaction(const struct db *db);                           /* between db_begin and its end */
void db_txn_end(struct db_txn *t); /* rolls back when not committed; for cleanup() */

/* Tells every statement that is compiled on this connection from now on (not those found in its cache). For tests and
 * tools. */
void db_on_prepare(struct db *db, void (*f)(void *u, struct db *db, const char *sql), void *u);
/* How many statements db_prepare has handed out: so that a test sees a query per row. */
uint64_t db_statements(const struct db *db);

#endif
