#include "models/session.h"

#include "models/report.h"
#include "models/tables.h"

#include <string.h>

#define WORDS "[[\"We\", 1200, 1310, 0.98], [\"checked\", 1310, 1640, 0.95]]"

const struct choice session_status_choices[] = {
    {"registered", "Registered"},
    {"in_progress", "In progress"},
    {"completed", "Completed"},
    {"withdrawn", "Withdrawn"},
    {NULL, NULL},
};
const struct choice answer_status_choices[] = {
    {"open", "Open"},
    {"ended", "Ended"},
    {NULL, NULL},
};
const struct choice answer_by_choices[] = {
    {"none", "Nothing said"},
    {"voice", "Spoken"},
    {"text", "Typed"},
    {NULL, NULL},
};
const struct choice utterance_speaker_choices[] = {
    {"candidate", "Candidate"},
    {"interviewer", "Interviewer"},
    {NULL, NULL},
};
const struct choice recording_status_choices[] = {
    {"uploading", "Uploading"}, {"processing", "Processing"}, {"ready", "Ready"}, {"failed", "Failed"}, {NULL, NULL},
};
const struct choice session_report_choices[] = {
    {"none", "None"}, {"pending", "Being made"}, {"ready", "Ready"}, {"failed", "Failed"}, {NULL, NULL},
};

const struct choice session_event_kind_choices[] = {
    {"tab_hidden", "Went to another window"},
    {"tab_visible", "Came back to the interview"},
    {"pasted", "Pasted text"},
    {"connection_lost", "Connection lost"},
    {"connection_back", "Connected again"},
    {"other_device", "Went on at another device"},
    {"microphone_lost", "Microphone gone"},
    {"microphone_back", "Microphone back"},
    {"paused", "Paused"},
    {"resumed", "Went on after a pause"},
    {"extended", "Asked for more time"},
    {"second_voice", "A second voice was heard"},
    {NULL, NULL},
};

static const struct field session_fields[] = {
    FIELD(struct session, id, FIELD_ID, .flags = OUT),
    FIELD(struct session, interview_id, FIELD_ID, .flags = OUT),
    FIELD(struct session, candidate_id, FIELD_ID, .flags = OUT),
    FIELD(struct session, status, FIELD_ENUM, .flags = OUT, .choices = session_status_choices),
    FIELD(struct session, position, FIELD_INT, .flags = OUT),
    FIELD(struct session, created_at, FIELD_TIME, .flags = OUT),
    FIELD(struct session, started_at, FIELD_TIME, .flags = OUT_NULL),
    FIELD(struct session, completed_at, FIELD_TIME, .flags = OUT_NULL),
    FIELD(struct session, updated_at, FIELD_TIME, .flags = OUT),
    FIELD(struct session, recordings_erased_at, FIELD_TIME, .flags = OUT_NULL),
    FIELD(struct session, preview, FIELD_BOOL, .flags = OUT, .doc = "The owner's walk through it; counted nowhere."),
    FIELD(struct session, slower, FIELD_BOOL, .flags = OUT),
    FIELD(struct session, paused_at, FIELD_TIME, .flags = OUT_NULL),
    FIELD(struct session, paused_ms, FIELD_INT, .flags = OUT),
    FIELD(struct session, partial, FIELD_BOOL, .flags = OUT),
};
const struct model session_model = MODEL("SessionRow", struct session, session_fields, "A row of interview_sessions.");

