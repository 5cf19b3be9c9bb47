#ifndef VIVA_REPOSITORIES_INTERVIEW_REPOSITORY_H
#define VIVA_REPOSITORIES_INTERVIEW_REPOSITORY_H

#include "models/interview.h"
#include "repositories/repository.h"

struct interview_filter {
    struct id reader_id;        /* only what this user owns or has shared; zero: everybody's */
    struct id owner_id;         /* zero: whoever's */
    int status;                 /* enum interview_status; -1: any */
    int interview_type;         /* enum interview_type; -1: any */
    int difficulty;             /* enum difficulty; -1: any */
    enum interview_shelf shelf; /* archived or not */
    const char *search; /* in title, role and organisation, as typed (% and _ mean themselves); NULL or "": none */
    struct sort sort;   /* by enum interview_sort */
};
#define INTERVIEW_FILTER_ANY                                                                                           \
    {                                                                                                                  \
        .status = -1, .interview_type = -1, .difficulty = -1, .shelf = INTERVIEW_ANYWHERE, .sort = {                   \
            INTERVIEW_BY_CREATED,                                                                                      \
            true                                                                                                       \
        }                                                                                                              \
    }

/* A link for a new interview: base64url of 24 random bytes. */
#define INTERVIEW_LINK_SIZE 33
void interview_link_make(char out[INTERVIEW_LINK_SIZE]);

enum status interview_insert(struct db *db, const struct interview *i, struct error *err) must_check;
/* First in a transaction that reads an interview in order to change it, or to count its sessions: others who do the
 * same wait. (On SQLite they wait since db_begin.) Harmless when there is no such interview. */
enum status interview_lock(struct db *db, struct id id, struct error *err) must_check;
/* The id behind a link: STATUS_NOT_FOUND "link_unknown". */
enum status interview_id_of_link(struct db *db, const char *link, struct id *ret, struct error *err) must_check;
/* With statistics (on MySQL not within a transaction: zeros), without questions. */
enum status interview_find(struct db *db, struct id id, struct arena *a, struct interview **ret,
                           struct error *err) must_check;
/* STATUS_NOT_FOUND "link_unknown". Statistics too. */
enum status interview_find_by_link(struct db *db, const char *link, struct arena *a, struct interview **ret,
                                   struct error *err) must_check;
/* With statistics, in one query (and one for the total). Items are struct interview. */
enum status interview_list(struct db *db, const struct interview_filter *f, struct paging p, struct arena *a,
                           struct page *ret, struct error *err) must_check;
/* Everything an owner may edit, and updated_at; never owner, status, link. */
enum status interview_update(struct db *db, const struct interview *i, struct error *err) must_check;
/* draft -> open, open -> closed, closed -> open; harmless when already there. STATUS_CONFLICT "interview_status"
 * otherwise. */
enum status interview_set_status(struct db *db, struct id id, enum interview_status to, int64_t now,
                                 struct error *err) must_check;
/* A new link; nothing is found under the old one. */
enum status interview_set_link(struct db *db, struct id id, const char *link, int64_t now,
                               struct error *err) must_check;
/* archived_at 0: takes it out of the archive. */
enum status interview_set_archived(struct db *db, struct id id, int64_t archived_at, int64_t now,
                                   struct error *err) must_check;
/* A new version of it, for what changed beside its row (questions, sharing). */
enum status interview_touch(struct db *db, struct id id, int64_t now, struct error *err) must_check;
/* How many places are taken: registered, running or completed. */
enum status interview_places_taken(struct db *db, struct id id, int64_t *ret, struct error *err) must_check;
/* STATUS_CONFLICT "has_sessions" when somebody registered. */
enum status interview_delete(struct db *db, struct id id, struct error *err) must_check;
/* Interviews in a status and not archived, of one owner or (zero) of all. */
enum status interview_count(struct db *db, struct id owner, enum interview_status status, int64_t *ret,
                            struct error *err) must_check;

/* In order of position, with their points: two queries whatever the size. Items are struct question. */
enum status question_list(struct db *db, struct id interview, struct arena *a, struct list *ret,
                          struct error *err) must_check;
/* The whole list, in this order (positions 1..n): items with an id are changed and keep it, items without are new, the
 * others are deleted (answers keep their copy). STATUS_INVALID "question_unknown" or "question_repeated", field
 * questions[i].id. */
enum status question_replace(struct db *db, struct id interview, const struct question_input *items, size_t n,
                             struct error *err) must_check;

#endif
