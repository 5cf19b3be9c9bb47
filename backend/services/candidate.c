#include "services/candidate.h"

#include "base/cleanup.h"
#include "repositories/session_repository.h"
#include "services/access.h"
#include "services/audit.h"
#include "services/jobs.h"
#include "services/recording.h"
#include "services/resume.h"
#include "services/version.h"

#define ERASE_ARENA (1u << 20) /* a resume's text is read with its row */

enum status candidate_service_list(struct services *s, struct actor who, const struct candidate_filter *f,
                                   struct paging p, struct arena *a, struct page *ret, struct error *err)
{
    struct candidate_filter own = *f;
    if (!who.is_admin)
        own.reader_id = who.user_id;
    return candidate_list(s->db, &own, p, a, ret, err);
}

enum status candidate_service_get(struct services *s, struct actor who, struct id id, struct arena *a,
                                  struct candidate_profile **ret, struct error *err)
{
    enum status st = access_candidate(s, who, id, ACCESS_READ, err);
    return st == STATUS_OK ? candidate_profile_find(s->db, id, a, ret, err) : st;
}

/* The names of what was given: the log says which, not what. */
static const char *fields_given(const struct candidate_update *in)
{
    bool name = model_given(&candidate_update_model, in, "full_name");
    bool email = model_given(&candidate_update_model, in, "email");
    return name && email ? "{\"fields\":[\"full_name\",\"email\"]}"
           : name        ? "{\"fields\":[\"full_name\"]}"
                         : "{\"fields\":[\"email\"]}";
}

/* Inside a transaction. */
static enum status change(struct services *s, struct actor who, struct candidate *c, const struct candidate_update *in,
                          struct error *err)
{
    if (model_given(&candidate_update_model, in, "full_name"))
        c->full_name = in->full_name;
    if (model_given(&candidate_update_model, in, "email"))
        c->email = in->email;
    c->updated_at = version_next(c->updated_at, clock_unix_ms(s->clock));
    enum status st = candidate_update(s->db, c, err);
    const struct audit_event e = {"candidate.update", "candidate", c->id, fields_given(in)};
    return st == STATUS_OK ? audit_record(s, who, &e, err) : st;
}

enum status candidate_service_update(struct services *s, struct actor who, struct id id, int64_t version,
                                     const struct candidate_update *in, struct arena *a, struct candidate_profile **ret,
                                     struct error *err)
{
    cleanup(db_txn_end) struct db_txn t = {0};
    struct candidate *c = NULL;
    enum status st = db_begin(s->db, &t, err);
    if (st == STATUS_OK)
        st = access_candidate(s, who, id, ACCESS_CHANGE, err);
    if (st == STATUS_OK)
        st = candidate_find(s->db, id, a, &c, err);
    if (st == STATUS_OK)
        st = version_check(c->updated_at, version, err);
    if (st == STATUS_OK)
        st = change(s, who, c, in, err);
    if (st == STATUS_OK)
        st = db_commit(&t, err);
    return st == STATUS_OK ? candidate_profile_find(s->db, id, a, ret, err) : st;
}

enum status candidate_erase_rows(struct services *s, struct id candidate, struct arena *a, struct id *session,
                                 const char **resume_key, struct error *err)
{
    struct session *of = NULL;
    const char *key = NULL;
    enum status st = session_find_by_candidate(s->db, candidate, a, &of, err);
    if (st == STATUS_OK)
        st = resume_take_away(s, candidate, a, &key, err);
    if (st == STATUS_OK)
        st = candidate_delete(s->db, candidate, err);
    if (st == STATUS_OK)
        st = recording_erase_later(s, of->id, err);
    if (st != STATUS_OK)
        return st;
    *session = of->id;
    *resume_key = key;
    return STATUS_OK;
}

/* Rows first, with the jobs that erase the files in the same transaction: no crash leaves a recording behind that
 * nobody can see or erase. */
enum status candidate_erase_as(struct services *s, struct actor who, struct id candidate, const char *action,
                               const char *subject_kind, struct id subject, struct error *err)
{
    cleanup(arena_freep) struct arena *a = arena_new(ERASE_ARENA);
    cleanup(db_txn_end) struct db_txn t = {0};
    const struct audit_event e = {action, subject_kind, subject, NULL};
    const char *resume_key = NULL;
    struct id session;
    enum status st = a ? db_begin(s->db, &t, err) : arena_exhausted(err);
    if (st == STATUS_OK)
        st = access_candidate(s, who, candidate, ACCESS_CHANGE, err);
    if (st == STATUS_OK)
        st = candidate_erase_rows(s, candidate, a, &session, &resume_key, err);
    if (st == STATUS_OK)
        st = audit_record(s, who, &e, err);
    if (st == STATUS_OK)
        st = db_commit(&t, err);
    if (st != STATUS_OK)
        return st;
    jobs_wake(s->jobs);
    st = recording_erase_files(s, session, err);
    return st == STATUS_OK && resume_key ? resume_erase_file(s, resume_key, err) : st;
}

enum status candidate_service_erase(struct services *s, struct actor who, struct id id, struct error *err)
{
    return candidate_erase_as(s, who, id, "candidate.erase", "candidate", id, err);
}
