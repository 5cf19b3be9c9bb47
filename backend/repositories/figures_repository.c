#include "repositories/figures_repository.h"

#include "base/cleanup.h"
#include "base/json_read.h"
#include "repositories/query.h"

#include <math.h>
#include <string.h>

#define ROW_ARENA (32u << 20)
#define DAY       "86400000"

enum status figures_statuses(struct db *db, struct id interview, int64_t ret[SESSION_STATUSES], struct error *err)
{
    QUERY(q);
    bool row = false;
    char word[32] = "";
    int64_t counts[SESSION_STATUSES] = {0};
    enum status st = db_prepare(db,
                                "SELECT status, COUNT(*) FROM interview_sessions WHERE interview_id = ? AND "
                                "preview = 0 GROUP BY status",
                                &q, err);
    if (st != STATUS_OK)
        return st;
    cleanup(arena_freep) struct arena *a = arena_new(4096);
    db_bind_id(q, 1, interview);
    while (a && (st = db_step(q, &row, err)) == STATUS_OK && row) {
        const char *status = db_text(q, 0, a);
        snprintf(word, sizeof word, "%s", status ? status : "");
        int k = choice_index(session_status_choices, word);
        if (k >= 0 && k < SESSION_STATUSES)
            counts[k] = db_int(q, 1);
    }
    if (!a)
        return arena_exhausted(err);
    if (st == STATUS_OK)
        memcpy(ret, counts, sizeof counts);
    return st;
}

/* ---------------------------------------------------------------------------------------------------------------------
 * durations */

static enum status count_completed(struct db *db, struct id interview, int64_t *ret, struct error *err)
{
    QUERY(q);
    enum status st = db_prepare(db,
                                "SELECT COUNT(*) FROM interview_sessions WHERE interview_id = ? AND "
                                "status = 'completed' AND preview = 0",
                                &q, err);
    if (st != STATUS_OK)
        return st;
    db_bind_id(q, 1, interview);
    return query_int(q, ret, err);
}

/* The one in the middle, or the mean of the two there. */
enum status figures_median(struct db *db, struct id interview, double *ret, struct error *err)
{
    QUERY(q);
    bool row = false;
    int64_t n = 0;
    double sum = 0;
    int rows = 0;
    enum status st = count_completed(db, interview, &n, err);
    if (st == STATUS_OK && n > 0)
        st = db_prepare(db,
                        "SELECT completed_at - started_at FROM interview_sessions WHERE interview_id = ? AND "
                        "status = 'completed' AND preview = 0 ORDER BY completed_at - started_at LIMIT ? OFFSET ?",
                        &q, err);
    if (st != STATUS_OK || n == 0) {
        if (st == STATUS_OK)
            *ret = NAN;
        return st;
    }
    db_bind_id(q, 1, interview);
    db_bind_int(q, 2, n % 2 ? 1 : 2);
    db_bind_int(q, 3, (n - 1) / 2);
    for (; (st = db_step(q, &row, err)) == STATUS_OK && row; rows++)
        sum += (double)db_int(q, 0);
    if (st == STATUS_OK)
        *ret = rows ? sum / rows : NAN;
    return st;
}

/* ---------------------------------------------------------------------------------------------------------------------
 * days */

/* Newest first, at most FIGURE_DAYS: the beginning of each day and how many. */
static enum status days_of(struct db *db, const char *sql, struct id interview, int64_t days[FIGURE_DAYS],
                           int64_t counts[FIGURE_DAYS], size_t *n, struct error *err)
{
    QUERY(q);
    bool row = false;
    enum status st = db_prepare(db, sql, &q, err);
    if (st != STATUS_OK)
        return st;
    db_bind_id(q, 1, interview);
    db_bind_int(q, 2, FIGURE_DAYS);
    for (*n = 0; *n < FIGURE_DAYS && (st = db_step(q, &row, err)) == STATUS_OK && row; ++*n) {
        days[*n] = db_int(q, 0);
        counts[*n] = db_int(q, 1);
    }
    return st;
}

#define BY_DAY(column)                                                                                                 \
    "SELECT " column " - " column " % " DAY ", COUNT(*) FROM interview_sessions WHERE interview_id = ? AND " column    \
    " IS NOT NULL AND preview = 0 GROUP BY " column " - " column " % " DAY " ORDER BY " column " - " column " % " DAY  \
    " DESC LIMIT ?"

