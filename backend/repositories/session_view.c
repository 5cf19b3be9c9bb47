/* What staff see of sessions (session_repository.h): summaries joined in one query, and the detail in five. */
#include "repositories/session_repository.h"

#include "base/cleanup.h"
#include "repositories/query.h"
#include "repositories/report_repository.h"
#include "repositories/where.h"

#include <math.h>

#define PAGE_MAX 100

#define SUMMARY                                                                                                        \
    "SELECT s.id, s.interview_id, i.title, c.id, c.full_name, c.email, s.status, s.created_at, s.started_at, "         \
    "s.completed_at, "                                                                                                 \
    "(SELECT COUNT(*) FROM questions q WHERE q.interview_id = s.interview_id), "                                       \
    "(SELECT COUNT(*) FROM responses p WHERE p.session_id = s.id AND p.status = 'ended'), r.overall_score, r.status, " \
    "s.recordings_erased_at, s.partial FROM interview_sessions s JOIN interview_configs i ON i.id = s.interview_id "   \
    "JOIN candidates c ON c.id = s.candidate_id LEFT JOIN reports r ON r.session_id = s.id"

static enum status read_enum(struct db_stmt *q, int c, const struct choice *choices, struct arena *a, int *ret,
                             struct error *err)
{
    const char *word = db_text(q, c, a);
    if (!word)
        return arena_exhausted(err);
    *ret = choice_index(choices, word);
    return *ret >= 0 ? STATUS_OK
                     : error_set(err, STATUS_INTERNAL, "database_error", NULL, "A stored status is not valid.");
}

static enum status read_summary(struct db_stmt *q, struct arena *a, struct session_view *v, struct error *err)
{
    struct candidate *c = arena_new_of(a, struct candidate);
    if (!c)
        return arena_exhausted(err);
    *v = (struct session_view){
        .id = db_id(q, 0),
        .interview_id = db_id(q, 1),
        .interview_title = db_text(q, 2, a),
        .candidate = c,
        .created_at = db_int(q, 7),
        .started_at = db_int(q, 8),
        .completed_at = db_int(q, 9),
        .question_count = db_int(q, 10),
        .answered_count = db_int(q, 11),
        .overall_score = query_number(q, 12),
        .report_status = SESSION_REPORT_NONE,
        .recordings_erased_at = db_int(q, 14),
        .partial = db_int(q, 15) != 0,
    };
    c->id = db_id(q, 3);
    c->interview_id = v->interview_id;
    c->full_name = db_text(q, 4, a);
    c->email = db_text(q, 5, a);
    if (!v->interview_title || !c->full_name || !c->email)
        return arena_exhausted(err);
    enum status st = read_enum(q, 6, session_status_choices, a, &v->status, err);
    if (st == STATUS_OK && !db_is_null(q, 13))
        st = read_enum(q, 13, session_report_choices, a, &v->report_status, err);
    return st;
}

/* -----------------------------------------------------------------------------------------------------------------
 * lists */

const struct choice session_sort_choices[] = {
    {"created_at", "Registered"}, {"started_at", "Begun"}, {"completed_at", "Finished"},
    {"score", "Score"},           {"full_name", "Name"},   {NULL, NULL},
};

/* Previews are nobody's interview: no list shows them, no figure counts them. */
static void conditions(struct where *w, const struct session_filter *f)
{
    where_init(w);
    where_reader(w, f->reader_id, "s.interview_id");
    where_plain(w, "s.preview = 0");
    where_id(w, "s.interview_id = ?", f->interview_id);
    where_id(w, "s.candidate_id = ?", f->candidate_id);
    where_choice(w, "s.status = ?", session_status_choices, f->status);
    where_time(w, "s.created_at >= ?", f->from);
    where_time(w, "s.created_at < ?", f->to);
    where_number(w, "r.overall_score >= ?", f->score_min);
    where_number(w, "r.overall_score <= ?", f->score_max);
    if (f->report == SESSION_REPORT_NONE)
        where_plain(w, "r.id IS NULL");
    else
        where_choice(w, "r.status = ?", session_report_choices, f->report);
}

static bool asks_for_report(const struct session_filter *f)
{
    return f->report >= 0 || f->score_min > 0 || f->score_max > 0;
}

static enum status count(struct db *db, const struct session_filter *f, struct where *w, int64_t *ret,
                         struct error *err)
{
    return where_count(db, w,
                       asks_for_report(f) ? "interview_sessions s LEFT JOIN reports r ON r.session_id = s.id"
                                          : "interview_sessions s",
                       ret, err);
}

enum status session_count(struct db *db, const struct session_filter *f, int64_t *ret, struct error *err)
{
    cleanup(where_free) struct where w;
    conditions(&w, f);
    return count(db, f, &w, ret, err);
}

static const char *order_of(struct sort by)
{
    static const char *const orders[][2] = {
        [SESSION_BY_CREATED] = {"s.id", "s.id DESC"},
        [SESSION_BY_STARTED] = {"s.started_at, s.id", "s.started_at DESC, s.id DESC"},
        [SESSION_BY_COMPLETED] = {"s.completed_at, s.id", "s.completed_at DESC, s.id DESC"},
        [SESSION_BY_SCORE] = {"r.overall_score, s.id", "r.overall_score DESC, s.id DESC"},
        [SESSION_BY_NAME] = {"c.full_name, s.id", "c.full_name DESC, s.id DESC"},
    };
    return orders[by.key][by.descending];
}

