#include "services/interview.h"

#include "base/buf.h"
#include "base/cleanup.h"
#include "base/utf8.h"
#include "repositories/competency_repository.h"
#include "services/access.h"
#include "services/audit.h"
#include "services/interview_internal.h"
#include "services/jobs.h"
#include "services/preview.h"
#include "services/settings.h"
#include "services/version.h"

#include <string.h>

#define TITLE_MAX   160 /* characters, as interview_create_model has it */
#define COPY_SUFFIX " (copy)"

const char *interview_candidate_url(const struct services *s, const char *link, struct arena *a)
{
    const char *base = s->settings->public_url;
    size_t n = strlen(base);
    while (n && base[n - 1] == '/')
        n--;
    return arena_printf(a, "%.*s/i/%s", (int)n, base, link);
}

/* ---------------------------------------------------------------------------------------------------------------------
 * reading */

/* Whoever asks was let in already. */
static enum status read_whole(struct services *s, struct id id, struct arena *a, struct interview **ret,
                              struct error *err)
{
    struct interview *i = NULL;
    enum status st = interview_find(s->db, id, a, &i, err);
    if (st == STATUS_OK && !(i->candidate_url = interview_candidate_url(s, i->link, a)))
        st = arena_exhausted(err);
    if (st == STATUS_OK)
        st = question_list(s->db, i->id, a, &i->questions, err);
    if (st == STATUS_OK)
        *ret = i;
    return st;
}

enum status interview_service_get(struct services *s, struct actor who, struct id id, struct arena *a,
                                  struct interview **ret, struct error *err)
{
    enum status st = access_interview(s, who, id, ACCESS_READ, err);
    return st == STATUS_OK ? read_whole(s, id, a, ret, err) : st;
}

enum status interview_service_list(struct services *s, struct actor who, const struct interview_filter *f,
                                   struct paging p, struct arena *a, struct page *ret, struct error *err)
{
    struct interview_filter readable = *f;
    struct page page = {0};
    if (!who.is_admin)
        readable.reader_id = who.user_id;
    enum status st = interview_list(s->db, &readable, p, a, &page, err);
    struct interview *items = page.items.items;
    for (size_t i = 0; st == STATUS_OK && i < page.items.count; i++) {
        items[i].candidate_url = interview_candidate_url(s, items[i].link, a);
        if (!items[i].candidate_url)
            st = arena_exhausted(err);
    }
    if (st == STATUS_OK)
        *ret = page;
    return st;
}

/* ---------------------------------------------------------------------------------------------------------------------
 * changing */

void interview_change_end(struct interview_change *c)
{
    db_txn_end(&c->txn);
}

/* The lock is the first statement, so that what is read after it is what the last change left. */
enum status interview_change_begin(struct services *s, struct actor who, struct interview_ref ref, struct arena *a,
                                   struct interview_change *c, struct error *err)
{
    enum status st = db_begin(s->db, &c->txn, err);
    if (st == STATUS_OK)
        st = interview_lock(s->db, ref.id, err);
    if (st == STATUS_OK)
        st = access_interview(s, who, ref.id, ACCESS_CHANGE, err);
    if (st == STATUS_OK)
        st = read_whole(s, ref.id, a, &c->i, err);
    if (st == STATUS_OK)
        st = version_check(c->i->updated_at, ref.version, err);
    if (st == STATUS_OK)
        c->now = version_next(c->i->updated_at, clock_unix_ms(s->clock));
    return st;
}

static enum status record(struct services *s, struct actor who, const char *action, struct id interview,
                          const char *details, struct error *err)
{
    const struct audit_event e = {
        .action = action, .subject_kind = "interview", .subject_id = interview, .details = details};
    return audit_record(s, who, &e, err);
}

enum status interview_change_commit(struct services *s, struct actor who, struct interview_change *c,
                                    const char *action, const char *details, struct error *err)
{
    enum status st = record(s, who, action, c->i->id, details, err);
    return st == STATUS_OK ? db_commit(&c->txn, err) : st;
}

/* Commits, and reads what it has become. */
static enum status conclude(struct services *s, struct actor who, struct interview_change *c, const char *action,
                            const char *details, struct arena *a, struct interview **ret, struct error *err)
{
    enum status st = interview_change_commit(s, who, c, action, details, err);
    return st == STATUS_OK ? read_whole(s, c->i->id, a, ret, err) : st;
}

/* What a conversation is unless the interview says otherwise. */
static void fill_conversation(struct interview *i)
{
    i->patience = PATIENCE_NORMAL;
    i->allow_pause = i->allow_skip = i->practice = true;
    i->time_to_finish_s = TIME_TO_FINISH_S;
    i->follow_ups = FOLLOW_UPS_USUAL;
}

/* What may be left out is empty text in the row. */
static void fill_empty(struct interview *i)
{
    if (!i->job_description)
        i->job_description = "";
    if (!i->organisation)
        i->organisation = "";
}

