#ifndef VIVA_REPOSITORIES_PREVIEW_REPOSITORY_H
#define VIVA_REPOSITORIES_PREVIEW_REPOSITORY_H
/* Previews: sessions that an interview's owner walks through as a candidate would (interview_sessions.preview). */

#include "repositories/repository.h"

#define PREVIEWS_MAX 64

/* The sessions that are previews of an interview, at most PREVIEWS_MAX. */
enum status preview_list(struct db *db, struct id interview, struct id ret[PREVIEWS_MAX], size_t *n,
                         struct error *err) must_check;

#endif
