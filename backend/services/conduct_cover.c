#include "services/conduct.h"

#include "base/cleanup.h"
#include "models/report.h"
#include "services/scorer.h"

#include <math.h>

#define COVER_ARENA (16u << 20)

double conduct_covered(const struct conduct_question *q, const char *text)
{
    cleanup(arena_freep) struct arena *a = q->points.count > 0 ? arena_new(COVER_ARENA) : NULL;
    const struct answer said = {.question_text = q->text, .points = q->points, .text = text, .mode = ANSWER_BY_TEXT};
    struct list points = {0};
    struct error ignored = {0};
    if (a == NULL || scorer_points(&said, NULL, a, &points, &ignored) != STATUS_OK || points.count == 0)
        return NAN;
    double sum = 0;
    const struct report_point *p = points.items;
    for (size_t i = 0; i < points.count; i++)
        sum += p[i].met == POINT_MET ? 1 : p[i].met == POINT_PARTIAL ? 0.5 : 0;
    return sum / (double)points.count;
}