/* A time that stands there already may pass; a new one must be to come. */
static enum status check_expiry(const struct services *s, int64_t before, int64_t after, struct error *err)
{
    if (after == 0 || after == before || after > clock_unix_ms(s->clock))
        return STATUS_OK;
    return error_set(err, STATUS_INVALID, "expires_in_the_past", "expires_at",
                     "The interview would have expired already. Choose a time to come, or none");
}

/* Inserts a draft under a link of its own, and records it. Inside a transaction. */
static enum status insert_draft(struct services *s, struct actor who, struct interview *i, const char *action,
                                const char *details, struct arena *a, struct error *err)
{
    char link[INTERVIEW_LINK_SIZE];
    interview_link_make(link);
    if (!(i->link = arena_strdup(a, link)))
        return arena_exhausted(err);
    i->id = id_new();
    i->owner_id = who.user_id;
    i->status = INTERVIEW_DRAFT;
    i->created_at = i->updated_at = clock_unix_ms(s->clock);
    enum status st = interview_insert(s->db, i, err);
    return st == STATUS_OK ? record(s, who, action, i->id, details, err) : st;
}

enum status interview_service_create(struct services *s, struct actor who, const struct interview_input *in,
                                     struct arena *a, struct interview **ret, struct error *err)
{
    cleanup(db_txn_end) struct db_txn t = {0};
    struct interview *i = arena_new_of(a, struct interview);
    if (!i)
        return arena_exhausted(err);
    fill_conversation(i);
    interview_apply(i, in);
    fill_empty(i);
    enum status st = settings_fill_interview(s, in, i, a, err);
    if (st == STATUS_OK)
        st = check_expiry(s, 0, i->expires_at, err);
    if (st == STATUS_OK)
        st = db_begin(s->db, &t, err);
    if (st == STATUS_OK)
        st = insert_draft(s, who, i, "interview.create", NULL, a, err);
    if (st == STATUS_OK)
        st = db_commit(&t, err);
    return st == STATUS_OK ? read_whole(s, i->id, a, ret, err) : st;
}

/* {"fields":["title", ...]}: which were given, never what they say. */
static const char *given_fields(const struct interview_input *in, struct arena *a)
{
    cleanup(buf_free) struct buf b;
    bool any = false;
    buf_init(&b, 4096);
    buf_str(&b, "{\"fields\":[");
    for (size_t k = 0; k < interview_update_model.n_fields; k++) {
        if (!(in->presence.given >> k & 1))
            continue;
        buf_printf(&b, "%s\"%s\"", any ? "," : "", interview_update_model.fields[k].name);
        any = true;
    }
    buf_str(&b, "]}");
    return buf_ok(&b) ? arena_strdup(a, buf_cstr(&b)) : NULL;
}

enum status interview_service_update(struct services *s, struct actor who, struct interview_ref ref,
                                     const struct interview_input *in, struct arena *a, struct interview **ret,
                                     struct error *err)
{
    cleanup(interview_change_end) struct interview_change c = {0};
    const char *details = given_fields(in, a);
    enum status st = details ? interview_change_begin(s, who, ref, a, &c, err) : arena_exhausted(err);
    if (st != STATUS_OK)
        return st;
    int64_t expiry = c.i->expires_at;
    interview_apply(c.i, in);
    fill_empty(c.i);
    c.i->updated_at = c.now;
    st = check_expiry(s, expiry, c.i->expires_at, err);
    if (st == STATUS_OK)
        st = interview_update(s->db, c.i, err);
    return st == STATUS_OK ? conclude(s, who, &c, "interview.update", details, a, ret, err) : st;
}

enum status interview_service_remove(struct services *s, struct actor who, struct interview_ref ref, enum removal *ret,
                                     struct error *err)
{
    cleanup(arena_freep) struct arena *a = arena_new(4u << 20);
    cleanup(interview_change_end) struct interview_change c = {0};
    enum removal outcome = REMOVAL_DELETED;
    enum status st = a ? interview_change_begin(s, who, ref, a, &c, err) : arena_exhausted(err);
    if (st == STATUS_OK)
        st = preview_erase_all(s, ref.id, err);
    if (st == STATUS_OK)
        st = interview_delete(s->db, ref.id, err);
    if (st == STATUS_CONFLICT) {
        outcome = REMOVAL_ARCHIVED;
        st = interview_set_archived(s->db, ref.id, c.i->archived_at ? c.i->archived_at : c.now, c.now, err);
    }
    if (st == STATUS_OK)
        st = interview_change_commit(s, who, &c, outcome == REMOVAL_DELETED ? "interview.delete" : "interview.archive",
                                     NULL, err);
    if (st != STATUS_OK)
        return st;
    jobs_wake(s->jobs); /* for the recordings of previews */
    *ret = outcome;
    return STATUS_OK;
}

