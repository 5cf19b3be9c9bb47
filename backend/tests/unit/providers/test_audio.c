#include "speech_fixture.h"

#include "base/cleanup.h"
#include "opus_sender.h"

#include <unistd.h>

static struct error err;

static double rms(const float *x, size_t n)
{
    double sum = 0;
    for (size_t i = 0; i < n; i++)
        sum += (double)x[i] * (double)x[i];
    return sqrt(sum / (double)(n == 0 ? 1 : n));
}

/* audio_decode_file() of a file that holds these bytes. */
static enum status decode(const void *data, size_t n, struct audio *ret)
{
    char path[] = "/tmp/viva-audio-XXXXXX";
    const int fd = mkstemp(path);
    assert_true(fd >= 0 && write(fd, data, n) == (ssize_t)n);
    close(fd);
    const enum status st = audio_decode_file(path, ret, &err);
    unlink(path);
    return st;
}

static void a_wav_file_comes_back_as_it_went(void **state)
{
    cleanup(buf_free) struct buf b;
    cleanup(audio_free) struct audio sound = AUDIO_INIT;
    int16_t pcm[RATE];
    (void)state;
    for (int i = 0; i < RATE; i++)
        pcm[i] = (int16_t)(9000 * sin(0.1 * i));
    buf_init(&b, 1 << 20);
    audio_wav(&b, pcm, RATE, RATE);
    assert_int_equal(b.len, 44 + sizeof pcm);
    assert_int_equal(decode(b.data, b.len, &sound), STATUS_OK);
    assert_int_equal(sound.n, RATE);
    assert_true(fabs(sound.duration - 1) < 1e-9);
    for (int i = 0; i < RATE; i++)
        assert_true(fabs((double)sound.pcm[i] - pcm[i] / 32768.0) < 1e-4);
}

static void what_is_no_sound_is_refused(void **state)
{
    struct audio sound = AUDIO_INIT;
    (void)state;
    assert_int_equal(decode("not a sound at all", 18, &sound), STATUS_UNSUPPORTED);
    assert_string_equal(err.code, "audio_unreadable");
    assert_int_equal(decode("", 0, &sound), STATUS_UNSUPPORTED);
    assert_int_equal(audio_decode_file("/nonexistent/file.wav", &sound, &err), STATUS_NOT_FOUND);
    assert_null(sound.pcm);
}

/* A playlist that names something else must not be followed over the network. */
static void a_playlist_reaches_nothing(void **state)
{
    static const char list[] =
        "#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\nhttp://127.0.0.1:9/x.ts\n#EXT-X-ENDLIST\n";
    struct audio sound = AUDIO_INIT;
    (void)state;
    assert_int_equal(decode(list, sizeof list - 1, &sound), STATUS_UNSUPPORTED);
}

static void files_are_known_by_their_first_bytes(void **state)
{
    static const struct {
        const char *head;
        size_t n;
        enum audio_container is;
    } all[] = {
        {"RIFF\0\0\0\0WAVE", 12, AUDIO_WAV},
        {"RIFF\0\0\0\0AVI ", 12, AUDIO_UNKNOWN},
        {"RIFF", 4, AUDIO_UNKNOWN},
        {"fLaC", 4, AUDIO_FLAC},
        {"OggS", 4, AUDIO_OGG},
        {"\x1A\x45\xDF\xA3", 4, AUDIO_WEBM},
        {"\0\0\0\x20"
         "ftypM4A ",
         12, AUDIO_MP4},
        {"ID3\4", 4, AUDIO_MP3},
        {"\xFF\xFB\x90\x44", 4, AUDIO_MP3},
        {"\xFF\xF1\x50\x80", 4, AUDIO_UNKNOWN}, /* AAC in ADTS */
        {"\xFF\xFF\xFF\xFF", 4, AUDIO_UNKNOWN},
        {"#EXTM3U", 7, AUDIO_UNKNOWN},
        {"", 0, AUDIO_UNKNOWN},
    };
    (void)state;
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        if (audio_sniff(all[i].head, all[i].n) != all[i].is)
            fail_msg("row %zu", i);
}

