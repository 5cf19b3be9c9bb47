#ifndef VIVA_MODELS_OWN_DATA_H
#define VIVA_MODELS_OWN_DATA_H
/* What a candidate gets who asks what is held about them. */

#include "models/self_identification.h"
#include "models/transcript.h"

struct own_recording {
    struct presence presence;
    struct id answer_id;
    int64_t position, segment;
    const char *media_type;
    int status; /* enum recording_status */
    int64_t offset_ms, lead_ms, duration_ms;
    const char *media_url; /* NULL until ready; opens with the session token */
};
extern const struct model own_recording_model;

struct own_resume {
    struct presence presence;
    const char *file_name, *media_type;
    int64_t bytes, uploaded_at;
    const char *sha256, *text;
};
extern const struct model own_resume_model;

struct own_data {
    struct presence presence;
    const char *format; /* "viva.own-data/1" */
    int64_t exported_at;
    const char *notice; /* what is not in it, and where to ask */
    const char *full_name, *email;
    int64_t registered_at, consent_recording_at, consent_ai_at;
    const char *interview_title, *job_role, *organisation;
    struct id session_id;
    int status; /* enum session_status */
    int64_t started_at, completed_at, recordings_erased_at;
    struct list answers;                             /* struct transcript_answer */
    struct list recordings;                          /* struct own_recording */
    struct list events;                              /* struct session_event */
    struct own_resume *resume;                       /* NULL: none */
    struct self_identification *self_identification; /* NULL: nothing was given */
    bool assessed;                                   /* a report exists */
    int64_t assessed_at;                             /* 0: not */
};
extern const struct model own_data_model;

#endif
