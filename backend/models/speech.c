#include "models/speech.h"

#include "models/interview.h"
#include "models/tables.h"

static const struct field tts_fields[] = {
    FIELD(struct tts_request, text, FIELD_TEXT, .flags = FIELD_REQUIRED, .min = 1, .max = 2000,
          .example = "Good morning, and welcome."),
    FIELD(struct tts_request, voice, FIELD_ENUM, .choices = voice_choices, .example = "en_US-joe-medium"),
    FIELD(struct tts_request, speed, FIELD_NUMBER, .min = 0.5, .max = 2, .doc = "1 unless given.", .example = "1"),
};
const struct model tts_request_model = MODEL("TtsRequest", struct tts_request, tts_fields, "A sentence to be spoken.");

double tts_speed(const struct tts_request *r)
{
    return model_given(&tts_request_model, r, "speed") ? r->speed : 1.0;
}

static const struct field segment_fields[] = {
    FIELD(struct transcription_segment, start, FIELD_NUMBER, .flags = OUT, .doc = "Seconds."),
    FIELD(struct transcription_segment, end, FIELD_NUMBER, .flags = OUT),
    FIELD(struct transcription_segment, text, FIELD_TEXT, .flags = OUT),
};
const struct model transcription_segment_model =
    MODEL("TranscriptionSegment", struct transcription_segment, segment_fields, "A stretch of a transcript.");

static const struct field transcription_fields[] = {
    FIELD(struct transcription, language, FIELD_STRING, .flags = OUT, .example = "en"),
    FIELD(struct transcription, duration, FIELD_NUMBER, .flags = OUT, .doc = "Seconds of sound."),
    FIELD(struct transcription, text, FIELD_TEXT, .flags = OUT),
    FIELD(struct transcription, segments, FIELD_LIST, .flags = OUT, .model = &transcription_segment_model),
};
const struct model transcription_model =
    MODEL("Transcription", struct transcription, transcription_fields, "What was heard.");
