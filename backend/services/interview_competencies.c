#include "services/interview_competencies.h"

#include "base/cleanup.h"
#include "repositories/competency_repository.h"
#include "repositories/job_repository.h"
#include "repositories/report_repository.h"
#include "services/access.h"
#include "services/interview_internal.h"
#include "services/jobs.h"

#include <math.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#define REPORT_ATTEMPTS 5
#define SETTLE_MS       20000 /* people change several things in a row */

/* ---------------------------------------------------------------------------------------------------------------------
 * reports again */

enum status rubric_changed(struct services *s, struct id interview, struct arena *a, struct error *err)
{
    struct list sessions = {0};
    const int64_t now = clock_unix_ms(s->clock);
    enum status st = report_request_all(s->db, interview, now, a, &sessions, err);
    const struct id *ids = sessions.items;
    for (size_t i = 0; st == STATUS_OK && i < sessions.count; i++)
        st = job_enqueue_background(s->db, "report", ids[i], now + SETTLE_MS, REPORT_ATTEMPTS, now, err);
    return st;
}

static bool same_points(const struct strings *x, const struct strings *y)
{
    if (x->count != y->count)
        return false;
    for (size_t i = 0; i < x->count; i++)
        if (strcmp(x->items[i], y->items[i]) != 0)
            return false;
    return true;
}

bool rubric_differs(const struct list *before, const struct list *after)
{
    const struct question *b = before->items, *q = after->items;
    for (size_t i = 0; i < before->count; i++) {
        const struct question *now = NULL;
        for (size_t k = 0; k < after->count && !now; k++)
            now = id_equal(q[k].id, b[i].id) ? &q[k] : NULL;
        if (!now || strcmp(now->text, b[i].text) != 0 || now->category != b[i].category ||
            strcmp(now->competency, b[i].competency) != 0 || !same_points(&now->points, &b[i].points))
            return true;
    }
    return false;
}

/* ---------------------------------------------------------------------------------------------------------------------
 * weights */

static struct competency *find(struct list *l, const char *name)
{
    struct competency *c = l->items;
    for (size_t i = 0; i < l->count; i++)
        if (!strcasecmp(c[i].name, name))
            return &c[i];
    c[l->count] = (struct competency){.name = name, .weight = NAN};
    return &c[l->count++];
}

static enum status list_all(const struct list *questions, const struct list *weights, struct arena *a, struct list *ret,
                            struct error *err)
{
    const struct question *q = questions->items;
    const struct competency_weight *w = weights->items;
    struct list l = {arena_array(a, questions->count + weights->count + 1, sizeof(struct competency)), 0};
    if (!l.items)
        return arena_exhausted(err);
    for (size_t i = 0; i < questions->count; i++)
        find(&l, question_competency(&q[i]))->questions++;
    for (size_t i = 0; i < weights->count; i++)
        find(&l, w[i].name)->weight = w[i].weight;
    *ret = l;
    return STATUS_OK;
}

enum status competencies_service_get(struct services *s, struct actor who, struct id interview, struct arena *a,
                                     struct list *ret, struct error *err)
{
    struct list questions = {0}, weights = {0};
    enum status st = access_interview(s, who, interview, ACCESS_READ, err);
    if (st == STATUS_OK)
        st = question_list(s->db, interview, a, &questions, err);
    if (st == STATUS_OK)
        st = competency_weights(s->db, interview, a, &weights, err);
    return st == STATUS_OK ? list_all(&questions, &weights, a, ret, err) : st;
}

static enum status check(const struct list *weights, struct error *err)
{
    const struct competency_weight *w = weights->items;
    double sum = 0;
    for (size_t i = 0; i < weights->count; i++) {
        char field[48];
        snprintf(field, sizeof field, "competencies[%zu].name", i);
        for (size_t k = 0; k < i; k++)
            if (!strcasecmp(w[i].name, w[k].name))
                return error_set(err, STATUS_INVALID, "competency_repeated", field, "%s is there twice.", field);
        sum += w[i].weight;
    }
    if (weights->count && sum <= 0)
        return error_set(
            err, STATUS_INVALID, "weights_all_zero", "competencies",
            "At least one competency must count. Leave the list empty to have every question count the same");
    return STATUS_OK;
}

static bool same_weights(const struct list *x, const struct list *y)
{
    const struct competency_weight *v = x->items, *w = y->items;
    if (x->count != y->count)
        return false;
    for (size_t i = 0; i < x->count; i++)
        if (strcmp(v[i].name, w[i].name) != 0 || fabs(v[i].weight - w[i].weight) > 0)
            return false;
    return true;
}

enum status competencies_service_set(struct services *s, struct actor who, struct interview_ref ref,
                                     const struct list *weights, struct arena *a, struct list *ret, int64_t *version,
                                     struct error *err)
{
    cleanup(interview_change_end) struct interview_change c = {0};
    struct list before = {0};
    enum status st = check(weights, err);
    if (st == STATUS_OK)
        st = interview_change_begin(s, who, ref, a, &c, err);
    if (st == STATUS_OK)
        st = competency_weights(s->db, ref.id, a, &before, err);
    if (st == STATUS_OK)
        st = competency_replace(s->db, ref.id, weights, err);
    if (st == STATUS_OK && !same_weights(&before, weights))
        st = rubric_changed(s, ref.id, a, err);
    if (st == STATUS_OK)
        st = interview_touch(s->db, ref.id, c.now, err);
    if (st == STATUS_OK)
        st = interview_change_commit(s, who, &c, "interview.competencies", NULL, err);
    if (st != STATUS_OK)
        return st;
    jobs_wake(s->jobs);
    *version = c.now;
    return competencies_service_get(s, who, ref.id, a, ret, err);
}
