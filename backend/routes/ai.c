#include "models/dashboard.h"
#include "models/interview.h"
#include "models/speech.h"
#include "routes/common.h"
#include "services/session.h"
#include "services/transcription.h"
#include "services/tts.h"

static enum status transcribe(struct request *rq, struct response *rs, struct error *err)
{
    struct transcription *t = NULL;
    enum status st =
        transcription_of_fd(route_services(rq), rq->upload->fd, request_query(rq, "language"), rq->arena, &t, err);
    return st == STATUS_OK ? response_object(rs, &transcription_model, t, err) : st;
}

static enum status tts(struct request *rq, struct response *rs, struct error *err)
{
    const struct tts_request *in = rq->body;
    struct tts_wav wav = {0};
    enum status st = tts_wav_of(route_services(rq), in->text, choice_value(voice_choices, in->voice), tts_speed(in),
                                rq->arena, &wav, err);
    return st == STATUS_OK ? response_raw(rs, "audio/wav", wav.data, wav.len, err) : st;
}

static enum status health(struct request *rq, struct response *rs, struct error *err)
{
    struct engines_health *h = NULL;
    enum status st = engines_describe(route_services(rq)->engines, rq->arena, &h, err);
    return st == STATUS_OK ? response_object(rs, &engines_health_model, h, err) : st;
}

static enum status voices(struct request *rq, struct response *rs, struct error *err)
{
    struct interview_options *o = interview_options_make(rq->arena);
    return o ? response_page(rs, &voice_option_model, &o->voices, (int64_t)o->voices.count, 1, 100, err)
             : arena_exhausted(err);
}

static enum status avatars(struct request *rq, struct response *rs, struct error *err)
{
    struct interview_options *o = interview_options_make(rq->arena);
    return o ? response_page(rs, &avatar_option_model, &o->avatars, (int64_t)o->avatars.count, 1, 100, err)
             : arena_exhausted(err);
}

static const struct query_param transcribe_query[] = {
    {"language", "string", "ISO 639-1; detected unless given.", .pattern = "^[a-z]{2}$"}, QUERY_END};

const struct route ai_routes[] = {
    {HTTP_POST, "/api/v1/ai/transcribe", ACCESS_STAFF, BODY_STREAM, .body_max = 64u << 20,
     .reply = &transcription_model, .query = transcribe_query, .rate = RATE_HEAVY, .handler = transcribe, .tag = "ai",
     .doc = "Speech to text: the body is a sound file (wav, flac, ogg, webm, mp4, mp3)."},
    {HTTP_POST, "/api/v1/ai/tts", ACCESS_STAFF, BODY_JSON, &tts_request_model, .reply_media = "audio/wav",
     .rate = RATE_HEAVY, .handler = tts, .tag = "ai", .doc = "Text to speech as WAV."},
    {HTTP_GET, "/api/v1/ai/voices", ACCESS_USER, .reply = &voice_option_model, .reply_page = true, .handler = voices,
     .tag = "ai", .doc = "The voices there are."},
    {HTTP_GET, "/api/v1/ai/avatars", ACCESS_USER, .reply = &avatar_option_model, .reply_page = true, .handler = avatars,
     .tag = "ai", .doc = "The avatars there are, with the voice that fits each."},
    {HTTP_GET, "/api/v1/ai/health", ACCESS_USER, .reply = &engines_health_model, .handler = health, .tag = "ai",
     .doc = "Each engine: ready, or why not."},
    ROUTES_END,
};
