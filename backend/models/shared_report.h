#ifndef VIVA_MODELS_SHARED_REPORT_H
#define VIVA_MODELS_SHARED_REPORT_H
/* A report as it is read by a link, without an account: what its PDF says, as data; and the recordings, where the link
 * lets them be heard. */

#include "models/report.h"
#include "models/session.h"

struct shared_answer {
    struct presence presence;
    struct id answer_id;
    int mode; /* enum answer_by */
    const char *text;
    struct list said;       /* struct utterance, the candidate's; empty when it was typed */
    struct list recordings; /* struct recording_segment; empty where the link has none */
    int64_t duration_ms;
};
extern const struct model shared_answer_model;

struct shared_report {
    struct presence presence;
    const char *candidate_name; /* "Candidate" when names are hidden */
    const char *interview_title;
    int64_t interviewed_at; /* 0: not known */
    int64_t expires_at;     /* of the link */
    bool names_hidden, recordings;
    struct report *report;
    struct list answers; /* struct shared_answer */
};
extern const struct model shared_report_model;

#endif
