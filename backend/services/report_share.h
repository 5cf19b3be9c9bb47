#ifndef VIVA_SERVICES_REPORT_SHARE_H
#define VIVA_SERVICES_REPORT_SHARE_H
/* Links by which a report is read without an account, as a page or a PDF, until a day that is set; whoever may change
 * the interview makes and ends them. What is read is the version that stands; the recordings with it where the link
 * says so, each for as long as the link works. Each change and each reading is audited. */

#include "base/buf.h"
#include "models/report_share.h"
#include "models/shared_report.h"
#include "services/actor.h"
#include "services/recording.h"
#include "services/services.h"

/* STATUS_CONFLICT "report_not_ready". ret->url holds the secret: it is told once. */
enum status report_share_make(struct services *s, struct actor who, struct id report,
                              const struct report_share_create *in, struct arena *a, struct report_share **ret,
                              struct error *err) must_check;
enum status report_share_list(struct services *s, struct actor who, struct id report, struct arena *a, struct list *ret,
                              struct error *err) must_check;
/* STATUS_NOT_FOUND also for one that was ended already. */
enum status report_share_end(struct services *s, struct actor who, struct id report, struct id share,
                             struct error *err) must_check;
/* All STATUS_NOT_FOUND for an unknown, ended or expired one alike. */
enum status report_share_read(struct services *s, const char *token, struct arena *a, struct shared_report **ret,
                              struct error *err) must_check;
enum status report_share_pdf(struct services *s, const char *token, struct arena *a, struct buf *out,
                             struct error *err) must_check;
/* The recording, of the report's own answers only; STATUS_NOT_FOUND also where the link has none. */
enum status report_share_media(struct services *s, const char *token, struct id answer, int64_t segment,
                               struct arena *a, struct recording_media *ret, struct error *err) must_check;

#endif