static const struct field utterance_fields[] = {
    FIELD(struct utterance, id, FIELD_ID, .flags = OUT),
    FIELD(struct utterance, response_id, FIELD_ID, .flags = STORED),
    FIELD(struct utterance, seq, FIELD_INT, .flags = STORED),
    FIELD(struct utterance, speaker, FIELD_ENUM, .flags = OUT, .choices = utterance_speaker_choices),
    FIELD(struct utterance, start_ms, FIELD_INT, .flags = OUT,
          .doc = "From the answer's start; negative: said before it began, as its question is."),
    FIELD(struct utterance, end_ms, FIELD_INT, .flags = OUT),
    FIELD(struct utterance, text, FIELD_TEXT, .flags = OUT, .max = 20000),
    FIELD(struct utterance, words, FIELD_JSON, .flags = OUT_NULL,
          .doc = "The times of its words, from the answer's start: [word, start_ms, end_ms, probability] each; "
                 "probability: that it is the word that was said, 0 to 1. Null when they are not known.",
          .example = WORDS),
    FIELD(struct utterance, confidence, FIELD_NUMBER, .flags = OUT_NULL, .max = 1,
          .doc = "The share of its words that is likely right, 0 to 1: the mean of their probabilities, which are "
                 "calibrated "
                 "on English speech with and without noise. Words that were not heard at all it knows nothing of. Null "
                 "when it is not known.",
          .example = "0.91"),
    FIELD(struct utterance, other_language, FIELD_STRING, .flags = OUT_NULL, .max = 8,
          .doc = "What it sounds like (ISO 639-1) when that is not the interview's language: its text is then "
                 "unreliable. Null otherwise.",
          .example = "de"),
    FIELD(struct utterance, before_ms, FIELD_INT, .flags = STORED),
    FIELD(struct utterance, follow_up, FIELD_TEXT, .flags = OUT_NULL, .max = 1000,
          .doc =
              "The point that the interviewer asks about with it: a follow-up question, which the rest of the answer "
              "is an answer to. Null for everything else.",
          .example = "How it ended"),
    FIELD(struct utterance, typed, FIELD_BOOL, .flags = OUT, .doc = "Typed by the candidate: no recording has it."),
};
const struct model utterance_model =
    MODEL("Utterance", struct utterance, utterance_fields, "A piece of what was said, with its times.");

static const struct field session_event_fields[] = {
    FIELD(struct session_event, id, FIELD_ID, .flags = OUT),
    FIELD(struct session_event, session_id, FIELD_ID, .flags = STORED),
    FIELD(struct session_event, at, FIELD_TIME, .flags = OUT),
    FIELD(struct session_event, kind, FIELD_ENUM, .flags = OUT, .choices = session_event_kind_choices),
    FIELD(struct session_event, detail, FIELD_TEXT, .flags = OUT, .max = 1000),
};
const struct model session_event_model =
    MODEL("SessionEvent", struct session_event, session_event_fields, "What happened around a conversation.");

static const struct field recording_fields[] = {
    FIELD(struct recording_segment, id, FIELD_ID, .flags = STORED),
    FIELD(struct recording_segment, response_id, FIELD_ID, .flags = STORED),
    FIELD(struct recording_segment, segment, FIELD_INT, .flags = OUT, .doc = "From 0 within the answer."),
    FIELD(struct recording_segment, media_type, FIELD_STRING, .flags = OUT, .example = "video/webm"),
    FIELD(struct recording_segment, offset_ms, FIELD_INT, .flags = OUT,
          .doc = "Of the recording's own beginning from the answer's start."),
    FIELD(struct recording_segment, lead_ms, FIELD_INT, .flags = OUT, .example = "0",
          .doc = "How much of the recording lies before the answer's start: of one that began over the question."),
    FIELD(struct recording_segment, next_seq, FIELD_INT, .flags = STORED),
    FIELD(struct recording_segment, bytes, FIELD_INT, .flags = STORED),
    FIELD(struct recording_segment, status, FIELD_ENUM, .flags = OUT, .choices = recording_status_choices),
    FIELD(struct recording_segment, media_key, FIELD_STRING, .flags = STORED_NULL),
    FIELD(struct recording_segment, duration_ms, FIELD_INT, .flags = OUT),
    FIELD(struct recording_segment, error, FIELD_STRING, .flags = STORED_NULL),
    FIELD(struct recording_segment, created_at, FIELD_TIME, .flags = STORED),
    FIELD(struct recording_segment, updated_at, FIELD_TIME, .flags = STORED),
    FIELD(struct recording_segment, media_url, FIELD_STRING, .flags = OUT_NULL | FIELD_NO_COLUMN, .max = 2048,
          .doc = "Relative, with what it opens by; null until ready."),
};
const struct model recording_segment_model =
    MODEL("Recording", struct recording_segment, recording_fields, "A stretch of an answer's recording.");

