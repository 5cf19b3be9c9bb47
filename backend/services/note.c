#include "services/note.h"

#include "base/cleanup.h"
#include "repositories/note_repository.h"
#include "services/access.h"
#include "services/audit.h"
#include "services/version.h"

#include <stdio.h>
#include <string.h>

enum status note_service_list(struct services *s, struct actor who, struct id session, struct paging p, struct arena *a,
                              struct page *ret, struct error *err)
{
    enum status st = access_session(s, who, session, ACCESS_READ, err);
    return st == STATUS_OK ? note_list(s->db, session, p, a, ret, err) : st;
}

enum status note_service_get(struct services *s, struct actor who, struct id session, struct id note, struct arena *a,
                             struct session_note **ret, struct error *err)
{
    struct session_note *n = NULL;
    enum status st = access_session(s, who, session, ACCESS_READ, err);
    if (st == STATUS_OK)
        st = note_find(s->db, note, a, &n, err);
    if (st == STATUS_NOT_FOUND || (st == STATUS_OK && !id_equal(n->session_id, session)))
        return error_set(err, STATUS_NOT_FOUND, "not_found", NULL, "There is no such note");
    if (st == STATUS_OK)
        *ret = n;
    return st;
}

/* The note, if it is the actor's to change. */
static enum status own(struct services *s, struct actor who, struct id session, struct id note, struct arena *a,
                       struct session_note **ret, struct error *err)
{
    struct session_note *n = NULL;
    enum status st = note_service_get(s, who, session, note, a, &n, err);
    if (st == STATUS_OK && !who.is_admin && !id_equal(n->author_id, who.user_id))
        st = error_set(err, STATUS_FORBIDDEN, "not_author", NULL, "Only its author may change this note");
    if (st == STATUS_OK)
        *ret = n;
    return st;
}

/* Of what a note said its length alone: what was beside which interview, and whose it was, is told also when the note
 * is gone. */
static enum status record(struct services *s, struct actor who, const char *action, const struct session_note *n,
                          struct error *err)
{
    char session[ID_TEXT_SIZE], author[ID_TEXT_SIZE], details[160];
    const struct audit_event e = {action, "note", n->id, details};
    id_format(n->session_id, session);
    id_format(n->author_id, author);
    snprintf(details, sizeof details, "{\"session\":\"%s\",\"author\":\"%s\",\"bytes\":%zu}", session, author,
             strlen(n->text));
    return audit_record(s, who, &e, err);
}

enum status note_service_add(struct services *s, struct actor who, struct id session, const char *text, struct arena *a,
                             struct session_note **ret, struct error *err)
{
    cleanup(db_txn_end) struct db_txn t = {0};
    int64_t now = clock_unix_ms(s->clock);
    const struct session_note n = {.id = id_new(),
                                   .session_id = session,
                                   .author_id = who.user_id,
                                   .text = text,
                                   .created_at = now,
                                   .updated_at = now};
    enum status st = db_begin(s->db, &t, err);
    if (st == STATUS_OK)
        st = access_session(s, who, session, ACCESS_READ, err);
    if (st == STATUS_OK)
        st = note_insert(s->db, &n, err);
    if (st == STATUS_OK)
        st = record(s, who, "note.create", &n, err);
    if (st == STATUS_OK)
        st = db_commit(&t, err);
    return st == STATUS_OK ? note_find(s->db, n.id, a, ret, err) : st;
}

enum status note_service_update(struct services *s, struct actor who, struct id session, struct id note,
                                int64_t version, const char *text, struct arena *a, struct session_note **ret,
                                struct error *err)
{
    cleanup(db_txn_end) struct db_txn t = {0};
    struct session_note *n = NULL;
    enum status st = db_begin(s->db, &t, err);
    if (st == STATUS_OK)
        st = own(s, who, session, note, a, &n, err);
    if (st == STATUS_OK)
        st = version_check(n->updated_at, version, err);
    if (st != STATUS_OK)
        return st;
    n->text = text;
    n->updated_at = version_next(n->updated_at, clock_unix_ms(s->clock));
    st = note_update(s->db, n, err);
    if (st == STATUS_OK)
        st = record(s, who, "note.update", n, err);
    if (st == STATUS_OK)
        st = db_commit(&t, err);
    if (st == STATUS_OK)
        *ret = n;
    return st;
}

enum status note_service_delete(struct services *s, struct actor who, struct id session, struct id note,
                                struct error *err)
{
    cleanup(arena_freep) struct arena *a = arena_new(1u << 18);
    cleanup(db_txn_end) struct db_txn t = {0};
    struct session_note *n = NULL;
    enum status st = a ? db_begin(s->db, &t, err) : arena_exhausted(err);
    if (st == STATUS_OK)
        st = own(s, who, session, note, a, &n, err);
    if (st == STATUS_OK)
        st = note_delete(s->db, note, err);
    if (st == STATUS_OK)
        st = record(s, who, "note.delete", n, err);
    return st == STATUS_OK ? db_commit(&t, err) : st;
}
