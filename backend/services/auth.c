#include "services/auth.h"

#include "base/cleanup.h"
#include "repositories/token_repository.h"
#include "repositories/user_repository.h"
#include "utils/sha256.h"

#include <ctype.h>
#include <string.h>

#define REFRESH_BYTES 32

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

enum status auth_register(struct services *s, const struct user_create *in, bool by_admin, struct arena *a,
                          struct user **ret, struct error *err)
{
    cleanup(db_txn_end) struct db_txn t = {0};
    char hash[PASSWORD_HASH_SIZE];
    bool first = false;
    struct user *u = arena_new_of(a, struct user);
    enum status st = u ? auth_needs_first_user(s, &first, err) : arena_exhausted(err);
    if (st == STATUS_OK && !first && !by_admin)
        st = decide_role(s, in, by_admin, &u->role, err); /* refuses before the costly hash */
    if (st == STATUS_OK)
        st = password_hash(in->password, &s->settings->password_cost, hash, err);
    if (st == STATUS_OK)
        st = db_begin(s->db, &t, err);
    if (st == STATUS_OK)
        st = decide_role(s, in, by_admin, &u->role, err);
    if (st != STATUS_OK)
        return st;
    u->id = id_new();
    u->email = in->email;
    u->full_name = in->full_name;
    u->password_hash = hash;
    u->is_active = true;
    u->created_at = u->updated_at = clock_unix_ms(s->clock);
    st = user_insert(s->db, u, err);
    if (st == STATUS_OK)
        st = db_commit(&t, err);
    u->password_hash = NULL;
    if (st == STATUS_OK)
        *ret = u;
    return st;
}

static enum status access_token(struct services *s, const struct user *u, char out[TOKEN_TEXT_SIZE], struct error *err)
{
    struct token_claims c = {.subject = u->id, .audience = "access", .issued_at = seconds(s)};
    c.expires_at = c.issued_at + s->settings->access_ttl_s;
    const char *role = choice_value(role_choices, u->role);
    memccpy(c.role, role, 0, sizeof c.role - 1);
    return token_sign(s->keys, &c, out, TOKEN_TEXT_SIZE, err);
}

/* An access token and a fresh refresh token of the family. */
static enum status issue(struct services *s, struct user *u, struct id family, struct arena *a, struct tokens **ret,
                         struct error *err)
{
    char access[TOKEN_TEXT_SIZE], refresh[64];
    struct tokens *out = arena_new_of(a, struct tokens);
    int64_t now = clock_unix_ms(s->clock);
    struct refresh_token t = {.id = id_new(), .user_id = u->id, .family_id = family, .created_at = now};
    t.expires_at = now + s->settings->refresh_ttl_s * 1000;
    random_token(refresh, sizeof refresh, REFRESH_BYTES);
    sha256_bytes(refresh, strlen(refresh), t.token_hash);
    enum status st = out ? refresh_token_insert(s->db, &t, err) : arena_exhausted(err);
    if (st == STATUS_OK)
        st = access_token(s, u, access, err);
    if (st != STATUS_OK)
        return st;
    out->access_token = arena_strdup(a, access);
    out->refresh_token = arena_strdup(a, refresh);
    out->token_type = "bearer";
    out->expires_in = s->settings->access_ttl_s;
    out->user = u;
    if (!out->access_token || !out->refresh_token)
        return arena_exhausted(err);
    *ret = out;
    return STATUS_OK;
}

/* Addresses are kept in lower case. */
static const char *lower_case(const char *text, struct arena *a)
{
    char *copy = arena_strdup(a, text);
    for (char *p = copy; p && *p; p++)
        *p = (char)tolower((unsigned char)*p);
    return copy;
}

enum status auth_login(struct services *s, const char *email, const char *password, struct arena *a,
                       struct tokens **ret, struct error *err)
{
    struct user *u = NULL;
    const struct password_cost *cost = &s->settings->password_cost;
    const char *address = lower_case(email, a);
    enum status st = address ? user_find_by_email(s->db, address, a, &u, err) : arena_exhausted(err);
    if (st != STATUS_OK && st != STATUS_NOT_FOUND)
        return st;
    bool good =
        st == STATUS_OK ? password_verify(password, u->password_hash, cost) : password_verify_dummy(password, cost);
    if (!good || !u || !u->is_active)
        return error_set(err, STATUS_UNAUTHENTICATED, "login_failed", NULL, "The address or the password is wrong");
    char hash[PASSWORD_HASH_SIZE];
    if (password_needs_rehash(u->password_hash, cost)) {
        st = password_hash(password, cost, hash, err);
        if (st == STATUS_OK)
            st = user_set_password_hash(s->db, u->id, hash, clock_unix_ms(s->clock), err);
        if (st != STATUS_OK)
            return st;
    }
    return issue(s, u, id_new(), a, ret, err);
}

/* A token that was used before is in two hands: everything that descends from that log-in ends. */
static enum status reused(struct services *s, const struct refresh_token *t, struct error *err)
{
    enum status st = refresh_family_revoke(s->db, t->family_id, clock_unix_ms(s->clock), err);
    return st == STATUS_OK ? error_set(err, STATUS_UNAUTHENTICATED, "refresh_reused", "refresh_token",
                                       "This refresh token was used before. Log in again")
                           : st;
}

