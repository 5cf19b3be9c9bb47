#include "models/report.h"

#include "models/interview.h"
#include "models/report_parts.h"
#include "models/tables.h"

#include <math.h>

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

const struct choice report_reason_choices[] = {
    {"completed", "The interview was finished"},
    {"rubric_changed", "Questions or weights were changed"},
    {"requested", "Somebody asked for it"},
    {NULL, NULL},
};
const struct choice report_next_choices[] = {
    {"none", "None is being made"},
    {"completed", "The interview was finished"},
    {"rubric_changed", "Questions or weights were changed"},
    {"requested", "Somebody asked for it"},
    {NULL, NULL},
};
const struct choice report_abstained_choices[] = {
    {"none", "Scored"},
    {"no_answer", "No answer"},
    {"skipped", "Skipped"},
    {"one_word", "One word"},
    {"too_short", "Too short"},
    {"wrong_language", "Another language"},
    {"unclear_transcript", "The transcript is not reliable"},
    {"no_rubric", "Nothing to judge by"},
    {NULL, NULL},
};

#define THERE      FIELD_REQUIRED
#define THERE_NULL (FIELD_REQUIRED | FIELD_NULLABLE)
#define SINCE      0 /* not in what an earlier version of Viva stored */
#define SINCE_NULL FIELD_NULLABLE

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
    FIELD(struct report_question, abstained, FIELD_ENUM, .flags = SINCE, .choices = report_abstained_choices,
          .doc = "Why there is no score, as a word; reason_not_scored says it in plain words."),
    FIELD(struct report_question, competency, FIELD_STRING, .flags = SINCE, .max = 255, .example = "Problem solving"),
    FIELD(struct report_question, relevance, FIELD_NUMBER, .flags = SINCE_NULL, .max = 1,
          .doc = "Share of what was said that is about the question, 0 to 1.", .example = "0.8"),
    FIELD(struct report_question, specificity, FIELD_NUMBER, .flags = SINCE_NULL, .max = 1,
          .doc = "Share of sentences with something particular in them (figures, names, own deeds), 0 to 1.",
          .example = "0.4"),
    FIELD(struct report_question, correctness, FIELD_NUMBER, .flags = SINCE_NULL, .max = 1, .example = "0.7",
          .doc = "How much of the reference points a technical answer has, 0 to 1; null for other questions."),
    FIELD(struct report_question, transcript_quality, FIELD_NUMBER, .flags = SINCE_NULL, .max = 1, .example = "0.9",
          .doc = "The share of its transcript's words that is likely right, 0 to 1: the mean of the utterances' "
                 "confidence, by "
                 "their words. Null when it was typed or is not known."),
    FIELD(struct report_question, sentences, FIELD_INT, .flags = SINCE, .max = 1e6, .example = "14",
          .doc = "Of the answer."),
    FIELD(struct report_question, considered, FIELD_INT, .flags = SINCE, .max = 1e6, .example = "11",
          .doc = "Of them, those that can be evidence."),
    FIELD(
        struct report_question, follow_ups, FIELD_STRINGS, .flags = SINCE, .max = 10,
        .doc =
            "The follow-up questions that were asked in this answer. What was said to them is part of it; saying their "
            "words back is not.",
        .example = "[\"Could you tell me a little about how it ended?\"]"),
    FIELD(struct report_question, remarks, FIELD_STRINGS, .flags = SINCE, .max = 20,
          .doc = "What a reader must know of this answer."),
    FIELD(struct report_question, structure, FIELD_LIST, .flags = SINCE, .max = STRUCTURE_PARTS,
          .model = &report_structure_part_model,
          .doc = "Situation, task, action and result of a behavioral answer; empty for others. Not in the score."),
    FIELD(struct report_question, speech, FIELD_OBJECT, .flags = SINCE_NULL, .model = &report_speech_model,
          .doc = "How it was spoken; null when it was not. Never in the score."),
    FIELD(struct report_question, judge, FIELD_OBJECT, .flags = SINCE_NULL, .model = &report_judgement_model,
          .doc = "What a language model made of it; null when none is set, or there was nothing to judge."),
};
const struct model report_question_model =
    MODEL("ReportQuestion", struct report_question, question_fields, "The assessment of one answer.");

