/* What is kept of a recognition beside its text. */
#include "live/heard.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define WORDS_MAX 8

/* Words of half a second each, one after the other. */
struct sentence {
    char text[128];
    char parts[WORDS_MAX][24];
    struct stt_word words[WORDS_MAX];
    struct transcript t;
};

static void say(struct sentence *s, const char *text)
{
    size_t n = 0;
    memset(s, 0, sizeof *s);
    strcpy(s->text, text);
    for (const char *p = text; *p != '\0'; n++) {
        const size_t len = strcspn(p, " ");
        memcpy(s->parts[n], p, len);
        s->words[n] = (struct stt_word){(double)n / 2, (double)n / 2 + 0.5, s->parts[n], 0.9};
        p += len + strspn(p + len, " ");
    }
    s->t = (struct transcript){.text = s->text, .words = s->words, .n_words = n};
}

#define FROM 10000 /* where the sound begins */

static void words_of_the_pieces_beside_are_taken_out(void **state)
{
    static const struct {
        const char *said;
        int64_t from, to;
        const char *kept;
        size_t n;
    } cases[] = {
        {"One two, three four.", INT64_MIN, INT64_MAX, "One two, three four.", 4},
        {"One two, three four.", 10500, INT64_MAX, "two, three four.", 3},
        {"One two, three four.", INT64_MIN, 11000, "One two,", 2},
        {"One two, three four.", 10500, 11500, "two, three", 2},
        {"One two, three four.", 10750, 11250, "two,", 1}, /* the middle decides, and it is within at its begin alone */
        {"no no no no", 11000, 11500, "no", 1},
        {"an and band", 10400, INT64_MAX, "and band", 2},
        {"One two", 20000, INT64_MAX, "", 0},
        {"One two", INT64_MIN, 10000, "", 0},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct sentence s;
        say(&s, cases[i].said);
        heard_keep_own(&s.t, FROM, cases[i].from, cases[i].to);
        assert_string_equal(s.t.text, cases[i].kept);
        assert_int_equal(s.t.n_words, cases[i].n);
        if (cases[i].n > 0)
            assert_memory_equal(s.t.words[0].text, s.t.text, strlen(s.t.words[0].text));
    }
}

static void without_times_of_words_all_stays(void **state)
{
    struct sentence s;
    (void)state;
    say(&s, "One two three");
    s.t.n_words = 0;
    heard_keep_own(&s.t, FROM, 10500, 11000);
    assert_string_equal(s.t.text, "One two three");
    say(&s, "One two three"); /* words that do not stand in the text: nothing is certain */
    strcpy(s.parts[1], "zwei");
    heard_keep_own(&s.t, FROM, 10500, 11000);
    assert_string_equal(s.t.text, "One two three");
}

static void another_language_is_told_when_it_is_sure(void **state)
{
    static const struct {
        double seconds, probability;
        const char *sounds_like, *text, *told;
    } cases[] = {
        {4, 0.99, "de", "Ja.", "de"}, {4, 0.99, "en", "Yes.", ""}, {2.9, 0.99, "de", "Ja.", ""},
        {4, 0.94, "de", "Ja.", ""},   {4, 0.99, "de", "", ""},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char text[16];
        strcpy(text, cases[i].text);
        const struct transcript t = {.language = "en",
                                     .sounds_like = cases[i].sounds_like,
                                     .sounds_like_probability = cases[i].probability,
                                     .duration = cases[i].seconds,
                                     .text = text,
                                     .confidence = 0.5};
        struct heard h = heard_of(&t, 0);
        assert_string_equal(h.language, cases[i].told);
        assert_true(h.confidence == 0.5 && h.words == NULL);
        heard_clear(&h);
    }
}

static void words_are_moved_and_none_before_the_answer(void **state)
{
    struct sentence s;
    (void)state;
    say(&s, "One two");
    struct heard h = heard_of(&s.t, 10000), to = {NULL, 0.1, "fr"};
    char *moved = heard_words_moved(&h, -10250);
    assert_string_equal(moved, "[[\"One\",0,250,0.9],[\"two\",250,750,0.9]]");
    free(moved);
    heard_move(&to, &h);
    assert_non_null(to.words);
    assert_null(h.words);
    assert_true(isnan(h.confidence));
    assert_null(heard_words_moved(&h, 5));
    heard_clear(&to);
    assert_null(to.words);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(words_of_the_pieces_beside_are_taken_out),
        cmocka_unit_test(without_times_of_words_all_stays),
        cmocka_unit_test(another_language_is_told_when_it_is_sure),
        cmocka_unit_test(words_are_moved_and_none_before_the_answer),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
