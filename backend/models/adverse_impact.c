#include "models/adverse_impact.h"

#include "models/tables.h"

const struct choice impact_basis_choices[] = {{"decision", "Decisions"}, {"score", "Scores"}, {NULL, NULL}};
const struct choice impact_withheld_choices[] = {
    {"no", "Shown"}, {"too_few", "Too few people"}, {"would_tell", "Would tell of single people"}, {NULL, NULL}};

#define NUMBER(member, ...) FIELD(struct impact_group, member, FIELD_NUMBER, .flags = OUT_NULL, __VA_ARGS__)

static const struct field group_fields[] = {
    FIELD(struct impact_group, value, FIELD_STRING, .flags = OUT, .example = "woman"),
    FIELD(struct impact_group, label, FIELD_STRING, .flags = OUT, .example = "Woman"),
    FIELD(struct impact_group, withheld, FIELD_ENUM, .flags = OUT, .choices = impact_withheld_choices,
          .doc =
              "too_few: nothing is told. would_tell: how many there are, and not how they fared, because it would tell "
              "what single people said."),
    NUMBER(n, .example = "24"),
    NUMBER(selected, .example = "9"),
    NUMBER(selection_rate, .doc = "0 to 1.", .example = "0.375"),
    NUMBER(rate_low, .doc = "95 % interval (Wilson).", .example = "0.212"),
    NUMBER(rate_high, .example = "0.573"),
    NUMBER(impact_ratio, .doc = "Selection rate beside that of the group with the highest.", .example = "0.83"),
    NUMBER(ratio_low, .doc = "95 % interval (Katz).", .example = "0.45"),
    NUMBER(ratio_high, .example = "1.54"),
    NUMBER(mean_score, .doc = "Of overall scores, to one decimal.", .example = "3.2"),
    NUMBER(above_median, .doc = "With more than everybody's median.", .example = "11"),
    NUMBER(scoring_rate, .doc = "Share above the median, 0 to 1.", .example = "0.458"),
    NUMBER(scoring_ratio, .doc = "Scoring rate beside that of the group with the highest.", .example = "0.92"),
    FIELD(struct impact_group, remark, FIELD_TEXT, .flags = OUT,
          .example = "Below four fifths of the highest rate, and more than chance explains."),
};
const struct model impact_group_model = MODEL("ImpactGroup", struct impact_group, group_fields, "How a group fared.");

static const struct field category_fields[] = {
    FIELD(struct impact_category, category, FIELD_STRING, .flags = OUT, .example = "gender"),
    FIELD(struct impact_category, label, FIELD_STRING, .flags = OUT, .example = "Gender"),
    FIELD(struct impact_category, withheld_people, FIELD_NUMBER, .flags = OUT_NULL,
          .doc = "People in groups that are withheld, together; null when that would tell of them.", .example = "7"),
    FIELD(struct impact_category, statement, FIELD_TEXT, .flags = OUT,
          .example = "No group is below four fifths of the highest selection rate."),
    FIELD(struct impact_category, groups, FIELD_LIST, .flags = OUT, .model = &impact_group_model),
};
const struct model impact_category_model =
    MODEL("ImpactCategory", struct impact_category, category_fields, "How the groups of a category fared.");

static const struct field impact_fields[] = {
    FIELD(struct adverse_impact, at, FIELD_TIME, .flags = OUT),
    FIELD(struct adverse_impact, interview_id, FIELD_ID, .flags = OUT_NULL,
          .doc = "Null: all that the caller owns; an administrator's: all."),
    FIELD(struct adverse_impact, from, FIELD_TIME, .flags = OUT_NULL),
    FIELD(struct adverse_impact, to, FIELD_TIME, .flags = OUT_NULL),
    FIELD(struct adverse_impact, basis, FIELD_ENUM, .flags = OUT, .choices = impact_basis_choices),
    FIELD(struct adverse_impact, threshold, FIELD_NUMBER, .flags = OUT_NULL,
          .doc = "The score from which people count as selected, as applied; null: by decision.", .example = "3.5"),
    FIELD(struct adverse_impact, threshold_moved, FIELD_BOOL, .flags = OUT,
          .doc = "It is not the one asked for: too few people lie between them, and two tables would tell of them."),
    FIELD(struct adverse_impact, small_group_min, FIELD_INT, .flags = OUT, .example = "5"),
    FIELD(struct adverse_impact, people, FIELD_INT, .flags = OUT, .doc = "That are counted: all have an overall score.",
          .example = "60"),
    FIELD(struct adverse_impact, selected, FIELD_INT, .flags = OUT, .doc = "Of them.", .example = "22"),
    FIELD(struct adverse_impact, left_out, FIELD_INT, .flags = OUT,
          .doc =
              "People are counted in batches, in the order in which they finished or were decided on: these are in one "
              "that is not whole yet, or only partly within the period. Two tables, before and after one person, "
              "would tell of that person.",
          .example = "3"),
    FIELD(struct adverse_impact, median, FIELD_NUMBER, .flags = OUT_NULL, .doc = "Of everybody's overall score.",
          .example = "3.3"),
    FIELD(struct adverse_impact, statement, FIELD_TEXT, .flags = OUT, .example = "60 people are counted."),
    FIELD(struct adverse_impact, categories, FIELD_LIST, .flags = OUT, .model = &impact_category_model),
};
const struct model adverse_impact_model =
    MODEL("AdverseImpact", struct adverse_impact, impact_fields,
          "Selection and scoring by what candidates said of themselves of their own will; small groups are withheld.");
