#include "repositories/interview_repository.h"

#include "base/buf.h"
#include "base/cleanup.h"
#include "repositories/query.h"

#define SQL_MAX       8192
#define LINK_BYTES    24
#define SQL_ARENA_MAX 65536

void interview_link_make(char out[INTERVIEW_LINK_SIZE])
{
    random_token(out, INTERVIEW_LINK_SIZE, LINK_BYTES);
}

enum status interview_insert(struct db *db, const struct interview *i, struct error *err)
{
    return row_insert(db, "interview_configs", &interview_model, i, err);
}

/* -------------------------------------------------------------------------------------------------------------------
 * reading */

#define STATISTICS                                                                                                     \
    "(SELECT COUNT(*) FROM interview_sessions s WHERE s.interview_id = i.id AND s.preview = 0), "                      \
    "(SELECT COUNT(*) FROM interview_sessions s WHERE s.interview_id = i.id AND s.status = 'in_progress' AND "         \
    "s.preview = 0), "                                                                                                 \
    "(SELECT COUNT(*) FROM interview_sessions s WHERE s.interview_id = i.id AND s.status = 'completed' AND "           \
    "s.preview = 0), "                                                                                                 \
    "(SELECT AVG(r.overall_score) FROM interview_sessions s JOIN reports r ON r.session_id = s.id "                    \
    "WHERE s.interview_id = i.id AND s.preview = 0 AND r.status = 'ready')"

/* The statistics come before the columns of interview_model. Within a transaction on MySQL all that is read is locked:
 * there they are left out, so that a change of the interview does not wait for every session of it, nor they for that.
 */
static enum status prepare_interviews(struct db *db, const char *tail, struct db_stmt **ret, struct error *err)
{
    cleanup(arena_freep) struct arena *a = arena_new(SQL_ARENA_MAX);
    const char *columns = a ? row_columns(&interview_model, "i.", a) : NULL;
    const char *lock = query_lock(db);
    const char *sql = columns ? arena_printf(a, "SELECT %s, %s FROM interview_configs i %s%s",
                                             *lock ? "0, 0, 0, NULL" : STATISTICS, columns, tail, lock)
                              : NULL;
    return sql ? db_prepare(db, sql, ret, err) : arena_exhausted(err);
}

static enum status read_interview(struct db_stmt *s, struct arena *a, struct interview *i, struct error *err)
{
    const struct field *average = model_field(&interview_statistics_model, "average_score");
    enum status st = row_read(s, 4, &interview_model, a, i, err);
    if (st != STATUS_OK)
        return st;
    struct interview_statistics *x = arena_new_of(a, struct interview_statistics);
    if (!x)
        return arena_exhausted(err);
    x->candidates = db_int(s, 0);
    x->in_progress = db_int(s, 1);
    x->completed = db_int(s, 2);
    if (db_is_null(s, 3)) {
        x->average_score = __builtin_nan("");
        x->presence.null |= UINT64_C(1) << (average - interview_statistics_model.fields);
    } else {
        x->average_score = db_number(s, 3);
    }
    i->statistics = x;
    return STATUS_OK;
}

static enum status one_interview(struct db_stmt *s, struct arena *a, struct interview **ret, struct error *err)
{
    bool row = false;
    struct interview *i = arena_new_of(a, struct interview);
    if (!i)
        return arena_exhausted(err);
    enum status st = db_step(s, &row, err);
    if (st == STATUS_OK && !row)
        return query_not_found(err);
    if (st == STATUS_OK)
        st = read_interview(s, a, i, err);
    if (st == STATUS_OK)
        *ret = i;
    return st;
}

enum status interview_lock(struct db *db, struct id id, struct error *err)
{
    return query_lock_row(db, "interview_configs", id, err);
}

static enum status unknown_link(struct error *err)
{
    return error_set(err, STATUS_NOT_FOUND, "link_unknown", NULL, "There is no interview under this link.");
}

enum status interview_id_of_link(struct db *db, const char *link, struct id *ret, struct error *err)
{
    QUERY(s);
    bool row = false;
    enum status st = db_prepare(db, "SELECT id FROM interview_configs WHERE link = ?", &s, err);
    if (st != STATUS_OK)
        return st;
    db_bind_text(s, 1, link);
    st = db_step(s, &row, err);
    if (st == STATUS_OK && !row)
        return unknown_link(err);
    if (st == STATUS_OK)
        *ret = db_id(s, 0);
    return st;
}

