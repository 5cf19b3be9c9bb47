#include "db/db.h"

#include "db/db_internal.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum status db_open(const char *url, bool create, struct db **ret, struct error *err)
{
    static const char memory[] = "sqlite://:memory:", file[] = "sqlite:///";
    if (strcmp(url, memory) == 0)
        return sqlite_open(":memory:", true, ret, err);
    if (strncmp(url, file, sizeof file - 1) == 0 && url[sizeof file - 1] != '\0')
        return sqlite_open(url + sizeof file - 1, create, ret, err);
    if (strncmp(url, "mysql://", 8) == 0)
        return maria_open(url, create, ret, err);
    return error_set(err, STATUS_INVALID, "database_url", "DATABASE_URL",
                     "DATABASE_URL must look like sqlite:///path/to/file.db (four slashes for an absolute path) or "
                     "mysql://user:password@host:port/name.");
}

struct db *db_close(struct db *db)
{
    if (!db)
        return NULL;
    if (db->depth > 0)
        db->driver->rollback(db);
    for (struct db_stmt *s = db->head, *next; s; s = next) {
        next = s->next;
        free(s->sql);
        db->driver->finalize(s);
    }
    db->driver->close(db);
    return NULL;
}

enum db_engine db_engine(const struct db *db)
{
    return db->engine;
}

void db_on_prepare(struct db *db, void (*f)(void *u, struct db *db, const char *sql), void *u)
{
    db->on_prepare = f;
    db->on_prepare_u = u;
}

/* A full disk or an I/O error can make the engine roll back by itself; what follows would then be committed one by one.
 */
static enum status check_transaction(struct db *db, struct error *err)
{
    if (db->depth == 0 || db->driver->in_transaction(db))
        return STATUS_OK;
    db->doomed = true;
    if (db->engine == DB_MYSQL) /* a deadlock or a restart of the server, not a broken disk: worth another try */
        return error_set(err, STATUS_UNAVAILABLE, "transaction_lost", NULL,
                         "The database gave up the transaction. Please try again.");
    return error_set(err, STATUS_IO, "transaction_lost", NULL, "The database gave up the transaction after an error.");
}

enum status db_exec(struct db *db, const char *sql_script, struct error *err)
{
    enum status st = check_transaction(db, err);
    return st == STATUS_OK ? db->driver->exec(db, sql_script, err) : st;
}

/* ----------------------------------------------------------------------------------------------------------- statement
 * cache */

static uint64_t hash_text(const char *s)
{
    uint64_t h = UINT64_C(14695981039346656037); /* FNV-1a */
    for (; *s; s++)
        h = (h ^ (uint8_t)*s) * UINT64_C(1099511628211);
    return h;
}

/* Takes it out of the list. */
static struct db_stmt *cache_take(struct db *db, const char *sql, uint64_t hash)
{
    for (struct db_stmt **p = &db->head; *p; p = &(*p)->next) {
        struct db_stmt *s = *p;
        if (s->hash == hash && strcmp(s->sql, sql) == 0) {
            *p = s->next;
            db->cached--;
            return s;
        }
    }
    return NULL;
}

static void cache_put(struct db *db, struct db_stmt *s)
{
    s->next = db->head;
    db->head = s;
    db->cached++;
}

/* Drops the least recently used one that nobody holds. */
static void cache_trim(struct db *db)
{
    struct db_stmt **victim = NULL;
    if (db->cached < DB_CACHE_MAX)
        return;
    for (struct db_stmt **p = &db->head; *p; p = &(*p)->next)
        if (!(*p)->busy)
            victim = p;
    if (!victim)
        return;
    struct db_stmt *s = *victim;
    *victim = s->next;
    db->cached--;
    free(s->sql);
    db->driver->finalize(s);
}

enum status db_prepare(struct db *db, const char *sql, struct db_stmt **ret, struct error *err)
{
    uint64_t hash = hash_text(sql);
    struct db_stmt *s = cache_take(db, sql, hash);
    if (s) {
        db_reset(s);
        enum status st = db->driver->renew ? db->driver->renew(s, err) : STATUS_OK;
        if (st != STATUS_OK) {
            cache_put(db, s);
            return st;
        }
    } else {
        cache_trim(db);
        char *copy = strdup(sql);
        if (!copy)
            return error_set(err, STATUS_NO_MEMORY, "out_of_memory", NULL, "Out of memory.");
        enum status st = db->driver->prepare(db, sql, &s, err);
        if (st != STATUS_OK) {
            free(copy);
            return st;
        }
        s->db = db;
        s->sql = copy;
        s->hash = hash;
        if (db->on_prepare)
            db->on_prepare(db->on_prepare_u, db, sql);
    }
    s->busy = true;
    db->handed_out++;
    cache_put(db, s);
    *ret = s;
    return STATUS_OK;
}

uint64_t db_statements(const struct db *db)
{
    return db->handed_out;
}

/* -------------------------------------------------------------------------------------------------------------------
 * binding */

static void bound(struct db_stmt *s, int i, bool ok)
{
    if (!ok && s->bad_index == 0)
        s->bad_index = i;
}

