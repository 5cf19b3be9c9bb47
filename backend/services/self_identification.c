#include "services/self_identification.h"

#include "base/cleanup.h"
#include "repositories/self_identification_repository.h"
#include "repositories/session_repository.h"
#include "services/candidacy.h"
#include "services/settings.h"

enum status self_identification_get(struct services *s, struct id session, struct arena *a,
                                    struct self_identification **ret, struct error *err)
{
    struct settings *settings = NULL;
    struct self_identification *x = arena_new_of(a, struct self_identification);
    enum status st = x ? candidacy_check_own(s, session, err) : arena_exhausted(err);
    if (st == STATUS_OK)
        st = self_identification_find(s->db, session, x, err);
    if (st == STATUS_OK)
        st = settings_get(s, a, &settings, err);
    if (st != STATUS_OK)
        return st;
    x->asked = settings->ask_background;
    *ret = x;
    return STATUS_OK;
}

static enum status check_asked(struct services *s, struct id session_id, struct arena *a, struct error *err)
{
    struct settings *settings = NULL;
    struct session *session = NULL;
    enum status st = settings_get(s, a, &settings, err);
    if (st == STATUS_OK && !settings->ask_background)
        return error_set(err, STATUS_CONFLICT, "not_asked", NULL, "This organisation does not ask for it");
    if (st == STATUS_OK)
        st = session_find(s->db, session_id, a, &session, err);
    if (st == STATUS_OK && session->status != SESSION_COMPLETED)
        st = error_set(err, STATUS_CONFLICT, "session_running", NULL, "This comes after the interview");
    return st;
}

enum status self_identification_set(struct services *s, struct id session, const struct self_identification *in,
                                    struct arena *a, struct self_identification **ret, struct error *err)
{
    cleanup(db_txn_end) struct db_txn t = {0};
    enum status st = db_begin(s->db, &t, err);
    if (st == STATUS_OK)
        st = candidacy_check_own(s, session, err);
    if (st == STATUS_OK)
        st = check_asked(s, session, a, err);
    if (st == STATUS_OK)
        st = self_identification_replace(s->db, session, in, clock_unix_ms(s->clock), err);
    if (st == STATUS_OK)
        st = db_commit(&t, err);
    return st == STATUS_OK ? self_identification_get(s, session, a, ret, err) : st;
}

enum status self_identification_take_back(struct services *s, struct id session, struct error *err)
{
    enum status st = candidacy_check_own(s, session, err);
    return st == STATUS_OK ? self_identification_delete(s->db, session, err) : st;
}
