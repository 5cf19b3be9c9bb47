#include "services/attention.h"

#include "repositories/event_repository.h"
#include "repositories/session_repository.h"

#include <inttypes.h>

_Static_assert((int)ATTENTION_HIDDEN == (int)SESSION_EVENT_TAB_HIDDEN &&
                   (int)ATTENTION_VISIBLE == (int)SESSION_EVENT_TAB_VISIBLE &&
                   (int)ATTENTION_PASTED == (int)SESSION_EVENT_PASTED,
               "models/candidate.h and models/session.h number alike");

enum status attention_note(struct services *s, struct id id, const struct attention *in, struct arena *a,
                           struct error *err)
{
    struct session *session = NULL;
    int64_t n = 0;
    struct session_event e = {.session_id = id, .at = clock_unix_ms(s->clock), .kind = in->kind};
    enum status st = session_find(s->db, id, a, &session, err);
    if (st == STATUS_OK)
        st = event_count(s->db, id, (enum session_event_kind)in->kind, &n, err);
    if (st != STATUS_OK || session->status != SESSION_IN_PROGRESS || n >= ATTENTION_MAX)
        return st;
    if (in->kind == ATTENTION_PASTED && (e.detail = arena_printf(a, "%" PRId64 " characters", in->characters)) == NULL)
        return arena_exhausted(err);
    return event_insert(s->db, &e, err);
}
