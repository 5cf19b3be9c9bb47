#include "speech_fixture.h"

#include "providers/tts/script.h"

/* The spoken words and marks of a text, as one string. */
static char *spoken(const char *text)
{
    static char out[4096];
    struct arena *a = arena_new(16 << 20);
    struct script *s = NULL;
    struct error err = {0};
    out[0] = '\0';
    if (script_make(text, a, &s, &err) != STATUS_OK)
        snprintf(out, sizeof out, "!%s", err.code);
    for (size_t c = 0; s != NULL && c < s->n_clauses; c++) {
        for (size_t i = 0; i < s->clauses[c].n; i++) {
            strcat(out, out[0] == '\0' ? "" : " ");
            strcat(out, s->words[s->clauses[c].first + i].text);
        }
        if (s->clauses[c].mark != 0)
            strncat(out, &s->clauses[c].mark, 1);
    }
    arena_free(a);
    return out;
}

static void check(const char *(*table)[2], size_t n)
{
    for (size_t i = 0; i < n; i++)
        assert_string_equal(spoken(table[i][0]), table[i][1]);
}

static void numbers_are_said_as_people_say_them(void **state)
{
    const char *table[][2] = {
        {"He earns $1,250 a month.", "He earns one thousand two hundred fifty dollars a month."},
        {"$3.50", "three dollars and fifty cents."},
        {"$0.99", "ninety nine cents."},
        {"$1", "one dollar."},
        {"$1.5M", "one point five million dollars."},
        {"$5 million more", "five million dollars more."},
        {"$80k-$100k", "eighty thousand to one hundred thousand dollars."},
        {"\u20ac20 or \u00a31", "twenty euros or one pound."},
        {"99.9% of 1,234,567",
         "ninety nine point nine percent of one million two hundred thirty four thousand five hundred sixty seven."},
        {"1st, 2nd, 3rd, 12th, 20th, 21st", "first, second, third, twelfth, twentieth, twenty first."},
        {"10:30, 9:05, 14:00", "ten thirty, nine oh five, fourteen hundred."},
        {"at 5:00", "at five o'clock."},
        {"12/25/2024 and 2024-12-25",
         "December twenty fifth twenty twenty four and December twenty fifth twenty twenty four."},
        {"in 2019, in 2005, in 1900", "in twenty nineteen, in two thousand five, in nineteen hundred."},
        {"the 1990s", "the nineteen nineties."},
        {"3-5 people", "three to five people."},
        {"1/2 and 3/4", "one half and three quarters."},
        {"-5 or +3", "minus five or plus three."},
        {"555-1234", "five five five, one two three four."},
        {"100ms, 5km, 2 kg, 1GB", "one hundred milliseconds, five kilometers, two kilograms, one gigabyte."},
        {"20\u00b0C", "twenty degrees celsius."},
        {"version 2.0.1", "version two point zero point one."},
        {"007", "zero zero seven."},
        {"Jan. 5, 2020", "January fifth, twenty twenty."},
    };
    (void)state;
    check(table, sizeof table / sizeof *table);
}

static void abbreviations_do_not_end_sentences(void **state)
{
    const char *table[][2] = {
        {"Dr. Smith met Mr. Jones.", "doctor Smith met mister Jones."},
        {"Fruit, e.g. apples, i.e. food.", "Fruit, for example apples, that is food."},
        {"Pens, paper, etc. The end.", "Pens, paper, et cetera. The end."},
        {"No. 5 is alive. I said no.", "number five is alive. I said no."},
        {"on Main St. in St. Louis", "on Main street in saint Louis."},
        {"Acme Inc. grew.", "Acme incorporated grew."},
        {"A vs. B", "A versus [['bi:]]."},
    };
    (void)state;
    check(table, sizeof table / sizeof *table);
}

static void capitals_and_terms(void **state)
{
    const char *table[][2] = {
        {"the API", "the [[,eI,pi:'aI]]."},
        {"two APIs", "two [[,eI,pi:'aIz]]."},
        {"NASA", "nasa."},
        {"do NOT go", "do not go."},
        {"PLEASE DO NOT SHOUT AT ME", "please do not shout at me."},
        {"C++ and C#", "[['si:]] plus plus and [['si:]] sharp."},
        {"Node.js", "node [[,dZeI'Es]]."},
        {"ann.lee@example.com", "ann dot lee at example dot com."},
        {"https://www.example.com/jobs.", "example dot com slash jobs."},
        {"snake_case and camelCase", "snake case and camel Case."},
        {"R&D, A & B", "[['A@]] and [['di:]], A and [['bi:]]."},
    };
    (void)state;
    check(table, sizeof table / sizeof *table);
}

