#ifndef VIVA_SERVICES_REPORT_JUDGE_QUOTE_H
#define VIVA_SERVICES_REPORT_JUDGE_QUOTE_H
/* What a language model is shown of an answer, and where in it something stands that it says to quote. */

#include "models/report_parts.h"
#include "providers/provider.h"

#include "services/report_segment.h"

struct judged_text {
    const char *answer; /* its sentences, without those that ask whoever grades it for something */
    bool asked_grader;  /* there were some */
    struct piece **pieces;
    size_t *begins; /* of each piece in plain */
    size_t count;
    const char *plain; /* text_plain() of all pieces */
    struct stems question;
};

enum status judged_text_read(const struct answer *x, struct arena *a, struct judged_text *ret,
                             struct error *err) must_check;

/* *found: whether the quote stands there (case, marks and spaces apart; three words or a whole sentence) and has
 * anything to do with the point; then quote and times of *v become those of the sentences that hold it. */
enum status judged_text_find(const struct judged_text *t, const char *quote, const char *point, struct embed *e,
                             struct arena *a, bool *found, struct report_verdict *v, struct error *err) must_check;

#endif
