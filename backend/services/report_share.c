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

#include <inttypes.h>
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
    return arena_printf(a, "%.*s/r/%s", (int)n, base, token);
}

/* details: NULL: none. */
static enum status record(struct services *s, struct actor who, const char *action, struct id report,
                          const char *details, struct error *err)
{
    const struct audit_event e = {action, "report", report, details};
    return audit_record(s, who, &e, err);
}

/* What whoever has the link gets, and for how long. */
static const char *details_of(const struct report_share_create *in, struct arena *a)
{
    return arena_printf(a, "{\"days\":%" PRId64 ",\"hide_names\":%s,\"recordings\":%s}", in->days,
                        in->hide_names ? "true" : "false", in->recordings ? "true" : "false");
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
                               .recordings = in->recordings,
                               .created_at = now,
                               .expires_at = now + in->days * DAY_MS,
                               .url = url_of(s, token, a)};
    const char *details = details_of(in, a);
    st = x->url && details ? share_insert(s->db, x, hash, who.user_id, err) : arena_exhausted(err);
    if (st == STATUS_OK)
        st = record(s, who, "report.share", report, details, err);
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
        st = record(s, who, "report.share_end", report, NULL, err);
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

struct opened {
    struct report_share *share;
    struct report *report;
    struct session_view *session; /* with answers */
};

static enum status open_shared(struct services *s, const char *token, struct arena *a, struct opened *ret,
                               struct error *err)
{
    enum status st = find_shared(s, token, a, &ret->share, &ret->report, err);
    if (st == STATUS_OK)
        st = report_view_fill(s, ret->report, a, err);
    return st == STATUS_OK ? session_detail(s->db, ret->report->session_id, a, &ret->session, err) : st;
}

static enum status note_reading(struct services *s, const struct opened *o, struct error *err)
{
    enum status st = share_used(s->db, o->share->id, clock_unix_ms(s->clock), err);
    return st == STATUS_OK ? record(s, (struct actor){0}, "report.share_read", o->report->id, NULL, err) : st;
}

static void hide_reviewers(struct report *r)
{
    struct score_override *o = r->human ? r->human->overrides.items : NULL;
    for (size_t i = 0; o && i < r->human->overrides.count; i++) {
        o[i].author_id = (struct id){0};
        o[i].author_name = REPORT_HIDDEN_REVIEWER;
    }
    if (r->sign_off) {
        r->sign_off->author_id = (struct id){0};
        r->sign_off->author_name = REPORT_HIDDEN_REVIEWER;
    }
}

static enum status words_of(const struct answer *x, struct arena *a, struct shared_answer *ret, struct error *err)
{
    const struct utterance *u = x->utterances.items;
    struct utterance *said = arena_array(a, x->utterances.count + 1, sizeof *said);
    size_t n = 0;
    if (!said)
        return arena_exhausted(err);
    for (size_t i = 0; i < x->utterances.count; i++)
        if (u[i].speaker == UTTERANCE_CANDIDATE)
            said[n++] = u[i];
    *ret = (struct shared_answer){
        .answer_id = x->id, .mode = x->mode, .text = x->text, .said = {said, n}, .duration_ms = x->duration_ms};
    return STATUS_OK;
}

/* Those of the session, each ready one with the address by which this link opens it. */
static enum status recordings_of(const struct answer *x, const char *token, struct arena *a, struct list *ret,
                                 struct error *err)
{
    struct recording_segment *seg = x->recordings.items;
    char answer[ID_TEXT_SIZE];
    id_format(x->id, answer);
    for (size_t i = 0; i < x->recordings.count; i++) {
        if (seg[i].status != RECORDING_READY)
            continue;
        seg[i].media_url = arena_printf(a, "/api/v1/public/reports/%s/answers/%s/recordings/%" PRId64 "/media", token,
                                        answer, seg[i].segment);
        if (!seg[i].media_url)
            return arena_exhausted(err);
    }
    *ret = x->recordings;
    return STATUS_OK;
}

enum status report_share_read(struct services *s, const char *token, struct arena *a, struct shared_report **ret,
                              struct error *err)
{
    struct opened o = {0};
    struct shared_report *x = arena_new_of(a, struct shared_report);
    enum status st = x ? open_shared(s, token, a, &o, err) : arena_exhausted(err);
    if (st != STATUS_OK)
        return st;
    const struct answer *all = o.session->answers.items;
    struct shared_answer *answers = arena_array(a, o.session->answers.count + 1, sizeof *answers);
    if (!answers)
        return arena_exhausted(err);
    for (size_t i = 0; st == STATUS_OK && i < o.session->answers.count; i++) {
        st = words_of(&all[i], a, &answers[i], err);
        if (st == STATUS_OK && o.share->recordings)
            st = recordings_of(&all[i], token, a, &answers[i].recordings, err);
    }
    if (o.share->hide_names)
        hide_reviewers(o.report);
    *x = (struct shared_report){.candidate_name =
                                    o.share->hide_names ? REPORT_HIDDEN_CANDIDATE : o.session->candidate->full_name,
                                .interview_title = o.session->interview_title,
                                .interviewed_at = o.session->started_at,
                                .expires_at = o.share->expires_at,
                                .names_hidden = o.share->hide_names,
                                .recordings = o.share->recordings,
                                .report = o.report,
                                .answers = {answers, o.session->answers.count}};
    if (st == STATUS_OK)
        st = note_reading(s, &o, err);
    if (st == STATUS_OK)
        *ret = x;
    return st;
}

enum status report_share_pdf(struct services *s, const char *token, struct arena *a, struct buf *out, struct error *err)
{
    struct opened o = {0};
    enum status st = open_shared(s, token, a, &o, err);
    if (st != STATUS_OK)
        return st;
    /* Without addresses: what is printed outlives the link. */
    const struct report_document d = {
        .session = o.session, .report = o.report, .public_url = "", .hide_names = o.share->hide_names};
    st = report_pdf(&d, a, out, err);
    return st == STATUS_OK ? note_reading(s, &o, err) : st;
}

enum status report_share_media(struct services *s, const char *token, struct id answer, int64_t segment,
                               struct arena *a, struct recording_media *ret, struct error *err)
{
    struct report_share *share = NULL;
    struct report *r = NULL;
    enum status st = find_shared(s, token, a, &share, &r, err);
    if (st == STATUS_OK && !share->recordings)
        st = error_set(err, STATUS_NOT_FOUND, "not_found", NULL, "This link shows no recordings");
    if (st != STATUS_OK)
        return st;
    const struct segment_ref ref = {r->session_id, answer, segment};
    return recording_media_open(s, &ref, a, ret, err);
}
