#include "models/resume.h"

#include "models/tables.h"

const struct choice resume_hidden_choices[] = {
    {"unseen", "Text that cannot be seen"},
    {"tiny", "Text too small to be read"},
    {"off_page", "Text beside the page"},
    {"overlaid", "Text under other text"},
    {"vanish", "Text marked as hidden"},
    {"invisible_characters", "Characters that cannot be seen"},
    {"instructions", "Words addressed to the grader"},
    {NULL, NULL},
};

static const struct field resume_fields[] = {
    FIELD(struct resume, candidate_id, FIELD_ID, .flags = OUT),
    FIELD(struct resume, file_name, FIELD_STRING, .flags = OUT, .example = "sam-example.pdf"),
    FIELD(struct resume, media_type, FIELD_STRING, .flags = OUT, .example = "application/pdf",
          .doc = "Found by looking into the file."),
    FIELD(struct resume, media_key, FIELD_STRING, .flags = STORED),
    FIELD(struct resume, bytes, FIELD_INT, .flags = OUT, .example = "48213"),
    FIELD(struct resume, sha256, FIELD_STRING, .flags = OUT,
          .example = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"),
    FIELD(struct resume, text, FIELD_TEXT, .flags = OUT, .max = 200000, .example = "Sam Example\nField engineer"),
    FIELD(struct resume, hidden_kinds, FIELD_ENUMS, .flags = OUT, .choices = resume_hidden_choices,
          .doc = "How text is hidden in the file; empty: none was found."),
    FIELD(struct resume, hidden_text, FIELD_TEXT, .flags = OUT, .max = 10000, .example = "",
          .doc = "The beginning of what is hidden."),
    FIELD(struct resume, uploaded_at, FIELD_TIME, .flags = OUT),
    FIELD(struct resume, download_url, FIELD_STRING, .flags = OUT_BESIDE, .max = 2048,
          .doc = "Relative, with a ticket: the file itself.",
          .example = "/api/v1/candidates/01890000-0000-7000-8000-000000000000/resume/file?ticket=x"),
};
const struct model resume_model =
    MODEL("Resume", struct resume, resume_fields, "A candidate's resume, and the text taken out of it.");

static const struct field receipt_fields[] = {
    FIELD(struct resume, file_name, FIELD_STRING, .flags = OUT, .example = "sam-example.pdf"),
    FIELD(struct resume, media_type, FIELD_STRING, .flags = OUT, .example = "application/pdf"),
    FIELD(struct resume, bytes, FIELD_INT, .flags = OUT, .example = "48213"),
    FIELD(struct resume, sha256, FIELD_STRING, .flags = OUT,
          .example = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"),
    FIELD(struct resume, uploaded_at, FIELD_TIME, .flags = OUT),
};
const struct model resume_receipt_model =
    MODEL("ResumeReceipt", struct resume, receipt_fields, "The resume that was handed in.");
