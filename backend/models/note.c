#include "models/note.h"

#include "models/tables.h"

#define NOTE_EXAMPLE "Ask about the second project in the next round."

static const struct field note_fields[] = {
    FIELD(struct session_note, id, FIELD_ID, .flags = OUT),
    FIELD(struct session_note, session_id, FIELD_ID, .flags = OUT),
    FIELD(struct session_note, author_id, FIELD_ID, .flags = OUT_NULL, .doc = "Null when the account was deleted."),
    FIELD(struct session_note, author_name, FIELD_STRING, .flags = OUT_NULL | FIELD_NO_COLUMN,
          .example = "Ada Example"),
    FIELD(struct session_note, text, FIELD_TEXT, .flags = OUT, .max = 10000, .example = NOTE_EXAMPLE),
    FIELD(struct session_note, created_at, FIELD_TIME, .flags = OUT),
    FIELD(struct session_note, updated_at, FIELD_TIME, .flags = OUT),
};
const struct model session_note_model =
    MODEL("SessionNote", struct session_note, note_fields, "What somebody wrote down beside a session.");

static const struct field input_fields[] = {
    FIELD(struct note_input, text, FIELD_TEXT, .flags = FIELD_REQUIRED, .min = 1, .max = 10000,
          .example = NOTE_EXAMPLE),
};
const struct model note_input_model = MODEL("NoteInput", struct note_input, input_fields, "A note.");
