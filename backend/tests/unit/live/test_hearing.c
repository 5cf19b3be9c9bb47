/* Packets, gaps and duplicates; and, with VIVA_TEST_MODELS_DIR and VIVA_TEST_SPEECH_DIR set, real speech through the
 * real detector. */
#include "live/hearing.h"

#include "providers/audio.h"
#include "unit/providers/opus_sender.h"

#include <dirent.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static int pieces, starts, stops;
static int64_t piece_ms, last_end;

static void started(void *u, int64_t at)
{
    (void)u;
    (void)at;
    starts++;
}

static void piece(void *u, const struct segmenter_piece *p)
{
    (void)u;
    pieces++;
    piece_ms += p->end_ms - p->start_ms;
    last_end = p->end_ms;
}

static void stopped(void *u, int64_t at)
{
    (void)u;
    (void)at;
    stops++;
}

static struct hearing *fresh(struct vad *vad)
{
    struct segmenter_events on = {.started = started, .piece = piece, .stopped = stopped};
    struct hearing *h = NULL;
    struct error err = {0};
    pieces = starts = stops = 0;
    piece_ms = last_end = 0;
    assert_int_equal(hearing_new(vad, &on, &h, &err), STATUS_OK);
    hearing_start(h, 1000);
    return h;
}

static struct vad *fake(void)
{
    struct provider_config cfg = {.models_dir = ""};
    struct vad *v = NULL;
    struct error err = {0};
    assert_int_equal(vad_new("fake", &cfg, &v, &err), STATUS_OK);
    return v;
}

static enum status packet(struct hearing *h, uint32_t seq, float level)
{
    uint8_t f[645] = {0x01, (uint8_t)seq, (uint8_t)(seq >> 8), (uint8_t)(seq >> 16), (uint8_t)(seq >> 24)};
    struct error err;
    int16_t v = (int16_t)(level * 32767);
    for (size_t i = 5; i < sizeof(f); i += 2) {
        f[i] = (uint8_t)v;
        f[i + 1] = (uint8_t)((uint16_t)v >> 8);
    }
    return hearing_packet(h, f, sizeof(f), &err);
}

static int64_t now(struct hearing *h)
{
    return segmenter_now_ms(hearing_segmenter(h));
}

static void duplicates_and_gaps_keep_the_time(void **state)
{
    (void)state;
    struct vad *v = fake();
    struct hearing *h = fresh(v);
    for (uint32_t i = 7; i < 17; i++) /* any first number */
        assert_int_equal(packet(h, i, 0), STATUS_OK);
    assert_int_equal(now(h), 1200);
    assert_int_equal(packet(h, 16, 0), STATUS_OK);
    assert_int_equal(packet(h, 7, 0), STATUS_OK);
    assert_int_equal(now(h), 1200);
    assert_int_equal(packet(h, 22, 0), STATUS_OK); /* 5 lost */
    assert_int_equal(now(h), 1320);
    assert_int_equal(packet(h, 22 + 1501, 0), STATUS_OK); /* half a minute lost */
    assert_int_equal(now(h), 1320 + 30020);
    hearing_free(h);
    vad_free(v);
}

static void sequence_numbers_wrap(void **state)
{
    (void)state;
    struct hearing *h = fresh(NULL);
    assert_int_equal(packet(h, 0xffffffff, 0), STATUS_OK);
    assert_int_equal(packet(h, 0, 0), STATUS_OK);
    assert_int_equal(now(h), 1040);
    hearing_free(h);
}

static void speech_is_found(void **state)
{
    (void)state;
    struct vad *v = fake();
    struct hearing *h = fresh(v);
    uint32_t seq = 0;
    for (int i = 0; i < 50; i++)
        packet(h, seq++, 0);
    for (int i = 0; i < 50; i++)
        packet(h, seq++, 0.3f);
    for (int i = 0; i < 50; i++)
        packet(h, seq++, 0);
    assert_int_equal(starts, 1);
    assert_int_equal(stops, 1);
    assert_in_range(piece_ms, 960, 1060);
    assert_in_range(last_end, 2960, 3040);
    hearing_free(h);
    vad_free(v);
}

static void a_long_gap_ends_the_piece(void **state)
{
    (void)state;
    struct vad *v = fake();
    struct hearing *h = fresh(v);
    for (uint32_t i = 0; i < 50; i++)
        packet(h, i, 0.3f);
    packet(h, 500, 0);
    assert_int_equal(pieces, 1);
    assert_in_range(last_end, 1990, 2000);
    hearing_free(h);
    vad_free(v);
}

