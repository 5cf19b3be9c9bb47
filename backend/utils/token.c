#include "utils/token.h"

#include "base/cleanup.h"
#include "base/json_read.h"
#include "utils/crypto_init.h"

#include <jwt.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#define KEY_ID_SIZE 17

struct key {
    char id[KEY_ID_SIZE];
    unsigned char *secret;
    int len;
};

struct token_keys {
    struct key list[TOKEN_KEYS_MAX]; /* the first signs */
    size_t count;
};

static void jwt_freep(jwt_t **j)
{
    jwt_free(*j);
    *j = NULL;
}

/* A keyed hash of the label. */
static void derive(const struct key *k, const char *label, uint8_t out[TOKEN_DERIVED_SIZE])
{
    crypto_auth_hmacsha256_state s;
    crypto_auth_hmacsha256_init(&s, k->secret, (size_t)k->len);
    crypto_auth_hmacsha256_update(&s, (const uint8_t *)label, strlen(label));
    crypto_auth_hmacsha256_final(&s, out);
}

void token_keys_derive(const struct token_keys *k, const char *label, uint8_t out[TOKEN_DERIVED_SIZE])
{
    derive(&k->list[0], label, out);
}

bool token_keys_add(struct token_keys *k, const char *secret, size_t len)
{
    if (len < TOKEN_SECRET_MIN || len > 4096 || k->count == TOKEN_KEYS_MAX)
        return false;
    struct key *one = &k->list[k->count];
    one->secret = malloc(len);
    if (one->secret == NULL)
        return false;
    memcpy(one->secret, secret, len);
    one->len = (int)len;
    /* The same secret always gets the same id, which says nothing about the secret. */
    uint8_t hash[TOKEN_DERIVED_SIZE];
    derive(one, "viva token key id", hash);
    sodium_bin2hex(one->id, sizeof(one->id), hash, (KEY_ID_SIZE - 1) / 2);
    k->count++;
    return true;
}

struct token_keys *token_keys_new(const char *secret, size_t len)
{
    crypto_init();
    struct token_keys *k = calloc(1, sizeof(*k));
    return k != NULL && token_keys_add(k, secret, len) ? k : token_keys_free(k);
}

const char *token_keys_id(const struct token_keys *k, size_t index)
{
    return index < k->count ? k->list[index].id : NULL;
}

struct token_keys *token_keys_free(struct token_keys *k)
{
    for (size_t i = 0; k != NULL && i < k->count; i++) {
        sodium_memzero(k->list[i].secret, (size_t)k->list[i].len);
        free(k->list[i].secret);
    }
    free(k);
    return NULL;
}

static const struct key *find_key(const struct token_keys *k, const char *id)
{
    for (size_t i = 0; id != NULL && i < k->count; i++)
        if (strcmp(id, k->list[i].id) == 0)
            return &k->list[i];
    return NULL;
}

/* ------------------------------------------------------------------------------------------------------------ signing
 */

static enum status cannot_sign(struct error *err)
{
    return error_set(err, STATUS_INTERNAL, "token_sign", NULL, "The server could not issue a token.");
}

static bool add_claims(jwt_t *j, const struct token_claims *c)
{
    char sub[ID_TEXT_SIZE], sid[ID_TEXT_SIZE], jti[ID_TEXT_SIZE];
    id_format(c->subject, sub);
    id_format(c->login_id, sid);
    id_format(id_is_zero(c->token_id) ? id_new() : c->token_id, jti);
    if (!id_is_zero(c->login_id) && jwt_add_grant(j, "sid", sid) != 0)
        return false;
    return jwt_add_grant(j, "sub", sub) == 0 && jwt_add_grant(j, "jti", jti) == 0 &&
           jwt_add_grant(j, "aud", c->audience) == 0 && jwt_add_grant(j, "role", c->role) == 0 &&
           jwt_add_grant(j, "scope", c->scope) == 0 && jwt_add_grant_int(j, "iat", c->issued_at) == 0 &&
           jwt_add_grant_int(j, "exp", c->expires_at) == 0;
}

