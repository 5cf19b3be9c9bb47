#include "services/interview_figures.h"

#include "models/interview.h"
#include "models/report.h"
#include "repositories/figures_repository.h"
#include "services/access.h"

#include <math.h>
#include <string.h>

struct gathering {
    struct interview_figures *f;
    struct score_bucket *buckets;
    struct question_figures *questions;
    size_t n_questions;
    double sum;
    double question_sum[FIGURE_WORDING];
    struct arena *a;
};

static void add_score(struct gathering *g, double score)
{
    struct interview_figures *f = g->f;
    if (!isfinite(score))
        return;
    f->lowest_score = f->scored && f->lowest_score < score ? f->lowest_score : score;
    f->highest_score = f->scored && f->highest_score > score ? f->highest_score : score;
    f->scored++;
    g->sum += score;
    int k = (int)((score - 1) * 2);
    g->buckets[k < 0 ? 0 : k >= SCORE_BUCKETS ? SCORE_BUCKETS - 1 : k].count++;
}

/* The entry for this wording; NULL when there are more than there is room for. */
static struct question_figures *wording(struct gathering *g, const char *text, size_t *at)
{
    for (*at = 0; *at < g->n_questions; ++*at)
        if (!strcmp(g->questions[*at].text, text))
            return &g->questions[*at];
    if (g->n_questions == FIGURE_WORDING || !(g->questions[*at].text = arena_strdup(g->a, text)))
        return NULL;
    return &g->questions[g->n_questions++];
}

static enum status add_session(void *u, const struct session_figures *row, struct error *err)
{
    struct gathering *g = u;
    const struct report_question *q = row->questions.items;
    (void)err;
    add_score(g, row->view.overall_score);
    for (size_t k = 0; k < row->questions.count; k++) {
        size_t at = 0;
        struct question_figures *x = wording(g, q[k].question_text, &at);
        if (!x)
            continue;
        x->position = q[k].position;
        x->answered++;
        if (isfinite(q[k].score)) {
            x->scored++;
            g->question_sum[at] += q[k].score;
        }
    }
    return STATUS_OK;
}

static enum status count_sessions(struct services *s, struct id interview, struct interview_figures *f,
                                  struct error *err)
{
    int64_t n[SESSION_STATUSES];
    enum status st = figures_statuses(s->db, interview, n, err);
    if (st != STATUS_OK)
        return st;
    f->registered = n[SESSION_REGISTERED];
    f->in_progress = n[SESSION_IN_PROGRESS];
    f->completed = n[SESSION_COMPLETED];
    f->withdrawn = n[SESSION_WITHDRAWN];
    f->sessions = f->registered + f->in_progress + f->completed + f->withdrawn;
    f->completion_rate = f->sessions ? (double)f->completed / (double)f->sessions : NAN;
    return STATUS_OK;
}

static enum status count_scores(struct services *s, struct id interview, struct interview_figures *f, struct arena *a,
                                struct error *err)
{
    struct gathering g = {.f = f,
                          .buckets = arena_array(a, SCORE_BUCKETS, sizeof *g.buckets),
                          .questions = arena_array(a, FIGURE_WORDING, sizeof *g.questions),
                          .a = a};
    if (!g.buckets || !g.questions)
        return arena_exhausted(err);
    for (int k = 0; k < SCORE_BUCKETS; k++) {
        g.buckets[k].from = 1 + k * 0.5;
        g.buckets[k].to = 1.5 + k * 0.5;
    }
    f->lowest_score = f->highest_score = NAN;
    enum status st = figures_sessions(s->db, interview, add_session, &g, err);
    f->average_score = f->scored ? g.sum / (double)f->scored : NAN;
    for (size_t k = 0; k < g.n_questions; k++)
        g.questions[k].average_score = g.questions[k].scored ? g.question_sum[k] / (double)g.questions[k].scored : NAN;
    f->score_distribution = (struct list){g.buckets, SCORE_BUCKETS};
    f->questions = (struct list){g.questions, g.n_questions};
    return st;
}

enum status interview_figures_get(struct services *s, struct actor who, struct id interview, struct arena *a,
                                  struct interview_figures **ret, struct error *err)
{
    struct interview_figures *f = arena_new_of(a, struct interview_figures);
    double median_ms = NAN;
    enum status st = f ? access_interview(s, who, interview, ACCESS_READ, err) : arena_exhausted(err);
    if (st == STATUS_OK)
        st = count_sessions(s, interview, f, err);
    if (st == STATUS_OK)
        st = count_scores(s, interview, f, a, err);
    if (st == STATUS_OK)
        st = figures_median(s->db, interview, &median_ms, err);
    if (st == STATUS_OK)
        st = figures_days(s->db, interview, a, &f->days, err);
    if (st != STATUS_OK)
        return st;
    f->median_duration_s = median_ms / 1000;
    *ret = f;
    return STATUS_OK;
}
