/* What the candidate may want beside answering (conduct.h); its own file for length. */
#include "services/conduct.h"

#include "base/cleanup.h"
#include "repositories/event_repository.h"
#include "repositories/session_repository.h"

#include <stdio.h>

#define CALL_ARENA (1u << 20)

static enum status note(struct services *s, struct id session, enum session_event_kind kind, const char *detail,
                        int64_t now, struct error *err)
{
    const struct session_event e = {.session_id = session, .at = now, .kind = (int)kind, .detail = detail};
    return event_insert(s->db, &e, err);
}

enum status conduct_set_slower(struct services *s, struct id session, bool slower, struct error *err)
{
    return session_set_slower(s->db, session, slower, err);
}

enum status conduct_extend(struct services *s, struct id answer, int64_t seconds, int64_t most, struct error *err)
{
    cleanup(arena_freep) struct arena *a = arena_new(CALL_ARENA);
    cleanup(db_txn_end) struct db_txn t = {0};
    struct answer *row = NULL;
    char detail[32];
    snprintf(detail, sizeof detail, "%lld s", (long long)seconds);
    enum status st = a ? db_begin_locking(s->db, &t, err) : arena_exhausted(err);
    if (st == STATUS_OK)
        st = answer_extend(s->db, answer, seconds, most, err);
    if (st == STATUS_OK)
        st = answer_find(s->db, answer, a, &row, err);
    if (st == STATUS_OK)
        st = note(s, row->session_id, SESSION_EVENT_EXTENDED, detail, clock_unix_ms(s->clock), err);
    return st == STATUS_OK ? db_commit(&t, err) : st;
}

enum status conduct_pause(struct services *s, struct id session, int64_t most_ms, struct error *err)
{
    cleanup(db_txn_end) struct db_txn t = {0};
    const int64_t now = clock_unix_ms(s->clock);
    enum status st = db_begin_locking(s->db, &t, err);
    if (st == STATUS_OK)
        st = session_pause_from(s->db, session, most_ms, now, err);
    if (st == STATUS_OK)
        st = note(s, session, SESSION_EVENT_PAUSED, "", now, err);
    return st == STATUS_OK ? db_commit(&t, err) : st;
}

enum status conduct_go_on(struct services *s, struct id session, int64_t *paused_ms, struct error *err)
{
    cleanup(arena_freep) struct arena *a = arena_new(CALL_ARENA);
    cleanup(db_txn_end) struct db_txn t = {0};
    struct session *row = NULL;
    const int64_t now = clock_unix_ms(s->clock);
    enum status st = a ? db_begin_locking(s->db, &t, err) : arena_exhausted(err);
    if (st == STATUS_OK)
        st = session_find(s->db, session, a, &row, err);
    if (st == STATUS_OK && row->paused_at != 0) {
        const int64_t ms = now > row->paused_at ? now - row->paused_at : 0; /* a clock that was set back */
        st = session_go_on(s->db, session, ms, err);
        row->paused_ms += ms;
        if (st == STATUS_OK)
            st = note(s, session, SESSION_EVENT_RESUMED, "", now, err);
    }
    if (st == STATUS_OK)
        st = db_commit(&t, err);
    if (st == STATUS_OK)
        *paused_ms = row->paused_ms;
    return st;
}
