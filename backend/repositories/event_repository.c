#include "repositories/event_repository.h"

#include "base/cleanup.h"
#include "repositories/query.h"

enum status event_insert(struct db *db, const struct session_event *e, struct error *err)
{
    struct session_event row = *e;
    if (id_is_zero(row.id))
        row.id = id_new();
    if (!row.detail)
        row.detail = "";
    enum status st = row_insert(db, "session_events", &session_event_model, &row, err);
    return st == STATUS_CONFLICT ? query_not_found(err) : st; /* the session went meanwhile */
}

enum status event_list(struct db *db, struct id session, struct arena *a, struct list *ret, struct error *err)
{
    return query_list_by_id(db, &session_event_model, "session_events", "WHERE session_id = ? ORDER BY id LIMIT 1000",
                            session, a, ret, err);
}
