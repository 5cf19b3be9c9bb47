#ifndef VIVA_LIVE_SCRIPT_H
#define VIVA_LIVE_SCRIPT_H
/* What the interviewer says. The words never depend on what the candidate said: everyone hears the same, and whether a
 * follow-up comes is all that depends on it. */

#include "base/buf.h"
#include "live/engine.h"
#include "services/conduct.h"

/* out is cleared first. position matters for questions only. */
void script_line(struct buf *out, const struct conduct_plan *p, enum engine_line line, int position);
/* What is asked now: the plan's follow-up when it is about that question, else the question. */
const char *script_asked(const struct conduct_plan *p, int position);
const char *script_avatar_name(const struct conduct_plan *p);

#endif
