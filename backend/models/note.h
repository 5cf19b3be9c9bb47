#ifndef VIVA_MODELS_NOTE_H
#define VIVA_MODELS_NOTE_H
/* What staff write down beside a session. Candidates never see it. */

#include "models/field.h"

/* A row of session_notes, with its author's name beside. */
struct session_note {
    struct presence presence;
    struct id id, session_id;
    struct id author_id;     /* zero: the account was deleted */
    const char *author_name; /* no column; NULL: the account was deleted */
    const char *text;
    int64_t created_at, updated_at;
};
extern const struct model session_note_model;

struct note_input {
    struct presence presence;
    const char *text;
};
extern const struct model note_input_model;

#endif
