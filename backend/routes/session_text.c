#include "models/note.h"
#include "models/transcript.h"
#include "routes/common.h"
#include "services/note.h"
#include "services/transcript.h"

#include "base/cleanup.h"

#include <stdio.h>

#define TEXT_MAX (16u << 20)

/* ---- transcript ---- */

static enum status read_transcript(struct request *rq, struct session_transcript **ret, struct error *err)
{
    struct id id;
    enum status st = request_param_id(rq, "session_id", &id, err);
    return st == STATUS_OK ? transcript_get(route_services(rq), route_actor(rq), id, rq->arena, ret, err) : st;
}

static enum status transcript(struct request *rq, struct response *rs, struct error *err)
{
    struct session_transcript *t = NULL;
    enum status st = read_transcript(rq, &t, err);
    return st == STATUS_OK ? response_object(rs, &session_transcript_model, t, err) : st;
}

static enum status reply_text(struct request *rq, struct response *rs, const char *media_type, const char *suffix,
                              struct buf *b, struct error *err)
{
    char name[80];
    snprintf(name, sizeof name, "transcript-%.40s.%s", request_param(rq, "session_id"), suffix);
    if (!buf_ok(b))
        return error_set(err, STATUS_TOO_LARGE, "too_large", NULL, "This transcript is too long to be sent as a file");
    enum status st = response_raw(rs, media_type, buf_cstr(b), b->len, err);
    response_download(rs, name);
    return st;
}

static enum status transcript_txt(struct request *rq, struct response *rs, struct error *err)
{
    cleanup(buf_free) struct buf b;
    struct session_transcript *t = NULL;
    buf_init(&b, TEXT_MAX);
    enum status st = read_transcript(rq, &t, err);
    if (st != STATUS_OK)
        return st;
    transcript_write_text(&b, t);
    return reply_text(rq, rs, "text/plain; charset=utf-8", "txt", &b, err);
}

static enum status transcript_webvtt(struct request *rq, struct response *rs, struct error *err)
{
    cleanup(buf_free) struct buf b;
    struct transcript_part part = {0};
    struct id id;
    buf_init(&b, TEXT_MAX);
    enum status st = request_param_id(rq, "session_id", &id, err);
    if (st == STATUS_OK)
        st = route_id(rq, "answer_id", &part.answer, err);
    if (st == STATUS_OK)
        st = route_number(rq, "segment", 0, 1000000, 0, &part.segment, err);
    if (st == STATUS_OK)
        st = transcript_vtt(route_services(rq), route_actor(rq), id, &part, rq->arena, &b, err);
    return st == STATUS_OK ? reply_text(rq, rs, "text/vtt; charset=utf-8", "vtt", &b, err) : st;
}

/* ---- notes ---- */

static enum status reply_note(struct response *rs, enum status st, const struct session_note *n, struct error *err)
{
    return st == STATUS_OK ? response_object(rs, &session_note_model, n, err) : st;
}

static enum status read_ids(struct request *rq, struct id *session, struct id *note, struct error *err)
{
    enum status st = request_param_id(rq, "session_id", session, err);
    return st == STATUS_OK ? request_param_id(rq, "note_id", note, err) : st;
}

static enum status list_notes(struct request *rq, struct response *rs, struct error *err)
{
    struct id id;
    struct paging p;
    struct page page = {0};
    enum status st = request_param_id(rq, "session_id", &id, err);
    if (st == STATUS_OK)
        st = route_paging(rq, &p, err);
    if (st == STATUS_OK)
        st = note_service_list(route_services(rq), route_actor(rq), id, p, rq->arena, &page, err);
    return st == STATUS_OK ? response_page(rs, &session_note_model, &page.items, page.total, p.page, p.page_size, err)
                           : st;
}

static enum status add_note(struct request *rq, struct response *rs, struct error *err)
{
    struct id id;
    struct session_note *n = NULL;
    const struct note_input *in = rq->body;
    enum status st = request_param_id(rq, "session_id", &id, err);
    if (st == STATUS_OK)
        st = note_service_add(route_services(rq), route_actor(rq), id, in->text, rq->arena, &n, err);
    return reply_note(rs, st, n, err);
}

