#ifndef VIVA_SERVICES_REPORT_SPEECH_H
#define VIVA_SERVICES_REPORT_SPEECH_H
/* How answers were spoken: pace, pauses, fillers, talk time, time to the first word. Shown beside the scores with what
 * it means, and never in one: none of it is given to the scorer. Of what was spoken only. A pause is a second and more
 * between two words; where the recogniser gave no times of words, only pauses between stretches are known. */

#include "models/report_parts.h"
#include "models/session.h"

/* *ret NULL: nothing was spoken. */
enum status speech_of_answer(const struct answer *x, struct arena *a, struct report_speech **ret,
                             struct error *err) must_check;
/* Over all answers (struct report_question, with their speech): a list of struct report_measure; empty when nothing was
 * spoken. */
enum status speech_of_interview(const struct list *questions, struct arena *a, struct list *ret,
                                struct error *err) must_check;

#endif
