#ifndef VIVA_REPOSITORIES_IMPACT_REPOSITORY_H
#define VIVA_REPOSITORIES_IMPACT_REPOSITORY_H
/* Who was interviewed, how it went, and what they said of themselves: for counting (services/adverse_impact.h). */

#include "models/report_parts.h"
#include "models/self_identification.h"
#include "repositories/repository.h"

/* One person. Rows come in the order of interviews. */
struct impact_person {
    struct id interview_id, session_id;
    int64_t completed_at;
    double score; /* NAN: none */
    int outcome;  /* enum sign_off_outcome; OUTCOME_NONE also without a sign-off */
    struct id sign_off_id;
    int64_t decided_at; /* of the sign-off; 0: none */
    struct self_identification said;
};

/* Of completed interviews with a report, previews aside. interview zero: all; owner zero: everybody's. *ret: struct
 * impact_person. STATUS_TOO_LARGE "too_many" beyond IMPACT_PEOPLE_MAX. */
#define IMPACT_PEOPLE_MAX 100000
enum status impact_people(struct db *db, struct id interview, struct id owner, struct arena *a, struct list *ret,
                          struct error *err) must_check;

#endif
