#include "repositories/note_repository.h"

#include "base/cleanup.h"
#include "repositories/query.h"

#define PAGE_MAX 100
#define NOTES                                                                                                          \
    "SELECT n.id, n.session_id, n.author_id, n.text, n.created_at, n.updated_at, u.full_name FROM session_notes n "    \
    "LEFT JOIN users u ON u.id = n.author_id "
#define NAME_COLUMN 6

enum status note_insert(struct db *db, const struct session_note *n, struct error *err)
{
    enum status st = row_insert(db, "session_notes", &session_note_model, n, err);
    return st == STATUS_CONFLICT ? query_not_found(err) : st; /* the session went meanwhile */
}

static enum status read_note(struct db_stmt *q, struct arena *a, struct session_note *n, struct error *err)
{
    enum status st = row_read(q, 0, &session_note_model, a, n, err);
    if (st == STATUS_OK && !db_is_null(q, NAME_COLUMN) && !(n->author_name = db_text(q, NAME_COLUMN, a)))
        st = arena_exhausted(err);
    return st;
}

enum status note_find(struct db *db, struct id id, struct arena *a, struct session_note **ret, struct error *err)
{
    QUERY(q);
    bool row = false;
    struct session_note *n = arena_new_of(a, struct session_note);
    enum status st = n ? db_prepare(db, NOTES "WHERE n.id = ?", &q, err) : arena_exhausted(err);
    if (st != STATUS_OK)
        return st;
    db_bind_id(q, 1, id);
    st = db_step(q, &row, err);
    if (st == STATUS_OK && !row)
        st = query_not_found(err);
    if (st == STATUS_OK)
        st = read_note(q, a, n, err);
    if (st == STATUS_OK)
        *ret = n;
    return st;
}

static enum status count_notes(struct db *db, struct id session, int64_t *ret, struct error *err)
{
    QUERY(q);
    enum status st = db_prepare(db, "SELECT COUNT(*) FROM session_notes WHERE session_id = ?", &q, err);
    if (st != STATUS_OK)
        return st;
    db_bind_id(q, 1, session);
    return query_int(q, ret, err);
}

enum status note_list(struct db *db, struct id session, struct paging p, struct arena *a, struct page *ret,
                      struct error *err)
{
    QUERY(q);
    struct page page = {0};
    bool row = false;
    struct session_note *items = arena_array(a, PAGE_MAX, sizeof *items);
    enum status st = items ? count_notes(db, session, &page.total, err) : arena_exhausted(err);
    if (st == STATUS_OK)
        st = db_prepare(db, NOTES "WHERE n.session_id = ? ORDER BY n.id LIMIT ? OFFSET ?", &q, err);
    if (st != STATUS_OK)
        return st;
    db_bind_id(q, 1, session);
    query_bind_paging(q, 2, p);
    while ((st = db_step(q, &row, err)) == STATUS_OK && row && page.items.count < PAGE_MAX) {
        st = read_note(q, a, &items[page.items.count++], err);
        if (st != STATUS_OK)
            return st;
    }
    page.items.items = items;
    if (st == STATUS_OK)
        *ret = page;
    return st;
}

enum status note_update(struct db *db, const struct session_note *n, struct error *err)
{
    QUERY(q);
    enum status st = db_prepare(db, "UPDATE session_notes SET text = ?, updated_at = ? WHERE id = ?", &q, err);
    if (st != STATUS_OK)
        return st;
    db_bind_text(q, 1, n->text);
    db_bind_time(q, 2, n->updated_at);
    db_bind_id(q, 3, n->id);
    return query_change(q, err);
}

enum status note_delete(struct db *db, struct id id, struct error *err)
{
    QUERY(q);
    enum status st = db_prepare(db, "DELETE FROM session_notes WHERE id = ?", &q, err);
    if (st != STATUS_OK)
        return st;
    db_bind_id(q, 1, id);
    return query_change(q, err);
}
