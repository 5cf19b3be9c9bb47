/* Questions of interview.h. */
#include "base/cleanup.h"
#include "repositories/session_repository.h"
#include "services/access.h"
#include "services/ai_question.h"
#include "services/interview_competencies.h"
#include "services/interview_internal.h"
#include "services/jobs.h"
#include "services/settings.h"

#include <stdio.h>
#include <string.h>

struct question_input question_as_input(const struct question *q)
{
    return (struct question_input){.id = q->id,
                                   .text = q->text,
                                   .rephrased = q->rephrased,
                                   .category = q->category,
                                   .competency = q->competency,
                                   .points = q->points,
                                   .time_limit_s = q->time_limit_s};
}

/* Questions are copied into an answer when it is opened, but the order of those still to come must not change under a
 * candidate's feet. */
static enum status check_quiet(struct services *s, struct id interview, struct error *err)
{
    struct session_filter running = SESSION_FILTER_ANY;
    int64_t n = 0;
    running.interview_id = interview;
    running.status = SESSION_IN_PROGRESS;
    enum status st = session_count(s->db, &running, &n, err);
    if (st == STATUS_OK && n > 0)
        st = error_set(err, STATUS_CONFLICT, "interview_running", "questions",
                       "A candidate is being interviewed right now; change the questions afterwards");
    return st;
}

/* Inside a change that has looked at i: the whole list in its new order. STATUS_CONFLICT "interview_running",
 * STATUS_INVALID "no_questions" when it is open. */
static enum status replace_questions(struct services *s, const struct interview *i, const struct question_input *items,
                                     size_t n, struct error *err)
{
    enum status st = check_quiet(s, i->id, err);
    if (st == STATUS_OK && n == 0 && i->status == INTERVIEW_OPEN)
        st = error_set(err, STATUS_INVALID, "no_questions", "questions",
                       "An open interview needs at least one question");
    return st == STATUS_OK ? question_replace(s->db, i->id, items, n, err) : st;
}

/* Stores the whole list as the next version of the interview, and commits. details: what the audit log says of it. */
static enum status store(struct services *s, struct actor who, struct interview_change *c,
                         const struct question_input *items, size_t n, const char *details, struct arena *a,
                         struct error *err)
{
    struct list before = {0}, after = {0};
    enum status st = question_list(s->db, c->i->id, a, &before, err);
    if (st == STATUS_OK)
        st = replace_questions(s, c->i, items, n, err);
    if (st == STATUS_OK)
        st = question_list(s->db, c->i->id, a, &after, err);
    if (st == STATUS_OK && rubric_differs(&before, &after))
        st = rubric_changed(s, c->i->id, a, err);
    if (st == STATUS_OK)
        st = interview_touch(s->db, c->i->id, c->now, err);
    if (st == STATUS_OK)
        st = interview_change_commit(s, who, c, "interview.questions", details, err);
    if (st == STATUS_OK)
        jobs_wake(s->jobs);
    return st;
}

enum status interview_service_set_questions(struct services *s, struct actor who, struct interview_ref ref,
                                            const struct question_input *items, size_t n, struct arena *a,
                                            struct interview **ret, struct error *err)
{
    cleanup(interview_change_end) struct interview_change c = {0};
    enum status st = interview_change_begin(s, who, ref, a, &c, err);
    if (st == STATUS_OK)
        st = store(s, who, &c, items, n, "{\"change\":\"replaced\"}", a, err);
    return st == STATUS_OK ? interview_service_get(s, who, ref.id, a, ret, err) : st;
}

/* ---------------------------------------------------------------------------------------------------------------------
 * drafting */

/* The questions there are, and the drafted ones behind them; before a closing question, which stays the last. */
static struct question_input *add_draft(const struct list *kept, const struct question_input *draft, size_t n,
                                        struct arena *a)
{
    struct question_input *out = arena_array(a, kept->count + n, sizeof *out);
    const struct question *q = kept->items;
    size_t before = kept->count, k = 0;
    if (before && q[before - 1].category == CATEGORY_CLOSING)
        before--;
    for (size_t i = 0; out && i < before; i++)
        out[k++] = question_as_input(&q[i]);
    for (size_t i = 0; out && i < n; i++)
        out[k++] = draft[i];
    for (size_t i = before; out && i < kept->count; i++)
        out[k++] = question_as_input(&q[i]);
    return out;
}

