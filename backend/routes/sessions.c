#include "models/dashboard.h"
#include "models/session.h"
#include "routes/common.h"
#include "routes/filters.h"
#include "services/auth.h"
#include "services/recording.h"
#include "services/report.h"
#include "services/session.h"

enum status route_session_filter(const struct request *rq, struct session_filter *f, struct error *err)
{
    enum status st = route_id(rq, "interview_id", &f->interview_id, err);
    if (st == STATUS_OK)
        st = route_id(rq, "candidate_id", &f->candidate_id, err);
    if (st == STATUS_OK)
        st = route_choice(rq, "status", session_status_choices, &f->status, err);
    if (st == STATUS_OK)
        st = route_choice(rq, "report_status", session_report_choices, &f->report, err);
    if (st == STATUS_OK)
        st = route_time(rq, "from", &f->from, err);
    if (st == STATUS_OK)
        st = route_time(rq, "to", &f->to, err);
    if (st == STATUS_OK)
        st = route_real(rq, "score_min", 1, 5, &f->score_min, err);
    if (st == STATUS_OK)
        st = route_real(rq, "score_max", 1, 5, &f->score_max, err);
    return st == STATUS_OK ? route_sort(rq, session_sort_choices, f->sort, &f->sort, err) : st;
}

static enum status list(struct request *rq, struct response *rs, struct error *err)
{
    struct session_filter f = SESSION_FILTER_ANY;
    struct paging p;
    struct page page = {0};
    enum status st = route_session_filter(rq, &f, err);
    if (st == STATUS_OK)
        st = route_paging(rq, &p, err);
    if (st == STATUS_OK)
        st = session_service_list(route_services(rq), route_actor(rq), &f, p, rq->arena, &page, err);
    return st == STATUS_OK
               ? response_page(rs, &session_summary_model, &page.items, page.total, p.page, p.page_size, err)
               : st;
}

static enum status get(struct request *rq, struct response *rs, struct error *err)
{
    struct id id;
    struct session_view *view = NULL;
    enum status st = request_param_id(rq, "session_id", &id, err);
    if (st == STATUS_OK)
        st = session_service_get(route_services(rq), route_actor(rq), id, rq->arena, &view, err);
    return st == STATUS_OK ? response_object(rs, &session_detail_model, view, err) : st;
}

static enum status erase(struct request *rq, struct response *rs, struct error *err)
{
    struct id id;
    enum status st = request_param_id(rq, "session_id", &id, err);
    if (st == STATUS_OK)
        st = session_service_delete(route_services(rq), route_actor(rq), id, err);
    return st == STATUS_OK ? response_ok(rs, "Session and recordings erased", err) : st;
}

static enum status make_report(struct request *rq, struct response *rs, struct error *err)
{
    struct id id;
    struct report *r = NULL;
    enum status st = request_param_id(rq, "session_id", &id, err);
    if (st == STATUS_OK)
        st = report_service_request(route_services(rq), route_actor(rq), id, rq->arena, &r, err);
    return st == STATUS_OK ? response_object(rs, &report_model, r, err) : st;
}

static enum status media(struct request *rq, struct response *rs, struct error *err)
{
    struct segment_ref ref;
    struct recording_media m = {.fd = -1};
    enum status st = request_param_id(rq, "session_id", &ref.session, err);
    if (st == STATUS_OK)
        st = request_param_id(rq, "answer_id", &ref.answer, err);
    if (st == STATUS_OK)
        st = request_param_int(rq, "segment", 1000000, &ref.segment, err);
    if (st == STATUS_OK)
        st = recording_media_open(route_services(rq), &ref, rq->arena, &m, err);
    return st == STATUS_OK ? route_reply_media(rs, &m, err) : st;
}

static enum status dashboard(struct request *rq, struct response *rs, struct error *err)
{
    struct dashboard_data *d = NULL;
    enum status st = dashboard_get(route_services(rq), route_actor(rq), rq->arena, &d, err);
    return st == STATUS_OK ? response_object(rs, &dashboard_data_model, d, err) : st;
}

static const struct query_param list_query[] = {
    QUERY_PAGING, {"interview_id", "uuid", "Only this interview's."}, QUERY_SESSION_FILTER, QUERY_END};
static const struct query_param media_query[] = {{"ticket", "string", "Out of media_url."}, QUERY_END};

const struct route session_routes[] = {
    {HTTP_GET, "/api/v1/sessions", ACCESS_USER, .reply = &session_summary_model, .reply_page = true,
     .query = list_query, .handler = list, .tag = "sessions",
     .doc = "Sessions of the interviews that the caller owns or has shared (an administrator's: all), newest first."},
    {HTTP_GET, "/api/v1/sessions/{session_id}", ACCESS_USER, .reply = &session_detail_model, .handler = get,
     .tag = "sessions", .doc = "One session: per answer the transcript with times and the recordings, and the report."},
    {HTTP_DELETE, "/api/v1/sessions/{session_id}", ACCESS_STAFF, .handler = erase, .tag = "sessions",
     .doc = "Erases the session, its candidate's answers and its recordings."},
    {HTTP_POST, "/api/v1/sessions/{session_id}/report", ACCESS_STAFF, .reply = &report_model, .status = 202,
     .rate = RATE_HEAVY, .handler = make_report, .tag = "sessions", .doc = "Makes the report again."},
    {HTTP_GET, "/api/v1/sessions/{session_id}/answers/{answer_id}/recordings/{segment}/media", ACCESS_MEDIA,
     .reply_media = "video/webm", .query = media_query, .rate = RATE_NONE, .handler = media, .tag = "sessions",
     .doc = "The recording, with Range. The address comes from media_url, which carries a ticket."},
    ROUTES_END,
};

const struct route dashboard_routes[] = {
    {HTTP_GET, "/api/v1/dashboard", ACCESS_STAFF, .reply = &dashboard_data_model, .handler = dashboard,
     .tag = "dashboard", .doc = "Counts, what waits for review, what is running, and how the engines are."},
    ROUTES_END,
};
