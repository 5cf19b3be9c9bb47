#ifndef VIVA_REPOSITORIES_EVENT_REPOSITORY_H
#define VIVA_REPOSITORIES_EVENT_REPOSITORY_H
/* What happened around a conversation. */

#include "models/session.h"
#include "repositories/repository.h"

/* A zero id is replaced by a new one, no detail is an empty one. STATUS_NOT_FOUND: the session went. */
enum status event_insert(struct db *db, const struct session_event *e, struct error *err) must_check;
/* Oldest first, the first 1000. Items are struct session_event. */
enum status event_list(struct db *db, struct id session, struct arena *a, struct list *ret,
                       struct error *err) must_check;
/* How many of a kind a session has. */
enum status event_count(struct db *db, struct id session, enum session_event_kind kind, int64_t *ret,
                        struct error *err) must_check;

#endif