static void punctuation_makes_clauses(void **state)
{
    const char *table[][2] = {
        {"\u201cWhy,\u201d she asked (quietly), \u201cdid you \u2014 of all people \u2014 leave?\u201d",
         "Why, she asked, quietly, did you, of all people, leave?"},
        {"Wait... what?!", "Wait. what?"},
        {"One\nTwo", "One. Two."},
        {"it\u2019s John\u2019s", "it's John's."},
        {"Really?? Yes!!!", "Really? Yes!"},
        {"caf\u00e9 na\u00efve", "caf\u00e9 na\u00efve."},
        {"\U0001f600 only \u65e5\u672c?", "only?"},
    };
    (void)state;
    check(table, sizeof table / sizeof *table);
}

static void nothing_to_say_is_an_error(void **state)
{
    (void)state;
    assert_string_equal(spoken(""), "!text_empty");
    assert_string_equal(spoken(" \n\t "), "!text_empty");
    assert_string_equal(spoken("???"), "!text_empty");
    assert_string_equal(spoken("\U0001f600"), "!text_empty");
    char *large = malloc(SCRIPT_TEXT_MAX + 2);
    memset(large, 'a', SCRIPT_TEXT_MAX + 1);
    large[SCRIPT_TEXT_MAX + 1] = '\0';
    assert_string_equal(spoken(large), "!text_too_long");
    free(large);
}

static void words_point_at_what_was_written(void **state)
{
    struct arena *a = arena_new(1 << 20);
    struct script *s = NULL;
    struct error err = {0};
    (void)state;
    assert_int_equal(script_make("Pay $5 million, \u201cnow\u201d.", a, &s, &err), STATUS_OK);
    assert_int_equal(s->n_written, 4);
    assert_string_equal(s->written[3], "\u201cnow\u201d.");
    assert_int_equal(s->words[0].source, 0);
    assert_string_equal(s->words[s->n_words - 1].text, "now");
    assert_int_equal(s->words[s->n_words - 1].source, 3);
    arena_free(a);
}

static void long_text_is_cut_into_clauses_that_fit(void **state)
{
    struct arena *a = arena_new(64 << 20);
    struct script *s = NULL;
    struct error err = {0};
    char *text = calloc(1, 60001);
    (void)state;
    for (int i = 0; i < 10000; i++)
        strcpy(text + 6 * i, "seven ");
    assert_int_equal(script_make(text, a, &s, &err), STATUS_OK);
    assert_int_equal(s->n_words, 10000);
    for (size_t c = 0; c < s->n_clauses; c++) {
        size_t bytes = 0;
        for (size_t i = 0; i < s->clauses[c].n; i++)
            bytes += strlen(s->words[s->clauses[c].first + i].text) + 1;
        assert_true(bytes <= 200 && s->clauses[c].n > 0);
    }
    free(text);
    arena_free(a);
}

/* Whatever the bytes, it ends, stays inside its memory (the sanitizers watch) and gives words or an error. */
static void any_bytes_are_survived(void **state)
{
    static const char pool[] =
        "aZ09 .,;:!?'\"()[]{}<>-_/\\@#$%^&*+=~`|\n\t\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80\x80\xff";
    uint32_t seed = 7;
    (void)state;
    for (int round = 0; round < 3000; round++) {
        char text[64];
        size_t n = 0;
        for (; n < sizeof text - 1; n++) {
            seed = seed * 1664525u + 1013904223u;
            text[n] = pool[(seed >> 8) % (sizeof pool - 1)];
        }
        text[n] = '\0';
        struct arena *a = arena_new(4 << 20);
        struct script *s = NULL;
        struct error err = {0};
        enum status st = script_make(text, a, &s, &err);
        assert_true(st == STATUS_OK ? s->n_words > 0 && s->n_clauses > 0 : st == STATUS_INVALID);
        arena_free(a);
    }
}

static void numbers_in_words(void **state)
{
    char out[256];
    (void)state;
    number_words(0, out);
    assert_string_equal(out, "zero");
    number_words(1000000, out);
    assert_string_equal(out, "one million");
    number_words(999999999999999ull, out);
    assert_string_equal(
        out, "nine hundred ninety nine trillion nine hundred ninety nine billion nine hundred ninety nine million "
             "nine hundred ninety nine thousand nine hundred ninety nine");
    ordinal_words(30, out);
    assert_string_equal(out, "thirtieth");
    year_words(1905, out);
    assert_string_equal(out, "nineteen oh five");
    year_words(2000, out);
    assert_string_equal(out, "two thousand");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(numbers_are_said_as_people_say_them),
        cmocka_unit_test(abbreviations_do_not_end_sentences),
        cmocka_unit_test(capitals_and_terms),
        cmocka_unit_test(punctuation_makes_clauses),
        cmocka_unit_test(nothing_to_say_is_an_error),
        cmocka_unit_test(words_point_at_what_was_written),
        cmocka_unit_test(long_text_is_cut_into_clauses_that_fit),
        cmocka_unit_test(any_bytes_are_survived),
        cmocka_unit_test(numbers_in_words),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
