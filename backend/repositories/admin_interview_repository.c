#include "repositories/admin_interview_repository.h"

#include "base/buf.h"
#include "base/cleanup.h"
#include "models/interview.h"
#include "repositories/query.h"

#define SQL_MAX  8192
#define PAGE_MAX 100
#define BESIDE   3 /* what is selected before the columns */

static enum status prepare(struct db *db, const char *tail, struct db_stmt **ret, struct error *err)
{
    cleanup(arena_freep) struct arena *a = arena_new(SQL_MAX * 2);
    const char *columns = a ? row_columns(&admin_interview_model, "i.", a) : NULL;
    const char *sql =
        columns ? arena_printf(
                      a,
                      "SELECT u.full_name, u.email, "
                      "(SELECT COUNT(*) FROM interview_sessions s WHERE s.interview_id = i.id AND s.preview = 0), %s "
                      "FROM interview_configs i JOIN users u ON u.id = i.owner_id%s",
                      columns, tail)
                : NULL;
    return sql ? db_prepare(db, sql, ret, err) : arena_exhausted(err);
}

static enum status read_one(struct db_stmt *q, struct arena *a, struct admin_interview *i, struct error *err)
{
    enum status st = row_read(q, BESIDE, &admin_interview_model, a, i, err);
    if (st != STATUS_OK)
        return st;
    i->owner_name = db_text(q, 0, a);
    i->owner_email = db_text(q, 1, a);
    i->candidates = db_int(q, 2);
    return i->owner_name && i->owner_email ? STATUS_OK : arena_exhausted(err);
}

static void write_conditions(struct buf *b, const struct admin_interview_filter *f)
{
    const char *word = "WHERE";
    if (!id_is_zero(f->owner_id)) {
        buf_printf(b, " %s i.owner_id = ?", word);
        word = "AND";
    }
    if (f->status >= 0) {
        buf_printf(b, " %s i.status = ?", word);
        word = "AND";
    }
    if (f->archived != ARCHIVED_ANY) {
        buf_printf(b, " %s i.archived_at IS %s", word, f->archived == ARCHIVED_YES ? "NOT NULL" : "NULL");
        word = "AND";
    }
    if (f->search && *f->search)
        buf_printf(b,
                   " %s (LOWER(i.title) LIKE LOWER(?) ESCAPE '!' OR LOWER(i.job_role) LIKE LOWER(?) ESCAPE '!' OR "
                   "LOWER(i.organisation) LIKE LOWER(?) ESCAPE '!')",
                   word);
}

/* Binds what write_conditions wrote; returns the next placeholder. */
static int bind_conditions(struct db_stmt *q, const struct admin_interview_filter *f, const char *like)
{
    int i = 1;
    if (!id_is_zero(f->owner_id))
        db_bind_id(q, i++, f->owner_id);
    if (f->status >= 0)
        db_bind_text(q, i++, choice_value(interview_status_choices, f->status));
    for (int k = 0; f->search && *f->search && k < 3; k++)
        db_bind_text(q, i++, like);
    return i;
}

static enum status count_all(struct db *db, const struct admin_interview_filter *f, const char *like, int64_t *ret,
                             struct error *err)
{
    QUERY(q);
    cleanup(buf_free) struct buf b;
    buf_init(&b, SQL_MAX);
    buf_str(&b, "SELECT COUNT(*) FROM interview_configs i");
    write_conditions(&b, f);
    enum status st = db_prepare(db, buf_cstr(&b), &q, err);
    if (st != STATUS_OK)
        return st;
    bind_conditions(q, f, like);
    return query_int(q, ret, err);
}

/* Ids are in the order of their making. */
static void write_order(struct buf *b, struct sort s)
{
    const char *way = s.descending ? "DESC" : "ASC";
    if (s.key == ADMIN_INTERVIEW_BY_TITLE)
        buf_printf(b, " ORDER BY i.title %s, i.id %s", way, way);
    else if (s.key == ADMIN_INTERVIEW_BY_UPDATED)
        buf_printf(b, " ORDER BY i.updated_at %s, i.id %s", way, way);
    else
        buf_printf(b, " ORDER BY i.id %s", way);
    buf_str(b, " LIMIT ? OFFSET ?");
}

