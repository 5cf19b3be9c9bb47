/* An interview's reports as a table (interview_figures.h). */
#include "services/interview_figures.h"

#include "base/cleanup.h"
#include "base/csv.h"
#include "models/interview.h"
#include "repositories/competency_repository.h"
#include "repositories/figures_repository.h"
#include "repositories/report_figures_repository.h"
#include "services/access.h"
#include "services/audit.h"
#include "services/report_competency.h"

#include <math.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#define EXPORT_ARENA     (64u << 20)
#define COMPETENCY_NAMES 60

/* A row that is written but for the competencies that later rows bring. */
struct written {
    size_t end;
    size_t names; /* that it has columns of */
};

struct table {
    struct csv csv; /* of the rows */
    struct written *written;
    size_t n_written, room;
    struct list levels;  /* struct set_level: all of the interview, by answer */
    struct list weights; /* struct competency_weight */
    const char *names[COMPETENCY_NAMES];
    size_t n_names;
    struct arena *a, *row; /* row: of one row */
};

/* ---------------------------------------------------------------------------------------------------------------------
 * which competencies there are: by the rows so far, in whose order they come */

static size_t name_index(const struct table *t, const char *name)
{
    size_t k = 0;
    while (k < t->n_names && strcasecmp(t->names[k], name))
        k++;
    return k;
}

static enum status add_names(struct table *t, const struct session_figures *row, struct error *err)
{
    const struct report_question *q = row->questions.items;
    for (size_t i = 0; i < row->questions.count; i++) {
        if (!q[i].competency || !*q[i].competency || name_index(t, q[i].competency) < t->n_names ||
            t->n_names == COMPETENCY_NAMES)
            continue;
        if (!(t->names[t->n_names] = arena_strdup(t->a, q[i].competency)))
            return arena_exhausted(err);
        t->n_names++;
    }
    return STATUS_OK;
}

static void write_head(const struct table *t, struct csv *c)
{
    static const char *const before[] = {"session_id",    "full_name",     "email",        "status",
                                         "registered_at", "started_at",    "completed_at", "duration_s",
                                         "answered",      "report_status", "overall_score"};
    static const char *const of_question[] = {"score", "level", "flag"};
    static const char *const between[] = {"people_overall", "sign_off",       "sign_off_version",
                                          "report_version", "scorer_version", "partial",
                                          "window_left",    "text_pasted",    "second_voice"};
    char name[32];
    for (size_t k = 0; k < sizeof before / sizeof before[0]; k++)
        csv_text(c, before[k]);
    for (int what = 0; what < 3; what++)
        for (int k = 1; k <= QUESTIONS_MAX; k++) {
            snprintf(name, sizeof name, "question_%d_%s", k, of_question[what]);
            csv_text(c, name);
        }
    for (size_t k = 0; k < sizeof between / sizeof between[0]; k++)
        csv_text(c, between[k]);
    for (size_t k = 0; k < t->n_names; k++) { /* a name may be what a spreadsheet would run */
        csv_text(c, t->names[k]);
        csv_text(c, arena_printf(t->a, "%s (people)", t->names[k]));
    }
    csv_row_end(c);
}

/* ---------------------------------------------------------------------------------------------------------------------
 * a row */

/* The level that stands: the last of the answer's. */
static double level_of(const struct table *t, struct id answer)
{
    const struct set_level *x = t->levels.items;
    size_t low = 0, high = t->levels.count; /* the first that comes after the answer */
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (memcmp(&x[middle].answer_id, &answer, sizeof answer) > 0)
            high = middle;
        else
            low = middle + 1;
    }
    return low > 0 && id_equal(x[low - 1].answer_id, answer) ? x[low - 1].level : NAN;
}

/* A report's questions with people's levels, and what competencies make of both. */
struct scores {
    const struct report_question *at[QUESTIONS_MAX + 1]; /* by position */
    double level[QUESTIONS_MAX + 1];
    struct list machine, people; /* struct report_competency */
    double overall, people_overall;
    bool any_level;
};

static enum status read_scores(struct table *t, const struct session_figures *row, struct scores *s, struct error *err)
{
    const struct report_question *q = row->questions.items;
    const struct list none = {0}, *weights = row->weights_set ? &t->weights : &none;
    double *levels = arena_array(t->row, row->questions.count + 1, sizeof *levels);
    enum status st = levels ? STATUS_OK : arena_exhausted(err);
    for (int k = 0; k <= QUESTIONS_MAX; k++)
        s->level[k] = NAN;
    for (size_t i = 0; st == STATUS_OK && i < row->questions.count; i++) {
        levels[i] = level_of(t, q[i].answer_id);
        s->any_level = s->any_level || isfinite(levels[i]);
        if (q[i].position < 1 || q[i].position > QUESTIONS_MAX)
            continue;
        s->at[q[i].position] = &q[i];
        s->level[q[i].position] = levels[i];
    }
    if (st == STATUS_OK)
        st = competencies_of(&row->questions, NULL, weights, t->row, &s->machine, &s->overall, err);
    return st == STATUS_OK
               ? competencies_of(&row->questions, levels, weights, t->row, &s->people, &s->people_overall, err)
               : st;
}

