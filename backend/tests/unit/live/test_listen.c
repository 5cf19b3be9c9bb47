/* Whole recordings through the live path, with the fakes: speech is what is loud, and whoever shouts has not finished.
 */
#include "unit/base/check.h"

#include "base/buf.h"
#include "live/listen.h"
#include "live/listener.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define RATE     16000
#define SECONDS  60
#define EVENTS   64
#define FINISHED 0.3f /* loudness of speech after which the fake ear takes the turn for over */
#define GOES_ON  0.6f
#define AT(s)    ((size_t)((s)*RATE))
#define CLOSE_BY 0.1

static struct engines engines;
static float sound[SECONDS * RATE];
static size_t sound_n;

static struct {
    struct listen_guess guess;
    enum listen_event_type type;
    double t, start;
    char text[256];
    char words[256];
    double confidence;
} seen[EVENTS];
static size_t n_seen;
static const struct listen_options *wanted; /* beside what every test has; NULL: nothing */
static bool better_later;                   /* what is heard after an answer is surer than what was heard in it */

static int setup(void **state)
{
    (void)state;
    struct provider_config cfg = {.models_dir = "", .parallel = 1, .threads = 1};
    engines_load(&engines, &(struct engine_names){"fake", "fake", "fake", "fake", "fake"}, &cfg);
    memset(sound, 0, sizeof sound);
    memset(seen, 0, sizeof seen);
    sound_n = 0;
    n_seen = 0;
    wanted = NULL;
    better_later = false;
    setenv("VIVA_FAKE_STT_TEXT", "We moved it.", 1);
    return !engines_ready(&engines);
}

static int teardown(void **state)
{
    (void)state;
    unsetenv("VIVA_FAKE_STT_TEXT");
    unsetenv("VIVA_FAKE_STT_CONFIDENCE");
    engines_unload(&engines);
    return 0;
}

static void speak(double seconds, float loudness)
{
    for (size_t i = 0; i < AT(seconds); i++)
        sound[sound_n + i] = loudness * sinf((float)i * 0.2f);
    sound_n += AT(seconds);
}

static void pause(double seconds)
{
    sound_n += AT(seconds);
}

static void on_event(void *u, const struct listen_event *e)
{
    (void)u;
    assert_true(n_seen < EVENTS);
    assert_int_equal(e->guess != NULL, e->type == LISTEN_GUESS);
    if (e->guess != NULL)
        seen[n_seen].guess = *e->guess;
    assert_true(n_seen == 0 || e->t >= seen[n_seen - 1].t);
    seen[n_seen].type = e->type;
    seen[n_seen].t = e->t;
    seen[n_seen].start = e->start;
    strncpy(seen[n_seen].text, e->text ? e->text : "", sizeof seen[0].text - 1);
    if (e->heard != NULL) {
        strncpy(seen[n_seen].words, e->heard->words ? e->heard->words : "", sizeof seen[0].words - 1);
        seen[n_seen].confidence = e->heard->confidence;
    }
    n_seen++;
    if (better_later && e->type == LISTEN_ANSWER_ENDED) {
        setenv("VIVA_FAKE_STT_TEXT", "We removed it all at last.", 1);
        setenv("VIVA_FAKE_STT_CONFIDENCE", "0.9", 1);
    }
}

static const struct patience patience = {.sure_ms = 600, .finished_ms = 1400, .hanging_ms = 3000, .prompt_ms = 12000};

static void run(void)
{
    struct error err = {0};
    struct listen_options o = {.engines = &engines, .patience = patience, .language = "en", .instant = true};
    o.guesses = wanted != NULL && wanted->guesses;
    o.revised = wanted != NULL && wanted->revised;
    o.points = wanted != NULL ? wanted->points : (struct strings){0};
    if (listen_run(&o, sound, sound_n, on_event, NULL, &err) != STATUS_OK)
        fail_msg("%s: %s", err.code, err.message);
}

static size_t count(enum listen_event_type type)
{
    size_t n = 0;
    for (size_t i = 0; i < n_seen; i++)
        n += seen[i].type == type;
    return n;
}

static double when(enum listen_event_type type, size_t which)
{
    for (size_t i = 0; i < n_seen; i++)
        if (seen[i].type == type && which-- == 0)
            return seen[i].t;
    fail_msg("it did not happen");
    return 0;
}

static const char *answer(size_t which)
{
    for (size_t i = 0; i < n_seen; i++)
        if (seen[i].type == LISTEN_ANSWER_ENDED && which-- == 0)
            return seen[i].text;
    return "(none)";
}

static void who_has_finished_waits_least(void **state)
{
    (void)state;
    pause(0.5);
    speak(2, FINISHED);
    run();
    assert_int_equal(count(LISTEN_ANSWER_ENDED), 1);
    assert_true(fabs(when(LISTEN_ANSWER_ENDED, 0) - (2.5 + 0.68)) <= CLOSE_BY) /* 0.95 sure */;
    assert_string_equal(answer(0), "We moved it.");
}

