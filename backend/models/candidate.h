#ifndef VIVA_MODELS_CANDIDATE_H
#define VIVA_MODELS_CANDIDATE_H
/* Who is interviewed, and what the page without an account sends and gets. */

#include "models/field.h"

/* A row of candidates. Shown: id, name and address. */
struct candidate {
    struct presence presence;
    struct id id;
    struct id interview_id; /* hidden */
    const char *full_name;
    const char *email;                                                   /* lower case */
    int64_t consent_recording_at, consent_ai_at, created_at, updated_at; /* hidden */
};
extern const struct model candidate_model;

/* A candidate as staff see it, with what became of the interview. */
struct candidate_profile {
    struct presence presence;
    struct id id, interview_id;
    const char *interview_title, *full_name, *email;
    int64_t consent_recording_at, consent_ai_at, created_at, updated_at;
    struct id session_id;
    int session_status;                               /* enum session_status */
    int64_t session_started_at, session_completed_at; /* 0: not yet */
    double overall_score;                             /* NAN: null */
    int report_status;                                /* enum session_report */
    bool has_resume;
};
extern const struct model candidate_profile_model;

struct candidate_update {
    struct presence presence;
    const char *full_name, *email;
};
extern const struct model candidate_update_model;

struct candidate_register {
    struct presence presence;
    const char *full_name, *email;
    bool consent_recording, consent_ai; /* both must be true: the service says which is not */
    const char *session_token;          /* an earlier one of the same session, or NULL */
};
extern const struct model candidate_register_model;

struct candidate_name {
    struct presence presence;
    const char *full_name;
};
extern const struct model candidate_name_model;

struct register_result {
    struct presence presence;
    struct id session_id;
    const char *session_token;
    int status; /* enum session_status */
    struct candidate_name *candidate;
};
extern const struct model register_result_model;

enum registration { REGISTRATION_OPEN, REGISTRATION_EXPIRED, REGISTRATION_FULL };
extern const struct choice registration_choices[];

struct public_interview {
    struct presence presence;
    const char *title, *job_role, *organisation;
    int interview_type;
    int64_t question_count, minutes_estimate;
    int avatar;
    const char *avatar_name;
    int language;
    bool engines_ready;
    bool practice;
    int status;                                 /* enum interview_status */
    int registration;                           /* enum registration */
    const char *privacy_notice, *support_email; /* of services/settings.h; "", NULL */
    const char *ai_notice;                      /* what the AI does and where it runs */
};
extern const struct model public_interview_model;

struct answer_state {
    struct presence presence;
    struct id id;
    int64_t position;
    const char *question_text;
    int status, mode; /* enum answer_status, enum answer_by */
    const char *text;
    int64_t follow_up; /* which one is asked in an open answer; 0: the question itself */
};
extern const struct model answer_state_model;

struct session_state {
    struct presence presence;
    struct id session_id;
    int status; /* enum session_status */
    struct public_interview *interview;
    int64_t current_position; /* 0 before the first */
    int64_t question_count;
    struct list answers;                 /* struct answer_state */
    int64_t next_segment_of_open_answer; /* 0 when no answer is open */
    bool partial;                        /* completed because its time was over */
};
extern const struct model session_state_model;

struct text_answer {
    struct presence presence;
    const char *text;
    int64_t follow_up;
};
extern const struct model text_answer_model;

enum attention_kind { ATTENTION_HIDDEN, ATTENTION_VISIBLE, ATTENTION_PASTED };
struct attention {
    struct presence presence;
    int kind;           /* enum attention_kind */
    int64_t characters; /* of what was pasted */
};
extern const struct model attention_model;

struct segment_finish {
    struct presence presence;
    int64_t chunks;
};
extern const struct model segment_finish_model;

/* The reply to every recording upload call. */
struct segment_state {
    struct presence presence;
    int64_t segment, next_seq;
    int status; /* enum recording_status */
};
extern const struct model segment_state_model;

#endif
