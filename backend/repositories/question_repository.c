/* Questions belong to interview_repository.h; their own file for length. */
#include "repositories/interview_repository.h"

#include "base/cleanup.h"
#include "repositories/query.h"

#include <stdio.h>

#define OUT_OF_THE_WAY "1000" /* more than any list is long */

/* ---------------------------------------------------------------------------------------------------------------------
 * rubric points */

/* Adds the text of the current row to its question's points, for which there is always room. */
static enum status take_point(struct db_stmt *s, struct question *q, struct arena *a, struct error *err)
{
    if (!q->points.items && !(q->points.items = arena_array(a, QUESTION_POINTS_MAX, sizeof(char *))))
        return arena_exhausted(err);
    if (q->points.count == QUESTION_POINTS_MAX)
        return error_set(err, STATUS_INTERNAL, "database_error", NULL, "A question has too many points.");
    const char *text = db_text(s, 1, a);
    if (!text)
        return arena_exhausted(err);
    q->points.items[q->points.count++] = text;
    return STATUS_OK;
}

/* Gives the questions their points. Rows come in the order of the questions; those of a question that was added since
 * the questions were read find no taker. */
static enum status deal_points(struct db_stmt *s, const struct list *questions, struct arena *a, struct error *err)
{
    struct question *q = questions->items;
    enum status st;
    bool row = false;
    while ((st = db_step(s, &row, err)) == STATUS_OK && row) {
        for (size_t i = 0; st == STATUS_OK && i < questions->count; i++)
            if (id_equal(q[i].id, db_id(s, 0))) {
                st = take_point(s, &q[i], a, err);
                break;
            }
        if (st != STATUS_OK)
            return st;
    }
    return st;
}

static enum status read_points(struct db *db, const char *where, struct id id, const struct list *questions,
                               struct arena *a, struct error *err)
{
    QUERY(s);
    const char *sql = arena_printf(a,
                                   "SELECT p.question_id, p.text FROM questions q JOIN rubric_points p ON "
                                   "p.question_id = q.id WHERE %s = ? ORDER BY q.position, p.position",
                                   where);
    enum status st = sql ? db_prepare(db, sql, &s, err) : arena_exhausted(err);
    if (st != STATUS_OK)
        return st;
    db_bind_id(s, 1, id);
    return deal_points(s, questions, a, err);
}

static enum status write_points(struct db *db, struct id question, const struct strings *points, struct error *err)
{
    for (size_t i = 0; i < points->count; i++) {
        QUERY(s);
        enum status st =
            db_prepare(db, "INSERT INTO rubric_points (question_id, position, text) VALUES (?, ?, ?)", &s, err);
        if (st != STATUS_OK)
            return st;
        db_bind_id(s, 1, question);
        db_bind_int(s, 2, (int64_t)i + 1);
        db_bind_text(s, 3, points->items[i]);
        st = db_run(s, NULL, err);
        if (st != STATUS_OK)
            return st;
    }
    return STATUS_OK;
}

/* ---------------------------------------------------------------------------------------------------------------------
 * questions */

enum status question_list(struct db *db, struct id interview, struct arena *a, struct list *ret, struct error *err)
{
    struct list questions = {0};
    enum status st = query_list_by_id(db, &question_model, "questions", "WHERE interview_id = ? ORDER BY position",
                                      interview, a, &questions, err);
    if (st == STATUS_OK)
        st = read_points(db, "q.interview_id", interview, &questions, a, err);
    if (st == STATUS_OK)
        *ret = questions;
    return st;
}

static enum status bad_id(struct error *err, const char *code, size_t i, const char *what)
{
    char field[64];
    snprintf(field, sizeof field, "questions[%zu].id", i);
    return error_set(err, STATUS_INVALID, code, field, "%s %s", field, what);
}

static bool holds(const struct list *l, struct id id)
{
    const struct question *q = l->items;
    for (size_t i = 0; i < l->count; i++)
        if (id_equal(q[i].id, id))
            return true;
    return false;
}