void report_question_fill(struct report_question *q)
{
#define NONE_UNLESS_GIVEN(member)                                                                                      \
    if (!model_given(&report_question_model, q, #member) || model_null(&report_question_model, q, #member))            \
    q->member = NAN
    NONE_UNLESS_GIVEN(confidence);
    NONE_UNLESS_GIVEN(relevance);
    NONE_UNLESS_GIVEN(specificity);
    NONE_UNLESS_GIVEN(correctness);
    NONE_UNLESS_GIVEN(transcript_quality);
#undef NONE_UNLESS_GIVEN
    if (!q->competency)
        q->competency = "";
}

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
    FIELD(struct report, version, FIELD_INT, .flags = OUT, .example = "2",
          .doc = "From 1, greater each time it is made again; 0: none was made yet."),
    FIELD(struct report, reason, FIELD_ENUM, .flags = OUT, .choices = report_reason_choices,
          .doc = "Why this version was made."),
    FIELD(struct report, next_reason, FIELD_ENUM, .flags = OUT, .choices = report_next_choices,
          .doc =
              "Why another version is being made: after the interview's end, when a version is ready, a language model "
              "reads the answers too."),
    FIELD(struct report, asks, FIELD_INT, .flags = STORED),
    FIELD(struct report, made_at, FIELD_TIME, .flags = OUT_NULL),
    FIELD(struct report, content, FIELD_OBJECT, .flags = OUT_NULL, .model = &report_content_model,
          .doc = "Competencies, strengths, gaps and the rest; null for reports of earlier versions of Viva."),
    FIELD(struct report, created_at, FIELD_TIME, .flags = OUT),
    FIELD(struct report, updated_at, FIELD_TIME, .flags = OUT),
    FIELD(struct report, latest_version, FIELD_INT, .flags = OUT_BESIDE, .example = "2",
          .doc = "The version that stands: this one unless another was asked for."),
    FIELD(struct report, human, FIELD_OBJECT, .flags = OUT_NULL | FIELD_NO_COLUMN, .model = &report_human_model,
          .doc = "The scores with people's levels; null when nobody has set one."),
    FIELD(struct report, sign_off, FIELD_OBJECT, .flags = OUT_NULL | FIELD_NO_COLUMN, .model = &report_sign_off_model,
          .doc = "Who stands behind it; null when nobody does."),
    FIELD(struct report, comparison, FIELD_OBJECT, .flags = OUT_NULL | FIELD_NO_COLUMN,
          .model = &report_comparison_model,
          .doc = "Among the interview's other candidates, as of now; null when there is nobody to compare with."),
    FIELD(struct report, integrity, FIELD_LIST, .flags = OUT_BESIDE, .model = &report_integrity_model,
          .doc = "What happened around the answers. Never in a score."),
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

static const struct field competency_score_fields[] = {
    FIELD(struct competency_score, competency, FIELD_STRING, .flags = OUT, .example = "Troubleshooting"),
    FIELD(struct competency_score, count, FIELD_INT, .flags = OUT, .doc = "Answers that were scored.", .example = "24"),
    FIELD(struct competency_score, average, FIELD_NUMBER, .flags = OUT, .example = "3.1"),
};
const struct model competency_score_model = MODEL("CompetencyScore", struct competency_score, competency_score_fields,
                                                  "The scores of the answers to questions that look at one thing.");

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
    FIELD(struct report_statistics, deviation, FIELD_NUMBER, .flags = OUT_NULL,
          .doc = "Standard deviation, of two and more.", .example = "0.8"),
    FIELD(struct report_statistics, distribution, FIELD_LIST, .flags = OUT, .model = &score_band_model,
          .doc = "Half a level each, from 1 to 5."),
    FIELD(struct report_statistics, by_interview, FIELD_LIST, .flags = OUT, .model = &interview_score_model,
          .doc = "The hundred with the most scored reports."),
    FIELD(struct report_statistics, by_category, FIELD_LIST, .flags = OUT, .model = &category_score_model,
          .doc = "Of single answers. Answers to questions deleted since are not counted."),
    FIELD(struct report_statistics, by_competency, FIELD_LIST, .flags = OUT, .model = &competency_score_model,
          .doc = "Of single answers, most first; at most 100."),
};
const struct model report_statistics_model =
    MODEL("ReportStatistics", struct report_statistics, statistics_fields, "How reports score.");
