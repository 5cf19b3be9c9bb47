#include "repositories/query.h"

#include "base/buf.h"
#include "base/cleanup.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#define SQL_ARENA_MAX 65536
#define LIKE_MAX      4096
#define ROWS_FIRST    64

enum status query_not_found(struct error *err)
{
    return error_set(err, STATUS_NOT_FOUND, "not_found", NULL, "There is no such thing here.");
}

const char *query_lock(const struct db *db)
{
    return db_engine(db) == DB_MYSQL && db_in_transaction(db) ? " FOR UPDATE" : "";
}

const char *query_lock_free(const struct db *db)
{
    return db_engine(db) == DB_MYSQL && db_in_transaction(db) ? " FOR UPDATE SKIP LOCKED" : "";
}

enum status query_lock_row(struct db *db, const char *table, struct id id, struct error *err)
{
    QUERY(s);
    bool row = false;
    char sql[128];
    if (!*query_lock(db))
        return STATUS_OK;
    snprintf(sql, sizeof sql, "SELECT id FROM %s WHERE id = ? FOR UPDATE", table);
    enum status st = db_prepare(db, sql, &s, err);
    if (st != STATUS_OK)
        return st;
    db_bind_id(s, 1, id);
    return db_step(s, &row, err);
}

static enum status select_with(struct db *db, const struct model *m, const char *table, const char *tail,
                               const char *lock, struct db_stmt **ret, struct error *err)
{
    cleanup(arena_freep) struct arena *a = arena_new(SQL_ARENA_MAX);
    const char *columns = a ? row_columns(m, NULL, a) : NULL;
    const char *sql = columns ? arena_printf(a, "SELECT %s FROM %s %s%s", columns, table, tail, lock) : NULL;
    return sql ? db_prepare(db, sql, ret, err) : arena_exhausted(err);
}

enum status query_select(struct db *db, const struct model *m, const char *table, const char *tail,
                         struct db_stmt **ret, struct error *err)
{
    return select_with(db, m, table, tail, "", ret, err);
}

enum status query_select_row(struct db *db, const struct model *m, const char *table, const char *tail,
                             struct db_stmt **ret, struct error *err)
{
    return select_with(db, m, table, tail, query_lock(db), ret, err);
}

enum status query_one(struct db_stmt *s, const struct model *m, struct arena *a, void *ret, struct error *err)
{
    void *object = arena_alloc(a, m->size);
    if (!object)
        return arena_exhausted(err);
    enum status st = row_one(s, m, a, object, err);
    if (st == STATUS_OK)
        memcpy(ret, &object, sizeof object);
    return st;
}

enum status query_by_id(struct db *db, const struct model *m, const char *table, const char *tail, struct id id,
                        struct arena *a, void *ret, struct error *err)
{
    QUERY(s);
    enum status st = query_select_row(db, m, table, tail, &s, err);
    if (st != STATUS_OK)
        return st;
    db_bind_id(s, 1, id);
    return query_one(s, m, a, ret, err);
}

enum status query_list_by_id(struct db *db, const struct model *m, const char *table, const char *tail, struct id id,
                             struct arena *a, struct list *ret, struct error *err)
{
    QUERY(s);
    enum status st = query_select(db, m, table, tail, &s, err);
    if (st != STATUS_OK)
        return st;
    db_bind_id(s, 1, id);
    return row_list(s, m, a, ret, err);
}

double query_number(struct db_stmt *s, int column)
{
    return db_is_null(s, column) ? NAN : db_number(s, column);
}

enum status query_int(struct db_stmt *s, int64_t *ret, struct error *err)
{
    bool row = false;
    enum status st = db_step(s, &row, err);
    if (st == STATUS_OK && !row)
        st = query_not_found(err);
    if (st == STATUS_OK)
        *ret = db_int(s, 0);
    db_reset(s);
    return st;
}

enum status query_change(struct db_stmt *s, struct error *err)
{
    int64_t n = 0;
    enum status st = db_run(s, &n, err);
    return st == STATUS_OK && n == 0 ? query_not_found(err) : st;
}

void query_bind_paging(struct db_stmt *s, int i, struct paging p)
{
    int64_t size = p.page_size < 1 ? 1 : p.page_size > 100 ? 100 : p.page_size;
    int64_t page = p.page < 1 ? 1 : p.page > INT32_MAX ? INT32_MAX : p.page;
    db_bind_int(s, i, size);
    db_bind_int(s, i + 1, (page - 1) * size);
}

const char *query_like(const char *text, struct arena *a)
{
    cleanup(buf_free) struct buf b;
    buf_init(&b, LIKE_MAX);
    buf_char(&b, '%');
    for (; *text; text++) {
        if (strchr("%_!", *text))
            buf_char(&b, '!');
        buf_char(&b, *text >= 'A' && *text <= 'Z' ? (char)(*text - 'A' + 'a') : *text);
    }
    buf_char(&b, '%');
    return buf_ok(&b) ? arena_strdup(a, buf_cstr(&b)) : NULL;
}

enum status query_rows_add(struct query_rows *rows, size_t size, size_t max, struct arena *a, void *ret,
                           struct error *err)
{
    if (rows->count >= max)
        return error_set(err, STATUS_TOO_LARGE, "too_many", NULL,
                         "There is more than can be counted: choose an interview or a shorter time");
    if (rows->count == rows->room) {
        const size_t room = rows->room ? rows->room * 2 : ROWS_FIRST;
        void *more = arena_array(a, room, size);
        if (!more)
            return arena_exhausted(err);
        if (rows->count)
            memcpy(more, rows->items, rows->count * size);
        rows->items = more;
        rows->room = room;
    }
    void *slot = (char *)rows->items + rows->count++ * size;
    memcpy(ret, &slot, sizeof slot);
    return STATUS_OK;
}
