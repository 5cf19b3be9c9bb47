#ifndef VIVA_SERVICES_REPORT_COVER_H
#define VIVA_SERVICES_REPORT_COVER_H
/* What of a rubric is in an answer. Each point is looked for in every window of the answer in two ways: by meaning (the
 * cosine of sentence vectors) and by words (the share of the point's content stems, without the question's own). Before
 * that, sentences are laid aside that are no evidence whatever they say: those that only repeat the question, those
 * that ask the grader for something, and those that lie near no point. Padding is laid aside so: it cannot move any of
 * the features. A stem that the window negates and the point does not counts for nothing, and takes from the meaning; a
 * list of words without grammar counts LIST_WEIGHT (report_segment.c). */

#include "models/report.h"
#include "providers/provider.h"

#include "services/report_segment.h"

enum cover_feature {
    COVER_MEANING,    /* mean over points of the best window's similarity, points weighed by their stems */
    COVER_WEAKEST,    /* the least of them */
    COVER_SHARE_NEAR, /* share of points whose best is above 0.5 */
    COVER_CLIPPED,    /* as the first, each from 0.2 (nothing) to 0.8 (all) */
    COVER_GAIN,       /* as the first, above what the question alone reaches */
    COVER_WORDS,      /* mean share of a point's stems said anywhere */
    COVER_WORDS_NEAR, /* the same, said in one window */
    COVER_VOCABULARY, /* share of all points' stems together that were said */
    COVER_ALIGNED,    /* word by word in context (services/report_align.h) */
    COVER_OWN,
    COVER_CLEAR,
    COVER_FEATURES
};
extern const char *const cover_feature_names[COVER_FEATURES];

struct cover {
    struct list points;              /* struct report_point: those that say more than the question does */
    double *credit;                  /* of each, 0..1 */
    double features[COVER_FEATURES]; /* 0..1; only with sentence vectors */
    size_t pieces, kept;             /* sentences, and those that are evidence for anything */
    bool echoed, asked_grader;       /* some were laid aside for it */
    bool listed;                     /* words in a row, without sentences, were in none */
};

/* e NULL: by words alone, nothing laid aside. */
enum status cover_answer(const struct answer *x, struct embed *e, struct arena *a, struct cover *ret,
                         struct error *err) must_check;
/* The points alone (no features), by the meaning of single sentences and by words: less work, for follow-up questions
 * in the middle of a turn. e NULL: by words alone. */
enum status cover_sentences(const struct answer *x, struct embed *e, struct arena *a, struct cover *ret,
                            struct error *err) must_check;

#endif