/* Both lists go from the newest to the oldest; so does the walk, which fills the result from its end. */
enum status figures_days(struct db *db, struct id interview, struct arena *a, struct list *ret, struct error *err)
{
    int64_t in_day[FIGURE_DAYS], in[FIGURE_DAYS], out_day[FIGURE_DAYS], out[FIGURE_DAYS];
    size_t n_in = 0, n_out = 0, i = 0, o = 0, at = 2 * FIGURE_DAYS;
    struct day_figures *days = arena_array(a, at, sizeof *days);
    enum status st = days ? days_of(db, BY_DAY("created_at"), interview, in_day, in, &n_in, err) : arena_exhausted(err);
    if (st == STATUS_OK)
        st = days_of(db, BY_DAY("completed_at"), interview, out_day, out, &n_out, err);
    if (st != STATUS_OK)
        return st;
    while (i < n_in || o < n_out) {
        int64_t day = i < n_in && (o == n_out || in_day[i] >= out_day[o]) ? in_day[i] : out_day[o];
        struct day_figures *d = &days[--at];
        d->day = day;
        d->registered = i < n_in && in_day[i] == day ? in[i++] : 0;
        d->completed = o < n_out && out_day[o] == day ? out[o++] : 0;
    }
    size_t n = 2 * FIGURE_DAYS - at, newest = n > FIGURE_DAYS ? FIGURE_DAYS : n;
    *ret = (struct list){days + 2 * FIGURE_DAYS - newest, newest};
    return STATUS_OK;
}

/* ---------------------------------------------------------------------------------------------------------------------
 * answers */

static enum status next_answer(struct db_stmt *q, struct arena *a, figures_answer *f, void *u, struct error *err)
{
    arena_reset(a);
    const struct answer_figures x = {
        .question_text = db_text(q, 0, a), .position = db_int(q, 1), .score = query_number(q, 2)};
    return x.question_text ? f(u, &x, err) : arena_exhausted(err);
}

/* Out of the answers' own rows: reading every report for it took seconds where thousands were interviewed. */
enum status figures_answers(struct db *db, struct id interview, figures_answer *f, void *u, struct error *err)
{
    cleanup(arena_freep) struct arena *a = arena_new(ROW_ARENA);
    QUERY(q);
    bool row = false;
    enum status st =
        a ? db_prepare(db,
                       "SELECT p.question_text, p.position, p.score FROM interview_sessions s JOIN reports "
                       "r ON r.session_id = s.id JOIN responses p ON p.session_id = s.id WHERE "
                       "s.interview_id = ? AND s.preview = 0 AND r.version > 0 ORDER BY s.id, p.position",
                       &q, err)
          : arena_exhausted(err);
    if (st != STATUS_OK)
        return st;
    db_bind_id(q, 1, interview);
    while (st == STATUS_OK && (st = db_step(q, &row, err)) == STATUS_OK && row)
        st = next_answer(q, a, f, u, err);
    return st;
}

/* ---------------------------------------------------------------------------------------------------------------------
 * sessions */

static enum status word(struct db_stmt *q, int column, const struct choice *choices, int fallback, struct arena *a,
                        int *ret, struct error *err)
{
    const char *text = db_text(q, column, a);
    *ret = text ? choice_index(choices, text) : fallback;
    return *ret >= 0 ? STATUS_OK
                     : error_set(err, STATUS_INTERNAL, "database_error", NULL, "A stored status is not valid.");
}

/* Of each question only what a table has: the rest of a report is long. */
static enum status read_question(const struct json_val *v, struct arena *a, struct report_question *ret,
                                 struct error *err)
{
    const char *competency = arena_strdup(a, json_get_string(v, "competency", ""));
    const int abstained =
        choice_index(report_abstained_choices, json_get_string(v, "abstained", report_abstained_choices[0].value));
    *ret = (struct report_question){.position = json_get_int(v, "position", 0),
                                    .score = json_get_number(v, "score", NAN),
                                    .abstained = abstained < 0 ? ABSTAINED_NOT : abstained,
                                    .competency = competency};
    if (!competency)
        return arena_exhausted(err);
    return id_parse(json_get_string(v, "answer_id", ""), &ret->answer_id)
               ? STATUS_OK
               : error_set(err, STATUS_INTERNAL, "database_error", NULL, "A stored report is not valid.");
}

static enum status read_questions(const char *text, struct arena *a, struct list *ret, struct error *err)
{
    cleanup(json_doc_freep) struct json_doc *doc = NULL;
    enum status st = json_parse(text, strlen(text), &doc, err);
    if (st != STATUS_OK)
        return st;
    const size_t n = json_len(json_root(doc));
    struct report_question *q = arena_array(a, n + 1, sizeof *q);
    if (!q)
        return arena_exhausted(err);
    for (size_t i = 0; st == STATUS_OK && i < n; i++)
        st = read_question(json_at(json_root(doc), i), a, &q[i], err);
    if (st == STATUS_OK)
        *ret = (struct list){q, n};
    return st;
}

