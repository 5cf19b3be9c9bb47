#include "services/conduct_internal.h"

#include "base/buf.h"
#include "base/cleanup.h"
#include "base/utf8.h"
#include "repositories/candidate_repository.h"
#include "repositories/interview_repository.h"
#include "repositories/job_repository.h"
#include "repositories/report_repository.h"
#include "repositories/session_repository.h"
#include "services/jobs.h"
#include "services/settings.h"

#include <math.h>
#include <string.h>

#define ANSWER_TEXT_MAX (1u << 20)
#define REPORT_ATTEMPTS 5
#define CALL_ARENA      (4u << 20)

_Static_assert((int)CONDUCT_WITHDRAWN == (int)SESSION_WITHDRAWN && (int)ANSWER_TEXT == (int)ANSWER_BY_TEXT &&
                   (int)SPEAKER_INTERVIEWER == (int)UTTERANCE_INTERVIEWER,
               "conduct.h and models/session.h number alike");

static int64_t now_of(const struct services *s)
{
    return clock_unix_ms(s->clock);
}

const char *conduct_clean_text(const char *text, struct arena *a)
{
    size_t n = strlen(text);
    char *copy = arena_strdup(a, text);
    for (size_t i = 0; copy && i < n;) {
        uint32_t c = 0;
        size_t k = utf8_next(text + i, n - i, &c);
        bool layout = c == '\n' || c == '\t' || c == '\r';
        if (k == 0 || (c < 0x20 && !layout) || (c >= 0x7f && c <= 0x9f) || c == 0x2028 || c == 0x2029)
            memset(copy + i, ' ', k ? k : 1);
        i += k ? k : 1;
    }
    return copy;
}

static enum status over(struct error *err)
{
    return error_set(err, STATUS_GONE, "session_over", NULL, "This interview is over");
}

enum status conduct_check_running(const struct session *session, struct error *err)
{
    if (session->status >= SESSION_COMPLETED)
        return over(err);
    if (session->status != SESSION_IN_PROGRESS)
        return error_set(err, STATUS_CONFLICT, "session_status", NULL, "This interview has not begun");
    return STATUS_OK;
}

enum status conduct_enter_answer(struct services *s, struct id id, struct arena *a, struct db_txn *t,
                                 struct session **session, struct answer **answer, struct error *err)
{
    enum status st = a ? answer_find(s->db, id, a, answer, err) : arena_exhausted(err);
    if (st == STATUS_OK)
        st = db_begin_locking(s->db, t, err);
    if (st == STATUS_OK)
        st = session_find(s->db, (*answer)->session_id, a, session, err);
    return st == STATUS_OK ? answer_find(s->db, id, a, answer, err) : st;
}

/* As conduct_enter_answer, for what only an open answer of a running interview takes. */
static enum status begin_open(struct services *s, struct id id, struct arena *a, struct db_txn *t, struct error *err)
{
    struct session *session = NULL;
    struct answer *answer = NULL;
    enum status st = conduct_enter_answer(s, id, a, t, &session, &answer, err);
    if (st == STATUS_OK && answer->status == ANSWER_ENDED)
        return error_set(err, STATUS_CONFLICT, "answer_ended", NULL, "This answer has ended");
    return st == STATUS_OK ? conduct_check_running(session, err) : st;
}

/* What was said by the candidate, in order, joined by spaces; then what was typed. */
static enum status join_said(const struct list *said, const char *typed, struct arena *a, const char **ret,
                             struct error *err)
{
    cleanup(buf_free) struct buf b;
    buf_init(&b, ANSWER_TEXT_MAX);
    const struct utterance *u = said->items;
    for (size_t i = 0; i < said->count; i++)
        if (u[i].speaker == UTTERANCE_CANDIDATE && *u[i].text) {
            if (b.len)
                buf_char(&b, ' ');
            buf_str(&b, u[i].text);
        }
    if (typed && *typed) {
        const char *clean = conduct_clean_text(typed, a);
        if (!clean)
            return arena_exhausted(err);
        if (b.len)
            buf_str(&b, "\n");
        buf_str(&b, clean);
    }
    if (!buf_ok(&b))
        return error_set(err, STATUS_TOO_LARGE, "answer_too_long", "text", "The answer is longer than a text can be");
    *ret = arena_strdup(a, buf_cstr(&b));
    return *ret ? STATUS_OK : arena_exhausted(err);
}

enum status conduct_join_text(struct services *s, struct id answer, const char *typed, struct arena *a,
                              const char **ret, struct error *err)
{
    struct list said = {0};
    enum status st = utterance_list(s->db, answer, a, &said, err);
    return st == STATUS_OK ? join_said(&said, typed, a, ret, err) : st;
}

