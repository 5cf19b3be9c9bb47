/* What hangs on an interview: questions, sessions, figures, sharing, previews. */
#include "base/cleanup.h"
#include "models/session.h"
#include "models/user.h"
#include "routes/filters.h"
#include "routes/interview_routes.h"
#include "services/access.h"
#include "services/candidate.h"
#include "services/interview_figures.h"
#include "services/interview_share.h"
#include "services/preview.h"
#include "services/session.h"

#include <inttypes.h>
#include <stdio.h>

#define EXPORT_MAX (16u << 20)

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
    enum status st = route_session_filter(rq, &f, err);
    if (st == STATUS_OK)
        st = request_param_id(rq, "id", &f.interview_id, err);
    if (st == STATUS_OK)
        st = route_paging(rq, &p, err);
    if (st == STATUS_OK)
        st = access_interview(route_services(rq), route_actor(rq), f.interview_id, ACCESS_READ, err);
    if (st == STATUS_OK)
        st = session_service_list(route_services(rq), route_actor(rq), &f, p, rq->arena, &page, err);
    return st == STATUS_OK
               ? response_page(rs, &session_summary_model, &page.items, page.total, p.page, p.page_size, err)
               : st;
}

static enum status candidates(struct request *rq, struct response *rs, struct error *err)
{
    struct candidate_filter f = CANDIDATE_FILTER_ANY;
    struct paging p;
    struct page page = {0};
    enum status st = route_candidate_filter(rq, &f, err);
    if (st == STATUS_OK)
        st = request_param_id(rq, "id", &f.interview_id, err);
    if (st == STATUS_OK)
        st = route_paging(rq, &p, err);
    if (st == STATUS_OK)
        st = access_interview(route_services(rq), route_actor(rq), f.interview_id, ACCESS_READ, err);
    if (st == STATUS_OK)
        st = candidate_service_list(route_services(rq), route_actor(rq), &f, p, rq->arena, &page, err);
    return st == STATUS_OK
               ? response_page(rs, &candidate_profile_model, &page.items, page.total, p.page, p.page_size, err)
               : st;
}

/* ---------------------------------------------------------------------------------------------------------------------
 * figures */

static enum status figures(struct request *rq, struct response *rs, struct error *err)
{
    struct id id;
    struct interview_figures *f = NULL;
    enum status st = request_param_id(rq, "id", &id, err);
    if (st == STATUS_OK)
        st = interview_figures_get(route_services(rq), route_actor(rq), id, rq->arena, &f, err);
    return st == STATUS_OK ? response_object(rs, &interview_figures_model, f, err) : st;
}

static enum status export_csv(struct request *rq, struct response *rs, struct error *err)
{
    cleanup(buf_free) struct buf out;
    struct id id;
    buf_init(&out, EXPORT_MAX);
    enum status st = request_param_id(rq, "id", &id, err);
    if (st == STATUS_OK)
        st = interview_export(route_services(rq), route_actor(rq), id, &out, err);
    if (st != STATUS_OK)
        return st;
    response_download(rs, "interview.csv");
    return response_raw(rs, "text/csv; charset=utf-8", out.data, out.len, err);
}

/* ---------------------------------------------------------------------------------------------------------------------
 * sharing and preview */

static enum status reply_reviewers(struct response *rs, enum status st, const struct list *users, struct error *err)
{
    return st == STATUS_OK ? response_page(rs, &reviewer_model, users, (int64_t)users->count, 1, 100, err) : st;
}

static enum status list_reviewers(struct request *rq, struct response *rs, struct error *err)
{
    struct id id;
    struct list users = {0};
    enum status st = request_param_id(rq, "id", &id, err);
    if (st == STATUS_OK)
        st = interview_share_list(route_services(rq), route_actor(rq), id, rq->arena, &users, err);
    return reply_reviewers(rs, st, &users, err);
}

