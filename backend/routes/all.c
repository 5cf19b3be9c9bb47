#include "routes/routes.h"

#include "models/user.h"
#include "services/auth.h"
#include "services/candidacy.h"
#include "utils/api_key.h"

const struct route *const all_routes[] = {
    /* clang-format off */ /* one a line: everybody adds one */
    health_routes,
    auth_routes,
    interview_routes,
    interview_part_routes,
    candidate_routes,
    session_routes,
    session_text_routes,
    report_routes,
    report_people_routes,
    report_figure_routes,
    report_share_routes,
    resume_routes,
    dashboard_routes,
    public_routes,
    self_identification_routes,
    live_routes,
    ai_routes,
    openai_routes,
    admin_routes,
    system_routes,
    account_routes,
    user_routes,
    NULL,
    /* clang-format on */
};

static const enum access access_of_role[] = {
    [ROLE_ADMIN] = ACCESS_ADMIN, [ROLE_RECRUITER] = ACCESS_RECRUITER, [ROLE_REVIEWER] = ACCESS_REVIEWER};

static enum status candidate(struct services *s, const char *token, struct principal *ret, struct error *err)
{
    struct id session;
    enum status st = candidacy_authenticate(s, token, &session, err);
    if (st == STATUS_OK)
        *ret = (struct principal){.kind = ACCESS_CANDIDATE, .session_id = session};
    return st;
}

static enum status media(struct services *s, const char *ticket, const char *path, struct principal *ret,
                         struct error *err)
{
    struct auth_caller c;
    enum status st = auth_media_check(s, ticket, path, &c, err);
    if (st == STATUS_OK)
        *ret = (struct principal){.kind = ACCESS_MEDIA, .user_id = c.user_id, .login_id = c.login_id};
    return st;
}

enum status route_authenticate(void *context, const char *token, unsigned wanted, const char *path,
                               struct principal *ret, struct error *err)
{
    struct services *s = ((struct route_context *)context)->services;
    struct auth_caller c;
    if (wanted & ACCESS_CANDIDATE)
        return candidate(s, token, ret, err);
    if (wanted & ACCESS_MEDIA)
        return media(s, token, path, ret, err);
    if ((wanted & ACCESS_MACHINE) && api_keys_match(s->speech_keys, token)) {
        *ret = (struct principal){.kind = ACCESS_MACHINE};
        return STATUS_OK;
    }
    enum status st = auth_access(s, token, &c, err);
    if (st == STATUS_OK && !(access_of_role[c.role] & wanted))
        st = error_set(err, STATUS_FORBIDDEN, "forbidden", NULL, "Your role does not allow this");
    if (st == STATUS_OK)
        *ret = (struct principal){.kind = access_of_role[c.role], .user_id = c.user_id, .login_id = c.login_id};
    return st;
}
