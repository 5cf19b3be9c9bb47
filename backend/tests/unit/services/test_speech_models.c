#include "unit/services/stage.h"

#include "services/speech_models.h"

static void with_fakes(void)
{
    const struct provider_config pc = {
        .models_dir = temp_dir, .ort_library = "", .stt_model = "base", .threads = 1, .parallel = 1};
    const struct engine_names names = {"fake", "fake", "fake", "fake", "fake"};
    engines.embed = embed_free(engines.embed);
    engines_load(&engines, &names, &pc);
}

static int close_all(void **state)
{
    engines_unload(&engines);
    engines = (struct engines){0};
    return stage_close(state);
}

#undef TEST
#define TEST(f) cmocka_unit_test_setup_teardown(f, stage_open, close_all)

static void each_name_is_listed_once_and_known(void **state)
{
    static const char *const want[] = {"fake",  "whisper-1", "gpt-4o-transcribe", "gpt-4o-mini-transcribe",
                                       "tts-1", "tts-1-hd",  "gpt-4o-mini-tts"};
    struct strings names = {0};
    (void)state;
    with_fakes();
    ok(speech_models_list(&engines, arena, &names, &err));
    assert_int_equal(names.count, COUNT(want));
    for (size_t i = 0; i < COUNT(want); i++) {
        assert_string_equal(names.items[i], want[i]);
        assert_true(speech_model_known(&engines, want[i]));
    }
    assert_false(speech_model_known(&engines, "gpt-4o"));
    assert_false(speech_model_known(&engines, ""));
}

static void a_model_does_its_own_job(void **state)
{
    (void)state;
    with_fakes();
    ok(speech_model_check(&engines, SPEECH_TO_TEXT, "whisper-1", &err));
    ok(speech_model_check(&engines, TEXT_TO_SPEECH, "tts-1-hd", &err));
    ok(speech_model_check(&engines, TEXT_TO_SPEECH, "fake", &err));
    fails_at(speech_model_check(&engines, TEXT_TO_SPEECH, "whisper-1", &err), STATUS_NOT_FOUND, "model_not_found",
             "model");
    fails_at(speech_model_check(&engines, SPEECH_TO_TEXT, "tts-1", &err), STATUS_NOT_FOUND, "model_not_found", "model");
}

static void what_is_not_loaded_is_not_named(void **state)
{
    struct strings names = {0};
    (void)state;
    ok(speech_models_list(&engines, arena, &names, &err));
    assert_int_equal(names.count, 0);
    assert_false(speech_model_known(&engines, "whisper-1"));
    fails(speech_model_check(&engines, SPEECH_TO_TEXT, "whisper-1", &err), STATUS_UNAVAILABLE, "engine_missing");
}

/* The fake has one voice of no gender: every name of OpenAI's falls to it. */
static void voices_have_their_ids_and_openais_names(void **state)
{
    static const char *const good[] = {"en_US-joe-medium", "alloy", "onyx", "cedar", "verse"};
    const char *voice = NULL;
    (void)state;
    with_fakes();
    for (size_t i = 0; i < COUNT(good); i++) {
        voice = NULL;
        ok(speech_voice_find(&engines, good[i], &voice, &err));
        assert_string_equal(voice, "en_US-joe-medium");
    }
    fails_at(speech_voice_find(&engines, "Alloy", &voice, &err), STATUS_INVALID, "voice_unknown", "voice");
}

static void openais_voices_keep_their_gender(void **state)
{
    static const struct voice_info voices[] = {
        {"joe", "Joe", "en", "male"}, {"amy", "Amy", "en", "female"}, {"eve", "Eve", "en", "female"}};
    static const char *const pairs[][2] = {{"alloy", "amy"}, {"shimmer", "amy"}, {"onyx", "joe"}, {"eve", "eve"}};
    (void)state;
    for (size_t i = 0; i < COUNT(pairs); i++)
        assert_string_equal(speech_voice_choose(voices, 3, pairs[i][0]), pairs[i][1]);
    assert_string_equal(speech_voice_choose(voices, 1, "alloy"), "joe"); /* there is nobody else */
    assert_null(speech_voice_choose(voices, 3, "adam"));
    assert_null(speech_voice_choose(voices, 0, "alloy"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(each_name_is_listed_once_and_known), TEST(a_model_does_its_own_job),
        TEST(what_is_not_loaded_is_not_named),    TEST(voices_have_their_ids_and_openais_names),
        TEST(openais_voices_keep_their_gender),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
