#include "repositories/where.h"

#include "base/cleanup.h"

#include <assert.h>

#define JOIN_MAX 1024
#define SQL_MAX  8192

void where_init(struct where *w)
{
    *w = (struct where){0};
    buf_init(&w->join, JOIN_MAX);
    buf_init(&w->sql, SQL_MAX);
}

void where_free(struct where *w)
{
    buf_free(&w->join);
    buf_free(&w->sql);
}

static void value(struct where *w, struct where_value v)
{
    assert(w->n < WHERE_VALUES);
    w->values[w->n++] = v;
}

/* A join and not "owner_id = ? OR ...": each half is found by its index, on both engines. */
void where_reader(struct where *w, struct id user, const char *interview)
{
    assert(w->n == 0);
    if (id_is_zero(user))
        return;
    buf_printf(&w->join,
               " JOIN (SELECT id FROM interview_configs WHERE owner_id = ? UNION "
               "SELECT interview_id FROM interview_reviewers WHERE user_id = ?) visible ON visible.id = %s",
               interview);
    value(w, (struct where_value){.type = WHERE_ID, .id = user});
    value(w, (struct where_value){.type = WHERE_ID, .id = user});
}

void where_owner(struct where *w, struct id user, const char *interview)
{
    assert(w->n == 0);
    if (id_is_zero(user))
        return;
    buf_printf(&w->join, " JOIN (SELECT id FROM interview_configs WHERE owner_id = ?) visible ON visible.id = %s",
               interview);
    value(w, (struct where_value){.type = WHERE_ID, .id = user});
}

void where_plain(struct where *w, const char *condition)
{
    buf_printf(&w->sql, " %s %s", w->sql.len ? "AND" : "WHERE", condition);
}

void where_id(struct where *w, const char *condition, struct id v)
{
    if (id_is_zero(v))
        return;
    where_plain(w, condition);
    value(w, (struct where_value){.type = WHERE_ID, .id = v});
}

void where_choice(struct where *w, const char *condition, const struct choice *choices, int index)
{
    if (index < 0)
        return;
    where_plain(w, condition);
    value(w, (struct where_value){.type = WHERE_TEXT, .text = choice_value(choices, index)});
}

void where_time(struct where *w, const char *condition, int64_t v)
{
    if (v == 0)
        return;
    where_plain(w, condition);
    value(w, (struct where_value){.type = WHERE_INT, .integer = v});
}

void where_number(struct where *w, const char *condition, double v)
{
    if (!(v > 0))
        return;
    where_plain(w, condition);
    value(w, (struct where_value){.type = WHERE_NUMBER, .number = v});
}

void where_like(struct where *w, const char *condition, size_t n, const char *like)
{
    if (!like || !*like)
        return;
    where_plain(w, condition);
    for (size_t i = 0; i < n; i++)
        value(w, (struct where_value){.type = WHERE_TEXT, .text = like});
}

/* Returns the next placeholder. */
static int bind(const struct where *w, struct db_stmt *s)
{
    for (size_t i = 0; i < w->n; i++) {
        const struct where_value *v = &w->values[i];
        int at = (int)i + 1;
        switch (v->type) {
        case WHERE_ID:
            db_bind_id(s, at, v->id);
            break;
        case WHERE_INT:
            db_bind_int(s, at, v->integer);
            break;
        case WHERE_NUMBER:
            db_bind_number(s, at, v->number);
            break;
        case WHERE_TEXT:
            db_bind_text(s, at, v->text);
            break;
        }
    }
    return (int)w->n + 1;
}

enum status where_prepare(struct db *db, struct where *w, const char *select, const char *tail, struct db_stmt **ret,
                          int *next, struct error *err)
{
    cleanup(buf_free) struct buf b;
    buf_init(&b, 2 * SQL_MAX);
    buf_printf(&b, "%s%s%s%s", select, buf_cstr(&w->join), buf_cstr(&w->sql), tail);
    enum status st = buf_ok(&b) ? db_prepare(db, buf_cstr(&b), ret, err) : arena_exhausted(err);
    if (st != STATUS_OK)
        return st;
    const int after = bind(w, *ret);
    if (next)
        *next = after;
    return STATUS_OK;
}

enum status where_count(struct db *db, struct where *w, const char *from, int64_t *ret, struct error *err)
{
    QUERY(q);
    cleanup(buf_free) struct buf select;
    buf_init(&select, SQL_MAX);
    buf_printf(&select, "SELECT COUNT(*) FROM %s", from);
    enum status st = where_prepare(db, w, buf_cstr(&select), "", &q, NULL, err);
    return st == STATUS_OK ? query_int(q, ret, err) : st;
}

enum status where_page(struct db *db, struct where *w, const char *select, const char *order, struct paging p,
                       struct db_stmt **ret, struct error *err)
{
    cleanup(buf_free) struct buf tail;
    int next = 0;
    buf_init(&tail, SQL_MAX);
    buf_printf(&tail, " ORDER BY %s LIMIT ? OFFSET ?", order);
    enum status st = where_prepare(db, w, select, buf_cstr(&tail), ret, &next, err);
    if (st == STATUS_OK)
        query_bind_paging(*ret, next, p);
    return st;
}
