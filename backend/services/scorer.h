#ifndef VIVA_SERVICES_SCORER_H
#define VIVA_SERVICES_SCORER_H
/* An answer's level, from what a good answer mentions (the question's points): honest, and explained. Each point is
 * looked for in the candidate's sentences by meaning and by words (services/report_cover.h); what was found says met,
 * partial or missed, and the sentences are the evidence, quoted verbatim, with their times. The level comes from a
 * frozen monotone model over what was found of all points (services/report_model.h), on anchored levels 1 to 5. Length
 * buys nothing, nor does echoing the question, a list of key words, a negated point, or a word to the grader. Who is
 * spoken of changes nothing. Deterministic: the same answer, version and vectors give the same bytes.
 *
 * Not scored, with the reason: no answer, skipped, fewer than 5 words, most of it in another language than the
 * interview's by its sound or its words, a transcript that its recogniser was not sure of, no point that can be judged.
 * Nothing about any point: level 1, and said so. */

#include "models/report.h"
#include "models/session.h"
#include "providers/provider.h"

#include "services/report_cover.h"

/* Names the calibration: a report with the same version scored the same way. */
const char *scorer_version(void);

/* The judgement of each point alone, whatever the answer's length (for follow-up questions, in the middle of a turn): a
 * list of struct report_point without the points that only have the question's words. e NULL: by their words alone, in
 * no time; else by the meaning of each sentence too, some 5 ms for each. */
enum status scorer_points(const struct answer *x, struct embed *e, struct arena *a, struct list *ret,
                          struct error *err) must_check;

/* Of an answer with its utterances, and what the level comes from. share is of the full mark, 0..1: 0 where nothing was
 * found or the answer is empty, NAN where it was not scored for another reason. STATUS_UNAVAILABLE "engine_missing"
 * when e is NULL: a report is not made in another way without saying so. */
struct scorer_grade {
    struct report_question question;
    struct cover cover; /* zero when the answer was not looked at */
    double share;
};
enum status scorer_grade(const struct answer *x, struct embed *e, struct arena *a, struct scorer_grade *ret,
                         struct error *err) must_check;

/* The anchor of a level (1..5): what it means in words. */
const char *scorer_level_text(double score);

#endif
