/* Sound files to text and text to sound files, over the engines that tests use by name. */
#include "unit/services/stage.h"

#include "providers/audio.h"
#include "services/session.h"
#include "services/transcription.h"
#include "services/tts.h"

static void with_fakes(void)
{
    const struct provider_config pc = {
        .models_dir = temp_dir, .ort_library = "", .stt_model = "base", .threads = 1, .parallel = 1};
    engines_load(&engines, "fake", "fake", "fake", &pc);
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
    enum status st = transcription_of_fd(s, b.fd, language, arena, ret, err);
    close(b.fd);
    return st;
}

/* What was spoken into a file is heard out of it: both ends are the product's own. */
static void what_is_spoken_is_heard(void **state)
{
    (void)state;
    struct tts_wav wav = {0};
    struct transcription *t = NULL;
    with_fakes();
    ok(tts_wav_of(s, "Hello there, how are you today?", NULL, 1, arena, &wav, &err));
    assert_memory_equal(wav.data, "RIFF", 4);
    ok(transcribe(wav.data, wav.len, NULL, &t, &err));
    assert_true(strlen(t->text) > 0);
    assert_true(t->duration > 0.5);
    assert_true(t->segments.count > 0);
    const struct transcription_segment *seg = t->segments.items;
    assert_true(seg[0].start >= 0 && seg[0].end <= t->duration + 0.01);
    ok(transcribe(wav.data, wav.len, "en", &t, &err));
    struct tts_wav fast = {0};
    ok(tts_wav_of(s, "Hello there, how are you today?", "en_US-joe-medium", 2, arena, &fast, &err));
    assert_true(fast.len < wav.len * 2 / 3);
}

static void files_that_are_no_sound_are_refused(void **state)
{
    (void)state;
    struct transcription *t = NULL;
    struct error why = {0};
    with_fakes();
    fails_at(transcribe("", 0, NULL, &t, &err), STATUS_INVALID, "body_empty", "body");
    static const char *const bad[] = {"this is no sound", "RIFF\xff\xff\xff\xffWAVEfmt ",
                                      "#EXTM3U\nfile:///etc/passwd\n", "ffconcat version 1.0\nfile /etc/passwd\n"};
    for (size_t i = 0; i < COUNT(bad); i++) {
        enum status st = transcribe(bad[i], strlen(bad[i]), NULL, &t, &why);
        assert_int_equal(st, STATUS_UNSUPPORTED);
        assert_string_equal(why.code, "audio_unreadable");
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
    struct tts_wav wav = {0};
    struct engines_health *h = NULL;
    const struct provider_config pc = {
        .models_dir = temp_dir, .ort_library = "/nowhere/lib.so", .stt_model = "base", .threads = 1, .parallel = 1};
    engines_load(&engines, "whisper", "piper", "silero", &pc);
    assert_false(engines_ready(&engines));
    fails(transcribe("x", 1, NULL, &t, &err), STATUS_UNAVAILABLE, "engine_missing");
    fails(tts_wav_of(s, "Hello.", NULL, 1, arena, &wav, &err), STATUS_UNAVAILABLE, "engine_missing");
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
    (void)state;
    struct tts_wav wav = {0};
    with_fakes();
    cleanup(arena_freep) struct arena *small = arena_new(4096);
    fails_at(tts_wav_of(s, "Hello there, how are you today?", NULL, 1, small, &wav, &err), STATUS_TOO_LARGE,
             "text_too_long", "text");
    struct error why = {0};
    assert_int_not_equal(tts_wav_of(s, "Hello.", "no-such-voice", 1, arena, &wav, &why), STATUS_OK);
    assert_true(*why.message);
    assert_null(wav.data);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(what_is_spoken_is_heard),          TEST(files_that_are_no_sound_are_refused),
        TEST(languages_are_two_letters),        TEST(a_missing_engine_says_what_is_missing),
        TEST(what_cannot_be_spoken_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
