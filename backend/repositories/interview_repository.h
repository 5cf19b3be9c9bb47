#ifndef VIVA_REPOSITORIES_INTERVIEW_REPOSITORY_H
#define VIVA_REPOSITORIES_INTERVIEW_REPOSITORY_H

#include "models/interview.h"
#include "repositories/repository.h"

struct interview_filter {
    struct id owner_id; /* zero: everybody's */
    int status;         /* enum interview_status; -1: any */
    const char *search; /* in title, role and organisation, as typed (% and _ mean themselves); NULL or "": none */
};
#define INTERVIEW_FILTER_ANY                                                                                           \
    {                                                                                                                  \
        .status = -1                                                                                                   \
    }

/* A link for a new interview: base64url of 24 random bytes. */
#define INTERVIEW_LINK_SIZE 33
void interview_link_make(char out[INTERVIEW_LINK_SIZE]);

enum status interview_insert(struct db *db, const struct interview *i, struct error *err) must_check;
/* With statistics, without questions. */
enum status interview_find(struct db *db, struct id id, struct arena *a, struct interview **ret,
                           struct error *err) must_check;
/* STATUS_NOT_FOUND "link_unknown". Statistics too. */
enum status interview_find_by_link(struct db *db, const char *link, struct arena *a, struct interview **ret,
                                   struct error *err) must_check;
/* Newest first, with statistics, in one query (and one for the total). Items are struct interview. */
enum status interview_list(struct db *db, const struct interview_filter *f, struct paging p, struct arena *a,
                           struct page *ret, struct error *err) must_check;
/* Everything an owner may edit, and updated_at; never owner, status, link. */
enum status interview_update(struct db *db, const struct interview *i, struct error *err) must_check;
/* draft -> open, open -> closed, closed -> open; harmless when already there. STATUS_CONFLICT "interview_status"
 * otherwise. */
enum status interview_set_status(struct db *db, struct id id, enum interview_status to, int64_t now,
                                 struct error *err) must_check;
/* STATUS_CONFLICT "has_sessions" when somebody registered. */
enum status interview_delete(struct db *db, struct id id, struct error *err) must_check;
/* Interviews in a status, of one owner or (zero) of all. */
enum status interview_count(struct db *db, struct id owner, enum interview_status status, int64_t *ret,
                            struct error *err) must_check;

/* In order of position. Items are struct question. */
enum status question_list(struct db *db, struct id interview, struct arena *a, struct list *ret,
                          struct error *err) must_check;
/* The whole list, in this order (positions 1..n): items with an id are changed and keep it, items without are new, the
 * others are deleted (answers keep their copy). STATUS_INVALID "question_unknown" or "question_repeated", field
 * questions[i].id. */
enum status question_replace(struct db *db, struct id interview, const struct question_input *items, size_t n,
                             struct error *err) must_check;

#endif
