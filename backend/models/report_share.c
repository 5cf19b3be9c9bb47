#include "models/report_share.h"

#include "models/tables.h"

static const struct field share_fields[] = {
    FIELD(struct report_share, id, FIELD_ID, .flags = OUT),
    FIELD(struct report_share, report_id, FIELD_ID, .flags = OUT),
    FIELD(struct report_share, hide_names, FIELD_BOOL, .flags = OUT, .example = "true",
          .doc = "Without the names of the candidate and of those who reviewed."),
    FIELD(struct report_share, recordings, FIELD_BOOL, .flags = OUT, .example = "false",
          .doc = "Whoever has the link may hear and see the recordings."),
    FIELD(struct report_share, created_at, FIELD_TIME, .flags = OUT),
    FIELD(struct report_share, expires_at, FIELD_TIME, .flags = OUT),
    FIELD(struct report_share, revoked_at, FIELD_TIME, .flags = OUT_NULL),
    FIELD(struct report_share, last_used_at, FIELD_TIME, .flags = OUT_NULL),
    FIELD(struct report_share, url, FIELD_STRING, .flags = OUT_NULL | FIELD_NO_COLUMN, .max = 2048,
          .example = "https://viva.example/r/Zk3...", .doc = "Told once, when it is made; then null."),
};
const struct model report_share_model =
    MODEL("ReportShare", struct report_share, share_fields, "A link by which a report is read without an account.");

static const struct field create_fields[] = {
    FIELD(struct report_share_create, days, FIELD_INT, .flags = FIELD_REQUIRED, .min = 1, .max = REPORT_SHARE_DAYS_MAX,
          .example = "14", .doc = "How long it works."),
    FIELD(struct report_share_create, hide_names, FIELD_BOOL, .example = "true",
          .doc = "Without the names of the candidate and of those who reviewed; false unless given."),
    FIELD(struct report_share_create, recordings, FIELD_BOOL, .example = "false",
          .doc = "Whoever has the link may hear and see the recordings; false unless given. Candidates agreed that the "
                 "organisation alone does. A voice and a face tell who "
                 "somebody is, whatever names are hidden."),
};
const struct model report_share_create_model =
    MODEL("ReportShareCreate", struct report_share_create, create_fields, "A link to make.");
