#include "models/report_parts.h"

#include "models/tables.h"

const struct choice structure_part_choices[] = {
    {"situation", "Situation"}, {"task", "Task"}, {"action", "Action"}, {"result", "Result"}, {NULL, NULL},
};
const struct choice speech_measure_choices[] = {
    {"talk_time", "Talk time"},
    {"pace", "Pace"},
    {"pauses", "Pauses"},
    {"longest_pause", "Longest pause"},
    {"pause_share", "Share of pauses"},
    {"fillers", "Fillers"},
    {"latency", "Time to answer"},
    {NULL, NULL},
};
const struct choice sign_off_outcome_choices[] = {
    {"none", "Not said"},
    {"advance", "Goes on"},
    {"decline", "Does not go on"},
    {NULL, NULL},
};

/* ---- kept with the report. Not OUT_ONLY: read back from their stored JSON. No route takes them. ---- */

#define THERE      FIELD_REQUIRED
#define THERE_NULL (FIELD_REQUIRED | FIELD_NULLABLE)
#define TIMES(type)                                                                                                    \
    FIELD(type, start_ms, FIELD_NUMBER, .flags = THERE_NULL, .max = 1e12,                                              \
          .doc = "From the answer's start; null when there is no quote or it was typed."),                             \
        FIELD(type, end_ms, FIELD_NUMBER, .flags = THERE_NULL, .max = 1e12)

static const struct field structure_fields[] = {
    FIELD(struct report_structure_part, part, FIELD_ENUM, .flags = THERE, .choices = structure_part_choices),
    FIELD(struct report_structure_part, found, FIELD_BOOL, .flags = THERE),
    FIELD(struct report_structure_part, quote, FIELD_TEXT, .flags = THERE_NULL, .max = 20000,
          .doc = "Verbatim; null when the part was not found."),
    TIMES(struct report_structure_part),
};
const struct model report_structure_part_model =
    MODEL("ReportStructurePart", struct report_structure_part, structure_fields, "A part of an answer's structure.");

static const struct field speech_fields[] = {
    FIELD(struct report_speech, words, FIELD_INT, .flags = THERE, .max = 1e9, .example = "212"),
    FIELD(struct report_speech, talk_ms, FIELD_INT, .flags = THERE, .max = 1e12, .doc = "Talking, without pauses.",
          .example = "84000"),
    FIELD(struct report_speech, pace, FIELD_NUMBER, .flags = THERE_NULL, .max = 1e6,
          .doc = "Words a minute of talking.", .example = "151"),
    FIELD(struct report_speech, pauses, FIELD_INT, .flags = THERE, .max = 1e9, .example = "4",
          .doc = "Between words, of a second and more."),
    FIELD(struct report_speech, longest_ms, FIELD_INT, .flags = THERE, .max = 1e12, .doc = "The longest pause.",
          .example = "2300"),
    FIELD(struct report_speech, pause_share, FIELD_NUMBER, .flags = THERE_NULL, .max = 1, .example = "0.1",
          .doc = "Of the time from the first word to the last, 0 to 1."),
    FIELD(struct report_speech, fillers, FIELD_INT, .flags = THERE, .max = 1e9, .example = "3",
          .doc = "Um, uh and the like, as far as the recogniser writes them down."),
    FIELD(struct report_speech, fillers_per_100, FIELD_NUMBER, .flags = THERE_NULL, .max = 100, .example = "1.4"),
    FIELD(struct report_speech, latency_ms, FIELD_NUMBER, .flags = THERE_NULL, .max = 1e12, .example = "1800",
          .doc = "From the question's end to the first word; null when it is not known."),
};
const struct model report_speech_model =
    MODEL("ReportSpeech", struct report_speech, speech_fields, "How an answer was spoken. Never in a score.");

