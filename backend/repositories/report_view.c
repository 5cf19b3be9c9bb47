/* Reports in lists and in figures (report_repository.h). */
#include "repositories/report_repository.h"

#include "base/cleanup.h"
#include "repositories/query.h"
#include "repositories/where.h"

#include <math.h>

#define FROM "reports r JOIN interview_sessions s ON s.id = r.session_id"

/* The columns stand as the fields of report_summary_model do. */
#define SUMMARY                                                                                                        \
    "SELECT r.id, r.session_id, s.interview_id, s.candidate_id, i.title, c.full_name, c.email, r.status, "             \
    "r.overall_score, r.summary, r.scorer_version, r.created_at, r.updated_at FROM " FROM                              \
    " JOIN interview_configs i ON i.id = s.interview_id JOIN candidates c ON c.id = s.candidate_id"

const struct choice report_sort_choices[] = {
    {"created_at", "Asked for"}, {"updated_at", "Made"}, {"score", "Score"}, {"full_name", "Name"}, {NULL, NULL},
};

void report_conditions(struct where *w, const struct report_filter *f)
{
    where_init(w);
    where_reader(w, f->reader_id, "s.interview_id");
    where_plain(w, "s.preview = 0");
    where_id(w, "s.interview_id = ?", f->interview_id);
    where_id(w, "s.candidate_id = ?", f->candidate_id);
    where_id(w, "r.session_id = ?", f->session_id);
    where_choice(w, "r.status = ?", report_status_choices, f->status);
    where_number(w, "r.overall_score >= ?", f->score_min);
    where_number(w, "r.overall_score <= ?", f->score_max);
    where_time(w, "s.completed_at >= ?", f->from);
    where_time(w, "s.completed_at < ?", f->to);
}

static const char *order_of(struct sort by)
{
    static const char *const orders[][2] = {
        [REPORT_BY_CREATED] = {"r.id", "r.id DESC"},
        [REPORT_BY_UPDATED] = {"r.updated_at, r.id", "r.updated_at DESC, r.id DESC"},
        [REPORT_BY_SCORE] = {"r.overall_score, r.id", "r.overall_score DESC, r.id DESC"},
        [REPORT_BY_NAME] = {"c.full_name, r.id", "c.full_name DESC, r.id DESC"},
    };
    return orders[by.key][by.descending];
}

enum status report_list(struct db *db, const struct report_filter *f, struct paging p, struct arena *a,
                        struct page *ret, struct error *err)
{
    QUERY(q);
    cleanup(where_free) struct where w;
    struct page page = {0};
    report_conditions(&w, f);
    enum status st = where_count(db, &w, FROM, &page.total, err);
    if (st == STATUS_OK)
        st = where_page(db, &w, SUMMARY, order_of(f->sort), p, &q, err);
    if (st == STATUS_OK)
        st = row_list(q, &report_summary_model, a, &page.items, err);
    if (st == STATUS_OK)
        *ret = page;
    return st;
}

/* -----------------------------------------------------------------------------------------------------------------
 * figures */

static enum status count_all(struct db *db, struct where *w, struct report_statistics *x, struct error *err)
{
    QUERY(q);
    bool row = false;
    enum status st =
        where_prepare(db, w,
                      "SELECT COUNT(*), COALESCE(SUM(CASE WHEN r.status = 'pending' THEN 1 ELSE 0 END), 0), "
                      "COALESCE(SUM(CASE WHEN r.status = 'ready' THEN 1 ELSE 0 END), 0), "
                      "COALESCE(SUM(CASE WHEN r.status = 'failed' THEN 1 ELSE 0 END), 0) FROM " FROM,
                      "", &q, NULL, err);
    if (st == STATUS_OK)
        st = db_step(q, &row, err);
    if (st != STATUS_OK)
        return st;
    x->reports = db_int(q, 0);
    x->pending = db_int(q, 1);
    x->ready = db_int(q, 2);
    x->failed = db_int(q, 3);
    return STATUS_OK;
}

