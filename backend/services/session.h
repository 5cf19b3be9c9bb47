#ifndef VIVA_SERVICES_SESSION_H
#define VIVA_SERVICES_SESSION_H
/* Sessions as staff see them. What an actor may not read is STATUS_NOT_FOUND (services/access.h). */

#include "models/dashboard.h"
#include "models/session.h"
#include "repositories/session_repository.h"
#include "services/interview.h"

enum status session_service_list(struct services *s, struct actor who, const struct session_filter *f, struct paging p,
                                 struct arena *a, struct page *ret, struct error *err) must_check;
/* With answers, utterances, recordings (each ready one with a media_url that carries a ticket) and report. */
enum status session_service_get(struct services *s, struct actor who, struct id id, struct arena *a,
                                struct session_view **ret, struct error *err) must_check;
/* The session with its candidate: rows, recordings, resume. */
enum status session_service_delete(struct services *s, struct actor who, struct id id, struct error *err) must_check;
enum status dashboard_get(struct services *s, struct actor who, struct arena *a, struct dashboard_data **ret,
                          struct error *err) must_check;
/* Asks the database, for /readyz. */
enum status database_ping(struct services *s, struct error *err) must_check;
/* Also for /readyz and /ai/health. */
enum status engines_describe(const struct engines *e, struct arena *a, struct engines_health **ret,
                             struct error *err) must_check;

#endif