static const struct field measure_fields[] = {
    FIELD(struct report_measure, measure, FIELD_ENUM, .flags = THERE, .choices = speech_measure_choices),
    FIELD(struct report_measure, value, FIELD_NUMBER, .flags = THERE, .max = 1e12, .example = "151"),
    FIELD(struct report_measure, unit, FIELD_STRING, .flags = THERE, .example = "words a minute"),
    FIELD(struct report_measure, explanation, FIELD_TEXT, .flags = THERE, .max = 1000,
          .example = "151 words a minute while talking; between 110 and 180 is usual."),
};
const struct model report_measure_model =
    MODEL("ReportMeasure", struct report_measure, measure_fields, "A figure of how it was spoken, explained.");

const struct choice judge_outcome_choices[] = {
    {"agreed", "Agreed"},
    {"raised", "Raised by a level at most"},
    {"lowered", "Lowered by a level at most"},
    {"undecided", "Came to nothing"},
    {"unavailable", "Could not be reached"},
    {"not_asked", "Was not asked"},
    {NULL, NULL},
};
const struct choice judge_verdict_choices[] = {
    {"met", "Met"}, {"partial", "Partly met"}, {"missed", "Missed"}, {"none", "No majority"}, {NULL, NULL},
};

#define VOTES(member, doc_)                                                                                            \
    FIELD(struct report_verdict, member, FIELD_INT, .flags = THERE, .max = 100, .example = "1", .doc = (doc_))

static const struct field verdict_fields[] = {
    FIELD(struct report_verdict, text, FIELD_STRING, .flags = THERE, .example = "names a tool", .doc = "The point."),
    FIELD(struct report_verdict, verdict, FIELD_ENUM, .flags = THERE, .choices = judge_verdict_choices,
          .doc = "Of the majority of the votes."),
    VOTES(met, "Votes that count."),
    VOTES(partial, "Votes that count."),
    VOTES(missed, "Votes that count."),
    VOTES(discarded, "Votes thrown away: their quote is not in the transcript, or is no evidence for the point."),
    FIELD(struct report_verdict, quote, FIELD_TEXT, .flags = THERE_NULL, .max = 20000,
          .doc = "The sentences of the transcript that were quoted; null when there is no quote."),
    TIMES(struct report_verdict),
};
const struct model report_verdict_model =
    MODEL("ReportVerdict", struct report_verdict, verdict_fields, "What a language model says of one point.");

static const struct field judgement_fields[] = {
    FIELD(struct report_judgement, outcome, FIELD_ENUM, .flags = THERE, .choices = judge_outcome_choices),
    FIELD(struct report_judgement, statement, FIELD_TEXT, .flags = THERE, .max = 4000,
          .example = "A language model read this answer too and agrees with the level."),
    FIELD(struct report_judgement, model, FIELD_STRING, .flags = THERE, .example = "openai llama-3.1-8b"),
    FIELD(struct report_judgement, machine_score, FIELD_NUMBER, .flags = THERE, .max = 5, .example = "3.4",
          .doc = "What the scorer gave."),
    FIELD(struct report_judgement, moved, FIELD_NUMBER, .flags = THERE, .min = -1, .max = 1, .example = "0",
          .doc = "By how much the score differs from it: a level at most."),
    FIELD(struct report_judgement, votes_asked, FIELD_INT, .flags = THERE, .max = 100, .example = "3"),
    FIELD(struct report_judgement, votes, FIELD_INT, .flags = THERE, .max = 100, .example = "3",
          .doc = "Replies that could be read."),
    FIELD(struct report_judgement, verdicts, FIELD_LIST, .flags = THERE, .max = 100, .model = &report_verdict_model,
          .doc = "One for each point; empty when nothing came back."),
};
const struct model report_judgement_model = MODEL("ReportJudgement", struct report_judgement, judgement_fields,
                                                  "A language model's second reading of an answer.");

