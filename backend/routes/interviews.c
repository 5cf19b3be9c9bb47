#include "models/interview.h"
#include "models/session.h"
#include "routes/common.h"
#include "services/session.h"

#define SEARCH_MAX 200 /* characters */

static enum status reply(struct response *rs, enum status st, const struct interview *i, struct error *err)
{
    return st == STATUS_OK ? response_object(rs, &interview_detail_model, i, err) : st;
}

static enum status options(struct request *rq, struct response *rs, struct error *err)
{
    struct interview_options *o = interview_options_make(rq->arena);
    return o ? response_object(rs, &interview_options_model, o, err) : arena_exhausted(err);
}

static enum status list(struct request *rq, struct response *rs, struct error *err)
{
    struct interview_filter f = INTERVIEW_FILTER_ANY;
    struct paging p;
    struct page page = {0};
    enum status st = route_paging(rq, &p, err);
    if (st == STATUS_OK)
        st = route_text(rq, "search", SEARCH_MAX, &f.search, err);
    if (st == STATUS_OK)
        st = route_choice(rq, "status", interview_status_choices, &f.status, err);
    if (st == STATUS_OK)
        st = interview_service_list(route_services(rq), route_actor(rq), &f, p, rq->arena, &page, err);
    return st == STATUS_OK ? response_page(rs, &interview_model, &page.items, page.total, p.page, p.page_size, err)
                           : st;
}

static enum status create(struct request *rq, struct response *rs, struct error *err)
{
    struct interview *i = NULL;
    enum status st = interview_service_create(route_services(rq), route_actor(rq), rq->body, rq->arena, &i, err);
    return reply(rs, st, i, err);
}

static enum status get(struct request *rq, struct response *rs, struct error *err)
{
    struct id id;
    struct interview *i = NULL;
    enum status st = request_param_id(rq, "id", &id, err);
    if (st == STATUS_OK)
        st = interview_service_get(route_services(rq), route_actor(rq), id, rq->arena, &i, err);
    return reply(rs, st, i, err);
}

static enum status update(struct request *rq, struct response *rs, struct error *err)
{
    struct id id;
    struct interview *i = NULL;
    enum status st = request_param_id(rq, "id", &id, err);
    if (st == STATUS_OK)
        st = interview_service_update(route_services(rq), route_actor(rq), id, rq->body, rq->arena, &i, err);
    return reply(rs, st, i, err);
}

static enum status erase(struct request *rq, struct response *rs, struct error *err)
{
    struct id id;
    enum status st = request_param_id(rq, "id", &id, err);
    if (st == STATUS_OK)
        st = interview_service_delete(route_services(rq), route_actor(rq), id, err);
    return st == STATUS_OK ? response_ok(rs, "Interview deleted", err) : st;
}

static enum status generate(struct request *rq, struct response *rs, struct error *err)
{
    struct id id;
    struct interview *i = NULL;
    enum status st = request_param_id(rq, "id", &id, err);
    if (st == STATUS_OK)
        st = interview_service_generate(route_services(rq), route_actor(rq), id, generate_replaces(rq->body), rq->arena,
                                        &i, err);
    return reply(rs, st, i, err);
}

static enum status set_questions(struct request *rq, struct response *rs, struct error *err)
{
    struct id id;
    struct interview *i = NULL;
    const struct questions_replace *in = rq->body;
    enum status st = request_param_id(rq, "id", &id, err);
    if (st == STATUS_OK)
        st = interview_service_set_questions(route_services(rq), route_actor(rq), id, in->questions.items,
                                             in->questions.count, rq->arena, &i, err);
    return reply(rs, st, i, err);
}

static enum status set_status(struct request *rq, struct response *rs, enum interview_status to, struct error *err)
{
    struct id id;
    struct interview *i = NULL;
    enum status st = request_param_id(rq, "id", &id, err);
    if (st == STATUS_OK)
        st = interview_service_set_status(route_services(rq), route_actor(rq), id, to, rq->arena, &i, err);
    return reply(rs, st, i, err);
}

static enum status publish(struct request *rq, struct response *rs, struct error *err)
{
    return set_status(rq, rs, INTERVIEW_OPEN, err);
}

