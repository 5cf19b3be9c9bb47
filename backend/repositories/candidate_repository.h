#ifndef VIVA_REPOSITORIES_CANDIDATE_REPOSITORY_H
#define VIVA_REPOSITORIES_CANDIDATE_REPOSITORY_H

#include "models/candidate.h"
#include "repositories/repository.h"

/* One candidate per interview and address: inserts c, or gives back who is there already (*created false; unchanged).
 */
enum status candidate_register(struct db *db, const struct candidate *c, struct arena *a, struct candidate **ret,
                               bool *created, struct error *err) must_check;
enum status candidate_find(struct db *db, struct id id, struct arena *a, struct candidate **ret,
                           struct error *err) must_check;
enum status candidate_find_by_email(struct db *db, struct id interview, const char *email, struct arena *a,
                                    struct candidate **ret, struct error *err) must_check;
/* full_name, email, updated_at. STATUS_CONFLICT "email_taken" when another candidate of the interview has the address.
 */
enum status candidate_update(struct db *db, const struct candidate *c, struct error *err) must_check;

/* The order of candidate_sort_choices. */
enum candidate_sort { CANDIDATE_BY_CREATED, CANDIDATE_BY_NAME, CANDIDATE_BY_EMAIL };
extern const struct choice candidate_sort_choices[];

struct candidate_filter {
    struct id reader_id;    /* only of interviews that this user owns or has shared; zero: everybody's */
    struct id interview_id; /* zero: any */
    int status;             /* enum session_status; -1: any */
    int has_resume;         /* 0 or 1; -1: either */
    const char *search;     /* in name and address, as typed (% and _ mean themselves); NULL or "": none */
    struct sort sort;       /* by enum candidate_sort */
};
#define CANDIDATE_FILTER_ANY                                                                                           \
    {                                                                                                                  \
        .status = -1, .has_resume = -1, .sort = { CANDIDATE_BY_CREATED, true }                                         \
    }

/* Items are struct candidate_profile. One query, and one for the total. */
enum status candidate_list(struct db *db, const struct candidate_filter *f, struct paging p, struct arena *a,
                           struct page *ret, struct error *err) must_check;
enum status candidate_profile_find(struct db *db, struct id id, struct arena *a, struct candidate_profile **ret,
                                   struct error *err) must_check;

/* With session, answers, recordings' rows, resume's row and report. Files are the service's. */
enum status candidate_delete(struct db *db, struct id id, struct error *err) must_check;

#endif
