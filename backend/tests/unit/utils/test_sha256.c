#include "unit/base/check.h"

#include "utils/sha256.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char abc_hex[] = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

static void known_digests(void **state)
{
    (void)state;
    uint8_t d[SHA256_SIZE];
    char hex[SHA256_HEX_SIZE];
    sha256_bytes("abc", 3, d); /* FIPS 180-2, appendix B */
    sha256_hex(d, hex);
    assert_string_equal(hex, abc_hex);
    sha256_bytes("", 0, d);
    sha256_hex(d, hex);
    assert_string_equal(hex, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
}

static void pieces_give_the_same_as_the_whole(void **state)
{
    (void)state;
    uint8_t data[1000], whole[SHA256_SIZE], parts[SHA256_SIZE];
    for (size_t i = 0; i < sizeof(data); i++)
        data[i] = (uint8_t)(i * 31);
    sha256_bytes(data, sizeof(data), whole);
    for (size_t step = 1; step < 200; step++) {
        struct sha256 s;
        sha256_init(&s);
        for (size_t at = 0; at < sizeof(data); at += step)
            sha256_update(&s, data + at, sizeof(data) - at < step ? sizeof(data) - at : step);
        sha256_final(&s, parts);
        assert_true(sha256_equal(whole, parts));
    }
    parts[31] ^= 1;
    assert_false(sha256_equal(whole, parts));
}

static void hex_is_parsed_strictly(void **state)
{
    (void)state;
    uint8_t d[SHA256_SIZE], wanted[SHA256_SIZE];
    char text[80];
    sha256_bytes("abc", 3, wanted);
    assert_true(sha256_parse(abc_hex, d));
    assert_true(sha256_equal(d, wanted));
    for (size_t i = 0; i < 64; i++)
        text[i] = (char)(abc_hex[i] >= 'a' ? abc_hex[i] - 32 : abc_hex[i]);
    text[64] = '\0';
    assert_true(sha256_parse(text, d));
    assert_true(sha256_equal(d, wanted));
    for (size_t i = 0; i < 64; i++) { /* one wrong digit anywhere */
        memcpy(text, abc_hex, 65);
        text[i] = 'g';
        assert_false(sha256_parse(text, d));
        text[i] = ' ';
        assert_false(sha256_parse(text, d));
        text[i] = '\0';
        assert_false(sha256_parse(text, d));
    }
    snprintf(text, sizeof(text), "%s0", abc_hex);
    assert_false(sha256_parse(text, d));
    assert_false(sha256_parse("", d));
    assert_false(sha256_parse(NULL, d));
    assert_true(sha256_equal(d, wanted)); /* untouched on failure */
}

static void files_are_streamed(void **state)
{
    (void)state;
    char path[] = "/tmp/viva-sha-XXXXXX";
    uint8_t d[SHA256_SIZE], wanted[SHA256_SIZE];
    struct error err;
    size_t n = 300007;
    char *data = calloc(1, n);
    int fd = mkstemp(path);
    assert_int_equal(write(fd, data, n), n);
    close(fd);
    sha256_bytes(data, n, wanted);
    free(data);
    assert_ok(sha256_file(path, d, &err));
    assert_true(sha256_equal(d, wanted));
    unlink(path);
    assert_status(sha256_file(path, d, &err), STATUS_NOT_FOUND);
    assert_string_equal(err.code, "file_missing");
    assert_status(sha256_file("/tmp", d, &err), STATUS_IO);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(known_digests),
        cmocka_unit_test(pieces_give_the_same_as_the_whole),
        cmocka_unit_test(hex_is_parsed_strictly),
        cmocka_unit_test(files_are_streamed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
