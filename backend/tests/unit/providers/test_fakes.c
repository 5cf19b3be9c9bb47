/* The twins that other layers' tests are built on, and what all providers share: names, queues, missing engines. */
#include "speech_fixture.h"

#include "providers/engines.h"

#include <pthread.h>

static void engines_by_name_only(void **state)
{
    struct engines e;
    struct provider_config cfg = no_config();
    (void)state;
    engines_load(&e, &(struct engine_names){"fake", "fake", "fake", "fake", "fake"}, &cfg);
    assert_true(engines_ready(&e));
    assert_string_equal(stt_name(e.stt), "fake");
    assert_string_equal(tts_name(e.tts), "fake");
    assert_string_equal(vad_name(e.vad), "fake");
    assert_string_equal(turn_name(e.turn), "fake");
    assert_string_equal(embed_name(e.embed), "fake");
    engines_unload(&e);
    engines_load(&e, &(struct engine_names){"whisper", "piper", "silero", "smart-turn", "minilm"},
                 &cfg); /* nothing there: said, and no fake instead */
    assert_false(engines_ready(&e));
    assert_null(e.stt);
    assert_string_equal(e.stt_error.code, "engine_missing");
    assert_string_equal(e.tts_error.code, "engine_missing");
    assert_string_equal(e.vad_error.code, "engine_missing");
    assert_string_equal(e.turn_error.code, "engine_missing");
    assert_string_equal(e.embed_error.code, "engine_missing");
    assert_non_null(strstr(e.stt_error.message, "viva models fetch"));
    engines_unload(&e);
    engines_load(&e, &(struct engine_names){"nonsense", "nonsense", "nonsense", "nonsense", "nonsense"}, &cfg);
    assert_string_equal(e.stt_error.code, "provider_unknown");
    assert_string_equal(e.tts_error.code, "provider_unknown");
    assert_string_equal(e.vad_error.code, "provider_unknown");
    assert_string_equal(e.turn_error.code, "provider_unknown");
    assert_string_equal(e.embed_error.code, "provider_unknown");
    engines_unload(&e);
}

static void a_model_name_is_no_path(void **state)
{
    static const char *const names[] = {"../../etc", "/etc", "", ".", "a/b"};
    struct provider_config cfg = no_config();
    (void)state;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        struct stt *s = NULL;
        struct error err = {0};
        cfg.stt_model = names[i];
        assert_int_equal(stt_new("whisper", &cfg, &s, &err), STATUS_INVALID);
        assert_string_equal(err.code, "model_unknown");
    }
}

static void fake_recognition_says_its_script(void **state)
{
    struct provider_config cfg = no_config();
    struct stt *s = NULL;
    struct error err = {0};
    struct transcript *t = NULL, *again = NULL;
    struct arena *a = arena_new(1 << 20);
    float *x = tone(RATE, 300, 0.3), *quiet = calloc(RATE, sizeof *quiet);
    (void)state;
    unsetenv("VIVA_FAKE_STT_TEXT");
    assert_int_equal(stt_new("fake", &cfg, &s, &err), STATUS_OK);
    assert_int_equal(stt_transcribe(s, x, RATE, NULL, a, &t, &err), STATUS_OK);
    assert_string_equal(t->text, "one two");
    assert_int_equal(t->n_segments, 1);
    assert_true(t->duration == 1 && t->segments[0].end == 1);
    assert_int_equal(stt_transcribe(s, x, RATE, NULL, a, &again, &err), STATUS_OK);
    assert_string_equal(again->text, t->text);
    setenv("VIVA_FAKE_STT_TEXT", "I led the team.", 1);
    assert_int_equal(stt_transcribe(s, x, RATE, NULL, a, &t, &err), STATUS_OK);
    assert_string_equal(t->text, "I led the team.");
    assert_int_equal(stt_transcribe(s, quiet, RATE, NULL, a, &t, &err), STATUS_OK);
    assert_string_equal(t->text, "");
    assert_int_equal(t->n_segments, 0);
    unsetenv("VIVA_FAKE_STT_TEXT");
    stt_free(s);
    arena_free(a);
    free(x);
    free(quiet);
}

