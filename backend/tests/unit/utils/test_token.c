#include "unit/base/check.h"

#include "utils/token.h"

#include <jwt.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define NOW     1800000000
#define VARIANT sodium_base64_VARIANT_URLSAFE_NO_PADDING

static const char secret[] = "0123456789abcdef0123456789abcdef";
static struct token_keys *keys;
static struct error err;

static int setup(void **state)
{
    (void)state;
    keys = token_keys_new(secret, strlen(secret));
    return keys == NULL;
}

static int teardown(void **state)
{
    (void)state;
    keys = token_keys_free(keys);
    return keys != NULL;
}

static struct token_claims usual(void)
{
    struct token_claims c = {.subject = id_new(), .issued_at = NOW, .expires_at = NOW + 900, .token_id = id_new()};
    strcpy(c.audience, "access");
    strcpy(c.role, "recruiter");
    strcpy(c.scope, "session/1");
    return c;
}

static char *signed_text(const struct token_claims *c)
{
    static char text[TOKEN_TEXT_SIZE];
    assert_ok(token_sign(keys, c, text, sizeof(text), &err));
    return text;
}

static enum status verify(const char *text, struct token_claims *ret)
{
    memset(&err, 0, sizeof(err));
    return token_verify(keys, text, strlen(text), "access", NOW, ret, &err);
}

static void expect_invalid(const char *text)
{
    struct token_claims c = {.issued_at = 77};
    assert_status(verify(text, &c), STATUS_UNAUTHENTICATED);
    assert_string_equal(err.code, "token_invalid");
    assert_int_equal(c.issued_at, 77);
}

/* A token of any header and payload, signed with the secret by hand: what an attacker without it cannot do, and what a
 * careless verifier would take. */
static char *forge(const char *header, const char *payload, const char *key)
{
    static char text[2048];
    unsigned char mac[crypto_auth_hmacsha256_BYTES];
    crypto_auth_hmacsha256_state s;
    sodium_bin2base64(text, sizeof(text), (const unsigned char *)header, strlen(header), VARIANT);
    size_t n = strlen(text);
    text[n++] = '.';
    sodium_bin2base64(text + n, sizeof(text) - n, (const unsigned char *)payload, strlen(payload), VARIANT);
    crypto_auth_hmacsha256_init(&s, (const unsigned char *)key, strlen(key));
    crypto_auth_hmacsha256_update(&s, (const unsigned char *)text, strlen(text));
    crypto_auth_hmacsha256_final(&s, mac);
    n = strlen(text);
    text[n++] = '.';
    sodium_bin2base64(text + n, sizeof(text) - n, mac, sizeof(mac), VARIANT);
    return text;
}

static void decode_part(const char *text, int part, char *out, size_t size)
{
    size_t len = 0;
    for (; part > 0; part--)
        text = strchr(text, '.') + 1;
    assert_int_equal(
        sodium_base642bin((unsigned char *)out, size - 1, text, strcspn(text, "."), NULL, &len, NULL, VARIANT), 0);
    out[len] = '\0';
}

static void claims_come_back_as_they_were(void **state)
{
    (void)state;
    struct token_claims c = usual(), back;
    assert_ok(verify(signed_text(&c), &back));
    assert_true(id_equal(back.subject, c.subject));
    assert_true(id_equal(back.token_id, c.token_id));
    assert_string_equal(back.audience, "access");
    assert_string_equal(back.role, "recruiter");
    assert_string_equal(back.scope, "session/1");
    assert_int_equal(back.issued_at, NOW);
    assert_int_equal(back.expires_at, NOW + 900);
}

static void a_token_gets_an_id_of_its_own(void **state)
{
    (void)state;
    struct token_claims c = usual(), a, b;
    c.token_id = (struct id){0};
    c.role[0] = c.scope[0] = '\0';
    assert_ok(verify(signed_text(&c), &a));
    assert_ok(verify(signed_text(&c), &b));
    assert_false(id_is_zero(a.token_id));
    assert_false(id_equal(a.token_id, b.token_id));
    assert_string_equal(a.role, "");
}

