/* Reports as staff read and export them (report.h). */
#include "base/cleanup.h"
#include "repositories/note_repository.h"
#include "repositories/session_repository.h"
#include "services/access.h"
#include "services/audit.h"
#include "services/report.h"
#include "services/report_pdf.h"
#include "services/report_view.h"

#include <inttypes.h>
#include <string.h>

#define PAGE 100

static struct report_filter own(struct actor who, const struct report_filter *f)
{
    struct report_filter mine = *f;
    if (!who.is_admin)
        mine.reader_id = who.user_id;
    return mine;
}

enum status report_service_list(struct services *s, struct actor who, const struct report_filter *f, struct paging p,
                                struct arena *a, struct page *ret, struct error *err)
{
    const struct report_filter mine = own(who, f);
    return report_list(s->db, &mine, p, a, ret, err);
}

enum status report_service_statistics(struct services *s, struct actor who, const struct report_filter *f,
                                      struct arena *a, struct report_statistics **ret, struct error *err)
{
    const struct report_filter mine = own(who, f);
    return report_statistics(s->db, &mine, a, ret, err);
}

/* r as it was at a version (0: as it is), with what is said beside it. */
static enum status show(struct services *s, struct report *r, int64_t version, struct arena *a, struct report **ret,
                        struct error *err)
{
    enum status st = STATUS_OK;
    if (version && version != r->version)
        st = report_at_version(s->db, r, version, a, &r, err);
    if (st == STATUS_NOT_FOUND)
        return error_set(err, st, "not_found", NULL, "The report has no such version");
    if (st == STATUS_OK)
        st = report_view_fill(s, r, a, err);
    if (st == STATUS_OK)
        *ret = r;
    return st;
}

enum status report_service_get(struct services *s, struct actor who, struct id report, int64_t version, struct arena *a,
                               struct report **ret, struct error *err)
{
    struct report *r = NULL;
    enum status st = access_report(s, who, report, ACCESS_READ, a, &r, err);
    return st == STATUS_OK ? show(s, r, version, a, ret, err) : st;
}

enum status report_service_of_session(struct services *s, struct actor who, struct id session, int64_t version,
                                      struct arena *a, struct report **ret, struct error *err)
{
    struct report *r = NULL;
    enum status st = access_session(s, who, session, ACCESS_READ, err);
    if (st != STATUS_OK)
        return st;
    st = report_find(s->db, session, a, &r, err);
    if (st == STATUS_NOT_FOUND)
        return error_set(err, st, "not_found", NULL, "This session has no report yet");
    return st == STATUS_OK ? show(s, r, version, a, ret, err) : st;
}

enum status report_service_versions(struct services *s, struct actor who, struct id report, struct arena *a,
                                    struct list *ret, struct error *err)
{
    struct report *r = NULL;
    enum status st = access_report(s, who, report, ACCESS_READ, a, &r, err);
    return st == STATUS_OK ? report_editions(s->db, r, a, ret, err) : st;
}

enum status report_service_regenerate(struct services *s, struct actor who, struct id report, struct arena *a,
                                      struct report **ret, struct error *err)
{
    struct report *r = NULL;
    enum status st = access_report(s, who, report, ACCESS_READ, a, &r, err);
    return st == STATUS_OK ? report_service_request(s, who, r->session_id, a, ret, err) : st;
}

static enum status all_notes(struct services *s, struct id session, struct arena *a, struct list *ret,
                             struct error *err)
{
    struct page page = {0};
    enum status st = note_list(s->db, session, (struct paging){1, PAGE}, a, &page, err);
    struct session_note *all = st == STATUS_OK ? arena_array(a, (size_t)page.total + 1, sizeof *all) : NULL;
    size_t n = 0, room = (size_t)page.total;
    if (st == STATUS_OK && !all)
        st = arena_exhausted(err);
    for (int64_t p = 2; st == STATUS_OK && page.items.count > 0 && n < room; p++) {
        size_t take = page.items.count < room - n ? page.items.count : room - n;
        memcpy(all + n, page.items.items, take * sizeof *all);
        n += take;
        st = note_list(s->db, session, (struct paging){p, PAGE}, a, &page, err);
    }
    if (st == STATUS_OK)
        *ret = (struct list){all, n};
    return st;
}

