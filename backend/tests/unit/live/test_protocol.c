#include "live/protocol.h"

#include "providers/provider.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define ANSWER "01890a5d-ac96-774b-bcce-b302099a8057"

static struct client_message parsed(const char *text)
{
    struct client_message m = {0};
    struct error err = {0};
    if (protocol_parse(text, strlen(text), &m, &err) != STATUS_OK)
        fail_msg("%s: %s", text, err.message);
    return m;
}

static void client_messages_are_read(void **state)
{
    (void)state;
    struct client_message m = parsed("{\"type\":\"session.start\",\"audio\":{\"codec\":\"opus\"},\"playback\":["
                                     "\"pcm16\"],\"microphone\":true,\"camera\":false}");
    assert_int_equal(m.type, MSG_START);
    assert_true(m.opus && m.microphone && !m.camera);
    json_doc_free(m.doc);
    m = parsed("{\"type\":\"playback.finished\",\"utterance_id\":7}");
    assert_int_equal(m.type, MSG_PLAY_FINISHED);
    assert_int_equal(m.utterance, 7);
    json_doc_free(m.doc);
    m = parsed("{\"type\":\"answer.text\",\"answer_id\":\"" ANSWER "\",\"text\":\"\xc3\xa9\"}");
    assert_int_equal(m.type, MSG_ANSWER_TEXT);
    assert_string_equal(m.text, "\xc3\xa9");
    char id[ID_TEXT_SIZE];
    id_format(m.answer, id);
    assert_string_equal(id, ANSWER);
    json_doc_free(m.doc);
    m = parsed("{\"type\":\"mic.state\",\"microphone\":true,\"muted\":true}");
    assert_true(m.type == MSG_MIC && m.microphone && m.muted);
    json_doc_free(m.doc);
    m = parsed("{\"type\":\"input_audio_buffer.position\",\"answer_id\":\"" ANSWER "\",\"at_ms\":1300}");
    assert_true(m.type == MSG_SOUND_AT && m.at_ms == 1300);
    json_doc_free(m.doc);
    m = parsed("{\"type\":\"ping\",\"t\":12.5}");
    assert_true(m.type == MSG_PING && m.t == 12.5);
    json_doc_free(m.doc);
    m = parsed("{\"type\":\"question.repeat\",\"unknown\":[1,2]}");
    assert_int_equal(m.type, MSG_REPEAT);
    json_doc_free(m.doc);
}

