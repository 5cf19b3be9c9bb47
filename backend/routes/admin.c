#include "services/admin.h"
#include "models/interview.h"
#include "routes/common.h"

#define SEARCH_MAX 200 /* characters */
#define WORD_MAX   64

/* ---- interviews of everybody ---- */

static const struct choice archived_choices[] = {{"no", "No"}, {"yes", "Yes"}, {NULL, NULL}};

static enum status interviews(struct request *rq, struct response *rs, struct error *err)
{
    struct admin_interview_filter f = {0};
    struct paging p;
    struct page page = {0};
    const struct sort newest = {ADMIN_INTERVIEW_BY_CREATED, true};
    enum status st = route_paging(rq, &p, err);
    if (st == STATUS_OK)
        st = route_text(rq, "search", SEARCH_MAX, &f.search, err);
    if (st == STATUS_OK)
        st = route_choice(rq, "status", interview_status_choices, &f.status, err);
    if (st == STATUS_OK)
        st = route_choice(rq, "archived", archived_choices, &f.archived, err);
    if (st == STATUS_OK)
        st = route_id(rq, "owner_id", &f.owner_id, err);
    if (st == STATUS_OK)
        st = route_sort(rq, admin_interview_sort_choices, newest, &f.sort, err);
    if (st == STATUS_OK)
        st = admin_interviews(route_services(rq), &f, p, rq->arena, &page, err);
    return st == STATUS_OK
               ? response_page(rs, &admin_interview_model, &page.items, page.total, p.page, p.page_size, err)
               : st;
}

static enum status transfer(struct request *rq, struct response *rs, struct error *err)
{
    struct id id;
    struct admin_interview *i = NULL;
    const struct interview_transfer *in = rq->body;
    enum status st = request_param_id(rq, "id", &id, err);
    if (st == STATUS_OK)
        st = admin_transfer(route_services(rq), route_actor(rq), id, in->owner_id, rq->arena, &i, err);
    return st == STATUS_OK ? response_object(rs, &admin_interview_model, i, err) : st;
}

static enum status transfer_all(struct request *rq, struct response *rs, struct error *err)
{
    struct id id;
    struct transfer_result done = {0};
    const struct interviews_transfer *in = rq->body;
    enum status st = request_param_id(rq, "id", &id, err);
    if (st == STATUS_OK)
        st = admin_transfer_all(route_services(rq), route_actor(rq), id, in->to, rq->arena, &done.transferred, err);
    return st == STATUS_OK ? response_object(rs, &transfer_result_model, &done, err) : st;
}

/* ---- audit log ---- */

static enum status audit_filter_of(const struct request *rq, struct audit_filter *f, struct error *err)
{
    enum status st = route_id(rq, "actor_id", &f->actor_id, err);
    if (st == STATUS_OK)
        st = route_text(rq, "action", WORD_MAX, &f->action, err);
    if (st == STATUS_OK)
        st = route_text(rq, "subject_kind", WORD_MAX, &f->subject_kind, err);
    if (st == STATUS_OK)
        st = route_id(rq, "subject_id", &f->subject_id, err);
    if (st == STATUS_OK)
        st = route_time(rq, "from", &f->from, err);
    return st == STATUS_OK ? route_time(rq, "to", &f->to, err) : st;
}

static enum status audit(struct request *rq, struct response *rs, struct error *err)
{
    struct audit_filter f = {0};
    struct paging p;
    struct page page = {0};
    enum status st = route_paging(rq, &p, err);
    if (st == STATUS_OK)
        st = audit_filter_of(rq, &f, err);
    if (st == STATUS_OK)
        st = admin_audit(route_services(rq), &f, p, rq->arena, &page, err);
    return st == STATUS_OK ? response_page(rs, &audit_entry_model, &page.items, page.total, p.page, p.page_size, err)
                           : st;
}

static enum status audit_csv(struct request *rq, struct response *rs, struct error *err)
{
    struct audit_filter f = {0};
    struct list all = {0};
    enum status st = audit_filter_of(rq, &f, err);
    if (st == STATUS_OK)
        st = admin_audit_export(route_services(rq), &f, rq->arena, &all, err);
    return st == STATUS_OK ? response_csv(rs, &audit_entry_model, &all, "audit.csv", err) : st;
}

/* ---- jobs ---- */

static enum status jobs(struct request *rq, struct response *rs, struct error *err)
{
    struct job_filter f = {0};
    struct paging p;
    struct page page = {0};
    enum status st = route_paging(rq, &p, err);
    if (st == STATUS_OK)
        st = route_choice(rq, "state", job_state_choices, &f.state, err);
    if (st == STATUS_OK)
        st = route_text(rq, "kind", WORD_MAX, &f.kind, err);
    if (st == STATUS_OK)
        st = admin_jobs(route_services(rq), &f, p, rq->arena, &page, err);
    return st == STATUS_OK ? response_page(rs, &job_model, &page.items, page.total, p.page, p.page_size, err) : st;
}

