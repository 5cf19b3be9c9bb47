#include "models/shared_report.h"

#include "models/tables.h"

static const struct field answer_fields[] = {
    FIELD(struct shared_answer, answer_id, FIELD_ID, .flags = OUT),
    FIELD(struct shared_answer, mode, FIELD_ENUM, .flags = OUT, .choices = answer_by_choices),
    FIELD(struct shared_answer, text, FIELD_TEXT, .flags = OUT, .max = 100000),
    FIELD(struct shared_answer, said, FIELD_LIST, .flags = OUT, .model = &utterance_model,
          .doc = "What the candidate said, with its times; empty when it was typed."),
    FIELD(struct shared_answer, recordings, FIELD_LIST, .flags = OUT, .model = &recording_segment_model,
          .doc = "Empty unless the link lets them be heard. Each media_url works as long as the link does."),
    FIELD(struct shared_answer, duration_ms, FIELD_INT, .flags = OUT, .example = "42000"),
};
const struct model shared_answer_model =
    MODEL("SharedAnswer", struct shared_answer, answer_fields, "The words of an answer in a shared report.");

static const struct field report_fields[] = {
    FIELD(struct shared_report, candidate_name, FIELD_STRING, .flags = OUT, .example = "Sam Example",
          .doc = "“Candidate” when names are hidden."),
    FIELD(struct shared_report, interview_title, FIELD_STRING, .flags = OUT, .example = "Field engineer"),
    FIELD(struct shared_report, interviewed_at, FIELD_TIME, .flags = OUT_NULL),
    FIELD(struct shared_report, expires_at, FIELD_TIME, .flags = OUT, .doc = "Until when the link works."),
    FIELD(struct shared_report, names_hidden, FIELD_BOOL, .flags = OUT,
          .doc = "Of the candidate and of those who reviewed."),
    FIELD(struct shared_report, recordings, FIELD_BOOL, .flags = OUT, .doc = "Whether the link lets them be heard."),
    FIELD(struct shared_report, report, FIELD_OBJECT, .flags = OUT, .model = &report_model),
    FIELD(struct shared_report, answers, FIELD_LIST, .flags = OUT, .model = &shared_answer_model),
};
const struct model shared_report_model =
    MODEL("SharedReport", struct shared_report, report_fields, "A report as it is read by a link.");