static enum status page_of(struct db *db, const struct admin_interview_filter *f, const char *like, struct paging p,
                           struct arena *a, struct list *ret, struct error *err)
{
    QUERY(q);
    cleanup(buf_free) struct buf b;
    bool row = false;
    size_t n = 0;
    struct admin_interview *items = arena_array(a, PAGE_MAX, sizeof *items);
    if (!items)
        return arena_exhausted(err);
    buf_init(&b, SQL_MAX);
    write_conditions(&b, f);
    write_order(&b, f->sort);
    enum status st = prepare(db, buf_cstr(&b), &q, err);
    if (st != STATUS_OK)
        return st;
    query_bind_paging(q, bind_conditions(q, f, like), p);
    while ((st = db_step(q, &row, err)) == STATUS_OK && row && n < PAGE_MAX) {
        st = read_one(q, a, &items[n++], err);
        if (st != STATUS_OK)
            return st;
    }
    if (st == STATUS_OK)
        *ret = (struct list){items, n};
    return st;
}

enum status admin_interview_list(struct db *db, const struct admin_interview_filter *f, struct paging p,
                                 struct arena *a, struct page *ret, struct error *err)
{
    struct page page = {0};
    const char *like = query_like(f->search ? f->search : "", a);
    if (!like)
        return arena_exhausted(err);
    enum status st = count_all(db, f, like, &page.total, err);
    if (st == STATUS_OK)
        st = page_of(db, f, like, p, a, &page.items, err);
    if (st == STATUS_OK)
        *ret = page;
    return st;
}

enum status admin_interview_find(struct db *db, struct id id, struct arena *a, struct admin_interview **ret,
                                 struct error *err)
{
    QUERY(q);
    bool row = false;
    struct admin_interview *i = arena_new_of(a, struct admin_interview);
    if (!i)
        return arena_exhausted(err);
    enum status st = prepare(db, " WHERE i.id = ?", &q, err);
    if (st != STATUS_OK)
        return st;
    db_bind_id(q, 1, id);
    st = db_step(q, &row, err);
    if (st == STATUS_OK && !row)
        st = query_not_found(err);
    if (st == STATUS_OK)
        st = read_one(q, a, i, err);
    if (st == STATUS_OK)
        *ret = i;
    return st;
}

/* ------------------------------------------------------------------------------------------------------------------
 * moving */

/* A version must grow, whatever the clock does. */
#define MOVED "updated_at = CASE WHEN updated_at < ? THEN ? ELSE updated_at + 1 END"

enum status interview_set_owner(struct db *db, struct id id, struct id owner, int64_t now, struct error *err)
{
    QUERY(q);
    enum status st = db_prepare(db, "UPDATE interview_configs SET owner_id = ?, " MOVED " WHERE id = ?", &q, err);
    if (st != STATUS_OK)
        return st;
    db_bind_id(q, 1, owner);
    db_bind_int(q, 2, now);
    db_bind_int(q, 3, now);
    db_bind_id(q, 4, id);
    return query_change(q, err);
}

enum status interview_set_owner_of_all(struct db *db, struct id from, struct id to, int64_t now, int64_t *count,
                                       struct error *err)
{
    QUERY(q);
    enum status st = db_prepare(db, "UPDATE interview_configs SET owner_id = ?, " MOVED " WHERE owner_id = ?", &q, err);
    if (st != STATUS_OK)
        return st;
    db_bind_id(q, 1, to);
    db_bind_int(q, 2, now);
    db_bind_int(q, 3, now);
    db_bind_id(q, 4, from);
    return db_run(q, count, err);
}

enum status reviewer_remove_owner(struct db *db, struct id owner, struct error *err)
{
    QUERY(q);
    enum status st = db_prepare(db,
                                "DELETE FROM interview_reviewers WHERE user_id = ? AND interview_id IN "
                                "(SELECT id FROM interview_configs WHERE owner_id = ?)",
                                &q, err);
    if (st != STATUS_OK)
        return st;
    db_bind_id(q, 1, owner);
    db_bind_id(q, 2, owner);
    return db_run(q, NULL, err);
}
