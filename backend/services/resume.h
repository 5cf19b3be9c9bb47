#ifndef VIVA_SERVICES_RESUME_H
#define VIVA_SERVICES_RESUME_H
/* Candidates' resumes: checked by content, text taken out in a separate process, kept under a key of their own. */

#include "models/resume.h"
#include "services/services.h"

#define RESUME_KEY_MAX 64

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
