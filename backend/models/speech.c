#include "models/speech.h"

#include "models/interview.h"
#include "models/tables.h"

static const struct choice speech_format_choices[] = {{"wav", "WAV"}, {"opus", "Opus in Ogg"}, {NULL, NULL}};

static const struct field tts_fields[] = {
    FIELD(struct tts_request, text, FIELD_TEXT, .flags = FIELD_REQUIRED, .min = 1, .max = 2000,
          .example = "Good morning, and welcome."),
    FIELD(struct tts_request, voice, FIELD_ENUM, .choices = voice_choices, .example = "en_US-joe-medium"),
    FIELD(struct tts_request, speed, FIELD_NUMBER, .min = 0.5, .max = 2, .doc = "1 unless given.", .example = "1"),
    FIELD(struct tts_request, format, FIELD_ENUM, .choices = speech_format_choices, .doc = "wav unless given.",
          .example = "opus"),
};
const struct model tts_request_model = MODEL("TtsRequest", struct tts_request, tts_fields, "A sentence to be spoken.");

double tts_speed(const struct tts_request *r)
{
    return model_given(&tts_request_model, r, "speed") ? r->speed : 1.0;
}

static const struct field phoneme_fields[] = {
    FIELD(struct phoneme_time, phoneme, FIELD_STRING, .flags = OUT, .example = "h",
          .doc = "IPA, or sil for a silence. The phonemes follow each other without gaps."),
    FIELD(struct phoneme_time, start, FIELD_NUMBER, .flags = OUT, .doc = "Seconds.", .example = "0.12"),
    FIELD(struct phoneme_time, end, FIELD_NUMBER, .flags = OUT, .example = "0.19"),
};
const struct model phoneme_time_model =
    MODEL("PhonemeTime", struct phoneme_time, phoneme_fields, "When a phoneme sounds.");

static const struct field word_fields[] = {
    FIELD(struct spoken_word, word, FIELD_STRING, .flags = OUT, .example = "morning", .doc = "As it was written."),
    FIELD(struct spoken_word, start, FIELD_NUMBER, .flags = OUT, .doc = "Seconds.", .example = "0.31"),
    FIELD(struct spoken_word, end, FIELD_NUMBER, .flags = OUT, .example = "0.74"),
};
const struct model spoken_word_model = MODEL("SpokenWord", struct spoken_word, word_fields, "When a word sounds.");

static const struct field timed_fields[] = {
    FIELD(struct tts_timed, audio, FIELD_TEXT, .flags = OUT, .max = 33554432, .doc = "The file in base64.",
          .example = "UklGRg=="),
    FIELD(struct tts_timed, media_type, FIELD_STRING, .flags = OUT, .example = "audio/wav"),
    FIELD(struct tts_timed, sample_rate, FIELD_INT, .flags = OUT, .min = 8000, .max = 48000, .example = "22050",
          .doc = "The voice's, in Hz."),
    FIELD(struct tts_timed, duration_ms, FIELD_NUMBER, .flags = OUT, .example = "1840"),
    FIELD(struct tts_timed, phonemes, FIELD_LIST, .flags = OUT, .max = 100000, .model = &phoneme_time_model),
    FIELD(struct tts_timed, words, FIELD_LIST, .flags = OUT, .max = 100000, .model = &spoken_word_model),
};
const struct model tts_timed_model =
    MODEL("TimedSpeech", struct tts_timed, timed_fields, "Speech with the times of its phonemes and words.");

static const struct field transcribe_fields[] = {
    FIELD(struct transcribe_request, language, FIELD_STRING, .min = 2, .max = 2, .example = "en",
          .doc = "ISO 639-1; detected unless given."),
    FIELD(struct transcribe_request, prompt, FIELD_TEXT, .max = 1000, .example = "Kubernetes, PostgreSQL",
          .doc = "Words to expect: names, terms."),
};
const struct model transcribe_request_model =
    MODEL("TranscribeRequest", struct transcribe_request, transcribe_fields, "How a sound file is to be read.");

static const struct field segment_fields[] = {
    FIELD(struct transcription_segment, start, FIELD_NUMBER, .flags = OUT, .doc = "Seconds.", .example = "0.4"),
    FIELD(struct transcription_segment, end, FIELD_NUMBER, .flags = OUT, .example = "2.9"),
    FIELD(struct transcription_segment, text, FIELD_TEXT, .flags = OUT, .max = 100000,
          .example = "Good morning, and welcome."),
};
const struct model transcription_segment_model =
    MODEL("TranscriptionSegment", struct transcription_segment, segment_fields, "A stretch of a transcript.");

static const struct field transcription_fields[] = {
    FIELD(struct transcription, language, FIELD_STRING, .flags = OUT, .example = "en"),
    FIELD(struct transcription, duration, FIELD_NUMBER, .flags = OUT, .doc = "Seconds of sound.", .example = "3.2"),
    FIELD(struct transcription, text, FIELD_TEXT, .flags = OUT, .max = 1000000, .example = "Good morning, and welcome.",
          .doc = "Empty when nothing was said."),
    FIELD(struct transcription, segments, FIELD_LIST, .flags = OUT, .max = 100000,
          .model = &transcription_segment_model),
};
const struct model transcription_model =
    MODEL("Transcription", struct transcription, transcription_fields, "What was heard.");
