#ifndef VIVA_MODELS_INTERVIEW_H
#define VIVA_MODELS_INTERVIEW_H
/* An interview as a recruiter configures it, its questions, and what can be chosen. */

#include "models/field.h"

#define QUESTIONS_MAX       20
#define QUESTION_POINTS_MAX 10

enum interview_type { INTERVIEW_TECHNICAL, INTERVIEW_BEHAVIORAL, INTERVIEW_SITUATIONAL, INTERVIEW_MIXED };
enum difficulty { DIFFICULTY_JUNIOR, DIFFICULTY_MID, DIFFICULTY_SENIOR, DIFFICULTY_LEAD };
enum interview_status { INTERVIEW_DRAFT, INTERVIEW_OPEN, INTERVIEW_CLOSED };
enum interview_sort { INTERVIEW_BY_CREATED, INTERVIEW_BY_UPDATED, INTERVIEW_BY_TITLE, INTERVIEW_BY_STATUS };
enum interview_shelf { INTERVIEW_IN_USE, INTERVIEW_ARCHIVED, INTERVIEW_ANYWHERE };
enum question_category {
    CATEGORY_WARMUP,
    CATEGORY_BEHAVIORAL,
    CATEGORY_TECHNICAL,
    CATEGORY_SITUATIONAL,
    CATEGORY_CLOSING
};
enum avatar_choice { AVATAR_DANIEL, AVATAR_AMARA };
enum voice_choice { VOICE_EN_US_JOE };
enum language_choice { LANGUAGE_EN };
enum patience_choice { PATIENCE_QUICK, PATIENCE_NORMAL, PATIENCE_PATIENT }; /* the words are live/patience.h's */

#define FOLLOW_UPS_MAX     2 /* to one question */
#define FOLLOW_UPS_USUAL   1 /* unless given */
#define THINK_TIME_MAX_S   600
#define TIME_TO_FINISH_S   14400 /* unless given */
#define TIME_TO_FINISH_MAX (30 * 24 * 3600)

extern const struct choice interview_type_choices[], difficulty_choices[], interview_status_choices[],
    interview_sort_choices[], interview_shelf_choices[], question_category_choices[], focus_area_choices[],
    avatar_choices[], voice_choices[], language_choices[], patience_choices[];

struct interview_statistics {
    struct presence presence;
    int64_t candidates, in_progress, completed;
    double average_score; /* NAN (null): no report is ready */
};
extern const struct model interview_statistics_model;

struct question {
    struct presence presence;
    struct id id;
    struct id interview_id; /* hidden */
    int64_t position;       /* from 1 */
    const char *text;
    const char *rephrased;  /* the same in other words, said on request; "" when there is none */
    int category;           /* enum question_category */
    const char *competency; /* what it looks at; "": its category */
    struct strings points;  /* rows of rubric_points */
    int64_t time_limit_s;   /* 0: none */
};
extern const struct model question_model;
/* The competency's name, or that of the category. */
const char *question_competency(const struct question *q);

/* A row of interview_configs (by interview_model), with what is shown beside it. */
struct interview {
    struct presence presence;
    struct id id, owner_id;
    const char *title, *job_role, *job_description, *organisation;
    int interview_type, difficulty; /* enum interview_type, enum difficulty */
    uint64_t focus_areas;           /* bits over focus_area_choices */
    int64_t question_count;
    int avatar, voice, language; /* choice_value() gives the word */
    int status;                  /* enum interview_status */
    const char *link;
    int64_t expires_at;                      /* nobody registers from then on; 0: never */
    int64_t max_sessions;                    /* registrations; 0: no limit */
    int64_t archived_at;                     /* 0: not archived */
    int patience;                            /* enum patience_choice */
    int64_t think_time_s;                    /* before each answer; 0: none */
    bool allow_pause, allow_skip;            /* what candidates may do */
    bool practice;                           /* a question that does not count comes first */
    int64_t time_to_finish_s;                /* from the start; then it is closed as partial. 0: never */
    int64_t follow_ups;                      /* at most, to one question */
    const char *candidate_url;               /* no column: the service sets it */
    struct interview_statistics *statistics; /* no column: interview_find, interview_list set it */
    struct list questions; /* of struct question; no column: the service sets it for interview_detail */
    int64_t created_at, updated_at;
};
extern const struct model interview_model;        /* in lists; without questions */
extern const struct model interview_detail_model; /* the same struct, with questions */

