#include "services/resume.h"

#include "base/cleanup.h"
#include "base/utf8.h"
#include "repositories/candidate_repository.h"
#include "repositories/job_repository.h"
#include "repositories/resume_repository.h"
#include "repositories/session_repository.h"
#include "services/access.h"
#include "services/audit.h"
#include "services/auth.h"
#include "services/candidacy.h"
#include "services/jobs.h"
#include "services/resume_text.h"
#include "services/storage.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#define PREFIX         "resumes/"
#define ERASE_ATTEMPTS 100 /* about eight hours */
#define HOUR_MS        INT64_C(3600000)

static void key_of(struct id upload, char out[RESUME_KEY_MAX])
{
    char id[ID_TEXT_SIZE];
    id_format(upload, id);
    snprintf(out, RESUME_KEY_MAX, PREFIX "%s", id);
}

static enum status erase_at(struct services *s, struct id upload, int64_t at, struct error *err)
{
    return job_enqueue(s->db, "erase_resume", upload, NULL, at, ERASE_ATTEMPTS, clock_unix_ms(s->clock), NULL, err);
}

enum status resume_erase_later(struct services *s, const char *media_key, struct error *err)
{
    struct id upload;
    if (strncmp(media_key, PREFIX, strlen(PREFIX)) || !id_parse(media_key + strlen(PREFIX), &upload))
        return error_set(err, STATUS_INTERNAL, "storage_key", NULL, "A resume has a key that is none");
    return erase_at(s, upload, clock_unix_ms(s->clock), err);
}

enum status resume_take_away(struct services *s, struct id candidate, struct arena *a, const char **key,
                             struct error *err)
{
    struct resume *r = NULL;
    enum status st = resume_find(s->db, candidate, a, &r, err);
    if (st == STATUS_NOT_FOUND) {
        *key = NULL;
        return STATUS_OK;
    }
    if (st == STATUS_OK)
        st = resume_delete(s->db, candidate, err);
    if (st == STATUS_OK)
        st = resume_erase_later(s, r->media_key, err);
    if (st == STATUS_OK)
        *key = r->media_key;
    return st;
}

enum status resume_erase_file(struct services *s, const char *media_key, struct error *err)
{
    return storage_remove(s->storage, media_key, err);
}

enum status resume_erase(struct services *s, struct id upload, struct error *err)
{
    char key[RESUME_KEY_MAX];
    bool used = false;
    key_of(upload, key);
    enum status st = resume_key_used(s->db, key, &used, err);
    return st == STATUS_OK && !used ? resume_erase_file(s, key, err) : st;
}

/* -----------------------------------------------------------------------------------------------------------------
 * taking a file */

/* Who does it: a user, or the candidate. */
struct doer {
    struct actor who;
    struct id session; /* of the candidate; zero: who it is */
};

static enum status record(struct services *s, const struct doer *by, const char *action, struct id candidate,
                          struct error *err)
{
    const struct audit_event e = {action, "candidate", candidate, NULL};
    return id_is_zero(by->session) ? audit_record(s, by->who, &e, err)
                                   : audit_record_candidate(s, by->session, &e, err);
}

/* The name that is shown and offered: ends as its kind does, whatever it was sent as. */
static const char *name_for(const char *given, const char *extension, struct arena *a)
{
    char name[RESUME_NAME_MAX];
    size_t k = strlen(extension);
    snprintf(name, sizeof name - k, "%s", *given ? given : "resume");
    utf8_trim_partial(name);
    size_t n = strlen(name);
    if (n < k || strcasecmp(name + n - k, extension))
        memcpy(name + n, extension, k + 1);
    return arena_strdup(a, name);
}

static enum status check_size(struct services *s, const struct resume_upload *up, struct error *err)
{
    if (up->size == 0)
        return error_set(err, STATUS_INVALID, "resume_empty", "file", "The file is empty");
    if (up->size > s->settings->resume_max_bytes)
        return error_set(err, STATUS_TOO_LARGE, "resume_too_large", "file", "A resume may have %" PRIu64 " bytes",
                         s->settings->resume_max_bytes);
    return STATUS_OK;
}

/* The upload gets its name in storage and its row in one transaction; a job that was there before erases it if the row
 * never comes, because of a crash in between. */