static void whose_voice_goes_on_is_waited_for(void **state)
{
    (void)state;
    speak(2, GOES_ON);
    run();
    assert_int_equal(count(LISTEN_ANSWER_ENDED), 1);
    assert_true(when(LISTEN_ANSWER_ENDED, 0) > 2 + 2.5);
}

static void without_an_ear_the_words_decide(void **state)
{
    (void)state;
    engines.turn = turn_free(engines.turn);
    speak(2, FINISHED);
    run();
    assert_true(fabs(when(LISTEN_ANSWER_ENDED, 0) - (2 + 1.4)) <= CLOSE_BY);
}

/* A pause that the voice bridges is no end: both parts are one answer, and each is written once. */
static void a_thinking_pause_is_no_end(void **state)
{
    (void)state;
    speak(2, GOES_ON);
    pause(2);
    speak(2, FINISHED);
    run();
    assert_int_equal(count(LISTEN_ANSWER_ENDED), 1);
    assert_true(when(LISTEN_ANSWER_ENDED, 0) > 6);
    assert_string_equal(answer(0), "We moved it. We moved it.");
    assert_int_equal(count(LISTEN_SPEECH_STARTED), 2);
    assert_int_equal(count(LISTEN_SPEECH_STOPPED), 2);
}

/* The fake deals its words out evenly over the sound it was given: from before the speech to the silence behind it. */
static void words_are_timed_from_the_answers_start(void **state)
{
    (void)state;
    char expected[128];
    pause(1);
    speak(2, FINISHED);
    run();
    size_t at = 0;
    while (at < n_seen && seen[at].words[0] == '\0')
        at++;
    assert_true(at < n_seen);
    assert_true(fabs(seen[at].confidence - 0.9) < 1e-9);
    double from = 0, first_end = 0;
    assert_int_equal(sscanf(seen[at].words, "[[\"We\",%lf,%lf,0.9]", &from, &first_end), 2);
    assert_true(from > 500 && from < 1000); /* the speech began at 1000, what is kept before it is 300 */
    assert_true(first_end > from && first_end < from + 1100);
    snprintf(expected, sizeof expected, ",[\"moved\",%.0f,", first_end);
    assert_non_null(strstr(seen[at].words, expected));
}

/* Shorter than what ends a stretch of speech: one stretch, and the guess of the first pause is forgotten. */
static void a_short_pause_cuts_nothing(void **state)
{
    (void)state;
    speak(2, GOES_ON);
    pause(0.45);
    speak(2, FINISHED);
    run();
    assert_int_equal(count(LISTEN_SPEECH_STARTED), 1);
    assert_int_equal(count(LISTEN_ANSWER_ENDED), 1);
    assert_string_equal(answer(0), "We moved it.");
}

static void several_answers_in_one_recording(void **state)
{
    (void)state;
    for (int i = 0; i < 3; i++) {
        speak(2, FINISHED);
        pause(4);
    }
    run();
    assert_int_equal(count(LISTEN_ANSWER_ENDED), 3);
    assert_true(when(LISTEN_ANSWER_ENDED, 1) > 6 && when(LISTEN_ANSWER_ENDED, 1) < 10);
}

static void said_so_at_once(void **state)
{
    (void)state;
    setenv("VIVA_FAKE_STT_TEXT", "That's all.", 1);
    speak(2, GOES_ON);
    run();
    assert_true(when(LISTEN_ANSWER_ENDED, 0) < 2 + 0.6);
}

/* What was thought of a pause, and the silence that would have ended the answer in it: by ear alone, as the fake
 * recogniser writes no more than it says. */
static void what_is_thought_of_a_pause_is_told_when_wanted(void **state)
{
    (void)state;
    const char *points[] = {"They moved it", "A backup was made"};
    const struct listen_options want = {.guesses = true, .points = {points, 2}};
    wanted = &want;
    speak(2, GOES_ON);
    pause(1);
    speak(2, FINISHED);
    run();
    assert_int_equal(count(LISTEN_GUESS), 2);
    const struct listen_guess *first = NULL, *second = NULL;
    for (size_t i = 0; i < n_seen; i++)
        if (seen[i].type == LISTEN_GUESS) {
            first = first == NULL ? &seen[i].guess : first;
            second = &seen[i].guess;
        }
    assert_true(fabs(first->since - 2) <= CLOSE_BY && fabs(second->since - 5) <= CLOSE_BY);
    assert_true(first->opinion.over < 0.2 && first->wait_ms == patience.hanging_ms);
    assert_true(second->opinion.over > 0.8 && second->wait_ms == patience.sure_ms);
    assert_true(second->signs.compared && second->signs.covered > 0 && second->signs.covered < 1);
}

