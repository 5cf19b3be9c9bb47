#include "services/report.h"

#include "base/cleanup.h"
#include "base/log.h"
#include "models/report_parts.h"
#include "repositories/competency_repository.h"
#include "repositories/job_repository.h"
#include "repositories/report_repository.h"
#include "repositories/session_repository.h"
#include "services/access.h"
#include "services/audit.h"
#include "services/jobs.h"
#include "services/report_competency.h"
#include "services/report_judge.h"
#include "services/report_qualities.h"
#include "services/report_speech.h"
#include "services/report_structure.h"
#include "services/report_summary.h"
#include "services/scorer.h"

#include <math.h>
#include <string.h>

#define REPORT_ATTEMPTS 5
#define REPORT_ARENA    (64u << 20)
#define LEVELS          5
#define TIMES_OUTDATED  5

enum status report_service_request(struct services *s, struct actor who, struct id session_id, struct arena *a,
                                   struct report **ret, struct error *err)
{
    cleanup(db_txn_end) struct db_txn t = {0};
    struct session *session = NULL;
    int64_t now = clock_unix_ms(s->clock);
    const struct audit_event e = {"report.regenerate", "session", session_id, NULL};
    enum status st = access_session(s, who, session_id, ACCESS_CHANGE, err);
    if (st == STATUS_OK)
        st = db_begin(s->db, &t, err);
    if (st == STATUS_OK)
        st = session_find(s->db, session_id, a, &session, err);
    if (st == STATUS_OK && session->status != SESSION_COMPLETED)
        st = error_set(err, STATUS_CONFLICT, "session_running", NULL,
                       "The report is made when the interview is finished");
    if (st == STATUS_OK)
        st = report_request(s->db, session_id, REPORT_NEXT_REQUESTED, now, err);
    if (st == STATUS_OK)
        st = job_enqueue(s->db, "report", session_id, NULL, now, REPORT_ATTEMPTS, now, NULL, err);
    if (st == STATUS_OK)
        st = job_hurry(s->db, "report", session_id, now, err);
    if (st == STATUS_OK)
        st = audit_record(s, who, &e, err);
    if (st == STATUS_OK)
        st = db_commit(&t, err);
    if (st == STATUS_OK) {
        jobs_wake(s->jobs);
        st = report_service_of_session(s, who, session_id, 0, a, ret, err);
    }
    return st;
}

/* ---------------------------------------------------------------------------------------------------------------------
 * making */

/* What a report is made from: the session, and its interview's rubric as it is now. */
struct material {
    struct session *session;
    struct session_view *view;
    struct list questions; /* struct question */
    struct list weights;   /* struct competency_weight */
    struct embed *embed;
    struct report_judge judge; /* its .llm NULL: it is not asked now */
};

static enum status gather(struct services *s, struct id session, struct llm *llm, struct arena *a, struct material *m,
                          struct error *err)
{
    enum status st = session_find(s->db, session, a, &m->session, err);
    if (st == STATUS_OK)
        st = session_detail(s->db, session, a, &m->view, err);
    if (st == STATUS_OK)
        st = question_list(s->db, m->session->interview_id, a, &m->questions, err);
    if (st == STATUS_OK)
        st = competency_weights(s->db, m->session->interview_id, a, &m->weights, err);
    m->embed = s->engines ? s->engines->embed : NULL;
    report_judge_init(&m->judge, llm, m->embed, s->clock);
    return st;
}

static const struct question *question_of(const struct material *m, const struct answer *x)
{
    const struct question *q = m->questions.items;
    for (size_t i = 0; i < m->questions.count; i++)
        if (id_equal(q[i].id, x->question_id))
            return &q[i];
    return NULL;
}

static enum status follow_ups_of(const struct answer *x, struct arena *a, struct strings *ret, struct error *err)
{
    const struct utterance *u = x->utterances.items;
    struct strings s = {arena_array(a, x->utterances.count + 1, sizeof(char *)), 0};
    if (!s.items)
        return arena_exhausted(err);
    for (size_t i = 0; i < x->utterances.count; i++)
        if (u[i].follow_up)
            s.items[s.count++] = u[i].text;
    *ret = s;
    return STATUS_OK;
}

/* Judged is what the question wants now, so that a better rubric reaches those who were asked before; but when it asks
 * something else now, or is gone, what it wanted when it was asked. */
