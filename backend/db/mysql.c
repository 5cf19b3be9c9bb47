/* MySQL and MariaDB behind db.h, by prepared statements of the binary protocol: nothing that comes from outside is ever
 * part of a statement's text. Results are read whole when a statement runs, so that any number of them can be open. */
#include "db/mysql_internal.h"

#include "db/script.h"

#include <errmsg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define CELL_SMALL 64          /* ids, words and numbers: no memory of their own */
#define CELL_KEEP  (16u << 10) /* a longer buffer does not outlive its result: each connection keeps many statements */

struct param {
    int64_t i;
    double x;
    uint8_t id[sizeof(struct id)];
};

struct cell {
    int64_t i;
    double x;
    unsigned long len;
    my_bool null;
    char *big; /* NULL: small is used */
    size_t cap;
    char small[CELL_SMALL];
};

struct maria_stmt {
    struct db_stmt stmt;
    MYSQL_STMT *handle;
    unsigned generation; /* of the connection it was prepared on */
    unsigned n_params, n_columns;
    MYSQL_BIND *params;
    struct param *values;
    MYSQL_BIND *columns;
    struct cell *cells;
    bool ran; /* since the last reset */
    int64_t changed;
};

static struct maria_db *maria_of(struct db *db)
{
    return (struct maria_db *)db;
}

static struct maria_stmt *stmt_of(struct db_stmt *s)
{
    return (struct maria_stmt *)s;
}

static enum status no_memory(struct error *err)
{
    return error_set(err, STATUS_NO_MEMORY, "out_of_memory", NULL, "Out of memory.");
}

static enum status stmt_error(struct maria_db *d, MYSQL_STMT *h, struct error *err)
{
    return maria_error(d, mysql_stmt_errno(h), mysql_stmt_error(h), err);
}

/* ------------------------------------------------------------------------------------------------------- scripts,
 * transactions */

/* The server's own words go into details: scripts are migrations, written by us and shown to operators. */
static void engine_words(struct maria_db *d, struct error *err)
{
    char message[160];
    snprintf(message, sizeof message, "%s", mysql_error(d->handle));
    for (char *c = message; *c; c++) /* into a JSON string */
        if (*c == '"' || *c == '\\' || (unsigned char)*c < 0x20)
            *c = '\'';
    if (err)
        snprintf(err->details, sizeof err->details, "{\"engine\": \"%s\"}", message);
}

static enum status exec_script(struct db *db, const char *script, struct error *err)
{
    struct maria_db *d = maria_of(db);
    struct script_part part;
    enum status st = maria_ready(d, err);
    d->script_error = 0;
    while (st == STATUS_OK && script_next(&script, &part)) {
        st = maria_query(d, part.text, part.len, err);
        if (st == STATUS_OK)
            continue;
        d->script_error = mysql_errno(d->handle);
        engine_words(d, err);
    }
    return st;
}

static enum status start(struct maria_db *d, bool locking, struct error *err)
{
    static const char serial[] = "SET TRANSACTION ISOLATION LEVEL SERIALIZABLE"; /* the next one only */
    enum status st = maria_ready(d, err);
    if (st == STATUS_OK && !locking)
        st = maria_query(d, serial, sizeof serial - 1, err);
    return st == STATUS_OK ? maria_query(d, "START TRANSACTION", 17, err) : st;
}

/* To begin has no effect that could be had twice, so it is tried again on a new connection. */
static enum status begin(struct db *db, bool locking, struct error *err)
{
    struct maria_db *d = maria_of(db);
    bool known = d->lost;
    enum status st = start(d, locking, err);
    if (st != STATUS_OK && d->lost && !known && !d->held)
        st = start(d, locking, err);
    d->in_transaction = st == STATUS_OK;
    return st;
}

/* When the reply is lost nobody knows whether it was done: said as unreachable, never tried again here. */
static enum status commit(struct db *db, struct error *err)
{
    struct maria_db *d = maria_of(db);
    enum status st = maria_query(d, "COMMIT", 6, err);
    if (st == STATUS_OK)
        d->in_transaction = false;
    return st;
}

