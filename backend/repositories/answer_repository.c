/* Answers and utterances (session_repository.h). */
#include "repositories/session_repository.h"

#include "base/cleanup.h"
#include "repositories/query.h"

#include <string.h>

#define EXTEND_ARENA (4u << 20)

/* -------------------------------------------------------------------------------------------------------------------
 * answers */

static void set_duration(struct answer *p)
{
    p->duration_ms = p->ended_at > p->started_at ? p->ended_at - p->started_at : 0;
}

static enum status find_answer(struct db_stmt *q, struct arena *a, struct answer **ret, struct error *err)
{
    enum status st = query_one(q, &answer_model, a, ret, err);
    if (st == STATUS_OK)
        set_duration(*ret);
    return st;
}

enum status answer_find(struct db *db, struct id id, struct arena *a, struct answer **ret, struct error *err)
{
    QUERY(q);
    enum status st = query_select_row(db, &answer_model, "responses", "WHERE id = ?", &q, err);
    if (st != STATUS_OK)
        return st;
    db_bind_id(q, 1, id);
    return find_answer(q, a, ret, err);
}

enum status answer_find_at(struct db *db, struct id session, int64_t position, struct arena *a, struct answer **ret,
                           struct error *err)
{
    QUERY(q);
    enum status st = query_select_row(db, &answer_model, "responses", "WHERE session_id = ? AND position = ?", &q, err);
    if (st != STATUS_OK)
        return st;
    db_bind_id(q, 1, session);
    db_bind_int(q, 2, position);
    return find_answer(q, a, ret, err);
}

enum status answer_list(struct db *db, struct id session, struct arena *a, struct list *ret, struct error *err)
{
    struct list l = {0};
    enum status st =
        query_list_by_id(db, &answer_model, "responses", "WHERE session_id = ? ORDER BY position", session, a, &l, err);
    if (st != STATUS_OK)
        return st;
    struct answer *p = l.items;
    for (size_t i = 0; i < l.count; i++)
        set_duration(&p[i]);
    *ret = l;
    return STATUS_OK;
}

/* Two keys can clash, and which one the database names first is its own affair. */
static enum status open_conflict(struct db *db, const struct answer *p, const struct error *why, struct arena *a,
                                 struct error *err)
{
    struct answer *there = NULL;
    if (strcmp(why->code, "unique_violation") != 0)
        return query_not_found(err); /* the question was deleted meanwhile */
    enum status st = answer_find_at(db, p->session_id, p->position, a, &there, err);
    if (st == STATUS_OK)
        return error_set(err, STATUS_CONFLICT, "answer_exists", "position", "This question has an answer already.");
    if (st == STATUS_NOT_FOUND)
        return error_set(err, STATUS_CONFLICT, "answer_open", NULL, "Another answer is still open.");
    return st;
}

/* Why nothing was inserted although nothing clashed. */
static enum status check_in_progress(struct db *db, struct id session, struct error *err)
{
    struct id owner;
    enum status st = session_owner(db, session, &owner, err);
    return st == STATUS_OK
               ? error_set(err, STATUS_CONFLICT, "session_status", "status", "The session is not in progress.")
               : st;
}

static enum status insert_answer(struct db *db, const struct answer *p, struct arena *a, struct error *err)
{
    QUERY(q);
    int64_t n = 0;
    struct error why = {0};
    const char *columns = row_columns(&answer_model, NULL, a), *marks = row_placeholders(&answer_model, a);
    const char *sql =
        columns && marks ? arena_printf(a,
                                        "INSERT INTO responses (%s) SELECT %s FROM interview_sessions s WHERE s.id = ? "
                                        "AND s.status = 'in_progress'",
                                        columns, marks)
                         : NULL;
    if (!sql)
        return arena_exhausted(err);
    enum status st = db_prepare(db, sql, &q, err);
    if (st == STATUS_OK)
        st = row_bind(q, 1, &answer_model, p, a, err);
    if (st != STATUS_OK)
        return st;
    int after = 1; /* the model's columns */
    for (const char *m = marks; *m; m++)
        after += *m == '?';
    db_bind_id(q, after, p->session_id);
    st = db_run(q, &n, &why);
    if (st == STATUS_CONFLICT)
        return open_conflict(db, p, &why, a, err);
    if (st != STATUS_OK) {
        if (err)
            *err = why;
        return st;
    }
    return n == 1 ? STATUS_OK : check_in_progress(db, p->session_id, err);
}

