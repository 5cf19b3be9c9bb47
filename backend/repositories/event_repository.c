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

enum status event_count(struct db *db, struct id session, enum session_event_kind kind, int64_t *ret, struct error *err)
{
    QUERY(q);
    enum status st = db_prepare(db, "SELECT COUNT(*) FROM session_events WHERE session_id = ? AND kind = ?", &q, err);
    if (st != STATUS_OK)
        return st;
    db_bind_id(q, 1, session);
    db_bind_text(q, 2, choice_value(session_event_kind_choices, (int)kind));
    return query_int(q, ret, err);
}