enum status interview_service_restore(struct services *s, struct actor who, struct interview_ref ref, struct arena *a,
                                      struct interview **ret, struct error *err)
{
    cleanup(interview_change_end) struct interview_change c = {0};
    enum status st = interview_change_begin(s, who, ref, a, &c, err);
    if (st == STATUS_OK && !c.i->archived_at) {
        *ret = c.i;
        return STATUS_OK;
    }
    if (st == STATUS_OK)
        st = interview_set_archived(s->db, ref.id, 0, c.now, err);
    return st == STATUS_OK ? conclude(s, who, &c, "interview.restore", NULL, a, ret, err) : st;
}

static enum status check_opening(const struct interview *i, struct error *err)
{
    if (i->archived_at)
        return error_set(err, STATUS_CONFLICT, "interview_archived", "status", "Restore it from the archive first");
    if (i->questions.count == 0)
        return error_set(err, STATUS_INVALID, "no_questions", "questions", "Add or generate questions first");
    return STATUS_OK;
}

enum status interview_service_set_status(struct services *s, struct actor who, struct interview_ref ref,
                                         enum interview_status to, struct arena *a, struct interview **ret,
                                         struct error *err)
{
    cleanup(interview_change_end) struct interview_change c = {0};
    enum status st = interview_change_begin(s, who, ref, a, &c, err);
    if (st == STATUS_OK && to == INTERVIEW_OPEN)
        st = check_opening(c.i, err);
    if (st == STATUS_OK && c.i->status == (int)to) {
        *ret = c.i;
        return STATUS_OK;
    }
    if (st == STATUS_OK)
        st = interview_set_status(s->db, ref.id, to, c.now, err);
    const char *action = to != INTERVIEW_OPEN                                 ? "interview.close"
                         : st == STATUS_OK && c.i->status == INTERVIEW_CLOSED ? "interview.reopen"
                                                                              : "interview.publish";
    return st == STATUS_OK ? conclude(s, who, &c, action, NULL, a, ret, err) : st;
}

enum status interview_service_rotate_link(struct services *s, struct actor who, struct interview_ref ref,
                                          struct arena *a, struct interview **ret, struct error *err)
{
    cleanup(interview_change_end) struct interview_change c = {0};
    char link[INTERVIEW_LINK_SIZE];
    interview_link_make(link);
    enum status st = interview_change_begin(s, who, ref, a, &c, err);
    if (st == STATUS_OK)
        st = interview_set_link(s->db, ref.id, link, c.now, err);
    return st == STATUS_OK ? conclude(s, who, &c, "interview.rotate_link", NULL, a, ret, err) : st;
}

/* ---------------------------------------------------------------------------------------------------------------------
 * duplicating */

/* "Title (copy)"; a title that has no room for it loses its end. */
static const char *copy_title(const char *title, struct arena *a)
{
    size_t n = strlen(title), keep = TITLE_MAX - strlen(COPY_SUFFIX), at = 0;
    for (size_t k = 0; k < keep && at < n; k++) {
        uint32_t c = 0;
        size_t step = utf8_next(title + at, n - at, &c);
        at += step ? step : 1;
    }
    return arena_printf(a, "%.*s" COPY_SUFFIX, (int)at, title);
}

static enum status copy_questions(struct services *s, const struct list *questions, struct id to, struct arena *a,
                                  struct error *err)
{
    const struct question *q = questions->items;
    struct question_input *copies = arena_array(a, questions->count + 1, sizeof *copies);
    if (!copies)
        return arena_exhausted(err);
    for (size_t k = 0; k < questions->count; k++) {
        copies[k] = question_as_input(&q[k]);
        copies[k].id = (struct id){0};
    }
    return question_replace(s->db, to, copies, questions->count, err);
}

static enum status copy_weights(struct services *s, struct id from, struct id to, struct arena *a, struct error *err)
{
    struct list weights = {0};
    enum status st = competency_weights(s->db, from, a, &weights, err);
    return st == STATUS_OK && weights.count ? competency_replace(s->db, to, &weights, err) : st;
}

enum status interview_service_duplicate(struct services *s, struct actor who, struct id id, struct arena *a,
                                        struct interview **ret, struct error *err)
{
    cleanup(db_txn_end) struct db_txn t = {0};
    char text[ID_TEXT_SIZE];
    struct interview *i = NULL;
    id_format(id, text);
    const char *details = arena_printf(a, "{\"of\":\"%s\"}", text);
    enum status st = details ? db_begin(s->db, &t, err) : arena_exhausted(err);
    if (st == STATUS_OK)
        st = interview_service_get(s, who, id, a, &i, err);
    if (st != STATUS_OK)
        return st;
    struct interview copy = *i;
    copy.expires_at = copy.archived_at = 0;
    if (!(copy.title = copy_title(i->title, a)))
        return arena_exhausted(err);
    st = insert_draft(s, who, &copy, "interview.duplicate", details, a, err);
    if (st == STATUS_OK)
        st = copy_questions(s, &i->questions, copy.id, a, err);
    if (st == STATUS_OK)
        st = copy_weights(s, id, copy.id, a, err);
    if (st == STATUS_OK)
        st = db_commit(&t, err);
    return st == STATUS_OK ? read_whole(s, copy.id, a, ret, err) : st;
}