static void fake_voice_beeps_with_honest_times(void **state)
{
    struct provider_config cfg = no_config();
    struct tts *t = NULL;
    struct error err = {0};
    struct speech *s = NULL;
    struct arena *a = arena_new(16 << 20);
    (void)state;
    assert_int_equal(tts_new("fake", &cfg, &t, &err), STATUS_OK);
    assert_int_equal(tts_synthesize(t, "Hi you", NULL, 1, a, &s, &err), STATUS_OK);
    assert_int_equal(s->n_phonemes, 8); /* sil h i sil y o u sil */
    assert_int_equal(s->n_words, 2);
    assert_string_equal(s->words[1].word, "you");
    assert_true(s->phonemes[0].start == 0 && s->phonemes[7].end == s->duration);
    assert_true(fabs(s->duration - (double)s->n_samples / s->sample_rate) < 1e-9);
    for (size_t i = 0; i < s->n_phonemes; i++) { /* sound where a phoneme says so, none in a silence */
        long loud = 0;
        for (size_t k = (size_t)(s->phonemes[i].start * s->sample_rate) + 1;
             k + 1 < (size_t)(s->phonemes[i].end * s->sample_rate); k++)
            loud += labs(s->pcm[k]);
        assert_true((loud == 0) == (strcmp(s->phonemes[i].phoneme, "sil") == 0));
    }
    assert_int_equal(tts_synthesize(t, "???", NULL, 1, a, &s, &err), STATUS_INVALID);
    assert_string_equal(err.code, "text_empty");
    assert_int_equal(tts_synthesize(t, "Hi", "nobody", 1, a, &s, &err), STATUS_INVALID);
    assert_string_equal(err.code, "voice_unknown");
    assert_int_equal(tts_synthesize(t, "Hi", NULL, 3, a, &s, &err), STATUS_INVALID);
    assert_int_equal(tts_synthesize(t, "Hi", NULL, (double)NAN, a, &s, &err), STATUS_INVALID);
    tts_free(t);
    arena_free(a);
}

static void fake_detector_follows_loudness(void **state)
{
    struct provider_config cfg = no_config();
    struct vad *v = NULL;
    struct vad_stream *s = NULL;
    struct error err = {0};
    float p = -1, *loud = tone(VAD_FRAME, 300, 0.3), quiet[VAD_FRAME] = {0};
    (void)state;
    assert_int_equal(vad_new("fake", &cfg, &v, &err), STATUS_OK);
    assert_int_equal(vad_stream_new(v, &s, &err), STATUS_OK);
    assert_int_equal(vad_stream_push(s, loud, &p, &err), STATUS_OK);
    assert_true(p > 0.9f);
    assert_int_equal(vad_stream_push(s, quiet, &p, &err), STATUS_OK);
    assert_true(p < 0.1f);
    vad_stream_reset(s);
    vad_stream_free(s);
    vad_free(v);
    free(loud);
}

#define CALLERS 8

static void *call(void *arg)
{
    struct stt *s = arg;
    struct error err = {0};
    long good = 0;
    float *x = tone(RATE / 2, 300, 0.3);
    for (int i = 0; i < 50; i++) {
        struct arena *a = arena_new(1 << 20);
        struct transcript *t = NULL;
        good += stt_transcribe(s, x, RATE / 2, NULL, a, &t, &err) == STATUS_OK && strcmp(t->text, "one") == 0;
        arena_free(a);
    }
    free(x);
    return (void *)good;
}

static void callers_wait_their_turn(void **state)
{
    struct provider_config cfg = no_config();
    struct stt *s = NULL;
    struct error err = {0};
    pthread_t threads[CALLERS];
    (void)state;
    assert_int_equal(stt_new("fake", &cfg, &s, &err), STATUS_OK);
    for (int i = 0; i < CALLERS; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, call, s), 0);
    for (int i = 0; i < CALLERS; i++) {
        void *good = NULL;
        pthread_join(threads[i], &good);
        assert_int_equal((long)good, 50);
    }
    stt_free(s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(engines_by_name_only),
        cmocka_unit_test(a_model_name_is_no_path),
        cmocka_unit_test(fake_recognition_says_its_script),
        cmocka_unit_test(fake_voice_beeps_with_honest_times),
        cmocka_unit_test(fake_detector_follows_loudness),
        cmocka_unit_test(callers_wait_their_turn),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
