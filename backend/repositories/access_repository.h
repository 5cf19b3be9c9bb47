#ifndef VIVA_REPOSITORIES_ACCESS_REPOSITORY_H
#define VIVA_REPOSITORIES_ACCESS_REPOSITORY_H
/* Whose a thing is, and whether it is shared with somebody. STATUS_NOT_FOUND when there is no such thing. */

#include "repositories/repository.h"

struct grant {
    struct id owner_id; /* of the interview */
    bool shared;        /* with the user asked for */
};

enum status grant_of_interview(struct db *db, struct id interview, struct id user, struct grant *ret,
                               struct error *err) must_check;
enum status grant_of_candidate(struct db *db, struct id candidate, struct id user, struct grant *ret,
                               struct error *err) must_check;
enum status grant_of_session(struct db *db, struct id session, struct id user, struct grant *ret,
                             struct error *err) must_check;

/* Sharing. Items are struct user. Both are harmless when it is so already. */
enum status reviewer_list(struct db *db, struct id interview, struct arena *a, struct list *ret,
                          struct error *err) must_check;
enum status reviewer_add(struct db *db, struct id interview, struct id user, int64_t now, struct error *err) must_check;
enum status reviewer_remove(struct db *db, struct id interview, struct id user, struct error *err) must_check;

#endif
