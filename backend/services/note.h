#ifndef VIVA_SERVICES_NOTE_H
#define VIVA_SERVICES_NOTE_H
/* Notes beside a session: whoever may read the session reads and writes them; a note is changed and deleted by its
 * author or an administrator (STATUS_FORBIDDEN "not_author" for others who may read it). */

#include "models/note.h"
#include "repositories/repository.h"
#include "services/actor.h"
#include "services/services.h"

enum status note_service_list(struct services *s, struct actor who, struct id session, struct paging p, struct arena *a,
                              struct page *ret, struct error *err) must_check;
enum status note_service_get(struct services *s, struct actor who, struct id session, struct id note, struct arena *a,
                             struct session_note **ret, struct error *err) must_check;
enum status note_service_add(struct services *s, struct actor who, struct id session, const char *text, struct arena *a,
                             struct session_note **ret, struct error *err) must_check;
enum status note_service_update(struct services *s, struct actor who, struct id session, struct id note,
                                int64_t version, const char *text, struct arena *a, struct session_note **ret,
                                struct error *err) must_check;
enum status note_service_delete(struct services *s, struct actor who, struct id session, struct id note,
                                struct error *err) must_check;

#endif
