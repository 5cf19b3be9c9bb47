#ifndef VIVA_SERVICES_ACCESS_H
#define VIVA_SERVICES_ACCESS_H
/* Who may see what: the one place that decides. Owners read and change their interviews and all below them (candidates,
 * sessions, answers, recordings, reports); administrators everything; whoever an interview is shared with reads it and
 * all below it. What an actor may not read does not exist for them: STATUS_NOT_FOUND "not_found". What they may read
 * but not change: STATUS_FORBIDDEN "forbidden". To assess is to give a judgement of one's own beside the machine's
 * (notes, levels): whoever reads may do that, for it is what an interview is shared for; it changes nothing of others'.
 */

#include "models/report.h"
#include "services/actor.h"
#include "services/services.h"

enum access_need { ACCESS_READ, ACCESS_ASSESS, ACCESS_CHANGE };

enum status access_interview(struct services *s, struct actor who, struct id interview, enum access_need need,
                             struct error *err) must_check;
enum status access_candidate(struct services *s, struct actor who, struct id candidate, enum access_need need,
                             struct error *err) must_check;
enum status access_session(struct services *s, struct actor who, struct id session, enum access_need need,
                           struct error *err) must_check;
/* A report is its session's; ret is of the arena. */
enum status access_report(struct services *s, struct actor who, struct id report, enum access_need need,
                          struct arena *a, struct report **ret, struct error *err) must_check;

#endif