static enum status read_weights_set(const char *text, bool *ret, struct error *err)
{
    cleanup(json_doc_freep) struct json_doc *doc = NULL;
    enum status st = json_parse(text, strlen(text), &doc, err);
    if (st == STATUS_OK)
        *ret = json_get_bool(json_root(doc), "weights_set", false);
    return st;
}

static enum status read_report(struct db_stmt *q, struct arena *a, struct session_figures *r, struct error *err)
{
    const char *outcome = db_is_null(q, 16) ? NULL : db_text(q, 16, a), *json = db_text(q, 11, a);
    const int k = outcome ? choice_index(sign_off_outcome_choices, outcome) : OUTCOME_NONE;
    r->view.overall_score = query_number(q, 10);
    const char *content = db_is_null(q, 13) ? "{}" : db_text(q, 13, a);
    r->report_version = db_int(q, 14);
    r->scorer_version = db_text(q, 15, a);
    r->outcome = k < 0 ? OUTCOME_NONE : k;
    r->signed_version = db_int(q, 17);
    if (!json || !r->scorer_version || !content)
        return arena_exhausted(err);
    enum status st = read_weights_set(content, &r->weights_set, err);
    return st == STATUS_OK ? read_questions(json, a, &r->questions, err) : st;
}

static enum status read_row(struct db_stmt *q, struct arena *a, struct session_figures *r, struct error *err)
{
    struct candidate *c = arena_new_of(a, struct candidate);
    if (!c)
        return arena_exhausted(err);
    *r = (struct session_figures){.view = {.id = db_id(q, 0),
                                           .candidate = c,
                                           .created_at = db_int(q, 5),
                                           .started_at = db_int(q, 6),
                                           .completed_at = db_int(q, 7),
                                           .answered_count = db_int(q, 8),
                                           .overall_score = NAN},
                                  .scorer_version = "",
                                  .partial = db_int(q, 12) != 0,
                                  .left = db_int(q, 18),
                                  .pasted = db_int(q, 19),
                                  .second_voice = db_int(q, 20)};
    c->id = db_id(q, 1);
    c->full_name = db_text(q, 2, a);
    c->email = db_text(q, 3, a);
    if (!c->full_name || !c->email)
        return arena_exhausted(err);
    enum status st = word(q, 4, session_status_choices, -1, a, &r->view.status, err);
    if (st == STATUS_OK)
        st = word(q, 9, session_report_choices, SESSION_REPORT_NONE, a, &r->view.report_status, err);
    if (st != STATUS_OK || r->view.report_status != SESSION_REPORT_READY)
        return st;
    return read_report(q, a, r, err);
}

#define NOTED(kind) "(SELECT COUNT(*) FROM session_events e WHERE e.session_id = s.id AND e.kind = '" kind "')"

enum status figures_sessions(struct db *db, struct id interview, figures_row *f, void *u, struct error *err)
{
    cleanup(arena_freep) struct arena *a = arena_new(ROW_ARENA);
    QUERY(q);
    bool row = false;
    enum status st =
        a ? db_prepare(db,
                       "SELECT s.id, c.id, c.full_name, c.email, s.status, s.created_at, s.started_at, s.completed_at, "
                       "(SELECT COUNT(*) FROM responses p WHERE p.session_id = s.id AND p.status = 'ended'), r.status, "
                       "r.overall_score, r.questions, s.partial, r.content, r.version, r.scorer_version, d.outcome, "
                       "d.version, " NOTED("tab_hidden") ", " NOTED("pasted") ", " NOTED(
                           "second_voice") " FROM "
                                           "interview_sessions s JOIN candidates c ON c.id = s.candidate_id LEFT JOIN "
                                           "reports r ON "
                                           "r.session_id = s.id LEFT JOIN report_sign_offs d ON d.report_id = r.id AND "
                                           "d.withdrawn_at IS "
                                           "NULL WHERE s.interview_id = ? AND s.preview = 0 ORDER BY s.id",
                       &q, err)
          : arena_exhausted(err);
    if (st != STATUS_OK)
        return st;
    db_bind_id(q, 1, interview);
    while ((st = db_step(q, &row, err)) == STATUS_OK && row) {
        struct session_figures r;
        st = read_row(q, a, &r, err);
        if (st == STATUS_OK)
            st = f(u, &r, err);
        if (st != STATUS_OK)
            return st;
        arena_reset(a);
    }
    return st;
}