static enum status page_of_sessions(struct db *db, struct where *w, struct sort by, struct paging p, struct arena *a,
                                    struct list *ret, struct error *err)
{
    QUERY(q);
    bool row = false;
    size_t n = 0;
    struct session_view *items = arena_array(a, PAGE_MAX, sizeof *items);
    if (!items)
        return arena_exhausted(err);
    enum status st = where_page(db, w, SUMMARY, order_of(by), p, &q, err);
    if (st != STATUS_OK)
        return st;
    while ((st = db_step(q, &row, err)) == STATUS_OK && row && n < PAGE_MAX) {
        st = read_summary(q, a, &items[n++], err);
        if (st != STATUS_OK)
            return st;
    }
    if (st == STATUS_OK)
        *ret = (struct list){.items = items, .count = n};
    return st;
}

enum status session_list(struct db *db, const struct session_filter *f, struct paging p, struct arena *a,
                         struct page *ret, struct error *err)
{
    cleanup(where_free) struct where w;
    struct page page = {0};
    conditions(&w, f);
    enum status st = count(db, f, &w, &page.total, err);
    if (st == STATUS_OK)
        st = page_of_sessions(db, &w, f->sort, p, a, &page.items, err);
    if (st == STATUS_OK)
        *ret = page;
    return st;
}

static enum status summary(struct db *db, struct id id, struct arena *a, struct session_view **ret, struct error *err)
{
    QUERY(q);
    bool row = false;
    struct session_view *v = arena_new_of(a, struct session_view);
    if (!v)
        return arena_exhausted(err);
    enum status st = db_prepare(db, SUMMARY " WHERE s.id = ?", &q, err);
    if (st != STATUS_OK)
        return st;
    db_bind_id(q, 1, id);
    st = db_step(q, &row, err);
    if (st == STATUS_OK && !row)
        st = query_not_found(err);
    if (st == STATUS_OK)
        st = read_summary(q, a, v, err);
    if (st == STATUS_OK)
        *ret = v;
    return st;
}

/* --------------------------------------------------------------------------------------------------------------------
 * detail */

/* Rows of all answers together, ordered by the answer's position. */
static enum status list_of_session(struct db *db, const struct model *m, const char *from_and_order, struct id session,
                                   struct arena *a, struct list *ret, struct error *err)
{
    QUERY(q);
    const char *columns = row_columns(m, "x.", a);
    const char *sql = columns ? arena_printf(a, "SELECT %s FROM %s", columns, from_and_order) : NULL;
    if (!sql)
        return arena_exhausted(err);
    enum status st = db_prepare(db, sql, &q, err);
    if (st != STATUS_OK)
        return st;
    db_bind_id(q, 1, session);
    return row_list(q, m, a, ret, err);
}

/* Gives each answer its part of both lists; their rows stand in the order of the answers. */
static void deal(struct list *answers, const struct list *utterances, const struct list *recordings)
{
    struct answer *p = answers->items;
    struct utterance *u = utterances->items;
    struct recording_segment *r = recordings->items;
    size_t nu = 0, nr = 0;
    for (size_t i = 0; i < answers->count; i++) {
        size_t u0 = nu, r0 = nr;
        while (nu < utterances->count && id_equal(u[nu].response_id, p[i].id))
            nu++;
        while (nr < recordings->count && id_equal(r[nr].response_id, p[i].id))
            nr++;
        if (nu > u0)
            p[i].utterances = (struct list){.items = u + u0, .count = nu - u0};
        if (nr > r0)
            p[i].recordings = (struct list){.items = r + r0, .count = nr - r0};
    }
}

enum status session_detail(struct db *db, struct id id, struct arena *a, struct session_view **ret, struct error *err)
{
    struct session_view *v = NULL;
    struct list utterances = {0}, recordings = {0};
    enum status st = summary(db, id, a, &v, err);
    if (st == STATUS_OK)
        st = list_of_session(db, &utterance_model,
                             "responses p JOIN utterances x ON x.response_id = p.id WHERE p.session_id = ? "
                             "ORDER BY p.position, x.seq",
                             id, a, &utterances, err);
    if (st == STATUS_OK)
        st = list_of_session(db, &recording_segment_model,
                             "responses p JOIN recording_segments x ON x.response_id = p.id WHERE p.session_id = ? "
                             "ORDER BY p.position, x.segment",
                             id, a, &recordings, err);
    if (st == STATUS_OK) /* after what belongs to them: an answer opened meanwhile is there, only empty */
        st = answer_list(db, id, a, &v->answers, err);
    if (st == STATUS_OK && v->report_status != SESSION_REPORT_NONE) {
        st = report_find(db, id, a, &v->report, err);
        if (st == STATUS_NOT_FOUND)
            st = STATUS_OK;
    }
    if (st != STATUS_OK)
        return st;
    utterance_times(&utterances);
    deal(&v->answers, &utterances, &recordings);
    *ret = v;
    return STATUS_OK;
}
