/* Speech as OpenAI's API has it, so that its clients, and other Vivas, can use this server by its address alone. */
#include "models/openai.h"

#include "base/cleanup.h"
#include "models/statistics.h"
#include "routes/common.h"
#include "services/speech_models.h"
#include "services/subtitles.h"
#include "services/transcription.h"
#include "services/tts.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#define TEXT_REPLY_MAX (4u << 20)

/* ---- speech to text ---- */

static enum status check(const struct request *rq, const struct openai_transcribe *in, struct error *err)
{
    if (in->stream)
        return error_set(err, STATUS_INVALID, "unsupported_value", "stream", "stream: this server does not stream.");
    if (in->granularities && in->response_format != OPENAI_VERBOSE_JSON)
        return error_set(err, STATUS_INVALID, "unsupported_value", "timestamp_granularities[]",
                         "timestamp_granularities[] needs response_format verbose_json.");
    return speech_model_check(route_services(rq)->engines, SPEECH_TO_TEXT, in->model, err);
}

static struct openai_usage *usage(const struct transcription *t, struct arena *a)
{
    struct openai_usage *u = arena_new_of(a, struct openai_usage);
    if (u)
        *u = (struct openai_usage){.type = "duration", .seconds = (int64_t)ceil(t->duration)};
    return u;
}

static enum status reply_json(struct response *rs, const struct transcription *t, struct arena *a, struct error *err)
{
    struct openai_text out = {.text = t->text, .usage = usage(t, a)};
    return out.usage ? response_object(rs, &openai_text_model, &out, err) : arena_exhausted(err);
}

static enum status reply_verbose(struct response *rs, const struct transcription *t, struct arena *a, struct error *err)
{
    const struct transcription_segment *from = t->segments.items;
    const struct spoken_word *spoken = t->words.items;
    struct openai_word *words = arena_array(a, t->words.count + 1, sizeof *words);
    struct openai_segment *to = arena_array(a, t->segments.count + 1, sizeof *to);
    struct openai_verbose out = {.task = "transcribe",
                                 .language = t->language,
                                 .duration = t->duration,
                                 .text = t->text,
                                 .segments = {to, t->segments.count},
                                 .words = {words, t->words.count},
                                 .usage = usage(t, a)};
    for (size_t i = 0; to && i < t->segments.count; i++)
        to[i] = (struct openai_segment){.id = (int64_t)i,
                                        .start = from[i].start,
                                        .end = from[i].end,
                                        .text = from[i].text,
                                        .tokens = "[]",
                                        .avg_logprob = t->avg_logprob,
                                        .compression_ratio = NAN,
                                        .no_speech_prob = t->no_speech};
    for (size_t i = 0; words && i < t->words.count; i++)
        words[i] = (struct openai_word){.word = spoken[i].word, .start = spoken[i].start, .end = spoken[i].end};
    return to && words && out.usage ? response_object(rs, &openai_verbose_model, &out, err) : arena_exhausted(err);
}

static enum status reply_text(struct response *rs, int format, const struct transcription *t, struct error *err)
{
    cleanup(buf_free) struct buf b;
    buf_init(&b, TEXT_REPLY_MAX);
    if (format == OPENAI_TEXT)
        buf_printf(&b, "%s\n", t->text);
    else
        subtitles_write(format == OPENAI_SRT ? SUBTITLES_SRT : SUBTITLES_VTT, t, &b);
    if (!buf_ok(&b))
        return error_set(err, STATUS_NO_MEMORY, "out_of_memory", NULL, "The transcript does not fit");
    return response_raw(rs, format == OPENAI_VTT ? "text/vtt; charset=utf-8" : "text/plain; charset=utf-8", b.data,
                        b.len, err);
}

static enum status transcriptions(struct request *rq, struct response *rs, struct error *err)
{
    const struct openai_transcribe *in = rq->body;
    const struct stt_options o = {.language = in->language,
                                  .prompt = in->prompt,
                                  .words = in->granularities & 1u << OPENAI_WORD,
                                  .thorough = true};
    struct transcription *t = NULL;
    enum status st = check(rq, in, err);
    if (st == STATUS_OK)
        st = transcription_of_fd(route_services(rq), rq->upload->fd, &o, rq->arena, &t, err);
    if (st != STATUS_OK)
        return st;
    if (in->response_format == OPENAI_JSON)
        return reply_json(rs, t, rq->arena, err);
    if (in->response_format == OPENAI_VERBOSE_JSON)
        return reply_verbose(rs, t, rq->arena, err);
    return reply_text(rs, in->response_format, t, err);
}

