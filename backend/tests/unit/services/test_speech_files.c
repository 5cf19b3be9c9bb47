/* Sound files to text and text to sound files, over the engines that tests use by name. */
#include "unit/services/stage.h"

#include "providers/audio.h"
#include "services/session.h"
#include "services/transcription.h"
#include "services/tts.h"

#include <math.h>

static void with_fakes(void)
{
    const struct provider_config pc = {
        .models_dir = temp_dir, .ort_library = "", .stt_model = "base", .threads = 1, .parallel = 1};
    engines.embed = embed_free(engines.embed);
    engines_load(&engines, &(struct engine_names){"fake", "fake", "fake", "fake", "fake"}, &pc);
    assert_true(engines_ready(&engines));
}

static int close_all(void **state)
{
    engines_unload(&engines);
    engines = (struct engines){0};
    return stage_close(state);
}

#undef TEST
#define TEST(f) cmocka_unit_test_setup_teardown(f, stage_open, close_all)

static enum status transcribe(const void *data, size_t n, const char *language, struct transcription **ret,
                              struct error *err)
{
    struct bytes b = bytes_of(data, n);
    enum status st = transcription_of_fd(s, b.fd, &(struct stt_options){.language = language}, arena, ret, err);
    close(b.fd);
    return st;
}

/* What was spoken into a file is heard out of it, in every format: both ends are the product's own. */
static void what_is_spoken_is_heard(void **state)
{
    static const struct {
        enum audio_format format;
        const char *magic;
    } all[] = {{AUDIO_AS_WAV, "RIFF"}, {AUDIO_AS_OPUS, "OggS"}, {AUDIO_AS_FLAC, "fLaC"}, {AUDIO_AS_MP3, "ID3"}};
    (void)state;
    with_fakes();
    for (size_t i = 0; i < COUNT(all); i++) {
        cleanup(tts_sound_free) struct tts_sound x = TTS_SOUND_INIT;
        struct transcription *t = NULL;
        ok(tts_sound_make(s, "Hello there, how are you today?", NULL, 1, all[i].format, &x, &err));
        assert_memory_equal(x.file.data, all[i].magic, strlen(all[i].magic));
        ok(transcribe(x.file.data, x.file.len, i % 2 ? "en" : NULL, &t, &err));
        assert_true(strlen(t->text) > 0);
        assert_true(fabs(t->duration - x.speech->duration) < 0.2);
        assert_true(t->segments.count > 0);
        const struct transcription_segment *seg = t->segments.items;
        assert_true(seg[0].start >= 0 && seg[0].end <= t->duration + 0.01);
    }
    cleanup(tts_sound_free) struct tts_sound slow = TTS_SOUND_INIT, fast = TTS_SOUND_INIT;
    ok(tts_sound_make(s, "Hello there.", NULL, 1, AUDIO_AS_WAV, &slow, &err));
    ok(tts_sound_make(s, "Hello there.", "en_US-joe-medium", 2, AUDIO_AS_WAV, &fast, &err));
    assert_true(fast.file.len < slow.file.len * 2 / 3);
}

static void times_stand_beside_the_file(void **state)
{
    cleanup(tts_sound_free) struct tts_sound x = TTS_SOUND_INIT;
    struct tts_timed *t = NULL;
    (void)state;
    with_fakes();
    ok(tts_sound_make(s, "Hello there.", NULL, 1, AUDIO_AS_WAV, &x, &err));
    ok(tts_sound_timed(&x, AUDIO_AS_WAV, &t, &err));
    assert_memory_equal(t->audio, "UklGR", 5); /* RIFF in base64 */
    assert_int_equal(strlen(t->audio), (x.file.len + 2) / 3 * 4);
    assert_string_equal(t->media_type, "audio/wav");
    assert_int_equal(t->words.count, 2);
    const struct spoken_word *w = t->words.items;
    assert_string_equal(w[1].word, "there.");
    assert_true(w[0].end <= w[1].start && w[1].end * 1000 <= t->duration_ms + 1);
    const struct phoneme_time *p = t->phonemes.items;
    for (size_t i = 1; i < t->phonemes.count; i++)
        assert_true(p[i].start == p[i - 1].end);
}