static enum status take(struct services *s, const struct doer *by, const struct resume *r,
                        struct storage_staged *staged, struct arena *a, struct error *err)
{
    cleanup(db_txn_end) struct db_txn t = {0};
    const char *before = NULL;
    struct candidate *c = NULL;
    enum status st = db_begin(s->db, &t, err);
    if (st == STATUS_OK)
        st = candidate_find(s->db, r->candidate_id, a, &c, err);
    if (st == STATUS_OK)
        st = resume_take_away(s, r->candidate_id, a, &before, err);
    if (st == STATUS_OK)
        st = resume_store(s->db, r, err);
    if (st == STATUS_OK)
        st = record(s, by, "resume.upload", r->candidate_id, err);
    if (st == STATUS_OK)
        st = storage_publish(staged, err);
    if (st == STATUS_OK)
        st = db_commit(&t, err);
    if (st != STATUS_OK || !before)
        return st;
    jobs_wake(s->jobs);
    return resume_erase_file(s, before, err);
}

static enum status upload(struct services *s, const struct doer *by, struct id candidate,
                          const struct resume_upload *up, struct arena *a, struct resume **ret, struct error *err)
{
    cleanup(storage_staged_discard) struct storage_staged staged = STORAGE_STAGED_INIT;
    char key[RESUME_KEY_MAX], path[sizeof staged.file.dir + sizeof staged.file.name + 1];
    struct id id = id_new();
    struct resume_text text = {0};
    struct resume *r = arena_new_of(a, struct resume);
    key_of(id, key);
    enum status st = r ? check_size(s, up, err) : arena_exhausted(err);
    if (st == STATUS_OK)
        st = storage_stage_fd(s->storage, key, up->fd, &staged, err);
    if (st != STATUS_OK)
        return st;
    snprintf(path, sizeof path, "%s/%s", staged.file.dir, staged.file.name);
    st = resume_text_extract(path, a, &text, err);
    if (st == STATUS_OK)
        st = erase_at(s, id, clock_unix_ms(s->clock) + HOUR_MS, err);
    if (st != STATUS_OK)
        return st;
    *r = (struct resume){.candidate_id = candidate,
                         .file_name = name_for(up->file_name, text.extension, a),
                         .media_type = text.media_type,
                         .media_key = arena_strdup(a, key),
                         .bytes = (int64_t)up->size,
                         .sha256 = up->sha256,
                         .text = text.text,
                         .hidden_kinds = text.hidden_kinds,
                         .hidden_text = text.hidden_text,
                         .uploaded_at = clock_unix_ms(s->clock)};
    st = r->file_name && r->media_key ? take(s, by, r, &staged, a, err) : arena_exhausted(err);
    if (st == STATUS_OK)
        *ret = r;
    return st;
}

static enum status find(struct services *s, struct id candidate, struct arena *a, struct resume **ret,
                        struct error *err)
{
    enum status st = resume_find(s->db, candidate, a, ret, err);
    return st == STATUS_NOT_FOUND ? error_set(err, st, "no_resume", NULL, "There is no resume") : st;
}

static enum status erase(struct services *s, const struct doer *by, struct id candidate, struct error *err)
{
    cleanup(arena_freep) struct arena *a = arena_new(1u << 20);
    cleanup(db_txn_end) struct db_txn t = {0};
    const char *key = NULL;
    enum status st = a ? db_begin(s->db, &t, err) : arena_exhausted(err);
    if (st == STATUS_OK)
        st = resume_take_away(s, candidate, a, &key, err);
    if (st == STATUS_OK && !key)
        st = error_set(err, STATUS_NOT_FOUND, "no_resume", NULL, "There is no resume");
    if (st == STATUS_OK)
        st = record(s, by, "resume.delete", candidate, err);
    if (st == STATUS_OK)
        st = db_commit(&t, err);
    if (st != STATUS_OK)
        return st;
    jobs_wake(s->jobs);
    return resume_erase_file(s, key, err);
}

/* -----------------------------------------------------------------------------------------------------------------
 * staff */

static enum status link_to(struct services *s, struct actor who, struct resume *r, struct arena *a, struct error *err)
{
    char id[ID_TEXT_SIZE];
    const char *ticket = NULL;
    id_format(r->candidate_id, id);
    const char *path = arena_printf(a, "/api/v1/candidates/%s/resume/file", id);
    enum status st = path ? auth_media_ticket(s, who, path, a, &ticket, err) : arena_exhausted(err);
    if (st == STATUS_OK && !(r->download_url = arena_printf(a, "%s?ticket=%s", path, ticket)))
        st = arena_exhausted(err);
    return st;
}

