#ifndef VIVA_SERVICES_SCORER_H
#define VIVA_SERVICES_SCORER_H
/* The first scorer: simple, honest, explained. A question's points (what a good answer mentions) are looked for one by
 * one in the candidate's words: a point's content words, reduced to stems, without the words of the question itself,
 * are counted in each window of the answer (one sentence, or two neighbours; of what was spoken and of what was typed).
 * The share found says met (>= 0.6), partial (>= 0.34) or missed; the window is the evidence, quoted verbatim, with the
 * time of the utterances it comes from. Level = 1 + 4 x mean over points (met 1, partial 0.5), to one decimal. Length
 * buys nothing: only points count; nor does echoing the question: a point that only has its words is left out.
 * Deterministic. Not scored, with the reason, when there is no answer, fewer than 5 words, or no point that can be
 * judged. The full scorer (embeddings, calibration) replaces this behind the same call. */

#include "models/report.h"
#include "models/session.h"

#define SCORER_VERSION "points-lexical-2"

/* Fills *ret (a zeroed report_question) from an answer with its utterances. */
enum status scorer_question(const struct answer *x, struct arena *a, struct report_question *ret,
                            struct error *err) must_check;

/* The judgement of each point alone, whatever the answer's length: a list of struct report_point without the points
 * that only have the question's words. */
enum status scorer_points(const struct answer *x, struct arena *a, struct list *ret, struct error *err) must_check;

/* The anchor of a level (1..5): what it means in words. */
const char *scorer_level_text(double score);

#endif
