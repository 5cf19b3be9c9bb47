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
static bool held;
static int made, waiting, answered, failed;
static char order[256];

enum status tts_synthesize(struct tts *t, const char *text, const char *voice, double speed, struct arena *a,
                           struct speech **ret, struct error *err)
{
    (void)t;
    (void)voice;
    (void)speed;
    pthread_mutex_lock(&lock);
    waiting++;
    pthread_cond_broadcast(&changed);
    while (held)
        pthread_cond_wait(&changed, &lock);
    waiting--;
    made++;
    snprintf(order + strlen(order), sizeof(order) - strlen(order), "%s ", text);
    pthread_mutex_unlock(&lock);
    if (strcmp(text, "bad") == 0)
        return error_set(err, STATUS_UNAVAILABLE, "test", NULL, "no");
    struct speech *s = arena_new_of(a, struct speech);
    s->sample_rate = 16000;
    s->n_samples = 16000;
    s->pcm = arena_array(a, s->n_samples, sizeof(*s->pcm));
    s->duration = 1;
    *ret = s;
    return STATUS_OK;
}

static void ready(void *u, int tag, struct spoken *s)
{
    (void)u;
    (void)tag;
    pthread_mutex_lock(&lock);
    answered++;
    failed += s == NULL;
    pthread_cond_broadcast(&changed);
    pthread_mutex_unlock(&lock);
}

static void hold(bool on)
{
    pthread_mutex_lock(&lock);
    held = on;
    pthread_cond_broadcast(&changed);
    pthread_mutex_unlock(&lock);
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
    made = waiting = answered = failed = 0;
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
        cmocka_unit_test(the_same_words_are_made_once),       cmocka_unit_test(urgent_words_overtake),
        cmocka_unit_test(what_fails_is_told_and_tried_again), cmocka_unit_test(the_oldest_goes_when_it_is_full),
        cmocka_unit_test(stopping_answers_everybody),         cmocka_unit_test(no_voice_fails_at_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
