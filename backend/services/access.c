#include "services/access.h"

#include "repositories/access_repository.h"
#include "repositories/report_repository.h"

static enum status decide(enum status st, const struct grant *g, struct actor who, enum access_need need,
                          const char *what, struct error *err)
{
    bool owns = who.is_admin || id_equal(g->owner_id, who.user_id);
    if (st == STATUS_NOT_FOUND || (st == STATUS_OK && !owns && !g->shared))
        return error_set(err, STATUS_NOT_FOUND, "not_found", NULL, "There is no such %s", what);
    if (st == STATUS_OK && need == ACCESS_CHANGE && !owns)
        return error_set(err, STATUS_FORBIDDEN, "forbidden", NULL, "This %s is shared with you to be read only", what);
    return st;
}

enum status access_interview(struct services *s, struct actor who, struct id interview, enum access_need need,
                             struct error *err)
{
    struct grant g = {0};
    return decide(grant_of_interview(s->db, interview, who.user_id, &g, err), &g, who, need, "interview", err);
}

enum status access_candidate(struct services *s, struct actor who, struct id candidate, enum access_need need,
                             struct error *err)
{
    struct grant g = {0};
    return decide(grant_of_candidate(s->db, candidate, who.user_id, &g, err), &g, who, need, "candidate", err);
}

enum status access_session(struct services *s, struct actor who, struct id session, enum access_need need,
                           struct error *err)
{
    struct grant g = {0};
    return decide(grant_of_session(s->db, session, who.user_id, &g, err), &g, who, need, "session", err);
}

enum status access_report(struct services *s, struct actor who, struct id report, enum access_need need,
                          struct arena *a, struct report **ret, struct error *err)
{
    struct report *r = NULL;
    enum status st = report_find_by_id(s->db, report, a, &r, err);
    if (st == STATUS_OK)
        st = access_session(s, who, r->session_id, need, err);
    if (st == STATUS_NOT_FOUND)
        return error_set(err, st, "not_found", NULL, "There is no such report");
    if (st == STATUS_OK)
        *ret = r;
    return st;
}
