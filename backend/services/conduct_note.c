/* What is noted around a conversation (conduct.h). */
#include "repositories/event_repository.h"
#include "services/conduct.h"

static enum status note(struct services *s, struct id session, enum session_event_kind kind, const char *detail,
                        struct error *err)
{
    const struct session_event e = {
        .session_id = session, .at = clock_unix_ms(s->clock), .kind = (int)kind, .detail = detail};
    int64_t n = 0;
    enum status st = event_count(s->db, session, kind, &n, err);
    return st == STATUS_OK && n < CONDUCT_NOTES_MAX ? event_insert(s->db, &e, err) : st;
}

enum status conduct_note_connection(struct services *s, struct id session, const char *lost, struct error *err)
{
    return note(s, session, lost ? SESSION_EVENT_CONNECTION_LOST : SESSION_EVENT_CONNECTION_BACK, lost, err);
}

enum status conduct_note_other_device(struct services *s, struct id session, struct error *err)
{
    return note(s, session, SESSION_EVENT_OTHER_DEVICE, "", err);
}