enum status answer_open(struct db *db, struct id session, const struct question *question, int64_t now, struct arena *a,
                        struct answer **ret, struct error *err)
{
    struct answer *p = arena_new_of(a, struct answer);
    if (!p)
        return arena_exhausted(err);
    p->id = id_new();
    p->session_id = session;
    p->question_id = question->id;
    p->position = question->position;
    p->question_text = question->text;
    p->competency = question_competency(question);
    p->points = question->points;
    p->time_limit_s = question->time_limit_s;
    p->status = ANSWER_OPEN;
    p->mode = ANSWER_BY_NONE;
    p->text = "";
    p->started_at = now;
    p->score = __builtin_nan("");
    enum status st = insert_answer(db, p, a, err);
    if (st == STATUS_OK)
        *ret = p;
    return st;
}

static enum status check_answer(struct db *db, struct id id, struct error *err)
{
    QUERY(q);
    int64_t one = 0;
    enum status st = db_prepare(db, "SELECT 1 FROM responses WHERE id = ?", &q, err);
    if (st != STATUS_OK)
        return st;
    db_bind_id(q, 1, id);
    st = query_int(q, &one, err);
    return st == STATUS_OK ? error_set(err, STATUS_CONFLICT, "answer_ended", NULL, "This answer has ended.") : st;
}

enum status answer_end(struct db *db, struct id id, enum answer_by mode, const char *text, int64_t now,
                       struct error *err)
{
    QUERY(q);
    int64_t n = 0;
    enum status st = db_prepare(
        db, "UPDATE responses SET status = 'ended', mode = ?, text = ?, ended_at = ? WHERE id = ? AND status = 'open'",
        &q, err);
    if (st != STATUS_OK)
        return st;
    db_bind_text(q, 1, choice_value(answer_by_choices, (int)mode));
    db_bind_text(q, 2, text ? text : "");
    db_bind_time(q, 3, now);
    db_bind_id(q, 4, id);
    st = db_run(q, &n, err);
    return st == STATUS_OK && n == 0 ? check_answer(db, id, err) : st;
}

enum status answer_set_text(struct db *db, struct id id, const char *text, struct error *err)
{
    QUERY(q);
    int64_t n = 0;
    enum status st = db_prepare(db, "UPDATE responses SET text = ? WHERE id = ? AND status = 'ended'", &q, err);
    if (st != STATUS_OK)
        return st;
    db_bind_text(q, 1, text);
    db_bind_id(q, 2, id);
    return db_run(q, &n, err);
}

enum status answer_skip(struct db *db, struct id id, struct error *err)
{
    QUERY(q);
    int64_t n = 0;
    enum status st = db_prepare(db, "UPDATE responses SET skipped = 1 WHERE id = ? AND status = 'open'", &q, err);
    if (st != STATUS_OK)
        return st;
    db_bind_id(q, 1, id);
    st = db_run(q, &n, err);
    return st == STATUS_OK && n == 0 ? check_answer(db, id, err) : st;
}

enum status answer_extend(struct db *db, struct id id, int64_t seconds, int64_t most, struct error *err)
{
    cleanup(arena_freep) struct arena *a = arena_new(EXTEND_ARENA);
    struct answer *there = NULL;
    QUERY(q);
    int64_t n = 0;
    enum status st = db_prepare(db,
                                "UPDATE responses SET extended_s = extended_s + ? WHERE id = ? AND status = 'open' AND "
                                "extended_s + ? <= ?",
                                &q, err);
    if (st != STATUS_OK)
        return st;
    db_bind_int(q, 1, seconds);
    db_bind_id(q, 2, id);
    db_bind_int(q, 3, seconds);
    db_bind_int(q, 4, most);
    st = db_run(q, &n, err);
    if (st != STATUS_OK || n > 0)
        return st;
    st = a ? answer_find(db, id, a, &there, err) : arena_exhausted(err);
    if (st == STATUS_OK && there->status == ANSWER_OPEN)
        return error_set(err, STATUS_CONFLICT, "no_more_time", NULL,
                         "There is no more time to be had for this answer.");
    return st == STATUS_OK ? check_answer(db, id, err) : st;
}

enum status answer_reopen(struct db *db, struct id id, struct error *err)
{
    QUERY(q);
    int64_t n = 0;
    enum status st = db_prepare(
        db,
        "UPDATE responses SET status = 'open', mode = 'none', text = '', ended_at = NULL WHERE id = ? AND status = "
        "'ended'",
        &q, err);
    if (st != STATUS_OK)
        return st;
    db_bind_id(q, 1, id);
    return db_run(q, &n, err);
}

/* ----------------------------------------------------------------------------------------------------------------
 * utterances */

