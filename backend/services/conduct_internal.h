#ifndef VIVA_SERVICES_CONDUCT_INTERNAL_H
#define VIVA_SERVICES_CONDUCT_INTERNAL_H
/* Shared by the conduct files. */

#include "db/db.h"
#include "models/session.h"
#include "services/conduct.h"

/* Of an answer's utterances the follow-ups, at most CONDUCT_FOLLOW_UPS_MAX; returns how many. */
int conduct_asked_in(const struct list *said, struct conduct_follow_up *ret);
/* in_progress -> completed, its report and the report's job; inside the caller's transaction. */
enum status conduct_set_completed(struct services *s, const struct session *session, int64_t now,
                                  struct error *err) must_check;

/* A copy without what the report's fields refuse: control characters (line breaks and tabs stay) and bytes that are no
 * UTF-8 become spaces. The text comes from a recogniser or a stranger's socket; its report must not fail on it. NULL:
 * no memory. */
const char *conduct_clean_text(const char *text, struct arena *a);
/* Only while the interview runs is anything of it changed: an answer that was open when the candidate withdrew stays as
 * it is. */
enum status conduct_check_running(const struct session *session, struct error *err) must_check;
/* Begins the transaction for a change of an answer, with what it is and belongs to. Which interview that is never
 * changes: it is asked before the transaction, so that the transaction can begin with the session, as all that change
 * one do. *t must be zero and is ended by the caller, whatever this returns. a: NULL is STATUS_NO_MEMORY. */
enum status conduct_enter_answer(struct services *s, struct id id, struct arena *a, struct db_txn *t,
                                 struct session **session, struct answer **answer, struct error *err) must_check;
/* What the candidate said in the answer, in order, joined by spaces; then what was typed (may be NULL). */
enum status conduct_join_text(struct services *s, struct id answer, const char *typed, struct arena *a,
                              const char **ret, struct error *err) must_check;

#endif
