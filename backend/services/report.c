#include "services/report.h"

#include "base/cleanup.h"
#include "repositories/job_repository.h"
#include "repositories/report_repository.h"
#include "repositories/session_repository.h"
#include "services/access.h"
#include "services/audit.h"
#include "services/jobs.h"
#include "services/scorer.h"

#include <math.h>
#include <string.h>

#define REPORT_ATTEMPTS 5
#define REPORT_ARENA    (64u << 20)
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
        st = report_find(s->db, session_id, a, ret, err);
    }
    return st;
}

static const char *summary_of(const struct report_question *q, size_t n, double overall, size_t scored, struct arena *a)
{
    const struct report_question *best = NULL, *worst = NULL;
    for (size_t i = 0; i < n; i++) {
        if (!isfinite(q[i].score))
            continue;
        if (!best || q[i].score > best->score)
            best = &q[i];
        if (!worst || q[i].score < worst->score)
            worst = &q[i];
    }
    if (!best)
        return "No answer could be scored. Each question below says why. Listen and set levels yourself.";
    if (best == worst || best->score <= worst->score)
        return arena_printf(
            a,
            "Viva suggests level %.1f from %zu of %zu answers. Every level opens to what was said; a person decides.",
            overall, scored, n);
    return arena_printf(
        a,
        "Viva suggests level %.1f from %zu of %zu answers. Most of what was asked for is in the answer to question %d "
        "(%.1f), least in the answer to question %d (%.1f). Every level opens to what was said; a person decides.",
        overall, scored, n, (int)best->position, best->score, (int)worst->position, worst->score);
}

static enum status judge(const struct session_view *view, struct embed *e, struct arena *a, struct report *r,
                         struct error *err)
{
    const struct answer *x = view->answers.items;
    size_t n = view->answers.count, scored = 0;
    double sum = 0;
    struct report_question *q = arena_array(a, n + 1, sizeof *q);
    enum status st = q ? STATUS_OK : arena_exhausted(err);
    for (size_t i = 0; st == STATUS_OK && i < n; i++) {
        st = scorer_question(&x[i], e, a, &q[i], err);
        if (st == STATUS_OK && isfinite(q[i].score)) {
            sum += q[i].score;
            scored++;
        }
    }
    if (st != STATUS_OK)
        return st;
    r->overall_score = scored ? round(sum / (double)scored * 10) / 10 : NAN;
    r->questions = (struct list){q, n};
    r->scorer_version = scorer_version();
    r->summary = summary_of(q, n, r->overall_score, scored, a);
    return r->summary ? STATUS_OK : arena_exhausted(err);
}

/* STATUS_CONFLICT "report_outdated" when another was asked for while this one was made. */
static enum status make_once(struct services *s, struct id session, struct error *err)
{
    cleanup(arena_freep) struct arena *a = arena_new(REPORT_ARENA);
    struct session_view *view = NULL;
    struct report *r = a ? arena_new_of(a, struct report) : NULL;
    enum status st = r ? session_detail(s->db, session, a, &view, err) : arena_exhausted(err);
    if (st == STATUS_NOT_FOUND)
        return STATUS_OK; /* erased meanwhile */
    if (st == STATUS_OK)
        st = judge(view, s->engines ? s->engines->embed : NULL, a, r, err);
    if (st != STATUS_OK)
        return st;
    r->session_id = session;
    r->asks = view->report ? view->report->asks : 0;
    return report_store(s->db, r, clock_unix_ms(s->clock), err);
}

enum status report_make(struct services *s, struct id session, struct error *err)
{
    enum status st = make_once(s, session, err);
    for (int i = 1; i < TIMES_OUTDATED && st == STATUS_CONFLICT && !strcmp(err->code, "report_outdated"); i++)
        st = make_once(s, session, err);
    return st;
}

enum status report_give_up(struct services *s, struct id session, const struct error *why, struct error *err)
{
    return report_failed(s->db, session, why->message, clock_unix_ms(s->clock), err);
}
