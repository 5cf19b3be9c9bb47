#include "models/interview.h"

#include "models/tables.h"

const struct choice interview_type_choices[] = {
    {"technical", "Technical"},
    {"behavioral", "Behavioral"},
    {"situational", "Situational"},
    {"mixed", "Mixed"},
    {NULL, NULL},
};
const struct choice difficulty_choices[] = {
    {"junior", "Junior"}, {"mid", "Mid-level"}, {"senior", "Senior"}, {"lead", "Lead"}, {NULL, NULL},
};
const struct choice interview_status_choices[] = {
    {"draft", "Draft"},
    {"open", "Open"},
    {"closed", "Closed"},
    {NULL, NULL},
};
const struct choice question_category_choices[] = {
    {"warmup", "Warm-up"},          {"behavioral", "Behavioral"}, {"technical", "Technical"},
    {"situational", "Situational"}, {"closing", "Closing"},       {NULL, NULL},
};
const struct choice focus_area_choices[] = {
    {"problem_solving", "Problem solving"},
    {"communication", "Communication"},
    {"teamwork", "Teamwork"},
    {"leadership", "Leadership"},
    {"coding", "Coding"},
    {"system_design", "System design"},
    {"debugging", "Debugging"},
    {"testing", "Testing"},
    {"data_analysis", "Data analysis"},
    {"project_management", "Project management"},
    {"customer_focus", "Customer focus"},
    {"adaptability", "Adaptability"},
    {"ownership", "Ownership"},
    {"learning", "Learning"},
    {NULL, NULL},
};
const struct choice avatar_choices[] = {
    {"daniel", "Daniel"},
    {"amara", "Amara"},
    {NULL, NULL},
};
const struct choice voice_choices[] = {
    {"en_US-joe-medium", "Joe (American English)"},
    {NULL, NULL},
};
const struct choice language_choices[] = {
    {"en", "English"},
    {NULL, NULL},
};

static const struct field statistics_fields[] = {
    FIELD(struct interview_statistics, candidates, FIELD_INT, .flags = OUT, .doc = "Registered, whatever came of it."),
    FIELD(struct interview_statistics, in_progress, FIELD_INT, .flags = OUT),
    FIELD(struct interview_statistics, completed, FIELD_INT, .flags = OUT),
    FIELD(struct interview_statistics, average_score, FIELD_NUMBER, .flags = OUT_NULL,
          .doc = "Mean of the overall scores that are ready; null when there is none."),
};
const struct model interview_statistics_model =
    MODEL("InterviewStatistics", struct interview_statistics, statistics_fields, "How many took it, and how they did.");

#define POINTS_DOC "What a good answer mentions."
#define LIMIT_DOC  "Seconds an answer may take; 0: no limit."

static const struct field question_fields[] = {
    FIELD(struct question, id, FIELD_ID, .flags = OUT),
    FIELD(struct question, interview_id, FIELD_ID, .flags = STORED),
    FIELD(struct question, position, FIELD_INT, .flags = OUT, .doc = "From 1."),
    FIELD(struct question, text, FIELD_TEXT, .flags = OUT, .max = 1000,
          .example = "Tell me about a fault you found by reading code."),
    FIELD(struct question, category, FIELD_ENUM, .flags = OUT, .choices = question_category_choices),
    FIELD(struct question, points, FIELD_STRINGS, .flags = OUT_BESIDE, .max = QUESTION_POINTS_MAX, .item_max = 300,
          .doc = POINTS_DOC),
    FIELD(struct question, time_limit_s, FIELD_INT, .flags = OUT, .doc = LIMIT_DOC),
};
const struct model question_model =
    MODEL("Question", struct question, question_fields, "One scripted question with what its answer should mention.");

#define JOB_DESCRIPTION_MAX 20000