static void files_that_are_no_sound_are_refused(void **state)
{
    (void)state;
    struct transcription *t = NULL;
    struct error why = {0};
    with_fakes();
    fails_at(transcribe("", 0, NULL, &t, &err), STATUS_INVALID, "audio_empty", "file");
    static const char *const bad[] = {"this is no sound", "RIFF\xff\xff\xff\xffWAVEfmt ",
                                      "#EXTM3U\nfile:///etc/passwd\n", "ffconcat version 1.0\nfile /etc/passwd\n"};
    for (size_t i = 0; i < COUNT(bad); i++) {
        enum status st = transcribe(bad[i], strlen(bad[i]), NULL, &t, &why);
        assert_int_equal(st, STATUS_UNSUPPORTED);
        assert_string_equal(why.code, i == 1 ? "audio_unreadable" : "audio_unsupported");
        assert_string_equal(why.field, "file");
    }
    assert_null(t);
}

static void languages_are_two_letters(void **state)
{
    (void)state;
    static const char *const bad[] = {"e", "eng", "EN", "e1", "../", "--help"};
    struct transcription *t = NULL;
    with_fakes();
    for (size_t i = 0; i < COUNT(bad); i++)
        fails_at(transcribe("x", 1, bad[i], &t, &err), STATUS_INVALID, "field_format", "language");
    assert_null(t);
}

static void a_missing_engine_says_what_is_missing(void **state)
{
    (void)state;
    struct transcription *t = NULL;
    cleanup(tts_sound_free) struct tts_sound sound = TTS_SOUND_INIT;
    struct engines_health *h = NULL;
    const struct provider_config pc = {
        .models_dir = temp_dir, .ort_library = "/nowhere/lib.so", .stt_model = "base", .threads = 1, .parallel = 1};
    engines.embed = embed_free(engines.embed);
    engines_load(&engines, &(struct engine_names){"whisper", "piper", "silero", "smart-turn", "minilm"}, &pc);
    assert_false(engines_ready(&engines));
    fails(transcribe("x", 1, NULL, &t, &err), STATUS_UNAVAILABLE, "engine_missing");
    fails(tts_sound_make(s, "Hello.", NULL, 1, AUDIO_AS_WAV, &sound, &err), STATUS_UNAVAILABLE, "engine_missing");
    ok(engines_describe(&engines, arena, &h, &err));
    const struct engine_health *const all[] = {h->stt, h->tts, h->vad};
    for (size_t i = 0; i < COUNT(all); i++) {
        assert_false(all[i]->ready);
        assert_string_equal(all[i]->name, "");
        assert_true(strlen(all[i]->message) > 10);
    }
}

static void what_cannot_be_spoken_is_refused(void **state)
{
    cleanup(tts_sound_free) struct tts_sound sound = TTS_SOUND_INIT;
    (void)state;
    with_fakes();
    struct error why = {0};
    assert_int_not_equal(tts_sound_make(s, "Hello.", "no-such-voice", 1, AUDIO_AS_WAV, &sound, &why), STATUS_OK);
    assert_string_equal(why.field, "voice");
    assert_null(sound.file.data);
}

static void health_tells_what_the_engines_did(void **state)
{
    cleanup(tts_sound_free) struct tts_sound sound = TTS_SOUND_INIT;
    struct engines_health *h = NULL;
    (void)state;
    with_fakes();
    ok(engines_describe(&engines, arena, &h, &err));
    assert_int_equal(h->tts->calls, 0);
    assert_true(isnan(h->tts->latency_ms));
    ok(tts_sound_make(s, "Hello.", NULL, 1, AUDIO_AS_WAV, &sound, &err));
    ok(engines_describe(&engines, arena, &h, &err));
    assert_int_equal(h->tts->calls, 1);
    assert_true(h->tts->latency_ms >= 0);
    assert_string_equal(h->tts->engine, "fake");
    assert_string_equal(h->tts->model, "");
    assert_int_equal(h->stt->calls, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(what_is_spoken_is_heard),           TEST(files_that_are_no_sound_are_refused),
        TEST(languages_are_two_letters),         TEST(a_missing_engine_says_what_is_missing),
        TEST(what_cannot_be_spoken_is_refused),  TEST(times_stand_beside_the_file),
        TEST(health_tells_what_the_engines_did),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
