#include "services/report_assess.h"

#include "base/cleanup.h"
#include "repositories/assess_repository.h"
#include "repositories/report_repository.h"
#include "services/access.h"
#include "services/audit.h"
#include "services/report.h"
#include "services/report_view.h"

#include <inttypes.h>
#include <math.h>

/* The report in the caller's transaction, when the actor may do that with it and one was made. */
static enum status begin(struct services *s, struct actor who, struct id report, enum access_need need,
                         struct db_txn *t, struct arena *a, struct report **ret, struct error *err)
{
    struct report *r = NULL;
    enum status st = db_begin(s->db, t, err);
    if (st == STATUS_OK)
        st = report_find_by_id(s->db, report, a, &r, err);
    if (st == STATUS_OK)
        st = access_session(s, who, r->session_id, need, err);
    if (st == STATUS_NOT_FOUND)
        return error_set(err, STATUS_NOT_FOUND, "not_found", NULL, "There is no such report");
    if (st == STATUS_OK && r->version == 0)
        st = error_set(err, STATUS_CONFLICT, "report_not_ready", NULL, "The report is not made yet");
    if (st == STATUS_OK)
        *ret = r;
    return st;
}

/* Makes the report's version greater, records, commits, and reads again. */
static enum status finish(struct services *s, struct actor who, const struct report *r, const char *action,
                          const char *details, struct db_txn *t, struct arena *a, struct report **ret,
                          struct error *err)
{
    const struct audit_event e = {action, "report", r->id, details};
    enum status st = details ? report_touch(s->db, r->id, clock_unix_ms(s->clock), err) : arena_exhausted(err);
    if (st == STATUS_OK)
        st = audit_record(s, who, &e, err);
    if (st == STATUS_OK)
        st = db_commit(t, err);
    return st == STATUS_OK ? report_service_get(s, who, r->id, 0, a, ret, err) : st;
}

/* ---------------------------------------------------------------------------------------------------------------------
 * levels */

static const struct report_question *answer_in(const struct report *r, struct id answer)
{
    const struct report_question *q = r->questions.items;
    for (size_t i = 0; i < r->questions.count; i++)
        if (id_equal(q[i].answer_id, answer))
            return &q[i];
    return NULL;
}

static enum status check_open(struct services *s, const struct report *r, struct arena *a, struct error *err)
{
    struct report_sign_off *x = NULL;
    enum status st = sign_off_find(s->db, r->id, a, &x, err);
    if (st == STATUS_NOT_FOUND || (st == STATUS_OK && x->version != r->version))
        return STATUS_OK;
    return st == STATUS_OK ? error_set(err, STATUS_CONFLICT, "signed_off", NULL,
                                       "This version is signed off. Withdraw the sign-off before changing a level")
                           : st;
}

static enum status check_is_set(struct services *s, const struct report *r, struct id answer, struct arena *a,
                                struct error *err)
{
    struct report_human *h = NULL;
    enum status st = report_view_human(s, r, a, &h, err);
    const struct score_override *o = h ? h->overrides.items : NULL;
    for (size_t i = 0; st == STATUS_OK && h && i < h->overrides.count; i++)
        if (id_equal(o[i].answer_id, answer))
            return STATUS_OK;
    return st == STATUS_OK ? error_set(err, STATUS_NOT_FOUND, "not_found", NULL, "Nobody has set a level here") : st;
}