#define INTERVIEW_COLUMNS                                                                                              \
    FIELD(struct interview, id, FIELD_ID, .flags = OUT), FIELD(struct interview, owner_id, FIELD_ID, .flags = OUT),    \
        FIELD(struct interview, title, FIELD_STRING, .flags = OUT, .example = "Backend engineer, first round"),        \
        FIELD(struct interview, job_role, FIELD_STRING, .flags = OUT, .example = "Backend engineer"),                  \
        FIELD(struct interview, job_description, FIELD_TEXT, .flags = OUT, .max = JOB_DESCRIPTION_MAX),                \
        FIELD(struct interview, organisation, FIELD_STRING, .flags = OUT, .example = "Example Ltd"),                   \
        FIELD(struct interview, interview_type, FIELD_ENUM, .flags = OUT, .choices = interview_type_choices),          \
        FIELD(struct interview, difficulty, FIELD_ENUM, .flags = OUT, .choices = difficulty_choices),                  \
        FIELD(struct interview, focus_areas, FIELD_ENUMS, .flags = OUT, .choices = focus_area_choices),                \
        FIELD(struct interview, question_count, FIELD_INT, .flags = OUT, .doc = "How many questions to draft."),       \
        FIELD(struct interview, avatar, FIELD_ENUM, .flags = OUT, .choices = avatar_choices),                          \
        FIELD(struct interview, voice, FIELD_ENUM, .flags = OUT, .choices = voice_choices),                            \
        FIELD(struct interview, language, FIELD_ENUM, .flags = OUT, .choices = language_choices),                      \
        FIELD(struct interview, status, FIELD_ENUM, .flags = OUT, .choices = interview_status_choices,                 \
              .doc = "Candidates get in while it is open."),                                                           \
        FIELD(struct interview, link, FIELD_STRING, .flags = OUT, .doc = "The secret part of the candidates' link."),  \
        FIELD(struct interview, expires_at, FIELD_TIME, .flags = OUT_NULL,                                             \
              .doc = "Nobody registers from then on; null: never."),                                                   \
        FIELD(struct interview, max_sessions, FIELD_INT, .flags = OUT, .doc = "How many may register; 0: no limit."),  \
        FIELD(struct interview, archived_at, FIELD_TIME, .flags = OUT_NULL,                                            \
              .doc = "Out of the way, with its sessions kept; null: not archived."),                                   \
        FIELD(struct interview, candidate_url, FIELD_STRING, .flags = OUT_BESIDE, .max = 2048),                        \
        FIELD(struct interview, statistics, FIELD_OBJECT, .flags = OUT_BESIDE, .model = &interview_statistics_model),  \
        FIELD(struct interview, created_at, FIELD_TIME, .flags = OUT),                                                 \
        FIELD(struct interview, updated_at, FIELD_TIME, .flags = OUT)

static const struct field interview_fields[] = {INTERVIEW_COLUMNS};
const struct model interview_model =
    MODEL("Interview", struct interview, interview_fields, "An interview as configured, without its questions.");

static const struct field interview_detail_fields[] = {
    INTERVIEW_COLUMNS,
    FIELD(struct interview, questions, FIELD_LIST, .flags = OUT_BESIDE, .max = QUESTIONS_MAX, .model = &question_model),
};
const struct model interview_detail_model =
    MODEL("InterviewDetail", struct interview, interview_detail_fields, "An interview with its questions in order.");

#define INTERVIEW_INPUT(required)                                                                                      \
    FIELD(struct interview_input, title, FIELD_STRING, .flags = (required), .min = 1, .max = 160,                      \
          .example = "Backend engineer, first round"),                                                                 \
        FIELD(struct interview_input, job_role, FIELD_STRING, .flags = (required), .min = 1, .max = 120,               \
              .example = "Backend engineer"),                                                                          \
        FIELD(struct interview_input, job_description, FIELD_TEXT, .max = JOB_DESCRIPTION_MAX),                        \
        FIELD(struct interview_input, organisation, FIELD_STRING, .max = 120, .example = "Example Ltd"),               \
        FIELD(struct interview_input, interview_type, FIELD_ENUM, .flags = (required),                                 \
              .choices = interview_type_choices, .example = "mixed"),                                                  \
        FIELD(struct interview_input, difficulty, FIELD_ENUM, .flags = (required), .choices = difficulty_choices,      \
              .example = "mid"),                                                                                       \
        FIELD(struct interview_input, focus_areas, FIELD_ENUMS, .flags = (required), .choices = focus_area_choices),   \
        FIELD(struct interview_input, question_count, FIELD_INT, .flags = (required), .min = 1, .max = QUESTIONS_MAX,  \
              .doc = "How many questions to draft.", .example = "5"),                                                  \
        FIELD(struct interview_input, avatar, FIELD_ENUM, .choices = avatar_choices, .example = "daniel"),             \
        FIELD(struct interview_input, voice, FIELD_ENUM, .choices = voice_choices,                                     \
              .doc = "The avatar's own unless given.", .example = "en_US-joe-medium"),                                 \
        FIELD(struct interview_input, language, FIELD_ENUM, .choices = language_choices, .example = "en")

