/* Follow-up questions (conduct.h). */
#include "base/cleanup.h"
#include "models/ai.h"
#include "models/interview.h"
#include "providers/engines.h"
#include "repositories/session_repository.h"
#include "services/conduct_internal.h"
#include "services/follow_up.h"

#include <math.h>
#include <string.h>

#define WRITE_ARENA (16u << 20)
/* Less of the answer's time, or of the interview's, is not enough to hear a question and to answer it. */
#define ANSWER_TIME_MS   30000
#define INTERVIEW_TIME_S 120

_Static_assert(CONDUCT_FOLLOW_UPS_MAX == FOLLOW_UPS_MAX, "conduct.h and models/interview.h have the same limit");

enum status conduct_choose(const struct conduct_question *q, const struct conduct_follow_up *asked, int n_asked,
                           const char *said, struct embed *e, struct arena *a, struct conduct_follow_up *ret,
                           struct error *err)
{
    const char *points[CONDUCT_FOLLOW_UPS_MAX];
    struct follow_up f = {0};
    *ret = (struct conduct_follow_up){0};
    for (int i = 0; i < n_asked; i++)
        points[i] = asked[i].point;
    const struct follow_up_request in = {
        .question = q->text, .answer = said, .points = q->points, .asked = {points, (size_t)n_asked}};
    enum status st = follow_up_choose(&in, e, a, &f, err);
    if (st == STATUS_OK && f.text && f.reason == FOLLOW_UP_MISSING)
        *ret = (struct conduct_follow_up){f.text, f.point};
    return st;
}

bool conduct_time_for_more(const struct conduct_plan *p, int64_t left_ms, int64_t now)
{
    const int64_t end = p->started_at + p->paused_ms + (p->time_to_finish_s - INTERVIEW_TIME_S) * 1000;
    return (left_ms < 0 || left_ms >= ANSWER_TIME_MS) && (p->time_to_finish_s == 0 || p->started_at == 0 || now < end);
}

int conduct_asked_in(const struct list *said, struct conduct_follow_up *ret)
{
    const struct utterance *u = said->items;
    int n = 0;
    for (size_t i = 0; i < said->count && n < CONDUCT_FOLLOW_UPS_MAX; i++)
        if (u[i].follow_up)
            ret[n++] = (struct conduct_follow_up){u[i].text, u[i].follow_up};
    return n;
}

enum status conduct_asked(struct services *s, struct id answer, struct arena *a, struct conduct_follow_up *ret,
                          int *ret_n, struct error *err)
{
    struct list said = {0};
    enum status st = utterance_list(s->db, answer, a, &said, err);
    if (st == STATUS_OK)
        *ret_n = conduct_asked_in(&said, ret);
    return st;
}

/* ---- over REST ---- */

static int64_t time_left(const struct conduct_plan *p, const struct conduct_question *q, int64_t now)
{
    const int64_t until =
        p->open_answer_started_at + p->open_answer_paused_ms + (q->time_limit_s + p->open_answer_extended_s) * 1000;
    return q->time_limit_s == 0 ? -1 : until > now ? until - now : 0;
}

/* What is asked next; text NULL: nothing. */
static enum status next_of(struct services *s, const struct conduct_plan *p, const char *typed, struct arena *a,
                           struct conduct_follow_up *ret, struct error *err)
{
    const struct conduct_question *q = conduct_question_at(p, p->position);
    const int64_t now = clock_unix_ms(s->clock);
    const char *said = arena_printf(a, "%s %s", p->open_answer_text, typed);
    *ret = (struct conduct_follow_up){0};
    if (!said)
        return arena_exhausted(err);
    if (!q || p->n_asked >= p->follow_ups || !conduct_time_for_more(p, time_left(p, q, now), now))
        return STATUS_OK;
    return conduct_choose(q, p->asked, p->n_asked, said, s->engines ? s->engines->embed : NULL, a, ret, err);
}

/* What was typed, and the question that follows, in one transaction: sent again it finds one more asked. */
static enum status ask(struct services *s, const struct conduct_plan *p, const char *typed,
                       const struct conduct_follow_up *next, struct arena *a, struct error *err)
{
    cleanup(db_txn_end) struct db_txn t = {0};
    struct conduct_follow_up there[CONDUCT_FOLLOW_UPS_MAX];
    struct session *session = NULL;
    int n = 0;
    const int64_t at = clock_unix_ms(s->clock) - p->open_answer_started_at;
    const struct conduct_piece answer = {at, at, typed, NULL, (double)NAN, .typed = true};
    const struct conduct_piece question = {at, at, next->text, NULL, (double)NAN, .follow_up = next->point};
    enum status st = db_begin_locking(s->db, &t, err);
    if (st == STATUS_OK)
        st = session_find(s->db, p->session_id, a, &session, err);
    if (st == STATUS_OK)
        st = conduct_put_utterance(s, p->open_answer, id_new(), SPEAKER_CANDIDATE, &answer, err);
    if (st == STATUS_OK)
        st = conduct_asked(s, p->open_answer, a, there, &n, err);
    if (st == STATUS_OK && n != p->n_asked)
        st = error_set(err, STATUS_CONFLICT, "follow_up_answered", "follow_up", "This was answered already");
    if (st == STATUS_OK)
        st = conduct_put_utterance(s, p->open_answer, id_new(), SPEAKER_INTERVIEWER, &question, err);
    return st == STATUS_OK ? db_commit(&t, err) : st;
}

enum status conduct_write_answer(struct services *s, struct id answer, int follow_up, const char *text, struct arena *a,
                                 struct error *err)
{
    cleanup(arena_freep) struct arena *own = arena_new(WRITE_ARENA);
    struct answer *x = NULL;
    struct conduct_plan *p = NULL;
    struct conduct_follow_up next = {0};
    const char *whole = NULL;
    enum status st = own ? answer_find(s->db, answer, a, &x, err) : arena_exhausted(err);
    if (st == STATUS_OK)
        st = conduct_load(s, x->session_id, own, &p, err);
    if (st == STATUS_GONE)
        return conduct_end_answer(s, answer, ANSWER_TEXT, text, a, &whole, err); /* and what is wrong with that */
    if (st != STATUS_OK)
        return st;
    const bool open = id_equal(p->open_answer, answer);
    if (open && follow_up >= 0 && follow_up != p->n_asked)
        return error_set(err, STATUS_CONFLICT, "follow_up_answered", "follow_up", "This was answered already");
    if (open)
        st = next_of(s, p, text, own, &next, err);
    if (st == STATUS_OK && next.text)
        return ask(s, p, text, &next, own, err);
    return st == STATUS_OK ? conduct_end_answer(s, answer, ANSWER_TEXT, text, a, &whole, err) : st;
}
