/* The cache and the line of speech jobs, over the fake voice. */
#include "live/speech_cache.h"

#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* ---- a voice that can be held up (a double of providers/provider.h) ---- */

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER; /* guards all that follows */
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;
static bool held, held_within; /* before it begins; after its first part */
static int made, waiting, answered, failed, heard;
static enum tts_parts cut;
static char order[256];
static char known[256]; /* words of the parts there were, as the last one who was told saw them */

static void wait_while(const bool *stuck)
{
    pthread_mutex_lock(&lock);
    waiting++;
    pthread_cond_broadcast(&changed);
    while (*stuck)
        pthread_cond_wait(&changed, &lock);
    waiting--;
    pthread_mutex_unlock(&lock);
}

/* A part of a second for each word; "bad" cannot be said. */
enum status tts_synthesize_parts(struct tts *t, const char *text, const char *voice, double speed, enum tts_parts parts,
                                 struct arena *a, tts_part_fn *on_part, void *u, struct error *err)
{
    (void)t;
    (void)voice;
    (void)speed;
    wait_while(&held);
    pthread_mutex_lock(&lock);
    made++;
    cut = parts;
    snprintf(order + strlen(order), sizeof(order) - strlen(order), "%s ", text);
    pthread_mutex_unlock(&lock);
    enum status st = STATUS_OK;
    char *rest = NULL;
    for (char *w = strtok_r(arena_strdup(a, text), " ", &rest); st == STATUS_OK && w != NULL;) {
        struct word_time word = {w, 0.25, 0.5};
        struct speech s = {.sample_rate = 16000, .n_samples = 16000, .duration = 1, .words = &word, .n_words = 1};
        s.pcm = arena_array(a, s.n_samples, sizeof(*s.pcm));
        st = strcmp(w, "bad") == 0 ? error_set(err, STATUS_UNAVAILABLE, "test", NULL, "no") : on_part(u, &s, err);
        w = strtok_r(NULL, " ", &rest);
        if (w != NULL)
            wait_while(&held_within);
    }
    return st;
}

static void ready(void *u, int tag, struct spoken *s, bool last)
{
    (void)u;
    (void)tag;
    pthread_mutex_lock(&lock);
    answered += last;
    failed += last && (s == NULL || s->state == SPOKEN_FAILED);
    heard++;
    known[0] = '\0';
    for (const struct spoken_part *p = NULL; s != NULL && (p = spoken_next(s, p)) != NULL;)
        snprintf(known + strlen(known), sizeof(known) - strlen(known), "%s", p->words);
    pthread_cond_broadcast(&changed);
    pthread_mutex_unlock(&lock);
}

static void set(bool *what, bool on)
{
    pthread_mutex_lock(&lock);
    *what = on;
    pthread_cond_broadcast(&changed);
    pthread_mutex_unlock(&lock);
}

static void hold(bool on)
{
    set(&held, on);
}

static void wait_for(const int *what, int value)
{
    pthread_mutex_lock(&lock);
    while (*what < value)
        pthread_cond_wait(&changed, &lock);
    pthread_mutex_unlock(&lock);
}

static struct speech_line *line;
static struct speech_cache *cache;
static char voice;

static void begin(size_t bytes)
{
    struct error err;
    made = waiting = answered = failed = heard = 0;
    order[0] = '\0';
    assert_int_equal(speech_line_new(1, &line, &err), STATUS_OK);
    cache = speech_cache_new((struct tts *)(void *)&voice, line, bytes);
    assert_non_null(cache);
}

static void end(void)
{
    hold(false);
    line = speech_line_free(line);
    cache = speech_cache_free(cache);
}

static void want(const char *text, enum speech_urgency u)
{
    speech_cache_get(cache, &(struct wording){"v", text, 1.0}, u, ready, NULL, 0);
}

static void the_same_words_are_made_once(void **state)
{
    (void)state;
    begin(1 << 20);
    hold(true);
    for (int i = 0; i < 5; i++)
        want("hello", SPEECH_NOW);
    hold(false);
    wait_for(&answered, 5);
    want("hello", SPEECH_NOW);
    assert_int_equal(answered, 6); /* at once */
    speech_cache_get(cache, &(struct wording){"other voice", "hello", 1.0}, SPEECH_NOW, ready, NULL, 0);
    wait_for(&answered, 7);
    assert_int_equal(made, 2);
    assert_int_equal(failed, 0);
    end();
}

