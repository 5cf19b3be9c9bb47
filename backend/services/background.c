#include "services/background.h"

#include "repositories/job_repository.h"
#include "repositories/link_repository.h"
#include "repositories/login_repository.h"
#include "repositories/token_repository.h"
#include "services/conduct.h"
#include "services/mail.h"
#include "services/preview.h"
#include "services/recording.h"
#include "services/report.h"
#include "services/resume.h"
#include "services/retention.h"
#include "services/storage.h"

#define MINUTE_MS       INT64_C(60000)
#define HOUR_MS         (60 * MINUTE_MS)
#define DAY_MS          (24 * HOUR_MS)
#define TEMPORARY_AGE_S (6 * 3600)

const struct job_kind background_jobs[] = {
    {"remux", recording_remux, recording_remux_give_up},
    {"report", report_make, report_give_up},
    {REPORT_JUDGE_JOB, report_make_judged, report_give_up, .apart = true},
    {"erase", recording_erase_files, NULL},
    {"erase_resume", resume_erase, NULL},
    {"preview", preview_erase, NULL},
    {MAIL_JOB, mail_link_send, mail_link_give_up},
    {NULL},
};

const struct recurring background_recurring[] = {
    {"close_abandoned", MINUTE_MS, recording_close_abandoned},
    {"close_overdue", MINUTE_MS, conduct_close_all_overdue},
    {"purge", HOUR_MS, background_purge},
    {"retention", HOUR_MS, retention_run},
    {NULL},
};

enum status background_purge(struct services *s, struct error *err)
{
    int64_t now = clock_unix_ms(s->clock), count = 0;
    enum status st = refresh_token_purge(s->db, now - DAY_MS, &count, err);
    if (st == STATUS_OK)
        st = login_purge(s->db, now - DAY_MS, &count, err);
    if (st == STATUS_OK)
        st = link_purge(s->db, now - 30 * DAY_MS, &count, err);
    if (st == STATUS_OK)
        st = job_purge(s->db, now - 7 * DAY_MS, &count, err);
    if (st == STATUS_OK)
        st = storage_clean_uploads(s->storage, now / 1000 - TEMPORARY_AGE_S, err);
    return st;
}