static enum status next_seq(struct db *db, struct id response, int64_t *ret, struct error *err)
{
    QUERY(q);
    enum status st = db_prepare(db, "SELECT COALESCE(MAX(seq), -1) + 1 FROM utterances WHERE response_id = ?", &q, err);
    if (st != STATUS_OK)
        return st;
    db_bind_id(q, 1, response);
    return query_int(q, ret, err);
}

static enum status insert_utterance(struct db *db, const struct utterance *u, int64_t *n, struct error *err)
{
    QUERY(q);
    int64_t before = u->start_ms < 0 ? -u->start_ms : 0;
    enum status st = db_prepare(
        db,
        "INSERT INTO utterances (id, response_id, seq, speaker, start_ms, end_ms, text, words, "
        "confidence, other_language, before_ms, follow_up, typed) SELECT ?, p.id, ?, ?, ?, ?, ?, ?, ?, ?, ?, "
        "?, ? "
        "FROM responses p WHERE p.id = ? AND p.status = 'open'",
        &q, err);
    if (st != STATUS_OK)
        return st;
    db_bind_id(q, 1, u->id);
    db_bind_int(q, 2, u->seq);
    db_bind_text(q, 3, choice_value(utterance_speaker_choices, u->speaker));
    db_bind_int(q, 4, u->start_ms + before);
    db_bind_int(q, 5, u->end_ms + before);
    db_bind_text(q, 6, u->text);
    db_bind_text(q, 7, u->words);
    db_bind_number(q, 8, u->confidence);
    db_bind_text(q, 9, u->other_language);
    db_bind_int(q, 10, before);
    db_bind_text(q, 11, u->follow_up);
    db_bind_int(q, 12, u->typed);
    db_bind_id(q, 13, u->response_id);
    return db_run(q, n, err);
}

enum status utterance_insert(struct db *db, struct utterance *u, struct error *err)
{
    cleanup(db_txn_end) struct db_txn t = {0};
    struct utterance row = *u;
    int64_t n = 0;
    if (id_is_zero(row.id))
        row.id = id_new();
    enum status st = db_begin_locking(db, &t, err);
    if (st == STATUS_OK)
        st = query_lock_row(db, "responses", row.response_id, err);
    if (st == STATUS_OK)
        st = next_seq(db, row.response_id, &row.seq, err);
    if (st == STATUS_OK)
        st = insert_utterance(db, &row, &n, err);
    if (st == STATUS_OK && n == 0)
        st = check_answer(db, row.response_id, err);
    if (st == STATUS_OK)
        st = db_commit(&t, err);
    if (st == STATUS_OK)
        *u = row;
    return st;
}

enum status utterance_exists(struct db *db, struct id id, bool *ret, struct error *err)
{
    QUERY(q);
    int64_t n = 0;
    enum status st = db_prepare(db, "SELECT COUNT(*) FROM utterances WHERE id = ?", &q, err);
    if (st != STATUS_OK)
        return st;
    db_bind_id(q, 1, id);
    st = query_int(q, &n, err);
    if (st == STATUS_OK)
        *ret = n > 0;
    return st;
}

enum status utterance_revise(struct db *db, const struct utterance *u, struct error *err)
{
    QUERY(q);
    int64_t n = 0;
    enum status st = db_prepare(
        db, "UPDATE utterances SET text = ?, words = ?, confidence = ? WHERE id = ? AND response_id = ?", &q, err);
    if (st != STATUS_OK)
        return st;
    db_bind_text(q, 1, u->text);
    db_bind_text(q, 2, u->words);
    db_bind_number(q, 3, u->confidence);
    db_bind_id(q, 4, u->id);
    db_bind_id(q, 5, u->response_id);
    st = db_run(q, &n, err);
    return st == STATUS_OK && n == 0
               ? error_set(err, STATUS_NOT_FOUND, "utterance_unknown", NULL, "There is no such piece of transcript.")
               : st;
}

void utterance_times(struct list *rows)
{
    struct utterance *u = rows->items;
    for (size_t i = 0; i < rows->count; i++) {
        u[i].start_ms -= u[i].before_ms;
        u[i].end_ms -= u[i].before_ms;
        u[i].before_ms = 0;
    }
}

enum status utterance_list(struct db *db, struct id response, struct arena *a, struct list *ret, struct error *err)
{
    enum status st = query_list_by_id(db, &utterance_model, "utterances", "WHERE response_id = ? ORDER BY seq",
                                      response, a, ret, err);
    if (st == STATUS_OK)
        utterance_times(ret);
    return st;
}
