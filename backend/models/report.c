#include "models/report.h"

#include "models/interview.h"
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
    FIELD(struct report_question, confidence, FIELD_NUMBER, .flags = FIELD_NULLABLE, .min = 0, .max = 1,
          .doc = "How clear the evidence is, 0 to 1; null when it could not be scored.", .example = "0.72"),
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

static const struct field summary_fields[] = {
    FIELD(struct report_summary, id, FIELD_ID, .flags = OUT),
    FIELD(struct report_summary, session_id, FIELD_ID, .flags = OUT),
    FIELD(struct report_summary, interview_id, FIELD_ID, .flags = OUT),
    FIELD(struct report_summary, candidate_id, FIELD_ID, .flags = OUT),
    FIELD(struct report_summary, interview_title, FIELD_STRING, .flags = OUT, .example = "Field engineer"),
    FIELD(struct report_summary, candidate_name, FIELD_STRING, .flags = OUT, .example = "Sam Example"),
    FIELD(struct report_summary, candidate_email, FIELD_EMAIL, .flags = OUT, .example = "sam@example.org"),
    FIELD(struct report_summary, status, FIELD_ENUM, .flags = OUT, .choices = report_status_choices),
    FIELD(struct report_summary, overall_score, FIELD_NUMBER, .flags = OUT_NULL,
          .doc = "1 to 5 to one decimal; null when nothing could be scored.", .example = "3.8"),
    FIELD(struct report_summary, summary, FIELD_TEXT, .flags = OUT, .max = 8000,
          .example = "Viva suggests level 3.8 from 5 of 5 answers."),
    FIELD(struct report_summary, scorer_version, FIELD_STRING, .flags = OUT, .example = "rubric-1-f84e902fcce6"),
    FIELD(struct report_summary, created_at, FIELD_TIME, .flags = OUT),
    FIELD(struct report_summary, updated_at, FIELD_TIME, .flags = OUT),
};
const struct model report_summary_model =
    MODEL("ReportSummary", struct report_summary, summary_fields, "A report in a list.");

static const struct field band_fields[] = {
    FIELD(struct score_band, from, FIELD_NUMBER, .flags = OUT, .example = "3.5"),
    FIELD(struct score_band, to, FIELD_NUMBER, .flags = OUT, .doc = "Not included, but for 5.", .example = "4"),
    FIELD(struct score_band, count, FIELD_INT, .flags = OUT, .example = "7"),
};
const struct model score_band_model =
    MODEL("ScoreBand", struct score_band, band_fields, "How many reports score in half a level.");

static const struct field interview_score_fields[] = {
    FIELD(struct interview_score, interview_id, FIELD_ID, .flags = OUT),
    FIELD(struct interview_score, title, FIELD_STRING, .flags = OUT, .example = "Field engineer"),
    FIELD(struct interview_score, count, FIELD_INT, .flags = OUT, .example = "12"),
    FIELD(struct interview_score, average, FIELD_NUMBER, .flags = OUT, .example = "3.4"),
    FIELD(struct interview_score, min, FIELD_NUMBER, .flags = OUT, .example = "1.8"),
    FIELD(struct interview_score, max, FIELD_NUMBER, .flags = OUT, .example = "4.7"),
};
const struct model interview_score_model =
    MODEL("InterviewScore", struct interview_score, interview_score_fields, "The scores of one interview.");

static const struct field category_score_fields[] = {
    FIELD(struct category_score, category, FIELD_ENUM, .flags = OUT, .choices = question_category_choices),
    FIELD(struct category_score, count, FIELD_INT, .flags = OUT, .doc = "Answers that were scored.", .example = "24"),
    FIELD(struct category_score, average, FIELD_NUMBER, .flags = OUT, .example = "3.1"),
};
const struct model category_score_model = MODEL("CategoryScore", struct category_score, category_score_fields,
                                                "The scores of the answers to one kind of question.");

static const struct field statistics_fields[] = {
    FIELD(struct report_statistics, reports, FIELD_INT, .flags = OUT, .example = "15"),
    FIELD(struct report_statistics, pending, FIELD_INT, .flags = OUT, .example = "1"),
    FIELD(struct report_statistics, ready, FIELD_INT, .flags = OUT, .example = "14"),
    FIELD(struct report_statistics, failed, FIELD_INT, .flags = OUT, .example = "0"),
    FIELD(struct report_statistics, scored, FIELD_INT, .flags = OUT, .example = "12",
          .doc = "Ready, with a score: the figures below are of these."),
    FIELD(struct report_statistics, average, FIELD_NUMBER, .flags = OUT_NULL, .example = "3.4"),
    FIELD(struct report_statistics, min, FIELD_NUMBER, .flags = OUT_NULL, .example = "1.8"),
    FIELD(struct report_statistics, max, FIELD_NUMBER, .flags = OUT_NULL, .example = "4.7"),
    FIELD(struct report_statistics, median, FIELD_NUMBER, .flags = OUT_NULL, .example = "3.5"),
    FIELD(struct report_statistics, distribution, FIELD_LIST, .flags = OUT, .model = &score_band_model,
          .doc = "Half a level each, from 1 to 5."),
    FIELD(struct report_statistics, by_interview, FIELD_LIST, .flags = OUT, .model = &interview_score_model,
          .doc = "The hundred with the most scored reports."),
    FIELD(struct report_statistics, by_category, FIELD_LIST, .flags = OUT, .model = &category_score_model,
          .doc = "Of single answers. Answers to questions deleted since are not counted."),
};
const struct model report_statistics_model =
    MODEL("ReportStatistics", struct report_statistics, statistics_fields, "How reports score.");
