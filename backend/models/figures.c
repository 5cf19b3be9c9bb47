#include "models/figures.h"

#include "models/report.h"
#include "models/tables.h"

static const struct field day_fields[] = {
    FIELD(struct day_figures, day, FIELD_TIME, .flags = OUT, .doc = "Its beginning, UTC.",
          .example = "2026-11-24T00:00:00Z"),
    FIELD(struct day_figures, registered, FIELD_INT, .flags = OUT, .example = "3"),
    FIELD(struct day_figures, completed, FIELD_INT, .flags = OUT, .example = "2"),
};
const struct model day_figures_model = MODEL("DayFigures", struct day_figures, day_fields, "What happened in a day.");

static const struct field question_fields[] = {
    FIELD(struct question_figures, text, FIELD_TEXT, .flags = OUT,
          .example = "Tell me about a fault you found by reading code."),
    FIELD(struct question_figures, position, FIELD_INT, .flags = OUT, .doc = "Where it was asked last.",
          .example = "2"),
    FIELD(struct question_figures, answered, FIELD_INT, .flags = OUT, .doc = "That a report was made of.",
          .example = "9"),
    FIELD(struct question_figures, scored, FIELD_INT, .flags = OUT, .example = "8"),
    FIELD(struct question_figures, average_score, FIELD_NUMBER, .flags = OUT_NULL, .doc = "1 to 5.", .example = "3.4"),
};
const struct model question_figures_model =
    MODEL("QuestionFigures", struct question_figures, question_fields, "How a question is answered.");

static const struct field figures_fields[] = {
    FIELD(struct interview_figures, sessions, FIELD_INT, .flags = OUT, .doc = "All, whatever came of them.",
          .example = "12"),
    FIELD(struct interview_figures, registered, FIELD_INT, .flags = OUT, .doc = "Not begun yet.", .example = "2"),
    FIELD(struct interview_figures, in_progress, FIELD_INT, .flags = OUT, .example = "0"),
    FIELD(struct interview_figures, completed, FIELD_INT, .flags = OUT, .example = "9"),
    FIELD(struct interview_figures, withdrawn, FIELD_INT, .flags = OUT, .example = "1"),
    FIELD(struct interview_figures, completion_rate, FIELD_NUMBER, .flags = OUT_NULL,
          .doc = "Completed of all, 0 to 1.", .example = "0.75"),
    FIELD(struct interview_figures, scored, FIELD_INT, .flags = OUT, .doc = "Reports with an overall score.",
          .example = "8"),
    FIELD(struct interview_figures, average_score, FIELD_NUMBER, .flags = OUT_NULL, .doc = "1 to 5.", .example = "3.4"),
    FIELD(struct interview_figures, lowest_score, FIELD_NUMBER, .flags = OUT_NULL, .example = "2.1"),
    FIELD(struct interview_figures, highest_score, FIELD_NUMBER, .flags = OUT_NULL, .example = "4.6"),
    FIELD(struct interview_figures, median_duration_s, FIELD_NUMBER, .flags = OUT_NULL,
          .doc = "Of completed interviews, from beginning to end.", .example = "841.5"),
    FIELD(struct interview_figures, score_distribution, FIELD_LIST, .flags = OUT, .model = &score_band_model,
          .doc = "Half points from 1 to 5."),
    FIELD(struct interview_figures, days, FIELD_LIST, .flags = OUT, .max = FIGURE_DAYS, .model = &day_figures_model,
          .doc = "Days on which something happened, oldest first; the newest 366."),
    FIELD(struct interview_figures, questions, FIELD_LIST, .flags = OUT, .model = &question_figures_model,
          .doc = "Questions as they were worded when they were asked."),
};
const struct model interview_figures_model =
    MODEL("InterviewFigures", struct interview_figures, figures_fields, "How an interview goes.");