static bool in_transaction(struct db *db)
{
    const struct maria_db *d = maria_of(db);
    return d->in_transaction && !d->lost && (d->handle->server_status & SERVER_STATUS_IN_TRANS) != 0;
}

static void rollback(struct db *db)
{
    struct maria_db *d = maria_of(db);
    if (d->in_transaction && !d->lost && mysql_real_query(d->handle, "ROLLBACK", 8))
        d->lost = true; /* the server undoes it when the connection ends */
    d->in_transaction = false;
}

static void close_connection(struct db *db)
{
    struct maria_db *d = maria_of(db);
    mysql_close(d->handle);
    explicit_bzero(&d->url, sizeof d->url);
    free(d);
}

/* ----------------------------------------------------------------------------------------------------------------
 * statements */

static enum status prepare_once(struct maria_db *d, const char *sql, MYSQL_STMT **ret, struct error *err)
{
    MYSQL_STMT *h = mysql_stmt_init(d->handle);
    if (!h)
        return no_memory(err);
    if (mysql_stmt_prepare(h, sql, (unsigned long)strlen(sql))) {
        enum status st = stmt_error(d, h, err);
        mysql_stmt_close(h);
        return st;
    }
    *ret = h;
    return STATUS_OK;
}

/* To prepare changes nothing: tried again on a new connection when the old one turns out to be gone. */
static enum status prepare_handle(struct maria_db *d, const char *sql, MYSQL_STMT **ret, struct error *err)
{
    enum status st = prepare_once(d, sql, ret, err);
    if (st == STATUS_OK || !d->lost || d->held || d->db.depth > 0)
        return st;
    st = maria_ready(d, err);
    return st == STATUS_OK ? prepare_once(d, sql, ret, err) : st;
}

static void set_null(struct maria_stmt *s, unsigned i)
{
    s->params[i] = (MYSQL_BIND){.buffer_type = MYSQL_TYPE_NULL};
}

static void stmt_free(struct maria_stmt *s)
{
    if (s->handle)
        mysql_stmt_close(s->handle);
    for (unsigned i = 0; s->cells && i < s->n_columns; i++)
        free(s->cells[i].big);
    free(s->params);
    free(s->values);
    free(s->columns);
    free(s->cells);
    free(s);
}

static bool stmt_make_room(struct maria_stmt *s)
{
    s->n_params = (unsigned)mysql_stmt_param_count(s->handle);
    s->n_columns = mysql_stmt_field_count(s->handle);
    s->params = calloc(s->n_params + 1, sizeof *s->params);
    s->values = calloc(s->n_params + 1, sizeof *s->values);
    s->columns = calloc(s->n_columns + 1, sizeof *s->columns);
    s->cells = calloc(s->n_columns + 1, sizeof *s->cells);
    for (unsigned i = 0; s->params && i < s->n_params; i++)
        set_null(s, i);
    return s->params && s->values && s->columns && s->cells;
}

static enum status prepare(struct db *db, const char *sql, struct db_stmt **ret, struct error *err)
{
    struct maria_db *d = maria_of(db);
    struct maria_stmt *s = calloc(1, sizeof *s);
    if (!s)
        return no_memory(err);
    enum status st = maria_ready(d, err);
    if (st == STATUS_OK)
        st = prepare_handle(d, sql, &s->handle, err);
    if (st == STATUS_OK && !stmt_make_room(s))
        st = no_memory(err);
    if (st != STATUS_OK) {
        stmt_free(s);
        return st;
    }
    s->generation = d->generation;
    *ret = &s->stmt;
    return STATUS_OK;
}

