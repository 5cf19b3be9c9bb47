#include "models/openai.h"

#include "models/tables.h"

#define TEXT_MAX 1000000
#define LIST_MAX 100000

static const struct choice text_formats[] = {
    {"json", "JSON"},  {"text", "Text"}, {"srt", "SubRip"}, {"verbose_json", "JSON with segments"},
    {"vtt", "WebVTT"}, {NULL, NULL},
};
static const struct choice granularities[] = {{"word", "Words"}, {"segment", "Segments"}, {NULL, NULL}};

static const struct field transcribe_fields[] = {
    FIELD(struct openai_transcribe, model, FIELD_STRING, .flags = FIELD_REQUIRED, .min = 1, .max = 120,
          .doc = "One of GET /v1/models that hears.", .example = "whisper-1"),
    FIELD(struct openai_transcribe, language, FIELD_STRING, .flags = FIELD_NULLABLE, .min = 2, .max = 2,
          .doc = "ISO 639-1; detected unless given.", .example = "en"),
    FIELD(struct openai_transcribe, prompt, FIELD_TEXT, .max = 1000, .doc = "Words to expect.",
          .example = "Kubernetes, PostgreSQL"),
    FIELD(struct openai_transcribe, response_format, FIELD_ENUM, .choices = text_formats, .doc = "json unless given.",
          .example = "json"),
    FIELD(struct openai_transcribe, temperature, FIELD_NUMBER, .min = 0, .max = 1,
          .doc = "Taken, without effect: what is heard does not depend on chance.", .example = "0"),
    {.name = "timestamp_granularities[]",
     .type = FIELD_ENUMS,
     .offset = offsetof(struct openai_transcribe, granularities),
     .choices = granularities,
     .doc = "With verbose_json. word: words beside the segments, which are there always.",
     .example = "[\"word\"]"},
    FIELD(struct openai_transcribe, stream, FIELD_BOOL, .doc = "Only false.", .example = "false"),
};
const struct model openai_transcribe_model =
    MODEL("OpenAITranscriptionRequest", struct openai_transcribe, transcribe_fields, "A sound file to be read.");

/* In the order of enum audio_format. */
static const struct choice speech_formats[] = {
    {"wav", "WAV"},   {"opus", "Opus in Ogg"}, {"pcm", "Samples of 16 bits at 24 kHz"},
    {"flac", "FLAC"}, {"mp3", "MP3"},          {"aac", "AAC"},
    {NULL, NULL},
};
#define SPEECH_FORMAT_MP3 4
static const struct choice stream_formats[] = {{"audio", "Audio"}, {NULL, NULL}};

static const struct field speech_fields[] = {
    FIELD(struct openai_speech, model, FIELD_STRING, .flags = FIELD_REQUIRED, .min = 1, .max = 120,
          .doc = "One of GET /v1/models that speaks.", .example = "tts-1"),
    FIELD(struct openai_speech, input, FIELD_TEXT, .flags = FIELD_REQUIRED, .min = 1, .max = 4096,
          .example = "Good morning, and welcome."),
    FIELD(struct openai_speech, voice, FIELD_STRING, .flags = FIELD_REQUIRED, .min = 1, .max = 120,
          .doc = "A voice of ours, or a name of OpenAI's, which stands for one of ours.", .example = "alloy"),
    FIELD(struct openai_speech, instructions, FIELD_TEXT, .max = 4096, .doc = "Taken, without effect.",
          .example = "Speak calmly."),
    FIELD(struct openai_speech, response_format, FIELD_ENUM, .choices = speech_formats, .doc = "mp3 unless given.",
          .example = "mp3"),
    FIELD(struct openai_speech, speed, FIELD_NUMBER, .min = 0.5, .max = 2, .doc = "1 unless given.", .example = "1"),
    FIELD(struct openai_speech, stream_format, FIELD_ENUM, .choices = stream_formats, .example = "audio"),
};
const struct model openai_speech_model =
    MODEL("OpenAISpeechRequest", struct openai_speech, speech_fields, "A text to be spoken.");

int openai_speech_format(const struct openai_speech *r)
{
    return model_given(&openai_speech_model, r, "response_format") ? r->response_format : SPEECH_FORMAT_MP3;
}

double openai_speech_speed(const struct openai_speech *r)
{
    return model_given(&openai_speech_model, r, "speed") ? r->speed : 1.0;
}

static const struct field model_fields[] = {
    FIELD(struct openai_model, id, FIELD_STRING, .flags = OUT, .example = "whisper-1"),
    FIELD(struct openai_model, object, FIELD_STRING, .flags = OUT, .example = "model"),
    FIELD(struct openai_model, created, FIELD_INT, .flags = OUT, .min = 0, .max = 9007199254740991,
          .doc = "When it was loaded, Unix seconds.", .example = "1769860800"),
    FIELD(struct openai_model, owned_by, FIELD_STRING, .flags = OUT, .example = "viva"),
};
const struct model openai_model_model =
    MODEL("OpenAIModel", struct openai_model, model_fields, "A name that a request's model may have.");

