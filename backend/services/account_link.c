#include "services/account_link.h"

#include "base/cleanup.h"
#include "repositories/job_repository.h"
#include "repositories/link_repository.h"
#include "repositories/login_repository.h"
#include "repositories/user_repository.h"
#include "services/audit.h"
#include "services/jobs.h"
#include "services/mail.h"
#include "utils/sha256.h"

#include <string.h>

#define SECRET_BYTES  32
#define SECRET_MAX    128 /* characters that are looked at */
#define HOUR_MS       INT64_C(3600000)
#define REPEAT_MS     (2 * 60 * 1000)
#define MAIL_ATTEMPTS 20 /* with the queue's back-off about an hour */
#define LINK_ARENA    (64u << 10)

static int64_t life_ms(enum link_kind kind)
{
    return kind == LINK_INVITATION ? 7 * 24 * HOUR_MS : HOUR_MS;
}

static enum status note(struct services *s, struct actor who, const char *action, struct id user, const char *details,
                        struct error *err)
{
    const struct audit_event e = {
        .action = action, .subject_kind = id_is_zero(user) ? NULL : "user", .subject_id = user, .details = details};
    return audit_record(s, who, &e, err);
}

/* ---------------------------------------------------------------------------------------------------------------------
 * making */

static const char *url_of(const struct services *s, enum link_kind kind, const char *token, struct arena *a)
{
    const char *base = s->settings->public_url;
    size_t n = strlen(base);
    while (n && base[n - 1] == '/')
        n--;
    return arena_printf(a, "%.*s/%s/%s", (int)n, base, kind == LINK_INVITATION ? "welcome" : "reset", token);
}

/* A fresh secret: its hash, and the address that holds it. */
static enum status make_secret(const struct services *s, enum link_kind kind, uint8_t hash[32], struct arena *a,
                               const char **url, struct error *err)
{
    char token[SECRET_BYTES * 2];
    random_token(token, sizeof token, SECRET_BYTES);
    sha256_bytes(token, strlen(token), hash);
    const char *text = url_of(s, kind, token, a);
    if (!text)
        return arena_exhausted(err);
    *url = text;
    return STATUS_OK;
}

enum status account_link_renew(struct services *s, const struct account_link *l, struct arena *a, const char **ret,
                               int64_t *expires_at, struct error *err)
{
    uint8_t hash[SHA256_SIZE];
    const char *url = NULL;
    int64_t end = clock_unix_ms(s->clock) + life_ms(l->kind);
    enum status st = make_secret(s, l->kind, hash, a, &url, err);
    if (st == STATUS_OK)
        st = link_renew(s->db, l->id, hash, end, err);
    if (st == STATUS_OK) {
        *ret = url;
        *expires_at = end;
    }
    return st;
}

/* The row, in the caller's transaction; *url is what to hand over. */
static enum status insert_link(struct services *s, struct id user, enum link_kind kind, struct account_link *l,
                               struct arena *a, const char **url, struct error *err)
{
    int64_t now = clock_unix_ms(s->clock);
    *l = (struct account_link){
        .id = id_new(), .user_id = user, .kind = kind, .created_at = now, .expires_at = now + life_ms(kind)};
    enum status st = make_secret(s, kind, l->token_hash, a, url, err);
    if (st == STATUS_OK)
        st = link_end(s->db, user, kind, now, err);
    return st == STATUS_OK ? link_insert(s->db, l, err) : st;
}

/* Sent by a job, which makes another secret: the one of the row was never told to anybody. */
static enum status enqueue_mail(struct services *s, const struct account_link *l, struct error *err)
{
    int64_t now = clock_unix_ms(s->clock);
    return job_enqueue(s->db, MAIL_JOB, l->id, NULL, now, MAIL_ATTEMPTS, now, NULL, err);
}

static enum status make(struct services *s, struct user *u, enum link_kind kind, bool by_mail, struct arena *a,
                        struct link_made **ret, struct error *err)
{
    struct account_link l;
    const char *url = NULL;
    struct link_made *out = arena_new_of(a, struct link_made);
    enum status st = out ? insert_link(s, u->id, kind, &l, a, &url, err) : arena_exhausted(err);
    if (st == STATUS_OK && by_mail)
        st = enqueue_mail(s, &l, err);
    if (st != STATUS_OK)
        return st;
    *out = (struct link_made){
        .user = u, .kind = (int)kind, .mailed = by_mail, .url = by_mail ? NULL : url, .expires_at = l.expires_at};
    *ret = out;
    return STATUS_OK;
}