enum status report_service_export(struct services *s, struct actor who, struct id report, struct arena *a,
                                  struct report_export **ret, struct error *err)
{
    struct report *r = NULL;
    struct report_export *x = arena_new_of(a, struct report_export);
    const struct audit_event e = {"report.export", "report", report, "{\"format\":\"json\"}"};
    enum status st = x ? report_service_get(s, who, report, 0, a, &r, err) : arena_exhausted(err);
    if (st == STATUS_OK)
        st = session_detail(s->db, r->session_id, a, &x->session, err);
    if (st == STATUS_OK)
        x->session->report = r; /* with what people added */
    if (st == STATUS_OK)
        st = all_notes(s, r->session_id, a, &x->notes, err);
    if (st == STATUS_OK)
        st = audit_record(s, who, &e, err);
    if (st != STATUS_OK)
        return st;
    x->format = "viva.report/1";
    x->exported_at = clock_unix_ms(s->clock);
    *ret = x;
    return STATUS_OK;
}

enum status report_service_pdf(struct services *s, struct actor who, struct id report, int64_t version, bool hide_names,
                               struct arena *a, struct buf *out, struct error *err)
{
    struct report *r = NULL;
    struct session_view *session = NULL;
    const struct audit_event e = {"report.export", "report", report, "{\"format\":\"pdf\"}"};
    enum status st = report_service_get(s, who, report, version, a, &r, err);
    if (st == STATUS_OK && r->version == 0)
        return error_set(err, STATUS_CONFLICT, "report_not_ready", NULL, "This report is not made yet");
    if (st == STATUS_OK)
        st = session_detail(s->db, r->session_id, a, &session, err);
    const struct report_document d = {
        .session = session, .report = r, .public_url = s->settings->public_url, .hide_names = hide_names};
    if (st == STATUS_OK)
        st = report_pdf(&d, a, out, err);
    return st == STATUS_OK ? audit_record(s, who, &e, err) : st;
}

/* Page after page within one read, into one list. */
static enum status read_all(struct services *s, const struct report_filter *f, struct arena *a, struct list *ret,
                            struct error *err)
{
    struct page page = {0};
    enum status st = report_list(s->db, f, (struct paging){1, PAGE}, a, &page, err);
    if (st == STATUS_OK && page.total > REPORT_EXPORT_MAX)
        return error_set(err, STATUS_TOO_LARGE, "export_too_large", NULL,
                         "These are %" PRId64 " reports; a file may have %d. Narrow the filter", page.total,
                         REPORT_EXPORT_MAX);
    size_t n = 0, room = (size_t)page.total;
    struct report_summary *all = st == STATUS_OK ? arena_array(a, room + 1, sizeof *all) : NULL;
    if (st == STATUS_OK && !all)
        st = arena_exhausted(err);
    for (int64_t p = 2; st == STATUS_OK && page.items.count > 0 && n < room; p++) {
        size_t take = page.items.count < room - n ? page.items.count : room - n;
        memcpy(all + n, page.items.items, take * sizeof *all);
        n += take;
        if (n < room)
            st = report_list(s->db, f, (struct paging){p, PAGE}, a, &page, err);
    }
    if (st == STATUS_OK)
        *ret = (struct list){all, n};
    return st;
}

enum status report_service_export_list(struct services *s, struct actor who, const struct report_filter *f,
                                       struct arena *a, struct list *ret, struct error *err)
{
    cleanup(db_txn_end) struct db_txn t = {0}; /* one state of things, and the log with it */
    const struct report_filter mine = own(who, f);
    struct audit_event e = {"report.export", NULL, {{0}}, NULL};
    struct list all = {0};
    enum status st = db_begin(s->db, &t, err);
    if (st == STATUS_OK)
        st = read_all(s, &mine, a, &all, err);
    if (st == STATUS_OK && !(e.details = arena_printf(a, "{\"format\":\"csv\",\"rows\":%zu}", all.count)))
        st = arena_exhausted(err);
    if (st == STATUS_OK)
        st = audit_record(s, who, &e, err);
    if (st == STATUS_OK)
        st = db_commit(&t, err);
    if (st == STATUS_OK)
        *ret = all;
    return st;
}
