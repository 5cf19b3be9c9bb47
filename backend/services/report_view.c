#include "services/report_view.h"

#include "repositories/assess_repository.h"
#include "repositories/competency_repository.h"
#include "repositories/event_repository.h"
#include "repositories/report_repository.h"
#include "repositories/session_repository.h"
#include "services/figures_math.h"
#include "services/report_competency.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

#define PERCENTILE_FROM 10 /* candidates; of fewer it would say more than is known */

/* ---------------------------------------------------------------------------------------------------------------------
 * people's levels */

/* Of a history the last of each answer, in the order of the questions, without those that were taken back. levels: of
 * each question. */
static void standing(const struct list *history, const struct list *questions, struct list *ret, double *levels)
{
    const struct score_override *o = history->items;
    const struct report_question *q = questions->items;
    struct score_override *out = ret->items;
    for (size_t i = 0; i < questions->count; i++) {
        const struct score_override *last = NULL;
        for (size_t k = 0; k < history->count; k++)
            if (id_equal(o[k].answer_id, q[i].answer_id))
                last = &o[k];
        levels[i] = last ? last->level : NAN;
        if (isfinite(levels[i]))
            out[ret->count++] = *last;
    }
}

/* The weights that the report was made with: shares of whole competencies, 0 for those without a score then. */
static enum status weights_of(struct services *s, const struct report *r, struct arena *a, struct list *ret,
                              struct error *err)
{
    struct session *session = NULL;
    if (!r->content || !r->content->weights_set)
        return STATUS_OK;
    enum status st = session_find(s->db, r->session_id, a, &session, err);
    return st == STATUS_OK ? competency_weights(s->db, session->interview_id, a, ret, err) : st;
}

enum status report_view_human(struct services *s, const struct report *r, struct arena *a, struct report_human **ret,
                              struct error *err)
{
    struct report_human *h = arena_new_of(a, struct report_human);
    struct list history = {0}, weights = {0};
    double *levels = arena_array(a, r->questions.count + 1, sizeof *levels);
    enum status st = h && levels ? override_list(s->db, r->id, r->version, a, &history, err) : arena_exhausted(err);
    if (st == STATUS_OK &&
        !(h->overrides.items = arena_array(a, r->questions.count + 1, sizeof(struct score_override))))
        st = arena_exhausted(err);
    if (st != STATUS_OK)
        return st;
    standing(&history, &r->questions, &h->overrides, levels);
    if (h->overrides.count == 0) {
        *ret = NULL;
        return STATUS_OK;
    }
    st = weights_of(s, r, a, &weights, err);
    if (st == STATUS_OK)
        st = competencies_of(&r->questions, levels, &weights, a, &h->competencies, &h->overall_score, err);
    if (st == STATUS_OK)
        *ret = h;
    return st;
}

/* ---------------------------------------------------------------------------------------------------------------------
 * sign-off */

static enum status fill_sign_off(struct services *s, struct report *r, struct arena *a, struct error *err)
{
    struct report_sign_off *x = NULL;
    enum status st = sign_off_find(s->db, r->id, a, &x, err);
    if (st == STATUS_NOT_FOUND)
        return STATUS_OK;
    if (st != STATUS_OK)
        return st;
    x->current = x->version == r->latest_version;
    x->statement = x->current
                       ? arena_printf(a, "Signed off on version %" PRId64 ".", x->version)
                       : arena_printf(a, "Signed off on version %" PRId64 "; version %" PRId64 " was made since.",
                                      x->version, r->latest_version);
    r->sign_off = x;
    return x->statement ? STATUS_OK : arena_exhausted(err);
}

/* ---------------------------------------------------------------------------------------------------------------------
 * comparison */

static const char *ordinal(int64_t n, struct arena *a)
{
    static const char *const words[] = {"First", "Second", "Third", "Fourth", "Fifth"};
    const int64_t tens = n % 100, ones = n % 10;
    if (n <= 5)
        return words[n - 1];
    return arena_printf(a, "%" PRId64 "%s", n,
                        tens >= 11 && tens <= 13 ? "th"
                        : ones == 1              ? "st"
                        : ones == 2              ? "nd"
                        : ones == 3              ? "rd"
                                                 : "th");
}

enum status comparison_of(double own, const struct list *scores, struct arena *a, struct report_comparison **ret,
                          struct error *err)
{
    const double *v = scores->items;
    const size_t n = scores->count;
    size_t above = 0, below = 0;
    *ret = NULL;
    if (!isfinite(own) || n < 2)
        return STATUS_OK;
    for (size_t i = 0; i < n; i++) {
        above += v[i] > own;
        below += v[i] < own;
    }
    struct report_comparison *c = arena_new_of(a, struct report_comparison);
    if (!c)
        return arena_exhausted(err);
    *c = (struct report_comparison){.candidates = (int64_t)n,
                                    .rank = (int64_t)above + 1,
                                    .median = round(median_of(v, n) * 100) / 100,
                                    .min = v[0],
                                    .max = v[n - 1],
                                    .percentile =
                                        n >= PERCENTILE_FROM ? round(100 * (double)below / (double)(n - 1)) : NAN};
    const char *place = ordinal(c->rank, a);
    const char *more =
        isnan(c->percentile) ? "" : arena_printf(a, " %.0f %% of the others scored lower.", c->percentile);
    const char *same = n - above - below > 1 ? ", with the same score as others" : "";
    c->statement =
        place && more ? arena_printf(a, "%s of %zu candidates with a score%s; the median is %.1f, from %.1f to %.1f.%s",
                                     place, n, same, c->median, c->min, c->max, more)
                      : NULL;
    *ret = c;
    return c->statement ? STATUS_OK : arena_exhausted(err);
}

/* ---------------------------------------------------------------------------------------------------------------------
 * all of it */

static enum status fill_around(struct services *s, struct report *r, struct arena *a, struct error *err)
{
    struct session *session = NULL;
    struct list events = {0}, answers = {0}, scores = {0};
    enum status st = session_find(s->db, r->session_id, a, &session, err);
    if (st == STATUS_OK)
        st = event_list(s->db, r->session_id, a, &events, err);
    if (st == STATUS_OK)
        st = answer_list(s->db, r->session_id, a, &answers, err);
    if (st == STATUS_OK)
        st = integrity_of(&events, &answers, a, &r->integrity, err);
    if (st == STATUS_OK && !session->preview && isfinite(r->overall_score))
        st = report_scores(s->db, session->interview_id, a, &scores, err);
    return st == STATUS_OK ? comparison_of(r->overall_score, &scores, a, &r->comparison, err) : st;
}

enum status report_view_fill(struct services *s, struct report *r, struct arena *a, struct error *err)
{
    enum status st = report_view_human(s, r, a, &r->human, err);
    if (st == STATUS_OK)
        st = fill_sign_off(s, r, a, err);
    return st == STATUS_OK ? fill_around(s, r, a, err) : st;
}
