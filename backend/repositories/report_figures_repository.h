#ifndef VIVA_REPOSITORIES_REPORT_FIGURES_REPOSITORY_H
#define VIVA_REPOSITORIES_REPORT_FIGURES_REPOSITORY_H
/* Scores and levels one by one, for figures. The filter is that of reports; previews count nowhere. */

#include "repositories/report_repository.h"

struct scored_report {
    int64_t completed_at;
    double score;
    const char *scorer_version;
};
/* Of reports that are ready and have a score, in the order in which their interviews were finished. *ret: struct
 * scored_report. STATUS_TOO_LARGE "too_many" beyond FIGURES_MAX, as of the next. */
#define FIGURES_MAX 200000
enum status figures_scores(struct db *db, const struct report_filter *f, struct arena *a, struct list *ret,
                           struct error *err) must_check;

struct set_level {
    struct id answer_id, author_id; /* author zero: the account is gone */
    double level, machine_score;    /* NAN: taken back; the machine gave none */
    const char *competency;
};
/* Every level that people set or took back, by answer, each answer's in the order in which they came. *ret: struct
 * set_level. */
enum status figures_levels(struct db *db, const struct report_filter *f, struct arena *a, struct list *ret,
                           struct error *err) must_check;
/* Scored answers of reports whose standing version is signed off, for which no level of a person stands. */
enum status figures_left_as_is(struct db *db, const struct report_filter *f, int64_t *ret,
                               struct error *err) must_check;

#endif