/* Prepares it again when its connection is not there any more. */
static enum status renew(struct db_stmt *stmt, struct error *err)
{
    struct maria_stmt *s = stmt_of(stmt);
    struct maria_db *d = maria_of(stmt->db);
    MYSQL_STMT *h = NULL;
    enum status st = maria_ready(d, err);
    if (st != STATUS_OK || s->generation == d->generation)
        return st;
    st = prepare_handle(d, stmt->sql, &h, err);
    if (st != STATUS_OK)
        return st;
    if (s->handle)
        mysql_stmt_close(s->handle);
    s->handle = h;
    s->generation = d->generation;
    if (mysql_stmt_param_count(h) != s->n_params || mysql_stmt_field_count(h) != s->n_columns)
        return error_set(err, STATUS_INTERNAL, "database_error", NULL, "The schema changed under a statement.");
    return STATUS_OK;
}

static void finalize(struct db_stmt *s)
{
    stmt_free(stmt_of(s));
}

/* -------------------------------------------------------------------------------------------------------------------
 * binding */

static MYSQL_BIND *param_at(struct db_stmt *stmt, int i)
{
    struct maria_stmt *s = stmt_of(stmt);
    if (i < 1 || (unsigned)i > s->n_params)
        return NULL;
    set_null(s, (unsigned)i - 1);
    return &s->params[i - 1];
}

static struct param *value_at(struct db_stmt *s, int i)
{
    return &stmt_of(s)->values[i - 1];
}

static bool bind_null(struct db_stmt *s, int i)
{
    return param_at(s, i) != NULL;
}

static bool bind_int(struct db_stmt *s, int i, int64_t v)
{
    MYSQL_BIND *b = param_at(s, i);
    if (!b)
        return false;
    value_at(s, i)->i = v;
    b->buffer_type = MYSQL_TYPE_LONGLONG;
    b->buffer = &value_at(s, i)->i;
    return true;
}

static bool bind_number(struct db_stmt *s, int i, double v)
{
    MYSQL_BIND *b = param_at(s, i);
    if (!b)
        return false;
    value_at(s, i)->x = v;
    b->buffer_type = MYSQL_TYPE_DOUBLE;
    b->buffer = &value_at(s, i)->x;
    return true;
}

static bool bind_bytes(MYSQL_BIND *b, enum enum_field_types type, const void *p, size_t n)
{
    if (!b)
        return false;
    b->buffer_type = type;
    b->buffer = (void *)(uintptr_t)p;
    b->buffer_length = (unsigned long)n;
    return true;
}

static bool bind_text(struct db_stmt *s, int i, const char *v)
{
    return bind_bytes(param_at(s, i), MYSQL_TYPE_STRING, v, strlen(v));
}

/* Ids come by value from db_bind_id: they are copied. */
static bool bind_blob(struct db_stmt *s, int i, const void *v, size_t n)
{
    MYSQL_BIND *b = param_at(s, i);
    if (b && n <= sizeof value_at(s, i)->id) {
        if (n > 0)
            memcpy(value_at(s, i)->id, v, n);
        v = value_at(s, i)->id;
    }
    return bind_bytes(b, MYSQL_TYPE_BLOB, v, n);
}

/* -------------------------------------------------------------------------------------------------------------------
 * running */

/* Whole numbers and doubles arrive as such, everything else (decimals too) as text. */
static void bind_column(struct maria_stmt *s, unsigned c)
{
    struct cell *cell = &s->cells[c];
    MYSQL_BIND *b = &s->columns[c];
    *b = (MYSQL_BIND){.length = &cell->len, .is_null = &cell->null};
    switch (s->handle->fields[c].type) {
    case MYSQL_TYPE_TINY:
    case MYSQL_TYPE_SHORT:
    case MYSQL_TYPE_INT24:
    case MYSQL_TYPE_LONG:
    case MYSQL_TYPE_LONGLONG:
    case MYSQL_TYPE_YEAR:
        b->buffer_type = MYSQL_TYPE_LONGLONG;
        b->buffer = &cell->i;
        break;
    case MYSQL_TYPE_FLOAT:
    case MYSQL_TYPE_DOUBLE:
        b->buffer_type = MYSQL_TYPE_DOUBLE;
        b->buffer = &cell->x;
        break;
    default:
        b->buffer_type = MYSQL_TYPE_STRING;
        b->buffer = cell->big ? cell->big : cell->small;
        b->buffer_length = (unsigned long)(cell->big ? cell->cap : sizeof cell->small);
        break;
    }
}

