/* Links by which reports are read without an account. */
#include "base/cleanup.h"
#include "models/report_share.h"
#include "routes/common.h"
#include "services/report_share.h"

#define PDF_MAX  (64u << 20)
#define LIST_MAX 1000

static enum status make(struct request *rq, struct response *rs, struct error *err)
{
    struct id id;
    struct report_share *x = NULL;
    enum status st = request_param_id(rq, "id", &id, err);
    if (st == STATUS_OK)
        st = report_share_make(route_services(rq), route_actor(rq), id, rq->body, rq->arena, &x, err);
    return st == STATUS_OK ? response_object(rs, &report_share_model, x, err) : st;
}

static enum status list(struct request *rq, struct response *rs, struct error *err)
{
    struct id id;
    struct list l = {0};
    enum status st = request_param_id(rq, "id", &id, err);
    if (st == STATUS_OK)
        st = report_share_list(route_services(rq), route_actor(rq), id, rq->arena, &l, err);
    return st == STATUS_OK ? response_page(rs, &report_share_model, &l, (int64_t)l.count, 1, LIST_MAX, err) : st;
}

static enum status end(struct request *rq, struct response *rs, struct error *err)
{
    struct id id, share;
    enum status st = request_param_id(rq, "id", &id, err);
    if (st == STATUS_OK)
        st = request_param_id(rq, "share_id", &share, err);
    if (st == STATUS_OK)
        st = report_share_end(route_services(rq), route_actor(rq), id, share, err);
    return st == STATUS_OK ? response_ok(rs, "Link ended", err) : st;
}

static enum status read_shared(struct request *rq, struct response *rs, struct error *err)
{
    struct shared_report *x = NULL;
    enum status st = report_share_read(route_services(rq), request_param(rq, "token"), rq->arena, &x, err);
    return st == STATUS_OK ? response_object(rs, &shared_report_model, x, err) : st;
}

static enum status shared_pdf(struct request *rq, struct response *rs, struct error *err)
{
    cleanup(buf_free) struct buf b;
    buf_init(&b, PDF_MAX);
    enum status st = report_share_pdf(route_services(rq), request_param(rq, "token"), rq->arena, &b, err);
    return st == STATUS_OK ? response_raw(rs, "application/pdf", b.data, b.len, err) : st;
}

static enum status shared_media(struct request *rq, struct response *rs, struct error *err)
{
    struct id answer;
    int64_t segment = 0;
    struct recording_media m = {.fd = -1};
    enum status st = request_param_id(rq, "answer_id", &answer, err);
    if (st == STATUS_OK)
        st = request_param_int(rq, "segment", 1000000, &segment, err);
    if (st == STATUS_OK)
        st = report_share_media(route_services(rq), request_param(rq, "token"), answer, segment, rq->arena, &m, err);
    return st == STATUS_OK ? route_reply_media(rs, &m, err) : st;
}

#define SHARES "/api/v1/reports/{id}/shares"
#define SHARED "/api/v1/public/reports/{token}"

const struct route report_share_routes[] = {
    {HTTP_GET, SHARES, ACCESS_STAFF, .reply = &report_share_model, .reply_page = true, .handler = list,
     .tag = "reports", .doc = "The links by which a report is read without an account, newest first."},
    {HTTP_POST, SHARES, ACCESS_STAFF, BODY_JSON, &report_share_create_model, PARSE_CREATE, .reply = &report_share_model,
     .status = 201, .handler = make, .tag = "reports", .doc = "Makes such a link. Its address is told once."},
    {HTTP_DELETE, SHARES "/{share_id}", ACCESS_STAFF, .handler = end, .tag = "reports", .doc = "Ends a link."},
    {HTTP_GET, SHARED, ACCESS_PUBLIC, .reply = &shared_report_model, .handler = read_shared, .tag = "public",
     .doc = "A shared report, for the page that the link opens."},
    {HTTP_GET, SHARED "/export.pdf", ACCESS_PUBLIC, .reply_media = "application/pdf", .rate = RATE_HEAVY,
     .handler = shared_pdf, .tag = "public", .doc = "A shared report as a PDF."},
    {HTTP_GET, SHARED "/answers/{answer_id}/recordings/{segment}/media", ACCESS_PUBLIC, .reply_media = "video/webm",
     .reply_file = true, .rate = RATE_NONE, .handler = shared_media, .tag = "public",
     .doc = "A recording, with Range, where the link lets it be heard. The address comes from media_url."},
    ROUTES_END,
};