static const struct field answer_fields[] = {
    FIELD(struct answer, id, FIELD_ID, .flags = OUT),
    FIELD(struct answer, session_id, FIELD_ID, .flags = STORED),
    FIELD(struct answer, question_id, FIELD_ID, .flags = OUT_NULL, .doc = "Null when the question was deleted."),
    FIELD(struct answer, position, FIELD_INT, .flags = OUT),
    FIELD(struct answer, question_text, FIELD_TEXT, .flags = OUT, .doc = "As it was asked."),
    FIELD(struct answer, competency, FIELD_STRING, .flags = STORED),
    FIELD(struct answer, points, FIELD_STRINGS, .flags = STORED),
    FIELD(struct answer, time_limit_s, FIELD_INT, .flags = STORED),
    FIELD(struct answer, extended_s, FIELD_INT, .flags = OUT,
          .doc = "Seconds by which the candidate asked for more time."),
    FIELD(struct answer, paused_ms, FIELD_INT, .flags = STORED),
    FIELD(struct answer, status, FIELD_ENUM, .flags = OUT, .choices = answer_status_choices),
    FIELD(struct answer, mode, FIELD_ENUM, .flags = OUT, .choices = answer_by_choices),
    FIELD(struct answer, skipped, FIELD_BOOL, .flags = OUT, .doc = "The candidate chose to go on without answering."),
    FIELD(struct answer, text, FIELD_TEXT, .flags = OUT, .max = 100000),
    FIELD(struct answer, started_at, FIELD_TIME, .flags = OUT),
    FIELD(struct answer, ended_at, FIELD_TIME, .flags = OUT_NULL),
    FIELD(struct answer, score, FIELD_NUMBER, .flags = STORED_NULL),
    FIELD(struct answer, duration_ms, FIELD_INT, .flags = OUT_BESIDE),
    FIELD(struct answer, utterances, FIELD_LIST, .flags = OUT_BESIDE, .model = &utterance_model),
    FIELD(struct answer, recordings, FIELD_LIST, .flags = OUT_BESIDE, .model = &recording_segment_model),
};
const struct model answer_model = MODEL("Answer", struct answer, answer_fields, "The answer to one question.");

const char *answer_typed_part(const struct answer *x)
{
    const struct utterance *u = x->utterances.items;
    const char *text = x->text ? x->text : "", *p = text;
    for (size_t i = 0; i < x->utterances.count; i++) {
        const size_t n = strlen(u[i].text);
        if (u[i].speaker != UTTERANCE_CANDIDATE || !n)
            continue;
        p += p > text && *p == ' ';
        if (strncmp(p, u[i].text, n) != 0)
            return x->mode == ANSWER_BY_TEXT ? text : "";
        p += n;
    }
    return p + strspn(p, " \t\r\n");
}

/* The detail is the summary and two members more. */
static const struct field view_fields[] = {
    FIELD(struct session_view, id, FIELD_ID, .flags = OUT),
    FIELD(struct session_view, interview_id, FIELD_ID, .flags = OUT),
    FIELD(struct session_view, interview_title, FIELD_STRING, .flags = OUT),
    FIELD(struct session_view, candidate, FIELD_OBJECT, .flags = OUT, .model = &candidate_model),
    FIELD(struct session_view, status, FIELD_ENUM, .flags = OUT, .choices = session_status_choices),
    FIELD(struct session_view, created_at, FIELD_TIME, .flags = OUT, .doc = "When the candidate registered."),
    FIELD(struct session_view, started_at, FIELD_TIME, .flags = OUT_NULL),
    FIELD(struct session_view, completed_at, FIELD_TIME, .flags = OUT_NULL),
    FIELD(struct session_view, question_count, FIELD_INT, .flags = OUT),
    FIELD(struct session_view, answered_count, FIELD_INT, .flags = OUT),
    FIELD(struct session_view, overall_score, FIELD_NUMBER, .flags = OUT_NULL,
          .doc = "1 to 5; null while there is none.", .example = "3.8"),
    FIELD(struct session_view, report_status, FIELD_ENUM, .flags = OUT, .choices = session_report_choices),
    FIELD(struct session_view, recordings_erased_at, FIELD_TIME, .flags = OUT_NULL,
          .doc = "When its recordings had been kept long enough; null while they are there."),
    FIELD(struct session_view, partial, FIELD_BOOL, .flags = OUT,
          .doc = "Closed before its last question was answered, because its time was over."),
    FIELD(struct session_view, answers, FIELD_LIST, .flags = OUT, .model = &answer_model),
    FIELD(struct session_view, report, FIELD_OBJECT, .flags = OUT_NULL, .model = &report_model),
};
const struct model session_detail_model = MODEL("SessionDetail", struct session_view, view_fields,
                                                "A session with all that was said, recorded and reported.");
const struct model session_summary_model = {
    .name = "SessionSummary",
    .doc = "One candidate's interview in a list.",
    .size = sizeof(struct session_view),
    .fields = view_fields,
    .n_fields = sizeof view_fields / sizeof view_fields[0] - 2,
};