static enum status check_ids(const struct list *present, const struct question_input *items, size_t n,
                             struct error *err)
{
    for (size_t i = 0; i < n; i++) {
        if (id_is_zero(items[i].id))
            continue;
        if (!holds(present, items[i].id))
            return bad_id(err, "question_unknown", i, "is not a question of this interview.");
        for (size_t k = 0; k < i; k++)
            if (id_equal(items[k].id, items[i].id))
                return bad_id(err, "question_repeated", i, "is there twice.");
    }
    return STATUS_OK;
}

static bool kept(const struct question_input *items, size_t n, struct id id)
{
    for (size_t i = 0; i < n; i++)
        if (id_equal(items[i].id, id))
            return true;
    return false;
}

static enum status run_with_id(struct db *db, const char *sql, struct id id, struct error *err)
{
    QUERY(s);
    enum status st = db_prepare(db, sql, &s, err);
    if (st != STATUS_OK)
        return st;
    db_bind_id(s, 1, id);
    return db_run(s, NULL, err);
}

/* Deletes what is not kept, and moves the rest where no new position is: positions are unique at every moment. */
static enum status make_room(struct db *db, struct id interview, const struct list *present,
                             const struct question_input *items, size_t n, struct error *err)
{
    const struct question *q = present->items;
    for (size_t i = 0; i < present->count; i++) {
        if (kept(items, n, q[i].id))
            continue;
        enum status st = run_with_id(db, "DELETE FROM questions WHERE id = ?", q[i].id, err);
        if (st != STATUS_OK)
            return st;
    }
    return run_with_id(db, "UPDATE questions SET position = position + " OUT_OF_THE_WAY " WHERE interview_id = ?",
                       interview, err);
}

static enum status change(struct db *db, const struct question *q, struct error *err)
{
    QUERY(s);
    enum status st = db_prepare(
        db,
        "UPDATE questions SET position = ?, text = ?, category = ?, competency = ?, time_limit_s = ?, rephrased = ? "
        "WHERE id = ?",
        &s, err);
    if (st != STATUS_OK)
        return st;
    db_bind_int(s, 1, q->position);
    db_bind_text(s, 2, q->text);
    db_bind_text(s, 3, choice_value(question_category_choices, q->category));
    db_bind_text(s, 4, q->competency);
    db_bind_int(s, 5, q->time_limit_s);
    db_bind_text(s, 6, q->rephrased);
    db_bind_id(s, 7, q->id);
    st = query_change(s, err);
    if (st == STATUS_OK)
        st = run_with_id(db, "DELETE FROM rubric_points WHERE question_id = ?", q->id, err);
    return st == STATUS_OK ? write_points(db, q->id, &q->points, err) : st;
}

static enum status put(struct db *db, struct id interview, const struct question_input *in, int64_t position,
                       struct error *err)
{
    struct question q = {
        .id = in->id,
        .interview_id = interview,
        .position = position,
        .text = in->text,
        .rephrased = in->rephrased ? in->rephrased : "",
        .category = in->category,
        .competency = in->competency ? in->competency : "",
        .points = in->points,
        .time_limit_s = in->time_limit_s,
    };
    if (!id_is_zero(q.id))
        return change(db, &q, err);
    q.id = id_new();
    enum status st = row_insert(db, "questions", &question_model, &q, err);
    if (st == STATUS_CONFLICT) /* its only conflict: there is no such interview */
        return query_not_found(err);
    return st == STATUS_OK ? write_points(db, q.id, &q.points, err) : st;
}

enum status question_replace(struct db *db, struct id interview, const struct question_input *items, size_t n,
                             struct error *err)
{
    cleanup(arena_freep) struct arena *a = arena_new(16u << 20);
    cleanup(db_txn_end) struct db_txn t = {0};
    struct list present = {0};
    if (!a)
        return arena_exhausted(err);
    enum status st = db_begin_locking(db, &t, err);
    if (st == STATUS_OK)
        st = query_lock_row(db, "interview_configs", interview, err);
    if (st == STATUS_OK)
        st = question_list(db, interview, a, &present, err);
    if (st == STATUS_OK)
        st = check_ids(&present, items, n, err);
    if (st == STATUS_OK)
        st = make_room(db, interview, &present, items, n, err);
    for (size_t i = 0; st == STATUS_OK && i < n; i++)
        st = put(db, interview, &items[i], (int64_t)i + 1, err);
    return st == STATUS_OK ? db_commit(&t, err) : st;
}