static void the_largest_claims_fit(void **state)
{
    (void)state;
    struct token_claims c = usual(), back;
    memset(c.audience, 'a', sizeof(c.audience) - 1);
    memset(c.role, '"', sizeof(c.role) - 1); /* each takes two bytes in JSON */
    memset(c.scope, '"', sizeof(c.scope) - 1);
    char *text = signed_text(&c);
    assert_ok(token_verify(keys, text, strlen(text), c.audience, NOW, &back, &err));
    assert_string_equal(back.scope, c.scope);
    char small[64];
    assert_status(token_sign(keys, &c, small, sizeof(small), &err), STATUS_INTERNAL);
}

static void what_is_missing_is_not_signed(void **state)
{
    (void)state;
    char text[TOKEN_TEXT_SIZE];
    struct token_claims c = usual();
    c.subject = (struct id){0};
    assert_status(token_sign(keys, &c, text, sizeof(text), &err), STATUS_INTERNAL);
    c = usual();
    c.audience[0] = '\0';
    assert_status(token_sign(keys, &c, text, sizeof(text), &err), STATUS_INTERNAL);
    c = usual();
    c.expires_at = 0;
    assert_status(token_sign(keys, &c, text, sizeof(text), &err), STATUS_INTERNAL);
}

static void expiry_is_exact_to_the_second(void **state)
{
    (void)state;
    struct token_claims c = usual(), back;
    c.expires_at = NOW + 1;
    assert_ok(verify(signed_text(&c), &back));
    c.expires_at = NOW;
    assert_status(verify(signed_text(&c), &back), STATUS_UNAUTHENTICATED);
    assert_string_equal(err.code, "token_expired");
    c.expires_at = NOW - 1;
    assert_status(verify(signed_text(&c), &back), STATUS_UNAUTHENTICATED);
    assert_string_equal(err.code, "token_expired");
}

static void the_audience_must_be_the_one_asked_for(void **state)
{
    (void)state;
    static const char *const others[] = {"refresh", "media", "candidate", "", "acces", "access2", "Access"};
    struct token_claims c = usual(), back;
    char *text = signed_text(&c);
    for (size_t i = 0; i < COUNT(others); i++) {
        assert_status(token_verify(keys, text, strlen(text), others[i], NOW, &back, &err), STATUS_UNAUTHENTICATED);
        assert_string_equal(err.code, "token_invalid");
    }
    c.expires_at = NOW - 1; /* wrong audience and expired: nothing is told of the expiry */
    text = signed_text(&c);
    assert_status(token_verify(keys, text, strlen(text), "media", NOW, &back, &err), STATUS_UNAUTHENTICATED);
    assert_string_equal(err.code, "token_invalid");
}

static void any_flipped_bit_is_noticed(void **state)
{
    (void)state;
    struct token_claims c = usual();
    char *text = signed_text(&c);
    size_t len = strlen(text);
    for (size_t i = 0; i < len; i++) {
        for (int bit = 0; bit < 8; bit++) {
            char changed[TOKEN_TEXT_SIZE];
            memcpy(changed, text, len + 1);
            changed[i] = (char)(changed[i] ^ (1 << bit));
            struct token_claims back;
            assert_status(token_verify(keys, changed, len, "access", NOW, &back, &err), STATUS_UNAUTHENTICATED);
            assert_string_equal(err.code, "token_invalid");
        }
    }
}

/* 43 characters hold two bits more than the 32 bytes of the signature: they must be zero, or one token had four
 * spellings. */
static void the_signature_has_one_spelling(void **state)
{
    (void)state;
    static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_+/=";
    struct token_claims c = usual(), back;
    char *text = signed_text(&c), last = text[strlen(text) - 1];
    int accepted = 0;
    for (const char *a = alphabet; *a != '\0'; a++) {
        text[strlen(text) - 1] = *a;
        if (verify(text, &back) == STATUS_OK) {
            accepted++;
            assert_int_equal(*a, last);
        }
    }
    assert_int_equal(accepted, 1);
}

