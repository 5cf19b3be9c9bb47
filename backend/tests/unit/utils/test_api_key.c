#include "unit/base/check.h"

#include "utils/api_key.h"

#include <string.h>

#define A "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
#define B "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb"

static struct error err;

static struct api_keys *make(const char *list)
{
    struct api_keys *k = NULL;
    assert_ok(api_keys_new(list, &k, &err));
    return k;
}

static void each_key_of_the_list_matches(void **state)
{
    static const char *const lists[] = {A "," B, " " A " ,\t" B "\t", B "," A ",", A ",," B};
    (void)state;
    for (size_t i = 0; i < COUNT(lists); i++) {
        struct api_keys *k = make(lists[i]);
        assert_true(api_keys_match(k, A));
        assert_true(api_keys_match(k, B));
        assert_false(api_keys_match(k, ""));
        assert_false(api_keys_match(k, A "a"));
        assert_false(api_keys_match(k, A "," B));
        assert_false(api_keys_match(k, "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"));
        api_keys_free(k);
    }
}

static void no_key_matches_nothing(void **state)
{
    (void)state;
    struct api_keys *k = make("");
    assert_false(api_keys_match(k, ""));
    assert_false(api_keys_match(k, A));
    api_keys_free(k);
    assert_false(api_keys_match(NULL, A));
}

static void weak_keys_are_refused_without_being_shown(void **state)
{
    char longer[API_KEY_MAX + 2];
    memset(longer, 'x', sizeof longer);
    longer[API_KEY_MAX + 1] = '\0';
    const char *bad[] = {
        "tooshort", A ",tooshort", "with a blank in the middle of the key", longer,
        "\xC3\xA9\xC3\xA9\xC3\xA9\xC3\xA9\xC3\xA9\xC3\xA9\xC3\xA9\xC3\xA9\xC3\xA9\xC3\xA9\xC3\xA9\xC3\xA9"
        "\xC3\xA9\xC3\xA9\xC3\xA9\xC3\xA9\xC3\xA9"};
    (void)state;
    for (size_t i = 0; i < COUNT(bad); i++) {
        struct api_keys *k = NULL;
        assert_status(api_keys_new(bad[i], &k, &err), STATUS_INVALID);
        assert_null(k);
        assert_null(strstr(err.message, bad[i]));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_key_of_the_list_matches),
        cmocka_unit_test(no_key_matches_nothing),
        cmocka_unit_test(weak_keys_are_refused_without_being_shown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