static const struct field models_fields[] = {
    FIELD(struct openai_models, object, FIELD_STRING, .flags = OUT, .example = "list"),
    FIELD(struct openai_models, data, FIELD_LIST, .flags = OUT, .model = &openai_model_model),
};
const struct model openai_models_model =
    MODEL("OpenAIModels", struct openai_models, models_fields, "Every name that a request's model may have.");

static const struct field usage_fields[] = {
    FIELD(struct openai_usage, type, FIELD_STRING, .flags = OUT, .example = "duration"),
    FIELD(struct openai_usage, seconds, FIELD_INT, .flags = OUT, .min = 0, .max = 1000000, .example = "4"),
};
const struct model openai_usage_model =
    MODEL("OpenAIUsage", struct openai_usage, usage_fields, "How much sound it was, in whole seconds begun.");

static const struct field text_fields[] = {
    FIELD(struct openai_text, text, FIELD_TEXT, .flags = OUT, .max = TEXT_MAX, .example = "Good morning, and welcome."),
    FIELD(struct openai_text, usage, FIELD_OBJECT, .flags = OUT, .model = &openai_usage_model),
};
const struct model openai_text_model =
    MODEL("OpenAITranscription", struct openai_text, text_fields, "response_format json.");

static const struct field segment_fields[] = {
    FIELD(struct openai_segment, id, FIELD_INT, .flags = OUT, .min = 0, .max = LIST_MAX, .example = "0"),
    FIELD(struct openai_segment, seek, FIELD_INT, .flags = OUT, .min = 0, .max = LIST_MAX, .example = "0"),
    FIELD(struct openai_segment, start, FIELD_NUMBER, .flags = OUT, .doc = "Seconds.", .example = "0.4"),
    FIELD(struct openai_segment, end, FIELD_NUMBER, .flags = OUT, .example = "2.9"),
    FIELD(struct openai_segment, text, FIELD_TEXT, .flags = OUT, .max = TEXT_MAX,
          .example = "Good morning, and welcome."),
    FIELD(struct openai_segment, tokens, FIELD_JSON, .flags = OUT, .doc = "Always an empty list.", .example = "[]"),
    FIELD(struct openai_segment, temperature, FIELD_NUMBER, .flags = OUT, .example = "0"),
    FIELD(struct openai_segment, avg_logprob, FIELD_NUMBER, .flags = OUT, .doc = "Of the whole sound.",
          .example = "-0.21"),
    FIELD(struct openai_segment, compression_ratio, FIELD_NUMBER, .flags = OUT_NULL,
          .doc = "Always null: not measured."),
    FIELD(struct openai_segment, no_speech_prob, FIELD_NUMBER, .flags = OUT, .doc = "Of the whole sound.",
          .example = "0.01"),
};
const struct model openai_segment_model =
    MODEL("OpenAISegment", struct openai_segment, segment_fields, "A stretch of a transcription.");

static const struct field word_fields[] = {
    FIELD(struct openai_word, word, FIELD_STRING, .flags = OUT, .max = 1024, .example = "morning,"),
    FIELD(struct openai_word, start, FIELD_NUMBER, .flags = OUT, .doc = "Seconds.", .example = "0.7"),
    FIELD(struct openai_word, end, FIELD_NUMBER, .flags = OUT, .example = "1.1"),
};
const struct model openai_word_model =
    MODEL("OpenAIWord", struct openai_word, word_fields, "A word of a transcription, with its punctuation.");

static const struct field verbose_fields[] = {
    FIELD(struct openai_verbose, task, FIELD_STRING, .flags = OUT, .example = "transcribe"),
    FIELD(struct openai_verbose, language, FIELD_STRING, .flags = OUT, .doc = "ISO 639-1.", .example = "en"),
    FIELD(struct openai_verbose, duration, FIELD_NUMBER, .flags = OUT, .doc = "Seconds of sound.", .example = "3.2"),
    FIELD(struct openai_verbose, text, FIELD_TEXT, .flags = OUT, .max = TEXT_MAX,
          .example = "Good morning, and welcome."),
    FIELD(struct openai_verbose, segments, FIELD_LIST, .flags = OUT, .max = LIST_MAX, .model = &openai_segment_model),
    FIELD(struct openai_verbose, words, FIELD_LIST, .flags = OUT, .max = LIST_MAX, .model = &openai_word_model,
          .doc = "Empty unless timestamp_granularities[] asked for them."),
    FIELD(struct openai_verbose, usage, FIELD_OBJECT, .flags = OUT, .model = &openai_usage_model),
};
const struct model openai_verbose_model =
    MODEL("OpenAITranscriptionVerbose", struct openai_verbose, verbose_fields, "response_format verbose_json.");