static const struct field competency_fields[] = {
    FIELD(struct report_competency, name, FIELD_STRING, .flags = THERE, .max = 255, .example = "Problem solving"),
    FIELD(struct report_competency, weight, FIELD_NUMBER, .flags = THERE, .max = 1, .example = "0.4",
          .doc = "Its share of the overall score, 0 to 1; 0 when none of its answers was scored."),
    FIELD(struct report_competency, score, FIELD_NUMBER, .flags = THERE_NULL, .max = 5, .example = "3.6",
          .doc = "1 to 5 to one decimal; null when none of its answers was scored."),
    FIELD(struct report_competency, questions, FIELD_INT, .flags = THERE, .max = 1000, .example = "3"),
    FIELD(struct report_competency, scored, FIELD_INT, .flags = THERE, .max = 1000, .example = "2"),
};
const struct model report_competency_model = MODEL("ReportCompetency", struct report_competency, competency_fields,
                                                   "The score of what several questions look at.");

static const struct field finding_fields[] = {
    FIELD(struct report_finding, answer_id, FIELD_ID, .flags = THERE),
    FIELD(struct report_finding, position, FIELD_INT, .flags = THERE, .min = 1, .max = 1000),
    FIELD(struct report_finding, text, FIELD_STRING, .flags = THERE, .example = "names a tool"),
    FIELD(struct report_finding, quote, FIELD_TEXT, .flags = THERE_NULL, .max = 20000),
    TIMES(struct report_finding),
};
const struct model report_finding_model =
    MODEL("ReportFinding", struct report_finding, finding_fields, "A point that was made, or one that was not.");

static const struct field follow_up_fields[] = {
    FIELD(struct report_follow_up, position, FIELD_INT, .flags = THERE, .min = 1, .max = 1000),
    FIELD(struct report_follow_up, question, FIELD_TEXT, .flags = THERE, .max = 2000,
          .example = "When you found the fault, how did it end?"),
    FIELD(struct report_follow_up, about, FIELD_STRING, .flags = THERE, .example = "says how it ended"),
};
const struct model report_follow_up_model =
    MODEL("ReportFollowUp", struct report_follow_up, follow_up_fields, "What a person may ask next.");

static const struct field made_with_fields[] = {
    FIELD(struct report_made_with, application, FIELD_STRING, .flags = THERE, .example = "0.2.0"),
    FIELD(struct report_made_with, scorer, FIELD_STRING, .flags = THERE, .example = "rubric-1-f84e902fcce6"),
    FIELD(struct report_made_with, embeddings, FIELD_STRING, .flags = THERE, .example = "minilm"),
    FIELD(struct report_made_with, judge, FIELD_STRING, .flags = THERE, .doc = "Empty: none was asked."),
    FIELD(struct report_made_with, prompt, FIELD_STRING, .flags = THERE, .doc = "Of the judge."),
    FIELD(struct report_made_with, speech_to_text, FIELD_STRING, .flags = THERE, .example = "whisper base"),
    FIELD(struct report_made_with, text_to_speech, FIELD_STRING, .flags = THERE, .example = "piper en_US-joe-medium"),
};
const struct model report_made_with_model =
    MODEL("ReportMadeWith", struct report_made_with, made_with_fields, "Versions of all that produced the report.");

