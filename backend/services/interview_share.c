#include "services/interview_share.h"

#include "base/cleanup.h"
#include "repositories/access_repository.h"
#include "repositories/user_repository.h"
#include "services/access.h"
#include "services/interview_internal.h"

enum status interview_share_list(struct services *s, struct actor who, struct id interview, struct arena *a,
                                 struct list *ret, struct error *err)
{
    enum status st = access_interview(s, who, interview, ACCESS_CHANGE, err);
    return st == STATUS_OK ? reviewer_list(s->db, interview, a, ret, err) : st;
}

/* The account that is meant, which must be one that sharing gives something to. */
static enum status colleague(struct services *s, const struct interview *i, const struct interview_share *in,
                             struct arena *a, struct user **ret, struct error *err)
{
    struct user *u = NULL;
    bool by_id = !id_is_zero(in->user_id), by_email = in->email && *in->email;
    const char *field = by_email ? "email" : "user_id";
    if (by_id == by_email)
        return error_set(err, STATUS_INVALID, "field_required", "user_id", "Name a colleague by user_id or by email");
    enum status st =
        by_id ? user_find(s->db, in->user_id, a, &u, err) : user_find_by_email(s->db, in->email, a, &u, err);
    if (st == STATUS_NOT_FOUND || (st == STATUS_OK && !u->is_active))
        return error_set(err, STATUS_INVALID, "user_unknown", field, "There is no such account");
    if (st == STATUS_OK && (u->role == ROLE_ADMIN || id_equal(u->id, i->owner_id)))
        return error_set(err, STATUS_INVALID, "share_needless", field, "They see this interview already");
    if (st == STATUS_OK)
        *ret = u;
    return st;
}

static enum status is_shared(struct services *s, struct id interview, struct id user, bool *ret, struct error *err)
{
    struct grant g = {0};
    enum status st = grant_of_interview(s->db, interview, user, &g, err);
    if (st == STATUS_OK)
        *ret = g.shared;
    return st;
}

/* A new version of the interview, recorded with whom it is about; and commits. */
static enum status conclude(struct services *s, struct actor who, struct interview_change *c, const char *action,
                            struct id user, struct arena *a, struct error *err)
{
    char text[ID_TEXT_SIZE];
    id_format(user, text);
    const char *details = arena_printf(a, "{\"user_id\":\"%s\"}", text);
    enum status st = details ? interview_touch(s->db, c->i->id, c->now, err) : arena_exhausted(err);
    return st == STATUS_OK ? interview_change_commit(s, who, c, action, details, err) : st;
}

enum status interview_share_add(struct services *s, struct actor who, struct interview_ref ref,
                                const struct interview_share *in, struct arena *a, struct list *ret, struct error *err)
{
    cleanup(interview_change_end) struct interview_change c = {0};
    struct user *user = NULL;
    bool already = false;
    enum status st = interview_change_begin(s, who, ref, a, &c, err);
    if (st == STATUS_OK)
        st = colleague(s, c.i, in, a, &user, err);
    if (st == STATUS_OK)
        st = is_shared(s, ref.id, user->id, &already, err);
    if (st == STATUS_OK && !already) {
        st = reviewer_add(s->db, ref.id, user->id, c.now, err);
        if (st == STATUS_OK)
            st = conclude(s, who, &c, "interview.share", user->id, a, err);
    }
    return st == STATUS_OK ? reviewer_list(s->db, ref.id, a, ret, err) : st;
}

enum status interview_share_remove(struct services *s, struct actor who, struct interview_ref ref, struct id user,
                                   struct error *err)
{
    cleanup(arena_freep) struct arena *a = arena_new(4u << 20);
    cleanup(interview_change_end) struct interview_change c = {0};
    bool shared = false;
    enum status st = a ? interview_change_begin(s, who, ref, a, &c, err) : arena_exhausted(err);
    if (st == STATUS_OK)
        st = is_shared(s, ref.id, user, &shared, err);
    if (st == STATUS_OK && !shared)
        st = error_set(err, STATUS_NOT_FOUND, "not_found", NULL, "It is not shared with this account");
    if (st == STATUS_OK)
        st = reviewer_remove(s->db, ref.id, user, err);
    return st == STATUS_OK ? conclude(s, who, &c, "interview.unshare", user, a, err) : st;
}
