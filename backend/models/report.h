#ifndef VIVA_MODELS_REPORT_H
#define VIVA_MODELS_REPORT_H
/* What is said about a session. Scores that are not given are NAN (null in JSON). */

#include "models/field.h"

enum report_status { REPORT_PENDING, REPORT_READY, REPORT_FAILED };
enum point_met { POINT_MET, POINT_PARTIAL, POINT_MISSED };
extern const struct choice report_status_choices[], point_met_choices[];

struct report_point {
    struct presence presence;
    const char *text;
    int met;                 /* enum point_met */
    const char *quote;       /* verbatim from the transcript, or NULL */
    double start_ms, end_ms; /* where it was said, from the answer's start; NAN without a quote (or when typed) */
};
extern const struct model report_point_model;

struct report_question {
    struct presence presence;
    struct id answer_id;
    int64_t position;
    const char *question_text;
    double score; /* 1..5; NAN: not scored */
    const char *level_text, *explanation;
    const char *reason_not_scored; /* NULL when scored */
    struct list points;            /* struct report_point */
};
extern const struct model report_question_model;

/* A row of reports; `questions` is kept as JSON. */
struct report {
    struct presence presence;
    struct id id, session_id;
    int status;           /* enum report_status */
    double overall_score; /* 1..5 to one decimal; NAN: none */
    const char *summary;
    struct list questions; /* struct report_question */
    const char *scorer_version;
    const char *error; /* hidden */
    int64_t created_at, updated_at;
};
extern const struct model report_model;

#endif