enum status interview_find(struct db *db, struct id id, struct arena *a, struct interview **ret, struct error *err)
{
    QUERY(s);
    enum status st = prepare_interviews(db, "WHERE i.id = ?", &s, err);
    if (st != STATUS_OK)
        return st;
    db_bind_id(s, 1, id);
    return one_interview(s, a, ret, err);
}

enum status interview_find_by_link(struct db *db, const char *link, struct arena *a, struct interview **ret,
                                   struct error *err)
{
    QUERY(s);
    enum status st = prepare_interviews(db, "WHERE i.link = ?", &s, err);
    if (st != STATUS_OK)
        return st;
    db_bind_text(s, 1, link);
    st = one_interview(s, a, ret, err);
    return st == STATUS_NOT_FOUND ? unknown_link(err) : st;
}

/* ---------------------------------------------------------------------------------------------------------------------
 * lists */

static bool searches(const struct interview_filter *f)
{
    return f->search && f->search[0];
}

/* Each half is found by its index, on both engines; "owner_id = ? OR ..." is not. */
#define READABLE                                                                                                       \
    " JOIN (SELECT id FROM interview_configs WHERE owner_id = ? UNION "                                                \
    "SELECT interview_id FROM interview_reviewers WHERE user_id = ?) visible ON visible.id = i.id"

static const char *next_word(const char **word)
{
    const char *now = *word;
    *word = "AND";
    return now;
}

static void write_conditions(struct buf *b, const struct interview_filter *f)
{
    const char *word = "WHERE";
    if (!id_is_zero(f->reader_id))
        buf_str(b, READABLE);
    if (!id_is_zero(f->owner_id))
        buf_printf(b, " %s i.owner_id = ?", next_word(&word));
    if (f->shelf != INTERVIEW_ANYWHERE)
        buf_printf(b, " %s i.archived_at IS %s", next_word(&word),
                   f->shelf == INTERVIEW_ARCHIVED ? "NOT NULL" : "NULL");
    if (f->status >= 0)
        buf_printf(b, " %s i.status = ?", next_word(&word));
    if (f->interview_type >= 0)
        buf_printf(b, " %s i.interview_type = ?", next_word(&word));
    if (f->difficulty >= 0)
        buf_printf(b, " %s i.difficulty = ?", next_word(&word));
    if (searches(f))
        buf_printf(b,
                   " %s (LOWER(i.title) LIKE LOWER(?) ESCAPE '!' OR LOWER(i.job_role) LIKE LOWER(?) ESCAPE '!' OR "
                   "LOWER(i.organisation) LIKE LOWER(?) ESCAPE '!')",
                   word);
}

/* Binds what write_conditions wrote; returns the next placeholder. */
static int bind_conditions(struct db_stmt *s, const struct interview_filter *f, const char *like)
{
    int i = 1;
    for (int k = 0; k < 2 && !id_is_zero(f->reader_id); k++)
        db_bind_id(s, i++, f->reader_id);
    if (!id_is_zero(f->owner_id))
        db_bind_id(s, i++, f->owner_id);
    if (f->status >= 0)
        db_bind_text(s, i++, choice_value(interview_status_choices, f->status));
    if (f->interview_type >= 0)
        db_bind_text(s, i++, choice_value(interview_type_choices, f->interview_type));
    if (f->difficulty >= 0)
        db_bind_text(s, i++, choice_value(difficulty_choices, f->difficulty));
    if (searches(f))
        for (int k = 0; k < 3; k++)
            db_bind_text(s, i++, like);
    return i;
}

/* Titles without regard to case: MySQL's column has such a collation, SQLite's index is by it. Ids go by time of
 * making, and make every order a total one, so that no page shows a row twice. */
static void write_order(struct buf *b, struct db *db, struct sort by)
{
    const char *way = by.descending ? " DESC" : "";
    const char *title = db_engine(db) == DB_SQLITE ? "i.title COLLATE NOCASE" : "i.title";
    const char *const keys[] = {
        [INTERVIEW_BY_UPDATED] = "i.updated_at", [INTERVIEW_BY_TITLE] = title, [INTERVIEW_BY_STATUS] = "i.status"};
    buf_str(b, " ORDER BY ");
    if (by.key != INTERVIEW_BY_CREATED)
        buf_printf(b, "%s%s, ", keys[by.key], way);
    buf_printf(b, "i.id%s LIMIT ? OFFSET ?", way);
}

