#ifndef VIVA_MODELS_REPORT_FIGURES_H
#define VIVA_MODELS_REPORT_FIGURES_H
/* How scores move over time, and how well people agree with the machine and with each other. NAN: there is none. */

#include "models/field.h"

enum drift_period { DRIFT_WEEK, DRIFT_MONTH };
extern const struct choice drift_period_choices[];

struct drift_point {
    struct presence presence;
    int64_t from, to; /* to is not included */
    int64_t n;
    double mean, low, high; /* 95 % interval of the mean */
};
extern const struct model drift_point_model;

/* Scores of one scorer version: others are not comparable. */
struct drift_series {
    struct presence presence;
    const char *scorer_version;
    int64_t n, first, last; /* when the first and the last of them finished */
    double mean, deviation, low, high;
    double slope, p_value; /* levels in 30 days; p of none */
    bool drifts;           /* more than chance */
    const char *statement;
    struct list points; /* struct drift_point */
};
extern const struct model drift_series_model;

/* From one scorer version to the next. */
struct drift_step {
    struct presence presence;
    const char *from_version, *to_version;
    double difference, p_value; /* of the means */
    const char *statement;
};
extern const struct model drift_step_model;

struct score_drift {
    struct presence presence;
    int period; /* enum drift_period */
    int64_t n;
    const char *statement;
    struct list series, steps; /* struct drift_series, struct drift_step */
};
extern const struct model score_drift_model;

/* Pairs of levels. */
struct agreement {
    struct presence presence;
    const char *name; /* a competency; "" of all */
    int64_t n;
    double exact, within_one; /* shares, of levels rounded to whole ones */
    double kappa;             /* quadratically weighted */
    double mean_difference;   /* second less first; between reviewers, who have no order: NAN */
    double mean_apart;        /* without its sign */
};
extern const struct model agreement_model;

struct level_agreement {
    struct presence presence;
    struct agreement *machine;   /* the machine's level, and the person's that stands */
    int64_t without_machine;     /* levels of people where the machine gave none */
    int64_t left_as_is;          /* scored answers of signed-off reports of which nobody changed the level */
    struct list by_competency;   /* struct agreement: machine and person */
    struct agreement *reviewers; /* between two reviewers of the same answer, each pair once */
    int64_t answers_by_several;  /* answers for which two or more set a level */
    const char *statement;
};
extern const struct model level_agreement_model;

#endif
