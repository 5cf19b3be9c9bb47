#include "services/interview_figures.h"

#include "models/interview.h"
#include "repositories/figures_repository.h"
#include "repositories/report_repository.h"
#include "services/access.h"

#include <math.h>
#include <string.h>

struct gathering {
    struct interview_figures *f;
    struct score_band *bands;
    struct question_figures *questions;
    size_t n_questions;
    double question_sum[FIGURE_WORDING];
    struct arena *a;
};

/* scores: ascending. */
static void add_scores(struct gathering *g, const struct list *scores)
{
    const double *v = scores->items;
    const size_t n = scores->count;
    double sum = 0;
    for (size_t i = 0; i < n; i++) {
        int k = (int)((v[i] - 1) * 2);
        g->bands[k >= SCORE_BANDS ? SCORE_BANDS - 1 : k].count++;
        sum += v[i];
    }
    g->f->scored = (int64_t)n;
    g->f->average_score = n ? sum / (double)n : NAN;
    g->f->lowest_score = n ? v[0] : NAN;
    g->f->highest_score = n ? v[n - 1] : NAN;
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

static enum status add_answer(void *u, const struct answer_figures *answer, struct error *err)
{
    struct gathering *g = u;
    size_t at = 0;
    struct question_figures *x = wording(g, answer->question_text, &at);
    (void)err;
    if (!x)
        return STATUS_OK;
    x->position = answer->position;
    x->answered++;
    if (isfinite(answer->score)) {
        x->scored++;
        g->question_sum[at] += answer->score;
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
    struct list scores = {0};
    struct gathering g = {.f = f,
                          .bands = arena_array(a, SCORE_BANDS, sizeof *g.bands),
                          .questions = arena_array(a, FIGURE_WORDING, sizeof *g.questions),
                          .a = a};
    if (!g.bands || !g.questions)
        return arena_exhausted(err);
    for (int k = 0; k < SCORE_BANDS; k++) {
        g.bands[k].from = 1 + k * 0.5;
        g.bands[k].to = 1.5 + k * 0.5;
    }
    enum status st = report_scores(s->db, interview, a, &scores, err);
    if (st == STATUS_OK)
        st = figures_answers(s->db, interview, add_answer, &g, err);
    add_scores(&g, &scores);
    for (size_t k = 0; k < g.n_questions; k++)
        g.questions[k].average_score = g.questions[k].scored ? g.question_sum[k] / (double)g.questions[k].scored : NAN;
    f->score_distribution = (struct list){g.bands, SCORE_BANDS};
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
