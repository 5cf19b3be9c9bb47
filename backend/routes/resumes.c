#include "models/resume.h"
#include "routes/common.h"
#include "services/resume.h"

#define UPLOAD_MAX (21u << 20) /* of the form; the file has a setting of its own */

static struct resume_upload upload_of(const struct request *rq)
{
    return (struct resume_upload){.fd = rq->upload->fd,
                                  .size = rq->upload->size,
                                  .sha256 = rq->upload->sha256,
                                  .file_name = rq->upload->file_name};
}

/* ---- staff ---- */

static enum status upload(struct request *rq, struct response *rs, struct error *err)
{
    struct id id;
    struct resume *r = NULL;
    const struct resume_upload up = upload_of(rq);
    enum status st = request_param_id(rq, "id", &id, err);
    if (st == STATUS_OK)
        st = resume_service_upload(route_services(rq), route_actor(rq), id, &up, rq->arena, &r, err);
    return st == STATUS_OK ? response_object(rs, &resume_model, r, err) : st;
}

static enum status get(struct request *rq, struct response *rs, struct error *err)
{
    struct id id;
    struct resume *r = NULL;
    enum status st = request_param_id(rq, "id", &id, err);
    if (st == STATUS_OK)
        st = resume_service_get(route_services(rq), route_actor(rq), id, rq->arena, &r, err);
    return st == STATUS_OK ? response_object(rs, &resume_model, r, err) : st;
}

static enum status erase(struct request *rq, struct response *rs, struct error *err)
{
    struct id id;
    enum status st = request_param_id(rq, "id", &id, err);
    if (st == STATUS_OK)
        st = resume_service_delete(route_services(rq), route_actor(rq), id, err);
    return st == STATUS_OK ? response_ok(rs, "Resume erased", err) : st;
}

static enum status download(struct request *rq, struct response *rs, struct error *err)
{
    struct id id;
    struct resume_file f = {.fd = -1};
    bool by_ticket = rq->who.kind == ACCESS_MEDIA;
    enum status st = request_param_id(rq, "id", &id, err);
    if (st == STATUS_OK)
        st = resume_service_open(route_services(rq), route_actor(rq), by_ticket, id, rq->arena, &f, err);
    return st == STATUS_OK ? response_file(rs, f.fd, f.size, f.media_type, f.etag, f.file_name, err) : st;
}

/* ---- the candidate ---- */

static enum status upload_own(struct request *rq, struct response *rs, struct error *err)
{
    struct resume *r = NULL;
    const struct resume_upload up = upload_of(rq);
    enum status st = candidacy_resume_upload(route_services(rq), rq->who.session_id, &up, rq->arena, &r, err);
    return st == STATUS_OK ? response_object(rs, &resume_receipt_model, r, err) : st;
}

static enum status get_own(struct request *rq, struct response *rs, struct error *err)
{
    struct resume *r = NULL;
    enum status st = candidacy_resume_get(route_services(rq), rq->who.session_id, rq->arena, &r, err);
    return st == STATUS_OK ? response_object(rs, &resume_receipt_model, r, err) : st;
}

static enum status erase_own(struct request *rq, struct response *rs, struct error *err)
{
    enum status st = candidacy_resume_delete(route_services(rq), rq->who.session_id, err);
    return st == STATUS_OK ? response_ok(rs, "Resume erased", err) : st;
}

static const struct query_param file_query[] = {{"ticket", "string", "Out of download_url."}, QUERY_END};

#define STAFF "/api/v1/candidates/{id}/resume"
#define OWN   "/api/v1/public/sessions/{session_id}/resume"
#define RESUME_MEDIA                                                                                                   \
    "application/pdf|application/vnd.openxmlformats-officedocument.wordprocessingml.document|text/plain"

const struct route resume_routes[] = {
    {HTTP_POST, STAFF, ACCESS_STAFF, BODY_MULTIPART, .file_field = "file", .body_max = UPLOAD_MAX,
     .reply = &resume_model, .status = 201, .rate = RATE_UPLOAD, .handler = upload, .tag = "candidates",
     .doc = "Hands in a resume (PDF, DOCX or plain text in UTF-8) in place of the one before."},
    {HTTP_GET, STAFF, ACCESS_USER, .reply = &resume_model, .handler = get, .tag = "candidates",
     .doc = "The resume: what it is, its text, and what of the text is hidden from a reader."},
    {HTTP_DELETE, STAFF, ACCESS_STAFF, .handler = erase, .tag = "candidates", .doc = "Erases the resume."},
    {HTTP_GET, STAFF "/download", ACCESS_USER, .reply_media = RESUME_MEDIA, .reply_file = true,
     .reply_example = "Sam Example\nBackend engineer\n", .handler = download, .tag = "candidates",
     .doc = "The file as it was handed in, to be saved."},
    {HTTP_GET, STAFF "/file", ACCESS_MEDIA, .reply_media = RESUME_MEDIA,
     .reply_example = "Sam Example\nBackend engineer\n", .query = file_query, .handler = download, .tag = "candidates",
     .doc = "The same by download_url, which carries a ticket."},
    {HTTP_POST, OWN, ACCESS_CANDIDATE, BODY_MULTIPART, .file_field = "file", .body_max = UPLOAD_MAX,
     .reply = &resume_receipt_model, .status = 201, .rate = RATE_UPLOAD, .handler = upload_own, .tag = "public",
     .doc = "Hands in one's resume (PDF, DOCX or plain text in UTF-8) in place of the one before."},
    {HTTP_GET, OWN, ACCESS_CANDIDATE, .reply = &resume_receipt_model, .handler = get_own, .tag = "public",
     .doc = "Which resume was handed in."},
    {HTTP_DELETE, OWN, ACCESS_CANDIDATE, .handler = erase_own, .tag = "public", .doc = "Erases one's resume."},
    ROUTES_END,
};
