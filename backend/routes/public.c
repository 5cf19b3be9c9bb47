#include "base/cleanup.h"
#include "models/candidate.h"
#include "models/session.h"
#include "routes/common.h"
#include "services/answer_upload.h"
#include "services/attention.h"
#include "services/candidacy.h"
#include "services/own_data.h"
#include "services/recording.h"

#define OWN_DATA_MAX (32u << 20)

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

/* Whoever has begun goes on; others wait until one more does not make those slow. */
static enum status may_start(struct request *rq, struct response *rs, struct error *err)
{
    struct session_state *now = NULL;
    enum status st = candidacy_state(route_services(rq), rq->who.session_id, rq->arena, &now, err);
    if (st != STATUS_OK || now->status != SESSION_REGISTERED)
        return st;
    st = live_may_begin(((struct route_context *)rq->services)->live, rq->who.session_id, err);
    if (st != STATUS_OK)
        response_header(rs, "Retry-After", LIVE_RETRY_AFTER);
    return st;
}

static enum status start(struct request *rq, struct response *rs, struct error *err)
{
    struct session_state *now = NULL;
    enum status st = may_start(rq, rs, err);
    if (st == STATUS_OK)
        st = candidacy_start(route_services(rq), rq->who.session_id, rq->arena, &now, err);
    return reply(rs, st, now, err);
}

static enum status text_answer(struct request *rq, struct response *rs, struct error *err)
{
    struct id answer;
    struct session_state *now = NULL;
    const struct text_answer *in = rq->body;
    const int follow_up = model_given(&text_answer_model, in, "follow_up") ? (int)in->follow_up : -1;
    enum status st = request_param_id(rq, "answer_id", &answer, err);
    if (st == STATUS_OK)
        st = candidacy_text_answer(route_services(rq), rq->who.session_id, answer, follow_up, in->text, rq->arena, &now,
                                   err);
    tell_live(rq, st);
    return reply(rs, st, now, err);
}

static enum status file_answer(struct request *rq, struct response *rs, bool video, struct error *err)
{
    struct id answer;
    struct session_state *now = NULL;
    const struct answer_upload up = {
        .fd = rq->upload->fd, .size = rq->upload->size, .sha256 = rq->upload->sha256, .video = video};
    enum status st = request_param_id(rq, "answer_id", &answer, err);
    if (st == STATUS_OK)
        st = answer_upload(route_services(rq), rq->who.session_id, answer, &up, rq->arena, &now, err);
    tell_live(rq, st);
    return reply(rs, st, now, err);
}

static enum status audio_answer(struct request *rq, struct response *rs, struct error *err)
{
    return file_answer(rq, rs, false, err);
}

static enum status video_answer(struct request *rq, struct response *rs, struct error *err)
{
    return file_answer(rq, rs, true, err);
}

static enum status own_data(struct request *rq, struct response *rs, struct error *err)
{
    cleanup(buf_free) struct buf b;
    struct json j;
    struct own_data *d = NULL;
    buf_init(&b, OWN_DATA_MAX);
    enum status st = own_data_get(route_services(rq), rq->who.session_id, rq->arena, &d, err);
    if (st != STATUS_OK)
        return st;
    json_init(&j, &b);
    model_write(&j, &own_data_model, d);
    if (!buf_ok(&b))
        return error_set(err, STATUS_TOO_LARGE, "export_too_large", NULL, "This is too much for one file");
    st = response_raw(rs, "application/json", buf_cstr(&b), b.len, err);
    response_download(rs, "my-interview-data.json");
    return st;
}

