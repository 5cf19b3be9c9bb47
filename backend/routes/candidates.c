#include "models/candidate.h"
#include "models/report.h"
#include "models/session.h"
#include "models/transcript.h"
#include "routes/common.h"
#include "routes/filters.h"
#include "services/candidate.h"
#include "services/session.h"

#define SEARCH_MAX 200 /* characters */

static enum status reply(struct response *rs, enum status st, const struct candidate_profile *c, struct error *err)
{
    return st == STATUS_OK ? response_object(rs, &candidate_profile_model, c, err) : st;
}

enum status route_candidate_filter(const struct request *rq, struct candidate_filter *f, struct error *err)
{
    enum status st = route_id(rq, "interview_id", &f->interview_id, err);
    if (st == STATUS_OK)
        st = route_choice(rq, "session_status", session_status_choices, &f->status, err);
    if (st == STATUS_OK)
        st = route_flag(rq, "has_resume", &f->has_resume, err);
    if (st == STATUS_OK)
        st = route_text(rq, "search", SEARCH_MAX, &f->search, err);
    return st == STATUS_OK ? route_sort(rq, candidate_sort_choices, f->sort, &f->sort, err) : st;
}

static enum status list(struct request *rq, struct response *rs, struct error *err)
{
    struct candidate_filter f = CANDIDATE_FILTER_ANY;
    struct paging p;
    struct page page = {0};
    enum status st = route_candidate_filter(rq, &f, err);
    if (st == STATUS_OK)
        st = route_paging(rq, &p, err);
    if (st == STATUS_OK)
        st = candidate_service_list(route_services(rq), route_actor(rq), &f, p, rq->arena, &page, err);
    return st == STATUS_OK
               ? response_page(rs, &candidate_profile_model, &page.items, page.total, p.page, p.page_size, err)
               : st;
}

static enum status get(struct request *rq, struct response *rs, struct error *err)
{
    struct id id;
    struct candidate_profile *c = NULL;
    enum status st = request_param_id(rq, "id", &id, err);
    if (st == STATUS_OK)
        st = candidate_service_get(route_services(rq), route_actor(rq), id, rq->arena, &c, err);
    return reply(rs, st, c, err);
}

static enum status update(struct request *rq, struct response *rs, struct error *err)
{
    struct id id;
    int64_t version = 0;
    struct candidate_profile *c = NULL;
    enum status st = request_param_id(rq, "id", &id, err);
    if (st == STATUS_OK)
        st = request_if_match(rq, &version, err);
    if (st == STATUS_OK)
        st = candidate_service_update(route_services(rq), route_actor(rq), id, version, rq->body, rq->arena, &c, err);
    return reply(rs, st, c, err);
}

static enum status erase(struct request *rq, struct response *rs, struct error *err)
{
    struct id id;
    enum status st = request_param_id(rq, "id", &id, err);
    if (st == STATUS_OK)
        st = candidate_service_erase(route_services(rq), route_actor(rq), id, err);
    return st == STATUS_OK ? response_ok(rs, "Candidate erased, with everything recorded and written", err) : st;
}

static enum status sessions(struct request *rq, struct response *rs, struct error *err)
{
    struct session_filter f = SESSION_FILTER_ANY;
    struct candidate_profile *c = NULL;
    struct paging p;
    struct page page = {0};
    enum status st = request_param_id(rq, "id", &f.candidate_id, err);
    if (st == STATUS_OK)
        st = route_paging(rq, &p, err);
    if (st == STATUS_OK)
        st = candidate_service_get(route_services(rq), route_actor(rq), f.candidate_id, rq->arena, &c, err);
    if (st == STATUS_OK)
        st = session_service_list(route_services(rq), route_actor(rq), &f, p, rq->arena, &page, err);
    return st == STATUS_OK
               ? response_page(rs, &session_summary_model, &page.items, page.total, p.page, p.page_size, err)
               : st;
}

static enum status timeline(struct request *rq, struct response *rs, struct error *err)
{
    struct id id;
    struct timeline *t = NULL;
    enum status st = request_param_id(rq, "id", &id, err);
    if (st == STATUS_OK)
        st = candidate_service_timeline(route_services(rq), route_actor(rq), id, rq->arena, &t, err);
    return st == STATUS_OK ? response_object(rs, &timeline_model, t, err) : st;
}

static const struct query_param list_query[] = {
    QUERY_PAGING, {"interview_id", "uuid", "Only this interview's."}, QUERY_CANDIDATE_FILTER, QUERY_END};
static const struct query_param paging_query[] = {QUERY_PAGING, QUERY_END};

#define BASE "/api/v1/candidates"
#define ONE  BASE "/{id}"

const struct route candidate_routes[] = {
    {HTTP_GET, BASE, ACCESS_USER, .reply = &candidate_profile_model, .reply_page = true, .query = list_query,
     .handler = list, .tag = "candidates",
     .doc = "Candidates of the interviews that the caller owns or has shared (an administrator's: all), newest first."},
    {HTTP_GET, ONE, ACCESS_USER, .reply = &candidate_profile_model, .versioned = true, .handler = get,
     .tag = "candidates", .doc = "One candidate, and what became of the interview."},
    {HTTP_PATCH, ONE, ACCESS_STAFF, BODY_JSON, &candidate_update_model, PARSE_PATCH, .reply = &candidate_profile_model,
     .versioned = true, .handler = update, .tag = "candidates", .doc = "Corrects name or address."},
    {HTTP_DELETE, ONE, ACCESS_STAFF, .handler = erase, .tag = "candidates",
     .doc = "Erases a candidate: session, answers, report, notes, recordings and resume."},
    {HTTP_GET, ONE "/sessions", ACCESS_USER, .reply = &session_summary_model, .reply_page = true, .query = paging_query,
     .handler = sessions, .tag = "candidates", .doc = "The candidate's sessions."},
    {HTTP_GET, ONE "/timeline", ACCESS_USER, .reply = &timeline_model, .handler = timeline, .tag = "candidates",
     .doc = "What happened, oldest first: registration, consent, resume, answers, report, notes."},
    ROUTES_END,
};
