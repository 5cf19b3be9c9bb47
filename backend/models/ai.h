#ifndef VIVA_MODELS_AI_H
#define VIVA_MODELS_AI_H
/* Drafts of questions and follow-ups over REST, without an interview. */

#include "models/field.h"

struct questions_request {
    struct presence presence;
    const char *job_role, *job_description;
    int interview_type, difficulty; /* interview_type mixed unless given: questions_request_type() */
    uint64_t focus_areas;           /* bits over focus_area_choices */
    int64_t count;                  /* questions_request_count(): 5 unless given */
};
extern const struct model questions_request_model;
int questions_request_type(const struct questions_request *r);
int questions_request_difficulty(const struct questions_request *r); /* mid unless given */
int64_t questions_request_count(const struct questions_request *r);

struct question_draft {
    struct presence presence;
    const char *text;
    int category; /* enum question_category */
    struct strings points;
    int64_t time_limit_s;
};
struct question_drafts {
    struct presence presence;
    struct list questions; /* struct question_draft */
};
extern const struct model question_draft_model, question_drafts_model;

struct follow_up_request {
    struct presence presence;
    const char *question, *answer;
    struct strings points, asked;
};
extern const struct model follow_up_request_model;

enum follow_up_reason {
    FOLLOW_UP_MISSING,   /* asked: a point was left out */
    FOLLOW_UP_TOUCHED,   /* asked: a point was touched, no more */
    FOLLOW_UP_COVERED,   /* not asked: every point was made, or asked about before */
    FOLLOW_UP_ENOUGH,    /* not asked: there were as many as may be */
    FOLLOW_UP_NO_ANSWER, /* not asked: nothing was said */
    FOLLOW_UP_NO_POINTS  /* not asked: no point says more than the question */
};
struct follow_up {
    struct presence presence;
    const char *text;  /* NULL: none is to be asked */
    const char *point; /* the one it is about, as given; NULL with text */
    int reason;        /* enum follow_up_reason */
};
extern const struct model follow_up_model;

#endif
