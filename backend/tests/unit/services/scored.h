#ifndef VIVA_TESTS_SCORED_H
#define VIVA_TESTS_SCORED_H

#include "services/scorer.h"

/* What the scorer says of an answer, without what it comes from. */
static inline enum status score_answer(const struct answer *x, struct embed *e, struct arena *a,
                                       struct report_question *ret, struct error *err)
{
    struct scorer_grade g;
    enum status st = scorer_grade(x, e, a, &g, err);
    if (st == STATUS_OK)
        *ret = g.question;
    return st;
}

#endif
