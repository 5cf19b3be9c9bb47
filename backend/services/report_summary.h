#ifndef VIVA_SERVICES_REPORT_SUMMARY_H
#define VIVA_SERVICES_REPORT_SUMMARY_H
/* A report in plain words, out of its questions: what was made clear, what was not, what to ask next, and a summary of
 * a few sentences. Fixed sentences about what is there; nothing is said that a quote or a figure does not bear out. */

#include "models/report_parts.h"

/* r->questions and r->overall_score, and c's counts and competencies, are there; fills c->strengths, gaps and ask_next,
 * and r->summary. */
enum status summary_write(struct report *r, struct report_content *c, struct arena *a, struct error *err) must_check;

#endif
