#ifndef VIVA_MODELS_SESSION_H
#define VIVA_MODELS_SESSION_H
/* One candidate's interview: session, answers, what was said, what was recorded. */

#include "models/candidate.h"
#include "models/field.h"

/* The order of conduct.h's conduct_status, answer_mode and speaker: the numbers are the same. */
enum session_status { SESSION_REGISTERED, SESSION_IN_PROGRESS, SESSION_COMPLETED, SESSION_WITHDRAWN };
enum answer_status { ANSWER_OPEN, ANSWER_ENDED };
enum answer_by { ANSWER_BY_NONE, ANSWER_BY_VOICE, ANSWER_BY_TEXT };
enum utterance_speaker { UTTERANCE_CANDIDATE, UTTERANCE_INTERVIEWER };
enum session_event_kind {
    SESSION_EVENT_TAB_HIDDEN,
    SESSION_EVENT_TAB_VISIBLE,
    SESSION_EVENT_PASTED,
    SESSION_EVENT_CONNECTION_LOST,
    SESSION_EVENT_CONNECTION_BACK,
    SESSION_EVENT_OTHER_DEVICE,
    SESSION_EVENT_MICROPHONE_LOST,
    SESSION_EVENT_MICROPHONE_BACK,
    SESSION_EVENT_PAUSED,
    SESSION_EVENT_RESUMED,
    SESSION_EVENT_EXTENDED,
    SESSION_EVENT_SECOND_VOICE
};
enum recording_status { RECORDING_UPLOADING, RECORDING_PROCESSING, RECORDING_READY, RECORDING_FAILED };
/* A session without a report is told apart; the others are enum report_status + 1. */
enum session_report { SESSION_REPORT_NONE, SESSION_REPORT_PENDING, SESSION_REPORT_READY, SESSION_REPORT_FAILED };

extern const struct choice session_status_choices[], answer_status_choices[], answer_by_choices[],
    utterance_speaker_choices[], recording_status_choices[], session_report_choices[], session_event_kind_choices[];

/* A row of interview_sessions without its token's hash. Not shown as such. */
struct session {
    struct presence presence;
    struct id id, interview_id, candidate_id;
    int status; /* enum session_status */
    int64_t position;
    int64_t created_at, started_at, completed_at, updated_at; /* 0: not yet */
    int64_t recordings_erased_at;                             /* by retention; 0: not */
    bool preview; /* the owner's own walk through the interview: in no list and no figure, erased after a while */
    bool slower;  /* the candidate asked for a slower voice */
    int64_t paused_at, paused_ms; /* since when it is paused (0: it is not), and how long it was before */
    bool partial;                 /* closed without having been finished */
};
extern const struct model session_model;

/* What staff see: session_summary_model is the first part, session_detail_model the whole. */
struct session_view {
    struct presence presence;
    struct id id, interview_id;
    const char *interview_title;
    struct candidate *candidate;
    int status;
    int64_t created_at, started_at, completed_at;
    int64_t question_count, answered_count;
    double overall_score; /* NAN: null */
    int report_status;    /* enum session_report */
    int64_t recordings_erased_at;
    bool partial; /* completed because its time was over */
    /* detail only */
    struct list answers;   /* struct answer */
    struct report *report; /* NULL: none */
};
extern const struct model session_summary_model, session_detail_model; /* both of struct session_view */

struct utterance {
    struct presence presence;
    struct id id;
    struct id response_id;    /* hidden */
    int64_t seq;              /* hidden; from 0, given by the repository */
    int speaker;              /* enum utterance_speaker */
    int64_t start_ms, end_ms; /* from the answer's start; negative: before it. The table keeps none that is: */
    int64_t before_ms;        /* hidden; 0 outside of the repository */
    const char *text;
    const char *words;          /* JSON [["word", start_ms, end_ms, probability], ...], NULL: not known */
    double confidence;          /* 0 to 1, NAN: not known */
    const char *other_language; /* ISO 639-1, NULL: the interview's, or not sure */
    const char *follow_up;      /* the point that the interviewer asks about with it; NULL: no follow-up */
    bool typed;                 /* by the candidate: in no recording */
};
extern const struct model utterance_model;

/* A row of session_events: something around the conversation, for the timeline. */
struct session_event {
    struct presence presence;
    struct id id;
    struct id session_id; /* hidden */
    int64_t at;
    int kind;           /* enum session_event_kind */
    const char *detail; /* "" when the kind says it all */
};
extern const struct model session_event_model;

struct recording_segment {
    struct presence presence;
    struct id id;          /* hidden */
    struct id response_id; /* hidden */
    int64_t segment;       /* 0, 1, 2, ... within the answer */
    const char *media_type;
    int64_t offset_ms;       /* of its time 0 from the answer's start */
    int64_t lead_ms;         /* or so long before it: one of the two is 0 */
    int64_t next_seq, bytes; /* hidden: chunks acknowledged are 0 .. next_seq-1 */
    int status;              /* enum recording_status */
    const char *media_key;   /* hidden; where storage keeps it, NULL until ready */
    int64_t duration_ms;
    const char *error;              /* hidden */
    int64_t created_at, updated_at; /* hidden */
    const char *media_url;          /* no column: the service makes it, NULL until ready */
};
extern const struct model recording_segment_model;

/* A row of responses: the answer to one question, as API.md's Answer shows it. */
struct answer {
    struct presence presence;
    struct id id;
    struct id session_id;  /* hidden */
    struct id question_id; /* zero when the question was deleted */
    int64_t position;
    const char *question_text; /* copied when the answer was opened, like points and time limit */
    const char *competency;    /* hidden; as it was called when the answer was opened */
    struct strings points;     /* hidden */
    int64_t time_limit_s;      /* hidden; without what it was extended by */
    int64_t extended_s;
    int64_t paused_ms; /* hidden; how long the interview was paused within it */
    int status, mode;  /* enum answer_status, enum answer_by */
    bool skipped;      /* the candidate went on without answering */
    const char *text;
    int64_t started_at, ended_at;
    double score;           /* hidden: what the report gave it, NAN: none */
    int64_t duration_ms;    /* no column: ended_at - started_at, 0 while open; the repository sets it */
    struct list utterances; /* struct utterance; no column */
    struct list recordings; /* struct recording_segment; no column */
};
extern const struct model answer_model;
/* What was typed last: the text behind what stands in the utterances (services/conduct.h joins them so). "": nothing.
 * Where the two do not agree, all of an answer in writing, and nothing of a spoken one. */
const char *answer_typed_part(const struct answer *x);

#endif
