/* Questions of interview.h; their own file for length. */
#include "models/interview.h"

#include "models/report_parts.h"
#include "models/tables.h"

const struct choice question_category_choices[] = {
    {"warmup", "Warm-up"},          {"behavioral", "Behavioral"}, {"technical", "Technical"},
    {"situational", "Situational"}, {"closing", "Closing"},       {NULL, NULL},
};

#define POINTS_DOC "What a good answer mentions."
#define LIMIT_DOC  "Seconds an answer may take; 0: no limit."
#define REPHRASED_DOC                                                                                                  \
    "The question in other words, said when a candidate asks for it; empty: Viva puts it plainly itself."
#define REPHRASED_EXAMPLE "Think of a fault that you found by reading code. What was it, and how did you find it?"
#define COMPETENCY_DOC                                                                                                 \
    "What the question looks at: questions with the same word are reported together. Empty: its category."

static const struct field question_fields[] = {
    FIELD(struct question, id, FIELD_ID, .flags = OUT),
    FIELD(struct question, interview_id, FIELD_ID, .flags = STORED),
    FIELD(struct question, position, FIELD_INT, .flags = OUT, .doc = "From 1."),
    FIELD(struct question, text, FIELD_TEXT, .flags = OUT, .max = 1000,
          .example = "Tell me about a fault you found by reading code."),
    FIELD(struct question, rephrased, FIELD_TEXT, .flags = OUT, .max = 1000, .doc = REPHRASED_DOC,
          .example = REPHRASED_EXAMPLE),
    FIELD(struct question, category, FIELD_ENUM, .flags = OUT, .choices = question_category_choices),
    FIELD(struct question, competency, FIELD_STRING, .flags = OUT, .max = COMPETENCY_MAX, .doc = COMPETENCY_DOC,
          .example = "Problem solving"),
    FIELD(struct question, points, FIELD_STRINGS, .flags = OUT_BESIDE, .max = QUESTION_POINTS_MAX, .item_max = 300,
          .doc = POINTS_DOC),
    FIELD(struct question, time_limit_s, FIELD_INT, .flags = OUT, .doc = LIMIT_DOC),
};
const struct model question_model =
    MODEL("Question", struct question, question_fields, "One scripted question with what its answer should mention.");

static const struct field question_input_fields[] = {
    FIELD(struct question_input, id, FIELD_ID, .doc = "Of a question that is there and is kept."),
    FIELD(struct question_input, text, FIELD_TEXT, .flags = FIELD_REQUIRED, .min = 1, .max = 1000,
          .example = "Tell me about a fault you found by reading code."),
    FIELD(struct question_input, rephrased, FIELD_TEXT, .max = 1000, .doc = REPHRASED_DOC,
          .example = REPHRASED_EXAMPLE),
    FIELD(struct question_input, category, FIELD_ENUM, .flags = FIELD_REQUIRED, .choices = question_category_choices,
          .example = "technical"),
    FIELD(struct question_input, competency, FIELD_STRING, .max = COMPETENCY_MAX, .doc = COMPETENCY_DOC,
          .example = "Problem solving"),
    FIELD(struct question_input, points, FIELD_STRINGS, .flags = FIELD_REQUIRED, .max = QUESTION_POINTS_MAX,
          .item_max = 300, .doc = POINTS_DOC),
    FIELD(struct question_input, time_limit_s, FIELD_INT, .max = 3600, .doc = LIMIT_DOC, .example = "180"),
};
const struct model question_input_model =
    MODEL("QuestionInput", struct question_input, question_input_fields, "A question as edited.");

/* The members of a question as edited, without its id. */
#define QUESTION_INPUT(type, required)                                                                                 \
    FIELD(type, text, FIELD_TEXT, .flags = (required), .min = 1, .max = 1000,                                          \
          .example = "Tell me about a fault you found by reading code."),                                              \
        FIELD(type, rephrased, FIELD_TEXT, .max = 1000, .doc = REPHRASED_DOC, .example = REPHRASED_EXAMPLE),           \
        FIELD(type, category, FIELD_ENUM, .flags = (required), .choices = question_category_choices,                   \
              .example = "technical"),                                                                                 \
        FIELD(type, competency, FIELD_STRING, .max = COMPETENCY_MAX, .doc = COMPETENCY_DOC,                            \
              .example = "Problem solving"),                                                                           \
        FIELD(type, points, FIELD_STRINGS, .max = QUESTION_POINTS_MAX, .item_max = 300, .doc = POINTS_DOC),            \
        FIELD(type, time_limit_s, FIELD_INT, .max = 3600, .doc = LIMIT_DOC, .example = "180")

static const struct field question_create_fields[] = {
    QUESTION_INPUT(struct question_create, FIELD_REQUIRED),
    FIELD(struct question_create, position, FIELD_INT, .min = 1, .max = QUESTIONS_MAX,
          .doc = "Where it goes, from 1; the end unless given.", .example = "2"),
};
const struct model question_create_model =
    MODEL("QuestionCreate", struct question_create, question_create_fields, "A question to be put in.");

static const struct field question_update_fields[] = {QUESTION_INPUT(struct question_input, 0)};
const struct model question_update_model =
    MODEL("QuestionUpdate", struct question_input, question_update_fields, "What to change of a question.");

static const struct field questions_reorder_fields[] = {
    FIELD(struct questions_reorder, ids, FIELD_STRINGS, .flags = FIELD_REQUIRED, .max = QUESTIONS_MAX, .item_max = 36,
          .doc = "The ids of all questions, each once, in the new order."),
};
const struct model questions_reorder_model =
    MODEL("QuestionsReorder", struct questions_reorder, questions_reorder_fields, "A new order of the questions.");

static const struct field questions_replace_fields[] = {
    FIELD(struct questions_replace, questions, FIELD_LIST, .flags = FIELD_REQUIRED, .max = QUESTIONS_MAX,
          .model = &question_input_model, .doc = "The whole list in its new order."),
};
const struct model questions_replace_model =
    MODEL("QuestionsReplace", struct questions_replace, questions_replace_fields, "All questions of an interview.");

static const struct field generate_request_fields[] = {
    FIELD(struct generate_request, replace, FIELD_BOOL, .doc = "Drop the questions there are (true unless given).",
          .example = "true"),
    FIELD(struct generate_request, count, FIELD_INT, .min = 1, .max = QUESTIONS_MAX,
          .doc = "How many to draft, in place of the interview's question_count.", .example = "5"),
    FIELD(struct generate_request, focus_areas, FIELD_ENUMS, .choices = focus_area_choices,
          .doc = "What to ask about, in place of the interview's focus areas."),
};
const struct model generate_request_model =
    MODEL("GenerateRequest", struct generate_request, generate_request_fields, "How questions are drafted.");

bool generate_replaces(const struct generate_request *g)
{
    return !model_given(&generate_request_model, g, "replace") || g->replace;
}

const char *question_competency(const struct question *q)
{
    return q->competency && *q->competency ? q->competency : question_category_choices[q->category].label;
}
