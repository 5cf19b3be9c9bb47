#ifndef VIVA_REPOSITORIES_FIGURES_REPOSITORY_H
#define VIVA_REPOSITORIES_FIGURES_REPOSITORY_H
/* What an interview's figures and its export are made of. Previews count nowhere. */

#include "models/figures.h"
#include "models/report_parts.h"
#include "models/session.h"
#include "repositories/repository.h"

#define SESSION_STATUSES 4

/* How many sessions are in each status (enum session_status). */
enum status figures_statuses(struct db *db, struct id interview, int64_t ret[SESSION_STATUSES],
                             struct error *err) must_check;
/* The median time from beginning to end of completed sessions, in ms; NAN when none is. */
enum status figures_median(struct db *db, struct id interview, double *ret, struct error *err) must_check;
/* Days with registrations or completions, oldest first, the newest FIGURE_DAYS of each. Items are struct day_figures.
 */
enum status figures_days(struct db *db, struct id interview, struct arena *a, struct list *ret,
                         struct error *err) must_check;

/* An answer that a report was made of. Lives until the callback returns. */
struct answer_figures {
    const char *question_text; /* as it was asked */
    int64_t position;
    double score; /* NAN: none */
};
typedef enum status figures_answer(void *u, const struct answer_figures *x, struct error *err);
/* Each answer, session by session in the order in which they began to exist, one at a time. */
enum status figures_answers(struct db *db, struct id interview, figures_answer *f, void *u,
                            struct error *err) must_check;

/* A row of figures_sessions: the summary, and of the report that is ready its questions (struct report_question, of
 * which answer_id, position, score, abstained and competency are set; empty when there is none). Lives until the
 * callback returns. */
struct session_figures {
    struct session_view view;
    struct list questions;
    bool partial;
    bool weights_set; /* as struct report_content has it */
    const char *scorer_version;
    int64_t report_version;             /* 0: none */
    int outcome;                        /* enum sign_off_outcome, of the sign-off that stands */
    int64_t signed_version;             /* 0: none stands */
    int64_t left, pasted, second_voice; /* how often that was noted */
};
typedef enum status figures_row(void *u, const struct session_figures *row, struct error *err);
/* Every session, oldest first, one at a time: memory does not grow with their number. */
enum status figures_sessions(struct db *db, struct id interview, figures_row *f, void *u, struct error *err) must_check;

#endif
