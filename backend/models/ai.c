#include "models/ai.h"

#include "models/interview.h"
#include "models/tables.h"

#define COUNT_DEFAULT 5

static const struct field questions_request_fields[] = {
    FIELD(struct questions_request, job_role, FIELD_STRING, .flags = FIELD_REQUIRED, .min = 1, .max = 120,
          .example = "Backend engineer"),
    FIELD(struct questions_request, job_description, FIELD_TEXT, .max = 20000,
          .doc = "Areas it names are favoured where none are chosen.",
          .example = "You keep our services running and explain what you do to the people who depend on them."),
    FIELD(struct questions_request, interview_type, FIELD_ENUM, .choices = interview_type_choices,
          .doc = "mixed unless given.", .example = "mixed"),
    FIELD(struct questions_request, difficulty, FIELD_ENUM, .choices = difficulty_choices, .doc = "mid unless given.",
          .example = "mid"),
    FIELD(struct questions_request, focus_areas, FIELD_ENUMS, .choices = focus_area_choices,
          .example = "[\"problem_solving\",\"ownership\"]"),
    FIELD(struct questions_request, count, FIELD_INT, .min = 1, .max = QUESTIONS_MAX, .doc = "5 unless given.",
          .example = "5"),
};
const struct model questions_request_model = MODEL("QuestionsRequest", struct questions_request,
                                                   questions_request_fields, "What questions are to be drafted for.");

int questions_request_type(const struct questions_request *r)
{
    return model_given(&questions_request_model, r, "interview_type") ? r->interview_type : INTERVIEW_MIXED;
}

int questions_request_difficulty(const struct questions_request *r)
{
    return model_given(&questions_request_model, r, "difficulty") ? r->difficulty : DIFFICULTY_MID;
}

int64_t questions_request_count(const struct questions_request *r)
{
    return model_given(&questions_request_model, r, "count") ? r->count : COUNT_DEFAULT;
}

static const struct field draft_fields[] = {
    FIELD(struct question_draft, text, FIELD_TEXT, .flags = OUT, .max = 1000,
          .example = "Tell me about a fault you found by reading code."),
    FIELD(struct question_draft, category, FIELD_ENUM, .flags = OUT, .choices = question_category_choices,
          .example = "technical"),
    FIELD(struct question_draft, points, FIELD_STRINGS, .flags = OUT, .max = QUESTION_POINTS_MAX, .item_max = 300,
          .doc = "What a good answer mentions.", .example = "[\"How the fault was noticed\"]"),
    FIELD(struct question_draft, time_limit_s, FIELD_INT, .flags = OUT, .min = 0, .max = 3600,
          .doc = "Seconds an answer may take; 0: no limit.", .example = "180"),
};
const struct model question_draft_model =
    MODEL("QuestionDraft", struct question_draft, draft_fields, "A question that is not stored.");

static const struct field drafts_fields[] = {
    FIELD(struct question_drafts, questions, FIELD_LIST, .flags = OUT, .max = QUESTIONS_MAX,
          .model = &question_draft_model),
};
const struct model question_drafts_model =
    MODEL("QuestionDrafts", struct question_drafts, drafts_fields, "Drafted questions, in the order to be asked.");

static const struct field follow_up_request_fields[] = {
    FIELD(struct follow_up_request, question, FIELD_TEXT, .flags = FIELD_REQUIRED, .min = 1, .max = 1000,
          .example = "Describe a time you took over something that nobody owned."),
    FIELD(struct follow_up_request, answer, FIELD_TEXT, .flags = FIELD_REQUIRED, .max = 20000,
          .doc = "All that was said so far. May be empty.",
          .example = "The wiki was neglected, so I decided to take responsibility for it."),
    FIELD(struct follow_up_request, points, FIELD_STRINGS, .flags = FIELD_REQUIRED, .max = QUESTION_POINTS_MAX,
          .item_max = 300, .doc = "What a good answer mentions.",
          .example = "[\"Deciding to take responsibility\",\"The steps that were taken\"]"),
    FIELD(struct follow_up_request, asked, FIELD_STRINGS, .max = QUESTION_POINTS_MAX, .item_max = 300,
          .doc = "Points that were asked about before.", .example = "[]"),
};
const struct model follow_up_request_model =
    MODEL("FollowUpRequest", struct follow_up_request, follow_up_request_fields, "An answer, and what it should have.");

static const struct choice follow_up_reason_choices[] = {
    {"missing", "A point was left out"},
    {"touched", "A point was only touched"},
    {"covered", "Every point was made, or asked about before"},
    {"enough", "As many follow-ups were asked as may be"},
    {"no_answer", "Nothing was said"},
    {"no_points", "No point says more than the question"},
    {NULL, NULL},
};

static const struct field follow_up_fields[] = {
    FIELD(struct follow_up, text, FIELD_TEXT, .flags = OUT_NULL, .max = 400,
          .doc = "The question to ask; null: none, and the reason says why.",
          .example = "Could you tell me a little about the steps that were taken?"),
    FIELD(struct follow_up, point, FIELD_STRING, .flags = OUT_NULL, .max = 300, .doc = "The point it is about.",
          .example = "The steps that were taken"),
    FIELD(struct follow_up, reason, FIELD_ENUM, .flags = OUT, .choices = follow_up_reason_choices,
          .doc = "missing and touched come with a question, the others without.", .example = "missing"),
};
const struct model follow_up_model =
    MODEL("FollowUp", struct follow_up, follow_up_fields, "What to ask next, if anything.");