static void write_session(struct csv *c, const struct session_view *v)
{
    char id[ID_TEXT_SIZE];
    const bool over = v->started_at && v->completed_at;
    id_format(v->id, id);
    csv_text(c, id);
    csv_text(c, v->candidate->full_name);
    csv_text(c, v->candidate->email);
    csv_text(c, choice_value(session_status_choices, v->status));
    csv_time(c, v->created_at);
    csv_time(c, v->started_at);
    csv_time(c, v->completed_at);
    csv_number(c, over ? (double)(v->completed_at - v->started_at) / 1000 : NAN);
    csv_int(c, v->answered_count);
    csv_text(c, choice_value(session_report_choices, v->report_status));
    csv_number(c, v->overall_score);
}

static void write_questions(struct csv *c, const struct scores *s)
{
    for (int k = 1; k <= QUESTIONS_MAX; k++)
        csv_number(c, s->at[k] ? s->at[k]->score : NAN);
    for (int k = 1; k <= QUESTIONS_MAX; k++)
        csv_number(c, s->level[k]);
    for (int k = 1; k <= QUESTIONS_MAX; k++)
        csv_text(c, s->at[k] && s->at[k]->abstained != ABSTAINED_NOT
                        ? choice_value(report_abstained_choices, s->at[k]->abstained)
                        : NULL);
}

static void write_around(struct csv *c, const struct session_figures *row, const struct scores *s)
{
    csv_number(c, s->any_level ? s->people_overall : NAN);
    csv_text(c, row->signed_version ? choice_value(sign_off_outcome_choices, row->outcome) : NULL);
    csv_number(c, row->signed_version ? (double)row->signed_version : NAN);
    csv_number(c, row->report_version ? (double)row->report_version : NAN);
    csv_text(c, row->scorer_version);
    csv_text(c, row->partial ? "true" : "false");
    csv_int(c, row->left);
    csv_int(c, row->pasted);
    csv_int(c, row->second_voice);
}

static double score_of(const struct list *competencies, const char *name)
{
    const struct report_competency *c = competencies->items;
    for (size_t i = 0; i < competencies->count; i++)
        if (!strcasecmp(c[i].name, name))
            return c[i].score;
    return NAN;
}

static enum status too_much(struct error *err)
{
    return error_set(err, STATUS_TOO_LARGE, "export_too_large", NULL, "There is too much for one file");
}

/* Doubles in the arena: what is left behind is at most as much again. */
static enum status note_written(struct table *t, struct error *err)
{
    if (t->n_written == t->room) {
        const size_t room = t->room ? 2 * t->room : 64;
        struct written *all = arena_array(t->a, room, sizeof *all);
        if (!all)
            return arena_exhausted(err);
        if (t->n_written)
            memcpy(all, t->written, t->n_written * sizeof *all);
        t->written = all;
        t->room = room;
    }
    t->written[t->n_written++] = (struct written){t->csv.out->len, t->n_names};
    return STATUS_OK;
}

static enum status write_row(void *u, const struct session_figures *row, struct error *err)
{
    struct table *t = u;
    struct scores s = {0};
    arena_reset(t->row);
    enum status st = add_names(t, row, err);
    if (st == STATUS_OK)
        st = read_scores(t, row, &s, err);
    if (st != STATUS_OK)
        return st;
    write_session(&t->csv, &row->view);
    write_questions(&t->csv, &s);
    write_around(&t->csv, row, &s);
    for (size_t k = 0; k < t->n_names; k++) {
        csv_number(&t->csv, score_of(&s.machine, t->names[k]));
        csv_number(&t->csv, s.any_level ? score_of(&s.people, t->names[k]) : NAN);
    }
    t->csv.began = false;
    return buf_ok(t->csv.out) ? note_written(t, err) : too_much(err);
}

/* The head, then the rows, each with empty columns for the competencies that came after it. */
static enum status put_together(const struct table *t, struct buf *out, struct error *err)
{
    struct csv c;
    size_t from = 0;
    csv_init(&c, out);
    write_head(t, &c);
    for (size_t i = 0; i < t->n_written; i++) {
        const struct written *w = &t->written[i];
        buf_append(out, t->csv.out->data + from, w->end - from);
        for (size_t k = w->names; k < t->n_names; k++)
            buf_str(out, ",,");
        csv_row_end(&c);
        from = w->end;
    }
    return buf_ok(out) ? STATUS_OK : too_much(err);
}

static enum status write_table(struct services *s, struct id interview, struct table *t, struct buf *out,
                               struct error *err)
{
    struct report_filter f = REPORT_FILTER_ANY;
    f.interview_id = interview;
    enum status st = figures_levels(s->db, &f, t->a, &t->levels, err);
    if (st == STATUS_OK)
        st = competency_weights(s->db, interview, t->a, &t->weights, err);
    if (st == STATUS_OK)
        st = figures_sessions(s->db, interview, write_row, t, err);
    return st == STATUS_OK ? put_together(t, out, err) : st;
}

/* Not in one transaction: it would keep candidates waiting while a long table is written. */
enum status interview_export(struct services *s, struct actor who, struct id interview, struct buf *out,
                             struct error *err)
{
    cleanup(arena_freep) struct arena *a = arena_new(EXPORT_ARENA);
    cleanup(arena_freep) struct arena *row = arena_new(EXPORT_ARENA);
    const struct audit_event e = {"interview.export", "interview", interview, "{\"format\":\"csv\"}"};
    cleanup(buf_free) struct buf rows;
    buf_init(&rows, out->max);
    struct table t = {.csv = {.out = &rows}, .a = a, .row = row};
    enum status st = a && row ? access_interview(s, who, interview, ACCESS_READ, err) : arena_exhausted(err);
    if (st == STATUS_OK)
        st = audit_record(s, who, &e, err);
    return st == STATUS_OK ? write_table(s, interview, &t, out, err) : st;
}
