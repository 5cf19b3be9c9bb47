#include "services/auth.h"

#include "base/cleanup.h"
#include "base/utf8.h"
#include "repositories/login_repository.h"
#include "repositories/token_repository.h"
#include "repositories/user_repository.h"
#include "services/audit.h"
#include "utils/sha256.h"

#include <ctype.h>
#include <string.h>

#define REFRESH_BYTES  32
#define USER_AGENT_MAX 200 /* bytes kept */
#define ADDRESS_MAX    64

static int64_t seconds(const struct services *s)
{
    return clock_unix_ms(s->clock) / 1000;
}

enum status auth_needs_first_user(struct services *s, bool *ret, struct error *err)
{
    int64_t n = 0;
    enum status st = user_count(s->db, &n, err);
    if (st == STATUS_OK)
        *ret = n == 0;
    return st;
}

/* Inside a transaction: the first user is an administrator; later ones only an administrator makes. */
static enum status decide_role(struct services *s, const struct user_create *in, bool by_admin, int *role,
                               struct error *err)
{
    bool first = false;
    enum status st = auth_needs_first_user(s, &first, err);
    if (st != STATUS_OK)
        return st;
    if (!first && !by_admin)
        return error_set(err, STATUS_FORBIDDEN, "registration_closed", NULL,
                         "An administrator makes new accounts here");
    if (first)
        *role = ROLE_ADMIN;
    else
        *role = model_given(&user_create_model, in, "role") ? in->role : ROLE_RECRUITER;
    return STATUS_OK;
}

/* Within the transaction of what it tells of. by: NULL or whose doing it was. */
static enum status note(struct services *s, const char *action, struct id by, struct id user, const char *request_id,
                        struct error *err)
{
    const struct audit_event e = {
        .action = action, .subject_kind = id_is_zero(user) ? NULL : "user", .subject_id = user};
    return audit_record(s, (struct actor){.user_id = by, .request_id = request_id}, &e, err);
}

static enum status insert_user(struct services *s, struct actor by, struct user *u, struct error *err)
{
    enum status st = user_insert(s->db, u, err);
    return st == STATUS_OK ? note(s, "user.create", by.user_id, u->id, by.request_id, err) : st;
}

enum status auth_register(struct services *s, struct actor by, const struct user_create *in, struct arena *a,
                          struct user **ret, struct error *err)
{
    cleanup(db_txn_end) struct db_txn t = {0};
    char hash[PASSWORD_HASH_SIZE];
    bool first = false;
    struct user *u = arena_new_of(a, struct user);
    enum status st = u ? auth_needs_first_user(s, &first, err) : arena_exhausted(err);
    if (st == STATUS_OK && !first && !by.is_admin)
        st = decide_role(s, in, by.is_admin, &u->role, err); /* refuses before the costly hash */
    if (st == STATUS_OK)
        st = password_hash(in->password, &s->settings->password_cost, hash, err);
    if (st == STATUS_OK)
        st = db_begin(s->db, &t, err);
    if (st == STATUS_OK)
        st = decide_role(s, in, by.is_admin, &u->role, err);
    if (st != STATUS_OK)
        return st;
    u->id = id_new();
    u->email = in->email;
    u->full_name = in->full_name;
    u->password_hash = hash;
    u->is_active = true;
    u->created_at = u->updated_at = clock_unix_ms(s->clock);
    st = insert_user(s, by, u, err);
    if (st == STATUS_OK)
        st = db_commit(&t, err);
    u->password_hash = NULL;
    if (st == STATUS_OK)
        *ret = u;
    return st;
}

/* -------------------------------------------------------------------------------------------------------------------
 * logging in */

/* Seconds that an access token given now is good for. */
static int64_t access_life(const struct services *s, const struct login_session *l)
{
    int64_t left = l->expires_at / 1000 - seconds(s);
    return left < s->settings->access_ttl_s ? left : s->settings->access_ttl_s;
}

static enum status access_token(struct services *s, const struct user *u, const struct login_session *l,
                                char out[TOKEN_TEXT_SIZE], struct error *err)
{
    struct token_claims c = {.subject = u->id, .login_id = l->id, .audience = "access", .issued_at = seconds(s)};
    c.expires_at = c.issued_at + access_life(s, l);
    const char *role = choice_value(role_choices, u->role);
    memccpy(c.role, role, 0, sizeof c.role - 1);
    return token_sign(s->keys, &c, out, TOKEN_TEXT_SIZE, err);
}

