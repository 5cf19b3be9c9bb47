#ifndef VIVA_REPOSITORIES_NOTE_REPOSITORY_H
#define VIVA_REPOSITORIES_NOTE_REPOSITORY_H

#include "models/note.h"
#include "repositories/repository.h"

enum status note_insert(struct db *db, const struct session_note *n, struct error *err) must_check;
/* With the author's name, which is NULL when the account was deleted. */
enum status note_find(struct db *db, struct id id, struct arena *a, struct session_note **ret,
                      struct error *err) must_check;
/* Oldest first. Items are struct session_note, with names. */
enum status note_list(struct db *db, struct id session, struct paging p, struct arena *a, struct page *ret,
                      struct error *err) must_check;
/* text and updated_at. */
enum status note_update(struct db *db, const struct session_note *n, struct error *err) must_check;
enum status note_delete(struct db *db, struct id id, struct error *err) must_check;

#endif
