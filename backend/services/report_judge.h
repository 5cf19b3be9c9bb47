#ifndef VIVA_SERVICES_REPORT_JUDGE_H
#define VIVA_SERVICES_REPORT_JUDGE_H
/* A language model's second reading of a scored answer, where one is set (LLM_PROVIDER). It is asked three times, point
 * by point: met, partial or missed, each with a verbatim quote. A vote is thrown away when its quote is not in the
 * transcript (case, marks and spaces apart), only repeats the question, or has nothing to do with the point; two votes
 * of three decide a point. The answer's level moves by one step at most, and only when more than half of the points are
 * decided with such a quote, and what they say differs from the scorer by a step or more (a point is a share of the
 * four steps; partial is half of it).
 *
 * The answer goes as data. Sentences that ask whoever grades for something are not shown to it, and who said one cannot
 * be raised. What the scorer said is kept beside (report_judgement.machine_score).
 *
 * A service that is away fails no report: it says so, answer by answer, and is not asked again for that report (it is
 * about the next answer when it only did not take one, such as a long one), nor is the report made anew by itself when
 * it is back: whoever wants it asks for another version. */

#include "base/clock.h"
#include "models/report_parts.h"
#include "models/session.h"
#include "providers/llm/llm.h"
#include "providers/provider.h"

#define JUDGE_VOTES 3

/* Of one report. */
struct report_judge {
    struct llm *llm; /* NULL: nothing is asked */
    struct embed *embed;
    const struct clock *clock;
    int64_t until;     /* by the monotonic clock: later none is asked, so that a report has an end */
    struct error away; /* code "": it is not */
};

void report_judge_init(struct report_judge *j, struct llm *llm, struct embed *embed, const struct clock *clock);

/* Fills q->judge of a scored question, and moves its score and what its level means. Answers without a score stay as
 * they are. Fails for want of memory only, or of sentence vectors. */
enum status report_judge_answer(struct report_judge *j, const struct answer *x, struct report_question *q,
                                struct arena *a, struct error *err) must_check;

/* "judge-1-" and the hash of what it is told. */
enum status report_judge_prompt(struct arena *a, const char **ret, struct error *err) must_check;

#endif