/* An access token and a fresh refresh token; neither outlives the log-in. */
static enum status issue(struct services *s, struct user *u, const struct login_session *l, struct arena *a,
                         struct tokens **ret, struct error *err)
{
    char access[TOKEN_TEXT_SIZE], refresh[64];
    struct tokens *out = arena_new_of(a, struct tokens);
    struct refresh_token t = {.id = id_new(),
                              .user_id = u->id,
                              .family_id = l->id,
                              .created_at = clock_unix_ms(s->clock),
                              .expires_at = l->expires_at};
    random_token(refresh, sizeof refresh, REFRESH_BYTES);
    sha256_bytes(refresh, strlen(refresh), t.token_hash);
    enum status st = out ? refresh_token_insert(s->db, &t, err) : arena_exhausted(err);
    if (st == STATUS_OK)
        st = access_token(s, u, l, access, err);
    if (st != STATUS_OK)
        return st;
    out->access_token = arena_strdup(a, access);
    out->refresh_token = arena_strdup(a, refresh);
    out->token_type = "bearer";
    out->expires_in = access_life(s, l);
    out->user = u;
    if (!out->access_token || !out->refresh_token)
        return arena_exhausted(err);
    *ret = out;
    return STATUS_OK;
}

/* What a stranger calls itself, fit to be kept and shown: at most max bytes of UTF-8 without control characters. */
static const char *plain_words(const char *text, size_t max, struct arena *a)
{
    size_t n = text ? strnlen(text, max) : 0;
    char *copy = arena_strndup(a, text ? text : "", n);
    if (copy)
        utf8_trim_partial(copy);
    bool readable = copy && utf8_valid(copy, strlen(copy));
    for (char *p = copy; p && *p; p++)
        if ((unsigned char)*p < 0x20 || *p == 0x7f)
            *p = ' ';
        else if ((unsigned char)*p >= 0x80 && !readable)
            *p = '?';
    return copy;
}

enum status auth_open_login(struct services *s, struct user *u, const struct auth_client *from, struct arena *a,
                            struct tokens **ret, struct error *err)
{
    int64_t now = clock_unix_ms(s->clock);
    const struct login_session l = {
        .id = id_new(),
        .user_id = u->id,
        .user_agent = plain_words(from->user_agent, USER_AGENT_MAX, a),
        .address = plain_words(from->address, ADDRESS_MAX, a),
        .created_at = now,
        .last_used_at = now,
        .expires_at = now + s->settings->refresh_ttl_s * 1000,
    };
    /* The user's row first: two log-ins of one person wait for each other there. */
    enum status st = l.user_agent && l.address ? user_set_last_login(s->db, u->id, now, err) : arena_exhausted(err);
    if (st == STATUS_OK)
        st = login_insert(s->db, &l, err);
    if (st == STATUS_OK)
        st = note(s, "auth.login", u->id, u->id, from->request_id, err);
    u->last_login_at = now;
    return st == STATUS_OK ? issue(s, u, &l, a, ret, err) : st;
}

/* Addresses are kept in lower case. */
static const char *lower_case(const char *text, struct arena *a)
{
    char *copy = arena_strdup(a, text);
    for (char *p = copy; p && *p; p++)
        *p = (char)tolower((unsigned char)*p);
    return copy;
}

/* Noted whether or not there is such an account, so that both take one write. */
static enum status login_failed(struct services *s, struct id user, const struct auth_client *from, struct error *err)
{
    enum status st = note(s, "auth.login_failed", (struct id){0}, user, from->request_id, err);
    return st == STATUS_OK
               ? error_set(err, STATUS_UNAUTHENTICATED, "login_failed", NULL, "The address or the password is wrong")
               : st;
}

/* What an old or imported hash is replaced by at a good log-in; *ret is NULL when it need not be. */
static enum status renew_hash(struct services *s, const struct user *u, const char *password, char *hash,
                              const char **ret, struct error *err)
{
    const struct password_cost *cost = &s->settings->password_cost;
    *ret = NULL;
    if (!password_needs_rehash(u->password_hash, cost))
        return STATUS_OK;
    enum status st = password_hash(password, cost, hash, err);
    if (st == STATUS_OK)
        *ret = hash;
    return st;
}

