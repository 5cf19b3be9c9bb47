#ifndef VIVA_SERVICES_RESUME_H
#define VIVA_SERVICES_RESUME_H
/* Candidates' resumes: checked by content, text taken out in a separate process, kept under a key of their own. */

#include "models/resume.h"
#include "services/actor.h"
#include "services/services.h"

#define RESUME_KEY_MAX  64
#define RESUME_NAME_MAX 200 /* bytes of a file's name */

struct resume_upload {
    int fd; /* borrowed */
    uint64_t size;
    const char *sha256;    /* hex, of what arrived */
    const char *file_name; /* as the client says, without path; "" : none */
};

/* Takes the file in place of the one before. STATUS_TOO_LARGE "resume_too_large", else the errors of
 * services/resume_text.h, all with field "file". */
enum status resume_service_upload(struct services *s, struct actor who, struct id candidate,
                                  const struct resume_upload *up, struct arena *a, struct resume **ret,
                                  struct error *err) must_check;
/* With text, findings and download_url. STATUS_NOT_FOUND "no_resume". */
enum status resume_service_get(struct services *s, struct actor who, struct id candidate, struct arena *a,
                               struct resume **ret, struct error *err) must_check;
enum status resume_service_delete(struct services *s, struct actor who, struct id candidate,
                                  struct error *err) must_check;
struct resume_file {
    int fd; /* the caller's */
    uint64_t size;
    const char *media_type, *etag, *file_name;
};
/* by_ticket: a ticket was given out to whoever might read it; who is then only for the log. */
enum status resume_service_open(struct services *s, struct actor who, bool by_ticket, struct id candidate,
                                struct arena *a, struct resume_file *ret, struct error *err) must_check;

/* The candidate's own, by session: STATUS_GONE "session_over" once the interview was withdrawn, STATUS_FORBIDDEN as
 * candidacy_check_own. */
enum status candidacy_resume_upload(struct services *s, struct id session, const struct resume_upload *up,
                                    struct arena *a, struct resume **ret, struct error *err) must_check;
enum status candidacy_resume_get(struct services *s, struct id session, struct arena *a, struct resume **ret,
                                 struct error *err) must_check;
enum status candidacy_resume_delete(struct services *s, struct id session, struct error *err) must_check;

/* Erasing is durable, as with recordings: resume_erase_later enqueues the job "erase_resume" in the transaction that
 * takes the row away, resume_erase_file deletes the file, then or when the job comes to it. Each upload has an id of
 * its own, so that no erasure meets a later file. */
enum status resume_erase_later(struct services *s, const char *media_key, struct error *err) must_check;
/* Inside a transaction: the row away and the erasing enqueued. *key: of the file, NULL when there is no resume. */
enum status resume_take_away(struct services *s, struct id candidate, struct arena *a, const char **key,
                             struct error *err) must_check;
enum status resume_erase_file(struct services *s, const char *media_key, struct error *err) must_check;
/* Job "erase_resume", subject: the upload. A file that a row points at stays. */
enum status resume_erase(struct services *s, struct id upload, struct error *err) must_check;

#endif
