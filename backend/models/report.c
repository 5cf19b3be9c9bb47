#include "models/report.h"

#include "models/tables.h"

const struct choice report_status_choices[] = {
    {"pending", "Being made"},
    {"ready", "Ready"},
    {"failed", "Failed"},
    {NULL, NULL},
};
const struct choice point_met_choices[] = {
    {"met", "Met"},
    {"partial", "Partly met"},
    {"missed", "Missed"},
    {NULL, NULL},
};

#define THERE      FIELD_REQUIRED
#define THERE_NULL (FIELD_REQUIRED | FIELD_NULLABLE)

/* Not OUT_ONLY: these two are read back from their stored JSON. No route takes them. */
static const struct field point_fields[] = {
    FIELD(struct report_point, text, FIELD_STRING, .flags = THERE, .max = 500, .doc = "What a good answer mentions."),
    FIELD(struct report_point, met, FIELD_ENUM, .flags = THERE, .choices = point_met_choices),
    FIELD(struct report_point, quote, FIELD_TEXT, .flags = THERE_NULL, .max = 20000,
          .doc = "Verbatim from the transcript: the evidence."),
    FIELD(struct report_point, start_ms, FIELD_NUMBER, .flags = THERE_NULL, .max = 1e12,
          .doc = "Where the quote is heard, from the answer's start; null when there is none or it was typed."),
    FIELD(struct report_point, end_ms, FIELD_NUMBER, .flags = THERE_NULL, .max = 1e12),
};
const struct model report_point_model =
    MODEL("ReportPoint", struct report_point, point_fields, "One rubric point, and the words that meet it.");

static const struct field question_fields[] = {
    FIELD(struct report_question, answer_id, FIELD_ID, .flags = THERE),
    FIELD(struct report_question, position, FIELD_INT, .flags = THERE, .min = 1, .max = 1000),
    FIELD(struct report_question, question_text, FIELD_TEXT, .flags = THERE, .max = 1000),
    FIELD(struct report_question, score, FIELD_NUMBER, .flags = THERE_NULL, .min = 1, .max = 5,
          .doc = "1 to 5; null when it could not be scored."),
    FIELD(struct report_question, level_text, FIELD_STRING, .flags = THERE, .max = 500, .doc = "What the score means."),
    FIELD(struct report_question, explanation, FIELD_TEXT, .flags = THERE, .max = 4000, .doc = "How it came about."),
    FIELD(struct report_question, reason_not_scored, FIELD_TEXT, .flags = THERE_NULL, .max = 1000),
    FIELD(struct report_question, points, FIELD_LIST, .flags = THERE, .max = 100, .model = &report_point_model),
};
const struct model report_question_model =
    MODEL("ReportQuestion", struct report_question, question_fields, "The assessment of one answer.");

static const struct field report_fields[] = {
    FIELD(struct report, id, FIELD_ID, .flags = OUT),
    FIELD(struct report, session_id, FIELD_ID, .flags = OUT),
    FIELD(struct report, status, FIELD_ENUM, .flags = OUT, .choices = report_status_choices),
    FIELD(struct report, overall_score, FIELD_NUMBER, .flags = OUT_NULL,
          .doc = "1 to 5 to one decimal; null when nothing could be scored.", .example = "3.8"),
    FIELD(struct report, summary, FIELD_TEXT, .flags = OUT, .max = 8000),
    FIELD(struct report, questions, FIELD_LIST, .flags = OUT, .max = 100, .model = &report_question_model),
    FIELD(struct report, scorer_version, FIELD_STRING, .flags = OUT,
          .doc = "Which scorer made it: the same version scores the same."),
    FIELD(struct report, error, FIELD_TEXT, .flags = STORED_NULL),
    FIELD(struct report, created_at, FIELD_TIME, .flags = OUT),
    FIELD(struct report, updated_at, FIELD_TIME, .flags = OUT),
};
const struct model report_model = MODEL("Report", struct report, report_fields, "The assessment of a session.");