static void urgent_words_overtake(void **state)
{
    (void)state;
    begin(1 << 20);
    hold(true);
    want("first", SPEECH_AHEAD);
    wait_for(&waiting, 1);
    want("ahead1", SPEECH_AHEAD);
    want("ahead2", SPEECH_AHEAD);
    want("now", SPEECH_NOW);
    want("ahead2", SPEECH_NOW); /* wanted now after all */
    hold(false);
    wait_for(&answered, 5);
    assert_string_equal(order, "first now ahead2 ahead1 ");
    end();
}

static void what_fails_is_told_and_tried_again(void **state)
{
    (void)state;
    begin(1 << 20);
    want("bad", SPEECH_NOW);
    wait_for(&answered, 1);
    want("bad", SPEECH_NOW);
    wait_for(&answered, 2);
    assert_int_equal(failed, 2);
    assert_int_equal(made, 2);
    end();
}

static void the_oldest_goes_when_it_is_full(void **state)
{
    (void)state;
    begin(100000); /* three of 32 kB */
    static const char *const texts[] = {"a", "b", "c", "a", "d", "a", "b"};
    for (int i = 0; i < 7; i++) {
        want(texts[i], SPEECH_NOW);
        wait_for(&answered, i + 1);
    }
    assert_string_equal(order, "a b c d b ");
    end();
}

static void stopping_answers_everybody(void **state)
{
    (void)state;
    begin(1 << 20);
    hold(true);
    want("one", SPEECH_NOW);
    wait_for(&waiting, 1);
    want("two", SPEECH_NOW);
    want("three", SPEECH_PARTIAL);
    assert_false(speech_line_idle(line));
    end();
    assert_int_equal(answered, 3);
}

static void what_is_there_is_heard_while_the_rest_is_made(void **state)
{
    (void)state;
    begin(1 << 20);
    set(&held_within, true);
    want("one two", SPEECH_NOW);
    wait_for(&heard, 1);
    assert_string_equal(known, "[[\"one\",0.25,0.5]]");
    want("one two", SPEECH_NOW);
    assert_int_equal(heard, 2); /* at once, as far as it goes */
    assert_int_equal(answered, 0);
    set(&held_within, false);
    wait_for(&answered, 2);
    assert_string_equal(known, "[[\"one\",0.25,0.5]][[\"two\",1.25,1.5]]");
    assert_int_equal(cut, TTS_CLAUSES);
    assert_int_equal(made, 1);
    want("two three", SPEECH_AHEAD); /* there is time to make it well */
    wait_for(&answered, 3);
    assert_int_equal(cut, TTS_SENTENCES);
    end();
}

static void what_fails_within_is_told_and_not_kept(void **state)
{
    (void)state;
    begin(100000); /* three of 32 kB */
    want("one bad", SPEECH_NOW);
    wait_for(&answered, 1);
    assert_int_equal(failed, 1);
    assert_string_equal(known, "[[\"one\",0.25,0.5]]");
    want("one bad", SPEECH_NOW);
    wait_for(&answered, 2);
    assert_int_equal(made, 2);
    static const char *const texts[] = {"a", "b", "c", "a"};
    for (int i = 0; i < 4; i++) {
        want(texts[i], SPEECH_NOW);
        wait_for(&answered, i + 3);
    }
    assert_string_equal(order, "one bad one bad a b c "); /* it takes no room of theirs */
    end();
}

static void no_voice_fails_at_once(void **state)
{
    (void)state;
    begin(1 << 20);
    struct speech_cache *mute = speech_cache_new(NULL, line, 1 << 20);
    speech_cache_get(mute, &(struct wording){"v", "x", 1.0}, SPEECH_NOW, ready, NULL, 0);
    assert_int_equal(failed, 1);
    speech_cache_get(mute, &(struct wording){"v", "x", 1.0}, SPEECH_AHEAD, NULL, NULL, 0);
    speech_cache_free(mute);
    end();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_same_words_are_made_once),
        cmocka_unit_test(urgent_words_overtake),
        cmocka_unit_test(what_fails_is_told_and_tried_again),
        cmocka_unit_test(the_oldest_goes_when_it_is_full),
        cmocka_unit_test(stopping_answers_everybody),
        cmocka_unit_test(no_voice_fails_at_once),
        cmocka_unit_test(what_is_there_is_heard_while_the_rest_is_made),
        cmocka_unit_test(what_fails_within_is_told_and_not_kept),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
