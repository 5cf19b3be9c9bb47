#ifndef VIVA_SERVICES_CANDIDACY_H
#define VIVA_SERVICES_CANDIDACY_H
/* What a candidate does without an account: look at the interview behind a link, register, see where it stands, answer
 * in writing, finish, withdraw. A registration gives a session token (shown once; its hash is kept); registering again
 * with the same address and link gives the same session and a fresh token, the old one ends. */

#include "models/candidate.h"
#include "services/services.h"

/* STATUS_NOT_FOUND "link_unknown" (also a draft's), STATUS_GONE "interview_closed" (also when archived). */
enum status candidacy_interview(struct services *s, const char *link, struct arena *a, struct public_interview **ret,
                                struct error *err) must_check;
/* STATUS_INVALID "consent_required" (field consent_recording or consent_ai), STATUS_CONFLICT "session_completed". For
 * somebody new also STATUS_GONE "interview_expired" and STATUS_CONFLICT "interview_full": of two that come for the last
 * place one gets it. */
enum status candidacy_register(struct services *s, const char *link, const struct candidate_register *in,
                               struct arena *a, struct register_result **ret, struct error *err) must_check;
/* STATUS_FORBIDDEN "other_browser": the token in use was given to somebody who knew address and link, and could not
 * show an earlier token. It goes on with the interview, and is not shown what was said and handed in before, nor may it
 * destroy that. */
enum status candidacy_check_own(struct services *s, struct id session, struct error *err) must_check;
/* Which session a token opens. STATUS_UNAUTHENTICATED "token_invalid". */
enum status candidacy_authenticate(struct services *s, const char *token, struct id *session,
                                   struct error *err) must_check;
enum status candidacy_state(struct services *s, struct id session, struct arena *a, struct session_state **ret,
                            struct error *err) must_check;
/* Begins the session when it has not begun, opening the first answer, so that an interview without microphone, socket
 * or engines goes on. */
enum status candidacy_start(struct services *s, struct id session, struct arena *a, struct session_state **ret,
                            struct error *err) must_check;
/* Ends the open answer with what was typed, opens the next one or completes the session; or a follow-up is asked, and
 * the answer goes on (conduct_write_answer: follow_up as there). STATUS_CONFLICT "answer_ended", "follow_up_answered".
 */
enum status candidacy_text_answer(struct services *s, struct id session, struct id answer, int follow_up,
                                  const char *text, struct arena *a, struct session_state **ret,
                                  struct error *err) must_check;
/* STATUS_CONFLICT "answers_missing" while questions are left. */
enum status candidacy_complete(struct services *s, struct id session, struct arena *a, struct session_state **ret,
                               struct error *err) must_check;
/* STATUS_FORBIDDEN as candidacy_check_own. Marks the session withdrawn and erases its recordings and the resume;
 * nothing more can be added. */
enum status candidacy_withdraw(struct services *s, struct id session, struct error *err) must_check;

#endif