static bool bind_columns(struct maria_stmt *s)
{
    if (mysql_stmt_field_count(s->handle) != s->n_columns)
        return false;
    for (unsigned c = 0; c < s->n_columns; c++)
        bind_column(s, c);
    return mysql_stmt_bind_result(s->handle, s->columns) == 0;
}

static bool execute_once(struct maria_stmt *s)
{
    if (s->n_params > 0 && mysql_stmt_bind_param(s->handle, s->params))
        return false;
    if (mysql_stmt_execute(s->handle))
        return false;
    s->changed = (int64_t)mysql_stmt_affected_rows(s->handle);
    return s->n_columns == 0 || (bind_columns(s) && mysql_stmt_store_result(s->handle) == 0);
}

/* What only reads is run again when the connection turns out to be gone. What writes never is: the server may have done
 * it before the connection ended. */
static enum status execute(struct maria_stmt *s, struct error *err)
{
    struct maria_db *d = maria_of(s->stmt.db);
    enum status st = d->lost || s->generation != d->generation ? renew(&s->stmt, err) : STATUS_OK; /* not sent yet */
    if (st != STATUS_OK || execute_once(s))
        return st;
    st = stmt_error(d, s->handle, err);
    if (!d->lost || s->n_columns == 0 || d->db.depth > 0 || d->held)
        return st;
    st = renew(&s->stmt, err);
    if (st == STATUS_OK && !execute_once(s))
        st = stmt_error(d, s->handle, err);
    return st;
}

/* Texts that did not fit are fetched again into a buffer that is long enough, which also serves the rows to come. */
static enum status fetch_long(struct maria_stmt *s, struct error *err)
{
    bool grown = false;
    for (unsigned c = 0; c < s->n_columns; c++) {
        struct cell *cell = &s->cells[c];
        MYSQL_BIND *b = &s->columns[c];
        if (b->buffer_type != MYSQL_TYPE_STRING || cell->null || cell->len <= b->buffer_length)
            continue;
        size_t cap = cell->len + cell->len / 4;
        char *big = realloc(cell->big, cap);
        if (!big)
            return no_memory(err);
        cell->big = big;
        cell->cap = cap;
        bind_column(s, c);
        if (mysql_stmt_fetch_column(s->handle, b, c, 0))
            return stmt_error(maria_of(s->stmt.db), s->handle, err);
        grown = true;
    }
    if (grown && mysql_stmt_bind_result(s->handle, s->columns))
        return stmt_error(maria_of(s->stmt.db), s->handle, err);
    return STATUS_OK;
}

static enum status step(struct db_stmt *stmt, bool *row, struct error *err)
{
    struct maria_stmt *s = stmt_of(stmt);
    struct maria_db *d = maria_of(stmt->db);
    if (!s->ran) {
        enum status st = execute(s, err);
        if (st != STATUS_OK)
            return st;
        s->ran = true;
    }
    *row = false;
    if (s->n_columns == 0)
        return STATUS_OK;
    if (s->generation != d->generation) /* what is left of its rows went with the connection */
        return maria_error(d, CR_STMT_CLOSED, "rows of an older connection", err);
    switch (mysql_stmt_fetch(s->handle)) {
    case 0:
        *row = true;
        return fetch_long(s, err);
    case MYSQL_DATA_TRUNCATED:
        *row = true;
        return fetch_long(s, err);
    case MYSQL_NO_DATA:
        return STATUS_OK;
    default:
        return stmt_error(d, s->handle, err);
    }
}

