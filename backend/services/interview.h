#ifndef VIVA_SERVICES_INTERVIEW_H
#define VIVA_SERVICES_INTERVIEW_H
/* Interviews as recruiters make them: owners see their own, administrators all (an interview that is not the caller's
 * is STATUS_NOT_FOUND). */

#include "models/interview.h"
#include "repositories/interview_repository.h"
#include "services/actor.h"
#include "services/services.h"

enum status interview_service_list(struct services *s, struct actor who, const struct interview_filter *f,
                                   struct paging p, struct arena *a, struct page *ret, struct error *err) must_check;
enum status interview_service_get(struct services *s, struct actor who, struct id id, struct arena *a,
                                  struct interview **ret,
                                  struct error *err) must_check; /* with questions and candidate_url */
enum status interview_service_create(struct services *s, struct actor who, const struct interview_input *in,
                                     struct arena *a, struct interview **ret, struct error *err) must_check;
enum status interview_service_update(struct services *s, struct actor who, struct id id,
                                     const struct interview_input *in, struct arena *a, struct interview **ret,
                                     struct error *err) must_check;
enum status interview_service_delete(struct services *s, struct actor who, struct id id, struct error *err) must_check;
/* Drafts questions from the built-in bank (services/ai_question.h): question_count of them instead of those there, or
 * (!replace) as many as are missing, beside those there (before a closing one). STATUS_INVALID "questions_enough" when
 * none is missing, STATUS_CONFLICT "interview_running". */
enum status interview_service_generate(struct services *s, struct actor who, struct id id, bool replace,
                                       struct arena *a, struct interview **ret, struct error *err) must_check;
/* STATUS_CONFLICT "interview_running" while a candidate is being interviewed. */
enum status interview_service_set_questions(struct services *s, struct actor who, struct id id,
                                            const struct question_input *items, size_t n, struct arena *a,
                                            struct interview **ret, struct error *err) must_check;
/* Open needs a question: STATUS_INVALID "no_questions". */
enum status interview_service_set_status(struct services *s, struct actor who, struct id id, enum interview_status to,
                                         struct arena *a, struct interview **ret, struct error *err) must_check;

/* The page a candidate opens: public_url (or "" for relative) + /i/ + link. */
const char *interview_candidate_url(const struct services *s, const char *link, struct arena *a);

#endif