static const struct field content_fields[] = {
    FIELD(struct report_content, asked, FIELD_INT, .flags = THERE, .max = 1000, .example = "8",
          .doc = "Questions of the interview."),
    FIELD(struct report_content, answered, FIELD_INT, .flags = THERE, .max = 1000, .example = "8",
          .doc = "Of them, those with an answer."),
    FIELD(struct report_content, partial, FIELD_BOOL, .flags = THERE,
          .doc = "The interview ended before its last question."),
    FIELD(struct report_content, weights_set, FIELD_BOOL, .flags = THERE,
          .doc = "By the interviewer; else every question counts the same."),
    FIELD(struct report_content, competencies, FIELD_LIST, .flags = THERE, .model = &report_competency_model),
    FIELD(struct report_content, strengths, FIELD_LIST, .flags = THERE, .model = &report_finding_model,
          .doc = "Points that were made, with the words, the clearest first."),
    FIELD(struct report_content, gaps, FIELD_LIST, .flags = THERE, .model = &report_finding_model,
          .doc = "Points that were not made, or only touched."),
    FIELD(struct report_content, ask_next, FIELD_LIST, .flags = THERE, .model = &report_follow_up_model,
          .doc = "For the next conversation, out of the gaps."),
    FIELD(struct report_content, speech, FIELD_LIST, .flags = THERE, .model = &report_measure_model,
          .doc = "How it was spoken, over all answers. Never in a score; empty when nothing was spoken."),
    FIELD(struct report_content, scale, FIELD_STRINGS, .flags = THERE, .max = 5,
          .doc = "What levels 1 to 5 mean, the lowest first: for people's levels too."),
    FIELD(struct report_content, made_with, FIELD_OBJECT, .flags = THERE_NULL, .model = &report_made_with_model),
};
const struct model report_content_model =
    MODEL("ReportContent", struct report_content, content_fields, "What a report says beside its questions.");

/* ---- versions ---- */

static const struct field version_fields[] = {
    FIELD(struct report_version, report_id, FIELD_ID, .flags = OUT),
    FIELD(struct report_version, version, FIELD_INT, .flags = OUT),
    FIELD(struct report_version, reason, FIELD_ENUM, .flags = OUT, .choices = report_reason_choices),
    FIELD(struct report_version, overall_score, FIELD_NUMBER, .flags = OUT_NULL),
    FIELD(struct report_version, summary, FIELD_TEXT, .flags = OUT, .max = 8000),
    FIELD(struct report_version, questions, FIELD_LIST, .flags = OUT, .max = 100, .model = &report_question_model),
    FIELD(struct report_version, content, FIELD_OBJECT, .flags = OUT_NULL, .model = &report_content_model),
    FIELD(struct report_version, scorer_version, FIELD_STRING, .flags = OUT),
    FIELD(struct report_version, made_at, FIELD_TIME, .flags = OUT),
};
const struct model report_version_model =
    MODEL("ReportVersionRow", struct report_version, version_fields, "A row of report_versions.");

static const struct field edition_fields[] = {
    FIELD(struct report_edition, version, FIELD_INT, .flags = OUT, .example = "1"),
    FIELD(struct report_edition, reason, FIELD_ENUM, .flags = OUT, .choices = report_reason_choices),
    FIELD(struct report_edition, overall_score, FIELD_NUMBER, .flags = OUT_NULL, .example = "3.8"),
    FIELD(struct report_edition, scorer_version, FIELD_STRING, .flags = OUT, .example = "rubric-1-f84e902fcce6"),
    FIELD(struct report_edition, made_at, FIELD_TIME, .flags = OUT),
    FIELD(struct report_edition, current, FIELD_BOOL, .flags = OUT),
};
const struct model report_edition_model =
    MODEL("ReportVersion", struct report_edition, edition_fields, "A version of a report in the list of them.");

/* ---- what people add ---- */

static const struct field override_fields[] = {
    FIELD(struct score_override, id, FIELD_ID, .flags = OUT),
    FIELD(struct score_override, answer_id, FIELD_ID, .flags = OUT),
    FIELD(struct score_override, author_id, FIELD_ID, .flags = OUT_NULL, .doc = "Null when the account is gone."),
    FIELD(struct score_override, author_name, FIELD_STRING, .flags = OUT_NULL, .example = "Ada Example"),
    FIELD(struct score_override, version, FIELD_INT, .flags = OUT, .doc = "Of the report that they saw.",
          .example = "1"),
    FIELD(struct score_override, machine_score, FIELD_NUMBER, .flags = OUT_NULL, .example = "2.6",
          .doc = "What it gave; null when it gave none."),
    FIELD(struct score_override, level, FIELD_NUMBER, .flags = OUT_NULL, .example = "4",
          .doc = "1 to 5; null: the level before was taken back."),
    FIELD(struct score_override, reason, FIELD_TEXT, .flags = OUT, .max = 2000),
    FIELD(struct score_override, created_at, FIELD_TIME, .flags = OUT),
};
const struct model score_override_model =
    MODEL("ScoreOverride", struct score_override, override_fields, "A person's level for an answer, with the reason.");

