#ifndef VIVA_SERVICES_INTERVIEW_H
#define VIVA_SERVICES_INTERVIEW_H
/* Interviews as recruiters make them; services/access.h says who may read and who may change one. Whoever may read an
 * interview sees its link too: it is no secret from those who read what comes in by it. */

#include "models/interview.h"
#include "repositories/interview_repository.h"
#include "services/actor.h"
#include "services/services.h"

/* Which interview, and the version of it (updated_at) that a change is meant for; 0: whatever it is now. Every change
 * of its row, its questions or its sharing makes the version greater; a change meant for another one is
 * STATUS_PRECONDITION "changed_meanwhile". */
struct interview_ref {
    struct id id;
    int64_t version;
};

/* What the actor may read: their own and what is shared with them, an administrator's: all. */
enum status interview_service_list(struct services *s, struct actor who, const struct interview_filter *f,
                                   struct paging p, struct arena *a, struct page *ret, struct error *err) must_check;
enum status interview_service_get(struct services *s, struct actor who, struct id id, struct arena *a,
                                  struct interview **ret,
                                  struct error *err) must_check; /* with questions and candidate_url */
/* STATUS_INVALID "expires_in_the_past" (field expires_at), here and when it is changed. */
enum status interview_service_create(struct services *s, struct actor who, const struct interview_input *in,
                                     struct arena *a, struct interview **ret, struct error *err) must_check;
enum status interview_service_update(struct services *s, struct actor who, struct interview_ref ref,
                                     const struct interview_input *in, struct arena *a, struct interview **ret,
                                     struct error *err) must_check;
/* Deletes it when nobody has registered; else puts it into the archive: it leaves the lists, nobody can register any
 * more, and its sessions stay. */
enum status interview_service_remove(struct services *s, struct actor who, struct interview_ref ref, enum removal *ret,
                                     struct error *err) must_check;
/* Out of the archive, in the status it had. Harmless when it is not there. */
enum status interview_service_restore(struct services *s, struct actor who, struct interview_ref ref, struct arena *a,
                                      struct interview **ret, struct error *err) must_check;
/* Open needs a question (STATUS_INVALID "no_questions"), and one that is not archived (STATUS_CONFLICT
 * "interview_archived"). */
enum status interview_service_set_status(struct services *s, struct actor who, struct interview_ref ref,
                                         enum interview_status to, struct arena *a, struct interview **ret,
                                         struct error *err) must_check;
/* A new link. The old one leads nowhere at once; whoever has registered goes on. */
enum status interview_service_rotate_link(struct services *s, struct actor who, struct interview_ref ref,
                                          struct arena *a, struct interview **ret, struct error *err) must_check;
/* A draft of the actor's own with the same settings and questions, without expiry and sharing. */
enum status interview_service_duplicate(struct services *s, struct actor who, struct id id, struct arena *a,
                                        struct interview **ret, struct error *err) must_check;

/* ---------------------------------------------------------------------------------------------------------------------
 * Questions (services/interview_questions.c). None changes while a candidate is being interviewed: STATUS_CONFLICT
 * "interview_running". The last question of an open interview stays: STATUS_INVALID "no_questions". */

/* Drafts questions from the built-in bank (services/ai_question.h): question_count of them instead of those there, or
 * (!replace) as many as are missing, beside those there (before a closing one). STATUS_INVALID "questions_enough" when
 * none is missing. */
enum status interview_service_generate(struct services *s, struct actor who, struct interview_ref ref,
                                       const struct generate_request *in, struct arena *a, struct interview **ret,
                                       struct error *err) must_check;
enum status interview_service_set_questions(struct services *s, struct actor who, struct interview_ref ref,
                                            const struct question_input *items, size_t n, struct arena *a,
                                            struct interview **ret, struct error *err) must_check;
/* ids: those of all questions, each once, else STATUS_INVALID "questions_incomplete", "question_unknown" or
 * "question_repeated". */
enum status interview_service_reorder(struct services *s, struct actor who, struct interview_ref ref,
                                      const struct strings *ids, struct arena *a, struct interview **ret,
                                      struct error *err) must_check;
/* Each gives the version of the interview afterwards, where it has one. STATUS_CONFLICT "questions_full". */
enum status question_service_get(struct services *s, struct actor who, struct id interview, struct id id,
                                 struct arena *a, struct question **ret, int64_t *version,
                                 struct error *err) must_check;
enum status question_service_add(struct services *s, struct actor who, struct interview_ref ref,
                                 const struct question_create *in, struct arena *a, struct question **ret,
                                 int64_t *version, struct error *err) must_check;
/* in: by question_update_model. */
enum status question_service_change(struct services *s, struct actor who, struct interview_ref ref, struct id id,
                                    const struct question_input *in, struct arena *a, struct question **ret,
                                    int64_t *version, struct error *err) must_check;
enum status question_service_remove(struct services *s, struct actor who, struct interview_ref ref, struct id id,
                                    struct error *err) must_check;

/* The page a candidate opens: public_url (or "" for relative) + /i/ + link. */
const char *interview_candidate_url(const struct services *s, const char *link, struct arena *a);

#endif
