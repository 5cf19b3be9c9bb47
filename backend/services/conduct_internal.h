#ifndef VIVA_SERVICES_CONDUCT_INTERNAL_H
#define VIVA_SERVICES_CONDUCT_INTERNAL_H
/* Shared by the conduct files. */

#include "models/session.h"
#include "services/conduct.h"

/* Of an answer's utterances the follow-ups, at most CONDUCT_FOLLOW_UPS_MAX; returns how many. */
int conduct_asked_in(const struct list *said, struct conduct_follow_up *ret);
/* in_progress -> completed, its report and the report's job; inside the caller's transaction. */
enum status conduct_set_completed(struct services *s, const struct session *session, int64_t now,
                                  struct error *err) must_check;

#endif
