#include "models/candidate.h"
#include "routes/common.h"
#include "services/candidacy.h"
#include "services/recording.h"

/* A live conversation of the same session, if there is one, looks again at what is stored. */
static void tell_live(const struct request *rq, enum status st)
{
    if (st == STATUS_OK)
        live_session_changed(((struct route_context *)rq->services)->live, rq->who.session_id);
}

static enum status interview(struct request *rq, struct response *rs, struct error *err)
{
    struct public_interview *i = NULL;
    enum status st = candidacy_interview(route_services(rq), request_param(rq, "link"), rq->arena, &i, err);
    return st == STATUS_OK ? response_object(rs, &public_interview_model, i, err) : st;
}

static enum status register_candidate(struct request *rq, struct response *rs, struct error *err)
{
    struct register_result *r = NULL;
    enum status st = candidacy_register(route_services(rq), request_param(rq, "link"), rq->body, rq->arena, &r, err);
    return st == STATUS_OK ? response_object(rs, &register_result_model, r, err) : st;
}

static enum status reply(struct response *rs, enum status st, const struct session_state *state, struct error *err)
{
    return st == STATUS_OK ? response_object(rs, &session_state_model, state, err) : st;
}

static enum status state(struct request *rq, struct response *rs, struct error *err)
{
    struct session_state *now = NULL;
    enum status st = candidacy_state(route_services(rq), rq->who.session_id, rq->arena, &now, err);
    return reply(rs, st, now, err);
}

static enum status start(struct request *rq, struct response *rs, struct error *err)
{
    struct session_state *now = NULL;
    enum status st = candidacy_start(route_services(rq), rq->who.session_id, rq->arena, &now, err);
    return reply(rs, st, now, err);
}

static enum status text_answer(struct request *rq, struct response *rs, struct error *err)
{
    struct id answer;
    struct session_state *now = NULL;
    const struct text_answer *in = rq->body;
    enum status st = request_param_id(rq, "answer_id", &answer, err);
    if (st == STATUS_OK)
        st = candidacy_text_answer(route_services(rq), rq->who.session_id, answer, in->text, rq->arena, &now, err);
    tell_live(rq, st);
    return reply(rs, st, now, err);
}

static enum status complete(struct request *rq, struct response *rs, struct error *err)
{
    struct session_state *now = NULL;
    enum status st = candidacy_complete(route_services(rq), rq->who.session_id, rq->arena, &now, err);
    tell_live(rq, st);
    return reply(rs, st, now, err);
}

static enum status withdraw(struct request *rq, struct response *rs, struct error *err)
{
    enum status st = candidacy_withdraw(route_services(rq), rq->who.session_id, err);
    tell_live(rq, st);
    return st == STATUS_OK ? response_ok(rs, "Withdrawn; your recordings are erased", err) : st;
}

/* ---- recording ---- */

#define OFFSET_MS_MAX (24 * 3600 * 1000)

static enum status segment_of(struct request *rq, struct segment_ref *ref, struct error *err)
{
    ref->session = rq->who.session_id;
    enum status st = request_param_id(rq, "answer_id", &ref->answer, err);
    return st == STATUS_OK ? request_param_int(rq, "segment", 999, &ref->segment, err) : st;
}

static enum status open_segment(struct request *rq, struct response *rs, struct error *err)
{
    struct segment_ref ref;
    struct segment_state *now = NULL;
    int64_t offset_ms = 0;
    enum status st = segment_of(rq, &ref, err);
    if (st == STATUS_OK)
        st = route_number(rq, "offset_ms", 0, OFFSET_MS_MAX, 0, &offset_ms, err);
    if (st == STATUS_OK)
        st = recording_open(route_services(rq), &ref, request_query(rq, "media_type"), offset_ms, rq->arena, &now, err);
    return st == STATUS_OK ? response_object(rs, &segment_state_model, now, err) : st;
}

