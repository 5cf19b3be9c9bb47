#ifndef VIVA_ROUTES_ROUTES_H
#define VIVA_ROUTES_ROUTES_H
/* Every route table, and who is behind a token. */

#include "routes/context.h"

extern const struct route health_routes[]; /* /healthz, /readyz */
extern const struct route auth_routes[];
extern const struct route account_routes[]; /* the caller's own account */
extern const struct route user_routes[];    /* accounts, for administrators */
extern const struct route interview_routes[];
extern const struct route interview_part_routes[]; /* questions, sharing, preview, figures */
extern const struct route candidate_routes[];      /* staff's view of candidates */
extern const struct route session_routes[];        /* staff's view: sessions, reports, media */
extern const struct route session_text_routes[];   /* transcripts and notes */
extern const struct route report_routes[];
extern const struct route report_people_routes[]; /* levels, sign-offs, versions, weights */
extern const struct route report_figure_routes[]; /* drift, agreement, adverse impact */
extern const struct route report_share_routes[];  /* links by which reports are read */
extern const struct route resume_routes[];        /* for staff and for the candidate */
extern const struct route dashboard_routes[];
extern const struct route public_routes[];              /* candidate: register, state, recording, text answers */
extern const struct route self_identification_routes[]; /* the same, of their own will */
extern const struct route live_routes[];                /* the WebSocket */
extern const struct route ai_routes[];
extern const struct route openai_routes[]; /* /v1: speech as OpenAI's API has it */
extern const struct route admin_routes[];  /* interviews, audit log, jobs of everybody */
extern const struct route system_routes[]; /* settings and state of the installation */

extern const struct route *const all_routes[]; /* the above; ends with NULL */

/* For http_options.authenticate. */
enum status route_authenticate(void *context, const char *token, unsigned wanted, const char *path,
                               struct principal *ret, struct error *err) must_check;

#endif