static enum status count_interviews(struct db *db, const struct interview_filter *f, const char *like, int64_t *ret,
                                    struct error *err)
{
    QUERY(s);
    cleanup(buf_free) struct buf b;
    buf_init(&b, SQL_MAX);
    buf_str(&b, "SELECT COUNT(*) FROM interview_configs i");
    write_conditions(&b, f);
    enum status st = db_prepare(db, buf_cstr(&b), &s, err);
    if (st != STATUS_OK)
        return st;
    bind_conditions(s, f, like);
    return query_int(s, ret, err);
}

static enum status page_of_interviews(struct db *db, const struct interview_filter *f, const char *like,
                                      struct paging p, struct arena *a, struct list *ret, struct error *err)
{
    QUERY(s);
    cleanup(buf_free) struct buf b;
    bool row = false;
    struct interview *items = arena_array(a, 100, sizeof *items); /* the largest page */
    size_t n = 0;
    if (!items)
        return arena_exhausted(err);
    buf_init(&b, SQL_MAX);
    write_conditions(&b, f);
    write_order(&b, db, f->sort);
    enum status st = prepare_interviews(db, buf_cstr(&b), &s, err);
    if (st != STATUS_OK)
        return st;
    query_bind_paging(s, bind_conditions(s, f, like), p);
    while ((st = db_step(s, &row, err)) == STATUS_OK && row && n < 100) {
        st = read_interview(s, a, &items[n++], err);
        if (st != STATUS_OK)
            return st;
    }
    if (st == STATUS_OK)
        *ret = (struct list){.items = items, .count = n};
    return st;
}

enum status interview_list(struct db *db, const struct interview_filter *f, struct paging p, struct arena *a,
                           struct page *ret, struct error *err)
{
    struct page page = {0};
    const char *like = query_like(searches(f) ? f->search : "", a);
    if (!like)
        return arena_exhausted(err);
    enum status st = count_interviews(db, f, like, &page.total, err);
    if (st == STATUS_OK)
        st = page_of_interviews(db, f, like, p, a, &page.items, err);
    if (st == STATUS_OK)
        *ret = page;
    return st;
}

enum status interview_count(struct db *db, struct id owner, enum interview_status status, int64_t *ret,
                            struct error *err)
{
    struct interview_filter f = INTERVIEW_FILTER_ANY;
    f.owner_id = owner;
    f.status = (int)status;
    f.shelf = INTERVIEW_IN_USE;
    return count_interviews(db, &f, "", ret, err);
}

/* ------------------------------------------------------------------------------------------------------------------
 * changing */

static const struct field *editable(size_t k)
{
    static const char *const names[] = {"title",          "job_role",   "job_description",  "organisation",
                                        "interview_type", "difficulty", "focus_areas",      "question_count",
                                        "avatar",         "voice",      "language",         "expires_at",
                                        "max_sessions",   "patience",   "think_time_s",     "allow_pause",
                                        "allow_skip",     "practice",   "time_to_finish_s", "follow_ups",
                                        "updated_at"};
    return k < sizeof names / sizeof names[0] ? model_field(&interview_model, names[k]) : NULL;
}

enum status interview_update(struct db *db, const struct interview *i, struct error *err)
{
    cleanup(arena_freep) struct arena *a = arena_new(SQL_ARENA_MAX);
    cleanup(buf_free) struct buf b;
    QUERY(s);
    struct field fields[24];
    size_t n = 0;
    if (!a)
        return arena_exhausted(err);
    buf_init(&b, SQL_MAX);
    buf_str(&b, "UPDATE interview_configs SET ");
    for (const struct field *f; (f = editable(n)); n++) {
        buf_printf(&b, "%s%s = ?", n > 0 ? ", " : "", f->name);
        fields[n] = *f;
    }
    buf_str(&b, " WHERE id = ?");
    struct model part = interview_model; /* the same struct, fewer columns */
    part.fields = fields;
    part.n_fields = n;
    enum status st = db_prepare(db, buf_cstr(&b), &s, err);
    if (st == STATUS_OK)
        st = row_bind(s, 1, &part, i, a, err);
    if (st != STATUS_OK)
        return st;
    db_bind_id(s, (int)n + 1, i->id);
    return query_change(s, err);
}