static enum status put_chunk(struct request *rq, struct response *rs, struct error *err)
{
    struct segment_ref ref;
    struct segment_state *now = NULL;
    struct chunk_upload up = {.claimed_sha256 = request_header(rq, "X-Chunk-SHA256"),
                              .sha256 = rq->upload->sha256,
                              .fd = rq->upload->fd,
                              .size = rq->upload->size};
    enum status st = segment_of(rq, &ref, err);
    if (st == STATUS_OK)
        st = request_param_int(rq, "seq", 1000000, &up.seq, err);
    if (st == STATUS_OK)
        st = recording_chunk(route_services(rq), &ref, &up, rq->arena, &now, err);
    return st == STATUS_OK ? response_object(rs, &segment_state_model, now, err) : st;
}

static enum status finish_segment(struct request *rq, struct response *rs, struct error *err)
{
    struct segment_ref ref;
    struct segment_state *now = NULL;
    const struct segment_finish *in = rq->body;
    enum status st = segment_of(rq, &ref, err);
    if (st == STATUS_OK)
        st = recording_finish(route_services(rq), &ref, in->chunks, rq->arena, &now, err);
    return st == STATUS_OK ? response_object(rs, &segment_state_model, now, err) : st;
}

static const struct query_param segment_query[] = {
    {"media_type", "string", "video/webm, audio/webm, video/mp4 or audio/mp4; codecs may follow.",
     .example = "video/webm;codecs=vp8,opus", .pattern = "^(video|audio)/(webm|mp4)(;[ -~]*)?$"},
    {"offset_ms", "integer", "When this segment begins, in ms from the answer's start.", .max = OFFSET_MS_MAX},
    QUERY_END};

#define BASE    "/api/v1/public"
#define SESSION BASE "/sessions/{session_id}"
#define SEGMENT SESSION "/answers/{answer_id}/segments/{segment}"

const struct route public_routes[] = {
    {HTTP_GET, BASE "/interviews/{link}", ACCESS_PUBLIC, .reply = &public_interview_model, .handler = interview,
     .tag = "public", .doc = "What a candidate sees before registering."},
    {HTTP_POST, BASE "/interviews/{link}/register", ACCESS_PUBLIC, BODY_JSON, &candidate_register_model,
     .reply = &register_result_model, .status = 201, .rate = RATE_LOGIN, .handler = register_candidate, .tag = "public",
     .doc = "Registers, or comes back: the same address and link give the same session and a fresh token."},
    {HTTP_GET, SESSION, ACCESS_CANDIDATE, .reply = &session_state_model, .handler = state, .tag = "public",
     .doc = "Where the session stands."},
    {HTTP_POST, SESSION "/start", ACCESS_CANDIDATE, .reply = &session_state_model, .handler = start, .tag = "public",
     .doc = "Begins without the live connection: opens the first answer, to be typed."},
    {HTTP_POST, SESSION "/answers/{answer_id}/text", ACCESS_CANDIDATE, BODY_JSON, &text_answer_model,
     .reply = &session_state_model, .handler = text_answer, .tag = "public",
     .doc = "Ends the open answer with typed text and opens the next; after the last, completes."},
    {HTTP_POST, SESSION "/complete", ACCESS_CANDIDATE, .reply = &session_state_model, .handler = complete,
     .tag = "public", .doc = "Completes a session whose questions are all answered."},
    {HTTP_POST, SESSION "/withdraw", ACCESS_CANDIDATE, .handler = withdraw, .tag = "public",
     .doc = "Withdraws: the recordings are erased, nothing more can be added."},
    {HTTP_PUT, SEGMENT, ACCESS_CANDIDATE, .reply = &segment_state_model, .query = segment_query, .rate = RATE_UPLOAD,
     .handler = open_segment, .tag = "recording", .doc = "Begins a recording segment, or says how far it has come."},
    {HTTP_PUT, SEGMENT "/chunks/{seq}", ACCESS_CANDIDATE, BODY_STREAM, .body_max = 4u << 20,
     .reply = &segment_state_model, .rate = RATE_UPLOAD, .handler = put_chunk, .tag = "recording",
     .doc = "Stores one chunk (header X-Chunk-SHA256). Idempotent; a gap answers 409 with the expected number."},
    {HTTP_POST, SEGMENT "/finish", ACCESS_CANDIDATE, BODY_JSON, &segment_finish_model, .reply = &segment_state_model,
     .rate = RATE_UPLOAD, .handler = finish_segment, .tag = "recording",
     .doc = "Says how many chunks there are; the recording is then made ready."},
    ROUTES_END,
};
