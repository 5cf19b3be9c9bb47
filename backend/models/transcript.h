#ifndef VIVA_MODELS_TRANSCRIPT_H
#define VIVA_MODELS_TRANSCRIPT_H
/* What was said in a session, and what happened around it: made from rows, stored nowhere. */

#include "models/field.h"

struct transcript_line {
    struct presence presence;
    int speaker;              /* enum utterance_speaker */
    int64_t start_ms, end_ms; /* from the answer's start */
    const char *text;
    const char *words;          /* JSON, as struct utterance has it; NULL: not known */
    double confidence;          /* NAN: not known */
    const char *other_language; /* as struct utterance has it */
    const char *follow_up;      /* likewise */
    bool typed;
};
extern const struct model transcript_line_model;

struct transcript_answer {
    struct presence presence;
    struct id answer_id;
    int64_t position;
    const char *question_text;
    int mode;           /* enum answer_by */
    int64_t started_at; /* Unix ms */
    int64_t offset_ms;  /* from the beginning of the interview */
    int64_t duration_ms;
    struct list lines; /* struct transcript_line */
    const char *text;  /* spoken and typed, as assessed */
    const char *typed; /* no field: what was typed last, behind the lines (answer_typed_part) */
};
extern const struct model transcript_answer_model;

struct session_transcript {
    struct presence presence;
    struct id session_id;
    const char *interview_title, *candidate_name;
    int64_t started_at;  /* 0: not begun */
    struct list answers; /* struct transcript_answer */
};
extern const struct model session_transcript_model;

enum timeline_kind {
    TIMELINE_REGISTERED,
    TIMELINE_CONSENT_RECORDING,
    TIMELINE_CONSENT_AI,
    TIMELINE_RESUME,
    TIMELINE_STARTED,
    TIMELINE_ANSWER,
    TIMELINE_INTERRUPTED,
    TIMELINE_COMPLETED,
    TIMELINE_WITHDRAWN,
    TIMELINE_REPORT_READY,
    TIMELINE_REPORT_FAILED,
    TIMELINE_NOTE
};
extern const struct choice timeline_kind_choices[];

struct timeline_event {
    struct presence presence;
    int64_t at;
    int kind;                      /* enum timeline_kind */
    const char *text;              /* the question, the note, the file's name; NULL: none */
    int64_t position, duration_ms; /* of an answer; else 0 */
    struct id subject_id;          /* the answer, note, report; zero: none */
};
extern const struct model timeline_event_model;

struct timeline {
    struct presence presence;
    struct id candidate_id, session_id;
    struct list events; /* struct timeline_event, oldest first */
};
extern const struct model timeline_model;

#endif