enum status auth_login(struct services *s, const char *email, const char *password, const struct auth_client *from,
                       struct arena *a, struct tokens **ret, struct error *err)
{
    cleanup(db_txn_end) struct db_txn t = {0};
    struct user *u = NULL;
    char hash[PASSWORD_HASH_SIZE];
    const char *renewed = NULL, *address = lower_case(email, a);
    const struct password_cost *cost = &s->settings->password_cost;
    enum status st = address ? user_find_by_email(s->db, address, a, &u, err) : arena_exhausted(err);
    if (st != STATUS_OK && st != STATUS_NOT_FOUND)
        return st;
    bool good =
        st == STATUS_OK ? password_verify(password, u->password_hash, cost) : password_verify_dummy(password, cost);
    if (!good || !u || !u->is_active)
        return login_failed(s, u ? u->id : (struct id){0}, from, err);
    st = renew_hash(s, u, password, hash, &renewed, err);
    if (st == STATUS_OK)
        st = db_begin_locking(s->db, &t, err);
    if (st == STATUS_OK && renewed)
        st = user_set_password_hash(s->db, u->id, renewed, clock_unix_ms(s->clock), err);
    if (st == STATUS_OK)
        st = auth_open_login(s, u, from, a, ret, err);
    return st == STATUS_OK ? db_commit(&t, err) : st;
}

/* ---------------------------------------------------------------------------------------------------------------
 * refreshing */

/* Ends a log-in, if it has not ended by itself meanwhile. */
static enum status end_login(struct services *s, const struct refresh_token *t, const char *action, struct id by,
                             const char *request_id, struct error *err)
{
    cleanup(db_txn_end) struct db_txn txn = {0};
    struct error ended = {0};
    enum status st = db_begin(s->db, &txn, err);
    if (st != STATUS_OK)
        return st;
    st = login_revoke(s->db, t->family_id, t->user_id, clock_unix_ms(s->clock), &ended);
    if (st == STATUS_NOT_FOUND)
        return STATUS_OK;
    if (st != STATUS_OK) {
        *err = ended;
        return st;
    }
    st = note(s, action, by, t->user_id, request_id, err);
    return st == STATUS_OK ? db_commit(&txn, err) : st;
}

/* A token that was used before is in two hands: everything that descends from that log-in ends. */
static enum status reused(struct services *s, const struct refresh_token *t, const struct auth_client *from,
                          struct error *err)
{
    enum status st = end_login(s, t, "auth.refresh_reused", (struct id){0}, from->request_id, err);
    return st == STATUS_OK ? error_set(err, STATUS_UNAUTHENTICATED, "refresh_reused", "refresh_token",
                                       "This refresh token was used before. Log in again")
                           : st;
}

static enum status not_valid(struct error *err)
{
    return error_set(err, STATUS_UNAUTHENTICATED, "refresh_invalid", "refresh_token",
                     "This refresh token is not valid. Log in again");
}

/* The log-in is looked at after the token was taken: whoever ends it meanwhile is not missed. */
static enum status rotate(struct services *s, const struct refresh_token *t, struct arena *a, struct tokens **ret,
                          bool *used, struct error *err)
{
    cleanup(db_txn_end) struct db_txn txn = {0};
    struct user *u = NULL;
    int64_t now = clock_unix_ms(s->clock);
    const struct login_session l = {.id = t->family_id, .expires_at = t->expires_at};
    enum status st = db_begin_locking(s->db, &txn, err);
    if (st == STATUS_OK)
        st = refresh_token_use(s->db, t->id, now, used, err);
    if (st != STATUS_OK || !*used)
        return st;
    st = login_touch(s->db, l.id, now, err);
    if (st == STATUS_OK)
        st = user_find(s->db, t->user_id, a, &u, err);
    if (st == STATUS_NOT_FOUND || (st == STATUS_OK && !u->is_active))
        return not_valid(err);
    if (st == STATUS_OK)
        st = issue(s, u, &l, a, ret, err);
    return st == STATUS_OK ? db_commit(&txn, err) : st;
}

