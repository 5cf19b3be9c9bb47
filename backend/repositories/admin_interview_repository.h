#ifndef VIVA_REPOSITORIES_ADMIN_INTERVIEW_REPOSITORY_H
#define VIVA_REPOSITORIES_ADMIN_INTERVIEW_REPOSITORY_H
/* Everybody's interviews, and whose they are. */

#include "models/admin.h"
#include "repositories/repository.h"

enum archived_filter { ARCHIVED_ANY = -1, ARCHIVED_NO, ARCHIVED_YES };

struct admin_interview_filter {
    struct id owner_id; /* zero: everybody's */
    int status;         /* enum interview_status; -1: any */
    int archived;       /* enum archived_filter */
    const char *search; /* in title, role and organisation; NULL or "": none */
    struct sort sort;   /* enum admin_interview_sort */
};

/* Items are struct admin_interview. One query, and one for the total. */
enum status admin_interview_list(struct db *db, const struct admin_interview_filter *f, struct paging p,
                                 struct arena *a, struct page *ret, struct error *err) must_check;
enum status admin_interview_find(struct db *db, struct id id, struct arena *a, struct admin_interview **ret,
                                 struct error *err) must_check;
enum status interview_set_owner(struct db *db, struct id id, struct id owner, int64_t now,
                                struct error *err) must_check;
/* All of one owner's; *count how many. */
enum status interview_set_owner_of_all(struct db *db, struct id from, struct id to, int64_t now, int64_t *count,
                                       struct error *err) must_check;
/* Who owns an interview need not be shown it. */
enum status reviewer_remove_owner(struct db *db, struct id owner, struct error *err) must_check;

#endif
