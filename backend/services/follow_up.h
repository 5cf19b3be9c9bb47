#ifndef VIVA_SERVICES_FOLLOW_UP_H
#define VIVA_SERVICES_FOLLOW_UP_H
/* What to ask when an answer has left something out: one question about one point of the rubric. Pure and
 * deterministic, so that a conversation can ask in the middle of a turn, and a test can say what comes. Bounded:
 * FOLLOW_UPS_MAX for one question, never twice about the same point, FOLLOW_UP_BYTES_MAX long, made of fixed words and
 * the point's own. It names the point but none of its examples ("such as ..."), which would put words into the
 * candidate's mouth.
 *
 * The first point that the answer misses is asked about; when there is none, the first it only touches. What is missed
 * is the scorer's judgement (services/scorer.h), without its least number of words: a short answer is what follow-ups
 * are for. */

#include "models/ai.h"
#include "providers/provider.h"

#define FOLLOW_UP_BYTES_MAX 320

/* in->asked: the points asked about before, for this question. ret->text and ret->point are NULL when nothing is to be
 * asked; ret->reason says why in either case. e: finds a point that was made in other words too; NULL: by words alone,
 * in no time. */
enum status follow_up_choose(const struct follow_up_request *in, struct embed *e, struct arena *a,
                             struct follow_up *ret, struct error *err) must_check;
/* A point as it stands inside a sentence: without its capital (an abbreviation keeps it), its full stop, its examples;
 * "Own part" is the candidate's. NULL: out of memory. */
const char *follow_up_phrase(const char *point, struct arena *a);

#endif