static enum status judge_answer(struct material *m, const struct answer *answer, struct arena *a,
                                struct report_question *ret, struct error *err)
{
    struct answer x = *answer;
    struct scorer_grade g;
    const struct question *q = question_of(m, answer);
    const bool same = q && !strcmp(q->text, x.question_text);
    if (same)
        x.points = q->points;
    if (q)
        x.competency = question_competency(q);
    enum status st = scorer_grade(&x, m->embed, a, &g, err);
    if (st == STATUS_OK)
        st = qualities_fill(&g.question, &x, &g.cover, q ? q->category : -1, a, err);
    if (st == STATUS_OK)
        st = follow_ups_of(&x, a, &g.question.follow_ups, err);
    if (st == STATUS_OK)
        st = speech_of_answer(&x, a, &g.question.speech, err);
    if (st == STATUS_OK && q && g.question.abstained == ABSTAINED_NOT &&
        (q->category == CATEGORY_BEHAVIORAL || q->category == CATEGORY_SITUATIONAL))
        st = structure_of(&x, a, &g.question.structure, err);
    if (st == STATUS_OK)
        st = report_judge_answer(&m->judge, &x, &g.question, a, err);
    if (st == STATUS_OK)
        *ret = g.question;
    return st;
}

static enum status judge(struct material *m, struct arena *a, struct report *r, struct error *err)
{
    const struct answer *x = m->view->answers.items;
    const size_t n = m->view->answers.count;
    struct report_question *q = arena_array(a, n + 1, sizeof *q);
    enum status st = q ? STATUS_OK : arena_exhausted(err);
    for (size_t i = 0; st == STATUS_OK && i < n; i++)
        st = judge_answer(m, &x[i], a, &q[i], err);
    if (*m->judge.away.code)
        log_event(LOG_WARN, "judge_unavailable", "code", m->judge.away.code, "why", m->judge.away.message, NULL);
    if (st == STATUS_OK)
        r->questions = (struct list){q, n};
    return st;
}

static enum status made_with(const struct services *s, const struct llm *llm, struct arena *a,
                             struct report_made_with **ret, struct error *err)
{
    struct report_made_with *m = arena_new_of(a, struct report_made_with);
    const struct engines *e = s->engines;
    const char *prompt = "";
    enum status st = m ? STATUS_OK : arena_exhausted(err);
    if (st == STATUS_OK && llm)
        st = report_judge_prompt(a, &prompt, err);
    if (st == STATUS_OK)
        *m = (struct report_made_with){
            .application = VIVA_VERSION,
            .scorer = scorer_version(),
            .embeddings = e && e->embed ? embed_name(e->embed) : "",
            .judge = llm ? llm_name(llm) : "",
            .prompt = prompt,
            .speech_to_text = e && e->stt ? stt_name(e->stt) : "",
            .text_to_speech = e && e->tts ? tts_name(e->tts) : "",
        };
    *ret = m;
    return st;
}

static int64_t count_answered(const struct list *questions)
{
    const struct report_question *q = questions->items;
    int64_t n = 0;
    for (size_t i = 0; i < questions->count; i++)
        n += q[i].abstained != ABSTAINED_NO_ANSWER && q[i].abstained != ABSTAINED_SKIPPED;
    return n;
}

static enum status compose(struct services *s, const struct material *m, struct arena *a, struct report *r,
                           struct error *err)
{
    struct report_content *c = arena_new_of(a, struct report_content);
    if (!c)
        return arena_exhausted(err);
    const size_t asked = m->questions.count > r->questions.count ? m->questions.count : r->questions.count;
    c->scale = (struct strings){arena_array(a, LEVELS, sizeof(char *)), LEVELS};
    for (size_t i = 0; c->scale.items && i < LEVELS; i++)
        c->scale.items[i] = scorer_level_text((double)i + 1);
    if (!c->scale.items)
        return arena_exhausted(err);
    c->asked = (int64_t)asked;
    c->answered = count_answered(&r->questions);
    c->partial = m->session->partial;
    c->weights_set = m->weights.count > 0;
    r->content = c;
    r->scorer_version = scorer_version();
    enum status st = made_with(s, m->judge.llm, a, &c->made_with, err);
    if (st == STATUS_OK)
        st = competencies_of(&r->questions, NULL, &m->weights, a, &c->competencies, &r->overall_score, err);
    if (st == STATUS_OK)
        st = speech_of_interview(&r->questions, a, &c->speech, err);
    return st == STATUS_OK ? summary_write(r, c, a, err) : st;
}

