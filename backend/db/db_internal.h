#ifndef VIVA_DB_DB_INTERNAL_H
#define VIVA_DB_DB_INTERNAL_H
/* What an engine implements. db.c does what all have in common: the statement cache, nesting of transactions, refusing
 * to go on when the engine rolled back by itself. Only db/ includes this. */

#include "db/db.h"

#define DB_CACHE_MAX 256 /* statements kept per connection; the code has about a hundred */

struct db_bytes {
    const void *data; /* NULL for NULL */
    size_t len;
};

struct db_driver {
    void (*close)(struct db *db); /* after every statement was finalised; frees db */
    enum status (*exec)(struct db *db, const char *script, struct error *err);
    enum status (*begin)(struct db *db, bool locking, struct error *err); /* db_begin_locking */
    enum status (*commit)(struct db *db, struct error *err);
    void (*rollback)(struct db *db);
    bool (*in_transaction)(struct db *db); /* by the engine's own account */

    enum status (*prepare)(struct db *db, const char *sql, struct db_stmt **ret, struct error *err);
    /* A statement out of the cache is to be used again; NULL when there is nothing to do for that. */
    enum status (*renew)(struct db_stmt *s, struct error *err);
    void (*finalize)(struct db_stmt *s); /* frees s */
    bool (*bind_null)(struct db_stmt *s, int i);
    bool (*bind_int)(struct db_stmt *s, int i, int64_t v);
    bool (*bind_number)(struct db_stmt *s, int i, double v);
    bool (*bind_text)(struct db_stmt *s, int i, const char *v);
    bool (*bind_blob)(struct db_stmt *s, int i, const void *v, size_t n);
    enum status (*step)(struct db_stmt *s, bool *row, struct error *err);
    void (*reset)(struct db_stmt *s); /* and forgets bindings */
    int64_t (*changes)(struct db_stmt *s);
    bool (*is_null)(struct db_stmt *s, int c);
    int64_t (*column_int)(struct db_stmt *s, int c);
    double (*column_number)(struct db_stmt *s, int c);
    struct db_bytes (*column_bytes)(struct db_stmt *s, int c);
};

/* First member of each engine's connection. */
struct db {
    const struct db_driver *driver;
    enum db_engine engine;
    unsigned depth;       /* of transactions */
    bool doomed;          /* an inner one was not committed: the outermost will not be */
    struct db_stmt *head; /* cache, most recently used first */
    size_t cached;
    uint64_t handed_out; /* statements, those out of the cache too */
    void (*on_prepare)(void *u, struct db *db, const char *sql);
    void *on_prepare_u;
};

/* First member of each engine's statement. */
struct db_stmt {
    struct db *db;
    struct db_stmt *next;
    char *sql;
    uint64_t hash;
    bool busy;     /* handed out and not reset */
    int bad_index; /* a binding that failed, else 0 */
};

enum status sqlite_open(const char *path, bool create, struct db **ret, struct error *err) must_check;
enum status maria_open(const char *url, bool create, struct db **ret, struct error *err) must_check;
/* For migrations: a connection that waits as long as they take, and that is never opened again by itself, so that what
 * is locked on it (GET_LOCK) is known to be. Off: the next statement opens one of the usual kind. */
enum status maria_hold(struct db *db, bool on, struct error *err) must_check;
/* Whether the last db_exec was refused because what it makes is there, or what it drops is not. */
bool maria_done_already(struct db *db);

#endif