enum status resume_service_upload(struct services *s, struct actor who, struct id candidate,
                                  const struct resume_upload *up, struct arena *a, struct resume **ret,
                                  struct error *err)
{
    const struct doer by = {.who = who};
    struct resume *r = NULL;
    enum status st = access_candidate(s, who, candidate, ACCESS_CHANGE, err);
    if (st == STATUS_OK)
        st = upload(s, &by, candidate, up, a, &r, err);
    if (st == STATUS_OK)
        st = link_to(s, who, r, a, err);
    if (st == STATUS_OK)
        *ret = r;
    return st;
}

enum status resume_service_get(struct services *s, struct actor who, struct id candidate, struct arena *a,
                               struct resume **ret, struct error *err)
{
    struct resume *r = NULL;
    enum status st = access_candidate(s, who, candidate, ACCESS_READ, err);
    if (st == STATUS_OK)
        st = find(s, candidate, a, &r, err);
    if (st == STATUS_OK)
        st = link_to(s, who, r, a, err);
    if (st == STATUS_OK)
        *ret = r;
    return st;
}

enum status resume_service_delete(struct services *s, struct actor who, struct id candidate, struct error *err)
{
    const struct doer by = {.who = who};
    enum status st = access_candidate(s, who, candidate, ACCESS_CHANGE, err);
    return st == STATUS_OK ? erase(s, &by, candidate, err) : st;
}

enum status resume_service_open(struct services *s, struct actor who, bool by_ticket, struct id candidate,
                                struct arena *a, struct resume_file *ret, struct error *err)
{
    const struct doer by = {.who = who};
    struct resume *r = NULL;
    struct resume_file file = {.fd = -1};
    enum status st = by_ticket ? STATUS_OK : access_candidate(s, who, candidate, ACCESS_READ, err);
    if (st == STATUS_OK)
        st = find(s, candidate, a, &r, err);
    if (st == STATUS_OK)
        st = record(s, &by, "resume.download", candidate, err);
    if (st == STATUS_OK)
        st = storage_open(s->storage, r->media_key, &file.fd, &file.size, err);
    if (st != STATUS_OK)
        return st;
    file.media_type = r->media_type;
    file.etag = r->sha256;
    file.file_name = r->file_name;
    *ret = file;
    return STATUS_OK;
}

/* -----------------------------------------------------------------------------------------------------------------
 * the candidate */

static enum status whose(struct services *s, struct id session_id, bool changes, struct arena *a, struct id *candidate,
                         struct error *err)
{
    struct session *session = NULL;
    enum status st = session_find(s->db, session_id, a, &session, err);
    if (st == STATUS_OK && changes && session->status == SESSION_WITHDRAWN)
        st = error_set(err, STATUS_GONE, "session_over", NULL, "This interview was withdrawn");
    if (st == STATUS_OK)
        st = candidacy_check_own(s, session_id, err);
    if (st == STATUS_OK)
        *candidate = session->candidate_id;
    return st;
}

enum status candidacy_resume_upload(struct services *s, struct id session, const struct resume_upload *up,
                                    struct arena *a, struct resume **ret, struct error *err)
{
    const struct doer by = {.session = session};
    struct id candidate;
    enum status st = whose(s, session, true, a, &candidate, err);
    return st == STATUS_OK ? upload(s, &by, candidate, up, a, ret, err) : st;
}

enum status candidacy_resume_get(struct services *s, struct id session, struct arena *a, struct resume **ret,
                                 struct error *err)
{
    struct id candidate;
    enum status st = whose(s, session, false, a, &candidate, err);
    return st == STATUS_OK ? find(s, candidate, a, ret, err) : st;
}

enum status candidacy_resume_delete(struct services *s, struct id session, struct error *err)
{
    cleanup(arena_freep) struct arena *a = arena_new(1u << 16);
    const struct doer by = {.session = session};
    struct id candidate;
    enum status st = a ? whose(s, session, true, a, &candidate, err) : arena_exhausted(err);
    return st == STATUS_OK ? erase(s, &by, candidate, err) : st;
}