/* InterviewCreate and InterviewUpdate have the same members. */
struct interview_input {
    struct presence presence;
    const char *title, *job_role, *job_description, *organisation;
    int interview_type, difficulty;
    uint64_t focus_areas;
    int64_t question_count;
    int avatar, voice, language;
    int64_t expires_at, max_sessions;
    int patience;
    int64_t think_time_s;
    bool allow_pause, allow_skip, practice;
    int64_t time_to_finish_s, follow_ups;
};
extern const struct model interview_create_model; /* struct interview_input */
extern const struct model interview_update_model; /* struct interview_input, PARSE_PATCH */

/* Copies what was given (strings stay borrowed). */
void interview_apply(struct interview *i, const struct interview_input *in);

struct question_input {
    struct presence presence;
    struct id id; /* zero: a new question */
    const char *text, *rephrased;
    int category;
    const char *competency;
    struct strings points;
    int64_t time_limit_s;
};
extern const struct model question_input_model;

extern const struct model question_update_model; /* the same struct without id, PARSE_PATCH */

struct question_create {
    struct presence presence;
    const char *text, *rephrased;
    int category;
    const char *competency;
    struct strings points;
    int64_t time_limit_s;
    int64_t position; /* from 1; 0: not given, the end */
};
extern const struct model question_create_model;

struct questions_reorder {
    struct presence presence;
    struct strings ids; /* as text */
};
extern const struct model questions_reorder_model;

struct questions_replace {
    struct presence presence;
    struct list questions; /* of struct question_input */
};
extern const struct model questions_replace_model;

struct generate_request {
    struct presence presence;
    bool replace;         /* true unless given: generate_replaces() */
    int64_t count;        /* 0: the interview's question_count */
    uint64_t focus_areas; /* when given, instead of the interview's */
};
extern const struct model generate_request_model;
bool generate_replaces(const struct generate_request *g);

/* The reply to deleting. */
enum removal { REMOVAL_DELETED, REMOVAL_ARCHIVED };
extern const struct choice removal_choices[];
struct interview_removal {
    struct presence presence;
    int outcome; /* enum removal */
};
extern const struct model interview_removal_model;

/* With whom to share: one of the two. */
struct interview_share {
    struct presence presence;
    struct id user_id;
    const char *email;
};
extern const struct model interview_share_model;

struct interview_preview {
    struct presence presence;
    struct id session_id;
    const char *session_token, *url;
    int64_t erased_at;
};
extern const struct model interview_preview_model;

struct choice_option {
    struct presence presence;
    const char *value, *label;
};
struct avatar_option {
    struct presence presence;
    const char *value, *label, *voice;
};
struct voice_option {
    struct presence presence;
    const char *value, *label, *language;
};
extern const struct model choice_option_model, avatar_option_model, voice_option_model;

struct interview_options {
    struct presence presence;
    struct list interview_types, difficulties, focus_areas; /* struct choice_option */
    struct list avatars;                                    /* struct avatar_option */
    struct list voices;                                     /* struct voice_option */
    struct list languages;                                  /* struct choice_option */
    struct list statuses, sorts, question_categories;       /* of interviews and their questions */
    struct list session_statuses, report_statuses, roles;
    int default_avatar, default_voice, default_language; /* of new interviews: services/settings.h */
};
extern const struct model interview_options_model;
/* Filled from the choice tables. NULL when the arena is exhausted. */
struct interview_options *interview_options_make(struct arena *a);

/* The voice an avatar speaks with unless another is chosen: an index into voice_choices. */
int avatar_voice(int avatar);

#endif