enum status assess_override(struct services *s, struct actor who, struct id report, struct id answer,
                            const struct override_input *in, struct arena *a, struct report **ret, struct error *err)
{
    cleanup(db_txn_end) struct db_txn t = {0};
    struct report *r = NULL;
    const struct report_question *q = NULL;
    enum status st = begin(s, who, report, ACCESS_ASSESS, &t, a, &r, err);
    if (st == STATUS_OK && !(q = answer_in(r, answer)))
        st = error_set(err, STATUS_NOT_FOUND, "not_found", NULL, "There is no such answer in this report");
    if (st == STATUS_OK)
        st = check_open(s, r, a, err);
    if (st == STATUS_OK && !in)
        st = check_is_set(s, r, answer, a, err);
    if (st != STATUS_OK)
        return st;
    const struct score_override o = {.id = id_new(),
                                     .answer_id = answer,
                                     .author_id = who.user_id,
                                     .version = r->version,
                                     .machine_score = q->score,
                                     .level = in ? (double)in->level : NAN,
                                     .reason = in ? in->reason : "",
                                     .created_at = clock_unix_ms(s->clock)};
    st = override_insert(s->db, report, &o, err);
    if (st != STATUS_OK)
        return st;
    const char *details =
        in ? arena_printf(a, "{\"question\":%" PRId64 ",\"level\":%" PRId64 "}", q->position, in->level)
           : arena_printf(a, "{\"question\":%" PRId64 "}", q->position);
    return finish(s, who, r, in ? "report.override" : "report.override_withdraw", details, &t, a, ret, err);
}

enum status assess_history(struct services *s, struct actor who, struct id report, struct arena *a, struct list *ret,
                           struct error *err)
{
    struct report *r = NULL;
    struct list l = {0};
    enum status st = report_service_get(s, who, report, 0, a, &r, err);
    if (st == STATUS_OK)
        st = override_list(s->db, report, r->version, a, &l, err);
    if (st != STATUS_OK)
        return st;
    struct score_override *o = l.items;
    for (size_t i = 0; i < l.count / 2; i++) {
        const struct score_override x = o[i];
        o[i] = o[l.count - 1 - i];
        o[l.count - 1 - i] = x;
    }
    *ret = l;
    return STATUS_OK;
}

/* ---------------------------------------------------------------------------------------------------------------------
 * sign-off */

/* Whether there was one is in *there. */
static enum status withdraw(struct services *s, const struct report *r, bool *there, struct arena *a, struct error *err)
{
    struct report_sign_off *x = NULL;
    enum status st = sign_off_find(s->db, r->id, a, &x, err);
    *there = st == STATUS_OK;
    if (st == STATUS_NOT_FOUND)
        return STATUS_OK;
    return st == STATUS_OK ? sign_off_withdraw(s->db, x->id, clock_unix_ms(s->clock), err) : st;
}

static enum status sign(struct services *s, struct actor who, const struct report *r, const struct sign_off_input *in,
                        struct arena *a, struct error *err)
{
    struct report_human *h = NULL;
    enum status st = report_view_human(s, r, a, &h, err);
    if (st != STATUS_OK)
        return st;
    const struct report_sign_off x = {.id = id_new(),
                                      .author_id = who.user_id,
                                      .version = r->version,
                                      .outcome = in->outcome,
                                      .overall_score = h ? h->overall_score : r->overall_score,
                                      .created_at = clock_unix_ms(s->clock)};
    return sign_off_insert(s->db, r->id, &x, err);
}

enum status assess_sign_off(struct services *s, struct actor who, struct id report, const struct sign_off_input *in,
                            struct arena *a, struct report **ret, struct error *err)
{
    cleanup(db_txn_end) struct db_txn t = {0};
    struct report *r = NULL;
    bool there = false;
    enum status st = begin(s, who, report, ACCESS_CHANGE, &t, a, &r, err);
    if (st == STATUS_OK && in && in->version != r->version)
        st = error_set(err, STATUS_CONFLICT, "report_changed", "version",
                       "Version %" PRId64 " stands now. Read it before you sign off", r->version);
    if (st == STATUS_OK)
        st = withdraw(s, r, &there, a, err);
    if (st == STATUS_OK && !in && !there)
        st = error_set(err, STATUS_NOT_FOUND, "not_found", NULL, "Nobody has signed this report off");
    if (st == STATUS_OK && in)
        st = sign(s, who, r, in, a, err);
    if (st != STATUS_OK)
        return st;
    const char *details = in ? arena_printf(a, "{\"version\":%" PRId64 ",\"outcome\":\"%s\"}", r->version,
                                            choice_value(sign_off_outcome_choices, in->outcome))
                             : "{}";
    return finish(s, who, r, in ? "report.sign_off" : "report.sign_off_withdraw", details, &t, a, ret, err);
}
