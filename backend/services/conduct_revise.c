/* Words that were made out better later on. */
#include "services/conduct_internal.h"

#include "base/cleanup.h"
#include "repositories/session_repository.h"

#include <string.h>

#define CALL_ARENA (16u << 20)

static enum status revise_piece(struct services *s, struct id answer, const struct conduct_revision *r, struct arena *a,
                                struct error *err)
{
    const struct utterance u = {.id = r->utterance,
                                .response_id = answer,
                                .text = conduct_clean_text(r->text, a),
                                .words = r->words,
                                .confidence = r->confidence};
    return u.text ? utterance_revise(s->db, &u, err) : arena_exhausted(err);
}

/* An answer that has ended has its text, of which what was spoken comes first. */
static enum status revise_text(struct services *s, struct id answer, const char *ended_with, const char *spoken,
                               struct arena *a, struct error *err)
{
    const char *now = NULL;
    const size_t len = strlen(spoken);
    if (strncmp(ended_with, spoken, len) != 0)
        return STATUS_OK;
    enum status st = conduct_join_text(s, answer, NULL, a, &now, err);
    if (st != STATUS_OK)
        return st;
    const char *whole = arena_printf(a, "%s%s", now, ended_with + len);
    return whole ? answer_set_text(s->db, answer, whole, err) : arena_exhausted(err);
}

/* Inside the caller's transaction. */
static enum status revise(struct services *s, const struct answer *answer, const struct conduct_revision *r, size_t n,
                          struct arena *a, struct error *err)
{
    const char *spoken = NULL;
    enum status st = conduct_join_text(s, answer->id, NULL, a, &spoken, err);
    for (size_t i = 0; st == STATUS_OK && i < n; i++)
        st = revise_piece(s, answer->id, &r[i], a, err);
    return st == STATUS_OK && answer->status == ANSWER_ENDED ? revise_text(s, answer->id, answer->text, spoken, a, err)
                                                             : st;
}

enum status conduct_revise(struct services *s, struct id id, const struct conduct_revision *r, size_t n,
                           struct error *err)
{
    cleanup(arena_freep) struct arena *a = arena_new(CALL_ARENA);
    cleanup(db_txn_end) struct db_txn t = {0};
    struct session *session = NULL;
    struct answer *answer = NULL;
    enum status st = conduct_enter_answer(s, id, a, &t, &session, &answer, err);
    if (st == STATUS_OK)
        st = conduct_check_running(session, err);
    if (st == STATUS_OK)
        st = revise(s, answer, r, n, a, err);
    return st == STATUS_OK ? db_commit(&t, err) : st;
}
