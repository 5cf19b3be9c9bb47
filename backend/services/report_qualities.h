#ifndef VIVA_SERVICES_REPORT_QUALITIES_H
#define VIVA_SERVICES_REPORT_QUALITIES_H
/* What is shown of an answer beside its score, none of it in the score: how much of it is about the question, how much
 * is particular, how much of the reference points a technical one has, how sure the recogniser was, and what a reader
 * must know of it. */

#include "models/report_parts.h"
#include "models/session.h"
#include "services/report_cover.h"

/* The share of the candidate's words that is likely right (models/session.h, confidence), 0..1, each utterance by its
 * words; NAN: not known. */
double quality_of_transcript(const struct answer *x);
#define QUALITY_UNCLEAR 0.5  /* below: not scored */
#define QUALITY_DOUBT   0.75 /* below: said so, and the score less sure */

/* The language (ISO 639-1) in which something was said that is not the interview's, as far as its sound tells it; of
 * several the one with the most words; NULL: none. *share: of the answer's words in such languages, 0..1. */
const char *quality_other_language(const struct answer *x, double *share);
#define QUALITY_FOREIGN 0.5 /* of the words, above: not scored */

/* Fills q's members; cover: what the scorer saw (zero: it did not look). category: enum question_category; -1: not
 * known. */
enum status qualities_fill(struct report_question *q, const struct answer *x, const struct cover *cover, int category,
                           struct arena *a, struct error *err) must_check;

#endif
