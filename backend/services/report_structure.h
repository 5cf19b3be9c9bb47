#ifndef VIVA_SERVICES_REPORT_STRUCTURE_H
#define VIVA_SERVICES_REPORT_STRUCTURE_H
/* Whether an answer about something that happened tells the situation, the task, the action and the result (STAR). Each
 * part is the sentence with the most of its turns of phrase ("as a result", "I had to"), which the file lists; a
 * sentence stands for one part only. Shown with its quote, and no part of any score: it tells form, not worth. English
 * answers only: of others every part is not found, and the caller says so. */

#include "models/report_parts.h"
#include "models/session.h"

/* *ret: STRUCTURE_PARTS of struct report_structure_part, in their order. */
enum status structure_of(const struct answer *x, struct arena *a, struct list *ret, struct error *err) must_check;

#endif
