/* What hangs on an interview: its questions and its sessions. */
#include "models/session.h"
#include "routes/interview_routes.h"
#include "services/session.h"

#include <inttypes.h>
#include <stdio.h>

/* ---------------------------------------------------------------------------------------------------------------------
 * questions */

static enum status generate(struct request *rq, struct response *rs, struct error *err)
{
    struct interview_ref ref;
    struct interview *i = NULL;
    enum status st = route_interview(rq, &ref, err);
    if (st == STATUS_OK)
        st = interview_service_generate(route_services(rq), route_actor(rq), ref, rq->body, rq->arena, &i, err);
    return reply_interview(rs, st, i, err);
}

static enum status set_questions(struct request *rq, struct response *rs, struct error *err)
{
    struct interview_ref ref;
    struct interview *i = NULL;
    const struct questions_replace *in = rq->body;
    enum status st = route_interview(rq, &ref, err);
    if (st == STATUS_OK)
        st = interview_service_set_questions(route_services(rq), route_actor(rq), ref, in->questions.items,
                                             in->questions.count, rq->arena, &i, err);
    return reply_interview(rs, st, i, err);
}

static enum status reorder(struct request *rq, struct response *rs, struct error *err)
{
    struct interview_ref ref;
    struct interview *i = NULL;
    const struct questions_reorder *in = rq->body;
    enum status st = route_interview(rq, &ref, err);
    if (st == STATUS_OK)
        st = interview_service_reorder(route_services(rq), route_actor(rq), ref, &in->ids, rq->arena, &i, err);
    return reply_interview(rs, st, i, err);
}

static enum status list_questions(struct request *rq, struct response *rs, struct error *err)
{
    struct id id;
    struct interview *i = NULL;
    enum status st = request_param_id(rq, "id", &id, err);
    if (st == STATUS_OK)
        st = interview_service_get(route_services(rq), route_actor(rq), id, rq->arena, &i, err);
    return st == STATUS_OK
               ? response_page(rs, &question_model, &i->questions, (int64_t)i->questions.count, 1, QUESTIONS_MAX, err)
               : st;
}

/* A question with the version of its interview: what If-Match is to say at the next change. */
static enum status reply_question(struct response *rs, enum status st, const struct question *q, int64_t version,
                                  struct error *err)
{
    char tag[32];
    if (st != STATUS_OK)
        return st;
    snprintf(tag, sizeof tag, "\"v%" PRId64 "\"", version);
    response_header(rs, "ETag", tag);
    return response_object(rs, &question_model, q, err);
}

static enum status get_question(struct request *rq, struct response *rs, struct error *err)
{
    struct id interview, id;
    struct question *q = NULL;
    int64_t version = 0;
    enum status st = request_param_id(rq, "id", &interview, err);
    if (st == STATUS_OK)
        st = request_param_id(rq, "question_id", &id, err);
    if (st == STATUS_OK)
        st = question_service_get(route_services(rq), route_actor(rq), interview, id, rq->arena, &q, &version, err);
    return reply_question(rs, st, q, version, err);
}

static enum status add_question(struct request *rq, struct response *rs, struct error *err)
{
    struct interview_ref ref;
    struct question *q = NULL;
    int64_t version = 0;
    enum status st = route_interview(rq, &ref, err);
    if (st == STATUS_OK)
        st = question_service_add(route_services(rq), route_actor(rq), ref, rq->body, rq->arena, &q, &version, err);
    return reply_question(rs, st, q, version, err);
}

static enum status change_question(struct request *rq, struct response *rs, struct error *err)
{
    struct interview_ref ref;
    struct id id;
    struct question *q = NULL;
    int64_t version = 0;
    enum status st = route_interview(rq, &ref, err);
    if (st == STATUS_OK)
        st = request_param_id(rq, "question_id", &id, err);
    if (st == STATUS_OK)
        st = question_service_change(route_services(rq), route_actor(rq), ref, id, rq->body, rq->arena, &q, &version,
                                     err);
    return reply_question(rs, st, q, version, err);
}

static enum status remove_question(struct request *rq, struct response *rs, struct error *err)
{
    struct interview_ref ref;
    struct id id;
    enum status st = route_interview(rq, &ref, err);
    if (st == STATUS_OK)
        st = request_param_id(rq, "question_id", &id, err);
    if (st == STATUS_OK)
        st = question_service_remove(route_services(rq), route_actor(rq), ref, id, err);
    return st == STATUS_OK ? response_ok(rs, "Question deleted", err) : st;
}

/* ---------------------------------------------------------------------------------------------------------------------
 * sessions */

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

static const struct query_param paging_query[] = {QUERY_PAGING, QUERY_END};

#define ONE       "/api/v1/interviews/{id}"
#define QUESTIONS ONE "/questions"

const struct route interview_part_routes[] = {
    {HTTP_GET, QUESTIONS, ACCESS_USER, .reply = &question_model, .reply_page = true, .handler = list_questions,
     .tag = "questions", .doc = "All questions in order."},
    {HTTP_POST, QUESTIONS, ACCESS_STAFF, BODY_JSON, &question_create_model, .reply = &question_model, .status = 201,
     .versioned = true, .handler = add_question, .tag = "questions",
     .doc = "Puts a question in, at the end or at a position. The ETag is the interview's."},
    {HTTP_PUT, QUESTIONS, ACCESS_STAFF, BODY_JSON, &questions_replace_model, .reply = &interview_detail_model,
     .versioned = true, .handler = set_questions, .tag = "questions",
     .doc = "Replaces the whole list, in this order; items with an id keep it."},
    {HTTP_POST, QUESTIONS "/reorder", ACCESS_STAFF, BODY_JSON, &questions_reorder_model,
     .reply = &interview_detail_model, .versioned = true, .handler = reorder, .tag = "questions",
     .doc = "Puts the questions into another order: the ids of all, each once."},
    {HTTP_POST, QUESTIONS "/generate", ACCESS_STAFF, BODY_FORM_OR_JSON, &generate_request_model,
     .reply = &interview_detail_model, .versioned = true, .rate = RATE_HEAVY, .handler = generate, .tag = "questions",
     .doc = "Drafts questions from the built-in bank."},
    {HTTP_GET, QUESTIONS "/{question_id}", ACCESS_USER, .reply = &question_model, .handler = get_question,
     .tag = "questions", .doc = "One question. The ETag is the interview's."},
    {HTTP_PATCH, QUESTIONS "/{question_id}", ACCESS_STAFF, BODY_JSON, &question_update_model, PARSE_PATCH,
     .reply = &question_model, .versioned = true, .handler = change_question, .tag = "questions",
     .doc = "Changes what is given. The ETag is the interview's."},
    {HTTP_DELETE, QUESTIONS "/{question_id}", ACCESS_STAFF, .versioned = true, .handler = remove_question,
     .tag = "questions", .doc = "Takes a question out; answers to it keep their copy."},
    {HTTP_GET, ONE "/sessions", ACCESS_USER, .reply = &session_summary_model, .reply_page = true, .query = paging_query,
     .handler = sessions, .tag = "interviews", .doc = "The sessions of an interview, newest first."},
    ROUTES_END,
};
