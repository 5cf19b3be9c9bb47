#include "models/admin.h"

#include "models/interview.h"
#include "models/tables.h"

const struct choice admin_interview_sort_choices[] = {
    {"created_at", "Created"}, {"title", "Title"}, {"updated_at", "Changed"}, {NULL, NULL}};

static const struct field admin_interview_fields[] = {
    FIELD(struct admin_interview, id, FIELD_ID, .flags = OUT),
    FIELD(struct admin_interview, title, FIELD_STRING, .flags = OUT, .example = "Backend engineer, first round"),
    FIELD(struct admin_interview, job_role, FIELD_STRING, .flags = OUT, .example = "Backend engineer"),
    FIELD(struct admin_interview, organisation, FIELD_STRING, .flags = OUT, .example = "Example Ltd"),
    FIELD(struct admin_interview, status, FIELD_ENUM, .flags = OUT, .choices = interview_status_choices),
    FIELD(struct admin_interview, owner_id, FIELD_ID, .flags = OUT),
    FIELD(struct admin_interview, owner_name, FIELD_STRING, .flags = OUT_BESIDE, .example = "Ada Example"),
    FIELD(struct admin_interview, owner_email, FIELD_EMAIL, .flags = OUT_BESIDE, .example = "ada@example.org"),
    FIELD(struct admin_interview, candidates, FIELD_INT, .flags = OUT_BESIDE, .doc = "Who registered.",
          .example = "12"),
    FIELD(struct admin_interview, archived_at, FIELD_TIME, .flags = OUT_NULL, .doc = "Null: not archived."),
    FIELD(struct admin_interview, created_at, FIELD_TIME, .flags = OUT),
    FIELD(struct admin_interview, updated_at, FIELD_TIME, .flags = OUT),
};
const struct model admin_interview_model =
    MODEL("AdminInterview", struct admin_interview, admin_interview_fields, "Anybody's interview, with its owner.");

static const struct field interview_transfer_fields[] = {
    FIELD(struct interview_transfer, owner_id, FIELD_ID, .flags = FIELD_REQUIRED,
          .doc = "The new owner: an active recruiter or administrator."),
};
const struct model interview_transfer_model =
    MODEL("InterviewTransfer", struct interview_transfer, interview_transfer_fields, "To whom an interview goes.");

static const struct field interviews_transfer_fields[] = {
    FIELD(struct interviews_transfer, to, FIELD_ID, .flags = FIELD_REQUIRED,
          .doc = "The new owner: an active recruiter or administrator."),
};
const struct model interviews_transfer_model =
    MODEL("InterviewsTransfer", struct interviews_transfer, interviews_transfer_fields, "To whom all of them go.");

static const struct field transfer_result_fields[] = {
    FIELD(struct transfer_result, transferred, FIELD_INT, .flags = OUT, .doc = "How many interviews moved.",
          .example = "3"),
};
const struct model transfer_result_model =
    MODEL("TransferResult", struct transfer_result, transfer_result_fields, "What a transfer did.");