enum status conduct_answer_text(struct services *s, struct id answer, struct arena *a, const char **ret,
                                struct error *err)
{
    return conduct_join_text(s, answer, NULL, a, ret, err);
}

static enum status plan_questions(struct services *s, struct conduct_plan *p, struct arena *a, struct error *err)
{
    struct list questions = {0};
    enum status st = question_list(s->db, p->interview_id, a, &questions, err);
    if (st != STATUS_OK)
        return st;
    p->questions = arena_array(a, questions.count + 1, sizeof *p->questions);
    if (!p->questions)
        return arena_exhausted(err);
    const struct question *q = questions.items;
    for (size_t i = 0; i < questions.count; i++)
        p->questions[i] = (struct conduct_question){q[i].id,           (int)q[i].position, q[i].text,
                                                    q[i].time_limit_s, q[i].points,        q[i].rephrased};
    p->n_questions = questions.count;
    return STATUS_OK;
}

static enum status plan_open_answer(struct services *s, struct conduct_plan *p, struct arena *a, struct error *err)
{
    struct list said = {0};
    enum status st = utterance_list(s->db, p->open_answer, a, &said, err);
    if (st != STATUS_OK)
        return st;
    const struct utterance *u = said.items;
    for (size_t i = 0; i < said.count; i++) {
        p->follow_up_open = u[i].follow_up || (p->follow_up_open && u[i].speaker != UTTERANCE_CANDIDATE);
        if (u[i].speaker != UTTERANCE_CANDIDATE)
            continue;
        p->open_answer_typed = p->open_answer_typed || u[i].typed;
        p->open_answer_spoken = p->open_answer_spoken || !u[i].typed;
        if (!u[i].typed && u[i].end_ms > p->open_answer_heard_ms)
            p->open_answer_heard_ms = u[i].end_ms;
    }
    p->n_asked = conduct_asked_in(&said, p->asked);
    return join_said(&said, NULL, a, &p->open_answer_text, err);
}

/* The position to go on at: an open answer's, else the one after the last that ended. */
static enum status plan_position(struct services *s, struct conduct_plan *p, struct arena *a, struct error *err)
{
    struct list answers = {0};
    enum status st = answer_list(s->db, p->session_id, a, &answers, err);
    if (st != STATUS_OK)
        return st;
    const struct answer *x = answers.items;
    p->open_answer_text = "";
    for (size_t i = 0; i < answers.count; i++) {
        if (x[i].status == ANSWER_OPEN) {
            p->position = (int)x[i].position;
            p->open_answer = x[i].id;
            p->open_answer_started_at = x[i].started_at;
            p->open_answer_paused_ms = x[i].paused_ms;
            p->open_answer_extended_s = x[i].extended_s;
            return plan_open_answer(s, p, a, err);
        }
        if (x[i].position >= p->position)
            p->position = (int)x[i].position + 1;
    }
    return STATUS_OK;
}

static enum status plan_people(struct services *s, const struct session *session, struct conduct_plan *p,
                               struct arena *a, struct error *err)
{
    struct interview *i = NULL;
    struct candidate *c = NULL;
    enum status st = interview_find(s->db, session->interview_id, a, &i, err);
    if (st == STATUS_OK)
        st = candidate_find(s->db, session->candidate_id, a, &c, err);
    if (st != STATUS_OK)
        return st;
    p->interview_title = i->title;
    p->job_role = i->job_role;
    p->candidate_name = c->full_name;
    p->avatar = choice_value(avatar_choices, i->avatar);
    p->voice = choice_value(voice_choices, i->voice);
    p->language = choice_value(language_choices, i->language);
    p->patience = choice_value(patience_choices, i->patience);
    p->think_time_s = i->think_time_s;
    p->allow_pause = i->allow_pause;
    p->allow_skip = i->allow_skip;
    p->follow_ups = (int)i->follow_ups;
    p->time_to_finish_s = i->time_to_finish_s;
    return settings_organisation(s, i->organisation, a, &p->organisation, err);
}

