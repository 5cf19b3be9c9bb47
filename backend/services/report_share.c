#include "services/report_share.h"

#include "base/cleanup.h"
#include "repositories/report_repository.h"
#include "repositories/session_repository.h"
#include "repositories/share_repository.h"
#include "services/access.h"
#include "services/audit.h"
#include "services/report_pdf.h"
#include "services/report_view.h"
#include "utils/sha256.h"

#include <string.h>

#define SECRET_BYTES 32
#define SECRET_MAX   128 /* characters that are looked at */
#define DAY_MS       INT64_C(86400000)

static const char *url_of(const struct services *s, const char *token, struct arena *a)
{
    const char *base = s->settings->public_url;
    size_t n = strlen(base);
    while (n && base[n - 1] == '/')
        n--;
    return arena_printf(a, "%.*s/api/v1/public/reports/%s", (int)n, base, token);
}

static enum status record(struct services *s, struct actor who, const char *action, struct id report, struct error *err)
{
    const struct audit_event e = {action, "report", report, NULL};
    return audit_record(s, who, &e, err);
}

enum status report_share_make(struct services *s, struct actor who, struct id report,
                              const struct report_share_create *in, struct arena *a, struct report_share **ret,
                              struct error *err)
{
    cleanup(db_txn_end) struct db_txn t = {0};
    struct report *r = NULL;
    struct report_share *x = arena_new_of(a, struct report_share);
    char token[SECRET_BYTES * 2];
    uint8_t hash[SHA256_SIZE];
    const int64_t now = clock_unix_ms(s->clock);
    enum status st = x ? db_begin(s->db, &t, err) : arena_exhausted(err);
    if (st == STATUS_OK)
        st = access_report(s, who, report, ACCESS_CHANGE, a, &r, err);
    if (st == STATUS_OK && r->version == 0)
        st = error_set(err, STATUS_CONFLICT, "report_not_ready", NULL, "The report is not made yet");
    if (st != STATUS_OK)
        return st;
    random_token(token, sizeof token, SECRET_BYTES);
    sha256_bytes(token, strlen(token), hash);
    *x = (struct report_share){.id = id_new(),
                               .report_id = report,
                               .hide_names = in->hide_names,
                               .created_at = now,
                               .expires_at = now + in->days * DAY_MS,
                               .url = url_of(s, token, a)};
    st = x->url ? share_insert(s->db, x, hash, who.user_id, err) : arena_exhausted(err);
    if (st == STATUS_OK)
        st = record(s, who, "report.share", report, err);
    if (st == STATUS_OK)
        st = db_commit(&t, err);
    if (st == STATUS_OK)
        *ret = x;
    return st;
}

enum status report_share_list(struct services *s, struct actor who, struct id report, struct arena *a, struct list *ret,
                              struct error *err)
{
    struct report *r = NULL;
    enum status st = access_report(s, who, report, ACCESS_CHANGE, a, &r, err);
    return st == STATUS_OK ? share_list(s->db, report, a, ret, err) : st;
}

enum status report_share_end(struct services *s, struct actor who, struct id report, struct id share, struct error *err)
{
    cleanup(db_txn_end) struct db_txn t = {0};
    cleanup(arena_freep) struct arena *a = arena_new(4u << 20);
    struct report *r = NULL;
    enum status st = a ? db_begin(s->db, &t, err) : arena_exhausted(err);
    if (st == STATUS_OK)
        st = access_report(s, who, report, ACCESS_CHANGE, a, &r, err);
    if (st == STATUS_OK)
        st = share_revoke(s->db, report, share, clock_unix_ms(s->clock), err);
    if (st == STATUS_NOT_FOUND)
        return error_set(err, st, "not_found", NULL, "There is no such link");
    if (st == STATUS_OK)
        st = record(s, who, "report.share_end", report, err);
    return st == STATUS_OK ? db_commit(&t, err) : st;
}

static enum status find_shared(struct services *s, const char *token, struct arena *a, struct report_share **share,
                               struct report **r, struct error *err)
{
    uint8_t hash[SHA256_SIZE];
    sha256_bytes(token, strnlen(token, SECRET_MAX), hash);
    enum status st = share_find_by_hash(s->db, hash, clock_unix_ms(s->clock), a, share, err);
    if (st == STATUS_OK)
        st = report_find_by_id(s->db, (*share)->report_id, a, r, err);
    return st == STATUS_NOT_FOUND ? error_set(err, st, "not_found", NULL, "This link does not work, or not any more")
                                  : st;
}

enum status report_share_read(struct services *s, const char *token, struct arena *a, struct buf *out,
                              struct error *err)
{
    struct report_share *share = NULL;
    struct report *r = NULL;
    struct session_view *session = NULL;
    enum status st = find_shared(s, token, a, &share, &r, err);
    if (st == STATUS_OK)
        st = report_view_fill(s, r, a, err);
    if (st == STATUS_OK)
        st = session_detail(s->db, r->session_id, a, &session, err);
    if (st != STATUS_OK)
        return st;
    /* Without addresses: whoever reads it has no account to hear the recording with. */
    const struct report_document d = {
        .session = session, .report = r, .public_url = "", .hide_names = share->hide_names};
    st = report_pdf(&d, a, out, err);
    if (st == STATUS_OK)
        st = share_used(s->db, share->id, clock_unix_ms(s->clock), err);
    return st == STATUS_OK ? record(s, (struct actor){0}, "report.share_read", r->id, err) : st;
}
