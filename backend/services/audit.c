#include "services/audit.h"

#include "repositories/audit_repository.h"

static enum status record(struct services *s, enum audit_actor kind, struct id actor, const char *request_id,
                          const struct audit_event *e, struct error *err)
{
    const struct audit_entry entry = {
        .id = id_new(),
        .at = clock_unix_ms(s->clock),
        .actor_kind = (int)kind,
        .actor_id = actor,
        .action = e->action,
        .subject_kind = e->subject_kind ? e->subject_kind : "",
        .subject_id = e->subject_id,
        .request_id = request_id ? request_id : "",
        .details = e->details ? e->details : "{}",
    };
    return audit_insert(s->db, &entry, err);
}

enum status audit_record(struct services *s, struct actor who, const struct audit_event *e, struct error *err)
{
    return record(s, id_is_zero(who.user_id) ? AUDIT_SYSTEM : AUDIT_USER, who.user_id, who.request_id, e, err);
}

enum status audit_record_candidate(struct services *s, struct id session, const struct audit_event *e,
                                   struct error *err)
{
    return record(s, id_is_zero(session) ? AUDIT_SYSTEM : AUDIT_CANDIDATE, session, NULL, e, err);
}