static enum status check_status(struct db *db, struct id id, enum interview_status to, struct error *err)
{
    QUERY(s);
    int64_t same = 0;
    enum status st =
        db_prepare(db, "SELECT CASE WHEN status = ? THEN 1 ELSE 0 END FROM interview_configs WHERE id = ?", &s, err);
    if (st != STATUS_OK)
        return st;
    db_bind_text(s, 1, choice_value(interview_status_choices, (int)to));
    db_bind_id(s, 2, id);
    st = query_int(s, &same, err);
    if (st == STATUS_OK && !same)
        st = error_set(err, STATUS_CONFLICT, "interview_status", "status",
                       "The interview cannot become %s from what it is.",
                       choice_value(interview_status_choices, (int)to));
    return st;
}

enum status interview_set_status(struct db *db, struct id id, enum interview_status to, int64_t now, struct error *err)
{
    QUERY(s);
    int64_t n = 0;
    const char *sql =
        to == INTERVIEW_OPEN
            ? "UPDATE interview_configs SET status = 'open', updated_at = ? WHERE id = ? AND status IN ('draft', "
              "'closed')"
            : "UPDATE interview_configs SET status = 'closed', updated_at = ? WHERE id = ? AND status = 'open'";
    if (to == INTERVIEW_DRAFT)
        return check_status(db, id, to, err); /* never again */
    enum status st = db_prepare(db, sql, &s, err);
    if (st != STATUS_OK)
        return st;
    db_bind_time(s, 1, now);
    db_bind_id(s, 2, id);
    st = db_run(s, &n, err);
    return st == STATUS_OK && n == 0 ? check_status(db, id, to, err) : st;
}

enum status interview_set_link(struct db *db, struct id id, const char *link, int64_t now, struct error *err)
{
    QUERY(s);
    enum status st = db_prepare(db, "UPDATE interview_configs SET link = ?, updated_at = ? WHERE id = ?", &s, err);
    if (st != STATUS_OK)
        return st;
    db_bind_text(s, 1, link);
    db_bind_time(s, 2, now);
    db_bind_id(s, 3, id);
    return query_change(s, err);
}

enum status interview_set_archived(struct db *db, struct id id, int64_t archived_at, int64_t now, struct error *err)
{
    QUERY(s);
    enum status st =
        db_prepare(db, "UPDATE interview_configs SET archived_at = ?, updated_at = ? WHERE id = ?", &s, err);
    if (st != STATUS_OK)
        return st;
    db_bind_time(s, 1, archived_at);
    db_bind_time(s, 2, now);
    db_bind_id(s, 3, id);
    return query_change(s, err);
}

enum status interview_touch(struct db *db, struct id id, int64_t now, struct error *err)
{
    QUERY(s);
    enum status st = db_prepare(db, "UPDATE interview_configs SET updated_at = ? WHERE id = ?", &s, err);
    if (st != STATUS_OK)
        return st;
    db_bind_time(s, 1, now);
    db_bind_id(s, 2, id);
    return query_change(s, err);
}

enum status interview_places_taken(struct db *db, struct id id, int64_t *ret, struct error *err)
{
    QUERY(s);
    enum status st = db_prepare(db,
                                "SELECT COUNT(*) FROM interview_sessions WHERE interview_id = ? AND preview = 0 AND "
                                "status <> 'withdrawn'",
                                &s, err);
    if (st != STATUS_OK)
        return st;
    db_bind_id(s, 1, id);
    return query_int(s, ret, err);
}

enum status interview_delete(struct db *db, struct id id, struct error *err)
{
    QUERY(s);
    enum status st = db_prepare(db, "DELETE FROM interview_configs WHERE id = ?", &s, err);
    if (st != STATUS_OK)
        return st;
    db_bind_id(s, 1, id);
    st = query_change(s, err);
    if (st == STATUS_CONFLICT)
        st = error_set(err, st, "has_sessions", NULL,
                       "Candidates have registered. Delete their sessions first, or close it.");
    return st;
}
