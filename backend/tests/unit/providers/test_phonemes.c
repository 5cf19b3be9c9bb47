#include "speech_fixture.h"

#include "providers/tts/phonemes.h"

#define MS(n) ((n) / 1000.0)

static const char *const written[] = {"zero", "one", "two"};

static void check_cover(const struct phoneme *p, size_t n, double total)
{
    assert_true(n > 0 && p[0].start == 0);
    for (size_t i = 0; i < n; i++) {
        assert_true(p[i].end > p[i].start);
        assert_true(i == 0 || fabs(p[i].start - p[i - 1].end) < 1e-9);
    }
    assert_true(fabs(p[n - 1].end - total) < 1e-9);
}

static void code_points_become_symbols(void **state)
{
    /* ^ tʃ ˈaɪ gap t oʊ . $ */
    const struct unit u[] = {{0, NO_WORD, MS(40)}, {'t', 0, MS(30)},   {0x283, 0, MS(30)},      {0x2c8, 0, MS(10)},
                             {'a', 0, MS(60)},     {0x26a, 0, MS(40)}, {' ', NO_WORD, MS(20)},  {'t', 1, MS(30)},
                             {'o', 1, MS(50)},     {0x28a, 1, MS(50)}, {'.', NO_WORD, MS(100)}, {0, NO_WORD, MS(40)}};
    static const char *const want[] = {"sil", "tʃ", "aɪ", "t", "oʊ", "sil"};
    struct phoneme p[16];
    struct word_time w[16];
    size_t n = 0, n_words = 0;
    (void)state;
    phonemes_from_units(u, sizeof u / sizeof *u, (const char **)written, p, &n, w, &n_words);
    check_cover(p, n, 0.5);
    assert_int_equal(n, 6);
    for (size_t i = 0; i < n; i++)
        assert_string_equal(p[i].phoneme, want[i]);
    assert_true(fabs(p[2].end - p[2].start - MS(130)) < 1e-9); /* with its stress mark and the short gap after it */
    assert_true(fabs(p[5].end - p[5].start - MS(140)) < 1e-9); /* the mark and the end are one silence */
    assert_int_equal(n_words, 2);
    assert_string_equal(w[0].word, "zero");
    assert_true(fabs(w[0].start - MS(40)) < 1e-9 && fabs(w[1].start - MS(230)) < 1e-9);
}

static void long_gaps_are_silence_and_short_ones_are_not(void **state)
{
    const struct unit u[] = {
        {'m', 0, MS(50)}, {' ', NO_WORD, MS(70)}, {'m', 1, MS(50)}, {' ', NO_WORD, MS(50)}, {'m', 2, MS(50)}};
    struct phoneme p[8];
    struct word_time w[8];
    size_t n = 0, n_words = 0;
    (void)state;
    phonemes_from_units(u, 5, (const char **)written, p, &n, w, &n_words);
    check_cover(p, n, 0.27);
    assert_int_equal(n, 4);
    assert_string_equal(p[1].phoneme, "sil");
    assert_string_equal(p[2].phoneme, "m");
    assert_string_equal(p[3].phoneme, "m");
}

static void unknown_sounds_still_have_a_mouth(void **state)
{
    const struct unit u[] = {{0x2b2, 0, MS(10)}, {0x0298, 0, MS(50)}, {'r', 0, MS(50)}};
    struct phoneme p[8];
    struct word_time w[8];
    size_t n = 0, n_words = 0;
    (void)state;
    phonemes_from_units(u, 3, (const char **)written, p, &n, w, &n_words);
    check_cover(p, n, 0.11);
    assert_string_equal(p[0].phoneme, "sil");
    assert_string_equal(p[1].phoneme, "ə");
    assert_string_equal(p[2].phoneme, "ɹ");
}

static void joined_words_are_taken_apart(void **state)
{
    static const char *const alone[] = {"ˈʌv", "ðə", "tˈiːm"};
    struct arena *a = arena_new(1 << 20);
    struct error err = {0};
    size_t *owner = NULL;
    (void)state;
    assert_int_equal(phonemes_align("ʌvðə tˈiːm", alone, 3, a, &owner, &err), STATUS_OK);
    const size_t want[] = {0, 0, 1, 1, 2, 2, 2, 2, 2, 2};
    assert_int_equal(ipa_length("ʌvðə tˈiːm"), 10);
    for (size_t i = 0; i < 10; i++)
        assert_int_equal(owner[i], want[i]);
    assert_int_equal(phonemes_align("ʌv ðə", NULL, 2, a, &owner, &err), STATUS_OK);
    assert_int_equal(owner[1], 0);
    assert_int_equal(owner[3], 1);
    arena_free(a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(code_points_become_symbols),
        cmocka_unit_test(long_gaps_are_silence_and_short_ones_are_not),
        cmocka_unit_test(unknown_sounds_still_have_a_mouth),
        cmocka_unit_test(joined_words_are_taken_apart),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