static void reset(struct db_stmt *stmt)
{
    struct maria_stmt *s = stmt_of(stmt);
    if (s->ran && s->n_columns > 0)
        mysql_stmt_free_result(s->handle);
    s->ran = false;
    for (unsigned i = 0; i < s->n_params; i++)
        set_null(s, i);
    for (unsigned c = 0; c < s->n_columns; c++)
        if (s->cells[c].cap > CELL_KEEP) {
            free(s->cells[c].big);
            s->cells[c].big = NULL;
            s->cells[c].cap = 0;
        }
}

static int64_t changes(struct db_stmt *s)
{
    return stmt_of(s)->changed;
}

/* -------------------------------------------------------------------------------------------------------------------
 * columns */

static bool is_null(struct db_stmt *s, int c)
{
    return c < 0 || (unsigned)c >= stmt_of(s)->n_columns || stmt_of(s)->cells[c].null;
}

/* A column of text as a NUL-terminated number; "" when it is longer than numbers are. */
static const char *digits(const struct maria_stmt *s, int c, char out[CELL_SMALL])
{
    const struct cell *cell = &s->cells[c];
    size_t n = cell->len < CELL_SMALL ? cell->len : 0;
    memcpy(out, s->columns[c].buffer, n);
    out[n] = '\0';
    return out;
}

static int64_t column_int(struct db_stmt *stmt, int c)
{
    const struct maria_stmt *s = stmt_of(stmt);
    char text[CELL_SMALL];
    if (is_null(stmt, c))
        return 0;
    if (s->columns[c].buffer_type == MYSQL_TYPE_LONGLONG)
        return s->cells[c].i;
    if (s->columns[c].buffer_type == MYSQL_TYPE_DOUBLE)
        return (int64_t)s->cells[c].x;
    return strtoll(digits(s, c, text), NULL, 10);
}

static double column_number(struct db_stmt *stmt, int c)
{
    const struct maria_stmt *s = stmt_of(stmt);
    char text[CELL_SMALL];
    if (is_null(stmt, c))
        return 0;
    if (s->columns[c].buffer_type == MYSQL_TYPE_DOUBLE)
        return s->cells[c].x;
    if (s->columns[c].buffer_type == MYSQL_TYPE_LONGLONG)
        return (double)s->cells[c].i;
    return strtod(digits(s, c, text), NULL);
}

static struct db_bytes column_bytes(struct db_stmt *stmt, int c)
{
    struct maria_stmt *s = stmt_of(stmt);
    if (is_null(stmt, c))
        return (struct db_bytes){NULL, 0};
    struct cell *cell = &s->cells[c];
    int n = 0;
    switch (s->columns[c].buffer_type) {
    case MYSQL_TYPE_LONGLONG:
        n = snprintf(cell->small, sizeof cell->small, "%lld", (long long)cell->i);
        return (struct db_bytes){cell->small, (size_t)n};
    case MYSQL_TYPE_DOUBLE:
        n = snprintf(cell->small, sizeof cell->small, "%.15g", cell->x);
        return (struct db_bytes){cell->small, (size_t)n};
    default:
        return (struct db_bytes){s->columns[c].buffer, cell->len};
    }
}

static const struct db_driver maria_driver = {
    .close = close_connection,
    .exec = exec_script,
    .begin = begin,
    .commit = commit,
    .rollback = rollback,
    .in_transaction = in_transaction,
    .prepare = prepare,
    .renew = renew,
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

enum status maria_open(const char *url, bool create, struct db **ret, struct error *err)
{
    struct maria_db *d = calloc(1, sizeof *d);
    if (!d)
        return no_memory(err);
    d->db.driver = &maria_driver;
    d->db.engine = DB_MYSQL;
    enum status st = maria_url_parse(url, &d->url, err);
    if (st == STATUS_OK)
        st = maria_connect(d, create, err);
    if (st != STATUS_OK) {
        close_connection(&d->db);
        return st;
    }
    *ret = &d->db;
    return STATUS_OK;
}