static enum status get_note(struct request *rq, struct response *rs, struct error *err)
{
    struct id id, note;
    struct session_note *n = NULL;
    enum status st = read_ids(rq, &id, &note, err);
    if (st == STATUS_OK)
        st = note_service_get(route_services(rq), route_actor(rq), id, note, rq->arena, &n, err);
    return reply_note(rs, st, n, err);
}

static enum status update_note(struct request *rq, struct response *rs, struct error *err)
{
    struct id id, note;
    int64_t version = 0;
    struct session_note *n = NULL;
    const struct note_input *in = rq->body;
    enum status st = read_ids(rq, &id, &note, err);
    if (st == STATUS_OK)
        st = request_if_match(rq, &version, err);
    if (st == STATUS_OK)
        st = note_service_update(route_services(rq), route_actor(rq), id, note, version, in->text, rq->arena, &n, err);
    return reply_note(rs, st, n, err);
}

static enum status delete_note(struct request *rq, struct response *rs, struct error *err)
{
    struct id id, note;
    enum status st = read_ids(rq, &id, &note, err);
    if (st == STATUS_OK)
        st = note_service_delete(route_services(rq), route_actor(rq), id, note, err);
    return st == STATUS_OK ? response_ok(rs, "Note deleted", err) : st;
}

static const struct query_param vtt_query[] = {
    {"answer_id", "uuid", "With segment: only this answer's, its times those of that recording."},
    {"segment", "integer", "Of answer_id; 0 unless given.", .max = 1000000},
    QUERY_END};
static const struct query_param paging_query[] = {QUERY_PAGING, QUERY_END};

#define SESSION "/api/v1/sessions/{session_id}"
#define NOTE    SESSION "/notes/{note_id}"

const struct route session_text_routes[] = {
    {HTTP_GET, SESSION "/transcript", ACCESS_USER, .reply = &session_transcript_model, .handler = transcript,
     .tag = "sessions", .doc = "What was asked and said, with times from each answer's start."},
    {HTTP_GET, SESSION "/transcript.txt", ACCESS_USER, .reply_media = "text/plain",
     .reply_example =
         "Field engineer\nSam Example\n\n1. Which fault did you find?\n[00:00:07] Sam Example: A loose wire.\n",
     .handler = transcript_txt, .tag = "sessions", .doc = "The transcript as plain text, to be downloaded."},
    {HTTP_GET, SESSION "/transcript.vtt", ACCESS_USER, .reply_media = "text/vtt", .query = vtt_query,
     .reply_example = "WEBVTT\n\n00:00:07.200 --> 00:00:09.000\n<v Sam Example>A loose wire.\n",
     .handler = transcript_webvtt, .tag = "sessions",
     .doc = "The transcript as WebVTT: of the whole interview from its beginning, or in the times of one recording."},
    {HTTP_GET, SESSION "/notes", ACCESS_USER, .reply = &session_note_model, .reply_page = true, .query = paging_query,
     .handler = list_notes, .tag = "notes", .doc = "Notes beside the session, oldest first."},
    {HTTP_POST, SESSION "/notes", ACCESS_USER, BODY_JSON, &note_input_model, .reply = &session_note_model,
     .status = 201, .handler = add_note, .tag = "notes",
     .doc = "Writes a note; whoever reads the session may, reviewers too."},
    {HTTP_GET, NOTE, ACCESS_USER, .reply = &session_note_model, .versioned = true, .handler = get_note, .tag = "notes",
     .doc = "One note of a session."},
    {HTTP_PATCH, NOTE, ACCESS_USER, BODY_JSON, &note_input_model, PARSE_PATCH, .reply = &session_note_model,
     .versioned = true, .handler = update_note, .tag = "notes",
     .doc = "Changes a note: its author or an administrator may."},
    {HTTP_DELETE, NOTE, ACCESS_USER, .handler = delete_note, .tag = "notes",
     .doc = "Deletes a note: its author or an administrator may."},
    ROUTES_END,
};
