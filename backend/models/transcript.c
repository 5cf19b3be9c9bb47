#include "models/transcript.h"

#include "models/session.h"
#include "models/tables.h"

#define SPOKEN "We checked the raw data first."
#define WORDS  "[[\"We\", 1200, 1310, 0.98], [\"checked\", 1310, 1640, 0.95]]"

static const struct field line_fields[] = {
    FIELD(struct transcript_line, speaker, FIELD_ENUM, .flags = OUT, .choices = utterance_speaker_choices),
    FIELD(struct transcript_line, start_ms, FIELD_INT, .flags = OUT, .doc = "From the answer's start.",
          .example = "1200"),
    FIELD(struct transcript_line, end_ms, FIELD_INT, .flags = OUT, .example = "3400"),
    FIELD(struct transcript_line, text, FIELD_TEXT, .flags = OUT, .max = 20000, .example = SPOKEN),
    FIELD(struct transcript_line, words, FIELD_JSON, .flags = OUT_NULL,
          .doc = "The times of its words, from the answer's start: [word, start_ms, end_ms, probability] each; "
                 "probability: that it is the word that was said, 0 to 1. Null when they are not known.",
          .example = WORDS),
    FIELD(struct transcript_line, confidence, FIELD_NUMBER, .flags = OUT_NULL, .max = 1,
          .doc = "The share of its words that is likely right, 0 to 1: the mean of their probabilities, which are "
                 "calibrated "
                 "on English speech with and without noise. Words that were not heard at all it knows nothing of. Null "
                 "when it is not known.",
          .example = "0.91"),
    FIELD(struct transcript_line, other_language, FIELD_STRING, .flags = OUT_NULL, .max = 8,
          .doc = "What it sounds like (ISO 639-1) when that is not the interview's language: its text is then "
                 "unreliable. Null otherwise.",
          .example = "de"),
    FIELD(struct transcript_line, follow_up, FIELD_TEXT, .flags = OUT_NULL, .max = 1000,
          .doc = "The point that the interviewer asks about with it: a follow-up question. Null for everything else.",
          .example = "How it ended"),
    FIELD(struct transcript_line, typed, FIELD_BOOL, .flags = OUT, .doc = "Typed: no recording has it."),
};
const struct model transcript_line_model =
    MODEL("TranscriptLine", struct transcript_line, line_fields, "A piece of what was said.");

static const struct field answer_fields[] = {
    FIELD(struct transcript_answer, answer_id, FIELD_ID, .flags = OUT),
    FIELD(struct transcript_answer, position, FIELD_INT, .flags = OUT, .example = "1"),
    FIELD(struct transcript_answer, question_text, FIELD_TEXT, .flags = OUT,
          .example = "Tell me about a fault that you found."),
    FIELD(struct transcript_answer, mode, FIELD_ENUM, .flags = OUT, .choices = answer_by_choices),
    FIELD(struct transcript_answer, started_at, FIELD_TIME, .flags = OUT),
    FIELD(struct transcript_answer, offset_ms, FIELD_INT, .flags = OUT,
          .doc = "Of the answer's start from the beginning of the interview.", .example = "61000"),
    FIELD(struct transcript_answer, duration_ms, FIELD_INT, .flags = OUT, .doc = "0 while it is open.",
          .example = "48000"),
    FIELD(struct transcript_answer, lines, FIELD_LIST, .flags = OUT, .model = &transcript_line_model,
          .doc = "Empty when it was typed."),
    FIELD(struct transcript_answer, text, FIELD_TEXT, .flags = OUT, .max = 100000,
          .doc = "The whole answer, spoken and typed, as it is assessed.", .example = SPOKEN),
};
const struct model transcript_answer_model =
    MODEL("TranscriptAnswer", struct transcript_answer, answer_fields, "A question, and what was said to it.");

static const struct field transcript_fields[] = {
    FIELD(struct session_transcript, session_id, FIELD_ID, .flags = OUT),
    FIELD(struct session_transcript, interview_title, FIELD_STRING, .flags = OUT, .example = "Field engineer"),
    FIELD(struct session_transcript, candidate_name, FIELD_STRING, .flags = OUT, .example = "Sam Example"),
    FIELD(struct session_transcript, started_at, FIELD_TIME, .flags = OUT_NULL),
    FIELD(struct session_transcript, answers, FIELD_LIST, .flags = OUT, .model = &transcript_answer_model),
};
const struct model session_transcript_model =
    MODEL("SessionTranscript", struct session_transcript, transcript_fields, "What was asked and said, with times.");

const struct choice timeline_kind_choices[] = {
    {"registered", "Registered"},
    {"consent_recording", "Agreed to being recorded"},
    {"consent_ai", "Agreed to assessment by software"},
    {"resume_uploaded", "Resume uploaded"},
    {"interview_started", "Interview begun"},
    {"answer", "Answer"},
    {"interrupted", "Recording interrupted and gone on with"},
    {"completed", "Interview finished"},
    {"withdrawn", "Withdrawn"},
    {"report_ready", "Report ready"},
    {"report_failed", "Report could not be made"},
    {"note", "Note"},
    {NULL, NULL},
};

static const struct field event_fields[] = {
    FIELD(struct timeline_event, at, FIELD_TIME, .flags = OUT),
    FIELD(struct timeline_event, kind, FIELD_ENUM, .flags = OUT, .choices = timeline_kind_choices),
    FIELD(struct timeline_event, text, FIELD_TEXT, .flags = OUT_NULL, .max = 10000,
          .doc = "The question, the note, the name of the file; null for other kinds.",
          .example = "Tell me about a fault that you found."),
    FIELD(struct timeline_event, position, FIELD_INT, .flags = OUT, .doc = "Of an answer, from 1; else 0.",
          .example = "1"),
    FIELD(struct timeline_event, duration_ms, FIELD_INT, .flags = OUT,
          .doc = "Of an answer; 0 while it is open and for other kinds.", .example = "48000"),
    FIELD(struct timeline_event, subject_id, FIELD_ID, .flags = OUT_NULL, .doc = "The answer, note or report."),
};
const struct model timeline_event_model =
    MODEL("TimelineEvent", struct timeline_event, event_fields, "One thing that happened.");

static const struct field timeline_fields[] = {
    FIELD(struct timeline, candidate_id, FIELD_ID, .flags = OUT),
    FIELD(struct timeline, session_id, FIELD_ID, .flags = OUT),
    FIELD(struct timeline, events, FIELD_LIST, .flags = OUT, .model = &timeline_event_model, .doc = "Oldest first."),
};
const struct model timeline_model =
    MODEL("Timeline", struct timeline, timeline_fields, "What happened with a candidate, from registration on.");
