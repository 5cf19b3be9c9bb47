#ifndef VIVA_SERVICES_OWN_DATA_H
#define VIVA_SERVICES_OWN_DATA_H
/* What is held about a candidate, for the candidate (GDPR article 15): registration, consents, what was asked and said,
 * recordings, resume, and that an assessment exists. Not its scores, nor what reviewers wrote: those are the judgement
 * of the people who decide, who give it on request. STATUS_FORBIDDEN as candidacy_check_own. */

#include "models/own_data.h"
#include "services/recording.h"
#include "services/services.h"

enum status own_data_get(struct services *s, struct id session, struct arena *a, struct own_data **ret,
                         struct error *err) must_check;
/* The candidate's own recording. */
enum status own_data_media(struct services *s, const struct segment_ref *ref, struct arena *a,
                           struct recording_media *ret, struct error *err) must_check;

#endif