static const struct field override_input_fields[] = {
    FIELD(struct override_input, level, FIELD_INT, .flags = FIELD_REQUIRED, .min = 1, .max = 5, .example = "4"),
    FIELD(struct override_input, reason, FIELD_TEXT, .flags = FIELD_REQUIRED, .min = 3, .max = 2000,
          .example = "The answer describes the trade-off in other words than the rubric's."),
};
const struct model override_input_model =
    MODEL("ScoreOverrideInput", struct override_input, override_input_fields, "A person's level for an answer.");

static const struct field human_fields[] = {
    FIELD(struct report_human, overall_score, FIELD_NUMBER, .flags = OUT_NULL, .example = "4.1",
          .doc = "With people's levels in place of the machine's; null when there is none."),
    FIELD(struct report_human, competencies, FIELD_LIST, .flags = OUT, .model = &report_competency_model),
    FIELD(struct report_human, overrides, FIELD_LIST, .flags = OUT, .model = &score_override_model,
          .doc = "The one that stands of each answer."),
};
const struct model report_human_model = MODEL("ReportHuman", struct report_human, human_fields,
                                              "The scores as people have set them, beside the machine's.");

static const struct field sign_off_fields[] = {
    FIELD(struct report_sign_off, id, FIELD_ID, .flags = OUT),
    FIELD(struct report_sign_off, author_id, FIELD_ID, .flags = OUT_NULL, .doc = "Null when the account is gone."),
    FIELD(struct report_sign_off, author_name, FIELD_STRING, .flags = OUT_NULL, .example = "Ada Example"),
    FIELD(struct report_sign_off, version, FIELD_INT, .flags = OUT, .doc = "That was signed.", .example = "2"),
    FIELD(struct report_sign_off, outcome, FIELD_ENUM, .flags = OUT, .choices = sign_off_outcome_choices),
    FIELD(struct report_sign_off, overall_score, FIELD_NUMBER, .flags = OUT_NULL, .example = "4.1",
          .doc = "As it was then, people's levels included."),
    FIELD(struct report_sign_off, created_at, FIELD_TIME, .flags = OUT),
    FIELD(struct report_sign_off, withdrawn_at, FIELD_TIME, .flags = OUT_NULL),
    FIELD(struct report_sign_off, current, FIELD_BOOL, .flags = OUT_BESIDE,
          .doc = "It is of the version that stands: levels cannot be changed while it is."),
    FIELD(struct report_sign_off, statement, FIELD_STRING, .flags = OUT_BESIDE,
          .example = "Signed off on version 2; version 3 was made since."),
};
const struct model report_sign_off_model =
    MODEL("ReportSignOff", struct report_sign_off, sign_off_fields, "A person stands behind a version of a report.");

static const struct field sign_off_input_fields[] = {
    FIELD(struct sign_off_input, version, FIELD_INT, .flags = FIELD_REQUIRED, .min = 1, .max = 1e6, .example = "2",
          .doc = "The version that was read: another one in its place is a conflict."),
    FIELD(struct sign_off_input, outcome, FIELD_ENUM, .choices = sign_off_outcome_choices, .example = "advance",
          .doc = "What comes of it; none unless given."),
};
const struct model sign_off_input_model =
    MODEL("SignOffInput", struct sign_off_input, sign_off_input_fields, "Standing behind a version of a report.");

