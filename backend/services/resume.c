#include "services/resume.h"

#include "repositories/job_repository.h"
#include "repositories/resume_repository.h"
#include "services/storage.h"

#include <stdio.h>
#include <string.h>

#define PREFIX         "resumes/"
#define ERASE_ATTEMPTS 100 /* about eight hours */

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
