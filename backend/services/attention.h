#ifndef VIVA_SERVICES_ATTENTION_H
#define VIVA_SERVICES_ATTENTION_H
/* What the candidate's page tells about the candidate's attention: another window was looked at, text was pasted. The
 * consent page says so, nothing else is watched, and no score knows of it. Kept as events of the session. */

#include "models/candidate.h"
#include "services/services.h"

#define ATTENTION_MAX 200 /* of each kind in a session; what comes after is left out, and harmless */

/* Harmless, and nothing kept, while the interview does not run. */
enum status attention_note(struct services *s, struct id session, const struct attention *in, struct arena *a,
                           struct error *err) must_check;

#endif
