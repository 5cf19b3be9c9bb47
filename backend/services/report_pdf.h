#ifndef VIVA_SERVICES_REPORT_PDF_H
#define VIVA_SERVICES_REPORT_PDF_H
/* A report as a PDF: what the web page says, for the file. Each quote's time is a link to that moment of the recording.
 * The same report gives the same bytes. */

#include "base/buf.h"
#include "models/report_parts.h"
#include "models/session.h"

/* What stands for people whose names are hidden. */
#define REPORT_HIDDEN_CANDIDATE "Candidate"
#define REPORT_HIDDEN_REVIEWER  "A reviewer"

struct report_document {
    const struct session_view *session; /* with answers and what was said */
    const struct report *report;        /* as services/report_view.h completes it */
    const char *public_url;             /* "": no links */
    bool hide_names;                    /* of the candidate and of those who reviewed */
};

enum status report_pdf(const struct report_document *d, struct arena *a, struct buf *out, struct error *err) must_check;

/* ---- report_pdf_chart.c ---- */
struct pdf;
#define REPORT_RADAR_AXES 8
/* Competencies as a radar of `size` points at x on the present line; names beside the axes. Between 3 and
 * REPORT_RADAR_AXES of them that have a score; else nothing is drawn and false returned. human may be NULL. */
bool report_pdf_radar(struct pdf *p, const struct list *competencies, const struct list *human, double x, double size);
/* A score's bar, 1 to 5. */
void report_pdf_bar(struct pdf *p, double x, double width, double score, uint32_t colour);

#endif