enum status conduct_load(struct services *s, struct id session_id, struct arena *a, struct conduct_plan **ret,
                         struct error *err)
{
    struct session *session = NULL;
    struct conduct_plan *p = arena_new_of(a, struct conduct_plan);
    enum status st = p ? session_find(s->db, session_id, a, &session, err) : arena_exhausted(err);
    if (st == STATUS_OK && session->status >= SESSION_COMPLETED)
        st = over(err);
    if (st != STATUS_OK)
        return st;
    p->session_id = session_id;
    p->interview_id = session->interview_id;
    p->status = (enum conduct_status)session->status;
    p->started_at = session->started_at;
    p->slower = session->slower;
    p->paused_at = session->paused_at;
    p->paused_ms = session->paused_ms;
    st = plan_people(s, session, p, a, err);
    if (st == STATUS_OK)
        st = plan_questions(s, p, a, err);
    if (st == STATUS_OK)
        st = plan_position(s, p, a, err);
    if (st == STATUS_OK)
        *ret = p;
    return st;
}

enum status conduct_begin(struct services *s, struct id session, struct error *err)
{
    enum status st = session_set_status(s->db, session, SESSION_IN_PROGRESS, now_of(s), err);
    return st == STATUS_CONFLICT ? over(err) : st; /* its only conflict: completed or withdrawn */
}

static enum status question_at(struct services *s, struct id interview, int position, struct arena *a,
                               const struct question **ret, struct error *err)
{
    struct list questions = {0};
    enum status st = question_list(s->db, interview, a, &questions, err);
    const struct question *q = questions.items;
    for (size_t i = 0; st == STATUS_OK && i < questions.count; i++)
        if (q[i].position == position) {
            *ret = &q[i];
            return STATUS_OK;
        }
    return st == STATUS_OK
               ? error_set(err, STATUS_NOT_FOUND, "question_unknown", "position", "There is no question %d", position)
               : st;
}

/* Gives back an answer that is already there, or opens one; inside the caller's transaction. */
static enum status open_or_find(struct services *s, const struct session *session, int position, int64_t ago_ms,
                                struct arena *a, struct answer **ret, struct error *err)
{
    const struct question *q = NULL;
    struct answer *there = NULL;
    enum status st = answer_find_at(s->db, session->id, position, a, &there, err);
    if (st == STATUS_OK && there->status == ANSWER_ENDED)
        return error_set(err, STATUS_CONFLICT, "answer_ended", "position", "Question %d was answered already",
                         position);
    if (st == STATUS_OK) {
        *ret = there;
        return STATUS_OK;
    }
    if (st != STATUS_NOT_FOUND)
        return st;
    st = question_at(s, session->interview_id, position, a, &q, err);
    if (st == STATUS_OK)
        st = answer_open(s->db, session->id, q, now_of(s) - ago_ms, a, ret, err);
    if (st == STATUS_OK && session->position < position)
        st = session_set_position(s->db, session->id, position, now_of(s), err);
    return st;
}

enum status conduct_open_answer(struct services *s, struct id session_id, int position, int64_t ago_ms,
                                struct id *answer, int64_t *started_at, struct error *err)
{
    cleanup(arena_freep) struct arena *a = arena_new(CALL_ARENA);
    cleanup(db_txn_end) struct db_txn t = {0};
    struct session *session = NULL;
    struct answer *opened = NULL;
    enum status st = a ? db_begin_locking(s->db, &t, err) : arena_exhausted(err);
    if (st == STATUS_OK)
        st = session_find(s->db, session_id, a, &session, err);
    if (st == STATUS_OK)
        st = conduct_check_running(session, err);
    if (st == STATUS_OK)
        st = open_or_find(s, session, position, ago_ms, a, &opened, err);
    if (st == STATUS_OK)
        st = db_commit(&t, err);
    if (st == STATUS_OK) {
        *answer = opened->id;
        *started_at = opened->started_at;
    }
    return st;
}

/* Inside the caller's transaction. */
static enum status reopen_last(struct services *s, const struct answer *answer, struct arena *a, struct error *err)
{
    struct list all = {0};
    enum status st = answer_list(s->db, answer->session_id, a, &all, err);
    if (st != STATUS_OK || answer->status == ANSWER_OPEN)
        return st;
    const struct answer *x = all.items;
    if (!id_equal(x[all.count - 1].id, answer->id))
        return error_set(err, STATUS_CONFLICT, "answer_followed", NULL, "The next question was answered already");
    return answer_reopen(s->db, answer->id, err);
}

enum status conduct_reopen_answer(struct services *s, struct id id, struct error *err)
{
    cleanup(arena_freep) struct arena *a = arena_new(CALL_ARENA);
    cleanup(db_txn_end) struct db_txn t = {0};
    struct session *session = NULL;
    struct answer *answer = NULL;
    enum status st = conduct_enter_answer(s, id, a, &t, &session, &answer, err);
    if (st == STATUS_OK)
        st = conduct_check_running(session, err);
    if (st == STATUS_OK)
        st = reopen_last(s, answer, a, err);
    return st == STATUS_OK ? db_commit(&t, err) : st;
}

