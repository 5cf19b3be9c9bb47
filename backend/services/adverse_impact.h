#ifndef VIVA_SERVICES_ADVERSE_IMPACT_H
#define VIVA_SERVICES_ADVERSE_IMPACT_H
/* Whether groups fare alike: selection rates with the four-fifths rule (29 CFR 1607.4 D), scoring rates as New York
 * City's rules for automated employment decision tools have them (6 RCNY 5-301: share above the median), over what
 * candidates said of themselves. For an interview's owner and administrators; each look is recorded in the audit log.
 *
 * Nobody is to learn what one person said, though who was selected and with which score is known to who looks:
 *  - groups with fewer people than settings.small_group_min are withheld, and so many more that the withheld ones
 *    cannot be had by subtraction (complementary suppression): at least two groups and that many people;
 *  - how groups fared is withheld where all who were selected (or not, or above the median, or not) are of one group;
 *  - an interview's people are counted in whole batches of that size, in the order in which they finished (or were
 *    decided on): two tables never differ by one person, and a period takes whole batches;
 *  - a threshold is moved to the nearest that has that many people between it and the next one that is offered.
 * What remains: who takes one table from another (before and after a batch, a longer and a shorter period, all
 * interviews and one) is left with the table of whole batches alone, in which a group may be one person. Who changes a
 * decision back and forth between two looks, erases a candidate, or as an administrator sets another smallest group,
 * sees what changes; and averages, to one decimal, of few people whose scores are known. All of it stands in the audit
 * log. */

#include "models/adverse_impact.h"
#include "repositories/impact_repository.h"
#include "services/actor.h"
#include "services/services.h"

struct impact_query {
    struct id interview; /* zero: all that the actor owns, an administrator's: all */
    int64_t from, to;    /* when they finished or were decided on; 0: open; to is not included */
    int basis;           /* enum impact_basis */
    double threshold;    /* IMPACT_SCORE; 0: IMPACT_THRESHOLD */
};
#define IMPACT_THRESHOLD 3

/* STATUS_FORBIDDEN for whom an interview is only shared with, STATUS_NOT_FOUND for others. format: for the log. */
enum status adverse_impact_get(struct services *s, struct actor who, const struct impact_query *q, const char *format,
                               struct arena *a, struct adverse_impact **ret, struct error *err) must_check;
/* A row for each group. */
void adverse_impact_csv(const struct adverse_impact *x, struct buf *out);

/* The figures alone, of struct impact_person in any order (they are sorted). ret: all but at. */
enum status impact_figures(const struct impact_query *q, int64_t small, struct list *people, struct arena *a,
                           struct adverse_impact *ret, struct error *err) must_check;

#endif