static void truncated_or_extended_tokens_are_refused(void **state)
{
    (void)state;
    struct token_claims c = usual(), back;
    char text[TOKEN_TEXT_SIZE + 8];
    strcpy(text, signed_text(&c));
    size_t len = strlen(text);
    for (size_t n = 0; n < len; n++)
        assert_status(token_verify(keys, text, n, "access", NOW, &back, &err), STATUS_UNAUTHENTICATED);
    assert_status(token_verify(keys, text, len + 1, "access", NOW, &back, &err), STATUS_UNAUTHENTICATED); /* its NUL */
    strcat(text, "A");
    expect_invalid(text);
    text[len] = '.';
    expect_invalid(text);
    text[len] = ' ';
    expect_invalid(text);
    char huge[5000];
    memset(huge, 'a', sizeof(huge));
    assert_status(token_verify(keys, huge, sizeof(huge), "access", NOW, &back, &err), STATUS_UNAUTHENTICATED);
}

static void garbage_is_refused(void **state)
{
    (void)state;
    static const char *const bad[] = {"",           ".",           "..",       "...",      "a.b.c",
                                      "e30.e30.",   "e30.e30.e30", "bearer x", "{}.{}.{}", "bnVsbA.bnVsbA.bnVsbA",
                                      "W10.W10.W10"};
    for (size_t i = 0; i < COUNT(bad); i++)
        expect_invalid(bad[i]);
}

static void only_hs256_with_our_key_id_is_taken(void **state)
{
    (void)state;
    struct token_claims c = usual(), back;
    char header[256], payload[512], other[256];
    char *text = signed_text(&c);
    decode_part(text, 0, header, sizeof(header));
    decode_part(text, 1, payload, sizeof(payload));
    assert_ok(verify(forge(header, payload, secret), &back)); /* the forge itself works */
    expect_invalid(forge(header, payload, "another-secret-of-32-characters!"));

    static const char *const algs[] = {"none",  "None",  "NONE",  "HS384", "HS512",
                                       "RS256", "ES256", "hs256", "",      "HS256 "};
    const char *kid = strstr(header, "\"kid\":\"") + 7;
    for (size_t i = 0; i < COUNT(algs); i++) {
        snprintf(other, sizeof(other), "{\"alg\":\"%s\",\"typ\":\"JWT\",\"kid\":\"%.16s\"}", algs[i], kid);
        expect_invalid(forge(other, payload, secret));
        char *unsigned_text = forge(other, payload, secret);
        *(strrchr(unsigned_text, '.') + 1) = '\0'; /* "none" as it is meant: with an empty signature */
        expect_invalid(unsigned_text);
    }
    expect_invalid(forge("{\"alg\":\"HS256\",\"typ\":\"JWT\"}", payload, secret));
    expect_invalid(forge("{\"alg\":\"HS256\",\"typ\":\"JWT\",\"kid\":\"0000000000000000\"}", payload, secret));
    expect_invalid(forge("{\"alg\":\"HS256\",\"typ\":\"JWT\",\"kid\":7}", payload, secret));
    snprintf(other, sizeof(other), "{\"typ\":\"JWT\",\"kid\":\"%.16s\"}", kid);
    expect_invalid(forge(other, payload, secret));
    snprintf(other, sizeof(other), "{\"alg\":\"none\",\"alg\":\"HS256\",\"kid\":\"%.16s\"}", kid);
    expect_invalid(forge(other, payload, secret));
}

/* HS512 with the right secret, really signed so: the algorithm of the header must not decide. */
static void a_stronger_algorithm_is_not_ours_either(void **state)
{
    (void)state;
    struct token_claims c = usual();
    char header[256], payload[512];
    char *text = signed_text(&c);
    decode_part(text, 0, header, sizeof(header));
    decode_part(text, 1, payload, sizeof(payload));
    jwt_t *j = NULL;
    assert_int_equal(jwt_new(&j), 0);
    assert_int_equal(jwt_add_grants_json(j, payload), 0);
    char kid[17] = "";
    memcpy(kid, strstr(header, "\"kid\":\"") + 7, 16);
    assert_int_equal(jwt_add_header(j, "kid", kid), 0);
    assert_int_equal(jwt_set_alg(j, JWT_ALG_HS512, (const unsigned char *)secret, (int)strlen(secret)), 0);
    char *strong = jwt_encode_str(j);
    assert_non_null(strong);
    expect_invalid(strong);
    free(strong);
    jwt_free(j);
}

