#ifndef VIVA_MODELS_REPORT_EXPORT_H
#define VIVA_MODELS_REPORT_EXPORT_H
/* A report with everything that it rests on, as one document. */

#include "models/note.h"
#include "models/session.h"

struct report_export {
    struct presence presence;
    const char *format; /* "viva.report/1" */
    int64_t exported_at;
    struct session_view *session; /* candidate, answers with what was said, recordings without addresses, report */
    struct list notes;            /* struct session_note */
};
extern const struct model report_export_model;

#endif
