#include "models/self_identification.h"

#include "models/tables.h"

#define NOT_GIVEN                                                                                                      \
    {                                                                                                                  \
        "not_given", "Not given"                                                                                       \
    }
#define DECLINED                                                                                                       \
    {                                                                                                                  \
        "prefer_not_to_say", "Prefers not to say"                                                                      \
    }

const struct choice gender_choices[] = {
    NOT_GIVEN,
    DECLINED,
    {"woman", "Woman"},
    {"man", "Man"},
    {"non_binary", "Non-binary"},
    {"another", "Another gender"},
    {NULL, NULL},
};
const struct choice age_band_choices[] = {
    NOT_GIVEN,
    DECLINED,
    {"under_30", "Under 30"},
    {"30_39", "30 to 39"},
    {"40_49", "40 to 49"},
    {"50_59", "50 to 59"},
    {"60_or_over", "60 or over"},
    {NULL, NULL},
};
const struct choice ethnicity_choices[] = {
    NOT_GIVEN,
    DECLINED,
    {"asian", "Asian"},
    {"black", "Black"},
    {"hispanic", "Hispanic or Latino"},
    {"indigenous", "Indigenous"},
    {"middle_eastern", "Middle Eastern or North African"},
    {"pacific_islander", "Pacific Islander"},
    {"white", "White"},
    {"mixed", "More than one"},
    {"another", "Another"},
    {NULL, NULL},
};
const struct choice disability_choices[] = {
    NOT_GIVEN, DECLINED, {"yes", "Has a disability"}, {"no", "Has no disability"}, {NULL, NULL},
};

const struct self_category self_categories[SELF_CATEGORIES] = {
    {"gender", "Gender", gender_choices, offsetof(struct self_identification, gender), 1},
    {"age_band", "Age", age_band_choices, offsetof(struct self_identification, age_band), 1},
    {"ethnicity", "Ethnic group", ethnicity_choices, offsetof(struct self_identification, ethnicity), 1},
    {"disability", "Disability", disability_choices, offsetof(struct self_identification, disability), 1},
};

#define GIVEN(f)                                                                                                       \
    FIELD(struct self_identification, gender, FIELD_ENUM, .flags = (f), .choices = gender_choices),                    \
        FIELD(struct self_identification, age_band, FIELD_ENUM, .flags = (f), .choices = age_band_choices),            \
        FIELD(struct self_identification, ethnicity, FIELD_ENUM, .flags = (f), .choices = ethnicity_choices),          \
        FIELD(struct self_identification, disability, FIELD_ENUM, .flags = (f), .choices = disability_choices)

static const struct field shown[] = {
    FIELD(struct self_identification, asked, FIELD_BOOL, .flags = OUT,
          .doc = "Whether this organisation asks. What was given can be taken back either way."),
    GIVEN(OUT),
};
const struct model self_identification_model =
    MODEL("SelfIdentification", struct self_identification, shown,
          "What a candidate says of themselves of their own will. Nobody reads one person's; no score knows of it.");

static const struct field given[] = {GIVEN(0)};
const struct model self_identification_input_model = MODEL("SelfIdentificationInput", struct self_identification, given,
                                                           "All of it is voluntary: leave out what you like.");

static const struct field kept[] = {GIVEN(OUT)};
const struct model self_identification_kept_model =
    MODEL("OwnSelfIdentification", struct self_identification, kept, "What one said of oneself.");
