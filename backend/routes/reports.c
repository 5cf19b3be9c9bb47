#include "base/cleanup.h"
#include "models/report.h"
#include "models/report_export.h"
#include "routes/filters.h"
#include "services/candidate.h"
#include "services/report.h"

#include <stdio.h>

#define EXPORT_MAX  (64u << 20)
#define VERSION_MAX 1000000

static enum status reply(struct response *rs, enum status st, const struct report *r, struct error *err)
{
    return st == STATUS_OK ? response_object(rs, &report_model, r, err) : st;
}

enum status route_report_filter(const struct request *rq, struct report_filter *f, struct error *err)
{
    enum status st = route_id(rq, "interview_id", &f->interview_id, err);
    if (st == STATUS_OK)
        st = route_id(rq, "candidate_id", &f->candidate_id, err);
    if (st == STATUS_OK)
        st = route_id(rq, "session_id", &f->session_id, err);
    if (st == STATUS_OK)
        st = route_choice(rq, "status", report_status_choices, &f->status, err);
    if (st == STATUS_OK)
        st = route_real(rq, "score_min", 1, 5, &f->score_min, err);
    if (st == STATUS_OK)
        st = route_real(rq, "score_max", 1, 5, &f->score_max, err);
    if (st == STATUS_OK)
        st = route_time(rq, "from", &f->from, err);
    return st == STATUS_OK ? route_time(rq, "to", &f->to, err) : st;
}

static enum status read_filter(const struct request *rq, struct report_filter *f, struct error *err)
{
    enum status st = route_report_filter(rq, f, err);
    return st == STATUS_OK ? route_sort(rq, report_sort_choices, f->sort, &f->sort, err) : st;
}

static enum status list(struct request *rq, struct response *rs, struct error *err)
{
    struct report_filter f = REPORT_FILTER_ANY;
    struct paging p;
    struct page page = {0};
    enum status st = read_filter(rq, &f, err);
    if (st == STATUS_OK)
        st = route_paging(rq, &p, err);
    if (st == STATUS_OK)
        st = report_service_list(route_services(rq), route_actor(rq), &f, p, rq->arena, &page, err);
    return st == STATUS_OK ? response_page(rs, &report_summary_model, &page.items, page.total, p.page, p.page_size, err)
                           : st;
}

static enum status get(struct request *rq, struct response *rs, struct error *err)
{
    struct id id;
    struct report *r = NULL;
    int64_t version;
    enum status st = request_param_id(rq, "id", &id, err);
    if (st == STATUS_OK)
        st = route_number(rq, "version", 1, VERSION_MAX, 0, &version, err);
    if (st == STATUS_OK)
        st = report_service_get(route_services(rq), route_actor(rq), id, version, rq->arena, &r, err);
    return reply(rs, st, r, err);
}

static enum status of_session(struct request *rq, struct response *rs, struct error *err)
{
    struct id id;
    struct report *r = NULL;
    int64_t version;
    enum status st = request_param_id(rq, "session_id", &id, err);
    if (st == STATUS_OK)
        st = route_number(rq, "version", 1, VERSION_MAX, 0, &version, err);
    if (st == STATUS_OK)
        st = report_service_of_session(route_services(rq), route_actor(rq), id, version, rq->arena, &r, err);
    return reply(rs, st, r, err);
}

static enum status of_candidate(struct request *rq, struct response *rs, struct error *err)
{
    struct report_filter f = REPORT_FILTER_ANY;
    struct candidate_profile *c = NULL;
    struct paging p;
    struct page page = {0};
    enum status st = request_param_id(rq, "id", &f.candidate_id, err);
    if (st == STATUS_OK)
        st = route_paging(rq, &p, err);
    if (st == STATUS_OK)
        st = candidate_service_get(route_services(rq), route_actor(rq), f.candidate_id, rq->arena, &c, err);
    if (st == STATUS_OK)
        st = report_service_list(route_services(rq), route_actor(rq), &f, p, rq->arena, &page, err);
    return st == STATUS_OK ? response_page(rs, &report_summary_model, &page.items, page.total, p.page, p.page_size, err)
                           : st;
}

static enum status regenerate(struct request *rq, struct response *rs, struct error *err)
{
    struct id id;
    struct report *r = NULL;
    enum status st = request_param_id(rq, "id", &id, err);
    if (st == STATUS_OK)
        st = report_service_regenerate(route_services(rq), route_actor(rq), id, rq->arena, &r, err);
    return reply(rs, st, r, err);
}

static enum status statistics(struct request *rq, struct response *rs, struct error *err)
{
    struct report_filter f = REPORT_FILTER_ANY;
    struct report_statistics *x = NULL;
    enum status st = route_report_filter(rq, &f, err);
    if (st == STATUS_OK)
        st = report_service_statistics(route_services(rq), route_actor(rq), &f, rq->arena, &x, err);
    return st == STATUS_OK ? response_object(rs, &report_statistics_model, x, err) : st;
}

static enum status export_one(struct request *rq, struct response *rs, struct error *err)
{
    cleanup(buf_free) struct buf b;
    struct json j;
    struct id id;
    char name[64];
    struct report_export *x = NULL;
    buf_init(&b, EXPORT_MAX);
    enum status st = request_param_id(rq, "id", &id, err);
    if (st == STATUS_OK)
        st = report_service_export(route_services(rq), route_actor(rq), id, rq->arena, &x, err);
    if (st != STATUS_OK)
        return st;
    json_init(&j, &b);
    model_write(&j, &report_export_model, x);
    if (!buf_ok(&b))
        return error_set(err, STATUS_TOO_LARGE, "export_too_large", NULL, "This report is too long for one file");
    snprintf(name, sizeof name, "report-%.40s.json", request_param(rq, "id"));
    st = response_raw(rs, "application/json", buf_cstr(&b), b.len, err);
    response_download(rs, name);
    return st;
}

