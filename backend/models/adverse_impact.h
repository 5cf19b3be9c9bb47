#ifndef VIVA_MODELS_ADVERSE_IMPACT_H
#define VIVA_MODELS_ADVERSE_IMPACT_H
/* Whether groups fare alike: what candidates said of themselves, counted. Numbers that there are none of, or that are
 * withheld, are NAN (null). */

#include "models/self_identification.h"

/* Who counts as selected. */
enum impact_basis {
    IMPACT_DECISION, /* who was advanced, of those whose report is signed off as advanced or declined */
    IMPACT_SCORE     /* whose overall score is at least the threshold */
};
extern const struct choice impact_basis_choices[];

enum impact_withheld { IMPACT_SHOWN, IMPACT_TOO_FEW, IMPACT_WOULD_TELL };
extern const struct choice impact_withheld_choices[];

struct impact_group {
    struct presence presence;
    const char *value, *label; /* of self_categories */
    int withheld;              /* enum impact_withheld: of a group so, nothing is told */
    double n;                  /* NAN: withheld; so all that follows */
    double selected, selection_rate, rate_low, rate_high;
    double impact_ratio, ratio_low, ratio_high; /* to the group with the highest rate */
    double mean_score;
    double above_median, scoring_rate, scoring_ratio; /* scoring rate: share with more than everybody's median */
    const char *remark;                               /* a plain sentence; "" */
};
extern const struct model impact_group_model;

struct impact_category {
    struct presence presence;
    const char *category, *label;
    double withheld_people; /* in groups that are withheld, together */
    const char *statement;
    struct list groups; /* struct impact_group */
};
extern const struct model impact_category_model;

struct adverse_impact {
    struct presence presence;
    int64_t at;
    struct id interview_id; /* zero: all that the caller owns */
    int64_t from, to;       /* 0: open */
    int basis;              /* enum impact_basis */
    double threshold;       /* as applied; NAN: by decision */
    bool threshold_moved;   /* to where more people lie between it and the next */
    int64_t small_group_min;
    int64_t people, selected;
    int64_t left_out; /* in batches that are not whole, or only partly within the period */
    double median;    /* of everybody's score */
    const char *statement;
    struct list categories; /* struct impact_category */
};
extern const struct model adverse_impact_model;

#endif
