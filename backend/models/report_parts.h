#ifndef VIVA_MODELS_REPORT_PARTS_H
#define VIVA_MODELS_REPORT_PARTS_H
/* What a report is made of beside its questions, and what people add to it. Numbers that are not given are NAN. */

#include "models/report.h"

/* ---- kept with the report ---- */

enum structure_part { STRUCTURE_SITUATION, STRUCTURE_TASK, STRUCTURE_ACTION, STRUCTURE_RESULT, STRUCTURE_PARTS };
extern const struct choice structure_part_choices[];
struct report_structure_part {
    struct presence presence;
    int part; /* enum structure_part */
    bool found;
    const char *quote; /* verbatim; NULL when not found */
    double start_ms, end_ms;
};
extern const struct model report_structure_part_model;

/* How it was spoken: beside the score, never in it (services/report_speech.h). */
struct report_speech {
    struct presence presence;
    int64_t words, talk_ms;     /* talk: without pauses */
    double pace;                /* words a minute of talking */
    int64_t pauses, longest_ms; /* between words or stretches, of 1 s and more */
    double pause_share;         /* of the time from the first word to the last, 0..1 */
    int64_t fillers;            /* um, uh, er ... */
    double fillers_per_100;     /* words */
    double latency_ms;          /* from the question's end to the first word; NAN: not known */
};
extern const struct model report_speech_model;

/* One figure over the whole interview with what it means. */
enum speech_measure {
    SPEECH_TALK_TIME,
    SPEECH_PACE,
    SPEECH_PAUSES,
    SPEECH_LONGEST_PAUSE,
    SPEECH_PAUSE_SHARE,
    SPEECH_FILLERS,
    SPEECH_LATENCY
};
extern const struct choice speech_measure_choices[];
struct report_measure {
    struct presence presence;
    int measure; /* enum speech_measure */
    double value;
    const char *unit, *explanation;
};
extern const struct model report_measure_model;

/* A language model's second reading (services/report_judge.h). */
enum judge_outcome { JUDGE_AGREED, JUDGE_RAISED, JUDGE_LOWERED, JUDGE_UNDECIDED, JUDGE_UNAVAILABLE, JUDGE_NOT_ASKED };
enum judge_verdict { VERDICT_MET, VERDICT_PARTIAL, VERDICT_MISSED, VERDICT_NONE }; /* the first three as point_met */
extern const struct choice judge_outcome_choices[], judge_verdict_choices[];
struct report_verdict {
    struct presence presence;
    const char *text;             /* the point */
    int verdict;                  /* enum judge_verdict: of the majority of the votes */
    int64_t met, partial, missed; /* votes that count */
    int64_t discarded;            /* those whose quote was not found, or is no evidence */
    const char *quote;            /* verbatim from the transcript; NULL: none */
    double start_ms, end_ms;
};
extern const struct model report_verdict_model;
struct report_judgement {
    struct presence presence;
    int outcome; /* enum judge_outcome */
    const char *statement, *model;
    double machine_score;       /* what the scorer gave */
    double moved;               /* by how much the score differs from it: -1..1 */
    int64_t votes_asked, votes; /* replies that were asked for, and those that could be read */
    struct list verdicts;       /* struct report_verdict, one for each point; empty: nothing came back */
};
extern const struct model report_judgement_model;

struct report_competency {
    struct presence presence;
    const char *name;
    double weight; /* share of the overall score, 0..1 */
    double score;  /* 1..5 to one decimal; NAN: none of its answers was scored */
    int64_t questions, scored;
};
extern const struct model report_competency_model;

/* A strength or a gap: the point, and the words for it. */
struct report_finding {
    struct presence presence;
    struct id answer_id;
    int64_t position;
    const char *text;
    const char *quote; /* NULL: none */
    double start_ms, end_ms;
};
extern const struct model report_finding_model;

/* What a person may ask next, and the point that it is about. */
struct report_follow_up {
    struct presence presence;
    int64_t position;
    const char *question, *about;
};
extern const struct model report_follow_up_model;

/* Versions of all that produced it; "" when it had no part in it. */
struct report_made_with {
    struct presence presence;
    const char *application, *scorer, *embeddings, *judge, *prompt, *speech_to_text, *text_to_speech;
};
extern const struct model report_made_with_model;