static enum status export_pdf(struct request *rq, struct response *rs, struct error *err)
{
    cleanup(buf_free) struct buf b;
    struct id id;
    char name[64];
    int64_t version = 0;
    int hide = 0;
    buf_init(&b, EXPORT_MAX);
    enum status st = request_param_id(rq, "id", &id, err);
    if (st == STATUS_OK)
        st = route_number(rq, "version", 1, VERSION_MAX, 0, &version, err);
    if (st == STATUS_OK)
        st = route_flag(rq, "hide_names", &hide, err);
    if (st == STATUS_OK)
        st = report_service_pdf(route_services(rq), route_actor(rq), id, version, hide == 1, rq->arena, &b, err);
    if (st != STATUS_OK)
        return st;
    snprintf(name, sizeof name, "report-%.40s.pdf", request_param(rq, "id"));
    st = response_raw(rs, "application/pdf", b.data, b.len, err);
    response_download(rs, name);
    return st;
}

static enum status export_csv(struct request *rq, struct response *rs, struct error *err)
{
    struct report_filter f = REPORT_FILTER_ANY;
    struct list all = {0};
    enum status st = read_filter(rq, &f, err);
    if (st == STATUS_OK)
        st = report_service_export_list(route_services(rq), route_actor(rq), &f, rq->arena, &all, err);
    return st == STATUS_OK ? response_csv(rs, &report_summary_model, &all, "reports.csv", err) : st;
}

#define SORT                                                                                                           \
    {                                                                                                                  \
        "sort", "string", "With - in front: descending.", "-created_at",                                               \
            .pattern = "^-?(created_at|updated_at|score|full_name)$"                                                   \
    }

static const struct query_param list_query[] = {QUERY_PAGING, QUERY_REPORTS, SORT, QUERY_END};
static const struct query_param export_query[] = {QUERY_REPORTS, SORT, QUERY_END};
static const struct query_param statistics_query[] = {QUERY_REPORTS, QUERY_END};
#define VERSION                                                                                                        \
    {                                                                                                                  \
        "version", "integer", "As it was at that version; the one that stands unless given.", "1", .min = 1,           \
                                                                                                   .max = VERSION_MAX  \
    }
static const struct query_param version_query[] = {VERSION, QUERY_END};
static const struct query_param pdf_query[] = {VERSION,
                                               {"hide_names", "string",
                                                "Without the names of the candidate and of those who reviewed.", "true",
                                                .choices = route_flag_choices},
                                               QUERY_END};
static const struct query_param paging_query[] = {QUERY_PAGING, QUERY_END};

#define BASE "/api/v1/reports"
#define ONE  BASE "/{id}"

const struct route report_routes[] = {
    {HTTP_GET, BASE, ACCESS_USER, .reply = &report_summary_model, .reply_page = true, .query = list_query,
     .handler = list, .tag = "reports",
     .doc = "Reports of the interviews that the caller owns or has shared (an administrator's: all), newest first."},
    {HTTP_GET, BASE "/statistics", ACCESS_USER, .reply = &report_statistics_model, .query = statistics_query,
     .handler = statistics, .tag = "reports",
     .doc = "Count, average, deviation, extremes, median and distribution of scores, also by interview, kind of "
            "question and "
            "competency."},
    {HTTP_GET, BASE "/export.csv", ACCESS_USER, .reply_media = "text/csv", .query = export_query, .rate = RATE_HEAVY,
     .reply_example = "id,session_id,interview_id,candidate_id,interview_title\r\n", .handler = export_csv,
     .tag = "reports", .doc = "The list as a CSV file, at most 5000 rows."},
    {HTTP_GET, ONE, ACCESS_USER, .reply = &report_model, .query = version_query, .versioned = true, .handler = get,
     .tag = "reports", .doc = "One report."},
    {HTTP_GET, ONE "/export.json", ACCESS_USER, .reply_media = "application/json",
     .reply_example = "{\"format\":\"viva.report/1\"}", .rate = RATE_HEAVY, .handler = export_one, .tag = "reports",
     .doc = "The report with everything that it rests on: candidate, questions, what was said, notes."},
    {HTTP_GET, ONE "/export.pdf", ACCESS_USER, .reply_media = "application/pdf", .query = pdf_query,
     .reply_example = "%PDF-1.5", .rate = RATE_HEAVY, .handler = export_pdf, .tag = "reports",
     .doc = "The report as a PDF: text that can be selected, each quote's time a link to the recording."},
    {HTTP_POST, ONE "/regenerate", ACCESS_STAFF, .reply = &report_model, .status = 202, .rate = RATE_HEAVY,
     .handler = regenerate, .tag = "reports", .doc = "Makes the report again."},
    {HTTP_GET, "/api/v1/sessions/{session_id}/report", ACCESS_USER, .reply = &report_model, .query = version_query,
     .versioned = true, .handler = of_session, .tag = "reports", .doc = "The report of a session."},
    {HTTP_GET, "/api/v1/candidates/{id}/reports", ACCESS_USER, .reply = &report_summary_model, .reply_page = true,
     .query = paging_query, .handler = of_candidate, .tag = "reports", .doc = "The candidate's reports."},
    ROUTES_END,
};