static void claims_of_the_wrong_form_are_refused(void **state)
{
    (void)state;
    struct token_claims c = usual(), back;
    char header[256], payload[1024];
    char *text = signed_text(&c);
    decode_part(text, 0, header, sizeof(header));
    const char *id = "0190a000-0000-7000-8000-00000000abcd";
    static const char *const bodies[] = {
        "{\"sub\":\"%s\",\"jti\":\"%s\",\"aud\":\"access\",\"role\":\"\",\"scope\":\"\",\"iat\":1,\"exp\":1900000000}",
        "{\"sub\":\"x%s\",\"jti\":\"%s\",\"aud\":\"access\",\"role\":\"\",\"scope\":\"\",\"iat\":1,\"exp\":1900000000}",
        "{\"sub\":\"%s\",\"jti\":\"x%s\",\"aud\":\"access\",\"role\":\"\",\"scope\":\"\",\"iat\":1,\"exp\":1900000000}",
        "{\"subj\":\"%s\",\"jti\":\"%s\",\"aud\":\"access\",\"role\":\"\",\"scope\":\"\",\"iat\":1,\"exp\":1900000000}",
        "{\"sub\":\"%s\",\"jti\":\"%s\",\"aud\":[\"access\"],\"role\":\"\",\"scope\":\"\",\"iat\":1,\"exp\":"
        "1900000000}",
        "{\"sub\":\"%s\",\"jti\":\"%s\",\"role\":\"\",\"scope\":\"\",\"iat\":1,\"exp\":1900000000}",
        "{\"sub\":\"%s\",\"jti\":\"%s\",\"aud\":\"access\",\"scope\":\"\",\"iat\":1,\"exp\":1900000000}",
        "{\"sub\":\"%s\",\"jti\":\"%s\",\"aud\":\"access\",\"role\":\"a-role-too-long-for-it\",\"scope\":\"\",\"iat\":"
        "1,"
        "\"exp\":1900000000}",
        "{\"sub\":\"%s\",\"jti\":\"%s\",\"aud\":\"access\",\"role\":\"\",\"scope\":\"\",\"iat\":1}",
        "{\"sub\":\"%s\",\"jti\":\"%s\",\"aud\":\"access\",\"role\":\"\",\"scope\":\"\",\"iat\":1,\"exp\":"
        "\"1900000000\"}",
        "{\"sub\":\"%s\",\"jti\":\"%s\",\"aud\":\"access\",\"role\":\"\",\"scope\":\"\",\"exp\":1900000000}",
        "[\"%s\",\"%s\"]",
    };
    for (size_t i = 0; i < COUNT(bodies); i++) {
        snprintf(payload, sizeof(payload), bodies[i], id, id);
        if (i == 0)
            assert_ok(verify(forge(header, payload, secret), &back));
        else
            expect_invalid(forge(header, payload, secret));
    }
}

static void not_before_is_kept_to_the_second(void **state)
{
    (void)state;
    struct token_claims c = usual(), back;
    char header[256], payload[1024];
    decode_part(signed_text(&c), 0, header, sizeof(header));
    for (int shift = -1; shift <= 1; shift++) {
        snprintf(payload, sizeof(payload),
                 "{\"sub\":\"%s\",\"jti\":\"%s\",\"aud\":\"access\",\"role\":\"\",\"scope\":\"\",\"iat\":1,\"exp\":"
                 "1900000000,"
                 "\"nbf\":%d}",
                 "0190a000-0000-7000-8000-00000000abcd", "0190a000-0000-7000-8000-00000000abcd", NOW + shift);
        char *text = forge(header, payload, secret);
        if (shift <= 0)
            assert_ok(verify(text, &back));
        else
            expect_invalid(text);
    }
}