static void what_is_no_sound_is_refused(void **state)
{
    (void)state;
    static const struct {
        const char *bytes;
        size_t n;
    } bad[] = {{"", 0}, {"\x01", 1}, {"\x01\0\0\0\0xx", 7}, {"\x02\0\0\0\0", 5}, {"\x03\0\0\0\0x", 6}};
    struct hearing *h = fresh(NULL);
    struct error err;
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
        assert_int_equal(hearing_packet(h, (const uint8_t *)bad[i].bytes, bad[i].n, &err), STATUS_MALFORMED);
    assert_int_equal(packet(h, 0, 0), STATUS_OK);
    assert_int_equal(packet(h, 0x7fffffff, 0), STATUS_MALFORMED); /* no interview is that long */
    hearing_free(h);
}

static void opus_is_heard_and_its_gaps_concealed(void **state)
{
    (void)state;
    OpusEncoder *e = opus_sender();
    struct error err;
    struct vad *v = fake();
    struct hearing *h = fresh(v);
    for (uint32_t seq = 0; seq < 100; seq++) {
        float pcm[AUDIO_FRAME];
        uint8_t f[5 + OPUS_PACKET_MAX] = {0x02, (uint8_t)seq};
        for (int i = 0; i < AUDIO_FRAME; i++)
            pcm[i] = seq < 50 ? 0.4f * (float)((i / 20) % 2 == 0 ? 1 : -1) : 0;
        const size_t n = opus_send(e, pcm, f + 5);
        if (seq % 10 != 5)
            assert_int_equal(hearing_packet(h, f, 5 + n, &err), STATUS_OK);
    }
    assert_int_equal(now(h), 3000);
    assert_int_equal(starts, 1);
    assert_int_equal(stops, 1);
    assert_in_range(last_end, 1950, 2150);
    /* bytes that are not Opus count as lost */
    assert_int_equal(hearing_packet(h, (const uint8_t *)"\x02\x64\0\0\0\xff\xff\xff\xff\xff\xff", 11, &err), STATUS_OK);
    assert_int_equal(now(h), 3020);
    opus_encoder_destroy(e);
    hearing_free(h);
    vad_free(v);
}

static void one_file(struct vad *v, const char *path)
{
    struct audio a = AUDIO_INIT;
    struct error err = {0};
    assert_int_equal(audio_decode_file(path, &a, &err), STATUS_OK);
    struct hearing *h = fresh(v);
    uint32_t seq = 0;
    for (size_t at = 0; at + AUDIO_FRAME <= a.n; at += AUDIO_FRAME) {
        uint8_t f[645] = {0x01, (uint8_t)seq, (uint8_t)(seq >> 8)};
        int16_t pcm[AUDIO_FRAME];
        audio_to_int16(a.pcm + at, AUDIO_FRAME, pcm);
        memcpy(f + 5, pcm, sizeof(pcm));
        assert_int_equal(hearing_packet(h, f, sizeof(f), &err), STATUS_OK);
        seq++;
    }
    for (int i = 0; i < 50; i++)
        packet(h, seq++, 0);
    print_message("%s: %.1f s, %d pieces, %.1f s of speech\n", strrchr(path, '/') + 1, a.duration, pieces,
                  (double)piece_ms / 1000);
    assert_true(starts >= 1 && starts == stops && pieces >= stops);
    assert_true((double)piece_ms >= a.duration * 1000 * 0.5 && (double)piece_ms <= a.duration * 1000 + 100);
    hearing_free(h);
    audio_free(&a);
}

static void real_speech(void **state)
{
    (void)state;
    const char *models = getenv("VIVA_TEST_MODELS_DIR"), *speech = getenv("VIVA_TEST_SPEECH_DIR");
    if (models == NULL || speech == NULL)
        skip();
    struct provider_config cfg = {.models_dir = models,
                                  .ort_library = getenv("VIVA_TEST_ORT") != NULL ? getenv("VIVA_TEST_ORT") : "",
                                  .threads = 1,
                                  .parallel = 1};
    struct vad *v = NULL;
    struct error err = {0};
    if (vad_new("silero", &cfg, &v, &err) != STATUS_OK)
        fail_msg("%s", err.message);
    DIR *d = opendir(speech);
    assert_non_null(d);
    int files = 0;
    for (struct dirent *f = readdir(d); f != NULL; f = readdir(d)) {
        char path[1024];
        if (strstr(f->d_name, ".flac") == NULL)
            continue;
        snprintf(path, sizeof(path), "%s/%s", speech, f->d_name);
        one_file(v, path);
        files++;
    }
    closedir(d);
    assert_true(files > 0);
    vad_free(v);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(duplicates_and_gaps_keep_the_time),
        cmocka_unit_test(sequence_numbers_wrap),
        cmocka_unit_test(speech_is_found),
        cmocka_unit_test(a_long_gap_ends_the_piece),
        cmocka_unit_test(what_is_no_sound_is_refused),
        cmocka_unit_test(opus_is_heard_and_its_gaps_concealed),
        cmocka_unit_test(real_speech),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