void db_bind_null(struct db_stmt *s, int i)
{
    bound(s, i, s->db->driver->bind_null(s, i));
}

void db_bind_int(struct db_stmt *s, int i, int64_t v)
{
    bound(s, i, s->db->driver->bind_int(s, i, v));
}

void db_bind_number(struct db_stmt *s, int i, double v)
{
    if (isnan(v))
        db_bind_null(s, i);
    else
        bound(s, i, s->db->driver->bind_number(s, i, v));
}

void db_bind_text(struct db_stmt *s, int i, const char *v)
{
    if (!v)
        db_bind_null(s, i);
    else
        bound(s, i, s->db->driver->bind_text(s, i, v));
}

void db_bind_blob(struct db_stmt *s, int i, const void *v, size_t n)
{
    bound(s, i, s->db->driver->bind_blob(s, i, v, n));
}

void db_bind_id(struct db_stmt *s, int i, struct id v)
{
    /* v goes out of scope: the driver copies what is 16 bytes or less. */
    if (id_is_zero(v))
        db_bind_null(s, i);
    else
        db_bind_blob(s, i, v.b, sizeof v.b);
}

void db_bind_time(struct db_stmt *s, int i, int64_t unix_ms)
{
    if (unix_ms == 0)
        db_bind_null(s, i);
    else
        db_bind_int(s, i, unix_ms);
}

/* -------------------------------------------------------------------------------------------------------------------
 * running */

enum status db_step(struct db_stmt *s, bool *row, struct error *err)
{
    if (s->bad_index != 0)
        return error_set(err, STATUS_INTERNAL, "database_error", NULL, "Binding %d of a statement failed.",
                         s->bad_index);
    enum status st = check_transaction(s->db, err);
    if (st == STATUS_OK)
        st = s->db->driver->step(s, row, err);
    if (st != STATUS_OK)
        db_reset(s);
    return st;
}

void db_reset(struct db_stmt *s)
{
    s->db->driver->reset(s);
    s->bad_index = 0;
    s->busy = false;
}

void db_stmt_done(struct db_stmt **s)
{
    if (*s)
        db_reset(*s);
}

enum status db_run(struct db_stmt *s, int64_t *changed, struct error *err)
{
    bool row = true;
    enum status st = db_step(s, &row, err);
    if (st == STATUS_OK && changed)
        *changed = s->db->driver->changes(s);
    db_reset(s);
    return st;
}

bool db_is_null(struct db_stmt *s, int c)
{
    return s->db->driver->is_null(s, c);
}

int64_t db_int(struct db_stmt *s, int c)
{
    return s->db->driver->column_int(s, c);
}

double db_number(struct db_stmt *s, int c)
{
    return s->db->driver->column_number(s, c);
}

char *db_text(struct db_stmt *s, int c, struct arena *a)
{
    struct db_bytes b = s->db->driver->column_bytes(s, c);
    return b.data ? arena_strndup(a, b.data, b.len) : NULL;
}

size_t db_blob(struct db_stmt *s, int c, void *out, size_t cap)
{
    struct db_bytes b = s->db->driver->column_bytes(s, c);
    size_t n = b.len < cap ? b.len : cap;
    if (n > 0)
        memcpy(out, b.data, n);
    return n;
}

struct id db_id(struct db_stmt *s, int c)
{
    struct id id = {0};
    if (db_blob(s, c, id.b, sizeof id.b) != sizeof id.b)
        return (struct id){0};
    return id;
}

/* --------------------------------------------------------------------------------------------------------------
 * transactions */

static enum status enter(struct db *db, struct db_txn *t, bool locking, struct error *err)
{
    if (db->depth == 0) {
        enum status st = db->driver->begin(db, locking, err);
        if (st != STATUS_OK)
            return st;
        db->doomed = false;
    }
    db->depth++;
    t->db = db;
    return STATUS_OK;
}

enum status db_begin(struct db *db, struct db_txn *t, struct error *err)
{
    return enter(db, t, false, err);
}

enum status db_begin_locking(struct db *db, struct db_txn *t, struct error *err)
{
    return enter(db, t, true, err);
}

bool db_in_transaction(const struct db *db)
{
    return db->depth > 0;
}

static void leave(struct db *db)
{
    assert(db->depth > 0);
    db->depth--;
    if (db->depth == 0) {
        db->driver->rollback(db); /* harmless when the engine did already */
        db->doomed = false;
    }
}

enum status db_commit(struct db_txn *t, struct error *err)
{
    struct db *db = t->db;
    assert(db && db->depth > 0);
    enum status st = check_transaction(db, err);
    t->db = NULL;
    if (st == STATUS_OK && db->doomed)
        st = error_set(err, STATUS_INTERNAL, "transaction_rolled_back", NULL,
                       "A part of the transaction was rolled back, so all of it was.");
    if (st == STATUS_OK && db->depth == 1)
        st = db->driver->commit(db, err);
    if (st == STATUS_OK) {
        db->depth--;
        return STATUS_OK;
    }
    db->doomed = true;
    leave(db);
    return st;
}

void db_txn_end(struct db_txn *t)
{
    if (!t->db)
        return;
    t->db->doomed = true;
    leave(t->db);
    t->db = NULL;
}
