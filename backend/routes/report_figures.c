/* Figures over many reports: drift, agreement, adverse impact. */
#include "models/report_figures.h"

#include "base/cleanup.h"
#include "models/adverse_impact.h"
#include "routes/filters.h"
#include "services/adverse_impact.h"
#include "services/report_figures.h"

#define CSV_MAX (1u << 20)

static enum status drift(struct request *rq, struct response *rs, struct error *err)
{
    struct report_filter f = REPORT_FILTER_ANY;
    struct score_drift *d = NULL;
    int period = -1;
    enum status st = route_report_filter(rq, &f, err);
    if (st == STATUS_OK)
        st = route_choice(rq, "period", drift_period_choices, &period, err);
    if (st == STATUS_OK)
        st = report_service_drift(route_services(rq), route_actor(rq), &f, period < 0 ? DRIFT_MONTH : period, rq->arena,
                                  &d, err);
    return st == STATUS_OK ? response_object(rs, &score_drift_model, d, err) : st;
}

static enum status agreement(struct request *rq, struct response *rs, struct error *err)
{
    struct report_filter f = REPORT_FILTER_ANY;
    struct level_agreement *l = NULL;
    enum status st = route_report_filter(rq, &f, err);
    if (st == STATUS_OK)
        st = report_service_agreement(route_services(rq), route_actor(rq), &f, rq->arena, &l, err);
    return st == STATUS_OK ? response_object(rs, &level_agreement_model, l, err) : st;
}

/* ---------------------------------------------------------------------------------------------------------------------
 * adverse impact */

static enum status find_impact(struct request *rq, const char *format, struct adverse_impact **ret, struct error *err)
{
    struct impact_query q = {0};
    int basis = -1;
    enum status st = *request_param(rq, "id") ? request_param_id(rq, "id", &q.interview, err) : STATUS_OK;
    if (st == STATUS_OK)
        st = route_choice(rq, "basis", impact_basis_choices, &basis, err);
    if (st == STATUS_OK)
        st = route_real(rq, "threshold", 1, 5, &q.threshold, err);
    if (st == STATUS_OK)
        st = route_time(rq, "from", &q.from, err);
    if (st == STATUS_OK)
        st = route_time(rq, "to", &q.to, err);
    q.basis = basis < 0 ? IMPACT_DECISION : basis;
    return st == STATUS_OK ? adverse_impact_get(route_services(rq), route_actor(rq), &q, format, rq->arena, ret, err)
                           : st;
}

static enum status impact(struct request *rq, struct response *rs, struct error *err)
{
    struct adverse_impact *x = NULL;
    enum status st = find_impact(rq, "json", &x, err);
    return st == STATUS_OK ? response_object(rs, &adverse_impact_model, x, err) : st;
}

static enum status impact_csv(struct request *rq, struct response *rs, struct error *err)
{
    cleanup(buf_free) struct buf b;
    struct adverse_impact *x = NULL;
    buf_init(&b, CSV_MAX);
    enum status st = find_impact(rq, "csv", &x, err);
    if (st != STATUS_OK)
        return st;
    adverse_impact_csv(x, &b);
    if (!buf_ok(&b))
        return arena_exhausted(err);
    st = response_raw(rs, "text/csv; charset=utf-8", buf_cstr(&b), b.len, err);
    response_download(rs, "adverse-impact.csv");
    return st;
}

static const struct query_param drift_query[] = {
    QUERY_REPORTS, {"period", "string", "month unless given.", .choices = drift_period_choices}, QUERY_END};
static const struct query_param agreement_query[] = {QUERY_REPORTS, QUERY_END};
static const struct query_param impact_query[] = {
    {"basis", "string", "Who counts as selected: decision unless given.", .choices = impact_basis_choices},
    {"threshold", "number", "With basis=score: the overall score from which; 3 unless given.", "3.5", .min = 1,
     .max = 5},
    {"from", "date-time", "Finished (basis=score) or decided on (basis=decision) from then on."},
    {"to", "date-time", "Before then."},
    QUERY_END};

#define BASE       "/api/v1/reports"
#define ONE        "/api/v1/interviews/{id}"
#define IMPACT_CSV "category,group,label,withheld,n,selected\r\n"

const struct route report_figure_routes[] = {
    {HTTP_GET, BASE "/drift", ACCESS_USER, .reply = &score_drift_model, .query = drift_query, .handler = drift,
     .tag = "reports",
     .doc = "How scores move over time, each version of the scorer by itself, and whether that is more than chance."},
    {HTTP_GET, BASE "/agreement", ACCESS_USER, .reply = &level_agreement_model, .query = agreement_query,
     .handler = agreement, .tag = "reports",
     .doc = "How well people's levels agree with the machine's and with each other's."},
    {HTTP_GET, BASE "/adverse-impact", ACCESS_STAFF, .reply = &adverse_impact_model, .query = impact_query,
     .rate = RATE_HEAVY, .handler = impact, .tag = "reports",
     .doc = "Adverse impact over all interviews that the caller owns, an administrator's: all."},
    {HTTP_GET, BASE "/adverse-impact.csv", ACCESS_STAFF, .reply_media = "text/csv", .query = impact_query,
     .reply_example = IMPACT_CSV, .rate = RATE_HEAVY, .handler = impact_csv, .tag = "reports",
     .doc = "The same as a CSV file, a row for each group."},
    {HTTP_GET, ONE "/adverse-impact", ACCESS_STAFF, .reply = &adverse_impact_model, .query = impact_query,
     .rate = RATE_HEAVY, .handler = impact, .tag = "interviews",
     .doc = "Selection and scoring by what candidates said of themselves of their own will: rates, ratios to the "
            "highest (four-fifths rule), intervals. Small groups are withheld. For the interview's owner and "
            "administrators; each look is recorded."},
    {HTTP_GET, ONE "/adverse-impact.csv", ACCESS_STAFF, .reply_media = "text/csv", .query = impact_query,
     .reply_example = IMPACT_CSV, .rate = RATE_HEAVY, .handler = impact_csv, .tag = "interviews",
     .doc = "The same as a CSV file, a row for each group."},
    ROUTES_END,
};