static void wrong_messages_are_refused(void **state)
{
    static const struct {
        const char *text;
        enum status want;
        const char *code;
    } rows[] = {
        {"", STATUS_MALFORMED, "json_malformed"},
        {"{", STATUS_MALFORMED, "json_malformed"},
        {"[]", STATUS_MALFORMED, "message_malformed"},
        {"\"ping\"", STATUS_MALFORMED, "message_malformed"},
        {"{\"type\":3}", STATUS_MALFORMED, "message_malformed"},
        {"{\"type\":\"x\"}", STATUS_INVALID, "message_unknown"},
        {"{\"type\":\"playback.finished\"}", STATUS_INVALID, "message_invalid"},
        {"{\"type\":\"playback.finished\",\"utterance_id\":\"7\"}", STATUS_INVALID, "message_invalid"},
        {"{\"type\":\"playback.started\",\"utterance_id\":99999999999}", STATUS_INVALID, "message_invalid"},
        {"{\"type\":\"answer.done\",\"answer_id\":\"x\"}", STATUS_INVALID, "message_invalid"},
        {"{\"type\":\"input_audio_buffer.position\",\"answer_id\":\"" ANSWER "\",\"at_ms\":-1}", STATUS_INVALID,
         "message_invalid"},
        {"{\"type\":\"answer.text\",\"answer_id\":\"" ANSWER "\"}", STATUS_INVALID, "message_invalid"},
        {"{\"type\":\"session.start\",\"audio\":{\"codec\":\"mp3\"}}", STATUS_INVALID, "message_invalid"},
        {"{\"type\":\"session.start\",\"type\":\"ping\"}", STATUS_MALFORMED, "json_malformed"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct client_message m = {.utterance = 42};
        struct error err = {0};
        assert_int_equal(protocol_parse(rows[i].text, strlen(rows[i].text), &m, &err), rows[i].want);
        assert_string_equal(err.code, rows[i].code);
        assert_int_equal(m.utterance, 42);
    }
}

static void too_long_a_text_is_refused(void **state)
{
    (void)state;
    char *text = malloc(PROTOCOL_TEXT_MAX + 200);
    struct client_message m;
    struct error err = {0};
    strcpy(text, "{\"type\":\"answer.text\",\"answer_id\":\"" ANSWER "\",\"text\":\"");
    size_t n = strlen(text);
    memset(text + n, 'a', PROTOCOL_TEXT_MAX + 1);
    strcpy(text + n + PROTOCOL_TEXT_MAX + 1, "\"}");
    assert_int_equal(protocol_parse(text, strlen(text), &m, &err), STATUS_INVALID);
    assert_string_equal(err.code, "text_too_long");
    strcpy(text + n + PROTOCOL_TEXT_MAX, "\"}");
    assert_int_equal(protocol_parse(text, strlen(text), &m, &err), STATUS_OK);
    json_doc_free(m.doc);
    free(text);
}

static struct id answer(void)
{
    struct id id;
    assert_true(id_parse(ANSWER, &id));
    return id;
}

static void server_events_are_written(void **state)
{
    (void)state;
    struct buf b;
    buf_init(&b, 100000);
    protocol_answer_started(&b, answer(), 2, 1500, 1200, true, 60, 2);
    assert_string_equal(buf_cstr(&b),
                        "{\"type\":\"answer.started\",\"answer_id\":\"" ANSWER
                        "\",\"position\":2,\"elapsed_ms\":1500,\"heard_ms\":1200,\"resumed\":true,\"time_limit_s\":60,"
                        "\"follow_up\":2}");
    protocol_answer_ended(&b, answer(), 2, END_ENDPOINT, "a \"b\"");
    assert_string_equal(buf_cstr(&b), "{\"type\":\"answer.ended\",\"answer_id\":\"" ANSWER
                                      "\",\"position\":2,\"reason\":\"endpoint\",\"text\":\"a \\\"b\\\"\"}");
    protocol_transcription(&b, answer(), 300, "so far", -1, "");
    assert_string_equal(buf_cstr(&b),
                        "{\"type\":\"conversation.item.input_audio_transcription.delta\",\"answer_id\":\"" ANSWER
                        "\",\"item_id\":\"item_300\",\"transcript\":\"so far\"}");
    protocol_transcription(&b, answer(), 300, "whole", 900, "");
    assert_string_equal(buf_cstr(&b),
                        "{\"type\":\"conversation.item.input_audio_transcription.completed\",\"answer_id\":\"" ANSWER
                        "\",\"item_id\":\"item_300\",\"transcript\":\"whole\",\"start_ms\":300,\"end_ms\":900}");
    protocol_transcription(&b, answer(), 300, "whole", 900, "de");
    assert_non_null(strstr(buf_cstr(&b), "\"end_ms\":900,\"language\":\"de\"}"));
    protocol_state(&b, ENGINE_LISTENING);
    assert_string_equal(buf_cstr(&b), "{\"type\":\"state\",\"state\":\"listening\"}");
    protocol_speech(&b, answer(), false, 1234);
    assert_string_equal(buf_cstr(&b),
                        "{\"type\":\"input_audio_buffer.speech_stopped\",\"answer_id\":\"" ANSWER "\",\"at_ms\":1234}");
    buf_free(&b);
}

static void an_utterance_carries_its_times(void **state)
{
    (void)state;
    struct phoneme phonemes[] = {{"sil", 0, 0.0404999}, {"h", 0.0405, 0.1}};
    struct word_time words[] = {{"Hello,", 0.04, 0.5}};
    struct speech s = {.phonemes = phonemes, .n_phonemes = 2, .words = words, .n_words = 1};
    struct buf p, w, b;
    buf_init(&p, 1000);
    buf_init(&w, 1000);
    buf_init(&b, 1000);
    protocol_times(&p, &w, &s, 0);
    struct utterance_event e = {.utterance = 3,
                                .line = LINE_QUESTION_AGAIN,
                                .position = 1,
                                .text = "Hello,",
                                .question = "Hello,",
                                .sample_rate = 22050,
                                .samples = 11025,
                                .duration_ms = 500};
    e.phonemes = buf_cstr(&p);
    e.words = buf_cstr(&w);
    protocol_utterance(&b, &e);
    assert_string_equal(
        buf_cstr(&b),
        "{\"type\":\"utterance.created\",\"utterance_id\":3,\"kind\":\"question\",\"position\":1,\"text\":\"Hello,\","
        "\"question\":\"Hello,\",\"follow_up\":0,\"sample_rate\":22050,\"samples\":11025,\"duration_ms\":500,"
        "\"phonemes\":[[\"sil\",0,0.04],[\"h\",0.041,0.1]],\"words\":[[\"Hello,\",0.04,0.5]]}");
    protocol_times(&p, &w, &s, 1.5);
    e.phonemes = buf_cstr(&p);
    e.words = buf_cstr(&w);
    protocol_utterance_part(&b, &e);
    assert_string_equal(buf_cstr(&b),
                        "{\"type\":\"utterance.part\",\"utterance_id\":3,\"samples\":11025,\"duration_ms\":500,"
                        "\"phonemes\":[[\"sil\",1.5,1.54],[\"h\",1.541,1.6]],\"words\":[[\"Hello,\",1.54,2]]}");
    protocol_utterance_done(&b, 3, 22050);
    assert_string_equal(buf_cstr(&b), "{\"type\":\"utterance.audio.done\",\"utterance_id\":3,\"samples\":22050}");
    buf_free(&p);
    buf_free(&w);
    buf_free(&b);
}

static void unheard_text_is_timed_by_reading(void **state)
{
    (void)state;
    struct buf w;
    buf_init(&w, 1000);
    int64_t ms = protocol_reading_times(&w, "One two  extraordinarily.");
    assert_int_equal(ms, 1500);
    assert_string_equal(buf_cstr(&w), "[[\"One\",0,0.26],[\"two\",0.26,0.52],[\"extraordinarily.\",0.52,1.1]]");
    assert_int_equal(protocol_reading_times(&w, ""), 1500);
    assert_string_equal(buf_cstr(&w), "[]");
    buf_free(&w);
}

static void sound_is_little_endian(void **state)
{
    (void)state;
    static const int16_t pcm[] = {0x1234, -2};
    uint8_t out[PROTOCOL_AUDIO_HEADER + 4];
    assert_int_equal(protocol_audio(out, 0x01020304, pcm, 2), sizeof(out));
    assert_memory_equal(out, "\x81\x04\x03\x02\x01\x34\x12\xfe\xff", 9);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(client_messages_are_read),       cmocka_unit_test(wrong_messages_are_refused),
        cmocka_unit_test(too_long_a_text_is_refused),     cmocka_unit_test(server_events_are_written),
        cmocka_unit_test(an_utterance_carries_its_times), cmocka_unit_test(unheard_text_is_timed_by_reading),
        cmocka_unit_test(sound_is_little_endian),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
