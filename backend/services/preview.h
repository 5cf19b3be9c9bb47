#ifndef VIVA_SERVICES_PREVIEW_H
#define VIVA_SERVICES_PREVIEW_H
/* A preview lets whoever may change an interview walk through it as a candidate would, a draft included: a session like
 * any other, but of a candidate made for it, which no list shows and no figure counts, which takes no place, and of
 * which no report is made. It is erased with its recordings when the next preview of the interview begins, when the
 * interview is deleted, and by itself after PREVIEW_LIFE_MS. */

#include "models/interview.h"
#include "services/actor.h"
#include "services/services.h"

#define PREVIEW_LIFE_MS INT64_C(14400000)

/* STATUS_INVALID "no_questions". */
enum status preview_begin(struct services *s, struct actor who, struct id interview, struct arena *a,
                          struct interview_preview **ret, struct error *err) must_check;
/* The same for whoever may do everything anyway, at the command line (`viva simulate`): the candidate is called `name`,
 * previews that others walk through stay, nobody gets the token. The caller erases it with preview_erase. */
enum status preview_open(struct services *s, struct id interview, const char *name, struct arena *a, struct id *ret,
                         struct error *err) must_check;
/* All previews of an interview; inside the caller's transaction. */
enum status preview_erase_all(struct services *s, struct id interview, struct error *err) must_check;
/* Job "preview", subject: the session. Harmless when it is gone. */
enum status preview_erase(struct services *s, struct id session, struct error *err) must_check;

#endif