static const struct field comparison_fields[] = {
    FIELD(struct report_comparison, candidates, FIELD_INT, .flags = OUT, .example = "12",
          .doc = "With a score, this one included. Previews and those who withdrew are not counted."),
    FIELD(struct report_comparison, rank, FIELD_INT, .flags = OUT, .doc = "1 is the highest score.", .example = "3"),
    FIELD(struct report_comparison, median, FIELD_NUMBER, .flags = OUT, .example = "3.2"),
    FIELD(struct report_comparison, min, FIELD_NUMBER, .flags = OUT, .example = "1.9"),
    FIELD(struct report_comparison, max, FIELD_NUMBER, .flags = OUT, .example = "4.6"),
    FIELD(struct report_comparison, percentile, FIELD_NUMBER, .flags = OUT_NULL, .example = "82",
          .doc = "How many of the others scored lower, in percent; null with fewer than ten candidates."),
    FIELD(struct report_comparison, statement, FIELD_TEXT, .flags = OUT,
          .example = "Third of 12 candidates with a score; the median is 3.2, from 1.9 to 4.6."),
};
const struct model report_comparison_model = MODEL("ReportComparison", struct report_comparison, comparison_fields,
                                                   "The score among those of the interview's other candidates.");

static const struct field integrity_fields[] = {
    FIELD(struct report_integrity, kind, FIELD_STRING, .flags = OUT, .example = "tab_hidden"),
    FIELD(struct report_integrity, at, FIELD_TIME, .flags = OUT),
    FIELD(struct report_integrity, position, FIELD_INT, .flags = OUT, .example = "2",
          .doc = "The question that was open; 0: none."),
    FIELD(struct report_integrity, count, FIELD_INT, .flags = OUT, .example = "1",
          .doc = "How often it happened in that answer; told once."),
    FIELD(struct report_integrity, offset_ms, FIELD_NUMBER, .flags = OUT_NULL, .example = "41200",
          .doc = "The first time, from the answer's start; null when no answer was open."),
    FIELD(struct report_integrity, statement, FIELD_TEXT, .flags = OUT,
          .example = "The interview's window was left during question 2, for 8 seconds."),
};
const struct model report_integrity_model = MODEL("ReportIntegrity", struct report_integrity, integrity_fields,
                                                  "Something that happened around the answers. Never in a score.");

/* ---- weights ---- */

#define WEIGHT_DOC "How much it counts beside the others, 0 to 100; 0: it is shown and does not count."

static const struct field weight_fields[] = {
    FIELD(struct competency_weight, name, FIELD_STRING, .flags = FIELD_REQUIRED, .min = 1, .max = COMPETENCY_MAX,
          .example = "Problem solving"),
    FIELD(struct competency_weight, weight, FIELD_NUMBER, .flags = FIELD_REQUIRED, .max = 100, .doc = WEIGHT_DOC,
          .example = "2"),
};
const struct model competency_weight_model =
    MODEL("CompetencyWeight", struct competency_weight, weight_fields, "How much a competency counts.");

static const struct field interview_competency_fields[] = {
    FIELD(struct competency, name, FIELD_STRING, .flags = OUT, .example = "Problem solving"),
    FIELD(struct competency, weight, FIELD_NUMBER, .flags = OUT_NULL, .example = "2",
          .doc = WEIGHT_DOC " Null: it was not set. As long as none is, every question counts the same; else it is 1."),
    FIELD(struct competency, questions, FIELD_INT, .flags = OUT, .example = "3",
          .doc = "Of the interview that look at it."),
};
const struct model competency_model =
    MODEL("Competency", struct competency, interview_competency_fields, "What questions of an interview look at.");

static const struct field replace_fields[] = {
    FIELD(struct competencies_replace, competencies, FIELD_LIST, .flags = FIELD_REQUIRED, .max = COMPETENCIES_MAX,
          .model = &competency_weight_model, .doc = "The whole list; an empty one: every question counts the same."),
};
const struct model competencies_replace_model =
    MODEL("CompetenciesReplace", struct competencies_replace, replace_fields, "How much each competency counts.");