static void silence_and_hums_are_no_answer(void **state)
{
    (void)state;
    pause(20);
    run();
    assert_int_equal(n_seen, 0);
    setenv("VIVA_FAKE_STT_TEXT", "", 1);
    speak(2, FINISHED);
    run();
    assert_int_equal(count(LISTEN_ANSWER_ENDED), 0);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

/* Recognition costs nothing here: what is left is how long a word waits for its caption. */
static void words_are_shown_while_they_are_said(void **state)
{
    (void)state;
    speak(4, FINISHED);
    run();
    assert_true(when(LISTEN_PARTIAL, 0) <= 0.8);
    for (size_t i = 1; when(LISTEN_PARTIAL, i) < 4; i++)
        assert_true(when(LISTEN_PARTIAL, i) - when(LISTEN_PARTIAL, i - 1) <= 0.6);
}

/* After a short pause only what came since is recognised anew; what was made out at the pause stands before it. */
static void what_was_said_before_a_pause_stays(void **state)
{
    size_t both = 0;
    (void)state;
    speak(1.5, GOES_ON);
    pause(0.4);
    speak(1.5, GOES_ON);
    run();
    for (size_t i = 0; i < n_seen; i++)
        if (seen[i].type == LISTEN_PARTIAL && seen[i].t > 2.4 && seen[i].t < 3.4) {
            assert_string_equal(seen[i].text, "We moved it. We moved it.");
            both++;
        }
    assert_true(both >= 1);
    assert_string_equal(answer(0), "We moved it.");
}

static void two_pieces_that_are_heard_better_as_a_whole(void)
{
    better_later = true;
    setenv("VIVA_FAKE_STT_CONFIDENCE", "0.5", 1);
    speak(2, GOES_ON);
    pause(1);
    speak(2, FINISHED);
    run();
    assert_string_equal(answer(0), "We moved it. We moved it.");
}

/* Each piece gets its words of the whole, at the time that it was told with. */
static void an_answer_is_heard_again_when_wanted(void **state)
{
    const struct listen_options want = {.revised = true};
    double start[2] = {0};
    size_t pieces = 0, revised = 0;
    (void)state;
    wanted = &want;
    two_pieces_that_are_heard_better_as_a_whole();
    for (size_t i = 0; i < n_seen; i++)
        if (seen[i].type == LISTEN_PARTIAL && seen[i].words[0] != '\0' && pieces < 2)
            start[pieces++] = seen[i].start;
    assert_int_equal(pieces, 2);
    for (size_t i = 0; i < n_seen; i++)
        if (seen[i].type == LISTEN_REVISED) {
            assert_true(revised < 2 && fabs(seen[i].start - start[revised]) < 0.001);
            assert_true(seen[i].t >= when(LISTEN_ANSWER_ENDED, 0) && seen[i].confidence > 0.89);
            assert_string_equal(seen[i].text, revised == 0 ? "We removed it" : "all at last.");
            revised++;
        }
    assert_int_equal(revised, 2);
}

static void nothing_is_heard_again_unless_wanted(void **state)
{
    (void)state;
    two_pieces_that_are_heard_better_as_a_whole();
    assert_int_equal(count(LISTEN_REVISED), 0);
}

/* No guess may have heard it: then it alone says whether the answer is over. */
static void a_piece_is_judged_like_a_guess(void **state)
{
    (void)state;
    static int16_t pcm[RATE];
    struct error err = {0};
    for (size_t i = 0; i < RATE; i++)
        pcm[i] = (int16_t)(32767 * FINISHED * sinf((float)i * 0.2f));
    for (int kind = LISTENING_CAPTION; kind <= LISTENING_FINAL; kind++) {
        struct listening_job j = {.kind = (enum listening_kind)kind, .pcm = pcm, .n = RATE};
        assert_int_equal(listening_job_run(&j, &engines, "en", &err), STATUS_OK);
        assert_int_equal(j.signs.judged, kind != LISTENING_CAPTION);
        free(j.text);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(who_has_finished_waits_least),
        TEST(whose_voice_goes_on_is_waited_for),
        TEST(without_an_ear_the_words_decide),
        TEST(a_thinking_pause_is_no_end),
        TEST(a_short_pause_cuts_nothing),
        TEST(several_answers_in_one_recording),
        TEST(said_so_at_once),
        TEST(silence_and_hums_are_no_answer),
        TEST(words_are_shown_while_they_are_said),
        TEST(what_was_said_before_a_pause_stays),
        TEST(a_piece_is_judged_like_a_guess),
        TEST(an_answer_is_heard_again_when_wanted),
        TEST(nothing_is_heard_again_unless_wanted),
        TEST(what_is_thought_of_a_pause_is_told_when_wanted),
        TEST(words_are_timed_from_the_answers_start),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
