#include "repositories/candidate_repository.h"

#include "base/cleanup.h"
#include "models/session.h"
#include "repositories/query.h"
#include "repositories/where.h"

enum status candidate_find(struct db *db, struct id id, struct arena *a, struct candidate **ret, struct error *err)
{
    return query_by_id(db, &candidate_model, "candidates", "WHERE id = ?", id, a, ret, err);
}

enum status candidate_find_by_email(struct db *db, struct id interview, const char *email, struct arena *a,
                                    struct candidate **ret, struct error *err)
{
    QUERY(s);
    enum status st =
        query_select_row(db, &candidate_model, "candidates", "WHERE interview_id = ? AND email = ?", &s, err);
    if (st != STATUS_OK)
        return st;
    db_bind_id(s, 1, interview);
    db_bind_text(s, 2, email);
    return query_one(s, &candidate_model, a, ret, err);
}

/* Insert first and look afterwards: of two at the same time one inserts, and the other finds. */
enum status candidate_register(struct db *db, const struct candidate *c, struct arena *a, struct candidate **ret,
                               bool *created, struct error *err)
{
    struct error why = {0};
    enum status st = row_insert(db, "candidates", &candidate_model, c, &why);
    if (st != STATUS_OK && st != STATUS_CONFLICT) {
        if (err)
            *err = why;
        return st;
    }
    bool is_new = st == STATUS_OK;
    st = candidate_find_by_email(db, c->interview_id, c->email, a, ret, err);
    if (st == STATUS_OK)
        *created = is_new;
    return st;
}

enum status candidate_delete(struct db *db, struct id id, struct error *err)
{
    QUERY(s);
    enum status st = db_prepare(db, "DELETE FROM candidates WHERE id = ?", &s, err);
    if (st != STATUS_OK)
        return st;
    db_bind_id(s, 1, id);
    return query_change(s, err);
}

enum status candidate_update(struct db *db, const struct candidate *c, struct error *err)
{
    QUERY(s);
    enum status st =
        db_prepare(db, "UPDATE candidates SET full_name = ?, email = ?, updated_at = ? WHERE id = ?", &s, err);
    if (st != STATUS_OK)
        return st;
    db_bind_text(s, 1, c->full_name);
    db_bind_text(s, 2, c->email);
    db_bind_time(s, 3, c->updated_at);
    db_bind_id(s, 4, c->id);
    st = query_change(s, err);
    return st == STATUS_CONFLICT
               ? error_set(err, st, "email_taken", "email", "Another candidate of this interview has this address")
               : st;
}

/* -----------------------------------------------------------------------------------------------------------------
 * what staff see */

#define COUNTED "candidates c JOIN interview_sessions s ON s.candidate_id = c.id"
#define RESUME  " LEFT JOIN resumes m ON m.candidate_id = c.id"
/* The columns stand as the fields of candidate_profile_model do. */
#define PROFILE                                                                                                        \
    "SELECT c.id, c.interview_id, i.title, c.full_name, c.email, c.consent_recording_at, c.consent_ai_at, "            \
    "c.created_at, c.updated_at, s.id, s.status, s.started_at, s.completed_at, r.overall_score, r.status, "            \
    "CASE WHEN m.candidate_id IS NULL THEN 0 ELSE 1 END FROM candidates c "                                            \
    "JOIN interview_configs i ON i.id = c.interview_id JOIN interview_sessions s ON s.candidate_id = c.id "            \
    "LEFT JOIN reports r ON r.session_id = s.id" RESUME

const struct choice candidate_sort_choices[] = {
    {"created_at", "Registered"}, {"full_name", "Name"}, {"email", "Address"}, {NULL, NULL}};

static void conditions(struct where *w, const struct candidate_filter *f, const char *like)
{
    where_init(w);
    where_reader(w, f->reader_id, "c.interview_id");
    where_plain(w, "s.preview = 0"); /* its owner is no candidate */
    where_id(w, "c.interview_id = ?", f->interview_id);
    where_choice(w, "s.status = ?", session_status_choices, f->status);
    if (f->has_resume >= 0)
        where_plain(w, f->has_resume ? "m.candidate_id IS NOT NULL" : "m.candidate_id IS NULL");
    where_like(w, "(LOWER(c.full_name) LIKE LOWER(?) ESCAPE '!' OR c.email LIKE LOWER(?) ESCAPE '!')", 2, like);
}

static const char *order_of(struct sort by)
{
    static const char *const orders[][2] = {
        [CANDIDATE_BY_CREATED] = {"c.id", "c.id DESC"},
        [CANDIDATE_BY_NAME] = {"c.full_name, c.id", "c.full_name DESC, c.id DESC"},
        [CANDIDATE_BY_EMAIL] = {"c.email, c.id", "c.email DESC, c.id DESC"},
    };
    return orders[by.key][by.descending];
}

enum status candidate_list(struct db *db, const struct candidate_filter *f, struct paging p, struct arena *a,
                           struct page *ret, struct error *err)
{
    QUERY(q);
    cleanup(where_free) struct where w;
    struct page page = {0};
    const char *like = f->search && *f->search ? query_like(f->search, a) : "";
    if (!like)
        return arena_exhausted(err);
    conditions(&w, f, like);
    enum status st = where_count(db, &w, f->has_resume < 0 ? COUNTED : COUNTED RESUME, &page.total, err);
    if (st == STATUS_OK)
        st = where_page(db, &w, PROFILE, order_of(f->sort), p, &q, err);
    if (st == STATUS_OK)
        st = row_list(q, &candidate_profile_model, a, &page.items, err);
    if (st == STATUS_OK)
        *ret = page;
    return st;
}

enum status candidate_profile_find(struct db *db, struct id id, struct arena *a, struct candidate_profile **ret,
                                   struct error *err)
{
    QUERY(q);
    enum status st = db_prepare(db, PROFILE " WHERE c.id = ?", &q, err);
    if (st != STATUS_OK)
        return st;
    db_bind_id(q, 1, id);
    return query_one(q, &candidate_profile_model, a, ret, err);
}
