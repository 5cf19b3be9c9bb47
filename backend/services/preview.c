#include "services/preview.h"

#include "base/cleanup.h"
#include "repositories/candidate_repository.h"
#include "repositories/job_repository.h"
#include "repositories/preview_repository.h"
#include "repositories/session_repository.h"
#include "repositories/user_repository.h"
#include "services/access.h"
#include "services/audit.h"
#include "services/candidate.h"
#include "services/interview.h"
#include "services/jobs.h"
#include "utils/sha256.h"

#include <string.h>

#define TOKEN_BYTES    32
#define ERASE_ATTEMPTS 10
#define ERASE_ARENA    (4u << 20)

/* ---------------------------------------------------------------------------------------------------------------------
 * erasing */

/* Inside a transaction. Harmless when it is gone, or no preview. */
static enum status erase_one(struct services *s, struct id session, struct error *err)
{
    cleanup(arena_freep) struct arena *a = arena_new(ERASE_ARENA);
    struct session *there = NULL;
    const char *resume_key = NULL;
    enum status st = a ? session_find(s->db, session, a, &there, err) : arena_exhausted(err);
    if (st == STATUS_NOT_FOUND || (st == STATUS_OK && !there->preview))
        return STATUS_OK;
    return st == STATUS_OK ? candidate_erase_rows(s, there->candidate_id, a, &session, &resume_key, err) : st;
}

enum status preview_erase_all(struct services *s, struct id interview, struct error *err)
{
    struct id sessions[PREVIEWS_MAX];
    size_t n = 0;
    enum status st = preview_list(s->db, interview, sessions, &n, err);
    for (size_t k = 0; st == STATUS_OK && k < n; k++)
        st = erase_one(s, sessions[k], err);
    return st;
}

enum status preview_erase(struct services *s, struct id session, struct error *err)
{
    cleanup(db_txn_end) struct db_txn t = {0};
    enum status st = db_begin(s->db, &t, err);
    if (st == STATUS_OK)
        st = erase_one(s, session, err);
    if (st == STATUS_OK)
        st = db_commit(&t, err);
    if (st == STATUS_OK)
        jobs_wake(s->jobs);
    return st;
}

/* ---------------------------------------------------------------------------------------------------------------------
 * beginning */

/* Under an address that no mail goes to and no candidate can have. */
static enum status insert_candidate(struct services *s, const char *name, struct id interview, int64_t now,
                                    struct arena *a, struct candidate **ret, struct error *err)
{
    char text[ID_TEXT_SIZE];
    bool created = false;
    struct candidate c = {.id = id_new(),
                          .interview_id = interview,
                          .full_name = name,
                          .consent_recording_at = now,
                          .consent_ai_at = now,
                          .created_at = now,
                          .updated_at = now};
    id_format(c.id, text);
    c.email = arena_printf(a, "%s@preview.invalid", text);
    return c.email ? candidate_register(s->db, &c, a, ret, &created, err) : arena_exhausted(err);
}

static enum status insert_session(struct services *s, const struct candidate *c, const char *token, int64_t now,
                                  struct id *ret, struct error *err)
{
    uint8_t hash[SHA256_SIZE];
    const struct session session = {.id = id_new(),
                                    .interview_id = c->interview_id,
                                    .candidate_id = c->id,
                                    .created_at = now,
                                    .updated_at = now,
                                    .preview = true};
    sha256_bytes(token, strlen(token), hash);
    enum status st = session_insert(s->db, &session, hash, err);
    if (st == STATUS_OK)
        st = job_enqueue(s->db, "preview", session.id, NULL, now + PREVIEW_LIFE_MS, ERASE_ATTEMPTS, now, NULL, err);
    if (st == STATUS_OK)
        *ret = session.id;
    return st;
}

static enum status present(struct services *s, const struct interview *i, struct id session, const char *token,
                           int64_t now, struct arena *a, struct interview_preview **ret, struct error *err)
{
    char text[ID_TEXT_SIZE];
    struct interview_preview *p = arena_new_of(a, struct interview_preview);
    const char *page = interview_candidate_url(s, i->link, a);
    if (!p || !page || !(p->session_token = arena_strdup(a, token)))
        return arena_exhausted(err);
    id_format(session, text);
    p->session_id = session;
    p->erased_at = now + PREVIEW_LIFE_MS;
    if (!(p->url = arena_printf(a, "%s#session=%s.%s", page, text, token)))
        return arena_exhausted(err);
    *ret = p;
    return STATUS_OK;
}

enum status preview_begin(struct services *s, struct actor who, struct id interview, struct arena *a,
                          struct interview_preview **ret, struct error *err)
{
    cleanup(db_txn_end) struct db_txn t = {0};
    char token[64];
    struct interview *i = NULL;
    struct candidate *c = NULL;
    struct user *user = NULL;
    struct id session;
    int64_t now = clock_unix_ms(s->clock);
    const struct audit_event e = {
        .action = "interview.preview", .subject_kind = "interview", .subject_id = interview, .details = NULL};
    random_token(token, sizeof token, TOKEN_BYTES);
    enum status st = db_begin(s->db, &t, err);
    if (st == STATUS_OK)
        st = interview_lock(s->db, interview, err);
    if (st == STATUS_OK)
        st = access_interview(s, who, interview, ACCESS_CHANGE, err);
    if (st == STATUS_OK)
        st = interview_service_get(s, who, interview, a, &i, err);
    if (st == STATUS_OK && i->questions.count == 0)
        st = error_set(err, STATUS_INVALID, "no_questions", "questions", "Add or generate questions first");
    if (st == STATUS_OK)
        st = preview_erase_all(s, interview, err);
    if (st == STATUS_OK)
        st = user_find(s->db, who.user_id, a, &user, err);
    if (st == STATUS_OK)
        st = insert_candidate(s, user->full_name, interview, now, a, &c, err); /* named as whoever looks */
    if (st == STATUS_OK)
        st = insert_session(s, c, token, now, &session, err);
    if (st == STATUS_OK)
        st = audit_record(s, who, &e, err);
    if (st == STATUS_OK)
        st = db_commit(&t, err);
    if (st != STATUS_OK)
        return st;
    jobs_wake(s->jobs); /* for the recordings of the preview before */
    return present(s, i, session, token, now, a, ret, err);
}

enum status preview_open(struct services *s, struct id interview, const char *name, struct arena *a, struct id *ret,
                         struct error *err)
{
    cleanup(db_txn_end) struct db_txn t = {0};
    char token[64];
    struct candidate *c = NULL;
    struct id session;
    int64_t now = clock_unix_ms(s->clock);
    random_token(token, sizeof token, TOKEN_BYTES);
    enum status st = db_begin(s->db, &t, err);
    if (st == STATUS_OK)
        st = interview_lock(s->db, interview, err);
    if (st == STATUS_OK)
        st = insert_candidate(s, name, interview, now, a, &c, err);
    if (st == STATUS_OK)
        st = insert_session(s, c, token, now, &session, err);
    if (st == STATUS_OK)
        st = db_commit(&t, err);
    if (st == STATUS_OK)
        *ret = session;
    return st;
}
