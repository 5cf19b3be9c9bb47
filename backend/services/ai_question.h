#ifndef VIVA_SERVICES_AI_QUESTION_H
#define VIVA_SERVICES_AI_QUESTION_H
/* Drafts interview questions from the built-in bank (services/question_bank.c): by type, difficulty and focus areas,
 * with the role in the wording, a warm-up first and a closing last; areas that the job's description names by their
 * label stand back behind those that were chosen. Pure: the same interview and seed give the same draft. Each question
 * comes with the points that a good answer mentions, which the report checks. */

#include "models/ai.h"
#include "models/interview.h"

struct bank_question {
    const char *text;      /* "{role}" stands for the role */
    const char *rephrased; /* the same asked another way, for candidates who want that */
    int category;          /* enum question_category */
    int difficulty_min, difficulty_max;
    const char *focus;     /* a value of focus_area_choices, or "" for any */
    const char *points[5]; /* ends with NULL when fewer */
    int time_limit_s;
};

extern const struct bank_question question_bank[];
extern const size_t question_bank_size;

/* n questions (1..QUESTIONS_MAX), all different. Those that i->questions holds already are kept beside the draft: none
 * of them is drafted again, and there is no second warm-up or closing. Questions for another difficulty come only when
 * no others are left. *ret has n items in a. STATUS_INVALID "bank_exhausted" (field question_count). */
enum status ai_question_draft(const struct interview *i, size_t n, uint64_t seed, struct arena *a,
                              struct question_input **ret, struct error *err) must_check;
/* The same for a role that has no interview. STATUS_INVALID "bank_exhausted" (field count). */
enum status ai_question_propose(const struct questions_request *in, uint64_t seed, struct arena *a,
                                struct question_drafts *ret, struct error *err) must_check;

#endif