static enum status retry_job(struct request *rq, struct response *rs, struct error *err)
{
    struct id id;
    struct job *j = NULL;
    enum status st = request_param_id(rq, "id", &id, err);
    if (st == STATUS_OK)
        st = admin_job_retry(route_services(rq), route_actor(rq), id, rq->arena, &j, err);
    return st == STATUS_OK ? response_object(rs, &job_model, j, err) : st;
}

static const struct query_param interviews_query[] = {
    QUERY_PAGING,
    {"sort", "string",
     "created_at, title or updated_at; with - in front: the other way round. -created_at unless given.",
     .choices = admin_interview_sort_choices},
    {"owner_id", "uuid", "One user's."},
    {"status", "string", "Only those.", .choices = interview_status_choices},
    {"archived", "string", "yes: only archived ones; no: only others. Both unless given.", .choices = archived_choices},
    {"search", "string", "In title, role and organisation.", .max = SEARCH_MAX},
    QUERY_END};

#define AUDIT_FILTERS                                                                                                  \
    {"actor_id", "uuid", "Of one user, or one candidate's session."},                                                  \
        {"action", "string", "interview.publish, or all that begin with interview. (with the dot).",                   \
         "interview.publish", .max = WORD_MAX},                                                                        \
        {"subject_kind", "string", "interview, session, candidate, user, settings, job.", "interview",                 \
         .max = WORD_MAX},                                                                                             \
        {"subject_id", "uuid", "About one thing."}, {"from", "date-time", "Since then (RFC 3339)."},                   \
    {                                                                                                                  \
        "to", "date-time", "Before then."                                                                              \
    }

static const struct query_param audit_query[] = {QUERY_PAGING, AUDIT_FILTERS, QUERY_END};
static const struct query_param audit_csv_query[] = {AUDIT_FILTERS, QUERY_END};
static const struct query_param jobs_query[] = {
    QUERY_PAGING,
    {"state", "string", "Only those.", .choices = job_state_choices},
    {"kind", "string", "remux, report, judge, erase.", "report", .max = WORD_MAX},
    QUERY_END};

#define BASE "/api/v1/admin"
#define AUDIT_CSV_EXAMPLE                                                                                              \
    "id,at,actor_kind,actor_id,actor_name,action,subject_kind,subject_id,request_id\r\n"                               \
    "01932c4e-7b1a-7c3e-9f52-2d1f6a8b0c47,2026-11-24T09:30:00.000Z,user,01932c4e-7b1a-7c3e-9f52-2d1f6a8b0c48,"         \
    "Ada Example,interview.publish,interview,01932c4e-7b1a-7c3e-9f52-2d1f6a8b0c49,req-1\r\n"

const struct route admin_routes[] = {
    {HTTP_GET, BASE "/interviews", ACCESS_ADMIN, .reply = &admin_interview_model, .reply_page = true,
     .query = interviews_query, .handler = interviews, .tag = "admin", .doc = "Everybody's interviews."},
    {HTTP_POST, BASE "/interviews/{id}/transfer", ACCESS_ADMIN, BODY_JSON, &interview_transfer_model,
     .reply = &admin_interview_model, .handler = transfer, .tag = "admin", .doc = "Gives an interview another owner."},
    {HTTP_POST, BASE "/users/{id}/transfer-interviews", ACCESS_ADMIN, BODY_JSON, &interviews_transfer_model,
     .reply = &transfer_result_model, .handler = transfer_all, .tag = "admin",
     .doc = "Gives all of a user's interviews to another, so that the account can be deleted."},
    {HTTP_GET, BASE "/audit", ACCESS_ADMIN, .reply = &audit_entry_model, .reply_page = true, .query = audit_query,
     .handler = audit, .tag = "admin", .doc = "Who did what, newest first."},
    {HTTP_GET, BASE "/audit.csv", ACCESS_ADMIN, .reply_media = "text/csv", .reply_example = AUDIT_CSV_EXAMPLE,
     .query = audit_csv_query, .handler = audit_csv, .tag = "admin", .doc = "The same as a file: the newest 10000."},
    {HTTP_GET, BASE "/jobs", ACCESS_ADMIN, .reply = &job_model, .reply_page = true, .query = jobs_query,
     .handler = jobs, .tag = "admin", .doc = "Background work, newest first."},
    {HTTP_POST, BASE "/jobs/{id}/retry", ACCESS_ADMIN, .reply = &job_model, .handler = retry_job, .tag = "admin",
     .doc = "Tries a failed job again, at once."},
    ROUTES_END,
};