/* Nobody waits for what is made again by itself. */
static enum status enqueue_judge(struct services *s, struct id session, bool background, struct error *err)
{
    const int64_t now = clock_unix_ms(s->clock);
    if (background)
        return job_enqueue_background(s->db, REPORT_JUDGE_JOB, session, now, REPORT_ATTEMPTS, now, err);
    enum status st = job_enqueue(s->db, REPORT_JUDGE_JOB, session, NULL, now, REPORT_ATTEMPTS, now, NULL, err);
    return st == STATUS_OK ? job_hurry(s->db, REPORT_JUDGE_JOB, session, now, err) : st;
}

/* A language model has something to read. */
static bool may_be_judged(const struct report *r)
{
    const struct report_question *q = r->questions.items;
    for (size_t i = 0; i < r->questions.count; i++)
        if (isfinite(q[i].score))
            return true;
    return false;
}

/* to_judge: the next version, with the language model, is asked for as this one is stored. */
static enum status store(struct services *s, const struct report *r, bool to_judge, struct error *err)
{
    cleanup(db_txn_end) struct db_txn t = {0};
    const int64_t now = clock_unix_ms(s->clock);
    enum status st = db_begin_locking(s->db, &t, err);
    if (st == STATUS_OK)
        st = report_store(s->db, r, now, err);
    if (st == STATUS_OK && to_judge)
        st = report_continue(s->db, r->session_id, now, err);
    if (st == STATUS_OK && to_judge)
        st = enqueue_judge(s, r->session_id, false, err);
    if (st == STATUS_OK)
        st = db_commit(&t, err);
    if (st == STATUS_OK && to_judge)
        jobs_wake(s->jobs);
    return st;
}

static enum status hand_to_judge(struct services *s, const struct report *there, struct error *err)
{
    enum status st = enqueue_judge(s, there->session_id, there->next_reason == REPORT_NEXT_RUBRIC_CHANGED, err);
    if (st == STATUS_OK)
        jobs_wake(s->jobs);
    return st;
}

/* llm: to ask now; NULL: none. STATUS_CONFLICT "report_outdated" when another was asked for while this one was made. */
static enum status make_once(struct services *s, struct id session, struct llm *llm, struct error *err)
{
    cleanup(arena_freep) struct arena *a = arena_new(REPORT_ARENA);
    struct material m = {0};
    struct report *r = a ? arena_new_of(a, struct report) : NULL;
    enum status st = r ? gather(s, session, llm, a, &m, err) : arena_exhausted(err);
    if (st == STATUS_NOT_FOUND)
        return STATUS_OK; /* erased meanwhile */
    if (st != STATUS_OK)
        return st;
    const struct report *there = m.view->report;
    if (there && there->status == REPORT_READY && there->next_reason == REPORT_NEXT_NONE)
        return STATUS_OK; /* made by an attempt that ended before it could say so */
    if (there && there->version > 0 && s->llm && !llm)
        return hand_to_judge(s, there, err);
    st = judge(&m, a, r, err);
    if (st == STATUS_OK)
        st = compose(s, &m, a, r, err);
    if (st != STATUS_OK)
        return st;
    r->session_id = session;
    r->asks = there ? there->asks : 0;
    return store(s, r, s->llm && !llm && may_be_judged(r), err);
}

static enum status make(struct services *s, struct id session, struct llm *llm, struct error *err)
{
    enum status st = make_once(s, session, llm, err);
    for (int i = 1; i < TIMES_OUTDATED && st == STATUS_CONFLICT && !strcmp(err->code, "report_outdated"); i++)
        st = make_once(s, session, llm, err);
    return st;
}

enum status report_make(struct services *s, struct id session, struct error *err)
{
    return make(s, session, NULL, err);
}

enum status report_make_judged(struct services *s, struct id session, struct error *err)
{
    return make(s, session, s->llm, err);
}

enum status report_give_up(struct services *s, struct id session, const struct error *why, struct error *err)
{
    return report_failed(s->db, session, why->message, clock_unix_ms(s->clock), err);
}
