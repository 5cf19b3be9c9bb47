#ifndef VIVA_MODELS_REPORT_H
#define VIVA_MODELS_REPORT_H
/* What is said about a session. Scores that are not given are NAN (null in JSON). */

#include "models/field.h"

enum report_status { REPORT_PENDING, REPORT_READY, REPORT_FAILED };
enum point_met { POINT_MET, POINT_PARTIAL, POINT_MISSED };
/* Why a version was made; why the next one is being made is one more, for none. */
enum report_reason { REPORT_COMPLETED, REPORT_RUBRIC_CHANGED, REPORT_REQUESTED };
enum report_next { REPORT_NEXT_NONE, REPORT_NEXT_COMPLETED, REPORT_NEXT_RUBRIC_CHANGED, REPORT_NEXT_REQUESTED };
enum report_abstained {
    ABSTAINED_NOT,
    ABSTAINED_NO_ANSWER,
    ABSTAINED_SKIPPED,
    ABSTAINED_ONE_WORD,
    ABSTAINED_TOO_SHORT,
    ABSTAINED_LANGUAGE,
    ABSTAINED_UNCLEAR,
    ABSTAINED_NO_RUBRIC
};
extern const struct choice report_status_choices[], point_met_choices[], report_reason_choices[], report_next_choices[],
    report_abstained_choices[];

struct report_point {
    struct presence presence;
    const char *text;
    int met;                 /* enum point_met */
    const char *quote;       /* verbatim from the transcript, or NULL */
    double start_ms, end_ms; /* where it was said, from the answer's start; NAN without a quote (or when typed) */
};
extern const struct model report_point_model;

/* models/report_parts.h */
struct report_content;
struct report_speech;
struct report_judgement;
struct report_human;
struct report_sign_off;
struct report_comparison;

struct report_question {
    struct presence presence;
    struct id answer_id;
    int64_t position;
    const char *question_text;
    double score;      /* 1..5; NAN: not scored */
    double confidence; /* 0..1; NAN: not scored */
    const char *level_text, *explanation;
    const char *reason_not_scored; /* NULL when scored */
    struct list points;            /* struct report_point */
    int abstained;                 /* enum report_abstained: the reason as a word */
    const char *competency;
    double relevance, specificity, correctness; /* 0..1; NAN: not looked at. Beside the score (report_qualities.h) */
    double transcript_quality;                  /* 0..1, share of words likely right; NAN: typed or not known */
    int64_t sentences, considered;              /* of the answer, and of those that are evidence for anything */
    struct strings follow_ups;                  /* asked within the answer, as they were asked */
    struct strings remarks;                     /* what a reader must know, a plain sentence each */
    struct list structure;                      /* struct report_structure_part; empty when it is not asked for */
    struct report_speech *speech;               /* NULL: nothing was spoken */
    struct report_judgement *judge;             /* NULL: no language model is set, or there was nothing to judge */
};
/* What a document that an earlier version of Viva stored does not have is none, not nothing: after reading it back. */
void report_question_fill(struct report_question *q);
extern const struct model report_question_model;

/* A row of reports: the version that stands. `questions` and `content` are kept as JSON. */
struct report {
    struct presence presence;
    struct id id, session_id;
    int status;           /* enum report_status */
    double overall_score; /* 1..5 to one decimal; NAN: none */
    const char *summary;
    struct list questions; /* struct report_question */
    const char *scorer_version;
    const char *error;              /* hidden */
    int64_t version;                /* from 1; 0: none was made yet */
    int reason;                     /* enum report_reason */
    int next_reason;                /* enum report_next */
    int64_t asks;                   /* hidden: grows with each request for another one */
    int64_t made_at;                /* 0: not yet */
    struct report_content *content; /* NULL: made before there was any */
    int64_t created_at, updated_at;
    /* no columns; services/report_view.h sets them */
    int64_t latest_version;
    struct report_human *human;           /* NULL: nobody has set a level */
    struct report_sign_off *sign_off;     /* NULL: nobody stands behind it */
    struct report_comparison *comparison; /* NULL: there is nobody to compare with */
    struct list integrity;                /* struct report_integrity */
};
extern const struct model report_model;

/* A report in a list. */
struct report_summary {
    struct presence presence;
    struct id id, session_id, interview_id, candidate_id;
    const char *interview_title, *candidate_name, *candidate_email;
    int status;           /* enum report_status */
    double overall_score; /* NAN: none */
    const char *summary, *scorer_version;
    int64_t created_at, updated_at;
};
extern const struct model report_summary_model;

#define SCORE_BANDS 8 /* of half a level, from 1 to 5 */
struct score_band {   /* from <= score < to; the last includes its end */
    struct presence presence;
    double from, to;
    int64_t count;
};
extern const struct model score_band_model;

struct interview_score {
    struct presence presence;
    struct id interview_id;
    const char *title;
    int64_t count;
    double average, min, max;
};
extern const struct model interview_score_model;

struct category_score {
    struct presence presence;
    int category; /* enum question_category */
    int64_t count;
    double average;
};
extern const struct model category_score_model;

struct competency_score {
    struct presence presence;
    const char *competency;
    int64_t count;
    double average;
};
extern const struct model competency_score_model;

struct report_statistics {
    struct presence presence;
    int64_t reports, pending, ready, failed;
    int64_t scored;                   /* ready, with a score: the figures are of these */
    double average, min, max, median; /* NAN: there is none */
    double deviation;                 /* of the sample; NAN for fewer than two */
    struct list distribution;         /* struct score_band, half a level each */
    struct list by_interview;         /* struct interview_score, most reports first */
    struct list by_category;          /* struct category_score: of single answers, by the category of their question */
    struct list by_competency;        /* struct competency_score: so, by what their question looks at */
};
extern const struct model report_statistics_model;

#endif
