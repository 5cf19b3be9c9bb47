#include "services/adverse_impact.h"

#include "base/cleanup.h"
#include "base/csv.h"
#include "services/access.h"
#include "services/audit.h"
#include "services/settings.h"

#define PEOPLE_ARENA (64u << 20) /* more than IMPACT_PEOPLE_MAX take */

static enum status record(struct services *s, struct actor who, const struct impact_query *q, const char *format,
                          struct arena *a, struct error *err)
{
    struct audit_event e = {"adverse_impact.export", "interview", q->interview, NULL};
    e.details =
        arena_printf(a, "{\"format\":\"%s\",\"basis\":\"%s\"}", format, choice_value(impact_basis_choices, q->basis));
    if (id_is_zero(q->interview))
        e.subject_kind = NULL;
    return e.details ? audit_record(s, who, &e, err) : arena_exhausted(err);
}

enum status adverse_impact_get(struct services *s, struct actor who, const struct impact_query *q, const char *format,
                               struct arena *a, struct adverse_impact **ret, struct error *err)
{
    cleanup(arena_freep) struct arena *own = arena_new(PEOPLE_ARENA);
    struct settings *settings = NULL;
    struct list people = {0};
    struct adverse_impact *x = arena_new_of(a, struct adverse_impact);
    const bool one = !id_is_zero(q->interview);
    const struct id owner = one || who.is_admin ? (struct id){0} : who.user_id;
    enum status st = x && own ? STATUS_OK : arena_exhausted(err);
    if (st == STATUS_OK && one)
        st = access_interview(s, who, q->interview, ACCESS_CHANGE, err);
    if (st == STATUS_OK)
        st = settings_get(s, a, &settings, err);
    if (st == STATUS_OK)
        st = record(s, who, q, format, a, err); /* before anything is shown */
    if (st == STATUS_OK)
        st = impact_people(s->db, q->interview, owner, own, &people, err);
    if (st == STATUS_OK)
        st = impact_figures(q, settings->small_group_min, &people, a, x, err);
    if (st != STATUS_OK)
        return st;
    x->at = clock_unix_ms(s->clock);
    *ret = x;
    return STATUS_OK;
}

/* ---------------------------------------------------------------------------------------------------------------------
 * as a table */

static void write_head(struct csv *c)
{
    static const char *const names[] = {"category",
                                        "group",
                                        "label",
                                        "withheld",
                                        "n",
                                        "selected",
                                        "selection_rate",
                                        "rate_low",
                                        "rate_high",
                                        "impact_ratio",
                                        "ratio_low",
                                        "ratio_high",
                                        "mean_score",
                                        "above_median",
                                        "scoring_rate",
                                        "scoring_ratio",
                                        "remark",
                                        "basis",
                                        "threshold",
                                        "from",
                                        "to",
                                        "people",
                                        "selected_of_all",
                                        "median",
                                        "small_group_min",
                                        "at"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        csv_text(c, names[i]);
    csv_row_end(c);
}

static void write_group(struct csv *c, const struct adverse_impact *x, const struct impact_category *category,
                        const struct impact_group *g)
{
    const double numbers[] = {g->n,          g->selected,     g->selection_rate, g->rate_low,
                              g->rate_high,  g->impact_ratio, g->ratio_low,      g->ratio_high,
                              g->mean_score, g->above_median, g->scoring_rate,   g->scoring_ratio};
    csv_text(c, category->category);
    csv_text(c, g->value);
    csv_text(c, g->label);
    csv_text(c, choice_value(impact_withheld_choices, g->withheld));
    for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++)
        csv_number(c, numbers[i]);
    csv_text(c, g->remark);
    csv_text(c, choice_value(impact_basis_choices, x->basis));
    csv_number(c, x->threshold);
    csv_time(c, x->from);
    csv_time(c, x->to);
    csv_int(c, x->people);
    csv_int(c, x->selected);
    csv_number(c, x->median);
    csv_int(c, x->small_group_min);
    csv_time(c, x->at);
    csv_row_end(c);
}

void adverse_impact_csv(const struct adverse_impact *x, struct buf *out)
{
    struct csv c;
    const struct impact_category *category = x->categories.items;
    csv_init(&c, out);
    write_head(&c);
    for (size_t i = 0; i < x->categories.count; i++) {
        const struct impact_group *g = category[i].groups.items;
        for (size_t k = 0; k < category[i].groups.count; k++)
            write_group(&c, x, &category[i], &g[k]);
    }
}
