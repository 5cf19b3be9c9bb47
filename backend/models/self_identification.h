#ifndef VIVA_MODELS_SELF_IDENTIFICATION_H
#define VIVA_MODELS_SELF_IDENTIFICATION_H
/* What candidates say of themselves of their own will, after the interview, so that an organisation can see whether its
 * interviews treat groups alike. Nothing that scores reads it, and nobody of the staff one person's: only figures over
 * many (services/adverse_impact.h). tools/check_layers.py names the files that may know of it. */

#include "models/field.h"

#define SELF_CATEGORIES 4
#define SELF_NOT_GIVEN  0 /* of every category: nothing was said */

extern const struct choice gender_choices[], age_band_choices[], ethnicity_choices[], disability_choices[];

/* Of each category the index of what was said. */
struct self_identification {
    struct presence presence;
    int gender, age_band, ethnicity, disability;
    bool asked; /* whether the organisation asks; set by the service */
};
extern const struct model self_identification_model;       /* as the candidate sees it */
extern const struct model self_identification_input_model; /* as it is given: what is left out was not said */
extern const struct model self_identification_kept_model;  /* in a copy of one's data */

struct self_category {
    const char *name, *label;
    const struct choice *choices;
    size_t offset; /* of its int in struct self_identification */
    int declined;  /* index of "prefer not to say" */
};
extern const struct self_category self_categories[SELF_CATEGORIES];

static inline int *self_value(struct self_identification *x, const struct self_category *c)
{
    return (int *)((char *)x + c->offset);
}
static inline int self_value_of(const struct self_identification *x, const struct self_category *c)
{
    return *(const int *)((const char *)x + c->offset);
}

#endif