struct report_content {
    struct presence presence;
    int64_t asked, answered;     /* questions of the interview, and those with an answer */
    bool partial;                /* the interview ended before its last question */
    bool weights_set;            /* by the interviewer; else every question counts the same */
    struct list competencies;    /* struct report_competency */
    struct list strengths, gaps; /* struct report_finding */
    struct list ask_next;        /* struct report_follow_up */
    struct list speech;          /* struct report_measure */
    struct strings scale;        /* what levels 1 to 5 mean */
    struct report_made_with *made_with;
};
extern const struct model report_content_model;

/* ---- versions ---- */

/* A row of report_versions: what the report was before. */
struct report_version {
    struct presence presence;
    struct id report_id;
    int64_t version;
    int reason;
    double overall_score;
    const char *summary;
    struct list questions;
    struct report_content *content;
    const char *scorer_version;
    int64_t made_at;
};
extern const struct model report_version_model;

/* One in the list of versions. */
struct report_edition {
    struct presence presence;
    int64_t version;
    int reason; /* enum report_reason */
    double overall_score;
    const char *scorer_version;
    int64_t made_at;
    bool current;
};
extern const struct model report_edition_model;

/* ---- what people add ---- */

/* A person's level for an answer. In a history the last stands; one without a level takes back the one before. */
struct score_override {
    struct presence presence;
    struct id id, answer_id, author_id; /* author zero: the account is gone */
    const char *author_name;            /* NULL so */
    int64_t version;                    /* of the report that they saw */
    double machine_score;               /* that it gave; NAN: none */
    double level;                       /* 1..5 whole; NAN: taken back */
    const char *reason;
    int64_t created_at;
};
extern const struct model score_override_model;

struct override_input {
    struct presence presence;
    int64_t level;
    const char *reason;
};
extern const struct model override_input_model;

/* The scores with people's levels in place of the machine's, where there are any. */
struct report_human {
    struct presence presence;
    double overall_score;
    struct list competencies; /* struct report_competency */
    struct list overrides;    /* struct score_override: the one that stands of each answer */
};
extern const struct model report_human_model;

enum sign_off_outcome { OUTCOME_NONE, OUTCOME_ADVANCE, OUTCOME_DECLINE };
extern const struct choice sign_off_outcome_choices[];
struct report_sign_off {
    struct presence presence;
    struct id id, author_id;
    const char *author_name;
    int64_t version;
    int outcome;          /* enum sign_off_outcome */
    double overall_score; /* what was signed, people's levels included */
    int64_t created_at, withdrawn_at;
    bool current; /* of the version that stands; set by the service */
    const char *statement;
};
extern const struct model report_sign_off_model;

struct sign_off_input {
    struct presence presence;
    int64_t version;
    int outcome;
};
extern const struct model sign_off_input_model;

/* Among the interview's other candidates, as of now. */
struct report_comparison {
    struct presence presence;
    int64_t candidates, rank; /* with a score, this one included; 1 is the highest */
    double median, min, max;
    double percentile; /* share of the others that scores lower, 0..100; NAN with fewer than ten */
    const char *statement;
};
extern const struct model report_comparison_model;

/* Something that happened around the answers. Never in a score. */
struct report_integrity {
    struct presence presence;
    const char *kind;
    int64_t at, position; /* the question that was open; 0: none */
    int64_t count;        /* how often, when it is told once for all */
    double offset_ms;     /* from the answer's start; NAN: no answer was open */
    const char *statement;
};
extern const struct model report_integrity_model;

/* ---- weights ---- */

struct competency_weight {
    struct presence presence;
    const char *name;
    double weight; /* 0..100 */
};
struct competency {
    struct presence presence;
    const char *name;
    double weight;     /* NAN: the interviewer has not said so */
    int64_t questions; /* of the interview that look at it */
};
struct competencies_replace {
    struct presence presence;
    struct list competencies; /* struct competency_weight */
};
#define COMPETENCIES_MAX 20
#define COMPETENCY_MAX   80 /* code points of a name */
extern const struct model competency_weight_model, competency_model, competencies_replace_model;

#endif