enum status token_sign(const struct token_keys *keys, const struct token_claims *claims, char *out, size_t out_size,
                       struct error *err)
{
    const struct key *k = &keys->list[0];
    cleanup(jwt_freep) jwt_t *j = NULL;
    if (id_is_zero(claims->subject) || claims->audience[0] == '\0' || claims->expires_at <= 0)
        return cannot_sign(err);
    if (jwt_new(&j) != 0 || !add_claims(j, claims) || jwt_add_header(j, "kid", k->id) != 0 ||
        jwt_set_alg(j, JWT_ALG_HS256, k->secret, k->len) != 0)
        return cannot_sign(err);
    char *text = jwt_encode_str(j);
    bool fits = text != NULL && strlen(text) < out_size;
    if (fits)
        memcpy(out, text, strlen(text) + 1);
    free(text);
    return fits ? STATUS_OK : cannot_sign(err);
}

/* --------------------------------------------------------------------------------------------------------- verifying
 */

static enum status invalid(struct error *err)
{
    return error_set(err, STATUS_UNAUTHENTICATED, "token_invalid", NULL, "You are not logged in. Please log in again.");
}

/* The key the header names. Anything but a JWT with HS256 is refused before a signature is looked at. */
static const struct key *key_from_header(const struct token_keys *keys, const char *text, size_t len)
{
    uint8_t header[256];
    size_t n = 0;
    const char *dot = memchr(text, '.', len);
    if (dot == NULL || sodium_base642bin(header, sizeof(header), text, (size_t)(dot - text), NULL, &n, NULL,
                                         sodium_base64_VARIANT_URLSAFE_NO_PADDING) != 0)
        return NULL;
    cleanup(json_doc_freep) struct json_doc *doc = NULL;
    struct error ignored;
    if (json_parse((const char *)header, n, &doc, &ignored) != STATUS_OK)
        return NULL;
    if (strcmp(json_get_string(json_root(doc), "alg", ""), "HS256") != 0 ||
        strcmp(json_get_string(json_root(doc), "typ", ""), "JWT") != 0)
        return NULL;
    return find_key(keys, json_get_string(json_root(doc), "kid", NULL));
}

static bool copy_grant(jwt_t *j, const char *name, char *out, size_t size)
{
    const char *s = jwt_get_grant(j, name);
    if (s == NULL || strlen(s) >= size)
        return false;
    memcpy(out, s, strlen(s) + 1);
    return true;
}

static bool read_claims(jwt_t *j, struct token_claims *c)
{
    if (!id_parse(jwt_get_grant(j, "sub"), &c->subject) || !id_parse(jwt_get_grant(j, "jti"), &c->token_id))
        return false;
    const char *sid = jwt_get_grant(j, "sid");
    if (sid != NULL && !id_parse(sid, &c->login_id))
        return false;
    if (!copy_grant(j, "aud", c->audience, sizeof(c->audience)) || !copy_grant(j, "role", c->role, sizeof(c->role)) ||
        !copy_grant(j, "scope", c->scope, sizeof(c->scope)))
        return false;
    c->issued_at = jwt_get_grant_int(j, "iat"); /* 0 when absent */
    c->expires_at = jwt_get_grant_int(j, "exp");
    return c->issued_at > 0 && c->expires_at > 0;
}

enum status token_verify(const struct token_keys *keys, const char *text, size_t len, const char *audience,
                         int64_t now_seconds, struct token_claims *ret, struct error *err)
{
    cleanup(jwt_freep) jwt_t *j = NULL;
    struct token_claims c = {0};
    char copy[TOKEN_TEXT_SIZE];
    if (len == 0 || len >= sizeof(copy) || memchr(text, '\0', len) != NULL)
        return invalid(err);
    memcpy(copy, text, len);
    copy[len] = '\0';

    const struct key *k = key_from_header(keys, copy, len);
    if (k == NULL || jwt_decode(&j, copy, k->secret, k->len) != 0 || jwt_get_alg(j) != JWT_ALG_HS256)
        return invalid(err);
    if (!read_claims(j, &c) || strcmp(c.audience, audience) != 0)
        return invalid(err);
    if (jwt_get_grant_int(j, "nbf") > now_seconds)
        return invalid(err);
    if (now_seconds >= c.expires_at)
        return error_set(err, STATUS_UNAUTHENTICATED, "token_expired", NULL,
                         "You have been logged out after a while. Please log in again.");
    *ret = c;
    return STATUS_OK;
}