static enum status rotate(struct services *s, const struct refresh_token *t, struct arena *a, struct tokens **ret,
                          bool *used, struct error *err)
{
    cleanup(db_txn_end) struct db_txn txn = {0};
    struct user *u = NULL;
    enum status st = db_begin(s->db, &txn, err);
    if (st == STATUS_OK)
        st = refresh_token_use(s->db, t->id, clock_unix_ms(s->clock), used, err);
    if (st != STATUS_OK || !*used)
        return st;
    st = user_find(s->db, t->user_id, a, &u, err);
    if (st == STATUS_NOT_FOUND || (st == STATUS_OK && !u->is_active))
        st = error_set(err, STATUS_UNAUTHENTICATED, "refresh_invalid", "refresh_token", "This account is not active");
    if (st == STATUS_OK)
        st = issue(s, u, t->family_id, a, ret, err);
    if (st == STATUS_OK)
        st = db_commit(&txn, err);
    return st;
}

enum status auth_refresh(struct services *s, const char *refresh_token, struct arena *a, struct tokens **ret,
                         struct error *err)
{
    uint8_t hash[SHA256_SIZE];
    struct refresh_token t;
    bool used = false;
    sha256_bytes(refresh_token, strlen(refresh_token), hash);
    enum status st = refresh_token_find(s->db, hash, &t, err);
    if (st == STATUS_NOT_FOUND || (st == STATUS_OK && t.revoked_at))
        return error_set(err, STATUS_UNAUTHENTICATED, "refresh_invalid", "refresh_token",
                         "This refresh token is not valid. Log in again");
    if (st == STATUS_OK && !t.used_at && t.expires_at <= clock_unix_ms(s->clock))
        return error_set(err, STATUS_UNAUTHENTICATED, "refresh_expired", "refresh_token",
                         "This log-in has ended. Log in again");
    if (st == STATUS_OK && t.used_at)
        return reused(s, &t, err);
    if (st == STATUS_OK)
        st = rotate(s, &t, a, ret, &used, err);
    if (st == STATUS_OK && !used)
        return reused(s, &t, err);
    return st;
}

enum status auth_logout(struct services *s, const char *refresh_token, struct error *err)
{
    uint8_t hash[SHA256_SIZE];
    struct refresh_token t;
    sha256_bytes(refresh_token, strlen(refresh_token), hash);
    enum status st = refresh_token_find(s->db, hash, &t, err);
    if (st == STATUS_NOT_FOUND)
        return STATUS_OK;
    return st == STATUS_OK ? refresh_family_revoke(s->db, t.family_id, clock_unix_ms(s->clock), err) : st;
}

enum status auth_me(struct services *s, struct id user, struct arena *a, struct user **ret, struct error *err)
{
    return user_find(s->db, user, a, ret, err);
}

static enum status active_user(struct services *s, struct id id, enum role *role, struct error *err)
{
    cleanup(arena_freep) struct arena *a = arena_new(1u << 16);
    struct user *u = NULL;
    enum status st = a ? user_find(s->db, id, a, &u, err) : arena_exhausted(err);
    if (st == STATUS_NOT_FOUND || (st == STATUS_OK && !u->is_active))
        return error_set(err, STATUS_UNAUTHENTICATED, "token_invalid", NULL, "This account is not active");
    if (st == STATUS_OK)
        *role = (enum role)u->role;
    return st;
}

enum status auth_access(struct services *s, const char *token, struct id *user, enum role *role, struct error *err)
{
    struct token_claims c;
    enum status st = token_verify(s->keys, token, strlen(token), "access", seconds(s), &c, err);
    if (st == STATUS_OK)
        st = active_user(s, c.subject, role, err);
    if (st == STATUS_OK)
        *user = c.subject;
    return st;
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

enum status auth_media_ticket(struct services *s, struct id user, const char *path, struct arena *a, const char **ret,
                              struct error *err)
{
    char text[TOKEN_TEXT_SIZE];
    struct token_claims c = {.subject = user, .audience = "media", .issued_at = seconds(s)};
    c.expires_at = c.issued_at + s->settings->media_ttl_s;
    path_scope(path, c.scope);
    enum status st = token_sign(s->keys, &c, text, sizeof text, err);
    if (st == STATUS_OK && !(*ret = arena_strdup(a, text)))
        st = arena_exhausted(err);
    return st;
}

enum status auth_media_check(struct services *s, const char *ticket, const char *path, struct id *user,
                             struct error *err)
{
    struct token_claims c;
    char scope[64];
    enum role role;
    enum status st = token_verify(s->keys, ticket, strlen(ticket), "media", seconds(s), &c, err);
    path_scope(path, scope);
    if (st == STATUS_OK && strcmp(scope, c.scope))
        st = error_set(err, STATUS_UNAUTHENTICATED, "token_invalid", NULL, "This ticket is for another recording");
    if (st == STATUS_OK)
        st = active_user(s, c.subject, &role, err);
    if (st == STATUS_OK)
        *user = c.subject;
    return st;
}