/* Drafts as many as are missing. */
static enum status draft(struct services *s, struct interview *i, struct arena *a, struct question_input **ret,
                         size_t *n, struct error *err)
{
    struct question_input *made = NULL;
    uint64_t seed;
    size_t kept = i->questions.count;
    size_t missing = (size_t)i->question_count > kept ? (size_t)i->question_count - kept : 0;
    random_bytes(&seed, sizeof seed);
    if (missing == 0)
        return error_set(err, STATUS_INVALID, "questions_enough", "question_count",
                         "There are %zu questions already; raise the number of questions, or replace them", kept);
    enum status st = ai_question_draft(i, missing, seed, a, &made, err);
    if (st == STATUS_OK)
        st = settings_fill_draft(s, made, missing, a, err);
    if (st != STATUS_OK)
        return st;
    *ret = add_draft(&i->questions, made, missing, a);
    *n = kept + missing;
    return *ret ? STATUS_OK : arena_exhausted(err);
}

enum status interview_service_generate(struct services *s, struct actor who, struct interview_ref ref,
                                       const struct generate_request *in, struct arena *a, struct interview **ret,
                                       struct error *err)
{
    cleanup(interview_change_end) struct interview_change c = {0};
    struct question_input *all = NULL;
    size_t n = 0;
    enum status st = interview_change_begin(s, who, ref, a, &c, err);
    if (st != STATUS_OK)
        return st;
    if (generate_replaces(in))
        c.i->questions = (struct list){0};
    if (in->count)
        c.i->question_count = in->count;
    if (model_given(&generate_request_model, in, "focus_areas"))
        c.i->focus_areas = in->focus_areas;
    st = draft(s, c.i, a, &all, &n, err);
    if (st == STATUS_OK)
        st = store(s, who, &c, all, n, "{\"change\":\"generated\"}", a, err);
    return st == STATUS_OK ? interview_service_get(s, who, ref.id, a, ret, err) : st;
}

/* ---------------------------------------------------------------------------------------------------------------------
 * order */

static enum status bad_id(struct error *err, const char *code, size_t k, const char *what)
{
    char field[32];
    snprintf(field, sizeof field, "ids[%zu]", k);
    return error_set(err, STATUS_INVALID, code, field, "%s %s", field, what);
}

/* Where the question stands in the list; its length when it does not. */
static size_t find_question(const struct list *questions, struct id id)
{
    const struct question *q = questions->items;
    size_t k = 0;
    while (k < questions->count && !id_equal(q[k].id, id))
        k++;
    return k;
}

/* out: the questions in the order of their ids. */
static enum status in_order(const struct list *questions, const struct strings *ids, struct question_input *out,
                            struct error *err)
{
    const struct question *q = questions->items;
    for (size_t k = 0; k < ids->count; k++) {
        struct id id;
        size_t at = id_parse(ids->items[k], &id) ? find_question(questions, id) : questions->count;
        if (at == questions->count)
            return bad_id(err, "question_unknown", k, "is not a question of this interview.");
        for (size_t before = 0; before < k; before++)
            if (id_equal(out[before].id, id))
                return bad_id(err, "question_repeated", k, "is there twice.");
        out[k] = question_as_input(&q[at]);
    }
    if (ids->count != questions->count)
        return error_set(err, STATUS_INVALID, "questions_incomplete", "ids",
                         "There are %zu questions; name each of them once", questions->count);
    return STATUS_OK;
}

enum status interview_service_reorder(struct services *s, struct actor who, struct interview_ref ref,
                                      const struct strings *ids, struct arena *a, struct interview **ret,
                                      struct error *err)
{
    cleanup(interview_change_end) struct interview_change c = {0};
    struct question_input *items = arena_array(a, ids->count + 1, sizeof *items);
    enum status st = items ? interview_change_begin(s, who, ref, a, &c, err) : arena_exhausted(err);
    if (st == STATUS_OK)
        st = in_order(&c.i->questions, ids, items, err);
    if (st == STATUS_OK)
        st = store(s, who, &c, items, ids->count, "{\"change\":\"reordered\"}", a, err);
    return st == STATUS_OK ? interview_service_get(s, who, ref.id, a, ret, err) : st;
}

/* ---------------------------------------------------------------------------------------------------------------------
 * one question */

static enum status no_question(struct error *err)
{
    return error_set(err, STATUS_NOT_FOUND, "not_found", NULL, "There is no such question");
}

/* The questions as input, with room for one more. */
static struct question_input *all_as_input(const struct list *questions, struct arena *a)
{
    const struct question *q = questions->items;
    struct question_input *out = arena_array(a, questions->count + 1, sizeof *out);
    for (size_t k = 0; out && k < questions->count; k++)
        out[k] = question_as_input(&q[k]);
    return out;
}

/* The question at a place (from 0) after a change, and the interview's version. */
static enum status read_back(struct services *s, const struct interview_change *c, size_t at, struct arena *a,
                             struct question **ret, int64_t *version, struct error *err)
{
    struct list questions = {0};
    enum status st = question_list(s->db, c->i->id, a, &questions, err);
    if (st == STATUS_OK && at >= questions.count) /* somebody took it away already */
        return no_question(err);
    if (st != STATUS_OK)
        return st;
    *ret = (struct question *)questions.items + at;
    *version = c->now;
    return STATUS_OK;
}