/* Count, average, extremes, and a column for each half level. w: of scored reports only, here and below. */
static enum status read_scores(struct db *db, struct where *w, struct score_band *bands, struct report_statistics *x,
                               struct error *err)
{
    QUERY(q);
    cleanup(buf_free) struct buf b;
    bool row = false;
    buf_init(&b, 4096);
    buf_str(&b, "SELECT COUNT(*), AVG(r.overall_score), MIN(r.overall_score), MAX(r.overall_score), "
                "SUM(r.overall_score * r.overall_score)");
    for (int i = 0; i < SCORE_BANDS; i++) /* halves are exact in binary: the text is the number */
        buf_printf(
            &b, ", COALESCE(SUM(CASE WHEN r.overall_score >= %.1f AND r.overall_score %s %.1f THEN 1 ELSE 0 END), 0)",
            1 + i * 0.5, i == SCORE_BANDS - 1 ? "<=" : "<", 1.5 + i * 0.5);
    buf_str(&b, " FROM " FROM);
    enum status st = where_prepare(db, w, buf_cstr(&b), "", &q, NULL, err);
    if (st == STATUS_OK)
        st = db_step(q, &row, err);
    if (st != STATUS_OK)
        return st;
    x->scored = db_int(q, 0);
    x->average = query_number(q, 1);
    x->min = query_number(q, 2);
    x->max = query_number(q, 3);
    const double n = (double)x->scored, rest = query_number(q, 4) - n * x->average * x->average;
    x->deviation = x->scored > 1 ? sqrt(rest > 0 ? rest / (n - 1) : 0) : NAN;
    for (int i = 0; i < SCORE_BANDS; i++)
        bands[i] = (struct score_band){.from = 1 + i * 0.5, .to = 1.5 + i * 0.5, .count = db_int(q, 5 + i)};
    x->distribution = (struct list){bands, SCORE_BANDS};
    return STATUS_OK;
}

/* The one in the middle, or the mean of the two. */
static enum status read_median(struct db *db, struct where *w, struct report_statistics *x, struct error *err)
{
    QUERY(q);
    int next;
    bool row = true;
    double sum = 0;
    int64_t n = 2 - x->scored % 2;
    x->median = NAN;
    if (x->scored == 0)
        return STATUS_OK;
    enum status st = where_prepare(db, w, "SELECT r.overall_score FROM " FROM,
                                   " ORDER BY r.overall_score LIMIT ? OFFSET ?", &q, &next, err);
    if (st != STATUS_OK)
        return st;
    db_bind_int(q, next, n);
    db_bind_int(q, next + 1, (x->scored - 1) / 2);
    int64_t got = 0;
    while ((st = db_step(q, &row, err)) == STATUS_OK && row) {
        sum += db_number(q, 0);
        got++;
    }
    if (st == STATUS_OK && got > 0)
        x->median = sum / (double)got;
    return st;
}

static enum status read_groups(struct db *db, struct where *w, const char *select, const char *tail,
                               const struct model *m, struct arena *a, struct list *ret, struct error *err)
{
    QUERY(q);
    enum status st = where_prepare(db, w, select, tail, &q, NULL, err);
    return st == STATUS_OK ? row_list(q, m, a, ret, err) : st;
}

static enum status read_scored(struct db *db, struct where *w, struct arena *a, struct report_statistics *x,
                               struct error *err)
{
    struct score_band *bands = arena_array(a, SCORE_BANDS, sizeof *bands);
    where_plain(w, "r.status = 'ready' AND r.overall_score IS NOT NULL");
    enum status st = bands ? read_scores(db, w, bands, x, err) : arena_exhausted(err);
    if (st != STATUS_OK)
        return st;
    st = read_median(db, w, x, err);
    if (st == STATUS_OK)
        st = read_groups(db, w,
                         "SELECT s.interview_id, i.title, COUNT(*), AVG(r.overall_score), MIN(r.overall_score), "
                         "MAX(r.overall_score) FROM " FROM " JOIN interview_configs i ON i.id = s.interview_id",
                         " GROUP BY s.interview_id, i.title ORDER BY 3 DESC, s.interview_id LIMIT 100",
                         &interview_score_model, a, &x->by_interview, err);
    if (st == STATUS_OK)
        st = read_groups(db, w,
                         "SELECT u.category, COUNT(p.score), AVG(p.score) FROM " FROM
                         " JOIN responses p ON p.session_id = s.id AND p.score IS NOT NULL "
                         "JOIN questions u ON u.id = p.question_id",
                         " GROUP BY u.category ORDER BY u.category", &category_score_model, a, &x->by_category, err);
    if (st == STATUS_OK)
        st = read_groups(db, w,
                         "SELECT p.competency, COUNT(p.score), AVG(p.score) FROM " FROM
                         " JOIN responses p ON p.session_id = s.id AND p.score IS NOT NULL AND p.competency <> ''",
                         " GROUP BY p.competency ORDER BY 2 DESC, p.competency LIMIT 100", &competency_score_model, a,
                         &x->by_competency, err);
    return st;
}

enum status report_statistics(struct db *db, const struct report_filter *f, struct arena *a,
                              struct report_statistics **ret, struct error *err)
{
    cleanup(where_free) struct where w;
    struct report_statistics *x = arena_new_of(a, struct report_statistics);
    report_conditions(&w, f);
    enum status st = x ? count_all(db, &w, x, err) : arena_exhausted(err);
    if (st == STATUS_OK)
        st = read_scored(db, &w, a, x, err);
    if (st == STATUS_OK)
        *ret = x;
    return st;
}