enum status auth_refresh(struct services *s, const char *refresh_token, const struct auth_client *from, struct arena *a,
                         struct tokens **ret, struct error *err)
{
    uint8_t hash[SHA256_SIZE];
    struct refresh_token t;
    bool used = false;
    sha256_bytes(refresh_token, strlen(refresh_token), hash);
    enum status st = refresh_token_find(s->db, hash, &t, err);
    if (st == STATUS_NOT_FOUND || (st == STATUS_OK && t.revoked_at))
        return not_valid(err);
    if (st == STATUS_OK && !t.used_at && t.expires_at <= clock_unix_ms(s->clock))
        return error_set(err, STATUS_UNAUTHENTICATED, "refresh_expired", "refresh_token",
                         "This log-in has ended. Log in again");
    if (st == STATUS_OK && t.used_at)
        return reused(s, &t, from, err);
    if (st == STATUS_OK)
        st = rotate(s, &t, a, ret, &used, err);
    if (st == STATUS_OK && !used)
        return reused(s, &t, from, err);
    return st;
}

enum status auth_logout(struct services *s, const char *refresh_token, const struct auth_client *from,
                        struct error *err)
{
    uint8_t hash[SHA256_SIZE];
    struct refresh_token t;
    sha256_bytes(refresh_token, strlen(refresh_token), hash);
    enum status st = refresh_token_find(s->db, hash, &t, err);
    if (st == STATUS_NOT_FOUND)
        return STATUS_OK;
    return st == STATUS_OK ? end_login(s, &t, "auth.logout", t.user_id, from->request_id, err) : st;
}

/* ----------------------------------------------------------------------------------------------------------------
 * tokens */

/* The log-in a token belongs to, and its account, as they are now. */
static enum status find_caller(struct services *s, const struct token_claims *c, struct auth_caller *ret,
                               struct error *err)
{
    struct login_owner owner = {0};
    enum status st = login_find_owner(s->db, c->login_id, c->subject, clock_unix_ms(s->clock), &owner, err);
    if (st == STATUS_NOT_FOUND || (st == STATUS_OK && !owner.is_active))
        return error_set(err, STATUS_UNAUTHENTICATED, "token_invalid", NULL, "This log-in has ended. Log in again");
    if (st == STATUS_OK)
        *ret = (struct auth_caller){.user_id = c->subject, .login_id = c->login_id, .role = owner.role};
    return st;
}

enum status auth_access(struct services *s, const char *token, struct auth_caller *ret, struct error *err)
{
    struct token_claims c;
    enum status st = token_verify(s->keys, token, strlen(token), "access", seconds(s), &c, err);
    return st == STATUS_OK ? find_caller(s, &c, ret, err) : st;
}

/* Paths are longer than a claim: their hash is the scope. */
static void path_scope(const char *path, char scope[64])
{
    uint8_t hash[SHA256_SIZE];
    char hex[SHA256_HEX_SIZE];
    sha256_bytes(path, strlen(path), hash);
    sha256_hex(hash, hex);
    memcpy(scope, hex, 48);
    scope[48] = '\0';
}

enum status auth_media_ticket(struct services *s, struct actor who, const char *path, struct arena *a, const char **ret,
                              struct error *err)
{
    char text[TOKEN_TEXT_SIZE];
    struct token_claims c = {
        .subject = who.user_id, .login_id = who.login_id, .audience = "media", .issued_at = seconds(s)};
    c.expires_at = c.issued_at + s->settings->media_ttl_s;
    path_scope(path, c.scope);
    enum status st = token_sign(s->keys, &c, text, sizeof text, err);
    if (st == STATUS_OK && !(*ret = arena_strdup(a, text)))
        st = arena_exhausted(err);
    return st;
}

enum status auth_media_check(struct services *s, const char *ticket, const char *path, struct auth_caller *ret,
                             struct error *err)
{
    struct token_claims c;
    char scope[64];
    enum status st = token_verify(s->keys, ticket, strlen(ticket), "media", seconds(s), &c, err);
    path_scope(path, scope);
    if (st == STATUS_OK && strcmp(scope, c.scope))
        st = error_set(err, STATUS_UNAUTHENTICATED, "token_invalid", NULL, "This ticket is for another recording");
    return st == STATUS_OK ? find_caller(s, &c, ret, err) : st;
}