/* ---- text to speech ---- */

/* Services speak of the fields of /api/v1/ai/tts. */
static enum status rename_field(enum status st, struct error *err)
{
    const char *name = strcmp(err->field, "text") == 0     ? "input"
                       : strcmp(err->field, "format") == 0 ? "response_format"
                                                           : NULL;
    if (st != STATUS_OK && name)
        snprintf(err->field, sizeof err->field, "%s", name);
    return st;
}

static enum status speech(struct request *rq, struct response *rs, struct error *err)
{
    const struct openai_speech *in = rq->body;
    struct services *s = route_services(rq);
    const enum audio_format format = (enum audio_format)openai_speech_format(in);
    cleanup(tts_sound_free) struct tts_sound sound = TTS_SOUND_INIT;
    const char *voice = NULL;
    enum status st = speech_model_check(s->engines, TEXT_TO_SPEECH, in->model, err);
    if (st == STATUS_OK)
        st = speech_voice_find(s->engines, in->voice, &voice, err);
    if (st == STATUS_OK)
        st = rename_field(tts_sound_make(s, in->input, voice, openai_speech_speed(in), format, &sound, err), err);
    return st == STATUS_OK ? response_raw(rs, audio_media_type(format), sound.file.data, sound.file.len, err) : st;
}

/* ---- models ---- */

static struct openai_model describe(const struct request *rq, const char *id)
{
    const struct system_info *system = route_services(rq)->system;
    return (struct openai_model){
        .id = id, .object = "model", .owned_by = "viva", .created = system ? system->started_at / 1000 : 0};
}

static enum status models(struct request *rq, struct response *rs, struct error *err)
{
    struct strings names = {0};
    enum status st = speech_models_list(route_services(rq)->engines, rq->arena, &names, err);
    struct openai_model *items = st == STATUS_OK ? arena_array(rq->arena, names.count + 1, sizeof *items) : NULL;
    if (st == STATUS_OK && !items)
        st = arena_exhausted(err);
    if (st != STATUS_OK)
        return st;
    for (size_t i = 0; i < names.count; i++)
        items[i] = describe(rq, names.items[i]);
    struct openai_models out = {.object = "list", .data = {items, names.count}};
    return response_object(rs, &openai_models_model, &out, err);
}

static enum status model(struct request *rq, struct response *rs, struct error *err)
{
    const char *id = request_param(rq, "model");
    if (!speech_model_known(route_services(rq)->engines, id))
        return error_set(err, STATUS_NOT_FOUND, "model_not_found", "model", "The model `%.100s` does not exist.", id);
    struct openai_model out = describe(rq, id);
    return response_object(rs, &openai_model_model, &out, err);
}

#define CALLERS (ACCESS_STAFF | ACCESS_MACHINE)

static const struct model *const transcription_models[] = {&openai_text_model, &openai_verbose_model, NULL};

/* The rate of uploads, not that of heavy work: the live interviews of another Viva come through here. */
const struct route openai_routes[] = {
    {HTTP_POST, "/v1/audio/transcriptions", CALLERS, BODY_MULTIPART, &openai_transcribe_model,
     .body_max = TRANSCRIPTION_BYTES_MAX, .file_field = "file", .reply_media = "application/json|text/plain|text/vtt",
     .reply_any = transcription_models, .reply_example = "Good morning, and welcome.\n", .style = STYLE_OPENAI,
     .rate = RATE_UPLOAD, .handler = transcriptions, .tag = "openai", .doc = "Speech to text, as OpenAI's API has it."},
    {HTTP_POST, "/v1/audio/speech", CALLERS, BODY_JSON, &openai_speech_model,
     .reply_media = "audio/mpeg|audio/ogg|audio/aac|audio/flac|audio/wav|audio/pcm", .style = STYLE_OPENAI,
     .rate = RATE_UPLOAD, .handler = speech, .tag = "openai", .doc = "Text to speech, as OpenAI's API has it."},
    {HTTP_GET, "/v1/models", CALLERS, .reply = &openai_models_model, .style = STYLE_OPENAI, .handler = models,
     .tag = "openai", .doc = "The names that a request's model may have."},
    {HTTP_GET, "/v1/models/{model}", CALLERS, .reply = &openai_model_model, .style = STYLE_OPENAI, .handler = model,
     .tag = "openai", .doc = "One of those names."},
    ROUTES_END,
};
