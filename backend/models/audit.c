#include "models/audit.h"

#include "models/tables.h"

const struct choice audit_actor_choices[] = {
    {"user", "User"}, {"candidate", "Candidate"}, {"system", "System"}, {NULL, NULL}};

static const struct field audit_entry_fields[] = {
    FIELD(struct audit_entry, id, FIELD_ID, .flags = OUT),
    FIELD(struct audit_entry, at, FIELD_TIME, .flags = OUT),
    FIELD(struct audit_entry, actor_kind, FIELD_ENUM, .flags = OUT, .choices = audit_actor_choices),
    FIELD(struct audit_entry, actor_id, FIELD_ID, .flags = OUT_NULL, .doc = "A user, or a candidate's session."),
    FIELD(struct audit_entry, actor_name, FIELD_STRING, .flags = OUT_NULL | FIELD_NO_COLUMN, .example = "Ada Example",
          .doc = "Of a user who is still there."),
    FIELD(struct audit_entry, action, FIELD_STRING, .flags = OUT, .example = "interview.publish"),
    FIELD(struct audit_entry, subject_kind, FIELD_STRING, .flags = OUT, .example = "interview"),
    FIELD(struct audit_entry, subject_id, FIELD_ID, .flags = OUT_NULL),
    FIELD(struct audit_entry, request_id, FIELD_STRING, .flags = OUT, .doc = "X-Request-Id of the request."),
    FIELD(struct audit_entry, details, FIELD_JSON, .flags = OUT,
          .doc = "What else there is to say; never anything personal.", .example = "{\"fields\":[\"title\"]}"),
};
const struct model audit_entry_model =
    MODEL("AuditEntry", struct audit_entry, audit_entry_fields, "One thing that somebody did.");
