#include "models/report_export.h"

#include "models/tables.h"

static const struct field export_fields[] = {
    FIELD(struct report_export, format, FIELD_STRING, .flags = OUT, .example = "viva.report/1"),
    FIELD(struct report_export, exported_at, FIELD_TIME, .flags = OUT),
    FIELD(struct report_export, session, FIELD_OBJECT, .flags = OUT, .model = &session_detail_model),
    FIELD(struct report_export, notes, FIELD_LIST, .flags = OUT, .model = &session_note_model),
};
const struct model report_export_model =
    MODEL("ReportExport", struct report_export, export_fields, "A report with everything that it rests on.");