static enum status close_interview(struct request *rq, struct response *rs, struct error *err)
{
    return set_status(rq, rs, INTERVIEW_CLOSED, err);
}

static enum status sessions(struct request *rq, struct response *rs, struct error *err)
{
    struct session_filter f = SESSION_FILTER_ANY;
    struct paging p;
    struct page page = {0};
    struct interview *i = NULL;
    enum status st = request_param_id(rq, "id", &f.interview_id, err);
    if (st == STATUS_OK)
        st = route_paging(rq, &p, err);
    if (st == STATUS_OK)
        st = interview_service_get(route_services(rq), route_actor(rq), f.interview_id, rq->arena, &i, err);
    if (st == STATUS_OK)
        st = session_service_list(route_services(rq), route_actor(rq), &f, p, rq->arena, &page, err);
    return st == STATUS_OK
               ? response_page(rs, &session_summary_model, &page.items, page.total, p.page, p.page_size, err)
               : st;
}

static const struct query_param list_query[] = {
    QUERY_PAGING,
    {"status", "string", "Only those.", .choices = interview_status_choices},
    {"search", "string", "In title, role and organisation.", .max = SEARCH_MAX},
    QUERY_END};
static const struct query_param paging_query[] = {QUERY_PAGING, QUERY_END};

#define BASE "/api/v1/interviews"
#define ONE  BASE "/{id}"

const struct route interview_routes[] = {
    {HTTP_GET, BASE "/options", ACCESS_USER, .reply = &interview_options_model, .handler = options, .tag = "interviews",
     .doc = "Everything that can be chosen, with labels."},
    {HTTP_GET, BASE, ACCESS_STAFF, .reply = &interview_model, .reply_page = true, .query = list_query, .handler = list,
     .tag = "interviews", .doc = "The caller's interviews (an administrator's: all), newest first."},
    {HTTP_POST, BASE, ACCESS_STAFF, BODY_JSON, &interview_create_model, .reply = &interview_detail_model, .status = 201,
     .handler = create, .tag = "interviews", .doc = "Makes a draft without questions."},
    {HTTP_GET, ONE, ACCESS_STAFF, .reply = &interview_detail_model, .handler = get, .tag = "interviews",
     .doc = "One interview with its questions."},
    {HTTP_PATCH, ONE, ACCESS_STAFF, BODY_JSON, &interview_update_model, PARSE_PATCH, .reply = &interview_detail_model,
     .handler = update, .tag = "interviews", .doc = "Changes what is given."},
    {HTTP_DELETE, ONE, ACCESS_STAFF, .handler = erase, .tag = "interviews",
     .doc = "Deletes an interview that nobody registered for."},
    {HTTP_POST, ONE "/questions/generate", ACCESS_STAFF, BODY_JSON, &generate_request_model,
     .reply = &interview_detail_model, .rate = RATE_HEAVY, .handler = generate, .tag = "interviews",
     .doc = "Drafts questions from the built-in bank."},
    {HTTP_PUT, ONE "/questions", ACCESS_STAFF, BODY_JSON, &questions_replace_model, .reply = &interview_detail_model,
     .handler = set_questions, .tag = "interviews",
     .doc = "Replaces the whole list, in this order; items with an id keep it."},
    {HTTP_POST, ONE "/publish", ACCESS_STAFF, .reply = &interview_detail_model, .handler = publish, .tag = "interviews",
     .doc = "Opens the link to candidates."},
    {HTTP_POST, ONE "/close", ACCESS_STAFF, .reply = &interview_detail_model, .handler = close_interview,
     .tag = "interviews", .doc = "Closes the link. Candidates in the middle may finish."},
    {HTTP_POST, ONE "/reopen", ACCESS_STAFF, .reply = &interview_detail_model, .handler = publish, .tag = "interviews",
     .doc = "Opens a closed link again."},
    {HTTP_GET, ONE "/sessions", ACCESS_STAFF, .reply = &session_summary_model, .reply_page = true,
     .query = paging_query, .handler = sessions, .tag = "interviews",
     .doc = "The sessions of an interview, newest first."},
    ROUTES_END,
};