static void keys_differ_and_short_secrets_are_refused(void **state)
{
    (void)state;
    struct token_claims c = usual(), back;
    assert_null(token_keys_new(secret, TOKEN_SECRET_MIN - 1));
    assert_null(token_keys_free(NULL));
    struct token_keys *other = token_keys_new("fedcba9876543210fedcba9876543210", 32);
    struct token_keys *same = token_keys_new(secret, strlen(secret));
    char *text = signed_text(&c);
    assert_status(token_verify(other, text, strlen(text), "access", NOW, &back, &err), STATUS_UNAUTHENTICATED);
    assert_ok(token_verify(same, text, strlen(text), "access", NOW, &back, &err)); /* after a restart */
    token_keys_free(other);
    token_keys_free(same);
}

/* A header that brings its own key, or says where one lies: signed with that key it is nobody's; and with ours, which
 * an attacker has not, what it says is not looked at. */
static void keys_in_the_header_are_not_taken(void **state)
{
    (void)state;
    struct token_claims c = usual();
    char header[256], payload[512], other[256], kid[17] = "";
    static const char attacker[] = "attacker-attacker-attacker-attac";
    char *text = signed_text(&c);
    decode_part(text, 0, header, sizeof(header));
    decode_part(text, 1, payload, sizeof(payload));
    memcpy(kid, strstr(header, "\"kid\":\"") + 7, 16);
    static const char *const extra[] = {
        "\"jwk\":{\"kty\":\"oct\",\"k\":\"YXR0YWNrZXItYXR0YWNrZXItYXR0YWNrZXItYXR0YWM\"}",
        "\"jku\":\"https://evil.example/keys.json\"",
        "\"x5u\":\"https://evil.example/key.pem\"",
        "\"x5c\":[\"YXR0YWNrZXI=\"]",
    };
    for (size_t i = 0; i < COUNT(extra); i++) {
        snprintf(other, sizeof(other), "{\"alg\":\"HS256\",\"typ\":\"JWT\",\"kid\":\"%s\",%s}", kid, extra[i]);
        expect_invalid(forge(other, payload, attacker));
        snprintf(other, sizeof(other), "{\"alg\":\"HS256\",\"typ\":\"JWT\",%s}", extra[i]);
        expect_invalid(forge(other, payload, attacker));
        expect_invalid(forge(other, payload, secret));
    }
    static const char *const kids[] = {"../../../../dev/null", "' OR 1=1 --", "/proc/self/environ", "", "0"};
    for (size_t i = 0; i < COUNT(kids); i++) {
        snprintf(other, sizeof(other), "{\"alg\":\"HS256\",\"typ\":\"JWT\",\"kid\":\"%s\"}", kids[i]);
        expect_invalid(forge(other, payload, secret));
        expect_invalid(forge(other, payload, ""));
    }
}

static void only_tokens_of_our_type_are_taken(void **state)
{
    (void)state;
    struct token_claims c = usual(), back;
    char header[256], payload[512], other[256], kid[17] = "";
    char *text = signed_text(&c);
    decode_part(text, 0, header, sizeof(header));
    decode_part(text, 1, payload, sizeof(payload));
    memcpy(kid, strstr(header, "\"kid\":\"") + 7, 16);
    static const char *const types[] = {"\"typ\":\"JWT\",", "\"typ\":\"at+jwt\",", "\"typ\":\"JWE\",", "\"typ\":7,",
                                        ""};
    for (size_t i = 0; i < COUNT(types); i++) {
        snprintf(other, sizeof(other), "{\"alg\":\"HS256\",%s\"kid\":\"%s\"}", types[i], kid);
        if (i == 0)
            assert_ok(verify(forge(other, payload, secret), &back));
        else
            expect_invalid(forge(other, payload, secret));
    }
}

