#ifndef VIVA_REPOSITORIES_REPORT_REPOSITORY_H
#define VIVA_REPOSITORIES_REPORT_REPOSITORY_H

#include "models/report.h"
#include "repositories/repository.h"

/* One report per session: makes its row, or asks for another version: the content there stays until the next one is
 * ready. */
enum status report_request(struct db *db, struct id session, enum report_next why, int64_t now,
                           struct error *err) must_check;
/* Asks for another version of all of an interview's, as far as one was made or is being made; those stay ready
 * meanwhile. *ret: a struct id each, of their sessions. */
enum status report_request_all(struct db *db, struct id interview, int64_t now, struct arena *a, struct list *ret,
                               struct error *err) must_check;
enum status report_find(struct db *db, struct id session, struct arena *a, struct report **ret,
                        struct error *err) must_check;
enum status report_find_by_id(struct db *db, struct id id, struct arena *a, struct report **ret,
                              struct error *err) must_check;
/* Stores r (by r->session_id, as ready) as the next version: score, summary, questions, content, scorer_version. What
 * was there stays as an earlier version; unless it was made again by itself and is the same: then nothing changes.
 * STATUS_CONFLICT "report_outdated" when another one was asked for since r->asks was read. */
enum status report_store(struct db *db, const struct report *r, int64_t now, struct error *err) must_check;
/* The version that stands is a beginning: the next one is made by itself, and the interview's end is its reason too. */
enum status report_continue(struct db *db, struct id session, int64_t now, struct error *err) must_check;
enum status report_failed(struct db *db, struct id session, const char *error, int64_t now,
                          struct error *err) must_check;
/* Its version made greater, for what was added beside it. */
enum status report_touch(struct db *db, struct id id, int64_t now, struct error *err) must_check;

/* As it was: r with what an earlier version said. STATUS_NOT_FOUND. */
enum status report_at_version(struct db *db, const struct report *r, int64_t version, struct arena *a,
                              struct report **ret, struct error *err) must_check;
/* Items are struct report_edition, the newest first. */
enum status report_editions(struct db *db, const struct report *r, struct arena *a, struct list *ret,
                            struct error *err) must_check;
/* The overall scores of the interview's candidates, ascending; without previews and those who withdrew. Items are
 * double. */
enum status report_scores(struct db *db, struct id interview, struct arena *a, struct list *ret,
                          struct error *err) must_check;

/* The order of report_sort_choices. */
enum report_sort { REPORT_BY_CREATED, REPORT_BY_UPDATED, REPORT_BY_SCORE, REPORT_BY_NAME };
extern const struct choice report_sort_choices[];

struct report_filter {
    struct id reader_id;    /* only of interviews that this user owns or has shared; zero: everybody's */
    struct id interview_id; /* zero: any; so the next two */
    struct id candidate_id, session_id;
    int status;                  /* enum report_status; -1: any */
    double score_min, score_max; /* both included; 0: any, also none */
    int64_t from, to;            /* when the interview was finished; to is not included; 0: any */
    struct sort sort;            /* by enum report_sort */
};
#define REPORT_FILTER_ANY                                                                                              \
    {                                                                                                                  \
        .status = -1, .sort = { REPORT_BY_CREATED, true }                                                              \
    }

struct where;
/* The filter's conditions on "reports r JOIN interview_sessions s"; for repositories only. To be freed. */
void report_conditions(struct where *w, const struct report_filter *f);
/* Items are struct report_summary. One query, and one for the total. */
enum status report_list(struct db *db, const struct report_filter *f, struct paging p, struct arena *a,
                        struct page *ret, struct error *err) must_check;
/* Of the reports that the filter lets through, sorting aside. Figures are of those that are ready and have a score. */
enum status report_statistics(struct db *db, const struct report_filter *f, struct arena *a,
                              struct report_statistics **ret, struct error *err) must_check;

#endif
