#include "models/report_figures.h"

#include "models/tables.h"

const struct choice drift_period_choices[] = {{"week", "Weeks"}, {"month", "Months"}, {NULL, NULL}};

static const struct field point_fields[] = {
    FIELD(struct drift_point, from, FIELD_TIME, .flags = OUT, .doc = "UTC; weeks begin on Mondays."),
    FIELD(struct drift_point, to, FIELD_TIME, .flags = OUT, .doc = "Not included."),
    FIELD(struct drift_point, n, FIELD_INT, .flags = OUT, .example = "12"),
    FIELD(struct drift_point, mean, FIELD_NUMBER, .flags = OUT, .example = "3.4"),
    FIELD(struct drift_point, low, FIELD_NUMBER, .flags = OUT_NULL, .doc = "95 % interval of the mean; null for one.",
          .example = "3.1"),
    FIELD(struct drift_point, high, FIELD_NUMBER, .flags = OUT_NULL, .example = "3.7"),
};
const struct model drift_point_model = MODEL("DriftPoint", struct drift_point, point_fields, "The scores of a period.");

static const struct field series_fields[] = {
    FIELD(struct drift_series, scorer_version, FIELD_STRING, .flags = OUT, .example = "viva-rubric/3"),
    FIELD(struct drift_series, n, FIELD_INT, .flags = OUT, .example = "80"),
    FIELD(struct drift_series, first, FIELD_TIME, .flags = OUT),
    FIELD(struct drift_series, last, FIELD_TIME, .flags = OUT),
    FIELD(struct drift_series, mean, FIELD_NUMBER, .flags = OUT, .example = "3.4"),
    FIELD(struct drift_series, deviation, FIELD_NUMBER, .flags = OUT_NULL, .example = "0.8"),
    FIELD(struct drift_series, low, FIELD_NUMBER, .flags = OUT_NULL, .doc = "95 % interval of the mean.",
          .example = "3.2"),
    FIELD(struct drift_series, high, FIELD_NUMBER, .flags = OUT_NULL, .example = "3.6"),
    FIELD(struct drift_series, slope, FIELD_NUMBER, .flags = OUT_NULL, .doc = "Levels in 30 days (least squares).",
          .example = "-0.12"),
    FIELD(struct drift_series, p_value, FIELD_NUMBER, .flags = OUT_NULL,
          .doc = "How probable such a slope is when there is none.", .example = "0.03"),
    FIELD(struct drift_series, drifts, FIELD_BOOL, .flags = OUT, .doc = "p below 0.05, of at least ten reports."),
    FIELD(struct drift_series, statement, FIELD_TEXT, .flags = OUT, .example = "The scores stay where they are."),
    FIELD(struct drift_series, points, FIELD_LIST, .flags = OUT, .model = &drift_point_model,
          .doc = "Periods in which somebody finished, oldest first."),
};
const struct model drift_series_model =
    MODEL("DriftSeries", struct drift_series, series_fields, "The scores that one version of the scorer gave.");

static const struct field step_fields[] = {
    FIELD(struct drift_step, from_version, FIELD_STRING, .flags = OUT, .example = "viva-rubric/2"),
    FIELD(struct drift_step, to_version, FIELD_STRING, .flags = OUT, .example = "viva-rubric/3"),
    FIELD(struct drift_step, difference, FIELD_NUMBER, .flags = OUT, .doc = "Of the means, levels.", .example = "0.3"),
    FIELD(struct drift_step, p_value, FIELD_NUMBER, .flags = OUT_NULL, .doc = "Welch's test.", .example = "0.2"),
    FIELD(struct drift_step, statement, FIELD_TEXT, .flags = OUT, .example = "Chance alone may explain that."),
};
const struct model drift_step_model =
    MODEL("DriftStep", struct drift_step, step_fields, "From one version of the scorer to the next.");

static const struct field drift_fields[] = {
    FIELD(struct score_drift, period, FIELD_ENUM, .flags = OUT, .choices = drift_period_choices),
    FIELD(struct score_drift, n, FIELD_INT, .flags = OUT, .doc = "Reports with a score.", .example = "80"),
    FIELD(struct score_drift, statement, FIELD_TEXT, .flags = OUT, .example = "The scores stay where they are."),
    FIELD(struct score_drift, series, FIELD_LIST, .flags = OUT, .model = &drift_series_model,
          .doc = "In the order of their first report; the last is the scorer's of now unless reports are made again."),
    FIELD(struct score_drift, steps, FIELD_LIST, .flags = OUT, .model = &drift_step_model),
};
const struct model score_drift_model =
    MODEL("ScoreDrift", struct score_drift, drift_fields, "How scores move over time, by version of the scorer.");

static const struct field agreement_fields[] = {
    FIELD(struct agreement, name, FIELD_STRING, .flags = OUT, .doc = "A competency; empty: of all.",
          .example = "Troubleshooting"),
    FIELD(struct agreement, n, FIELD_INT, .flags = OUT, .example = "42"),
    FIELD(struct agreement, exact, FIELD_NUMBER, .flags = OUT_NULL, .doc = "Share with the same whole level, 0 to 1.",
          .example = "0.55"),
    FIELD(struct agreement, within_one, FIELD_NUMBER, .flags = OUT_NULL, .doc = "Share at most one level apart.",
          .example = "0.93"),
    FIELD(struct agreement, kappa, FIELD_NUMBER, .flags = OUT_NULL,
          .doc = "Quadratically weighted: 1 agreement, 0 what chance gives.", .example = "0.71"),
    FIELD(struct agreement, mean_difference, FIELD_NUMBER, .flags = OUT_NULL,
          .doc = "The person's less the machine's; null between reviewers, who have no order.", .example = "0.2"),
    FIELD(struct agreement, mean_apart, FIELD_NUMBER, .flags = OUT_NULL, .doc = "Without its sign.", .example = "0.6"),
};
const struct model agreement_model =
    MODEL("Agreement", struct agreement, agreement_fields, "How alike two levels are.");

static const struct field levels_fields[] = {
    FIELD(struct level_agreement, machine, FIELD_OBJECT, .flags = OUT, .model = &agreement_model,
          .doc = "Of answers for which a person set a level that stands, and the machine gave one."),
    FIELD(struct level_agreement, without_machine, FIELD_INT, .flags = OUT,
          .doc = "Levels of people where the machine gave none.", .example = "3"),
    FIELD(struct level_agreement, left_as_is, FIELD_INT, .flags = OUT,
          .doc = "Scored answers of signed-off reports of which nobody changed the level: agreement that is not in the "
                 "figures.",
          .example = "120"),
    FIELD(struct level_agreement, by_competency, FIELD_LIST, .flags = OUT, .model = &agreement_model),
    FIELD(struct level_agreement, reviewers, FIELD_OBJECT, .flags = OUT, .model = &agreement_model,
          .doc = "Between two people who set a level for the same answer; n: pairs."),
    FIELD(struct level_agreement, answers_by_several, FIELD_INT, .flags = OUT, .example = "9"),
    FIELD(struct level_agreement, statement, FIELD_TEXT, .flags = OUT, .example = "Good agreement."),
};
const struct model level_agreement_model = MODEL("LevelAgreement", struct level_agreement, levels_fields,
                                                 "How well people agree with the machine, and with each other.");