/* After a rotation the old key verifies and the new one signs; once the old one is gone, so are its tokens. */
static void an_old_key_verifies_until_it_is_removed(void **state)
{
    (void)state;
    static const char fresh[] = "fedcba9876543210fedcba9876543210";
    struct token_claims c = usual(), back;
    char old_text[TOKEN_TEXT_SIZE], new_text[TOKEN_TEXT_SIZE];
    strcpy(old_text, signed_text(&c));
    struct token_keys *both = token_keys_new(fresh, strlen(fresh)), *alone = token_keys_new(fresh, strlen(fresh));
    assert_true(token_keys_add(both, secret, strlen(secret)));
    assert_string_equal(token_keys_id(both, 0), token_keys_id(alone, 0));
    assert_string_equal(token_keys_id(both, 1), token_keys_id(keys, 0));
    assert_null(token_keys_id(both, 2));
    assert_ok(token_verify(both, old_text, strlen(old_text), "access", NOW, &back, &err));
    assert_ok(token_sign(both, &c, new_text, sizeof(new_text), &err));
    assert_ok(token_verify(both, new_text, strlen(new_text), "access", NOW, &back, &err));
    assert_ok(token_verify(alone, new_text, strlen(new_text), "access", NOW, &back, &err)); /* the new one signed */
    expect_invalid(new_text);                                                               /* not the old one */
    assert_status(token_verify(alone, old_text, strlen(old_text), "access", NOW, &back, &err), STATUS_UNAUTHENTICATED);

    char header[256], payload[512]; /* one key's id with the other's signature */
    decode_part(old_text, 0, header, sizeof(header));
    decode_part(old_text, 1, payload, sizeof(payload));
    char *crossed = forge(header, payload, fresh);
    assert_status(token_verify(both, crossed, strlen(crossed), "access", NOW, &back, &err), STATUS_UNAUTHENTICATED);

    assert_false(token_keys_add(both, secret, TOKEN_SECRET_MIN - 1));
    while (token_keys_id(both, TOKEN_KEYS_MAX - 1) == NULL)
        assert_true(token_keys_add(both, secret, strlen(secret)));
    assert_false(token_keys_add(both, secret, strlen(secret)));
    token_keys_free(both);
    token_keys_free(alone);
}

static void derived_secrets_differ_by_label_and_key(void **state)
{
    (void)state;
    uint8_t a[TOKEN_DERIVED_SIZE], b[TOKEN_DERIVED_SIZE], same[TOKEN_DERIVED_SIZE], other[TOKEN_DERIVED_SIZE];
    struct token_keys *k = token_keys_new("fedcba9876543210fedcba9876543210", 32);
    token_keys_derive(keys, "a", a);
    token_keys_derive(keys, "b", b);
    token_keys_derive(keys, "a", same);
    token_keys_derive(k, "a", other);
    assert_memory_equal(a, same, sizeof(a));
    assert_memory_not_equal(a, b, sizeof(a));
    assert_memory_not_equal(a, other, sizeof(a));
    token_keys_free(k);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(claims_come_back_as_they_were),
        cmocka_unit_test(a_token_gets_an_id_of_its_own),
        cmocka_unit_test(the_largest_claims_fit),
        cmocka_unit_test(what_is_missing_is_not_signed),
        cmocka_unit_test(expiry_is_exact_to_the_second),
        cmocka_unit_test(the_audience_must_be_the_one_asked_for),
        cmocka_unit_test(any_flipped_bit_is_noticed),
        cmocka_unit_test(the_signature_has_one_spelling),
        cmocka_unit_test(truncated_or_extended_tokens_are_refused),
        cmocka_unit_test(garbage_is_refused),
        cmocka_unit_test(only_hs256_with_our_key_id_is_taken),
        cmocka_unit_test(a_stronger_algorithm_is_not_ours_either),
        cmocka_unit_test(claims_of_the_wrong_form_are_refused),
        cmocka_unit_test(not_before_is_kept_to_the_second),
        cmocka_unit_test(keys_in_the_header_are_not_taken),
        cmocka_unit_test(only_tokens_of_our_type_are_taken),
        cmocka_unit_test(an_old_key_verifies_until_it_is_removed),
        cmocka_unit_test(derived_secrets_differ_by_label_and_key),
        cmocka_unit_test(keys_differ_and_short_secrets_are_refused),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