enum status account_invite(struct services *s, struct actor who, const struct user_invite *in, struct arena *a,
                           struct link_made **ret, struct error *err)
{
    cleanup(db_txn_end) struct db_txn t = {0};
    struct user *u = arena_new_of(a, struct user);
    enum status st = u ? db_begin(s->db, &t, err) : arena_exhausted(err);
    if (st != STATUS_OK)
        return st;
    u->id = id_new();
    u->email = in->email;
    u->full_name = in->full_name;
    u->password_hash = ""; /* which no password matches */
    u->role = model_given(&user_invite_model, in, "role") ? in->role : ROLE_RECRUITER;
    u->is_active = true;
    u->created_at = u->updated_at = clock_unix_ms(s->clock);
    st = user_insert(s->db, u, err);
    if (st == STATUS_OK)
        st = make(s, u, LINK_INVITATION, s->mailer != NULL, a, ret, err);
    if (st == STATUS_OK)
        st = note(s, who, "user.invite", u->id, NULL, err);
    if (st == STATUS_OK)
        st = db_commit(&t, err);
    if (st == STATUS_OK)
        jobs_wake(s->jobs);
    return st;
}

enum status account_make_link(struct services *s, struct actor who, struct id user, bool shown, struct arena *a,
                              struct link_made **ret, struct error *err)
{
    cleanup(db_txn_end) struct db_txn t = {0};
    struct user *u = NULL;
    enum status st = db_begin(s->db, &t, err);
    if (st == STATUS_OK)
        st = user_find(s->db, user, a, &u, err);
    if (st == STATUS_OK && !u->is_active)
        st = error_set(err, STATUS_CONFLICT, "account_disabled", NULL, "This account is disabled. Enable it first");
    if (st != STATUS_OK)
        return st;
    enum link_kind kind = *u->password_hash ? LINK_PASSWORD_RESET : LINK_INVITATION;
    st = make(s, u, kind, s->mailer && !shown, a, ret, err);
    if (st == STATUS_OK)
        st = note(s, who, "user.link", user,
                  kind == LINK_INVITATION ? "{\"kind\":\"invitation\"}" : "{\"kind\":\"password_reset\"}", err);
    if (st == STATUS_OK)
        st = db_commit(&t, err);
    if (st == STATUS_OK)
        jobs_wake(s->jobs);
    return st;
}

/* ------------------------------------------------------------------------------------------------------------------
 * forgotten */

/* A link by mail, unless one went out a moment ago. In the caller's transaction. */
static enum status send_reset(struct services *s, const struct user *u, struct arena *a, struct error *err)
{
    struct account_link last, l;
    const char *url = NULL;
    enum link_kind kind = *u->password_hash ? LINK_PASSWORD_RESET : LINK_INVITATION;
    enum status st = link_find_newest(s->db, u->id, kind, &last, err);
    if (st == STATUS_OK && last.created_at + REPEAT_MS > clock_unix_ms(s->clock))
        return STATUS_OK;
    if (st == STATUS_OK || st == STATUS_NOT_FOUND)
        st = insert_link(s, u->id, kind, &l, a, &url, err);
    return st == STATUS_OK ? enqueue_mail(s, &l, err) : st;
}

enum status account_request_reset(struct services *s, const char *email, const struct auth_client *from, bool *by_mail,
                                  struct error *err)
{
    cleanup(arena_freep) struct arena *a = arena_new(LINK_ARENA);
    cleanup(db_txn_end) struct db_txn t = {0};
    struct user *u = NULL;
    struct error unknown = {0};
    enum status st = a ? db_begin(s->db, &t, err) : arena_exhausted(err);
    if (st != STATUS_OK)
        return st;
    st = user_find_by_email(s->db, email, a, &u, &unknown);
    if (st == STATUS_OK && u->is_active && s->mailer)
        st = send_reset(s, u, a, &unknown);
    if (st != STATUS_OK && st != STATUS_NOT_FOUND) {
        *err = unknown;
        return st;
    }
    const struct actor somebody = {.request_id = from->request_id}; /* the entry is the same write for every address */
    st = note(s, somebody, "auth.reset_request", u ? u->id : (struct id){0}, NULL, err);
    if (st == STATUS_OK)
        st = db_commit(&t, err);
    if (st != STATUS_OK)
        return st;
    jobs_wake(s->jobs);
    *by_mail = s->mailer != NULL;
    return STATUS_OK;
}

