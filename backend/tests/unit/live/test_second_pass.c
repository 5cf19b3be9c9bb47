/* Pieces become stretches, and stretches their better words. The fake recogniser says what it is told to, surely (0.9),
 * and deals the words out evenly over the sound. */
#include "unit/base/check.h"

#include "live/second_pass.h"

#include <stdlib.h>
#include <string.h>

#define SAMPLES(ms) ((size_t)(ms)*16)

static struct engines engines;

static int setup(void **state)
{
    (void)state;
    struct provider_config cfg = {.models_dir = "", .parallel = 1, .threads = 1};
    engines_load(&engines, &(struct engine_names){"fake", "fake", "fake", "fake", "fake"}, &cfg);
    return !engines_ready(&engines);
}

static int teardown(void **state)
{
    (void)state;
    unsetenv("VIVA_FAKE_STT_TEXT");
    engines_unload(&engines);
    return 0;
}

static char timed[] = "[[\"so\",0,100,0.5]]";

/* Speech from start to end, as loud as `level`, with 300 ms before and 600 ms after it. */
static struct piece piece(int64_t start, int64_t end, int16_t level, const char *text, double sure)
{
    const size_t n = SAMPLES(end - start + 900);
    struct piece p = {.pcm = malloc(n * sizeof(int16_t)),
                      .n = n,
                      .start_ms = start,
                      .end_ms = end,
                      .from_ms = start - 300,
                      .text = strdup(text),
                      .heard = {timed, sure, ""}};
    for (size_t i = 0; i < n; i++)
        p.pcm[i] = level;
    return p;
}

static struct second_pass_stretch *add(struct second_pass_stretch **open, struct piece p, uint8_t id)
{
    struct second_pass_stretch *done = second_pass_add(open, &p, (struct id){{id}});
    free(p.pcm);
    free(p.text);
    return done;
}

static void pieces_lie_at_their_times(void **state)
{
    (void)state;
    struct second_pass_stretch *s = NULL;
    assert_null(add(&s, piece(1000, 2000, 100, "Reply the", 0.5), 1)); /* 700 to 2600 */
    assert_null(add(&s, piece(4000, 5000, 200, "key", 0.5), 2));       /* 3700 to 5600 */
    assert_null(add(&s, piece(5500, 6000, 300, "did", 0.5), 3));       /* 5200 to 6600 */
    assert_int_equal(s->n_parts, 3);
    assert_int_equal(s->from_ms, 700);
    assert_int_equal(s->n, SAMPLES(5900));
    assert_int_equal(s->pcm[SAMPLES(1900) - 1], 100);
    assert_int_equal(s->pcm[SAMPLES(1900)], 0);
    assert_int_equal(s->pcm[SAMPLES(3000) - 1], 0);
    assert_int_equal(s->pcm[SAMPLES(3000)], 200);
    assert_int_equal(s->pcm[SAMPLES(4900) - 1], 200); /* what both heard, once */
    assert_int_equal(s->pcm[SAMPLES(4900)], 300);
    assert_int_equal(s->parts[2].utterance.b[0], 3);
    second_pass_free(s);
}

static void a_stretch_has_an_end(void **state)
{
    (void)state;
    struct second_pass_stretch *s = NULL, *done = NULL;
    assert_null(add(&s, piece(1000, 15000, 1, "One", 0.5), 1));
    assert_null(add(&s, piece(16000, 26000, 1, "two", 0.5), 2));
    done = add(&s, piece(27000, 28000, 1, "three", 0.5), 3); /* more than the recogniser hears at once */
    assert_int_equal(done->n_parts, 2);
    assert_int_equal(s->from_ms, 26700);
    second_pass_free(done);
    done = add(&s, piece(32001, 33000, 1, "four", 0.5), 4); /* a long silence */
    assert_int_equal(done->n_parts, 1);
    second_pass_free(done);
    done = second_pass_end(&s);
    assert_null(s);
    assert_string_equal(done->parts[0].text, "four");
    second_pass_free(done);
    assert_null(second_pass_end(&s));
}

static void what_cannot_be_better_is_not_heard_again(void **state)
{
    (void)state;
    struct second_pass_stretch *s = NULL;
    assert_null(add(&s, piece(1000, 2000, 1, "Sure of it", 0.99), 1));
    assert_null(second_pass_end(&s));
    struct piece foreign = piece(1000, 2000, 1, "Nein", 0.5), untimed = piece(1000, 2000, 1, "No", 0.5);
    strcpy(foreign.heard.language, "de"); /* written down in another language than it was said in */
    untimed.heard.words = NULL;
    assert_null(add(&s, foreign, 1));
    assert_null(second_pass_end(&s));
    assert_null(add(&s, untimed, 1));
    assert_null(second_pass_end(&s));
}

static bool run(struct second_pass_stretch *s, const char *text)
{
    struct error err = {0};
    bool better = false;
    setenv("VIVA_FAKE_STT_TEXT", text, 1);
    assert_int_equal(second_pass_run(s, &engines, "en", &better, &err), STATUS_OK);
    return better;
}

/* 700 to 6600: six words of about a second; the silence's middles are at 3000 and 5250. */
static struct second_pass_stretch *three(double sure)
{
    struct second_pass_stretch *s = NULL;
    add(&s, piece(1000, 2000, 4000, "Reply the key", sure), 1);
    add(&s, piece(4000, 5000, 4000, "did", sure), 2);
    add(&s, piece(5500, 6000, 4000, "not so", sure), 3);
    return s;
}

static void each_piece_gets_its_words_of_the_whole(void **state)
{
    (void)state;
    struct second_pass_stretch *s = three(0.5);
    assert_true(run(s, "Replied he, who did not know"));
    assert_string_equal(s->parts[0].text, "Replied he,");
    assert_string_equal(s->parts[1].text, "who did not");
    assert_string_equal(s->parts[2].text, "know");
    assert_string_equal(s->parts[0].heard.words, "[[\"Replied\",700,1683,0.9],[\"he,\",1683,2667,0.9]]");
    assert_true(s->parts[2].heard.confidence > 0.89 && s->parts[2].heard.confidence < 0.91);
    assert_int_equal(s->parts[1].start_ms, 4000);
    second_pass_free(s);
}

static void what_is_not_better_stays(void **state)
{
    (void)state;
    static const struct {
        double sure;
        const char *whole;
    } cases[] = {
        {0.95, "Replied he, who did not know"}, /* believed less */
        {0.5, "Replied he not"},                /* half of the words are gone */
        {0.5, ""},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct second_pass_stretch *s = three(cases[i].sure);
        assert_false(run(s, cases[i].whole));
        assert_string_equal(s->parts[0].text, "Reply the key");
        assert_string_equal(s->parts[1].text, "did");
        second_pass_free(s);
    }
    struct second_pass_stretch *s = NULL; /* nothing is left for one of the pieces */
    add(&s, piece(1000, 2000, 4000, "I", 0.5), 1);
    add(&s, piece(2700, 2800, 4000, "saw", 0.5), 2);
    add(&s, piece(6000, 9000, 4000, "it", 0.5), 3);
    assert_false(run(s, "Isawit itself alone"));
    assert_string_equal(s->parts[1].text, "saw");
    second_pass_free(s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(pieces_lie_at_their_times),
        cmocka_unit_test(a_stretch_has_an_end),
        cmocka_unit_test(what_cannot_be_better_is_not_heard_again),
        cmocka_unit_test_setup_teardown(each_piece_gets_its_words_of_the_whole, setup, teardown),
        cmocka_unit_test_setup_teardown(what_is_not_better_stays, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
