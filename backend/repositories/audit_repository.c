#include "repositories/audit_repository.h"

#include "base/buf.h"
#include "base/cleanup.h"
#include "repositories/query.h"

#include <stdio.h>
#include <string.h>

#define SQL_MAX    8192
#define ACTION_MAX 128

enum status audit_insert(struct db *db, const struct audit_entry *e, struct error *err)
{
    return row_insert(db, "audit_log", &audit_entry_model, e, err);
}

/* -------------------------------------------------------------------------------------------------------------------
 * filtering */

static bool is_beginning(const char *action)
{
    size_t n = strlen(action);
    return n > 0 && action[n - 1] == '.';
}

/* Actions that begin with "interview." are those from there to "interview/", the character after the dot: a range of
 * the index. */
static void write_conditions(struct buf *b, const struct audit_filter *f)
{
    const char *action = !f->action || !*f->action ? NULL
                         : is_beginning(f->action) ? "e.action >= ? AND e.action < ?"
                                                   : "e.action = ?";
    const char *const conditions[] = {
        id_is_zero(f->actor_id) ? NULL : "e.actor_id = ?",
        action,
        f->subject_kind && *f->subject_kind ? "e.subject_kind = ?" : NULL,
        id_is_zero(f->subject_id) ? NULL : "e.subject_id = ?",
        f->from ? "e.at >= ?" : NULL,
        f->to ? "e.at < ?" : NULL,
    };
    const char *word = "WHERE";
    for (size_t i = 0; i < sizeof conditions / sizeof conditions[0]; i++)
        if (conditions[i]) {
            buf_printf(b, " %s %s", word, conditions[i]);
            word = "AND";
        }
}

/* Binds what write_conditions wrote; returns the next placeholder. after: where the end of the range is kept. */
static int bind_conditions(struct db_stmt *q, const struct audit_filter *f, char after[ACTION_MAX])
{
    int i = 1;
    if (!id_is_zero(f->actor_id))
        db_bind_id(q, i++, f->actor_id);
    if (f->action && *f->action)
        db_bind_text(q, i++, f->action);
    if (f->action && is_beginning(f->action)) {
        int n = snprintf(after, ACTION_MAX, "%s", f->action);
        after[(n < ACTION_MAX ? n : ACTION_MAX - 1) - 1] = '.' + 1;
        db_bind_text(q, i++, after);
    }
    if (f->subject_kind && *f->subject_kind)
        db_bind_text(q, i++, f->subject_kind);
    if (!id_is_zero(f->subject_id))
        db_bind_id(q, i++, f->subject_id);
    if (f->from)
        db_bind_int(q, i++, f->from);
    if (f->to)
        db_bind_int(q, i++, f->to);
    return i;
}

static enum status count_entries(struct db *db, const struct audit_filter *f, int64_t *ret, struct error *err)
{
    QUERY(q);
    cleanup(buf_free) struct buf b;
    char after[ACTION_MAX];
    buf_init(&b, SQL_MAX);
    buf_str(&b, "SELECT COUNT(*) FROM audit_log e");
    write_conditions(&b, f);
    enum status st = db_prepare(db, buf_cstr(&b), &q, err);
    if (st != STATUS_OK)
        return st;
    bind_conditions(q, f, after);
    return query_int(q, ret, err);
}

/* ---------------------------------------------------------------------------------------------------------------------
 * reading */

static enum status prepare_entries(struct db *db, const struct audit_filter *f, struct db_stmt **ret, struct error *err)
{
    cleanup(arena_freep) struct arena *a = arena_new(SQL_MAX);
    cleanup(buf_free) struct buf b;
    buf_init(&b, SQL_MAX);
    const char *columns = a ? row_columns(&audit_entry_model, "e.", a) : NULL;
    if (!columns)
        return arena_exhausted(err);
    buf_printf(&b, "SELECT u.full_name, %s FROM audit_log e LEFT JOIN users u ON u.id = e.actor_id", columns);
    write_conditions(&b, f);
    buf_str(&b, " ORDER BY e.at DESC, e.id DESC LIMIT ? OFFSET ?");
    return db_prepare(db, buf_cstr(&b), ret, err);
}

/* At most `most` rows of q into a list. */
static enum status read_entries(struct db_stmt *q, size_t most, struct arena *a, struct list *ret, struct error *err)
{
    bool row = false;
    size_t n = 0;
    enum status st = STATUS_OK;
    struct audit_entry *items = arena_array(a, most + 1, sizeof *items);
    if (!items)
        return arena_exhausted(err);
    while (n < most && (st = db_step(q, &row, err)) == STATUS_OK && row) {
        struct audit_entry *e = &items[n++];
        st = row_read(q, 1, &audit_entry_model, a, e, err);
        if (st == STATUS_OK && !db_is_null(q, 0) && !(e->actor_name = db_text(q, 0, a)))
            st = arena_exhausted(err);
        if (st != STATUS_OK)
            return st;
    }
    if (st == STATUS_OK)
        *ret = (struct list){items, n};
    return st;
}

enum status audit_list(struct db *db, const struct audit_filter *f, struct paging p, struct arena *a, struct page *ret,
                       struct error *err)
{
    QUERY(q);
    struct page page = {0};
    char after[ACTION_MAX];
    enum status st = count_entries(db, f, &page.total, err);
    if (st == STATUS_OK)
        st = prepare_entries(db, f, &q, err);
    if (st != STATUS_OK)
        return st;
    query_bind_paging(q, bind_conditions(q, f, after), p);
    st = read_entries(q, 100, a, &page.items, err);
    if (st == STATUS_OK)
        *ret = page;
    return st;
}

enum status audit_export(struct db *db, const struct audit_filter *f, int64_t limit, struct arena *a, struct list *ret,
                         struct error *err)
{
    QUERY(q);
    int64_t total = 0;
    char after[ACTION_MAX];
    enum status st = count_entries(db, f, &total, err);
    if (st == STATUS_OK)
        st = prepare_entries(db, f, &q, err);
    if (st != STATUS_OK)
        return st;
    int i = bind_conditions(q, f, after);
    total = total < limit ? total : limit;
    db_bind_int(q, i, total);
    db_bind_int(q, i + 1, 0);
    return read_entries(q, (size_t)total, a, ret, err);
}

enum status audit_purge(struct db *db, int64_t before, int64_t *count, struct error *err)
{
    QUERY(q);
    enum status st = db_prepare(db, "DELETE FROM audit_log WHERE at < ?", &q, err);
    if (st != STATUS_OK)
        return st;
    db_bind_int(q, 1, before);
    return db_run(q, count, err);
}
