#ifndef VIVA_SERVICES_CANDIDATE_H
#define VIVA_SERVICES_CANDIDATE_H
/* Candidates as staff see them. What an actor may not read is STATUS_NOT_FOUND (services/access.h). */

#include "models/candidate.h"
#include "models/transcript.h"
#include "repositories/candidate_repository.h"
#include "services/actor.h"
#include "services/services.h"

enum status candidate_service_list(struct services *s, struct actor who, const struct candidate_filter *f,
                                   struct paging p, struct arena *a, struct page *ret, struct error *err) must_check;
enum status candidate_service_get(struct services *s, struct actor who, struct id id, struct arena *a,
                                  struct candidate_profile **ret, struct error *err) must_check;
/* version: of request_if_match. STATUS_CONFLICT "email_taken" (field email), STATUS_PRECONDITION "changed_meanwhile".
 */
enum status candidate_service_update(struct services *s, struct actor who, struct id id, int64_t version,
                                     const struct candidate_update *in, struct arena *a, struct candidate_profile **ret,
                                     struct error *err) must_check;
/* Everything there is of a candidate: session, answers, report, notes, recordings, resume. */
enum status candidate_service_erase(struct services *s, struct actor who, struct id id, struct error *err) must_check;
/* What happened, oldest first. */
enum status candidate_service_timeline(struct services *s, struct actor who, struct id id, struct arena *a,
                                       struct timeline **ret, struct error *err) must_check;

/* Inside the caller's transaction: takes the rows away and enqueues the erasing of the files. Whose it is was asked
 * before. *resume_key: NULL without a resume. */
enum status candidate_erase_rows(struct services *s, struct id candidate, struct arena *a, struct id *session,
                                 const char **resume_key, struct error *err) must_check;
/* Erases a candidate whom the actor may change, under the given audit action about the given thing. */
enum status candidate_erase_as(struct services *s, struct actor who, struct id candidate, const char *action,
                               const char *subject_kind, struct id subject, struct error *err) must_check;

#endif