/* Every format is written, comes back as long as it went, and is the same every time. */
static void what_is_written_can_be_read(void **state)
{
    static const enum audio_format all[] = {AUDIO_AS_WAV, AUDIO_AS_OPUS, AUDIO_AS_FLAC, AUDIO_AS_MP3};
    static int16_t pcm[2 * RATE];
    (void)state;
    for (int i = 0; i < 2 * RATE; i++)
        pcm[i] = (int16_t)(9000 * sin(0.1 * i));
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        cleanup(buf_free) struct buf once, twice;
        cleanup(audio_free) struct audio sound = AUDIO_INIT;
        buf_init(&once, 1 << 20);
        buf_init(&twice, 1 << 20);
        assert_int_equal(audio_encode(all[i], pcm, 2 * RATE, RATE, &once, &err), STATUS_OK);
        assert_int_equal(audio_encode(all[i], pcm, 2 * RATE, RATE, &twice, &err), STATUS_OK);
        assert_int_equal(once.len, twice.len);
        assert_memory_equal(once.data, twice.data, once.len);
        assert_int_equal(decode(once.data, once.len, &sound), STATUS_OK);
        assert_true(fabs(sound.duration - 2) < 0.1);
        assert_true(fabs(rms(sound.pcm, sound.n) - 9000 / 32768.0 / sqrt(2)) < 0.03);
    }
    cleanup(buf_free) struct buf raw, aac, small;
    buf_init(&raw, 1 << 20);
    buf_init(&aac, 1 << 20);
    buf_init(&small, 100);
    assert_int_equal(audio_encode(AUDIO_AS_PCM, pcm, 2 * RATE, RATE, &raw, &err), STATUS_OK);
    assert_int_equal(raw.len, 2 * 24000 * sizeof *pcm);
    assert_int_equal(audio_encode(AUDIO_AS_AAC, pcm, 2 * RATE, RATE, &aac, &err), STATUS_OK);
    assert_memory_equal(aac.data, "\xFF\xF1", 2);
    assert_int_equal(audio_encode(AUDIO_AS_WAV, pcm, 2 * RATE, RATE, &small, &err), STATUS_TOO_LARGE);
}

static void resampling_keeps_tones_and_removes_what_would_alias(void **state)
{
    const size_t n = 22050;
    float *x = malloc(n * sizeof *x), *y = NULL;
    size_t got = 0;
    (void)state;
    for (size_t i = 0; i < n; i++)
        x[i] = (float)(0.5 * sin(2 * M_PI * 1000 * (double)i / 22050));
    assert_int_equal(audio_resample(x, n, 22050, 16000, &y, &got, &err), STATUS_OK);
    assert_int_equal(got, 16000);
    double worst = 0;
    for (size_t i = 200; i + 200 < got; i++)
        worst = fmax(worst, fabs((double)y[i] - 0.5 * sin(2 * M_PI * 1000 * (double)i / 16000)));
    assert_true(worst < 0.005);
    free(y);
    for (size_t i = 0; i < n; i++)
        x[i] = (float)(0.5 * sin(2 * M_PI * 10000 * (double)i / 22050));
    assert_int_equal(audio_resample(x, n, 22050, 16000, &y, &got, &err), STATUS_OK);
    assert_true(rms(y + 200, got - 400) < 0.002);
    free(y);
    assert_int_equal(audio_resample(x, 0, 22050, 48000, &y, &got, &err), STATUS_OK);
    assert_int_equal(got, 0);
    free(y);
    free(x);
}

static void samples_are_clipped_not_wrapped(void **state)
{
    const float in[] = {0, 1, -1, 2, -2, 0.5f};
    int16_t out[6];
    (void)state;
    audio_to_int16(in, 6, out);
    const int16_t want[] = {0, 32767, -32768, 32767, -32768, 16384};
    assert_memory_equal(out, want, sizeof want);
}

static void opus_carries_a_tone_and_conceals_a_loss(void **state)
{
    OpusEncoder *e = opus_sender();
    struct audio_opus_decoder *d = NULL;
    float *x = tone(50 * AUDIO_FRAME, 440, 0.5), out[3 * AUDIO_FRAME];
    uint8_t packet[OPUS_PACKET_MAX];
    size_t n = 0;
    (void)state;
    assert_int_equal(audio_opus_decoder_new(&d, &err), STATUS_OK);
    for (int i = 0; i < 50; i++) {
        const size_t len = opus_send(e, x + i * AUDIO_FRAME, packet);
        const bool lost = i == 30;
        assert_int_equal(audio_opus_decode(d, lost ? NULL : packet, lost ? 0 : len, out, &n, &err), STATUS_OK);
        assert_int_equal(n, AUDIO_FRAME);
        if (i > 10)
            assert_true(rms(out, n) > 0.05); /* the tone's is 0.35; a concealed packet fades */
    }
    assert_int_equal(audio_opus_decode(d, "", 0, out, &n, &err), STATUS_MALFORMED);
    static const uint8_t garbage[] = {0xff, 0xff, 0xff};
    assert_int_equal(audio_opus_decode(d, garbage, sizeof garbage, out, &n, &err), STATUS_MALFORMED);
    opus_encoder_destroy(e);
    audio_opus_decoder_free(d);
    free(x);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_wav_file_comes_back_as_it_went),
        cmocka_unit_test(files_are_known_by_their_first_bytes),
        cmocka_unit_test(what_is_written_can_be_read),
        cmocka_unit_test(what_is_no_sound_is_refused),
        cmocka_unit_test(a_playlist_reaches_nothing),
        cmocka_unit_test(resampling_keeps_tones_and_removes_what_would_alias),
        cmocka_unit_test(samples_are_clipped_not_wrapped),
        cmocka_unit_test(opus_carries_a_tone_and_conceals_a_loss),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
