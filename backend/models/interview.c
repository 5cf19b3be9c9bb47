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
const struct choice interview_sort_choices[] = {
    {"created_at", "When it was made"},
    {"updated_at", "When it was last changed"},
    {"title", "Title"},
    {"status", "Status"},
    {NULL, NULL},
};
const struct choice interview_shelf_choices[] = {
    {"false", "In use"},
    {"true", "Archived"},
    {"any", "All"},
    {NULL, NULL},
};
const struct choice removal_choices[] = {
    {"deleted", "Deleted"},
    {"archived", "Archived"},
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
const struct choice patience_choices[] = {
    {"quick", "Short"},
    {"normal", "Normal"},
    {"patient", "Long"},
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

#define JOB_DESCRIPTION_MAX 20000

#define PATIENCE_DOC "How long the interviewer waits in a pause before it takes it for the end of an answer."
#define THINK_DOC    "Seconds to think before an answer begins; speaking begins it at once. 0: none."
#define PAUSE_DOC    "Candidates may pause the interview."
#define SKIP_DOC     "Candidates may skip a question; it counts as not answered."
#define ALLOWED      " true unless given."
#define PRACTICE_DOC "A practice question that is neither kept nor assessed comes first."
#define TO_FINISH_DOC                                                                                                  \
    "Seconds from its start after which an interview that is not finished is closed and reported as partial; 0: "      \
    "never."

#define FOLLOW_UPS_DOC                                                                                                 \
    "How many short follow-up questions the interviewer may ask after one answer, each about a point of the rubric "   \
    "that it left out. All of it is one answer. 0: none."

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
        FIELD(struct interview, patience, FIELD_ENUM, .flags = OUT, .choices = patience_choices, .doc = PATIENCE_DOC), \
        FIELD(struct interview, think_time_s, FIELD_INT, .flags = OUT, .doc = THINK_DOC),                              \
        FIELD(struct interview, allow_pause, FIELD_BOOL, .flags = OUT, .doc = PAUSE_DOC),                              \
        FIELD(struct interview, allow_skip, FIELD_BOOL, .flags = OUT, .doc = SKIP_DOC),                                \
        FIELD(struct interview, practice, FIELD_BOOL, .flags = OUT, .doc = PRACTICE_DOC),                              \
        FIELD(struct interview, time_to_finish_s, FIELD_INT, .flags = OUT, .doc = TO_FINISH_DOC),                      \
        FIELD(struct interview, follow_ups, FIELD_INT, .flags = OUT, .doc = FOLLOW_UPS_DOC, .example = "1"),           \
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
        FIELD(struct interview_input, language, FIELD_ENUM, .choices = language_choices, .example = "en"),             \
        FIELD(struct interview_input, expires_at, FIELD_TIME, .flags = FIELD_NULLABLE,                                 \
              .doc = "Nobody registers from then on: a time to come, or null for never.",                              \
              .example = "2030-01-31T17:00:00Z"),                                                                      \
        FIELD(struct interview_input, max_sessions, FIELD_INT, .max = 100000,                                          \
              .doc = "How many may register (those who withdrew leave their place); 0: no limit.", .example = "50"),   \
        FIELD(struct interview_input, patience, FIELD_ENUM, .choices = patience_choices,                               \
              .doc = PATIENCE_DOC " normal unless given.", .example = "normal"),                                       \
        FIELD(struct interview_input, think_time_s, FIELD_INT, .max = THINK_TIME_MAX_S, .doc = THINK_DOC,              \
              .example = "20"),                                                                                        \
        FIELD(struct interview_input, allow_pause, FIELD_BOOL, .doc = PAUSE_DOC ALLOWED, .example = "true"),           \
        FIELD(struct interview_input, allow_skip, FIELD_BOOL, .doc = SKIP_DOC ALLOWED, .example = "true"),             \
        FIELD(struct interview_input, practice, FIELD_BOOL, .doc = PRACTICE_DOC ALLOWED, .example = "true"),           \
        FIELD(struct interview_input, time_to_finish_s, FIELD_INT, .max = TIME_TO_FINISH_MAX,                          \
              .doc = TO_FINISH_DOC " 14400 unless given.", .example = "14400"),                                        \
        FIELD(struct interview_input, follow_ups, FIELD_INT, .max = FOLLOW_UPS_MAX,                                    \
              .doc = FOLLOW_UPS_DOC " 1 unless given.", .example = "1")

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
    APPLY(expires_at);
    APPLY(max_sessions);
    APPLY(patience);
    APPLY(think_time_s);
    APPLY(allow_pause);
    APPLY(allow_skip);
    APPLY(practice);
    APPLY(time_to_finish_s);
    APPLY(follow_ups);
#undef APPLY
}

static const struct field removal_fields[] = {
    FIELD(struct interview_removal, outcome, FIELD_ENUM, .flags = OUT, .choices = removal_choices,
          .doc = "Archived when candidates have registered: their sessions stay readable, and it can be restored.",
          .example = "archived"),
};
const struct model interview_removal_model =
    MODEL("InterviewRemoval", struct interview_removal, removal_fields, "What became of an interview.");

static const struct field share_fields[] = {
    FIELD(struct interview_share, user_id, FIELD_ID, .doc = "Whom to share with; or",
          .example = "01890000-0000-7000-8000-000000000001"),
    FIELD(struct interview_share, email, FIELD_EMAIL, .doc = "their address.", .example = "rob@example.org"),
};
const struct model interview_share_model =
    MODEL("InterviewShare", struct interview_share, share_fields, "A colleague, by id or by address: one of the two.");

static const struct field preview_fields[] = {
    FIELD(struct interview_preview, session_id, FIELD_ID, .flags = OUT),
    FIELD(struct interview_preview, session_token, FIELD_STRING, .flags = OUT, .max = 4096,
          .doc = "Opens this preview alone."),
    FIELD(struct interview_preview, url, FIELD_STRING, .flags = OUT, .max = 2048,
          .doc = "The candidates' page with the token behind #, where no server sees it.",
          .example = "/i/0123456789abcdef#session=01890000-0000-7000-8000-000000000002.token"),
    FIELD(struct interview_preview, erased_at, FIELD_TIME, .flags = OUT, .doc = "When it is erased by itself."),
};
const struct model interview_preview_model =
    MODEL("InterviewPreview", struct interview_preview, preview_fields, "An interview to be walked through.");