enum status question_service_get(struct services *s, struct actor who, struct id interview, struct id id,
                                 struct arena *a, struct question **ret, int64_t *version, struct error *err)
{
    struct interview *i = NULL;
    enum status st = interview_service_get(s, who, interview, a, &i, err);
    if (st != STATUS_OK)
        return st;
    size_t at = find_question(&i->questions, id);
    if (at == i->questions.count)
        return no_question(err);
    *ret = (struct question *)i->questions.items + at;
    *version = i->updated_at;
    return STATUS_OK;
}

static enum status place(const struct question_create *in, size_t count, size_t *ret, struct error *err)
{
    if (count == QUESTIONS_MAX)
        return error_set(err, STATUS_CONFLICT, "questions_full", "questions", "An interview has at most %d questions",
                         QUESTIONS_MAX);
    if (in->position > (int64_t)count + 1)
        return error_set(err, STATUS_INVALID, "field_range", "position", "position must be between 1 and %zu",
                         count + 1);
    *ret = in->position ? (size_t)in->position - 1 : count;
    return STATUS_OK;
}

enum status question_service_add(struct services *s, struct actor who, struct interview_ref ref,
                                 const struct question_create *in, struct arena *a, struct question **ret,
                                 int64_t *version, struct error *err)
{
    cleanup(interview_change_end) struct interview_change c = {0};
    size_t at = 0;
    enum status st = interview_change_begin(s, who, ref, a, &c, err);
    if (st == STATUS_OK)
        st = place(in, c.i->questions.count, &at, err);
    if (st != STATUS_OK)
        return st;
    struct question_input *items = all_as_input(&c.i->questions, a);
    if (!items)
        return arena_exhausted(err);
    memmove(&items[at + 1], &items[at], (c.i->questions.count - at) * sizeof *items);
    items[at] = (struct question_input){.text = in->text,
                                        .rephrased = in->rephrased,
                                        .category = in->category,
                                        .competency = in->competency,
                                        .points = in->points,
                                        .time_limit_s = in->time_limit_s};
    st = store(s, who, &c, items, c.i->questions.count + 1, "{\"change\":\"added\"}", a, err);
    return st == STATUS_OK ? read_back(s, &c, at, a, ret, version, err) : st;
}

static void apply_question(struct question_input *q, const struct question_input *in)
{
    if (model_given(&question_update_model, in, "text"))
        q->text = in->text;
    if (model_given(&question_update_model, in, "category"))
        q->category = in->category;
    if (model_given(&question_update_model, in, "competency"))
        q->competency = in->competency;
    if (model_given(&question_update_model, in, "points"))
        q->points = in->points;
    if (model_given(&question_update_model, in, "rephrased"))
        q->rephrased = in->rephrased;
    if (model_given(&question_update_model, in, "time_limit_s"))
        q->time_limit_s = in->time_limit_s;
}

enum status question_service_change(struct services *s, struct actor who, struct interview_ref ref, struct id id,
                                    const struct question_input *in, struct arena *a, struct question **ret,
                                    int64_t *version, struct error *err)
{
    cleanup(interview_change_end) struct interview_change c = {0};
    enum status st = interview_change_begin(s, who, ref, a, &c, err);
    if (st != STATUS_OK)
        return st;
    size_t at = find_question(&c.i->questions, id);
    if (at == c.i->questions.count)
        return no_question(err);
    struct question_input *items = all_as_input(&c.i->questions, a);
    if (!items)
        return arena_exhausted(err);
    apply_question(&items[at], in);
    st = store(s, who, &c, items, c.i->questions.count, "{\"change\":\"edited\"}", a, err);
    return st == STATUS_OK ? read_back(s, &c, at, a, ret, version, err) : st;
}

enum status question_service_remove(struct services *s, struct actor who, struct interview_ref ref, struct id id,
                                    struct error *err)
{
    cleanup(arena_freep) struct arena *a = arena_new(4u << 20);
    cleanup(interview_change_end) struct interview_change c = {0};
    enum status st = a ? interview_change_begin(s, who, ref, a, &c, err) : arena_exhausted(err);
    if (st != STATUS_OK)
        return st;
    size_t at = find_question(&c.i->questions, id);
    if (at == c.i->questions.count)
        return no_question(err);
    struct question_input *items = all_as_input(&c.i->questions, a);
    if (!items)
        return arena_exhausted(err);
    memmove(&items[at], &items[at + 1], (c.i->questions.count - at - 1) * sizeof *items);
    return store(s, who, &c, items, c.i->questions.count - 1, "{\"change\":\"removed\"}", a, err);
}