static enum status own_media(struct request *rq, struct response *rs, struct error *err)
{
    struct segment_ref ref = {.session = rq->who.session_id};
    struct recording_media m = {.fd = -1};
    enum status st = request_param_id(rq, "answer_id", &ref.answer, err);
    if (st == STATUS_OK)
        st = request_param_int(rq, "segment", 1000000, &ref.segment, err);
    if (st == STATUS_OK)
        st = own_data_media(route_services(rq), &ref, rq->arena, &m, err);
    return st == STATUS_OK ? route_reply_media(rs, &m, err) : st;
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

static enum status attention(struct request *rq, struct response *rs, struct error *err)
{
    enum status st = attention_note(route_services(rq), rq->who.session_id, rq->body, rq->arena, err);
    return st == STATUS_OK ? response_ok(rs, "Noted", err) : st;
}

/* What came is gone with the request. */
static enum status probe(struct request *rq, struct response *rs, struct error *err)
{
    (void)rq;
    return response_ok(rs, "Arrived", err);
}

/* ---- recording ---- */

#define OFFSET_MS_MAX (24 * 3600 * 1000)
#define LEAD_MS_MAX   60000

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
    int64_t offset_ms = 0, lead_ms = 0;
    enum status st = segment_of(rq, &ref, err);
    if (st == STATUS_OK)
        st = route_number(rq, "offset_ms", 0, OFFSET_MS_MAX, 0, &offset_ms, err);
    if (st == STATUS_OK)
        st = route_number(rq, "lead_ms", 0, LEAD_MS_MAX, 0, &lead_ms, err);
    if (st == STATUS_OK)
        st = recording_open(route_services(rq), &ref, request_query(rq, "media_type"), offset_ms - lead_ms, rq->arena,
                            &now, err);
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
    {"lead_ms", "integer", "How long before the answer's start it begins, when the candidate began over the question.",
     .max = LEAD_MS_MAX},
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
     .doc =
         "Ends the open answer with typed text and opens the next; after the last, completes. Where the interview "
         "has follow-ups and the text leaves a point out, the answer stays open with the follow-up as its question."},
    {HTTP_POST, SESSION "/answers/{answer_id}/audio", ACCESS_CANDIDATE, BODY_MULTIPART, .file_field = "file",
     .body_max = ANSWER_UPLOAD_BYTES_MAX, .reply = &session_state_model, .rate = RATE_HEAVY, .handler = audio_answer,
     .tag = "public",
     .doc = "Ends the open answer with a whole sound file (webm, mp4, wav, flac, ogg, mp3; 15 minutes at most): it is "
            "kept, transcribed, and the next answer opens."},
    {HTTP_POST, SESSION "/answers/{answer_id}/video", ACCESS_CANDIDATE, BODY_MULTIPART, .file_field = "file",
     .body_max = ANSWER_UPLOAD_BYTES_MAX, .reply = &session_state_model, .rate = RATE_HEAVY, .handler = video_answer,
     .tag = "public", .doc = "The same with a film (webm, mp4)."},
    {HTTP_GET, SESSION "/data", ACCESS_CANDIDATE, .reply_media = "application/json",
     .reply_example = "{\"format\":\"viva.own-data/1\"}", .rate = RATE_HEAVY, .handler = own_data, .tag = "public",
     .doc =
         "Everything one gave, as it is held, to be downloaded: registration, consents, answers, recordings, resume. "
         "In the browser where it was given."},
    {HTTP_GET, SESSION "/answers/{answer_id}/recordings/{segment}/media", ACCESS_CANDIDATE, .reply_media = "video/webm",
     .reply_file = true, .rate = RATE_NONE, .handler = own_media, .tag = "public",
     .doc = "One's own recording, with Range."},
    {HTTP_POST, SESSION "/complete", ACCESS_CANDIDATE, .reply = &session_state_model, .handler = complete,
     .tag = "public", .doc = "Completes a session whose questions are all answered."},
    {HTTP_POST, SESSION "/withdraw", ACCESS_CANDIDATE, .handler = withdraw, .tag = "public",
     .doc = "Withdraws: the recordings are erased, nothing more can be added."},
    {HTTP_POST, SESSION "/events", ACCESS_CANDIDATE, BODY_JSON, &attention_model, .handler = attention, .tag = "public",
     .doc = "Notes that the candidate looked at another window or pasted text, 200 times each at most, while the "
            "interview "
            "runs. Shown to people, known to no score."},
    {HTTP_PUT, SESSION "/probe", ACCESS_CANDIDATE, BODY_STREAM, .body_max = 512u << 10, .rate = RATE_HEAVY,
     .handler = probe, .tag = "public",
     .doc = "Takes up to 512 kB and forgets them: for measuring how fast this connection sends."},
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
