#ifndef VIVA_MODELS_FIGURES_H
#define VIVA_MODELS_FIGURES_H
/* How an interview goes, in figures. What there is none of is NAN (null in JSON). */

#include "models/field.h"

#define FIGURE_DAYS    366 /* the newest */
#define FIGURE_WORDING 100 /* different questions, at most */

struct day_figures {
    struct presence presence;
    int64_t day; /* its beginning in UTC */
    int64_t registered, completed;
};

/* Answers to questions of the same wording: a question that was reworded is another one. */
struct question_figures {
    struct presence presence;
    const char *text;
    int64_t position; /* where it was asked last */
    int64_t answered, scored;
    double average_score;
};

struct interview_figures {
    struct presence presence;
    int64_t sessions, registered, in_progress, completed, withdrawn;
    double completion_rate; /* completed of all, 0..1 */
    int64_t scored;
    double average_score, lowest_score, highest_score;
    double median_duration_s;
    struct list score_distribution; /* struct score_band (models/report.h) */
    struct list days;               /* struct day_figures, oldest first; days without anything are left out */
    struct list questions;          /* struct question_figures */
};
extern const struct model day_figures_model, question_figures_model, interview_figures_model;

#endif