static enum status add_reviewer(struct request *rq, struct response *rs, struct error *err)
{
    struct interview_ref ref;
    struct list users = {0};
    enum status st = route_interview(rq, &ref, err);
    if (st == STATUS_OK)
        st = interview_share_add(route_services(rq), route_actor(rq), ref, rq->body, rq->arena, &users, err);
    return reply_reviewers(rs, st, &users, err);
}

static enum status remove_reviewer(struct request *rq, struct response *rs, struct error *err)
{
    struct interview_ref ref;
    struct id user;
    enum status st = route_interview(rq, &ref, err);
    if (st == STATUS_OK)
        st = request_param_id(rq, "user_id", &user, err);
    if (st == STATUS_OK)
        st = interview_share_remove(route_services(rq), route_actor(rq), ref, user, err);
    return st == STATUS_OK ? response_ok(rs, "No longer shared with them", err) : st;
}

static enum status preview(struct request *rq, struct response *rs, struct error *err)
{
    struct id id;
    struct interview_preview *p = NULL;
    enum status st = request_param_id(rq, "id", &id, err);
    if (st == STATUS_OK)
        st = preview_begin(route_services(rq), route_actor(rq), id, rq->arena, &p, err);
    return st == STATUS_OK ? response_object(rs, &interview_preview_model, p, err) : st;
}

static const struct query_param session_query[] = {QUERY_PAGING, QUERY_SESSION_FILTER, QUERY_END};
static const struct query_param candidate_query[] = {QUERY_PAGING, QUERY_CANDIDATE_FILTER, QUERY_END};

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
    {HTTP_GET, ONE "/sessions", ACCESS_USER, .reply = &session_summary_model, .reply_page = true,
     .query = session_query, .handler = sessions, .tag = "interviews",
     .doc = "The sessions of an interview, newest first."},
    {HTTP_GET, ONE "/candidates", ACCESS_USER, .reply = &candidate_profile_model, .reply_page = true,
     .query = candidate_query, .handler = candidates, .tag = "interviews",
     .doc = "The candidates of an interview, newest first."},
    {HTTP_GET, ONE "/statistics", ACCESS_USER, .reply = &interview_figures_model, .handler = figures,
     .tag = "interviews", .doc = "How the interview goes, in figures."},
    {HTTP_GET, ONE "/export.csv", ACCESS_USER, .reply_media = "text/csv",
     .reply_example =
         "session_id,full_name,email,status,registered_at,started_at,completed_at,duration_s,answered,report_status,"
         "overall_score,question_1_score\r\n01932c4e-7b1a-7c3e-9f52-2d1f6a8b0c47,Sam Example,sam@example.org,completed,"
         "2026-01-31T12:00:00.000Z,2026-01-31T12:01:00.000Z,2026-01-31T12:13:00.000Z,720,1,ready,3.8,3.8\r\n",
     .handler = export_csv, .tag = "interviews",
     .doc = "Every session as a row of a CSV file: scores overall, of each question and of each competency, people's "
            "levels beside them, why there is none, the sign-off, what was noted."},
    {HTTP_GET, ONE "/reviewers", ACCESS_STAFF, .reply = &reviewer_model, .reply_page = true, .handler = list_reviewers,
     .tag = "interviews", .doc = "With whom the interview is shared. For its owner and administrators."},
    {HTTP_POST, ONE "/reviewers", ACCESS_STAFF, BODY_JSON, &interview_share_model, .reply = &reviewer_model,
     .reply_page = true, .versioned = true, .handler = add_reviewer, .tag = "interviews",
     .doc = "Shares the interview with a colleague, who then reads it and all that comes in by it."},
    {HTTP_DELETE, ONE "/reviewers/{user_id}", ACCESS_STAFF, .versioned = true, .handler = remove_reviewer,
     .tag = "interviews", .doc = "Takes the interview back from a colleague."},
    {HTTP_POST, ONE "/preview", ACCESS_STAFF, .reply = &interview_preview_model, .status = 201, .handler = preview,
     .tag = "interviews",
     .doc = "Begins a preview: the candidate's page with a session that counts nowhere and is erased; drafts too."},
    ROUTES_END,
};