enum status conduct_put_utterance(struct services *s, struct id answer, struct id id, enum speaker who,
                                  const struct conduct_piece *p, struct error *err)
{
    cleanup(arena_freep) struct arena *a = arena_new(CALL_ARENA);
    cleanup(db_txn_end) struct db_txn t = {0};
    bool there = false;
    struct utterance u = {
        .id = id,
        .response_id = answer,
        .speaker = (int)who,
        .start_ms = p->start_ms < 0 && who == SPEAKER_CANDIDATE ? 0 : p->start_ms,
        .text = a ? conduct_clean_text(p->text, a) : NULL,
        .words = p->words,
        .confidence = p->confidence,
        .other_language = p->other_language && *p->other_language ? p->other_language : NULL,
        .follow_up = p->follow_up,
        .typed = p->typed,
    };
    u.end_ms = p->end_ms < u.start_ms ? u.start_ms : p->end_ms; /* a clock that was set must not cost words */
    enum status st = u.text ? begin_open(s, answer, a, &t, err) : arena_exhausted(err);
    if (st == STATUS_OK)
        st = utterance_exists(s->db, id, &there, err);
    if (st == STATUS_OK && !there)
        st = utterance_insert(s->db, &u, err);
    return st == STATUS_OK ? db_commit(&t, err) : st;
}

enum status conduct_add_utterance(struct services *s, struct id answer, enum speaker who, int64_t start_ms,
                                  int64_t end_ms, const char *text, struct id *ret, struct error *err)
{
    const struct id id = id_new();
    const struct conduct_piece p = {.start_ms = start_ms, .end_ms = end_ms, .text = text, .confidence = (double)NAN};
    enum status st = conduct_put_utterance(s, answer, id, who, &p, err);
    if (st == STATUS_OK)
        *ret = id;
    return st;
}

static enum status end_answer(struct services *s, struct id answer, enum answer_mode mode, bool skipped,
                              const char *typed, struct arena *a, const char **text, struct error *err)
{
    cleanup(db_txn_end) struct db_txn t = {0};
    const char *joined = NULL;
    enum status st = begin_open(s, answer, a, &t, err);
    if (st == STATUS_OK)
        st = conduct_join_text(s, answer, typed, a, &joined, err);
    if (st == STATUS_OK && skipped)
        st = answer_skip(s->db, answer, err);
    if (st == STATUS_OK)
        st = answer_end(s->db, answer, (enum answer_by)mode, joined, now_of(s), err);
    if (st == STATUS_OK)
        st = db_commit(&t, err);
    if (st == STATUS_OK)
        *text = joined;
    return st;
}

enum status conduct_end_answer(struct services *s, struct id answer, enum answer_mode mode, const char *typed,
                               struct arena *a, const char **text, struct error *err)
{
    return end_answer(s, answer, mode, false, typed, a, text, err);
}

enum status conduct_skip_answer(struct services *s, struct id answer, enum answer_mode mode, struct arena *a,
                                const char **text, struct error *err)
{
    return end_answer(s, answer, mode, true, NULL, a, text, err);
}

enum status conduct_set_completed(struct services *s, const struct session *session, int64_t now, struct error *err)
{
    enum status st = session_set_status(s->db, session->id, SESSION_COMPLETED, now, err);
    if (st == STATUS_OK && !session->preview)
        st = report_request(s->db, session->id, REPORT_NEXT_COMPLETED, now, err);
    if (st == STATUS_OK && !session->preview)
        st = job_enqueue(s->db, "report", session->id, NULL, now, REPORT_ATTEMPTS, now, NULL, err);
    return st;
}

enum status conduct_complete(struct services *s, struct id session_id, struct error *err)
{
    cleanup(arena_freep) struct arena *a = arena_new(CALL_ARENA);
    cleanup(db_txn_end) struct db_txn t = {0};
    struct session *session = NULL;
    enum status st = a ? db_begin_locking(s->db, &t, err) : arena_exhausted(err);
    if (st == STATUS_OK)
        st = session_find(s->db, session_id, a, &session, err);
    if (st != STATUS_OK || session->status == SESSION_COMPLETED)
        return st;
    st = conduct_check_running(session, err);
    if (st == STATUS_OK)
        st = conduct_set_completed(s, session, now_of(s), err);
    if (st == STATUS_OK)
        st = db_commit(&t, err);
    if (st == STATUS_OK)
        jobs_wake(s->jobs);
    return st;
}
