/* What people add to reports: levels of their own and sign-offs; earlier versions; and the weights of competencies. */
#include "models/report_parts.h"
#include "routes/interview_routes.h"
#include "services/interview_competencies.h"
#include "services/report.h"
#include "services/report_assess.h"

#include <inttypes.h>
#include <stdio.h>

#define LIST_MAX 10000 /* all at once: there is no second page */

static enum status reply(struct response *rs, enum status st, const struct report *r, struct error *err)
{
    return st == STATUS_OK ? response_object(rs, &report_model, r, err) : st;
}

static enum status reply_all(struct response *rs, enum status st, const struct model *m, const struct list *l,
                             struct error *err)
{
    return st == STATUS_OK ? response_page(rs, m, l, (int64_t)l->count, 1, LIST_MAX, err) : st;
}

static enum status versions(struct request *rq, struct response *rs, struct error *err)
{
    struct id id;
    struct list l = {0};
    enum status st = request_param_id(rq, "id", &id, err);
    if (st == STATUS_OK)
        st = report_service_versions(route_services(rq), route_actor(rq), id, rq->arena, &l, err);
    return reply_all(rs, st, &report_edition_model, &l, err);
}

static enum status history(struct request *rq, struct response *rs, struct error *err)
{
    struct id id;
    struct list l = {0};
    enum status st = request_param_id(rq, "id", &id, err);
    if (st == STATUS_OK)
        st = assess_history(route_services(rq), route_actor(rq), id, rq->arena, &l, err);
    return reply_all(rs, st, &score_override_model, &l, err);
}

static enum status override_level(struct request *rq, struct response *rs, const struct override_input *in,
                                  struct error *err)
{
    struct id id, answer;
    struct report *r = NULL;
    enum status st = request_param_id(rq, "id", &id, err);
    if (st == STATUS_OK)
        st = request_param_id(rq, "answer_id", &answer, err);
    if (st == STATUS_OK)
        st = assess_override(route_services(rq), route_actor(rq), id, answer, in, rq->arena, &r, err);
    return reply(rs, st, r, err);
}

static enum status set_level(struct request *rq, struct response *rs, struct error *err)
{
    return override_level(rq, rs, rq->body, err);
}

static enum status take_level_back(struct request *rq, struct response *rs, struct error *err)
{
    return override_level(rq, rs, NULL, err);
}

static enum status change_sign_off(struct request *rq, struct response *rs, const struct sign_off_input *in,
                                   struct error *err)
{
    struct id id;
    struct report *r = NULL;
    enum status st = request_param_id(rq, "id", &id, err);
    if (st == STATUS_OK)
        st = assess_sign_off(route_services(rq), route_actor(rq), id, in, rq->arena, &r, err);
    return reply(rs, st, r, err);
}

static enum status sign_off(struct request *rq, struct response *rs, struct error *err)
{
    return change_sign_off(rq, rs, rq->body, err);
}

static enum status withdraw_sign_off(struct request *rq, struct response *rs, struct error *err)
{
    return change_sign_off(rq, rs, NULL, err);
}

static enum status competencies(struct request *rq, struct response *rs, struct error *err)
{
    struct id id;
    struct list l = {0};
    enum status st = request_param_id(rq, "id", &id, err);
    if (st == STATUS_OK)
        st = competencies_service_get(route_services(rq), route_actor(rq), id, rq->arena, &l, err);
    return reply_all(rs, st, &competency_model, &l, err);
}

static enum status set_competencies(struct request *rq, struct response *rs, struct error *err)
{
    struct interview_ref ref;
    const struct competencies_replace *in = rq->body;
    struct list l = {0};
    int64_t version = 0;
    char tag[32];
    enum status st = route_interview(rq, &ref, err);
    if (st == STATUS_OK)
        st = competencies_service_set(route_services(rq), route_actor(rq), ref, &in->competencies, rq->arena, &l,
                                      &version, err);
    if (st == STATUS_OK) {
        snprintf(tag, sizeof tag, "\"v%" PRId64 "\"", version);
        response_header(rs, "ETag", tag);
    }
    return reply_all(rs, st, &competency_model, &l, err);
}

#define REPORT "/api/v1/reports/{id}"
#define LEVEL  REPORT "/answers/{answer_id}/override"

const struct route report_people_routes[] = {
    {HTTP_GET, REPORT "/versions", ACCESS_USER, .reply = &report_edition_model, .reply_page = true, .handler = versions,
     .tag = "reports", .doc = "The versions of a report, newest first; ?version= reads one."},
    {HTTP_GET, REPORT "/overrides", ACCESS_USER, .reply = &score_override_model, .reply_page = true, .handler = history,
     .tag = "reports", .doc = "Every level that a person set or took back, newest first."},
    {HTTP_PUT, LEVEL, ACCESS_USER, BODY_JSON, &override_input_model, PARSE_CREATE, .reply = &report_model,
     .handler = set_level, .tag = "reports",
     .doc = "A level beside the machine's, with the reason: whoever may read the report."},
    {HTTP_DELETE, LEVEL, ACCESS_USER, .reply = &report_model, .handler = take_level_back, .tag = "reports",
     .doc = "Takes the level back; it stays in the history."},
    {HTTP_POST, REPORT "/sign-off", ACCESS_STAFF, BODY_JSON, &sign_off_input_model, PARSE_CREATE,
     .reply = &report_model, .handler = sign_off, .tag = "reports",
     .doc = "Stands behind the version that was read. No level changes while it stands."},
    {HTTP_DELETE, REPORT "/sign-off", ACCESS_STAFF, .reply = &report_model, .handler = withdraw_sign_off,
     .tag = "reports", .doc = "Withdraws the sign-off."},
    {HTTP_GET, "/api/v1/interviews/{id}/competencies", ACCESS_USER, .reply = &competency_model, .reply_page = true,
     .handler = competencies, .tag = "interviews",
     .doc = "What the questions look at, and how much each counts in the overall score."},
    {HTTP_PUT, "/api/v1/interviews/{id}/competencies", ACCESS_STAFF, BODY_JSON, &competencies_replace_model,
     PARSE_CREATE, .reply = &competency_model, .reply_page = true, .versioned = true, .handler = set_competencies,
     .tag = "interviews", .doc = "Sets the weights. The reports there are are made again in the background."},
    ROUTES_END,
};
