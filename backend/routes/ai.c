#include "base/cleanup.h"
#include "models/dashboard.h"
#include "models/interview.h"
#include "models/speech.h"
#include "routes/common.h"
#include "services/ai_question.h"
#include "services/follow_up.h"
#include "services/session.h"
#include "services/transcription.h"
#include "services/tts.h"

static enum status transcribe(struct request *rq, struct response *rs, struct error *err)
{
    struct transcription *t = NULL;
    const struct transcribe_request *in = rq->body;
    const struct stt_options o = {.language = in->language, .prompt = in->prompt, .thorough = true};
    enum status st = transcription_of_fd(route_services(rq), rq->upload->fd, &o, rq->arena, &t, err);
    return st == STATUS_OK ? response_object(rs, &transcription_model, t, err) : st;
}

static enum status speak(struct request *rq, enum audio_format *format, struct tts_sound *ret, struct error *err)
{
    const struct tts_request *in = rq->body;
    *format = in->format == SPEECH_OPUS ? AUDIO_AS_OPUS : AUDIO_AS_WAV;
    return tts_sound_make(route_services(rq), in->text, choice_value(voice_choices, in->voice), tts_speed(in), *format,
                          ret, err);
}

static enum status tts(struct request *rq, struct response *rs, struct error *err)
{
    cleanup(tts_sound_free) struct tts_sound sound = TTS_SOUND_INIT;
    enum audio_format format = AUDIO_AS_WAV;
    enum status st = speak(rq, &format, &sound, err);
    return st == STATUS_OK ? response_raw(rs, audio_media_type(format), sound.file.data, sound.file.len, err) : st;
}

static enum status tts_timed(struct request *rq, struct response *rs, struct error *err)
{
    cleanup(tts_sound_free) struct tts_sound sound = TTS_SOUND_INIT;
    enum audio_format format = AUDIO_AS_WAV;
    struct tts_timed *timed = NULL;
    enum status st = speak(rq, &format, &sound, err);
    if (st == STATUS_OK)
        st = tts_sound_timed(&sound, format, &timed, err);
    return st == STATUS_OK ? response_object(rs, &tts_timed_model, timed, err) : st;
}

static enum status questions(struct request *rq, struct response *rs, struct error *err)
{
    struct question_drafts drafts = {0};
    uint64_t seed;
    random_bytes(&seed, sizeof seed);
    enum status st = ai_question_propose(rq->body, seed, rq->arena, &drafts, err);
    return st == STATUS_OK ? response_object(rs, &question_drafts_model, &drafts, err) : st;
}

static enum status follow_up(struct request *rq, struct response *rs, struct error *err)
{
    struct follow_up f = {0};
    enum status st = follow_up_choose(rq->body, NULL, rq->arena, &f, err);
    return st == STATUS_OK ? response_object(rs, &follow_up_model, &f, err) : st;
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

#define TTS_DOC " The voice, the speed and the format can be chosen."

const struct route ai_routes[] = {
    {HTTP_POST, "/api/v1/ai/transcribe", ACCESS_STAFF, BODY_MULTIPART, &transcribe_request_model,
     .body_max = TRANSCRIPTION_BYTES_MAX, .file_field = "file", .reply = &transcription_model, .rate = RATE_HEAVY,
     .handler = transcribe, .tag = "ai",
     .doc = "Speech to text: a sound file (wav, flac, ogg, webm, mp4, mp3) of 64 MiB and 30 minutes at most."},
    {HTTP_POST, "/api/v1/ai/tts", ACCESS_STAFF, BODY_JSON, &tts_request_model, .reply_media = "audio/wav|audio/ogg",
     .rate = RATE_HEAVY, .handler = tts, .tag = "ai", .doc = "Text to speech as a file." TTS_DOC},
    {HTTP_POST, "/api/v1/ai/tts/timed", ACCESS_STAFF, BODY_JSON, &tts_request_model, .reply = &tts_timed_model,
     .rate = RATE_HEAVY, .handler = tts_timed, .tag = "ai",
     .doc = "Text to speech with the times of phonemes and words; the file in base64." TTS_DOC},
    {HTTP_POST, "/api/v1/ai/questions", ACCESS_STAFF, BODY_FORM_OR_JSON, &questions_request_model,
     .reply = &question_drafts_model, .handler = questions, .tag = "ai",
     .doc = "Drafts interview questions for a role, with what good answers mention. Nothing is stored."},
    {HTTP_POST, "/api/v1/ai/follow-up", ACCESS_STAFF, BODY_FORM_OR_JSON, &follow_up_request_model,
     .reply = &follow_up_model, .handler = follow_up, .tag = "ai",
     .doc = "The follow-up question on the point that an answer left out, or why there is none."},
    {HTTP_GET, "/api/v1/ai/voices", ACCESS_USER, .reply = &voice_option_model, .reply_page = true, .handler = voices,
     .tag = "ai", .doc = "The voices there are."},
    {HTTP_GET, "/api/v1/ai/avatars", ACCESS_USER, .reply = &avatar_option_model, .reply_page = true, .handler = avatars,
     .tag = "ai", .doc = "The avatars there are, with the voice that fits each."},
    {HTTP_GET, "/api/v1/ai/health", ACCESS_USER, .reply = &engines_health_model, .handler = health, .tag = "ai",
     .doc = "Each engine: ready or why not, its model, and how long its last calls took."},
    ROUTES_END,
};