static const struct field interview_create_fields[] = {INTERVIEW_INPUT(FIELD_REQUIRED)};
const struct model interview_create_model =
    MODEL("InterviewCreate", struct interview_input, interview_create_fields, "A new interview.");

static const struct field interview_update_fields[] = {INTERVIEW_INPUT(0)};
const struct model interview_update_model =
    MODEL("InterviewUpdate", struct interview_input, interview_update_fields, "What to change of an interview.");

void interview_apply(struct interview *i, const struct interview_input *in)
{
#define APPLY(member)                                                                                                  \
    if (model_given(&interview_create_model, in, #member))                                                             \
    i->member = in->member
    APPLY(title);
    APPLY(job_role);
    APPLY(job_description);
    APPLY(organisation);
    APPLY(interview_type);
    APPLY(difficulty);
    APPLY(focus_areas);
    APPLY(question_count);
    APPLY(avatar);
    APPLY(voice);
    APPLY(language);
#undef APPLY
}

static const struct field question_input_fields[] = {
    FIELD(struct question_input, id, FIELD_ID, .doc = "Of a question that is there and is kept."),
    FIELD(struct question_input, text, FIELD_TEXT, .flags = FIELD_REQUIRED, .min = 1, .max = 1000,
          .example = "Tell me about a fault you found by reading code."),
    FIELD(struct question_input, category, FIELD_ENUM, .flags = FIELD_REQUIRED, .choices = question_category_choices,
          .example = "technical"),
    FIELD(struct question_input, points, FIELD_STRINGS, .flags = FIELD_REQUIRED, .max = QUESTION_POINTS_MAX,
          .item_max = 300, .doc = POINTS_DOC),
    FIELD(struct question_input, time_limit_s, FIELD_INT, .max = 3600, .doc = LIMIT_DOC, .example = "180"),
};
const struct model question_input_model =
    MODEL("QuestionInput", struct question_input, question_input_fields, "A question as edited.");

static const struct field questions_replace_fields[] = {
    FIELD(struct questions_replace, questions, FIELD_LIST, .flags = FIELD_REQUIRED, .max = QUESTIONS_MAX,
          .model = &question_input_model, .doc = "The whole list in its new order."),
};
const struct model questions_replace_model =
    MODEL("QuestionsReplace", struct questions_replace, questions_replace_fields, "All questions of an interview.");

static const struct field generate_request_fields[] = {
    FIELD(struct generate_request, replace, FIELD_BOOL, .doc = "Drop the questions there are (true unless given).",
          .example = "true"),
};
const struct model generate_request_model =
    MODEL("GenerateRequest", struct generate_request, generate_request_fields, "How questions are drafted.");

bool generate_replaces(const struct generate_request *g)
{
    return !model_given(&generate_request_model, g, "replace") || g->replace;
}

static const struct field choice_option_fields[] = {
    FIELD(struct choice_option, value, FIELD_STRING, .flags = OUT),
    FIELD(struct choice_option, label, FIELD_STRING, .flags = OUT),
};
const struct model choice_option_model =
    MODEL("Option", struct choice_option, choice_option_fields, "A value that can be chosen, and its name for people.");

static const struct field avatar_option_fields[] = {
    FIELD(struct avatar_option, value, FIELD_STRING, .flags = OUT),
    FIELD(struct avatar_option, label, FIELD_STRING, .flags = OUT),
    FIELD(struct avatar_option, voice, FIELD_STRING, .flags = OUT, .doc = "Its own voice."),
};
const struct model avatar_option_model =
    MODEL("AvatarOption", struct avatar_option, avatar_option_fields, "An interviewer to be seen.");

static const struct field voice_option_fields[] = {
    FIELD(struct voice_option, value, FIELD_STRING, .flags = OUT),
    FIELD(struct voice_option, label, FIELD_STRING, .flags = OUT),
    FIELD(struct voice_option, language, FIELD_STRING, .flags = OUT),
};
const struct model voice_option_model =
    MODEL("VoiceOption", struct voice_option, voice_option_fields, "A voice to be heard.");

static const struct field interview_options_fields[] = {
    FIELD(struct interview_options, interview_types, FIELD_LIST, .flags = OUT, .model = &choice_option_model),
    FIELD(struct interview_options, difficulties, FIELD_LIST, .flags = OUT, .model = &choice_option_model),
    FIELD(struct interview_options, focus_areas, FIELD_LIST, .flags = OUT, .model = &choice_option_model),
    FIELD(struct interview_options, avatars, FIELD_LIST, .flags = OUT, .model = &avatar_option_model),
    FIELD(struct interview_options, voices, FIELD_LIST, .flags = OUT, .model = &voice_option_model),
    FIELD(struct interview_options, languages, FIELD_LIST, .flags = OUT, .model = &choice_option_model),
};
const struct model interview_options_model =
    MODEL("InterviewOptions", struct interview_options, interview_options_fields, "What an interview can be made of.");

int avatar_voice(int avatar)
{
    (void)avatar; /* both speak with the one voice there is */
    return VOICE_EN_US_JOE;
}

static size_t choice_count(const struct choice *c)
{
    size_t n = 0;
    while (c[n].value)
        n++;
    return n;
}

static bool options_make(const struct choice *c, struct arena *a, struct list *ret)
{
    size_t n = choice_count(c);
    struct choice_option *o = arena_array(a, n, sizeof *o);
    if (!o)
        return false;
    for (size_t i = 0; i < n; i++) {
        o[i].value = c[i].value;
        o[i].label = c[i].label;
    }
    *ret = (struct list){.items = o, .count = n};
    return true;
}

static bool avatars_make(struct arena *a, struct list *ret)
{
    size_t n = choice_count(avatar_choices);
    struct avatar_option *o = arena_array(a, n, sizeof *o);
    if (!o)
        return false;
    for (size_t i = 0; i < n; i++) {
        o[i].value = avatar_choices[i].value;
        o[i].label = avatar_choices[i].label;
        o[i].voice = choice_value(voice_choices, avatar_voice((int)i));
    }
    *ret = (struct list){.items = o, .count = n};
    return true;
}

static bool voices_make(struct arena *a, struct list *ret)
{
    size_t n = choice_count(voice_choices);
    struct voice_option *o = arena_array(a, n, sizeof *o);
    if (!o)
        return false;
    for (size_t i = 0; i < n; i++) {
        o[i].value = voice_choices[i].value;
        o[i].label = voice_choices[i].label;
        o[i].language = arena_strndup(a, voice_choices[i].value, 2); /* "en_US-..." begins with the language */
        if (!o[i].language)
            return false;
    }
    *ret = (struct list){.items = o, .count = n};
    return true;
}

struct interview_options *interview_options_make(struct arena *a)
{
    struct interview_options *o = arena_new_of(a, struct interview_options);
    if (!o || !options_make(interview_type_choices, a, &o->interview_types) ||
        !options_make(difficulty_choices, a, &o->difficulties) ||
        !options_make(focus_area_choices, a, &o->focus_areas) || !avatars_make(a, &o->avatars) ||
        !voices_make(a, &o->voices) || !options_make(language_choices, a, &o->languages))
        return NULL;
    return o;
}