/* ----------------------------------------------------------------------------------------------------------------
 * using */

static enum status expired(struct error *err)
{
    return error_set(err, STATUS_GONE, "link_expired", NULL,
                     "This link has ended, or a newer one took its place. Ask for another");
}

static enum status used(struct error *err)
{
    return error_set(err, STATUS_GONE, "link_used", NULL, "This link was used already. It works once");
}

/* A link that still works, and its account. */
static enum status find_link(struct services *s, const char *token, struct arena *a, struct account_link *l,
                             struct user **ret, struct error *err)
{
    uint8_t hash[SHA256_SIZE];
    struct user *u = NULL;
    sha256_bytes(token, strnlen(token, SECRET_MAX), hash);
    enum status st = link_find_by_hash(s->db, hash, l, err);
    if (st == STATUS_OK)
        st = user_find(s->db, l->user_id, a, &u, err);
    if (st == STATUS_NOT_FOUND)
        return error_set(err, st, "link_unknown", NULL, "There is no such link. Is the address complete?");
    if (st != STATUS_OK)
        return st;
    if (l->used_at)
        return used(err);
    if (l->expires_at <= clock_unix_ms(s->clock) || !u->is_active)
        return expired(err);
    *ret = u;
    return STATUS_OK;
}

/* "a***@example.org" */
static const char *mask(const char *email, struct arena *a)
{
    const char *at = strrchr(email, '@');
    return arena_printf(a, "%.1s***%s", email, at ? at : "");
}

enum status account_link_state(struct services *s, const char *token, struct arena *a, struct link_state **ret,
                               struct error *err)
{
    struct account_link l;
    struct user *u = NULL;
    struct link_state *out = arena_new_of(a, struct link_state);
    enum status st = out ? find_link(s, token, a, &l, &u, err) : arena_exhausted(err);
    if (st != STATUS_OK)
        return st;
    *out = (struct link_state){
        .kind = (int)l.kind, .email = mask(u->email, a), .full_name = u->full_name, .expires_at = l.expires_at};
    if (!out->email)
        return arena_exhausted(err);
    *ret = out;
    return STATUS_OK;
}

/* Within the transaction in which the link was taken. */
static enum status set_password(struct services *s, const struct account_link *l, const char *hash,
                                const struct auth_client *from, struct error *err)
{
    int64_t now = clock_unix_ms(s->clock);
    const struct actor who = {.user_id = l->user_id, .request_id = from->request_id};
    enum status st = user_set_password_hash(s->db, l->user_id, hash, now, err);
    if (st == STATUS_OK)
        st = login_revoke_others(s->db, l->user_id, (struct id){0}, now, NULL, err);
    if (st == STATUS_OK)
        st = link_end_all(s->db, l->user_id, now, err);
    return st == STATUS_OK ? note(s, who, "auth.link_use", l->user_id, NULL, err) : st;
}

enum status account_link_use(struct services *s, const char *token, const char *password,
                             const struct auth_client *from, struct arena *a, struct tokens **ret, struct error *err)
{
    cleanup(db_txn_end) struct db_txn t = {0};
    char hash[PASSWORD_HASH_SIZE];
    struct account_link l;
    struct user *u = NULL;
    bool mine = false;
    enum status st = find_link(s, token, a, &l, &u, err); /* before the costly hash, and again by taking it */
    if (st == STATUS_OK)
        st = password_hash(password, &s->settings->password_cost, hash, err);
    if (st == STATUS_OK)
        st = db_begin(s->db, &t, err);
    if (st == STATUS_OK)
        st = link_take(s->db, l.id, clock_unix_ms(s->clock), &mine, err);
    if (st == STATUS_OK && !mine)
        st = used(err);
    if (st == STATUS_OK)
        st = set_password(s, &l, hash, from, err);
    if (st == STATUS_OK)
        st = user_find(s->db, l.user_id, a, &u, err);
    if (st == STATUS_OK && !u->is_active)
        st = expired(err);
    if (st == STATUS_OK)
        st = auth_open_login(s, u, from, a, ret, err);
    return st == STATUS_OK ? db_commit(&t, err) : st;
}
